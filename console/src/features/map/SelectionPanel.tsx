// What is chosen on the map: what it is, how it does, and the ways to its page, its picture and its recordings.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { camera as readCamera } from '@/api/cameras';
import { forbiddenPlace } from '@/api/forbidden';
import { dossier as readDossier } from '@/api/map';
import { findings as readFindings } from '@/api/compliance';
import { place as readPlace } from '@/api/registers';
import { cameraStatus } from '@/shared/cameraStatus';
import { FindingLines } from '@/shared/law/Findings';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Seat } from './mapAddress';

const CLOSE = 17;

interface Props {
  id: string;
  onClose: () => void;
  onGo: (seat: Seat) => void;
}

export function SelectionPanel({ id, onClose, onGo }: Props) {
  const { t } = useTranslation();
  return (
    <aside className="mj-map-selection" data-testid="map-selection" aria-label={t('map.selection')}>
      <div className="mj-map-close">
        <Act kind="quiet" shortcut="Esc" testId="map-unselect" onAct={onClose}>
          {t('map.close')}
        </Act>
      </div>
      <Chosen id={id} onGo={onGo} />
    </aside>
  );
}

function Chosen({ id, onGo }: { id: string; onGo: (seat: Seat) => void }) {
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
