// Takes fragments to our own H.265 decoder and keeps the few pictures that come back, oldest first, until they are shown.
// A picture of 1080p is 8 MB: the decoder is told how many more there is room for.
import { DecoderPort } from '@/shared/hevc/decoderPort';
import type { Micros } from '@/shared/time/axis';
import type { FragmentSink } from './feeder';
import { PlaybackError } from './wire';

const MOST_PICTURES = 8;

export interface DecodedPicture {
  readonly atUs: Micros;
  readonly bitmap: ImageBitmap;
}

export class DecoderSink implements FragmentSink {
  private readonly port: DecoderPort;
  private pictures: DecodedPicture[] = [];
  private begun = false;
  private wantedUs: Micros = 0;
  fault: PlaybackError | null = null;

  constructor() {
    this.port = new DecoderPort({
      picture: (bitmap, atUs) => this.pictures.push({ bitmap, atUs }),
      fault: (why) => {
        this.fault = new PlaybackError('codec', `hevc ${why}`);
      },
    });
  }

  /** The newest moment of which a picture is decoded. */
  get untilUs(): Micros | null {
    return this.pictures.at(-1)?.atUs ?? null;
  }

  reaches(): boolean {
    return true;
  }

  /** A new run begins where nothing of the old one is kept; what is behind needs no removing. */
  keepOnly(fromUs: Micros, untilUs: Micros): Promise<void> {
    if (fromUs === untilUs) {
      this.drop(this.pictures.length);
      this.begun = false;
    }
    return Promise.resolve();
  }

  append(_mime: string, parts: readonly Uint8Array[], zeroUs: Micros): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    const fragments = parts.at(-1);
    const [init] = parts;
    if (init && parts.length > 1) this.announce(init);
    if (fragments) this.port.fragments(fragments, zeroUs);
    return Promise.resolve();
  }

  wants(fromUs: Micros): void {
    this.wantedUs = fromUs;
    if (this.begun) this.port.wants(fromUs);
  }

  /** The picture for a moment, given away: the last that begins at or before it. Older ones go. */
  take(atUs: Micros): DecodedPicture | null {
    const index = this.pictures.findLastIndex((picture) => picture.atUs <= atUs);
    if (index < 0) return null;
    this.drop(index);
    const picture = this.pictures.shift() ?? null;
    if (picture) this.port.hasRoomFor(1);
    return picture;
  }

  close(): void {
    this.port.close();
    this.drop(this.pictures.length);
  }

  private announce(init: Uint8Array): void {
    if (this.begun) {
      this.port.init(init);
      return;
    }
    this.begun = true;
    this.port.begin('asked', init);
    this.port.wants(this.wantedUs);
    this.port.hasRoomFor(MOST_PICTURES);
  }

  private drop(count: number): void {
    for (const picture of this.pictures.splice(0, count)) picture.bitmap.close();
    if (this.begun) this.port.hasRoomFor(count);
  }
}
