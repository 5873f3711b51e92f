// Moving pictures in a `<video>` by Media Source Extensions, steered to the master clock.
import type { Micros } from '@/shared/time/axis';
import { Feeder, type FrameMark } from './feeder';
import { MAX_FULL_RATE, type ClockReading } from './master-clock';
import { MediaBuffer, playableMime } from './media-buffer';
import { AHEAD_PAUSED_US, AHEAD_PLAYING_US, phaseOf, type MovingView, type PlayerPhase } from './moving-view';
import { HOLE_US, type SegmentIndex } from './segment-index';
import { QUIET_MS, steer } from './steering';
import type { PlaybackError, RecordedStream } from './wire';

const READY_AHEAD_US = 300_000;
const SAME_PICTURE_S = 0.0005;

export class VideoView implements MovingView {
  private readonly feeder: Feeder<MediaBuffer>;
  private jumpsSeen = -1;
  private settled = false;
  private phase: PlayerPhase = 'loading';
  private clockAt: (nowMs: number) => Micros = () => 0;
  private closed = false;
  readonly mostRate = MAX_FULL_RATE;
  wallUs: Micros | null = null;
  driftMs: number | null = null;
  lagMs = 0;
  frames = 0;

  constructor(
    index: SegmentIndex,
    stream: RecordedStream,
    private readonly video: HTMLVideoElement,
    nowMs: () => number,
    private readonly onPicture: () => void,
  ) {
    const sinks = { accepts: playableMime, open: (aroundUs: Micros) => new MediaBuffer(video, aroundUs) };
    this.feeder = new Feeder(index, stream, sinks, nowMs);
    video.addEventListener('seeked', this.onSeeked);
    this.watchFrames();
  }

  get originUs(): Micros | null {
    return this.feeder.media?.originUs ?? null;
  }

  get fault(): PlaybackError | null {
    return this.feeder.fault;
  }

  get mime(): string | null {
    return this.feeder.mime;
  }

  get frameMarks(): readonly FrameMark[] {
    return this.feeder.frames;
  }

  follow(reading: ClockReading, clockAt: (nowMs: number) => Micros): PlayerPhase {
    this.clockAt = clockAt;
    const { positionUs } = reading;
    const playing = reading.mode === 'playing';
    if (reading.jumps !== this.jumpsSeen) {
      this.jumpsSeen = reading.jumps;
      this.settled = false;
    }
    this.lagMs = 0;
    this.feeder.want(positionUs, playing ? AHEAD_PLAYING_US * Math.max(1, reading.rate) : AHEAD_PAUSED_US);
    if (this.feeder.fault) this.halt(phaseOf(this.feeder.fault));
    else if (this.feeder.isGap(positionUs)) this.halt('gap');
    else this.followBuffered(reading, playing);
    return this.phase;
  }

  rest(playing: boolean): void {
    this.halt('stills');
    if (playing) this.feeder.media?.keepOnly(0, 0).catch(() => undefined);
  }

  setAudible(audible: boolean): void {
    this.video.muted = !audible;
  }

  retry(): void {
    this.feeder.retry();
  }

  close(): void {
    this.closed = true;
    this.video.removeEventListener('seeked', this.onSeeked);
    this.video.pause();
    this.feeder.close();
  }

  private followBuffered(reading: ClockReading, playing: boolean) {
    const { media } = this.feeder;
    const { video } = this;
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
    if (video.seeking || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      this.phase = 'loading';
      return;
    }
    if (!playing) {
      video.pause();
      this.phase = 'paused';
      const distance = Math.abs(video.currentTime - media.toMediaSeconds(reading.positionUs));
      if (distance > SAME_PICTURE_S) this.seek(media.toMediaSeconds(reading.positionUs));
      return;
    }
    const seconds = media.toMediaSeconds(reading.positionUs);
    this.lagMs = Math.max(0, (seconds - video.currentTime) * 1000);
    // While the clock waits, who is behind it runs on to where it stands.
    if (reading.held && this.lagMs < QUIET_MS) {
      video.pause();
      this.phase = 'playing';
      return;
    }
    this.run(reading, seconds);
  }

  private run(reading: ClockReading, seconds: number) {
    const { video } = this;
    this.phase = 'playing';
    if (video.paused) void video.play().catch(() => undefined);
    const driftMs = (video.currentTime - seconds) * 1000;
    const steering = steer(driftMs, reading.rate);
    if (steering.act === 'jump') {
      this.seek(seconds);
      return;
    }
    if (Math.abs(video.playbackRate - steering.playbackRate) > 0.001) video.playbackRate = steering.playbackRate;
  }

  private halt(phase: PlayerPhase) {
    this.video.pause();
    this.settled = false;
    this.driftMs = null;
    this.phase = phase;
  }

  private seek(seconds: number) {
    this.video.currentTime = Math.max(0, seconds);
  }

  private readonly onSeeked = () => {
    const { media } = this.feeder;
    if (media && this.video.paused) this.wallUs = this.pictureAt(media.positionUs);
    if (this.phase !== 'stills') this.onPicture();
  };

  /** The picture that covers a moment: the last one that begins at or before it. */
  private pictureAt(atUs: Micros): Micros {
    return this.feeder.frames.findLast((frame) => frame.atUs <= atUs + 1_000)?.atUs ?? atUs;
  }

  private watchFrames() {
    const { video } = this;
    if (!('requestVideoFrameCallback' in video)) return;
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
      if (this.phase !== 'stills') this.onPicture();
      video.requestVideoFrameCallback(onFrame);
    };
    video.requestVideoFrameCallback(onFrame);
  }
}
