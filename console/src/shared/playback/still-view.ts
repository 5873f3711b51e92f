// Shows key frames one by one in a `<video>` of its own: scrubbing, hover pictures, fast and backward playing.
// One request in flight; while it runs only the last wanted moment is remembered. No picture is ever taken back:
// the old one stays until the new one is on screen.
import type { Micros } from '@/shared/time/axis';
import { MediaBuffer } from './media-buffer';
import { keyFrameBefore, type SegmentIndex } from './segment-index';
import { PlaybackError, type RecordedStream } from './wire';

const SLOT_SECONDS = 2;
const MOST_SLOTS = 40;
const PRESENT_WAIT_MS = 700;

export class StillView {
  private buffer: MediaBuffer | null = null;
  private slots = new Map<Micros, number>();
  private nextSlot = 1;
  private wantedUs: Micros | null = null;
  private controller: AbortController | null = null;
  private closed = false;
  /** Wall time of the picture on screen. */
  shownUs: Micros | null = null;
  /** The last wanted moment lies in no segment. */
  inGap = false;
  fault: PlaybackError | null = null;
  pictures = 0;

  constructor(
    private readonly index: SegmentIndex,
    private readonly stream: RecordedStream,
    private readonly video: HTMLVideoElement,
    private readonly onChange: () => void,
  ) {}

  show(atUs: Micros): void {
    if (this.closed) return;
    this.wantedUs = atUs;
    if (!this.controller) void this.run();
  }

  /** Forgets what was wanted; a picture under way may still arrive. */
  rest(): void {
    this.wantedUs = null;
  }

  close(): void {
    this.closed = true;
    this.controller?.abort();
    this.buffer?.close();
    this.buffer = null;
  }

  private async run(): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    try {
      while (this.wantedUs !== null && !controller.signal.aborted) {
        const atUs = this.wantedUs;
        await this.present(atUs, controller.signal);
        if (this.wantedUs === atUs) this.wantedUs = null;
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.fault = error instanceof PlaybackError ? error : new PlaybackError('network', String(error));
      this.wantedUs = null;
      this.forgetPictures();
      this.onChange();
    } finally {
      if (this.controller === controller) this.controller = null;
    }
  }

  /** A buffer that refused once never takes a picture again: the next one gets a new buffer. */
  private forgetPictures(): void {
    this.buffer?.close();
    this.buffer = null;
    this.slots.clear();
    this.nextSlot = 1;
    this.shownUs = null;
  }

  private async present(atUs: Micros, signal: AbortSignal): Promise<void> {
    const segment = await this.index.at(atUs, signal);
    signal.throwIfAborted();
    this.inGap = segment === null;
    if (!segment) {
      this.onChange();
      return;
    }
    const table = await this.index.table(segment, signal);
    signal.throwIfAborted();
    const keyUs = keyFrameBefore(table.keyFrames, atUs);
    if (keyUs !== null && keyUs === this.shownUs) return;
    const slot = keyUs === null ? undefined : this.slots.get(keyUs);
    if (slot !== undefined && keyUs !== null) {
      await this.reveal(slot, keyUs);
      return;
    }
    const picture = await this.stream.keyPicture(segment, atUs, signal);
    signal.throwIfAborted();
    await this.append(withoutSound(table.mime), picture.wallUs, picture.bytes);
    signal.throwIfAborted();
    await this.reveal(this.nextSlot - 1, picture.wallUs);
  }

  private async append(mime: string, wallUs: Micros, bytes: Uint8Array): Promise<void> {
    this.buffer ??= new MediaBuffer(this.video, wallUs);
    const slot = this.nextSlot;
    await this.buffer.appendStill(mime, bytes, slot * SLOT_SECONDS);
    this.nextSlot += 1;
    this.slots.set(wallUs, slot);
    if (this.slots.size <= MOST_SLOTS) return;
    const [oldest] = this.slots;
    if (!oldest) return;
    this.slots.delete(oldest[0]);
    await this.buffer.removeSeconds(0, (oldest[1] + 0.5) * SLOT_SECONDS);
  }

  private async reveal(slot: number, wallUs: Micros): Promise<void> {
    this.video.currentTime = slot * SLOT_SECONDS + 0.001;
    await presented(this.video);
    this.shownUs = wallUs;
    this.fault = null;
    this.pictures += 1;
    this.onChange();
  }
}

/** The type of a key frame by itself: it comes without sound, and a buffer that was promised sound refuses it. */
export function withoutSound(mime: string): string {
  return mime.replace(/codecs="([^"]*)"/, (_all, codecs: string) => {
    const pictures = codecs.split(',').filter((codec) => !/^\s*(mp4a|flac|opus|ac-3|ec-3)\b/i.test(codec));
    return `codecs="${pictures.join(',').trim()}"`;
  });
}

/** Resolves when the picture after a seek is on screen, or after a bounded wait in a hidden page. */
function presented(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      video.removeEventListener('seeked', done);
      resolve();
    };
    const timer = setTimeout(done, PRESENT_WAIT_MS);
    video.addEventListener('seeked', done, { once: true });
  });
}
