// A sketch of a field of view and the places that it may reach into: north is up, the camera in the middle.
import { useTranslation } from 'react-i18next';
import type { Decision, ForbiddenPlace, Suspicion } from '@/api/forbidden';
import { halfSide, metresFrom, scaleMetres, svgPoints } from './plan';
import type { Point } from './plan';
import './messages';
import './Forbidden.css';

type Area = Pick<Suspicion, 'outline' | 'longitude' | 'latitude' | 'radius_m'>;

interface Shape {
  ring: Point[];
  at: Point | null;
  radius: number;
}

function shapeOf(area: Area, middle: Point): Shape | null {
  if (area.outline) return { ring: area.outline.map((corner) => metresFrom([corner[0] ?? 0, corner[1] ?? 0], middle)), at: null, radius: 0 };
  if (area.longitude === null || area.latitude === null) return null;
  return { ring: [], at: metresFrom([area.longitude, area.latitude], middle), radius: area.radius_m ?? 0 };
}

export function SpotPlan({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const { longitude, latitude } = decision.view as { longitude?: number; latitude?: number };
  if (longitude === undefined || latitude === undefined) return <p className="mj-muted">{t('forbidden.decisions.planNone')}</p>;
  const middle: Point = [longitude, latitude];
  const field = (decision.field ?? []).map((corner) => metresFrom([corner[0] ?? 0, corner[1] ?? 0], middle));
  const zones = decision.grounds.flatMap((one) => shapeOf(one, middle) ?? []);
  return (
    <figure className="mj-plan">
      <Drawing field={field} zones={zones} camera />
      <figcaption className="mj-muted">{decision.field ? t('forbidden.decisions.planHint') : t('forbidden.decisions.planNone')}</figcaption>
    </figure>
  );
}

/** A prohibited place alone. */
export function ZonePlan({ place }: { place: ForbiddenPlace }) {
  const corner = place.outline?.[0];
  const middle: Point = [place.longitude ?? corner?.[0] ?? 0, place.latitude ?? corner?.[1] ?? 0];
  const zone = shapeOf(place, middle);
  return zone ? (
    <figure className="mj-plan">
      <Drawing field={[]} zones={[zone]} />
    </figure>
  ) : null;
}

function Drawing({ field, zones, camera = false }: { field: Point[]; zones: Shape[]; camera?: boolean }) {
  const { t } = useTranslation();
  const half = halfSide([
    ...field.map((at) => ({ at, reach: 0 })),
    ...zones.flatMap(({ ring, at, radius }) => [...ring.map((one) => ({ at: one, reach: 0 })), ...(at ? [{ at, reach: radius }] : [])]),
  ]);
  const scale = scaleMetres(half);
  const text = half / 10;
  return (
    <svg viewBox={`${-half} ${-half} ${2 * half} ${2 * half}`} role="img" aria-label={t('forbidden.decisions.plan')} data-testid="spot-plan">
      {zones.map((zone, index) =>
        zone.at ? (
          <circle key={index} className="mj-plan-zone" cx={zone.at[0]} cy={-zone.at[1]} r={zone.radius} />
        ) : (
          <polygon key={index} className="mj-plan-zone" points={svgPoints(zone.ring)} />
        ),
      )}
      {field.length > 0 ? <polygon className="mj-plan-field" points={svgPoints(field)} /> : null}
      {camera ? <circle className="mj-plan-camera" r={half / 40} /> : null}
      <text x={half - text * 0.3} y={-half + text * 1.2} fontSize={text} textAnchor="end" className="mj-plan-text">
        {`↑ ${t('forbidden.decisions.north')}`}
      </text>
      <path className="mj-plan-scale" d={`M${-half * 0.94} ${half * 0.94}h${scale}`} />
      <text x={-half * 0.94} y={half * 0.9} fontSize={text} className="mj-plan-text">
        {t('forbidden.decisions.scale', { metres: scale })}
      </text>
    </svg>
  );
}
