// Coded pictures that wait for the decoder, and which of them is worth decoding: pure, its time is given.
// A live picture that is late is not shown late: first what nothing refers to goes, then everything up to a key frame.
import type { Urgency } from './wire';

export interface CodedPicture {
  readonly atUs: number;
  readonly durationUs: number;
  readonly key: boolean;
  /** Type of the first slice (ITU-T H.265 table 7-1). */
  readonly unit: number;
  readonly bytes: Uint8Array;
  /** When it came, on the clock that `next` is given. */
  readonly heardMs: number;
}

const SPARE_FROM_MS = 250;
const LATE_FROM_MS = 700;
/** A recorded picture this far behind the wanted moment gives way to a later key frame, where one is at hand. */
const BEHIND_US = 500_000;
const RASL = [8, 9];
const MOST_SUBLAYER_UNIT = 14;

export class CodedQueue {
  private waiting: CodedPicture[] = [];
  private awaitsKey = true;
  private skipsLeading = false;
  dropped = 0;

  constructor(private readonly urgency: Urgency) {}

  get length(): number {
    return this.waiting.length;
  }

  push(picture: CodedPicture): void {
    this.waiting.push(picture);
  }

  /** What to decode next, or null while nothing of use waits. `wantedUs` counts for recorded pictures only. */
  next(nowMs: number, wantedUs: number): CodedPicture | null {
    if (this.urgency === 'live') this.dropLate(nowMs);
    else this.skipTo(wantedUs);
    for (let picture = this.waiting.shift(); picture; picture = this.waiting.shift()) {
      if (this.isOfUse(picture, nowMs)) return picture;
      this.dropped += 1;
    }
    return null;
  }

  /** After something that could not be decoded: nothing is of use before the next key frame. */
  restart(): void {
    this.awaitsKey = true;
  }

  private isOfUse(picture: CodedPicture, nowMs: number): boolean {
    if (picture.key) {
      this.skipsLeading = this.awaitsKey;
      this.awaitsKey = false;
      return true;
    }
    if (this.awaitsKey) return false;
    // Leading pictures refer to what was before the key frame that was jumped to.
    if (this.skipsLeading && RASL.includes(picture.unit)) return false;
    if (!RASL.includes(picture.unit)) this.skipsLeading = false;
    return !(this.urgency === 'live' && isSpare(picture) && nowMs - picture.heardMs > SPARE_FROM_MS);
  }

  private dropLate(nowMs: number): void {
    const oldest = this.waiting[0];
    if (!oldest || nowMs - oldest.heardMs <= LATE_FROM_MS) return;
    this.dropTo(this.waiting.findLastIndex((picture) => picture.key));
  }

  private skipTo(wantedUs: number): void {
    const oldest = this.waiting[0];
    if (!oldest || wantedUs - oldest.atUs <= BEHIND_US) return;
    const key = this.waiting.findLastIndex((picture) => picture.key && picture.atUs <= wantedUs);
    if (key > 0) this.dropTo(key);
  }

  /** Everything before this index; all of it, up to a key frame that is yet to come, where the index is none. */
  private dropTo(index: number): void {
    const gone = index < 0 ? this.waiting.length : index;
    if (gone === 0) return;
    this.waiting.splice(0, gone);
    this.dropped += gone;
    this.awaitsKey = true;
  }
}

/** A picture of the highest sub-layer that no other refers to: even types up to 14. */
function isSpare(picture: CodedPicture): boolean {
  return picture.unit <= MOST_SUBLAYER_UNIT && picture.unit % 2 === 0;
}
