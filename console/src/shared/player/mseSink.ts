// Fragments into a <video> by Media Source Extensions. One MediaSource an init segment; appends wait in a bounded queue.
import { trimmable } from './drift';

const MOST_QUEUED_BYTES = 12_000_000;

export class MseSink {
  private readonly source = new MediaSource();
  private readonly address: string;
  private buffer: SourceBuffer | null = null;
  private queue: ArrayBuffer[] = [];
  private queuedBytes = 0;
  private closed = false;

  constructor(
    private readonly video: HTMLVideoElement,
    mime: string,
    private readonly onFault: (why: string) => void,
  ) {
    this.address = URL.createObjectURL(this.source);
    this.source.addEventListener(
      'sourceopen',
      () => {
        if (this.closed) return;
        this.buffer = this.source.addSourceBuffer(mime);
        this.buffer.addEventListener('updateend', () => this.pump());
        this.buffer.addEventListener('error', () => this.fail('append'));
        this.pump();
      },
      { once: true },
    );
    video.src = this.address;
  }

  append(bytes: ArrayBuffer): void {
    this.queue.push(bytes);
    this.queuedBytes += bytes.byteLength;
    if (this.queuedBytes > MOST_QUEUED_BYTES) {
      this.fail('queue');
      return;
    }
    this.pump();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.video.removeAttribute('src');
    this.video.load();
    URL.revokeObjectURL(this.address);
  }

  private fail(why: string): void {
    if (!this.closed) this.onFault(why);
  }

  private pump(): void {
    const buffer = this.buffer;
    if (this.closed || !buffer || buffer.updating || this.source.readyState !== 'open') return;
    try {
      const old = trimmable(this.video.currentTime, buffer.buffered);
      if (old) {
        buffer.remove(old[0], old[1]);
        return;
      }
      const next = this.queue.shift();
      if (!next) return;
      this.queuedBytes -= next.byteLength;
      buffer.appendBuffer(next);
    } catch (error) {
      this.fail(error instanceof Error ? error.name : 'append');
    }
  }
}
