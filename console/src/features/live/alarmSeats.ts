// Which alarm stands in which alarm cell: oldest first, each where it already stands, nothing else moves. Pure.
import type { Alarm } from '@/api/operations';

export type Seated = Pick<Alarm, 'id' | 'channel' | 'raised_us' | 'state' | 'owner'>;

/** Those that a wall shows: with a camera, unclaimed or claimed by this person, not put back by them; oldest first. */
export function forWall<A extends Seated>(alarms: readonly A[], person: string, putBack: ReadonlySet<string>): A[] {
  return alarms
    .filter((one) => one.channel !== null && !putBack.has(one.id))
    .filter((one) => one.state === 'new' || (one.state === 'claimed' && one.owner === person))
    .sort((a, b) => a.raised_us - b.raised_us);
}

/** Cell → alarm id. `before` is how they sat a moment ago. */
export function seat(
  alarms: readonly { id: string }[],
  cells: readonly number[],
  before: ReadonlyMap<number, string>,
): Map<number, string> {
  const wanted = new Set(alarms.map((one) => one.id));
  const seats = new Map([...before].filter(([cell, id]) => cells.includes(cell) && wanted.has(id)));
  const sitting = new Set(seats.values());
  const free = cells.filter((cell) => !seats.has(cell)).sort((a, b) => b - a);
  for (const { id } of alarms) {
    if (sitting.has(id)) continue;
    const cell = free.shift();
    if (cell === undefined) break;
    seats.set(cell, id);
  }
  return seats;
}
