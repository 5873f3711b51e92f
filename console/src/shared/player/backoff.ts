// How long to wait before the next try: spread over a second at first, doubling, never more than ten seconds.

const FIRST_MS = 500;
const MOST_MS = 10_000;

/** `chance` is 0…1, given so that tests choose it. */
export function waitMs(tries: number, chance: number): number {
  const most = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 6));
  return Math.round(most * (0.3 + 0.7 * chance));
}
