// The layers with how many of each are in view; each number opens the list of what is in view.
import { useTranslation } from 'react-i18next';
import type { MapCameras, MapPlaces, MapPlanItems, MapSystems } from '@/api/map';
import { countText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { DrawMode } from './AreaDraw';
import { LAYERS, layersOf } from './mapAddress';
import type { Layer } from './mapAddress';

interface Props {
  layers: readonly Layer[];
  /** Null where they are not for this person. */
  cameras: MapCameras | null | undefined;
  places: MapPlaces | null | undefined;
  systems: MapSystems | null | undefined;
  plans: MapPlanItems | null | undefined;
  /** How many forbidden places are in view. */
  zones: number | undefined;
  listed: boolean;
  drawing: DrawMode | null;
  onChange: (layers: Layer[]) => void;
  onList: () => void;
  /** Undefined where nothing can be drawn, or no camera be chosen. */
  onDraw: ((mode: DrawMode) => void) | undefined;
}

const OF_PLACES: readonly Layer[] = ['place', 'forbid', 'cover', 'sys'];

export function LayerPanel({ layers, listed, drawing, onChange, onList, onDraw, ...told }: Props) {
  const { cameras, places, plans } = told;
  const { t } = useTranslation();
  const denied = (layer: Layer): boolean => {
    if (layer === 'plan') return plans === null;
    return OF_PLACES.includes(layer) ? places === null : layer !== 'find' && cameras === null;
  };
  return (
    <section className="mj-map-layers" aria-label={t('map.layers.title')}>
      <h2>
        {t('map.layers.title')}{' '}
        <Act kind="quiet" onAct={() => onChange(layersOf(undefined))}>
          {t('map.layers.reset')}
        </Act>
      </h2>
      <ul className="mj-plain">
        {LAYERS.map((layer) => (
          <li key={layer}>
            <label>
              <input
                type="checkbox"
                checked={layers.includes(layer) && !denied(layer)}
                aria-disabled={denied(layer) ? true : undefined}
                data-testid={`layer-${layer}`}
                onChange={(event) => {
                  if (denied(layer)) return;
                  onChange(event.target.checked ? [...layers, layer] : layers.filter((one) => one !== layer));
                }}
              />
              {t(`map.layers.${layer}`)}
            </label>
            {denied(layer) ? <p className="mj-muted">{t('map.layers.denied')}</p> : <Count layer={layer} told={told} onList={onList} />}
          </li>
        ))}
      </ul>
      <Act pressed={listed} shortcut="V" testId="map-list-toggle" onAct={onList}>
        {t('map.list.open')}
      </Act>
      {onDraw ? (
        <div className="mj-map-tools">
          <Act pressed={drawing === 'box'} shortcut="B" testId="map-box" onAct={() => onDraw('box')}>
            {t('map.area.box')}
          </Act>
          <Act pressed={drawing === 'lasso'} shortcut="L" testId="map-lasso" onAct={() => onDraw('lasso')}>
            {t('map.area.lasso')}
          </Act>
        </div>
      ) : null}
      <Legend />
    </section>
  );
}

type InView = Pick<Props, 'cameras' | 'places' | 'systems' | 'plans' | 'zones'>;

function Count({ layer, told, onList }: { told: InView; layer: Layer; onList: () => void }) {
  const { t } = useTranslation();
  const count = countOf(layer, told);
  if (count === null) return null;
  return (
    <Act kind="link" testId={`count-${layer}`} label={t('map.layers.inView', { layer: t(`map.layers.${layer}`), count })} onAct={onList}>
      {countText(count)}
    </Act>
  );
}

/** Null where no number is known: single ones are not told while they are drawn together. */
function countOf(layer: Layer, { cameras, places, systems, plans, zones }: InView): number | null {
  if (layer === 'forbid') return zones ?? null;
  if (layer === 'sys') return systems?.total ?? null;
  if (layer === 'plan') return plans?.total ?? null;
  if (layer === 'cam') return cameras?.total ?? null;
  if (layer === 'place') return places?.total ?? null;
  if (layer === 'cover') return places?.uncovered ?? null;
  if (layer === 'fov') return null;
  if (cameras?.clusters.length || places?.clusters.length) return null;
  return [...(cameras?.cameras ?? []), ...(places?.places ?? [])].filter((one) => (one.findings ?? 0) > 0).length;
}

function Legend() {
  const { t } = useTranslation();
  return (
    <details className="mj-map-legend">
      <summary>{t('map.legend.title')}</summary>
      <ul className="mj-plain">
        {(['failed', 'unknown', 'running', 'ok', 'off'] as const).map((one) => (
          <li key={one}>
            <StatusShape status={one} />
          </li>
        ))}
        <li>{t('map.legend.cameras')}</li>
        <li>{t('map.legend.places')}</li>
        <li>{t('map.legend.forbidden')}</li>
        <li>{t('map.legend.uncovered')}</li>
        <li>{t('map.legend.findings')}</li>
        <li>{t('map.legend.views')}</li>
        <li>{t('map.legend.systems')}</li>
        <li>{t('map.legend.plans')}</li>
      </ul>
    </details>
  );
}
