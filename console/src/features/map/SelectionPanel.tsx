// What is chosen on the map: what it is, how it does, and the ways to its page, its picture and its recordings.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { camera as readCamera } from '@/api/cameras';
import { forbiddenPlace } from '@/api/forbidden';
import { findings as readFindings } from '@/api/compliance';
import { dossier as readDossier } from '@/api/map';
import type { MapPlanItem, MapSystem } from '@/api/map';
import { overlaps as readOverlaps } from '@/api/planning';
import { place as readPlace, system as readSystem } from '@/api/registers';
import { cameraStatus } from '@/shared/cameraStatus';
import { FindingLines } from '@/shared/law/Findings';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Seat } from './mapAddress';
import './messages';

const CLOSE = 17;
const ITEM_STATUS = { duplicate: 'failed', overlap: 'degraded', reuse: 'ok', build: 'ok', clear: 'ok' } as const;

interface Props {
  id: string;
  /** Of what is in view: what only the map knows. */
  systems: readonly MapSystem[];
  items: readonly MapPlanItem[];
  onClose: () => void;
  onGo: (seat: Seat) => void;
}

export default function SelectionPanel({ onClose, ...chosen }: Props) {
  const { t } = useTranslation();
  return (
    <aside className="mj-map-selection" data-testid="map-selection" aria-label={t('map.selection')}>
      <div className="mj-map-close">
        <Act kind="quiet" shortcut="Esc" testId="map-unselect" onAct={onClose}>
          {t('map.close')}
        </Act>
      </div>
      <Chosen {...chosen} />
    </aside>
  );
}

function Chosen({ id, systems, items, onGo }: Omit<Props, 'onClose'>) {
  if (id.startsWith('sy_')) return <ChosenSystem id={id} point={systems.find((one) => one.id === id)} onGo={onGo} />;
  if (id.startsWith('pi_')) return <ChosenItem item={items.find((one) => one.id === id)} onGo={onGo} />;
  if (id.startsWith('pc_')) return <ChosenPlace id={id} onGo={onGo} />;
  return id.startsWith('fp_') ? <ChosenZone id={id} onGo={onGo} /> : <ChosenCamera id={id} onGo={onGo} />;
}

