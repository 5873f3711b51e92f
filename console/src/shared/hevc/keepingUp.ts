// Whether a machine keeps up with decoding by itself: judged over ten seconds, so that one hard moment counts for nothing.

const WINDOW_MS = 10_000;
const MOST_DROPPED = 0.5;

interface Tally {
  readonly atMs: number;
  readonly decoded: number;
  readonly dropped: number;
}

export class KeepingUp {
  private tallies: Tally[] = [];

  /** Counts since the beginning. False once more than half of ten seconds' pictures had to be dropped. */
  note(atMs: number, decoded: number, dropped: number): boolean {
    this.tallies.push({ atMs, decoded, dropped });
    while (this.tallies[1] && this.tallies[1].atMs <= atMs - WINDOW_MS) this.tallies.shift();
    const since = this.tallies[0];
    if (!since || atMs - since.atMs < WINDOW_MS) return true;
    const gone = dropped - since.dropped;
    const all = gone + decoded - since.decoded;
    return all === 0 || gone / all <= MOST_DROPPED;
  }

  /** A page that nobody saw was slowed down on purpose. */
  forget(): void {
    this.tallies = [];
  }
}
