// A plan against the cameras that are there: by item what is duplicate and what may be reused, and a small plan of it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { overlaps } from '@/api/planning';
import type { ConstructionPlanWhole, ItemOverlaps, Neighbour } from '@/api/planning';
import { useAddress } from '@/shared/address';
import { Citations } from '@/shared/law/Citation';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import { drawn } from './plans';

export function Overlaps({ plan }: { plan: ConstructionPlanWhole }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const query = useQuery({ queryKey: ['plan-overlaps', plan.id], queryFn: ({ signal }) => overlaps(plan.id, signal) });
  const found = query.data;
  const shared = found?.items.filter((one) => one.cameras.length > 0) ?? [];
  const chosen = shared.find((one) => one.item === address.look) ?? shared[0];
  const nameOf = (item: string) => plan.items.find((one) => one.id === item)?.name ?? '';
  return (
    <section className="mj-card" data-testid="plan-overlaps">
      <h2>
        {t('building.overlap.title')} {found ? <Citations basis={found.basis} basisEn={found.basis_en} /> : null}
      </h2>
      <PanelState query={query} what={t('building.overlap.title')}>
        <p className="mj-muted">
          {found?.distance_m ? t('building.overlap.rule', { distance: found.distance_m, percent: found.overlap_percent }) : t('building.overlap.noRule')}
        </p>
        {found && !chosen ? <StatusShape status="ok" label={t('building.overlap.none')} /> : null}
        {chosen ? (
          <div className="mj-overlaps">
            <ul className="mj-plain">
              {shared.map((one) => (
                <li key={one.item} data-testid={`overlap-${one.item}`}>
                  <Act kind="link" pressed={one === chosen} onAct={() => change({ look: one.item }, 'replace')}>
                    {nameOf(one.item)}
                  </Act>
                  <ul className="mj-plain mj-inset">
                    {one.cameras.map((camera) => (
                      <CameraLine key={camera.camera} camera={camera} />
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
            <Picture overlaps={chosen} name={nameOf(chosen.item)} />
          </div>
        ) : null}
      </PanelState>
    </section>
  );
}

function CameraLine({ camera }: { camera: Neighbour }) {
  const { t } = useTranslation();
  return (
    <li>
      <StatusShape status={camera.duplicate ? 'degraded' : 'ok'} label={t(camera.duplicate ? 'building.overlap.duplicate' : 'building.overlap.reusable')} />{' '}
      <Link to={`/cameras/${camera.camera}`}>{camera.name}</Link>{' '}
      <span className="mj-muted">{t('building.overlap.line', { share: camera.share, metres: camera.metres })}</span>
    </li>
  );
}

function Picture({ overlaps: found, name }: { overlaps: ItemOverlaps; name: string }) {
  const { t } = useTranslation();
  const { metres, planned, cameras } = drawn(found);
  const line = metres / 150;
  return (
    <figure className="mj-overlap-picture">
      <svg viewBox={`0 0 ${metres} ${metres}`} role="img" aria-label={t('building.overlap.picture', { item: name, count: cameras.length })}>
        <defs>
          <pattern id="mj-overlap-hatch" width={line * 5} height={line * 5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2={line * 5} stroke="var(--mj-warn)" strokeWidth={line * 1.2} />
          </pattern>
        </defs>
        {found.cameras.map((camera, at) => (
          <polygon
            key={camera.camera}
            points={cameras[at]}
            className={camera.duplicate ? 'mj-view-duplicate' : 'mj-view-reusable'}
            fill={camera.duplicate ? 'url(#mj-overlap-hatch)' : undefined}
            strokeWidth={line}
          >
            <title>{camera.name}</title>
          </polygon>
        ))}
        <polygon points={planned} className="mj-view-planned" strokeWidth={line * 1.6} strokeDasharray={`${line * 4} ${line * 2}`}>
          <title>{t('building.overlap.planned')}</title>
        </polygon>
      </svg>
      <figcaption className="mj-muted">
        {name} · {t('building.overlap.scale', { metres: Math.round(metres) })}
      </figcaption>
    </figure>
  );
}
