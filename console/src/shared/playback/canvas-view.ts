// Moving pictures on a canvas by our own H.265 decoder, brought to the master clock: each is drawn when its time has come.
// Without sound. A machine that falls behind makes the clock wait; it never shows a wrong moment.
import { isHevc } from '@/shared/hevc/decoderPort';
import type { Micros } from '@/shared/time/axis';
import { DecoderSink } from './decoder-sink';
import { Feeder, type FrameMark } from './feeder';
import type { ClockReading } from './master-clock';
import { playableMime } from './media-buffer';
import { AHEAD_PAUSED_US, AHEAD_PLAYING_US, phaseOf, type MovingView, type PlayerPhase } from './moving-view';
import type { SegmentIndex } from './segment-index';
import type { PlaybackError, RecordedStream } from './wire';

/** A picture this late is still worth showing; beyond it the clock waits, until pictures are ready for this long ahead. */
const LATE_US = 500_000;
const READY_AHEAD_US = 200_000;
/** A jump ahead that the run under way reaches by itself. */
const NEAR_AHEAD_US = 1_500_000;

export class CanvasView implements MovingView {
  private readonly feeder: Feeder<DecoderSink>;
  private readonly pen: ImageBitmapRenderingContext | null;
  private jumpsSeen = -1;
  private phase: PlayerPhase = 'loading';
  private clockAt: (nowMs: number) => Micros = () => 0;
  private frame = 0;
  readonly mostRate = 2;
  readonly originUs = null;
  /** It makes the clock wait by itself (`keepUp`). */
  readonly lagMs = 0;
  wallUs: Micros | null = null;
  driftMs: number | null = null;
  frames = 0;

  constructor(
    index: SegmentIndex,
    stream: RecordedStream,
    private readonly canvas: HTMLCanvasElement,
    nowMs: () => number,
    private readonly onPicture: () => void,
  ) {
    const sinks = { accepts: (mime: string) => isHevc(mime) && !playableMime(mime), open: () => new DecoderSink() };
    this.feeder = new Feeder(index, stream, sinks, nowMs);
    this.pen = canvas.getContext('bitmaprenderer');
    this.drawInTime();
  }

  get fault(): PlaybackError | null {
    return this.feeder.fault ?? this.feeder.media?.fault ?? null;
  }

  get mime(): string | null {
    return this.feeder.mime;
  }

  get frameMarks(): readonly FrameMark[] {
    return this.feeder.frames;
  }

  follow(reading: ClockReading, clockAt: (nowMs: number) => Micros): PlayerPhase {
    this.clockAt = clockAt;
    const playing = reading.mode === 'playing';
    if (reading.jumps !== this.jumpsSeen) this.jump(reading);
    this.feeder.want(reading.positionUs, playing ? AHEAD_PLAYING_US : AHEAD_PAUSED_US);
    this.feeder.media?.wants(reading.positionUs - (playing ? LATE_US : 0));
    const { fault } = this;
    if (fault) this.phase = phaseOf(fault);
    else if (this.feeder.isGap(reading.positionUs)) this.phase = 'gap';
    else if (playing) this.keepUp(reading.positionUs);
    else this.settle(reading.positionUs);
    return this.phase;
  }

  rest(): void {
    this.phase = 'stills';
    this.driftMs = null;
    this.jumpsSeen = -1;
  }

  /** There is no sound to be heard: this decoder is for pictures. */
  setAudible(): void {}

  retry(): void {
    this.feeder.retry();
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    this.feeder.close();
  }

  private jump(reading: ClockReading) {
    const first = this.jumpsSeen < 0;
    this.jumpsSeen = reading.jumps;
    const shownUs = this.wallUs;
    const ahead = shownUs === null ? -1 : reading.positionUs - shownUs;
    if (!first && ahead >= 0 && ahead < NEAR_AHEAD_US) return;
    this.wallUs = null;
    this.feeder.retry();
  }

  private keepUp(positionUs: Micros) {
    const newestUs = Math.max(this.feeder.media?.untilUs ?? 0, this.wallUs ?? 0);
    const needUs = this.phase === 'playing' ? -LATE_US : READY_AHEAD_US;
    if (newestUs - positionUs >= needUs || this.feeder.nextStartUs === null) {
      this.phase = 'playing';
      return;
    }
    // What is late is taken all the same: pictures that nobody takes leave the decoder no room to catch up.
    this.show(positionUs);
    this.phase = 'loading';
  }

  /** Paused: the exact picture, which is known to be it once it covers the moment. */
  private settle(positionUs: Micros) {
    this.show(positionUs);
    this.phase = this.wallUs !== null && this.covers(this.wallUs, positionUs) ? 'paused' : 'loading';
  }

  private covers(pictureUs: Micros, atUs: Micros): boolean {
    const due = this.feeder.frames.findLast((mark) => mark.atUs <= atUs + 1_000)?.atUs;
    return due === undefined || Math.abs(due - pictureUs) <= 1_000;
  }

  private drawInTime() {
    this.frame = requestAnimationFrame((nowMs) => {
      if (this.phase === 'playing') this.show(this.clockAt(nowMs));
      this.drawInTime();
    });
  }

  private show(atUs: Micros) {
    const picture = this.feeder.media?.take(atUs + 1_000);
    if (!picture) return;
    const { bitmap } = picture;
    if (this.canvas.width !== bitmap.width) this.canvas.width = bitmap.width;
    if (this.canvas.height !== bitmap.height) this.canvas.height = bitmap.height;
    this.pen?.transferFromImageBitmap(bitmap);
    this.wallUs = picture.atUs;
    this.driftMs = this.phase === 'playing' ? (picture.atUs - atUs) / 1000 : null;
    this.frames += 1;
    this.onPicture();
  }
}
