// Live fragments onto a canvas by the WebAssembly decoder, for H.265 that the browser itself cannot decode. One picture at a
// time: the decoder takes a core. Late pictures are dropped, never shown late; a machine that cannot keep up is told so.
import { DecoderPort } from '../hevc/decoderPort';
import { KeepingUp } from '../hevc/keepingUp';

/** Far more than the decoder lets wait: it drops what is late. Beyond this it has stopped. */
const MOST_WAITING_BYTES = 12_000_000;

export interface WasmEars {
  /** A picture is on the canvas; when it was taken, camera's clock. */
  picture: (atUs: number) => void;
  /** This machine drops more than it shows. */
  slow: () => void;
  fault: (why: string) => void;
}

export class WasmSink {
  private readonly port: DecoderPort;
  private readonly pen: ImageBitmapRenderingContext | null;
  private readonly keeping = new KeepingUp();
  private begun = false;
  dropped = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly epochUs: number,
    private readonly ears: WasmEars,
  ) {
    this.pen = canvas.getContext('bitmaprenderer');
    this.port = new DecoderPort({
      picture: (bitmap, atUs) => this.show(bitmap, atUs),
      fault: ears.fault,
      taken: (decoded, dropped) => this.judge(decoded, dropped),
    });
  }

  /** The first bytes are the init segment. */
  append(bytes: ArrayBuffer): void {
    if (!this.begun) {
      this.begun = true;
      this.port.begin('live', new Uint8Array(bytes));
      return;
    }
    if (this.port.waitingBytes + bytes.byteLength > MOST_WAITING_BYTES) {
      this.ears.fault('queue');
      return;
    }
    this.port.fragments(new Uint8Array(bytes), this.epochUs);
  }

  close(): void {
    this.port.close();
  }

  private show(bitmap: ImageBitmap, atUs: number): void {
    if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
    if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
    this.pen?.transferFromImageBitmap(bitmap);
    this.ears.picture(atUs);
  }

  private judge(decoded: number, dropped: number): void {
    this.dropped = dropped;
    if (document.visibilityState === 'hidden') this.keeping.forget();
    else if (!this.keeping.note(performance.now(), decoded, dropped)) this.ears.slow();
  }
}
