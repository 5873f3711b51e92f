// One camera's recorded picture: moving pictures (by the browser, or by our decoder where it may), key frames above them,
// both following the master clock. Says what it shows (`status`) and whether the clock should wait for it. No React, no layout.
import { isHevc } from '@/shared/hevc/decoderPort';
import type { Micros } from '@/shared/time/axis';
import { CanvasView } from './canvas-view';
import type { FrameMark } from './feeder';
import type { ClockReading } from './master-clock';
import { playableMime } from './media-buffer';
import { phaseOf, type MovingView, type PlayerPhase } from './moving-view';
import { SegmentIndex } from './segment-index';
import { StillScreens } from './still-screen';
import { StillView } from './still-view';
import { VideoView } from './video-view';
import type { PlaybackError, RecordedStream } from './wire';

export type { PlayerPhase } from './moving-view';

export interface PlayerStatus {
  readonly phase: PlayerPhase;
  /** Wall time of the picture on screen. */
  readonly wallUs: Micros | null;
  /** The picture is a key frame near the position, not the position itself. */
  readonly approx: boolean;
  /** Picture minus clock when it was last measured. */
  readonly driftMs: number | null;
  readonly fault: PlaybackError | null;
  readonly mime: string | null;
  readonly decoder: 'browser' | 'software';
  readonly frames: number;
  /** How far the picture is behind the clock while it plays. */
  readonly lagMs: number;
  /** The clock need not wait for this camera. */
  readonly ready: boolean;
}

export interface PlayerElements {
  readonly stream: HTMLVideoElement;
  readonly still: HTMLVideoElement;
  /** Where our own decoder may draw. */
  readonly drawn: HTMLCanvasElement;
  /**
   * Carries `data-state`, `data-wall-us`, `data-frames`, `data-decoder`, `data-origin-us` (wall time of media time 0),
   * `data-layer`: `stream`, `still` or `drawn`.
   */
  readonly cell: HTMLElement;
}

export class PlaybackPlayer {
  private readonly index: SegmentIndex;
  private readonly stills: StillView;
  private readonly screens: StillScreens;
  private moving: MovingView;
  private decoder: 'browser' | 'software' = 'browser';
  private mayDraw = false;
  private audible = false;
  private phase: PlayerPhase = 'loading';
  private isStill = false;

  constructor(
    private readonly stream: RecordedStream,
    private readonly elements: PlayerElements,
    nowUs: () => Micros,
    private readonly nowMs: () => number,
  ) {
    this.index = new SegmentIndex(stream, nowUs);
    this.screens = new StillScreens(elements.still, elements.drawn);
    const screenFor = (mime: string) => this.screens.for(mime, this.mayDraw);
    this.stills = new StillView(this.index, stream, screenFor, () => this.onStill());
    this.moving = this.byBrowser();
  }

  /** Brings the picture to the clock. Called some twenty times a second. */
  follow(reading: ClockReading, clockAt: (nowMs: number) => Micros): PlayerStatus {
    const playing = reading.mode === 'playing';
    const tooFast = reading.rate < 0 || reading.rate > this.moving.mostRate;
    if (reading.mode === 'scrubbing' || (playing && tooFast)) this.followStills(reading);
    else this.followMoving(reading, clockAt);
    this.publish();
    return this.status();
  }

  status(): PlayerStatus {
    return {
      phase: this.phase,
      wallUs: this.isStill ? this.stills.shownUs : this.moving.wallUs,
      approx: this.isStill,
      driftMs: this.moving.driftMs,
      fault: this.moving.fault ?? this.stills.fault,
      mime: this.moving.mime,
      decoder: this.decoder,
      frames: this.moving.frames + this.stills.pictures,
      lagMs: this.moving.lagMs,
      ready: this.phase !== 'loading',
    };
  }

  /** Presentation times around a moment, for frame steps and for the finest zoom of the timeline. */
  get frameMarks(): readonly FrameMark[] {
    return this.moving.frameMarks;
  }

