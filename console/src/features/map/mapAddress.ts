// The map's state in the address: `at=30.37512,114.31774,15.2` (latitude, longitude, zoom; WGS-84), `layers=cam,fov`,
// `sel=ch_7a`, `area=114.3,30.3;114.4,30.3;114.4,30.4` (longitude, latitude, as the server takes it). What cannot be read falls back to what the page would show by itself.

export interface Seat {
  latitude: number;
  longitude: number;
  zoom: number;
}

/** Longitude and latitude in WGS-84 degrees. */
export type Corner = [number, number];

export const LAYERS = ['cam', 'fov', 'place', 'forbid', 'cover', 'sys', 'plan', 'find'] as const;
export type Layer = (typeof LAYERS)[number];

const SHOWN_FIRST: readonly Layer[] = ['cam', 'fov', 'place', 'forbid'];
export const MOST_ZOOM = 20;

export function seatOf(text: string | undefined): Seat | null {
  const [latitude, longitude, zoom] = (text ?? '').split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (latitude === undefined || longitude === undefined || zoom === undefined) return null;
  const sound = Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= MOST_ZOOM;
  return sound ? { latitude, longitude, zoom } : null;
}

export function seatText({ latitude, longitude, zoom }: Seat): string {
  return `${latitude.toFixed(5)},${longitude.toFixed(5)},${zoom.toFixed(1)}`;
}

export function layersOf(text: string | undefined): Layer[] {
  if (text === undefined) return [...SHOWN_FIRST];
  const wanted = text.split(',');
  return LAYERS.filter((one) => wanted.includes(one));
}

/** Undefined for what the page shows by itself, so that the address stays short. */
export function layersText(layers: readonly Layer[]): string | undefined {
  const text = LAYERS.filter((one) => layers.includes(one)).join(',') || 'none';
  return text === SHOWN_FIRST.join(',') ? undefined : text;
}

/** Corners of an area, longitude and latitude; null where it is none. */
export function areaOf(text: string | undefined): Corner[] | null {
  const corners = (text ?? '').split(';').map((corner) => corner.split(',').map((part) => (part.trim() === '' ? NaN : Number(part))));
  const sound = corners.every(([x = NaN, y = NaN, ...more]) => Math.abs(x) <= 180 && Math.abs(y) <= 90 && more.length === 0);
  return sound && corners.length > 2 ? corners.map(([x = 0, y = 0]): Corner => [x, y]) : null;
}

/** A metre is a hundred-thousandth of a degree. */
export function areaText(ring: readonly Corner[]): string {
  return ring.map(([longitude, latitude]) => `${Number(longitude.toFixed(5))},${Number(latitude.toFixed(5))}`).join(';');
}

/** The zoom and middle at which a box fills a view of so many points. */
export function seatFor(box: readonly number[], width: number, height: number): Seat {
  const [west = 0, south = 0, east = 0, north = 0] = box;
  const y = (latitude: number): number => Math.asinh(Math.tan((latitude * Math.PI) / 180)) / (2 * Math.PI);
  const wide = Math.max((east - west) / 360, 1e-6);
  const high = Math.max(y(north) - y(south), 1e-6);
  const zoom = Math.log2(Math.min((width * 0.85) / (512 * wide), (height * 0.85) / (512 * high)));
  return { latitude: (south + north) / 2, longitude: (west + east) / 2, zoom: Math.max(0, Math.min(17, zoom)) };
}
