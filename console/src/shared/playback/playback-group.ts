// Up to nine players in step by one master clock. Owns the clock and the beat; holds the clock for a camera that is still
// loading (bounded), never for one in a gap; jumps over stretches in which no camera has a picture.
import type { Micros } from '@/shared/time/axis';
import { MasterClock, isKeyFrameRate, nextRate, type ClockReading } from './master-clock';
import type { PlaybackPlayer, PlayerStatus } from './playback-player';

export const MOST_CAMERAS = 9;
const BEAT_MS = 40;
/** A picture this far behind makes the clock wait until it is this near: together before smooth. */
const LATE_MS = 90;
const NEAR_MS = 40;
/** Longer than this the others do not wait for one camera. */
const HOLD_MS = 4_000;
const GAP_SHOWN_MS = 1_000;
const FRAME_US = 40_000;

export interface GroupState extends ClockReading {
  readonly statuses: ReadonlyMap<string, PlayerStatus>;
  readonly waitingFor: readonly string[];
}

export interface GroupOptions {
  readonly nowMs: () => number;
  readonly nowUs: () => Micros;
  /** Where pictures of any camera go on after (1) or end before (−1) a moment that has none. */
  readonly neighbourPicture: (atUs: Micros, direction: 1 | -1) => Micros | undefined;
}

export class PlaybackGroup {
  private readonly clock: MasterClock;
  private readonly players = new Map<string, PlaybackPlayer>();
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private waitingSinceMs: number | null = null;
  private gapSinceMs: number | null = null;
  private playAfterScrub = false;
  private state: GroupState;
  /** Skip stretches in which no camera has a picture. */
  skipGaps = true;

  constructor(
    positionUs: Micros,
    private readonly options: GroupOptions,
  ) {
    this.clock = new MasterClock(positionUs, options.nowMs());
    this.state = { ...this.clock.read(options.nowMs()), statuses: new Map(), waitingFor: [] };
  }

  start(): void {
    this.timer ??= setInterval(() => {
      this.beat();
    }, BEAT_MS);
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    for (const player of this.players.values()) player.close();
    this.players.clear();
  }

  /** The page goes: every viewing ends now. */
  readonly leave = (): void => {
    for (const player of this.players.values()) player.leave();
  };

  add(channel: string, player: PlaybackPlayer): void {
    if (this.players.size >= MOST_CAMERAS) throw new RangeError(`At most ${MOST_CAMERAS} cameras play in step`);
    this.players.set(channel, player);
    this.beat();
  }

  remove(channel: string): void {
    this.players.get(channel)?.close();
    this.players.delete(channel);
    this.beat();
  }

  player(channel: string): PlaybackPlayer | undefined {
    return this.players.get(channel);
  }

  get snapshot(): GroupState {
    return this.state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  positionUs(): Micros {
    return this.clock.read(this.options.nowMs()).positionUs;
  }

  play(): void {
    if (this.state.rate < 0 && this.state.mode !== 'playing') this.clock.setRate(1, this.options.nowMs());
    this.clock.play(this.options.nowMs());
    this.beat();
  }

  pause(): void {
    this.clock.pause(this.options.nowMs());
    // After key-frame playing the position may be between pictures: a jump makes the players settle exactly.
    this.clock.jump(this.positionUs(), this.options.nowMs());
    this.beat();
  }

  toggle(): void {
    if (this.state.mode === 'playing') this.pause();
    else this.play();
  }

  setRate(rate: number): void {
    const wasKeyFrames = isKeyFrameRate(this.state.rate);
    const nowMs = this.options.nowMs();
    this.clock.setRate(rate, nowMs);
    if (wasKeyFrames !== isKeyFrameRate(rate)) this.clock.jump(this.positionUs(), nowMs);
    this.beat();
  }

  faster(direction: 1 | -1): void {
    this.setRate(nextRate(this.state.rate, direction));
    if (this.state.mode !== 'playing') this.clock.play(this.options.nowMs());
  }

  seek(toUs: Micros): void {
    this.gapSinceMs = null;
    this.clock.jump(Math.min(toUs, this.options.nowUs()), this.options.nowMs());
    this.beat();
  }

  scrub(toUs: Micros): void {
    if (this.state.mode !== 'scrubbing') this.playAfterScrub = true;
    this.clock.scrubTo(toUs, this.options.nowMs());
    this.beat();
  }

  /** The hand is off: exact seek, then play. */
  endScrub(toUs: Micros): void {
    if (isKeyFrameRate(this.state.rate)) this.clock.setRate(1, this.options.nowMs());
    this.clock.endScrub(toUs, this.options.nowMs(), this.playAfterScrub);
    this.beat();
  }

  /** One picture on or back, by the camera in front. */
  step(direction: 1 | -1, channel: string | null): void {
    const nowMs = this.options.nowMs();
    this.clock.pause(nowMs);
    const player = (channel !== null ? this.players.get(channel) : undefined) ?? [...this.players.values()][0];
    const atUs = this.positionUs();
    const next = direction === 1 ? player?.frameAfter(atUs) : player?.frameBefore(atUs);
    this.clock.jump(next ?? atUs + direction * FRAME_US, nowMs);
    this.beat();
  }

  private beat() {
    const nowMs = this.options.nowMs();
    const reading = this.clock.read(nowMs);
    const clockAt = (ms: number) => this.clock.read(ms).positionUs;
    const statuses = new Map<string, PlayerStatus>();
    const waitingFor: string[] = [];
    for (const [channel, player] of this.players) {
      const status = player.follow(reading, clockAt);
      statuses.set(channel, status);
      if (!status.ready || status.lagMs > (reading.held ? NEAR_MS : LATE_MS)) waitingFor.push(channel);
    }
    this.waitOrRun(reading, waitingFor, nowMs);
    this.skipCommonGap(reading, statuses, nowMs);
    this.stopAtEdges(reading, nowMs);
    this.state = { ...this.clock.read(nowMs), statuses, waitingFor };
    for (const listener of this.listeners) listener();
  }

  private waitOrRun(reading: ClockReading, waitingFor: readonly string[], nowMs: number) {
    if (reading.mode !== 'playing' || waitingFor.length === 0) {
      this.waitingSinceMs = null;
      this.clock.release(nowMs);
      return;
    }
    this.waitingSinceMs ??= nowMs;
    const everyone = waitingFor.length === this.players.size;
    if (everyone || nowMs - this.waitingSinceMs < HOLD_MS) this.clock.hold(nowMs);
    else this.clock.release(nowMs);
  }

  private skipCommonGap(reading: ClockReading, statuses: ReadonlyMap<string, PlayerStatus>, nowMs: number) {
    const all = statuses.size > 0 && [...statuses.values()].every((status) => status.phase === 'gap');
    if (!all || reading.mode !== 'playing' || !this.skipGaps) {
      this.gapSinceMs = null;
      return;
    }
    this.gapSinceMs ??= nowMs;
    if (nowMs - this.gapSinceMs < GAP_SHOWN_MS) return;
    this.gapSinceMs = null;
    const direction = reading.rate < 0 ? -1 : 1;
    const nextUs = this.options.neighbourPicture(reading.positionUs, direction);
    if (nextUs === undefined) this.clock.pause(nowMs);
    else this.clock.jump(nextUs, nowMs);
  }

  private stopAtEdges(reading: ClockReading, nowMs: number) {
    if (reading.mode !== 'playing' || reading.positionUs < this.options.nowUs()) return;
    this.clock.pause(nowMs);
  }
}
