// What the player asks of whatever shows moving pictures: `video-view.ts` by the browser, `canvas-view.ts` by our decoder.
import type { Micros } from '@/shared/time/axis';
import type { FrameMark } from './feeder';
import type { ClockReading } from './master-clock';
import type { PlaybackError } from './wire';

export type PlayerPhase = 'loading' | 'playing' | 'paused' | 'stills' | 'gap' | 'unsupported' | 'failed';

export const AHEAD_PLAYING_US = 12_000_000;
export const AHEAD_PAUSED_US = 3_000_000;

export interface MovingView {
  /** Wall time of the picture on screen. */
  readonly wallUs: Micros | null;
  /** Wall time of the element's media time 0; null where there is no such element. */
  readonly originUs: Micros | null;
  /** Picture minus clock when it was last measured. */
  readonly driftMs: number | null;
  /** How far the picture is behind the clock while it plays; 0 where it is not known to be. */
  readonly lagMs: number;
  readonly frames: number;
  readonly fault: PlaybackError | null;
  readonly mime: string | null;
  /** Faster than this is shown by key frames. */
  readonly mostRate: number;
  /** Presentation times around the moment. */
  readonly frameMarks: readonly FrameMark[];
  /** Brings the picture to the clock. */
  follow(reading: ClockReading, clockAt: (nowMs: number) => Micros): PlayerPhase;
  /** Key frames are shown instead: nothing here runs, and the next `follow` settles anew. */
  rest(playing: boolean): void;
  setAudible(audible: boolean): void;
  retry(): void;
  close(): void;
}

export function phaseOf(fault: PlaybackError): PlayerPhase {
  return fault.fault === 'codec' ? 'unsupported' : 'failed';
}
