// Fragments onto a canvas by the WebAssembly decoder, for H.265 that the browser itself cannot decode. One picture at a
// time: the decoder takes a core. A machine that cannot keep up is told so, and the sub-stream takes over.
import type { FromDecoder, ToDecoder } from './hevcWorker';

/** About three seconds of a main stream of 8 Mbit/s. */
const MOST_WAITING_BYTES = 3_000_000;

export class WasmSink {
  private readonly worker = new Worker(new URL('./hevcWorker.ts', import.meta.url), { type: 'module' });
  private readonly pen: ImageBitmapRenderingContext | null;
  private begun = false;
  private waitingBytes = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    onPicture: () => void,
    private readonly onFault: (why: string) => void,
  ) {
    this.pen = canvas.getContext('bitmaprenderer');
    this.worker.onmessage = (event: MessageEvent<FromDecoder>) => {
      const word = event.data;
      if (word.type === 'taken') this.waitingBytes -= word.bytes;
      else if (word.type === 'fault') onFault(word.why);
      else {
        this.canvas.width = word.bitmap.width;
        this.canvas.height = word.bitmap.height;
        this.pen?.transferFromImageBitmap(word.bitmap);
        onPicture();
      }
    };
    this.worker.onerror = (event) => onFault(event.message || 'worker');
  }

  /** The first bytes are the init segment. */
  append(bytes: ArrayBuffer): void {
    const type = this.begun ? 'fragment' : 'init';
    this.begun = true;
    this.waitingBytes += bytes.byteLength;
    if (this.waitingBytes > MOST_WAITING_BYTES) {
      this.onFault('slow');
      return;
    }
    const word: ToDecoder = { type, bytes };
    this.worker.postMessage(word, [bytes]);
  }

  close(): void {
    this.worker.terminate();
  }
}
