/**
 * The one clock that every picture on the page follows. It belongs to the timeline, not to a player:
 * players are steered to it and may ask it to wait. Plain arithmetic on a monotonic time that is given.
 */
import type { Micros } from '@/shared/time/axis';

export type ClockMode = 'paused' | 'playing' | 'scrubbing';

export const RATES = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
export const MAX_FULL_RATE = 4;

export interface ClockReading {
  readonly positionUs: Micros;
  readonly rate: number;
  readonly mode: ClockMode;
  /** Playing, but held because a picture is not there yet. */
  readonly held: boolean;
  /** Grows with each jump, so that a player tells a jump from drift. */
  readonly jumps: number;
}

export class MasterClock {
  private anchorUs: Micros;
  private anchorMs: number;
  private mode: ClockMode = 'paused';
  private rate = 1;
  private held = false;
  private jumps = 0;

  constructor(positionUs: Micros, nowMs: number) {
    this.anchorUs = positionUs;
    this.anchorMs = nowMs;
  }

  read(nowMs: number): ClockReading {
    return {
      positionUs: this.positionAt(nowMs),
      rate: this.rate,
      mode: this.mode,
      held: this.held,
      jumps: this.jumps,
    };
  }

  play(nowMs: number) {
    this.anchor(nowMs);
    this.mode = 'playing';
  }

  pause(nowMs: number) {
    this.anchor(nowMs);
    this.mode = 'paused';
    this.held = false;
  }

  /** Negative rates run backwards. */
  setRate(rate: number, nowMs: number) {
    this.anchor(nowMs);
    this.rate = rate;
  }

  jump(toUs: Micros, nowMs: number) {
    this.anchorUs = Math.round(toUs);
    this.anchorMs = nowMs;
    this.jumps += 1;
  }

  /** The hand is on the timeline: position follows it and nothing runs. */
  scrubTo(toUs: Micros, nowMs: number) {
    this.mode = 'scrubbing';
    this.anchorUs = Math.round(toUs);
    this.anchorMs = nowMs;
  }

  endScrub(toUs: Micros, nowMs: number, play: boolean) {
    this.mode = play ? 'playing' : 'paused';
    this.jump(toUs, nowMs);
  }

  hold(nowMs: number) {
    if (this.held) return;
    this.anchor(nowMs);
    this.held = true;
  }

  release(nowMs: number) {
    if (!this.held) return;
    this.anchorMs = nowMs;
    this.held = false;
  }

  private anchor(nowMs: number) {
    this.anchorUs = this.positionAt(nowMs);
    this.anchorMs = nowMs;
  }

  private positionAt(nowMs: number): Micros {
    if (this.mode !== 'playing' || this.held) return this.anchorUs;
    return Math.round(this.anchorUs + (nowMs - this.anchorMs) * 1000 * this.rate);
  }
}

/** The next faster (1) or slower (−1) rate; stepping below the slowest turns round and runs backwards. */
export function nextRate(rate: number, direction: 1 | -1): number {
  const ladder = [
    ...RATES.map((r) => -r)
      .reverse()
      .filter((r) => r <= -1),
    ...RATES,
  ];
  const here = ladder.indexOf(rate);
  if (here < 0) return 1;
  return ladder[Math.min(ladder.length - 1, Math.max(0, here + direction))] ?? 1;
}

/** Whether this rate is fed with key frames only. */
export function isKeyFrameRate(rate: number): boolean {
  return rate < 0 || rate > MAX_FULL_RATE;
}
