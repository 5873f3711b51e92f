// The list of what is in view: the twin of the map. Where many are drawn together the list has the groups, and opens them.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { MapCameras, MapCluster, MapPlaces, MapPlanItem, MapPlanItems, MapSystem, MapSystems, Zone } from '@/api/map';
import { holds, useSession } from '@/shared/session';
import { countText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { RecordTable } from '@/shared/ui/RecordTable';
import { SkeletonRows } from '@/shared/ui/PanelState';
import { Empty } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Kind } from './shapes';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';

interface Props {
  cameras: MapCameras | undefined;
  places: MapPlaces | undefined;
  systems: MapSystems | undefined;
  plans: MapPlanItems | undefined;
  zones: readonly Zone[];
  loading: boolean;
  chosen: string | undefined;
  onChoose: (id: string) => void;
  onOpen: (box: readonly [number, number, number, number]) => void;
  /** Choose every camera in view. */
  onAll: () => void;
}

interface Row {
  id: string;
  kind: 'camera' | 'place' | 'system' | 'plan' | 'forbidden' | 'cameras' | 'places' | 'systems' | 'plans';
  name: string;
  status: Status;
  count: number;
  findings: number | null;
  standing?: MapPlanItem['standing'];
  life?: MapSystem['status'];
  box?: readonly [number, number, number, number];
}

const WALL = 16;
const STANDING = { duplicate: 'failed', overlap: 'degraded', reuse: 'ok', build: 'ok', clear: 'off' } as const;

export default function InViewList({ cameras, places, systems, plans, zones, loading, chosen, onChoose, onOpen, onAll }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const statusWord = (one: Row): string | undefined => {
    if (one.kind === 'forbidden') return t('map.list.forbidden');
    if (one.standing) return t(`map.plan.standing.${one.standing}`, { share: one.count, count: 1 });
    if (one.life) return t(`map.system.${one.life}`);
    if (one.kind !== 'place' && one.kind !== 'places') return undefined;
    if (one.status === 'failed') return t('map.place.uncovered', { count: one.count });
    return one.status === 'ok' ? t('map.place.covered') : t('map.place.unlisted');
  };
  const rows = rowsOf({ cameras, places, systems, plans, zones }, (count) => t('map.list.together', { count }));
  const onWall = (cameras?.cameras ?? []).filter((one) => one.status !== 'off').slice(0, WALL);
  if (loading) {
    return (
      <div className="mj-map-list" aria-busy="true">
        <p role="status">{t('states.panel.loading', { what: t('map.list.title') })}</p>
        <SkeletonRows />
      </div>
    );
  }
  return (
    <section className="mj-map-list" data-testid="map-list" aria-label={t('map.list.title')}>
      {cameras && cameras.total > 0 ? (
        <p className="mj-row">
          <Act testId="in-view-all" onAct={onAll}>
            {t('map.list.all', { count: cameras.total, text: countText(cameras.total) })}
          </Act>
          {onWall.length > 0 && holds(session, 'video.live') ? (
            <Link to="/live" search={{ g: String(WALL), c: onWall.map((one, index) => `${index + 1}:${one.id}`).join(',') }}>
              {t('map.list.wall', { count: onWall.length })}
            </Link>
          ) : null}
        </p>
      ) : null}
      {rows.length === 0 ? <Empty>{t('map.list.none')}</Empty> : null}
      {rows.length > 0 ? (
        <RecordTable<Row>
          rows={rows}
          rowKey={(one) => one.id}
          rowTestId={(one) => `in-view-${one.id}`}
          chosen={chosen}
          caption={t('map.list.caption', { cameras: countText(cameras?.total ?? 0), places: countText(places?.total ?? 0) })}
          columns={[
            {
              key: 'name',
              title: t('map.list.name'),
              cell: (one) => (
                <Act kind="link" onAct={() => (one.box ? onOpen(one.box) : onChoose(one.id))}>
                  {one.name}
                </Act>
              ),
              by: (one) => one.name,
            },
            { key: 'kind', title: t('map.list.kind'), cell: (one) => t(`map.list.${one.kind}`), by: (one) => one.kind },
            { key: 'status', title: t('map.list.status'), cell: (one) => <StatusShape status={one.status} label={statusWord(one)} />, by: (one) => one.status },
            {
              key: 'findings',
              title: t('map.list.findings'),
              number: true,
              cell: (one) => (one.findings === null ? '' : countText(one.findings)),
              by: (one) => one.findings ?? -1,
            },
          ]}
        />
      ) : null}
    </section>
  );
}

function rowsOf({ cameras, places, systems, plans, zones }: Pick<Props, 'cameras' | 'places' | 'systems' | 'plans' | 'zones'>, together: (count: number) => string): Row[] {
  const groups = (kind: Kind, list: readonly MapCluster[]): Row[] =>
    list.map(({ west, south, east, north, count, status }) => ({
      id: `${kind}:${west},${south}`, kind, name: together(count), status, count, findings: null, box: [west, south, east, north],
    }));
  return [
    ...groups('cameras', cameras?.clusters ?? []),
    ...groups('places', places?.clusters ?? []),
    ...groups('systems', systems?.clusters ?? []),
    ...groups('plans', plans?.clusters ?? []),
    ...(places?.places ?? []).map(({ id, name, status, uncovered, findings }): Row => ({ id, kind: 'place', name, status, count: uncovered, findings })),
    ...(plans?.items ?? []).map(({ id, name, standing, overlap }): Row => ({ id, kind: 'plan', name, status: STANDING[standing], count: overlap, findings: null, standing })),
    ...(systems?.systems ?? []).map(({ id, name, status, findings }): Row => ({ id, kind: 'system', name, status, count: 1, findings, life: status })),
    ...zones.map(({ id, name }): Row => ({ id, kind: 'forbidden', name, status: 'off', count: 1, findings: null })),
    ...(cameras?.cameras ?? []).map(({ id, name, status, findings }): Row => ({ id, kind: 'camera', name, status, count: 1, findings })),
  ];
}
