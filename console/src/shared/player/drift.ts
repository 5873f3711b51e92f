// Where the play head should be against what is buffered: pure, so that the rule can be read and tested.
// Behind by more than 1 s it plays at 1.05×, by more than 3 s it jumps; out of the buffer it goes to what is there.

export interface Ranges {
  length: number;
  start: (index: number) => number;
  end: (index: number) => number;
}

export interface Steering {
  rate: number;
  jumpTo: number | null;
  /** Seconds between the play head and the newest picture. */
  behind: number;
}

const GOAL_S = 0.3;
const HURRY_S = 1;
const CALM_S = 0.6;
const JUMP_S = 3;

export function steer(at: number, buffered: Ranges, rate: number): Steering {
  if (buffered.length === 0) return { rate: 1, jumpTo: null, behind: 0 };
  const last = buffered.length - 1;
  const start = buffered.start(last);
  const end = buffered.end(last);
  const behind = Math.max(0, end - at);
  const goal = Math.max(start, end - GOAL_S);
  if (at < start || behind > JUMP_S) return { rate: 1, jumpTo: goal, behind };
  if (at > end + 0.5) return { rate: 1, jumpTo: goal, behind: 0 };
  if (behind > HURRY_S) return { rate: 1.05, jumpTo: null, behind };
  return { rate: behind < CALM_S ? 1 : rate, jumpTo: null, behind };
}

/** What may be removed from the buffer, or null: seconds well behind the play head. */
export function trimmable(at: number, buffered: Ranges): [number, number] | null {
  if (buffered.length === 0) return null;
  const start = buffered.start(0);
  return at - start > 12 ? [start, at - 6] : null;
}
