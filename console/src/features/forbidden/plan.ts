// Places on a small drawing: degrees to metres around a point, and to the drawing. Pure.
const METRES_PER_DEGREE = 111_320;

export type Point = [number, number];

/** Metres east and north of a point. The neighbourhood is taken for a plane. */
export function metresFrom([longitude, latitude]: Point, [atLongitude, atLatitude]: Point): Point {
  const narrowing = Math.cos((atLatitude * Math.PI) / 180);
  return [(longitude - atLongitude) * METRES_PER_DEGREE * narrowing, (latitude - atLatitude) * METRES_PER_DEGREE];
}

/** How many metres from the middle a square drawing must show to hold points, each with its own reach. */
export function halfSide(points: readonly { at: Point; reach: number }[]): number {
  const most = points.reduce((far, { at: [x, y], reach }) => Math.max(far, Math.abs(x) + reach, Math.abs(y) + reach), 10);
  return most * 1.1;
}

/** A round length for the scale bar, about a third of the drawing. */
export function scaleMetres(half: number): number {
  const wanted = (2 * half) / 3;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([5, 2, 1].find((step) => step * power <= wanted) ?? 1) * power;
}

export function svgPoints(ring: readonly Point[]): string {
  return ring.map(([x, y]) => `${x.toFixed(2)},${(-y).toFixed(2)}`).join(' ');
}
