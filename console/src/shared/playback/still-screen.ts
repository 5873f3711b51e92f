// Where single key frames are shown: in a small `<video>` of their own by the browser, or on a canvas by our decoder.
import { DecoderPort, isHevc } from '@/shared/hevc/decoderPort';
import type { Micros } from '@/shared/time/axis';
import { MediaBuffer, playableMime } from './media-buffer';
import { PlaybackError, type KeyPicture } from './wire';

export interface StillScreen {
  /** Shows a picture that it still has; false when it has it no more. */
  again(wallUs: Micros): Promise<boolean>;
  /** `mime` is the recording's, with its sound. Resolves when the picture is on screen. */
  put(mime: string, picture: KeyPicture): Promise<void>;
  /** After a refusal: the next picture finds everything new. */
  forget(): void;
  close(): void;
}

const SLOT_SECONDS = 2;
const MOST_SLOTS = 40;
const PRESENT_WAIT_MS = 700;

export class VideoStills implements StillScreen {
  private buffer: MediaBuffer | null = null;
  private slots = new Map<Micros, number>();
  private nextSlot = 1;

  constructor(private readonly video: HTMLVideoElement) {}

  async again(wallUs: Micros): Promise<boolean> {
    const slot = this.slots.get(wallUs);
    if (slot === undefined) return false;
    await this.reveal(slot);
    return true;
  }

  async put(mime: string, { wallUs, bytes }: KeyPicture): Promise<void> {
    this.buffer ??= new MediaBuffer(this.video, wallUs);
    const slot = this.nextSlot;
    await this.buffer.appendStill(withoutSound(mime), bytes, slot * SLOT_SECONDS);
    this.nextSlot += 1;
    this.slots.set(wallUs, slot);
    if (this.slots.size > MOST_SLOTS) await this.dropOldest();
    await this.reveal(slot);
  }

  forget(): void {
    this.buffer?.close();
    this.buffer = null;
    this.slots.clear();
    this.nextSlot = 1;
  }

  close(): void {
    this.forget();
  }

  private async dropOldest(): Promise<void> {
    const [oldest] = this.slots;
    if (!oldest) return;
    this.slots.delete(oldest[0]);
    await this.buffer?.removeSeconds(0, (oldest[1] + 0.5) * SLOT_SECONDS);
  }

  private async reveal(slot: number): Promise<void> {
    this.video.currentTime = slot * SLOT_SECONDS + 0.001;
    await presented(this.video);
  }
}

export class CanvasStills implements StillScreen {
  private port: DecoderPort | null = null;
  private shownUs: Micros | null = null;
  private waiting: { done: () => void; failed: (error: PlaybackError) => void } | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  again(wallUs: Micros): Promise<boolean> {
    return Promise.resolve(wallUs === this.shownUs);
  }

  async put(_mime: string, { wallUs, bytes }: KeyPicture): Promise<void> {
    this.port ??= new DecoderPort({ picture: (bitmap) => this.show(bitmap), fault: (why) => this.refuse(why) });
    const shown = new Promise<void>((done, failed) => {
      this.waiting = { done, failed };
    });
    this.port.begin('asked', bytes);
    this.port.hasRoomFor(1);
    this.port.fragments(bytes, 0, true);
    await shown;
    this.shownUs = wallUs;
  }

  forget(): void {
    this.refuse('forgotten');
    this.port?.close();
    this.port = null;
    this.shownUs = null;
  }

  close(): void {
    this.forget();
  }

  private show(bitmap: ImageBitmap): void {
    if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
    if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
    this.canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
    this.waiting?.done();
    this.waiting = null;
  }

  private refuse(why: string): void {
    this.waiting?.failed(new PlaybackError('codec', `hevc ${why}`));
    this.waiting = null;
  }
}

/** Both screens over one place, and which of them a recording needs. */
export class StillScreens {
  private readonly byBrowser: VideoStills;
  private readonly bySoftware: CanvasStills;
  layer: 'still' | 'drawn' = 'still';

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.byBrowser = new VideoStills(video);
    this.bySoftware = new CanvasStills(canvas);
  }

  /** Throws `PlaybackError('codec')` where the browser cannot and our decoder may not. */
  for(mime: string, mayDraw: boolean): StillScreen {
    const playable = playableMime(mime);
    if (!playable && !(mayDraw && isHevc(mime))) throw new PlaybackError('codec', mime);
    this.layer = playable ? 'still' : 'drawn';
    return playable ? this.byBrowser : this.bySoftware;
  }

  close(): void {
    this.byBrowser.close();
    this.bySoftware.close();
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
