// One camera's recorded picture: a stream of pictures in one `<video>`, key frames in another above it, both steered to the
// master clock. Says what it shows (`status`) and whether the clock should wait for it. No React, no words, no layout.
import type { Micros } from '@/shared/time/axis';
import { Feeder, HOLE_US, type FrameMark } from './feeder';
import { isKeyFrameRate, type ClockReading } from './master-clock';
import { SegmentIndex } from './segment-index';
import { steer } from './steering';
import { StillView } from './still-view';
import type { PlaybackError, RecordedStream } from './wire';

export type PlayerPhase = 'loading' | 'playing' | 'paused' | 'stills' | 'gap' | 'unsupported' | 'failed';

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
  readonly frames: number;
  /** The clock need not wait for this camera. */
  readonly ready: boolean;
}

export interface PlayerElements {
  readonly stream: HTMLVideoElement;
  readonly still: HTMLVideoElement;
  /** Carries `data-state`, `data-wall-us`, `data-frames`, `data-layer`. */
  readonly cell: HTMLElement;
}

const AHEAD_PLAYING_US = 12_000_000;
const AHEAD_PAUSED_US = 3_000_000;
const READY_AHEAD_US = 300_000;
const SAME_PICTURE_S = 0.0005;

export class PlaybackPlayer {
  private readonly index: SegmentIndex;
  private readonly feeder: Feeder;
  private readonly stills: StillView;
  private jumpsSeen = -1;
  private settled = false;
  private wallUs: Micros | null = null;
  private driftMs: number | null = null;
  private frames = 0;
  private phase: PlayerPhase = 'loading';
  private layer: 'stream' | 'still' = 'stream';
  private clockAt: (nowMs: number) => Micros = () => 0;
  private closed = false;

  constructor(
    private readonly stream: RecordedStream,
    private readonly elements: PlayerElements,
    nowUs: () => Micros,
    nowMs: () => number,
  ) {
    this.index = new SegmentIndex(stream, nowUs);
    this.feeder = new Feeder(this.index, stream, elements.stream, nowMs);
    this.stills = new StillView(this.index, stream, elements.still, () => {
      this.onStill();
    });
    elements.stream.addEventListener('seeked', this.onSeeked);
    this.watchFrames();
  }

  /** Brings the picture to the clock. Called some twenty times a second. */
  follow(reading: ClockReading, clockAt: (nowMs: number) => Micros): PlayerStatus {
    this.clockAt = clockAt;
    const byStills = reading.mode === 'scrubbing' || (reading.mode === 'playing' && isKeyFrameRate(reading.rate));
    if (byStills) this.followStills(reading);
    else this.followStream(reading);
    this.publish();
    return this.status();
  }

  status(): PlayerStatus {
    const fault = this.feeder.fault ?? this.stills.fault;
    return {
      phase: this.phase,
      wallUs: this.layer === 'still' ? this.stills.shownUs : this.wallUs,
      approx: this.layer === 'still',
      driftMs: this.driftMs,
      fault,
      mime: this.feeder.mime,
      frames: this.frames + this.stills.pictures,
      ready: this.phase !== 'loading',
    };
  }

  /** Presentation times around a moment, for frame steps and for the finest zoom of the timeline. */
  get frameMarks(): readonly FrameMark[] {
    return this.feeder.frames;
  }

  get segmentIndex(): SegmentIndex {
    return this.index;
  }

  get nextStartUs(): Micros | null {
    return this.feeder.nextStartUs;
  }

  frameAfter(atUs: Micros): Micros | null {
    return this.feeder.frames.find((frame) => frame.atUs > atUs + 1_000)?.atUs ?? null;
  }

  frameBefore(atUs: Micros): Micros | null {
    const shown = this.feeder.frames.findLastIndex((frame) => frame.atUs <= atUs + 1_000);
    return this.feeder.frames[shown - 1]?.atUs ?? null;
  }

  setAudible(audible: boolean): void {
    this.elements.stream.muted = !audible;
  }

  retry(): void {
    this.feeder.retry();
    this.stills.fault = null;
  }

  close(): void {
    this.closed = true;
    this.elements.stream.removeEventListener('seeked', this.onSeeked);
    this.elements.stream.pause();
    this.feeder.close();
    this.stills.close();
    this.stream.close();
  }

  private followStills(reading: ClockReading) {
    this.elements.stream.pause();
    this.settled = false;
    this.driftMs = null;
    this.phase = 'stills';
    if (reading.mode === 'playing') this.feeder.media?.keepOnly(0, 0).catch(() => undefined);
    this.stills.show(reading.positionUs);
    if (this.stills.inGap) this.phase = 'gap';
    if (this.stills.fault) this.phase = phaseOf(this.stills.fault);
  }

