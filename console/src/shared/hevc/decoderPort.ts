// The owner's end of one decoder: begins runs, hands fragments over within a bound, takes pictures of the present run only.
import type { FromDecoder, ToDecoder, Urgency } from './wire';

export interface DecoderEars {
  picture: (bitmap: ImageBitmap, atUs: number) => void;
  fault: (why: string) => void;
  /** Counts since the run began. */
  taken?: (decoded: number, dropped: number) => void;
}

export class DecoderPort {
  private readonly worker = new Worker(new URL('./hevcWorker.ts', import.meta.url), { type: 'module' });
  private run = 0;
  private closed = false;
  /** Handed over and neither decoded nor dropped. */
  waitingBytes = 0;

  constructor(private readonly ears: DecoderEars) {
    this.worker.onmessage = (event: MessageEvent<FromDecoder>) => this.hear(event.data);
    this.worker.onerror = (event) => ears.fault(event.message || 'worker');
  }

  /** The bytes are left where they are: the same init segment begins many runs. */
  begin(urgency: Urgency, init: Uint8Array): void {
    this.run += 1;
    this.waitingBytes = 0;
    this.say({ type: 'begin', run: this.run, urgency, init: copyOf(init) });
  }

  init(init: Uint8Array): void {
    this.say({ type: 'init', run: this.run, init: copyOf(init) });
  }

  fragments(bytes: Uint8Array, zeroUs: number, last = false): void {
    this.waitingBytes += bytes.length;
    this.say({ type: 'fragments', run: this.run, bytes: copyOf(bytes), zeroUs, heardMs: Date.now(), last });
  }

  wants(fromUs: number): void {
    this.say({ type: 'wanted', run: this.run, fromUs });
  }

  hasRoomFor(pictures: number): void {
    if (pictures > 0) this.say({ type: 'room', run: this.run, pictures });
  }

  close(): void {
    this.closed = true;
    this.worker.terminate();
  }

  private say(word: ToDecoder): void {
    if (this.closed) return;
    const bytes = word.type === 'fragments' ? [word.bytes] : [];
    this.worker.postMessage(word, bytes);
  }

  private hear(word: FromDecoder): void {
    if (this.closed || word.run !== this.run) {
      if (word.type === 'picture') word.bitmap.close();
      return;
    }
    if (word.type === 'fault') this.ears.fault(word.why);
    else if (word.type === 'picture') this.ears.picture(word.bitmap, word.atUs);
    else {
      this.waitingBytes -= word.bytes;
      this.ears.taken?.(word.decoded, word.dropped);
    }
  }
}

function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** Whether this is a type that our own decoder is for. */
export function isHevc(mime: string): boolean {
  return /\b(hvc1|hev1)\b/.test(mime) && typeof WebAssembly !== 'undefined' && typeof Worker !== 'undefined';
}

/** What people call the codec of a MIME type. */
export function codecName(mime: string): string {
  if (/\b(hvc1|hev1)\b/.test(mime)) return 'H.265';
  if (/\bavc[13]\b/.test(mime)) return 'H.264';
  return mime;
}
