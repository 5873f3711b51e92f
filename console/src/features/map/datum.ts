// WGS-84 and GCJ-02, the shifted datum in which Chinese base maps are drawn. Positions are stored in WGS-84 always and
// converted for show; the way back is found by approach, as the shift has no inverse in closed form.

export type Point = readonly [longitude: number, latitude: number];
export type Datum = 'wgs84' | 'gcj02';

const AXIS = 6_378_245;
const ECCENTRICITY = 0.00669342162296594323;
const CLOSE_ENOUGH = 1e-7;

/** Outside of this box nothing is shifted. */
function outside([longitude, latitude]: Point): boolean {
  return longitude < 72.004 || longitude > 137.8347 || latitude < 0.8293 || latitude > 55.8271;
}

function waves(at: number, ...parts: [weight: number, turns: number][]): number {
  return parts.reduce((sum, [weight, turns]) => sum + weight * Math.sin(at * turns * Math.PI), 0) * (2 / 3);
}

function shift([longitude, latitude]: Point): Point {
  const x = longitude - 105;
  const y = latitude - 35;
  const fine = waves(x, [20, 6], [20, 2]);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + fine + waves(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + fine + waves(x, [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]);
  const radians = (latitude / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  const root = Math.sqrt(magic);
  return [
    (east * 180) / ((AXIS / root) * Math.cos(radians) * Math.PI),
    (north * 180) / (((AXIS * (1 - ECCENTRICITY)) / (magic * root)) * Math.PI),
  ];
}

function toGcj02(point: Point): Point {
  if (outside(point)) return point;
  const [east, north] = shift(point);
  return [point[0] + east, point[1] + north];
}

/** Where a stored point is drawn on a base map of this datum. */
export function shown(point: Point, datum: Datum): Point {
  return datum === 'gcj02' ? toGcj02(point) : point;
}

/** The stored point that is drawn at `point` of a base map of this datum, to a centimetre. */
export function stored(point: Point, datum: Datum): Point {
  if (datum === 'wgs84' || outside(point)) return point;
  let guess = point;
  for (let round = 0; round < 10; round += 1) {
    const drawn = toGcj02(guess);
    const [east, north] = [point[0] - drawn[0], point[1] - drawn[1]];
    guess = [guess[0] + east, guess[1] + north];
    if (Math.abs(east) < CLOSE_ENOUGH && Math.abs(north) < CLOSE_ENOUGH) break;
  }
  return guess;
}