function ChosenZone({ id, onGo }: { id: string; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const query = useQuery({ queryKey: ['forbidden-place', id], queryFn: ({ signal }) => forbiddenPlace(id, signal) });
  const found = query.data;
  return (
    <PanelState query={query} what={t('map.list.forbidden')}>
      {found ? (
        <>
          <h2>
            <Link to={`/forbidden-places/${id}`}>{found.name}</Link>
          </h2>
          <p className="mj-muted">
            {t('map.list.forbidden')} · {word('forbidden_kind', found.kind)}
          </p>
          <ul className="mj-plain mj-map-ways">
            <li>
              <Link to={`/forbidden-places/${id}`} data-testid="map-to-record">
                {t('map.toRecord')}
              </Link>
            </li>
            <Centre point={found} onGo={onGo} />
          </ul>
        </>
      ) : null}
    </PanelState>
  );
}

function ChosenCamera({ id, onGo }: { id: string; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const mayLive = useMay('video.live');
  const mayPlayback = useMay('video.playback');
  const mayDossier = useMay('register.read');
  const query = useQuery({ queryKey: ['camera', id], queryFn: ({ signal }) => readCamera(id, signal) });
  const dossier = useQuery({ queryKey: ['dossier', id], queryFn: ({ signal }) => readDossier(id, signal), enabled: mayDossier });
  const found = query.data;
  return (
    <PanelState query={query} what={t('map.list.camera')}>
      {found ? (
        <>
          <h2>
            <Link to={`/cameras/${id}`}>{found.name}</Link>
          </h2>
          <p>
            <StatusShape status={cameraStatus(found)} size={16} />
          </p>
          <p className="mj-muted">{found.address}</p>
          <ul className="mj-plain mj-map-ways">
            <li>
              <Link to={`/cameras/${id}`} data-testid="map-to-record">
                {t('map.toRecord')}
              </Link>
            </li>
            {mayLive ? (
              <li>
                <Link to="/live" search={{ g: '1', c: `1:${id}` }}>
                  {t('map.toLive')}
                </Link>
              </li>
            ) : null}
            {mayPlayback ? (
              <li>
                <Link to="/playback" search={{ c: id }}>
                  {t('map.toPlayback')}
                </Link>
              </li>
            ) : null}
            <Centre point={dossier.data} onGo={onGo} />
          </ul>
          <Found id={id} />
        </>
      ) : null}
    </PanelState>
  );
}

function ChosenPlace({ id, onGo }: { id: string; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const query = useQuery({ queryKey: ['place', id], queryFn: ({ signal }) => readPlace(id, signal) });
  const found = query.data;
  const open = (found?.positions ?? []).filter((one) => one.cameras === 0);
  return (
    <PanelState query={query} what={t('map.list.place')}>
      {found ? (
        <>
          <h2>
            <Link to={`/places/${id}`}>{found.name}</Link>
          </h2>
          <p className="mj-muted">
            {word('category', found.category)} · {found.address}
          </p>
          <p>{t('map.place.positions', { total: found.positions.length, covered: found.positions.length - open.length })}</p>
          <ul className="mj-plain">
            {open.map((one) => (
              <li key={one.id}>
                <StatusShape status="failed" label={`${t('map.place.uncoveredOne')} ${one.name}`} />
              </li>
            ))}
          </ul>
          <ul className="mj-plain mj-map-ways">
            <li>
              <Link to={`/places/${id}`} data-testid="map-to-record">
                {t('map.toRecord')}
              </Link>
            </li>
            <Centre point={found} onGo={onGo} />
          </ul>
          <Found id={id} />
        </>
      ) : null}
    </PanelState>
  );
}

function ChosenSystem({ id, point, onGo }: { id: string; point: MapSystem | undefined; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const { word } = useWords();
  const query = useQuery({ queryKey: ['system', id], queryFn: ({ signal }) => readSystem(id, signal) });
  const found = query.data;
  return (
    <PanelState query={query} what={t('map.list.system')}>
      {found ? (
        <>
          <h2>
            <Link to={`/systems/${id}`}>{found.name}</Link>
          </h2>
          <p className="mj-muted">{[t('map.list.system'), word('category', found.category), found.address].filter(Boolean).join(' · ')}</p>
          {point ? (
            <>
              <StatusShape status={point.status} label={t(`map.system.${point.status}`)} />
              <p className="mj-muted">{t(`map.system.${point.by}`)}</p>
            </>
          ) : null}
          <ul className="mj-plain mj-map-ways">
            <li>
              <Link to={`/systems/${id}`} data-testid="map-to-record">
                {t('map.toRecord')}
              </Link>
            </li>
            <Centre point={point} onGo={onGo} />
          </ul>
          <Found id={id} />
        </>
      ) : null}
    </PanelState>
  );
}

function ChosenItem({ item, onGo }: { item: MapPlanItem | undefined; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  const plan = item?.plan ?? '';
  const query = useQuery({ queryKey: ['plan-overlaps', plan], queryFn: ({ signal }) => readOverlaps(plan, signal), enabled: plan !== '' });
  if (!item) return <p className="mj-muted">{t('map.plan.away')}</p>;
  const there = query.data?.items.find((one) => one.item === item.id)?.cameras ?? [];
  return (
    <>
      <h2>
        <Link to={`/construction-plans/${item.plan}`}>{item.name}</Link>
      </h2>
      <p className="mj-muted">
        {item.plan_name} · {t(`map.plan.state.${item.plan_state}`)}
      </p>
      <p>
        {t('map.plan.cameras', { count: item.cameras })} · {t(`map.plan.progress.${item.progress}`)}
      </p>
      <StatusShape status={ITEM_STATUS[item.standing]} label={t(`map.plan.standing.${item.standing}`, { share: item.overlap, count: item.overlapping })} />
      <PanelState query={query} what={t('map.plan.there')}>
        {there.length > 0 ? <h3>{t('map.plan.there')}</h3> : null}
        <ul className="mj-plain">
          {there.map((one) => (
            <li key={one.camera}>
              <StatusShape status={one.duplicate ? 'degraded' : 'ok'} label={t(one.duplicate ? 'map.plan.duplicate' : 'map.plan.reusable')} />{' '}
              <Link to={`/cameras/${one.camera}`}>{one.name}</Link> <span className="mj-muted">{t('map.plan.line', { share: one.share, metres: one.metres })}</span>
            </li>
          ))}
        </ul>
      </PanelState>
      <ul className="mj-plain mj-map-ways">
        <li>
          <Link to={`/construction-plans/${item.plan}`} search={{ look: item.id }} data-testid="map-to-record">
            {t('map.plan.toPlan')}
          </Link>
        </li>
        <Centre point={item} onGo={onGo} />
      </ul>
    </>
  );
}

function Centre({ point, onGo }: { point: { longitude: number | null; latitude: number | null } | undefined; onGo: (seat: Seat) => void }) {
  const { t } = useTranslation();
  if (!point || point.longitude === null || point.latitude === null) return null;
  const { longitude, latitude } = point;
  return (
    <li>
      <Act kind="link" onAct={() => onGo({ longitude, latitude, zoom: CLOSE })}>
        {t('map.centre')}
      </Act>{' '}
      <span className="mj-muted">
        {latitude.toFixed(5)}, {longitude.toFixed(5)}
      </span>
    </li>
  );
}

function Found({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay('compliance.read');
  const query = useQuery({ queryKey: ['findings', { subject: id }], queryFn: ({ signal }) => readFindings({ subject: id, limit: 100 }, signal), enabled: may });
  if (!may) return null;
  const items = query.data?.items ?? [];
  return (
    <section>
      <h3>{t('map.findings')}</h3>
      <PanelState query={query} what={t('map.findings')}>
        {query.isSuccess && items.length === 0 ? <StatusShape status="ok" label={t('map.nothingFound')} /> : null}
        <FindingLines findings={items} />
      </PanelState>
    </section>
  );
}
