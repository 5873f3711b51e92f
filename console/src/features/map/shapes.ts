// What is drawn, as GeoJSON, in the datum of the base map: points with the name of their picture, fields of view, outlines
// of places, the lines of the ground.
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { MapCamera, MapCameras, MapCluster, MapPlace, MapPlaces, MapPlanItems, MapSystems, Zone } from '@/api/map';
import { shown } from './datum';
import type { Datum } from './datum';
import type { Corner } from './mapAddress';

const METRES_PER_DEGREE = 111_320;
const STEP_DEGREES = 5;

/** Whom a point stands for; a cluster has the box to which a click leads. */
export interface Told {
  id: string;
  picture: string;
  label: string;
  box?: [number, number, number, number];
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features };
}

function point(at: { longitude: number; latitude: number }, datum: Datum, told: Told): Feature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [...shown([at.longitude, at.latitude], datum)] }, properties: told };
}

export type Kind = 'cameras' | 'places' | 'systems' | 'plans';
const GROUPS: Record<Kind, string> = { cameras: 'disc', places: 'tile', systems: 'hex', plans: 'gem' };

function cluster(kind: Kind, one: MapCluster, datum: Datum): Feature {
  const { west, south, east, north, count, status } = one;
  return point(one, datum, {
    id: `${kind}:${west},${south}`,
    picture: `${GROUPS[kind]}:${status}:${count}`,
    label: String(count),
    box: [west, south, east, north],
  });
}

export function cameraPoints(found: MapCameras | undefined, datum: Datum): FeatureCollection {
  return collection([
    ...(found?.clusters ?? []).map((one) => cluster('cameras', one, datum)),
    ...(found?.cameras ?? []).map((one) => point(one, datum, { id: one.id, picture: `camera:${one.status}`, label: one.name })),
  ]);
}

export function placePoints(found: MapPlaces | undefined, datum: Datum): FeatureCollection {
  return collection([
    ...(found?.clusters ?? []).map((one) => cluster('places', one, datum)),
    ...(found?.places ?? []).map((one) => point(one, datum, { id: one.id, picture: `place:${one.status}`, label: one.name })),
  ]);
}

export function systemPoints(found: MapSystems | undefined, datum: Datum): FeatureCollection {
  return collection([
    ...(found?.clusters ?? []).map((one) => cluster('systems', one, datum)),
    ...(found?.systems ?? []).map((one) => point(one, datum, { id: one.id, picture: `system:${one.status}`, label: one.name })),
  ]);
}

export function planPoints(found: MapPlanItems | undefined, datum: Datum): FeatureCollection {
  return collection([
    ...(found?.clusters ?? []).map((one) => cluster('plans', one, datum)),
    ...(found?.items ?? []).map((one) => point(one, datum, { id: one.id, picture: `plan:${one.standing}`, label: one.name })),
  ]);
}

/** Rings around what is chosen. */
export function markedPoints(found: readonly { id: string; longitude: number; latitude: number }[], datum: Datum): FeatureCollection {
  return collection(found.map((one) => point(one, datum, { id: one.id, picture: 'chosen', label: '' })));
}

/** Rings around what something is found of. */
export function findingPoints(cameras: MapCameras | undefined, places: MapPlaces | undefined, datum: Datum): FeatureCollection {
  const found: (MapCamera | MapPlace)[] = [...(cameras?.cameras ?? []), ...(places?.places ?? [])];
  return collection(
    found.filter((one) => (one.findings ?? 0) > 0).map((one) => point(one, datum, { id: one.id, picture: 'finding', label: one.name })),
  );
}

/** Halos of places with a key position that nobody covers. */
export function uncoveredPoints(places: MapPlaces | undefined, datum: Datum): FeatureCollection {
  return collection(
    (places?.places ?? [])
      .filter((one) => one.uncovered > 0)
      .map((one) => point(one, datum, { id: one.id, picture: `uncovered:${one.uncovered}`, label: one.name })),
  );
}

