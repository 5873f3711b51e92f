/**
 * One `MediaSource` with one `SourceBuffer` behind one `<video>`, its operations in a queue.
 * Media time 0 is `originUs`; so wall time = origin + media time, for every picture, always.
 * Decides nothing about what to load: `feeder.ts` does.
 */
import type { Micros } from '@/shared/time/axis';
import { DAY_US } from '@/shared/time/beijing';
import { PlaybackError } from './wire';

/** Room on either side of the first position, so that going back never needs a negative media time. */
const ROOM_US = 40 * DAY_US;

export function playableMime(mime: string): boolean {
  return typeof MediaSource !== 'undefined' && MediaSource.isTypeSupported(mime);
}

export class MediaBuffer {
  readonly originUs: Micros;
  private readonly source = new MediaSource();
  private readonly url: string;
  private buffer: SourceBuffer | null = null;
  private mime = '';
  private tail: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly opened: Promise<void>;

  constructor(
    private readonly video: HTMLVideoElement,
    aroundUs: Micros,
  ) {
    this.originUs = aroundUs - ROOM_US;
    this.url = URL.createObjectURL(this.source);
    this.opened = new Promise((resolve) => {
      this.source.addEventListener(
        'sourceopen',
        () => {
          resolve();
        },
        { once: true },
      );
    });
    video.src = this.url;
  }

  /** Whether media time can hold this moment. */
  reaches(atUs: Micros): boolean {
    return Math.abs(atUs - this.originUs - ROOM_US) < ROOM_US * 0.9;
  }

  toMediaSeconds(atUs: Micros): number {
    return (atUs - this.originUs) / 1e6;
  }

  toWallUs(mediaSeconds: number): Micros {
    return Math.round(mediaSeconds * 1e6) + this.originUs;
  }

  get positionUs(): Micros {
    return this.toWallUs(this.video.currentTime);
  }

  /** Until when pictures are ready from `atUs` on without a hole larger than `holeUs`; null when there is none. */
  readyUntil(atUs: Micros, holeUs: Micros): Micros | null {
    const at = this.toMediaSeconds(atUs);
    const { buffered } = this.video;
    let until: number | null = null;
    for (let index = 0; index < buffered.length; index += 1) {
      const from = buffered.start(index);
      if (until === null && from - holeUs / 1e6 <= at && at < buffered.end(index)) until = buffered.end(index);
      else if (until !== null && from - until <= holeUs / 1e6) until = buffered.end(index);
    }
    return until === null ? null : this.toWallUs(until);
  }

  /** Start of the buffered stretch right after a small hole at `atUs`, to step over it. */
  afterHole(atUs: Micros, holeUs: Micros): Micros | null {
    const at = this.toMediaSeconds(atUs);
    const { buffered } = this.video;
    for (let index = 0; index < buffered.length; index += 1) {
      const from = buffered.start(index);
      if (from > at && from - at <= holeUs / 1e6) return this.toWallUs(from);
    }
    return null;
  }

  /** Appends media whose own time 0 is `zeroUs`. The init segment goes first when the format may have changed. */
  append(mime: string, parts: readonly Uint8Array[], zeroUs: Micros): Promise<void> {
    return this.enqueue(async () => {
      const buffer = await this.bufferFor(mime);
      buffer.timestampOffset = this.toMediaSeconds(zeroUs);
      for (const part of parts)
        await this.operate(buffer, () => {
          buffer.appendBuffer(part as BufferSource);
        });
    });
  }

  /** Appends one picture at a slot of its own, whatever its time stamps say, and lets the decoder finish it. */
  appendStill(mime: string, bytes: Uint8Array, slotSeconds: number): Promise<void> {
    return this.enqueue(async () => {
      const buffer = await this.bufferFor(mime);
      await this.whenIdle(buffer);
      if (buffer.mode !== 'sequence') buffer.mode = 'sequence';
      buffer.timestampOffset = slotSeconds;
      await this.operate(buffer, () => {
        buffer.appendBuffer(bytes as BufferSource);
      });
      if (this.source.readyState === 'open') this.source.endOfStream();
    });
  }

  /** Drops what lies before `fromUs` and from `untilUs` on. */
  keepOnly(fromUs: Micros, untilUs: Micros): Promise<void> {
    return this.enqueue(async () => {
      const { buffer } = this;
      if (!buffer || buffer.buffered.length === 0) return;
      const first = buffer.buffered.start(0);
      const last = buffer.buffered.end(buffer.buffered.length - 1);
      const from = this.toMediaSeconds(fromUs);
      const until = this.toMediaSeconds(untilUs);
      if (from > first)
        await this.operate(buffer, () => {
          buffer.remove(Math.max(0, first), Math.min(from, last));
        });
      if (until < last)
        await this.operate(buffer, () => {
          buffer.remove(Math.max(until, 0), last);
        });
    });
  }

  removeSeconds(from: number, until: number): Promise<void> {
    return this.enqueue(async () => {
      const { buffer } = this;
      if (buffer && until > from)
        await this.operate(buffer, () => {
          buffer.remove(from, until);
        });
    });
  }

  close() {
    this.closed = true;
    URL.revokeObjectURL(this.url);
    this.video.removeAttribute('src');
    this.video.load();
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    const run = this.tail.then(async () => {
      if (this.closed) return;
      await this.opened;
      await work();
    });
    this.tail = run.catch(() => undefined);
    return run;
  }

  private async bufferFor(mime: string): Promise<SourceBuffer> {
    if (!playableMime(mime)) throw new PlaybackError('codec', mime);
    if (!this.buffer) {
      this.buffer = this.source.addSourceBuffer(mime);
      this.source.duration = (2 * ROOM_US) / 1e6;
    } else if (this.mime !== mime) {
      const { buffer } = this;
      await this.whenIdle(buffer);
      buffer.changeType(mime);
    }
    this.mime = mime;
    await this.whenIdle(this.buffer);
    return this.buffer;
  }

  private whenIdle(buffer: SourceBuffer): Promise<void> {
    if (!buffer.updating) return Promise.resolve();
    return new Promise((resolve) => {
      buffer.addEventListener(
        'updateend',
        () => {
          resolve();
        },
        { once: true },
      );
    });
  }

  private async operate(buffer: SourceBuffer, act: () => void): Promise<void> {
    if (this.closed) return;
    await this.whenIdle(buffer);
    await new Promise<void>((resolve, reject) => {
      const failed = () => {
        reject(new PlaybackError('damaged', 'The browser could not read this part of the recording'));
      };
      buffer.addEventListener('error', failed, { once: true });
      buffer.addEventListener(
        'updateend',
        () => {
          buffer.removeEventListener('error', failed);
          resolve();
        },
        { once: true },
      );
      act();
    });
  }
}
