/**
 * How a playing picture is brought onto the master clock: a small difference by a slightly different
 * speed, a large one by a jump. Pure, so that the promise (≤ 100 ms apart) can be tested by simulation.
 */

export type Steering = { readonly act: 'speed'; readonly playbackRate: number } | { readonly act: 'jump' };

/** Within this nothing is corrected: a frame at 25 per second. */
export const QUIET_MS = 25;
/** Beyond this a change of speed would take too long. */
export const JUMP_MS = 600;
/** The most by which speed is bent: it is not heard, and 100 ms are made up in a second. */
export const MOST_BEND = 0.12;

/** `driftMs` is picture minus clock: positive when the picture is ahead. */
export function steer(driftMs: number, rate: number): Steering {
  const distance = Math.abs(driftMs);
  if (distance > JUMP_MS * Math.max(1, rate)) return { act: 'jump' };
  if (distance <= QUIET_MS * Math.max(1, rate)) return { act: 'speed', playbackRate: rate };
  const bend = Math.min(MOST_BEND, distance / 1000);
  return { act: 'speed', playbackRate: rate * (driftMs > 0 ? 1 - bend : 1 + bend) };
}
