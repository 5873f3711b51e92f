// The key frames around a moment as small pictures, for a contact strip. They come by the same road as scrubbing's (one
// request in flight, the last wanted moment wins) and are shown to nobody where they are decoded: each is copied from there.
import type { Micros } from '@/shared/time/axis';
import type { KeyFrameRef, SegmentIndex } from './segment-index';
import { StillScreens } from './still-screen';
import { PlaybackError, type RecordedStream } from './wire';

export interface ContactFrame {
  readonly wallUs: Micros;
  readonly picture: ImageBitmap | null;
}

const BEFORE = 5;
const AFTER = 4;
export const CONTACT_FRAMES = BEFORE + AFTER;
/** The place of the frame that shows the moment. */
export const CONTACT_MIDDLE = BEFORE - 1;
const PICTURE_HEIGHT_PX = 90;
const MOST_KEPT = 48;

/** Which place of the strip a frame takes, from 0: the one that shows the moment is in the middle. */
export function placesOf(wallUs: readonly Micros[], atUs: Micros): number[] {
  const middle = Math.max(0, wallUs.findLastIndex((us) => us <= atUs));
  return wallUs.map((_, index) => CONTACT_MIDDLE + index - middle);
}

/** Of the frames without a picture, the one nearest to the moment. */
export function nextWanted<Frame extends { wallUs: Micros }>(
  frames: readonly Frame[],
  has: (wallUs: Micros) => boolean,
  atUs: Micros,
): Frame | undefined {
  const missing = frames.filter((frame) => !has(frame.wallUs));
  return missing.sort((a, b) => Math.abs(a.wallUs - atUs) - Math.abs(b.wallUs - atUs))[0];
}

export class ContactFrames {
  private readonly video = document.createElement('video');
  private readonly canvas = document.createElement('canvas');
  private readonly screens: StillScreens;
  private readonly pictures = new Map<Micros, ImageBitmap>();
  private readonly controller = new AbortController();
  private around: readonly KeyFrameRef[] = [];
  private wantedUs: Micros | null = null;
  private running = false;
  fault: PlaybackError | null = null;

  constructor(
    private readonly index: SegmentIndex,
    private readonly stream: RecordedStream,
    private readonly onChange: () => void,
  ) {
    this.video.muted = true;
    this.screens = new StillScreens(this.video, this.canvas);
  }

  get frames(): ContactFrame[] {
    return this.around.map(({ wallUs }) => ({ wallUs, picture: this.pictures.get(wallUs) ?? null }));
  }

  show(atUs: Micros): void {
    this.wantedUs = atUs;
    if (!this.running) void this.run(this.controller.signal);
  }

  close(): void {
    this.controller.abort();
    this.screens.close();
    for (const picture of this.pictures.values()) picture.close();
    this.pictures.clear();
  }

  private async run(signal: AbortSignal): Promise<void> {
    this.running = true;
    try {
      while (this.wantedUs !== null && !signal.aborted) {
        const atUs = this.wantedUs;
        const around = await this.index.keyFramesAround(atUs, BEFORE, AFTER, signal);
        signal.throwIfAborted();
        this.place(around);
        const next = nextWanted(around, (wallUs) => this.pictures.has(wallUs), atUs);
        if (next) await this.take(next, signal);
        else if (this.wantedUs === atUs) this.wantedUs = null;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.fault = error instanceof PlaybackError ? error : new PlaybackError('network', String(error));
      this.wantedUs = null;
      this.onChange();
    } finally {
      this.running = false;
    }
  }

  private place(around: readonly KeyFrameRef[]): void {
    const same = around.length === this.around.length && around.every((one, at) => one.wallUs === this.around[at]?.wallUs);
    if (same) return;
    this.around = around;
    this.onChange();
  }

  private async take({ segment, mime, wallUs }: KeyFrameRef, signal: AbortSignal): Promise<void> {
    const screen = this.screens.for(mime, true);
    try {
      await screen.put(mime, await this.stream.keyPicture(segment, wallUs, signal));
    } catch (error) {
      // A screen that refused once never takes a picture again: the next one finds it new.
      screen.forget();
      throw error;
    }
    const drawn = this.screens.layer === 'drawn';
    const [width, height] = drawn ? [this.canvas.width, this.canvas.height] : [this.video.videoWidth, this.video.videoHeight];
    const size = { resizeHeight: PICTURE_HEIGHT_PX, resizeWidth: Math.max(1, Math.round((PICTURE_HEIGHT_PX * width) / height)) };
    const picture = await createImageBitmap(drawn ? this.canvas : this.video, size);
    if (signal.aborted) {
      picture.close();
      return;
    }
    this.pictures.set(wallUs, picture);
    this.fault = null;
    this.forgetOldest();
    this.onChange();
  }

  private forgetOldest(): void {
    const shown = new Set(this.around.map(({ wallUs }) => wallUs));
    for (const [wallUs, picture] of this.pictures) {
      if (this.pictures.size <= MOST_KEPT) return;
      if (shown.has(wallUs)) continue;
      picture.close();
      this.pictures.delete(wallUs);
    }
  }
}