  private followStream(reading: ClockReading) {
    const { positionUs } = reading;
    const playing = reading.mode === 'playing';
    this.stills.rest();
    if (reading.jumps !== this.jumpsSeen) {
      this.jumpsSeen = reading.jumps;
      this.settled = false;
    }
    this.feeder.want(positionUs, playing ? AHEAD_PLAYING_US * Math.max(1, reading.rate) : AHEAD_PAUSED_US);
    if (this.feeder.fault) {
      this.halt(phaseOf(this.feeder.fault));
      return;
    }
    if (this.feeder.isGap(positionUs)) {
      this.halt('gap');
      return;
    }
    this.followBuffered(reading, playing);
  }

  private followBuffered(reading: ClockReading, playing: boolean) {
    const { media } = this.feeder;
    const { stream } = this.elements;
    const untilUs = media?.readyUntil(reading.positionUs, HOLE_US) ?? null;
    const needUs = playing && this.feeder.busy ? READY_AHEAD_US * Math.max(1, reading.rate) : 0;
    if (!media || untilUs === null || untilUs - reading.positionUs < needUs) {
      this.halt('loading');
      return;
    }
    if (!this.settled) {
      this.seek(media.toMediaSeconds(reading.positionUs));
      this.settled = true;
    }
    if (stream.seeking || stream.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.phase = 'loading';
      return;
    }
    if (!playing) {
      stream.pause();
      this.phase = 'paused';
      const distance = Math.abs(stream.currentTime - media.toMediaSeconds(reading.positionUs));
      if (distance > SAME_PICTURE_S) this.seek(media.toMediaSeconds(reading.positionUs));
      return;
    }
    if (reading.held) {
      stream.pause();
      this.phase = 'playing';
      return;
    }
    this.run(reading, media.toMediaSeconds(reading.positionUs));
  }

  private run(reading: ClockReading, seconds: number) {
    const { stream } = this.elements;
    this.phase = 'playing';
    if (stream.paused) void stream.play().catch(() => undefined);
    const driftMs = (stream.currentTime - seconds) * 1000;
    const steering = steer(driftMs, reading.rate);
    if (steering.act === 'jump') {
      this.seek(seconds);
      return;
    }
    if (Math.abs(stream.playbackRate - steering.playbackRate) > 0.001) stream.playbackRate = steering.playbackRate;
  }

  private halt(phase: PlayerPhase) {
    this.elements.stream.pause();
    this.settled = false;
    this.driftMs = null;
    this.phase = phase;
  }

  private seek(seconds: number) {
    this.elements.stream.currentTime = Math.max(0, seconds);
  }

  private readonly onSeeked = () => {
    if (this.phase !== 'stills') this.setLayer('stream');
    const { media } = this.feeder;
    if (media && this.elements.stream.paused) this.wallUs = this.pictureAt(media.positionUs);
    this.publish();
  };

  private onStill() {
    if (this.phase === 'stills' && this.stills.shownUs !== null) this.setLayer('still');
    this.publish();
  }

  private setLayer(layer: 'stream' | 'still') {
    this.layer = layer;
    this.elements.cell.dataset.layer = layer;
  }

  /** The picture that covers a moment: the last one that begins at or before it. */
  private pictureAt(atUs: Micros): Micros {
    return this.feeder.frames.findLast((frame) => frame.atUs <= atUs + 1_000)?.atUs ?? atUs;
  }

  private watchFrames() {
    const { stream } = this.elements;
    if (!('requestVideoFrameCallback' in stream)) return;
    const onFrame = (_now: number, metadata: VideoFrameCallbackMetadata) => {
      if (this.closed) return;
      this.frames += 1;
      const { media } = this.feeder;
      if (media) {
        this.wallUs = media.toWallUs(metadata.mediaTime);
        if (this.phase === 'playing') {
          this.driftMs = (this.wallUs - this.clockAt(metadata.expectedDisplayTime)) / 1000;
        }
      }
      this.publish();
      stream.requestVideoFrameCallback(onFrame);
    };
    stream.requestVideoFrameCallback(onFrame);
  }

  private publish() {
    const { dataset } = this.elements.cell;
    const { phase, wallUs, driftMs, frames } = this.status();
    dataset.state = phase;
    dataset.frames = String(frames);
    if (wallUs !== null) dataset.wallUs = String(wallUs);
    if (driftMs === null) delete dataset.driftMs;
    else dataset.driftMs = driftMs.toFixed(1);
  }
}

function phaseOf(fault: PlaybackError): PlayerPhase {
  return fault.fault === 'codec' ? 'unsupported' : 'failed';
}
