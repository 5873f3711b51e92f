// Which key frame to show for a wanted moment: scrubbing, hover pictures, fast and backward playing.
// One request in flight; while it runs only the last wanted moment is remembered. No picture is ever taken back:
// the old one stays until the new one is on screen.
import type { Micros } from '@/shared/time/axis';
import { keyFrameBefore, type SegmentIndex } from './segment-index';
import type { StillScreen } from './still-screen';
import { PlaybackError, type RecordedStream } from './wire';

export class StillView {
  private wantedUs: Micros | null = null;
  private controller: AbortController | null = null;
  private screen: StillScreen | null = null;
  private closed = false;
  /** Wall time of the picture on screen. */
  shownUs: Micros | null = null;
  /** The last wanted moment lies in no segment. */
  inGap = false;
  fault: PlaybackError | null = null;
  pictures = 0;

  constructor(
    private readonly index: SegmentIndex,
    private readonly stream: RecordedStream,
    /** The screen for a type of recording; throws `PlaybackError('codec')` where there is none. */
    private readonly screenFor: (mime: string) => StillScreen,
    private readonly onChange: () => void,
  ) {}

  show(atUs: Micros): void {
    if (this.closed) return;
    this.wantedUs = atUs;
    if (!this.controller) void this.run();
  }

  /** Forgets what was wanted; a picture under way may still arrive. */
  rest(): void {
    this.wantedUs = null;
  }

  close(): void {
    this.closed = true;
    this.controller?.abort();
  }

  private async run(): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    try {
      while (this.wantedUs !== null && !controller.signal.aborted) {
        const atUs = this.wantedUs;
        await this.present(atUs, controller.signal);
        if (this.wantedUs === atUs) this.wantedUs = null;
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      this.fault = error instanceof PlaybackError ? error : new PlaybackError('network', String(error));
      this.wantedUs = null;
      // A screen that refused once never takes a picture again: the next one finds it new.
      this.screen?.forget();
      this.shownUs = null;
      this.onChange();
    } finally {
      if (this.controller === controller) this.controller = null;
    }
  }

  private async present(atUs: Micros, signal: AbortSignal): Promise<void> {
    const segment = await this.index.at(atUs, signal);
    signal.throwIfAborted();
    this.inGap = segment === null;
    if (!segment) {
      this.onChange();
      return;
    }
    const table = await this.index.table(segment, signal);
    signal.throwIfAborted();
    const keyUs = keyFrameBefore(table.keyFrames, atUs);
    const screen = this.screenFor(table.mime);
    if (screen === this.screen && keyUs !== null && keyUs === this.shownUs) return;
    this.screen = screen;
    if (keyUs !== null && (await screen.again(keyUs))) {
      this.shown(keyUs);
      return;
    }
    const picture = await this.stream.keyPicture(segment, atUs, signal);
    signal.throwIfAborted();
    await screen.put(table.mime, picture);
    signal.throwIfAborted();
    this.shown(picture.wallUs);
  }

  private shown(wallUs: Micros) {
    this.shownUs = wallUs;
    this.fault = null;
    this.pictures += 1;
    this.onChange();
  }
}
