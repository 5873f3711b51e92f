// Keeps whatever plays (a media buffer, our own decoder) filled around the wanted moment: finds the key frame before it, pulls fragments in order,
// crosses segment borders and gaps, stays within a bound ahead and behind. One fetch at a time; a jump aborts it.
import type { Micros } from '@/shared/time/axis';
import { readSamples, readTracks, type TrackInfo } from '@/shared/mp4/boxes';
import { HOLE_US, type SegmentIndex } from './segment-index';
import { PlaybackError, type RecordedStream, type SegmentRef, type SegmentTable } from './wire';

/** One request carries at most this much. */
const REQUEST_US = 4_000_000;
const REQUEST_BYTES = 2_500_000;
const BEHIND_US = 15_000_000;
const RETRY_MS = 2_000;
const MOST_FRAMES = 4_000;
const RUN_SLACK_US = 1_500_000;

/** Where fragments go. */
export interface FragmentSink {
  /** Whether it can hold this moment. */
  reaches(atUs: Micros): boolean;
  keepOnly(fromUs: Micros, untilUs: Micros): Promise<void>;
  /** Fragments whose own time 0 is `zeroUs`, after an init segment where the format may have changed. */
  append(mime: string, parts: readonly Uint8Array[], zeroUs: Micros): Promise<void>;
  close(): void;
}

export interface SinkMaker<Sink extends FragmentSink> {
  accepts(mime: string): boolean;
  open(aroundUs: Micros): Sink;
}

export interface FrameMark {
  readonly atUs: Micros;
  readonly bytes: number;
  readonly key: boolean;
}

interface Cursor {
  readonly segment: SegmentRef;
  readonly table: SegmentTable;
  readonly fragment: number;
}

export class Feeder<Sink extends FragmentSink> {
  private buffer: Sink | null = null;
  private cursor: Cursor | null = null;
  private runFromUs: Micros | null = null;
  private runUntilUs: Micros = 0;
  private wantedUs: Micros = 0;
  private aheadUs: Micros = 0;
  private controller: AbortController | null = null;
  private retryAtMs = 0;
  private readonly inits = new Map<string, { readonly bytes: Uint8Array; readonly tracks: readonly TrackInfo[] }>();
  private announcedSegment = '';
  private closed = false;
  /** Pictures in the buffer, oldest first. */
  frames: FrameMark[] = [];
  fault: PlaybackError | null = null;
  mime: string | null = null;
  fetchedBytes = 0;

  constructor(
    private readonly index: SegmentIndex,
    private readonly stream: RecordedStream,
    private readonly sinks: SinkMaker<Sink>,
    private readonly nowMs: () => number,
  ) {}

  get media(): Sink | null {
    return this.buffer;
  }

  get busy(): boolean {
    return this.controller !== null;
  }

  /** Where the next pictures after a gap begin, as far as known. */
  get nextStartUs(): Micros | null {
    return this.cursor ? cursorStart(this.cursor) : null;
  }

  /** States the moment that is shown and how far ahead to keep; does nothing when that is already there. */
  want(atUs: Micros, aheadUs: Micros): void {
    if (this.closed) return;
    this.wantedUs = atUs;
    this.aheadUs = aheadUs;
    if (!this.isInRun(atUs)) {
      this.controller?.abort();
      this.controller = null;
      this.runFromUs = null;
      // What cannot be decoded is not taken for loading while the next file is looked at: nobody waits for it.
      if (this.fault?.fault !== 'codec') this.fault = null;
      this.retryAtMs = 0;
    }
    if (this.controller || this.nowMs() < this.retryAtMs) return;
    if (this.runFromUs !== null && !this.isHungry()) return;
    void this.pump();
  }

  /** Whether this moment is known to lie in no segment. */
  isGap(atUs: Micros): boolean {
    if (this.index.knownAt(atUs) !== null) return false;
    const nextUs = this.nextStartUs;
    const shortHole = nextUs !== null && nextUs > atUs && nextUs - atUs <= HOLE_US && atUs - this.runUntilUs <= HOLE_US;
    return !shortHole;
  }

