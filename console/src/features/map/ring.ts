// Rings of corners, on the screen or on the ground: what was drawn by hand made short, a corner put where it belongs, and
// the corners as people type them. Pure.
import type { Corner } from './mapAddress';

type Point = readonly [number, number];

/** The corners of a box between two opposite ones. */
export function boxRing([x, y]: Point, [otherX, otherY]: Point): [number, number][] {
  return [[x, y], [otherX, y], [otherX, otherY], [x, otherY]];
}

function fromEdge([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

function thinned(points: readonly Point[], most: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return [...points];
  let [far, at] = [0, 0];
  points.forEach((one, index) => {
    const off = fromEdge(one, first, last);
    if (off > far) [far, at] = [off, index];
  });
  if (far <= most) return [first, last];
  return [...thinned(points.slice(0, at + 1), most).slice(0, -1), ...thinned(points.slice(at), most)];
}

/** A line drawn by hand with no more than `most` corners, as little off it as that allows (Douglas and Peucker). */
export function simplified(points: readonly Point[], most: number): [number, number][] {
  let tolerance = 1;
  let found = thinned(points, tolerance);
  while (found.length > most) {
    tolerance *= 1.6;
    found = thinned(points, tolerance);
  }
  return found.map(([x, y]) => [x, y]);
}

/** A ring with one corner more, between the two whose edge is nearest to it. */
export function withCorner(ring: readonly Corner[], corner: Corner): Corner[] {
  if (ring.length < 3) return [...ring, corner];
  const narrowing = Math.cos((corner[1] * Math.PI) / 180);
  const flat = ([x, y]: Corner): Point => [x * narrowing, y];
  const off = ring.map((one, at) => fromEdge(flat(corner), flat(one), flat(ring[(at + 1) % ring.length] ?? one)));
  const nearest = off.indexOf(Math.min(...off));
  return [...ring.slice(0, nearest + 1), corner, ...ring.slice(nearest + 1)];
}

/** Corners as people type and read them: one a line, longitude and latitude. */
export function cornersText(ring: readonly (readonly number[])[] | null): string {
  return (ring ?? []).map(([longitude = 0, latitude = 0]) => `${Number(longitude.toFixed(6))}, ${Number(latitude.toFixed(6))}`).join('\n');
}

export type Typed = { ring: Corner[] | null; fault: null } | { ring: null; fault: { line: number } | { few: number } };

/** What was typed: no lines are no outline; the first line that is no corner is told by its number. */
export function typedRing(text: string): Typed {
  const lines = text.split('\n').map((line, at) => ({ line: line.trim(), at: at + 1 })).filter(({ line }) => line !== '');
  if (lines.length === 0) return { ring: null, fault: null };
  const ring: Corner[] = [];
  for (const { line, at } of lines) {
    const [x = NaN, y = NaN, ...more] = line.split(/[\s,，;；、]+/).filter(Boolean).map(Number);
    if (more.length > 0 || !(Math.abs(x) <= 180 && Math.abs(y) <= 90)) return { ring: null, fault: { line: at } };
    ring.push([x, y]);
  }
  return ring.length < 3 ? { ring: null, fault: { few: ring.length } } : { ring, fault: null };
}