type Looking = Pick<MapCamera, 'longitude' | 'latitude' | 'azimuth' | 'view_angle' | 'view_m'>;

/** The ring of a field of view; null where nobody has said how the camera looks. */
export function wedge(camera: Looking): Position[] | null {
  const { azimuth, view_angle: angle, view_m: reach, longitude, latitude } = camera;
  if (azimuth === null || angle === null || reach === null) return null;
  const narrowing = METRES_PER_DEGREE * Math.max(Math.cos((latitude * Math.PI) / 180), 1e-6);
  const steps = Math.max(Math.floor(angle / STEP_DEGREES), 1);
  const edge = Array.from({ length: steps + 1 }, (_, step): Position => {
    const at = ((azimuth - angle / 2 + (angle * step) / steps) * Math.PI) / 180;
    return [longitude + (reach * Math.sin(at)) / narrowing, latitude + (reach * Math.cos(at)) / METRES_PER_DEGREE];
  });
  const middle: Position = [longitude, latitude];
  return angle >= 360 ? [...edge.slice(0, -1), edge[0] ?? middle] : [middle, ...edge, middle];
}

function area(ring: Position[], datum: Datum, id: string): Feature {
  const drawn = ring.map(([longitude = 0, latitude = 0]) => [...shown([longitude, latitude], datum)]);
  return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [drawn] }, properties: { id } };
}

export function wedges(found: readonly (Looking & { id: string })[], datum: Datum): FeatureCollection {
  return collection(
    found.flatMap((one) => {
      const ring = wedge(one);
      return ring ? [area(ring, datum, one.id)] : [];
    }),
  );
}

export function outlines(found: MapPlaces | undefined, datum: Datum): FeatureCollection {
  return collection(
    (found?.places ?? []).flatMap((one) => (one.outline && one.outline.length > 2 ? [area([...one.outline, one.outline[0] ?? []], datum, one.id)] : [])),
  );
}

/** A ring that somebody draws; fewer than three corners are none. */
export function drawnArea(ring: readonly Corner[], datum: Datum): FeatureCollection {
  const [first] = ring;
  return collection(first && ring.length > 2 ? [area([...ring, first], datum, 'area')] : []);
}

const CIRCLE_STEPS = 48;

/** Forbidden areas: their outline, or the circle around their point. */
export function zones(found: readonly Zone[], datum: Datum): FeatureCollection {
  return collection(
    found.flatMap((one) => {
      const ring = one.outline && one.outline.length > 2 ? [...one.outline, one.outline[0] ?? []] : circle(one);
      return ring ? [area(ring, datum, one.id)] : [];
    }),
  );
}

function circle({ longitude, latitude, radius_m: radius }: Zone): Position[] | null {
  if (longitude === null || latitude === null || radius === null) return null;
  const narrowing = METRES_PER_DEGREE * Math.max(Math.cos((latitude * Math.PI) / 180), 1e-6);
  return Array.from({ length: CIRCLE_STEPS + 1 }, (_, step): Position => {
    const at = (2 * Math.PI * step) / CIRCLE_STEPS;
    return [longitude + (radius * Math.sin(at)) / narrowing, latitude + (radius * Math.cos(at)) / METRES_PER_DEGREE];
  });
}

/** Lines of longitude and latitude through a box, a few each way, at round degrees. */
export function graticule([west, south, east, north]: readonly [number, number, number, number]): FeatureCollection {
  const span = Math.max(east - west, north - south);
  const step = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001].find((one) => span / one >= 5) ?? 0.001;
  const line = (from: Position, to: Position): Feature => ({ type: 'Feature', geometry: { type: 'LineString', coordinates: [from, to] }, properties: {} });
  const through = (from: number, to: number): number[] =>
    Array.from({ length: Math.min(Math.floor(to / step) - Math.floor(from / step), 40) }, (_, n) => (Math.floor(from / step) + 1 + n) * step);
  return collection([
    ...through(west, east).map((at) => line([at, south], [at, north])),
    ...through(south, north).map((at) => line([west, at], [east, at])),
  ]);
}