  /** Forgets the run, so that the next `want` reads again: after a fault, or when the index has grown. */
  retry(): void {
    this.runFromUs = null;
    this.retryAtMs = 0;
    this.fault = null;
  }

  close(): void {
    this.closed = true;
    this.controller?.abort();
    this.buffer?.close();
    this.buffer = null;
    this.frames = [];
  }

  private isInRun(atUs: Micros): boolean {
    if (this.runFromUs === null) return this.controller !== null && Math.abs(atUs - this.wantedUs) < RUN_SLACK_US;
    if (atUs < this.runFromUs) return false;
    const reachesUs = Math.max(this.runUntilUs, this.cursor ? cursorStart(this.cursor) : Infinity);
    return atUs <= reachesUs + RUN_SLACK_US;
  }

  private isHungry(): boolean {
    if (!this.cursor) return true;
    return cursorStart(this.cursor) - this.wantedUs < this.aheadUs;
  }

  private async pump(): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    const { signal } = controller;
    try {
      if (this.runFromUs === null) await this.beginRun(this.wantedUs, signal);
      while (!signal.aborted && this.isHungry()) {
        if (!this.cursor && !(await this.findNext(signal))) break;
        if (!this.isHungry()) break;
        await this.appendNext(signal);
      }
    } catch (error) {
      if (!signal.aborted) this.failed(error);
    } finally {
      if (this.controller === controller) this.controller = null;
    }
  }

  private failed(error: unknown) {
    this.fault = error instanceof PlaybackError ? error : new PlaybackError('network', String(error));
    this.retryAtMs = this.nowMs() + RETRY_MS;
    const lasting = this.fault.fault === 'refused' || this.fault.fault === 'codec';
    if (lasting) this.retryAtMs = Infinity;
  }

  private async beginRun(atUs: Micros, signal: AbortSignal): Promise<void> {
    const located = await this.index.locate(atUs, signal);
    signal.throwIfAborted();
    this.announcedSegment = '';
    if (!located) {
      this.fault = null;
      this.runFromUs = atUs;
      this.runUntilUs = atUs;
      this.cursor = null;
      return;
    }
    this.cursor = { segment: located.segment, table: located.table, fragment: located.keyFragment };
    this.runFromUs = cursorStart(this.cursor);
    this.runUntilUs = this.runFromUs;
    await this.prepareBuffer(atUs, signal);
  }

  private async prepareBuffer(atUs: Micros, signal: AbortSignal): Promise<void> {
    if (this.buffer && !this.buffer.reaches(atUs)) {
      this.buffer.close();
      this.buffer = null;
    }
    this.frames = [];
    if (this.buffer) {
      await this.buffer.keepOnly(atUs, atUs);
      signal.throwIfAborted();
    }
    this.buffer ??= this.sinks.open(atUs);
  }

  /** After the last segment or from within a gap: the next segment that exists. */
  private async findNext(signal: AbortSignal): Promise<boolean> {
    // Near the present the index grows: what was a gap a moment ago may be covered now.
    const covering = await this.index.at(this.wantedUs, signal);
    signal.throwIfAborted();
    if (covering && this.wantedUs >= this.runUntilUs) {
      await this.beginRun(this.wantedUs, signal);
      return this.cursor !== null;
    }
    const next = await this.index.nextFrom(Math.max(this.runUntilUs - HOLE_US, this.runFromUs ?? 0), signal);
    signal.throwIfAborted();
    if (!next) {
      this.retryAtMs = this.nowMs() + RETRY_MS;
      return false;
    }
    const table = await this.index.table(next, signal);
    signal.throwIfAborted();
    this.cursor = { segment: next, table, fragment: 0 };
    return true;
  }

  private async appendNext(signal: AbortSignal): Promise<void> {
    const { cursor } = this;
    if (!cursor) return;
    const { segment, table } = cursor;
    if (!this.sinks.accepts(table.mime)) throw new PlaybackError('codec', table.mime);
    const count = this.countForRequest(cursor);
    const first = table.fragments[cursor.fragment];
    const last = table.fragments[cursor.fragment + count - 1];
    if (!first || !last) {
      this.cursor = null;
      this.runUntilUs = Math.max(this.runUntilUs, segment.endUs);
      return;
    }
    const [init, bytes] = await Promise.all([
      this.initOf(segment, table, signal),
      this.stream.bytes(segment, first.offset, last.offset + last.length - first.offset, signal),
    ]);
    signal.throwIfAborted();
    this.buffer ??= this.sinks.open(first.startUs);
    const parts = this.announcedSegment === segment.id ? [bytes] : [init.bytes, bytes];
    await this.append(table.mime, parts, segment.startUs, signal);
    this.announcedSegment = segment.id;
    this.fault = null;
    this.mime = table.mime;
    this.fetchedBytes += bytes.byteLength;
    this.noteFrames(bytes, init.tracks, segment.startUs);
    this.runUntilUs = last.startUs + last.durationUs;
    const following = cursor.fragment + count;
    this.cursor = following < table.fragments.length ? { ...cursor, fragment: following } : null;
    await this.trim();
  }

  private countForRequest(cursor: Cursor): number {
    const { fragments } = cursor.table;
    const first = fragments[cursor.fragment];
    if (!first) return 0;
    // The first request of a run reaches at least the wanted moment, so that one answer shows the picture.
    const untilUs = Math.max(first.startUs + REQUEST_US, this.wantedUs + 1_000_000);
    let count = 1;
    let bytes = first.length;
    for (let at = cursor.fragment + 1; at < fragments.length; at += 1) {
      const fragment = fragments[at];
      if (!fragment || fragment.startUs >= untilUs || bytes + fragment.length > REQUEST_BYTES * 4) break;
      const pastWanted = fragment.startUs > this.wantedUs + 1_000_000;
      if (pastWanted && bytes + fragment.length > REQUEST_BYTES) break;
      bytes += fragment.length;
      count += 1;
    }
    return count;
  }

  private async append(mime: string, parts: readonly Uint8Array[], zeroUs: Micros, signal: AbortSignal) {
    const { buffer } = this;
    if (!buffer) return;
    try {
      await buffer.append(mime, parts, zeroUs);
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError';
      if (!full) throw error;
      await buffer.keepOnly(this.wantedUs - 1_000_000, this.runUntilUs);
      signal.throwIfAborted();
      await buffer.append(mime, parts, zeroUs);
    }
    signal.throwIfAborted();
  }

  private async initOf(segment: SegmentRef, table: SegmentTable, signal: AbortSignal) {
    const known = this.inits.get(segment.id);
    if (known) return known;
    const bytes = await this.stream.bytes(segment, table.init[0], table.init[1], signal);
    const init = { bytes, tracks: readTracks(bytes) };
    this.inits.set(segment.id, init);
    const oldest = this.inits.keys().next().value;
    if (this.inits.size > 8 && oldest !== undefined) this.inits.delete(oldest);
    return init;
  }

  private noteFrames(bytes: Uint8Array, tracks: readonly TrackInfo[], zeroUs: Micros) {
    const video = tracks.find((track) => track.kind === 'video');
    if (!video) return;
    const marks = readSamples(bytes, tracks)
      .filter((sample) => sample.track === video.id)
      .map((sample) => ({
        atUs: Math.round(zeroUs + (sample.pts * 1e6) / video.timescale),
        bytes: sample.bytes,
        key: sample.key,
      }))
      .sort((a, b) => a.atUs - b.atUs);
    this.frames = [...this.frames, ...marks].slice(-MOST_FRAMES);
  }

  private async trim(): Promise<void> {
    const oldestUs = this.wantedUs - BEHIND_US;
    if (this.runFromUs === null || this.runFromUs > oldestUs - BEHIND_US) return;
    await this.buffer?.keepOnly(oldestUs, this.runUntilUs + 60_000_000);
    this.runFromUs = oldestUs + 3_000_000;
    this.frames = this.frames.filter((frame) => frame.atUs >= oldestUs);
  }
}

function cursorStart(cursor: Cursor): Micros {
  return cursor.table.fragments[cursor.fragment]?.startUs ?? cursor.segment.startUs;
}
