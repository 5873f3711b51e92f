/**
 * What playback asks of the world, as types: segments and their tables, sessions, and the two calls that
 * the control plane answers. Implementations: `http-source.ts` for the real doors; tests bring their own.
 * Times are microseconds since the Unix epoch.
 */
import type { Micros } from '@/shared/time/axis';

export type StreamKind = 'main' | 'sub';

export interface SegmentRef {
  /** `{stream}/{start_us}-{sequence}` */
  readonly id: string;
  readonly startUs: Micros;
  readonly endUs: Micros;
}

export interface FragmentRef {
  readonly startUs: Micros;
  readonly durationUs: Micros;
  readonly offset: number;
  readonly length: number;
  /** Begins with a key frame. */
  readonly key: boolean;
}

export interface SegmentTable {
  /** With codecs, as `MediaSource.isTypeSupported` wants it. */
  readonly mime: string;
  /** Offset and length of the init segment. */
  readonly init: readonly [number, number];
  readonly fragments: readonly FragmentRef[];
  /** Wall times of the key frames, in order. */
  readonly keyFrames: readonly Micros[];
}

export interface KeyPicture {
  readonly mime: string;
  /** Wall time of the picture itself, at or before what was asked. */
  readonly wallUs: Micros;
  /** Init segment and one key frame. */
  readonly bytes: Uint8Array;
}

/** One camera's recorded stream, wherever it lies. Every call may be aborted and throws `PlaybackError`. */
export interface RecordedStream {
  segments(fromUs: Micros, untilUs: Micros, signal: AbortSignal): Promise<SegmentRef[]>;
  table(segment: SegmentRef, signal: AbortSignal): Promise<SegmentTable>;
  bytes(segment: SegmentRef, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  keyPicture(segment: SegmentRef, atUs: Micros, signal: AbortSignal): Promise<KeyPicture>;
  /** Ends the viewing at once, also while the page goes; asking again begins another one. */
  leave(): void;
  close(): void;
}

export type PlaybackFault = 'refused' | 'not_found' | 'network' | 'codec' | 'damaged';

/** Closed list of what can go wrong while playing; `detail` is the server's sentence when it gave one. */
export class PlaybackError extends Error {
  constructor(
    readonly fault: PlaybackFault,
    readonly detail: string,
    readonly code: string | null = null,
  ) {
    super(detail);
    this.name = 'PlaybackError';
  }
}