  get segmentIndex(): SegmentIndex {
    return this.index;
  }

  /** The recording itself, for another view of it (hover picture, contact strip); closed with the player. */
  get recorded(): RecordedStream {
    return this.stream;
  }

  frameAfter(atUs: Micros): Micros | null {
    return this.frameMarks.find((frame) => frame.atUs > atUs + 1_000)?.atUs ?? null;
  }

  frameBefore(atUs: Micros): Micros | null {
    const marks = this.frameMarks;
    const shown = marks.findLastIndex((frame) => frame.atUs <= atUs + 1_000);
    return marks[shown - 1]?.atUs ?? null;
  }

  setAudible(audible: boolean): void {
    this.audible = audible;
    this.moving.setAudible(audible);
  }

  /** Whether our own decoder may be used where the browser has none: it serves one picture at a time. */
  setDrawing(mayDraw: boolean): void {
    if (mayDraw === this.mayDraw) return;
    this.mayDraw = mayDraw;
    if (!mayDraw && this.decoder === 'software') this.use('browser');
    this.retry();
  }

  retry(): void {
    this.moving.retry();
    this.stills.fault = null;
  }

  /** The viewing ends in the journal; looking again begins another one. */
  leave(): void {
    this.stream.leave();
  }

  close(): void {
    this.moving.close();
    this.stills.close();
    this.screens.close();
    this.stream.close();
  }

  private followStills(reading: ClockReading) {
    this.moving.rest(reading.mode === 'playing');
    this.phase = 'stills';
    this.stills.show(reading.positionUs);
    if (this.stills.inGap) this.phase = 'gap';
    if (this.stills.fault) this.phase = phaseOf(this.stills.fault);
  }

  private followMoving(reading: ClockReading, clockAt: (nowMs: number) => Micros) {
    this.stills.rest();
    this.phase = this.moving.follow(reading, clockAt);
    if (this.phase !== 'unsupported') return;
    // One step on the ladder: to our decoder, and back where a later file is one that the browser plays.
    const mime = this.moving.fault?.detail ?? '';
    if (this.decoder === 'browser' && this.mayDraw && isHevc(mime)) this.use('software');
    else if (this.decoder === 'software' && playableMime(mime)) this.use('browser');
    else return;
    this.phase = 'loading';
  }

  private use(decoder: 'browser' | 'software') {
    this.moving.close();
    this.decoder = decoder;
    this.moving = decoder === 'software' ? this.bySoftware() : this.byBrowser();
    this.moving.setAudible(this.audible);
  }

  private byBrowser(): MovingView {
    return new VideoView(this.index, this.stream, this.elements.stream, this.nowMs, () => this.onMoving('stream'));
  }

  private bySoftware(): MovingView {
    return new CanvasView(this.index, this.stream, this.elements.drawn, this.nowMs, () => this.onMoving('drawn'));
  }

  private onMoving(layer: 'stream' | 'drawn') {
    this.isStill = false;
    this.elements.cell.dataset.layer = layer;
    this.publish();
  }

  private onStill() {
    if (this.phase === 'stills' && this.stills.shownUs !== null) {
      this.isStill = true;
      this.elements.cell.dataset.layer = this.screens.layer;
    }
    this.publish();
  }

  private publish() {
    const { dataset } = this.elements.cell;
    const { phase, wallUs, driftMs, frames, decoder, approx } = this.status();
    dataset.state = phase;
    dataset.frames = String(frames);
    dataset.decoder = decoder;
    dataset.approx = String(approx);
    if (this.moving.originUs !== null) dataset.originUs = String(this.moving.originUs);
    if (wallUs !== null) dataset.wallUs = String(wallUs);
    if (driftMs === null) delete dataset.driftMs;
    else dataset.driftMs = driftMs.toFixed(1);
  }
}
