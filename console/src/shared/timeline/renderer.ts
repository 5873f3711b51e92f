/**
 * Draws one timeline into a canvas: overview strip, ruler, a lane a camera, marks, play head.
 * Takes a scene and paints it; holds no state but the canvas, the palette and its patterns. The DOM twin
 * (gap table, slider values, lane labels) is `Timeline.tsx`'s.
 */
import { clockMsText, type Micros } from '@/shared/time/axis';
import { clockText } from '@/shared/time/beijing';
import { bucketRects, spanRects, type LaneRect, type Marks, type TimelineMetrics } from './layout';
import type { TimelinePalette } from './palette';
import { GapPatterns } from './patterns';
import { FINE_US_PER_PX, stepForDensity, ticksOf, viewportUntil, xOf, type Viewport } from './scale';
import { REASON_LOOKS, type GapReason } from './span';
import type { LaneView } from './tiles';

export interface LaneDetail {
  /** Starts of segments, in order. */
  readonly segmentStarts: readonly Micros[];
  readonly keyFrames: readonly Micros[];
  /** Access units: presentation time, size, whether a key frame. */
  readonly frames: readonly { readonly atUs: Micros; readonly bytes: number; readonly key: boolean }[];
}

export interface SceneLane {
  readonly channel: string;
  readonly data: LaneView;
  readonly useBuckets: boolean;
  readonly detail: LaneDetail | null;
  readonly dimmed: boolean;
}

export interface TimelineScene {
  readonly view: Viewport;
  readonly overview: Viewport;
  readonly overviewLane: LaneView | null;
  readonly overviewUsesBuckets: boolean;
  readonly lanes: readonly SceneLane[];
  readonly metrics: TimelineMetrics;
  readonly headUs: Micros | null;
  /** Scrubbing: the head's label says that the picture is a key frame nearby. */
  readonly headApprox: boolean;
  readonly nowUs: Micros;
  readonly marks: Marks;
  readonly hoverX: number | null;
}

const FONT = '"Segoe UI",Inter,Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
const CHIP_FROM_PX = 15;

export class TimelineRenderer {
  private readonly pen: CanvasRenderingContext2D;
  private patterns: GapPatterns;
  private widthPx = 0;
  private heightPx = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private palette: TimelinePalette,
  ) {
    const pen = canvas.getContext('2d', { alpha: false });
    if (!pen) throw new Error('The browser gave no 2D canvas context');
    this.pen = pen;
    this.patterns = new GapPatterns(palette, pen);
  }

  setPalette(palette: TimelinePalette) {
    if (palette === this.palette) return;
    this.palette = palette;
    this.patterns = new GapPatterns(palette, this.pen);
  }

  resize(widthPx: number, heightPx: number, pixelRatio: number) {
    const width = Math.max(1, Math.round(widthPx * pixelRatio));
    const height = Math.max(1, Math.round(heightPx * pixelRatio));
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.pen.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this.widthPx = widthPx;
    this.heightPx = heightPx;
  }

  draw(scene: TimelineScene) {
    const { pen, palette } = this;
    const { metrics } = scene;
    pen.textBaseline = 'middle';
    pen.fillStyle = palette.panel;
    pen.fillRect(0, 0, this.widthPx, this.heightPx);
    this.drawOverview(scene);
    this.drawRuler(scene);
    const lanesTop = metrics.overviewPx + metrics.rulerPx;
    scene.lanes.forEach((lane, index) => {
      this.drawLane(scene, lane, lanesTop + index * metrics.lanePx);
    });
    this.drawFuture(scene, lanesTop);
    this.drawMarks(scene);
    this.drawHover(scene);
    this.drawHead(scene);
  }

  private drawOverview(scene: TimelineScene) {
    const { pen, palette } = this;
    const height = scene.metrics.overviewPx;
    pen.fillStyle = palette.sunk;
    pen.fillRect(0, 0, this.widthPx, height - 1);
    if (scene.overviewLane) {
      const lane = scene.overviewLane;
      const rects = scene.overviewUsesBuckets
        ? bucketRects(scene.overview, lane.buckets)
        : spanRects(scene.overview, lane.spans);
      for (const rect of rects) this.drawRect(rect, 4, height - 9, 6, height - 13, false);
    }
    const from = xOf(scene.overview, scene.view.fromUs);
    const until = xOf(scene.overview, viewportUntil(scene.view));
    pen.strokeStyle = palette.primary;
    pen.lineWidth = 2;
    pen.strokeRect(
      Math.max(1, from),
      1,
      Math.max(6, Math.min(this.widthPx - 1, until) - Math.max(1, from)),
      height - 3,
    );
    if (scene.headUs !== null) {
      pen.fillStyle = palette.text;
      pen.fillRect(xOf(scene.overview, scene.headUs) - 0.5, 0, 1, height - 1);
    }
  }

  private drawRuler(scene: TimelineScene) {
    const { pen, palette } = this;
    const top = scene.metrics.overviewPx;
    const height = scene.metrics.rulerPx;
    const lanesBottom = top + height + scene.metrics.lanePx * scene.lanes.length;
    pen.font = `12px ${FONT}`;
    pen.textAlign = 'left';
    for (const tick of ticksOf(scene.view)) {
      const x = Math.round(xOf(scene.view, tick.atUs)) + 0.5;
      pen.fillStyle = tick.major ? palette.line : palette.hairline;
      pen.fillRect(x, top + height - (tick.major ? 8 : 4), 1, tick.major ? 8 : 4);
      if (tick.major) {
        pen.fillStyle = palette.hairline;
        pen.fillRect(x, top + height, 1, lanesBottom - top - height);
      }
      if (tick.label === '') continue;
      pen.fillStyle = palette.text2;
      pen.fillText(tick.label, x + 4, top + height / 2);
    }
  }

  private drawLane(scene: TimelineScene, lane: SceneLane, top: number) {
    const { pen, palette } = this;
    const { lanePx } = scene.metrics;
    pen.fillStyle = palette.sunk;
    pen.fillRect(0, top + 1, this.widthPx, lanePx - 2);
    pen.globalAlpha = lane.dimmed ? 0.55 : 1;
    const rects = lane.useBuckets ? bucketRects(scene.view, lane.data.buckets) : spanRects(scene.view, lane.data.spans);
    const solidHeight = Math.round(lanePx / 2);
    const solidTop = top + Math.round((lanePx - solidHeight) / 2);
    for (const rect of rects) this.drawRect(rect, solidTop, solidHeight, top + 1, lanePx - 2, true);
    if (lane.detail) this.drawDetail(scene, lane.detail, top);
    pen.globalAlpha = 1;
  }

  private drawRect(
    rect: LaneRect,
    solidTop: number,
    solidHeight: number,
    gapTop: number,
    gapHeight: number,
    withChip = true,
  ) {
    const { pen, palette } = this;
    const foot = gapTop + gapHeight - 4;
    switch (rect.kind) {
      case 'gap':
        this.drawGap(rect, gapTop, gapHeight, withChip);
        return;
      case 'not_due':
        pen.fillStyle = palette.hairline;
        pen.fillRect(rect.x, foot + 1, rect.width, 1);
        return;
      case 'expired':
        pen.fillStyle = palette.hairline;
        for (let x = Math.max(0, rect.x); x < Math.min(this.widthPx, rect.x + rect.width); x += 6)
          pen.fillRect(x, foot, 4, 4);
        return;
      case 'erased':
        pen.fillStyle = palette.law;
        pen.fillRect(rect.x, foot, rect.width, 4);
        return;
      case 'device':
        pen.strokeStyle = palette.recorded;
        pen.lineWidth = 1;
        pen.strokeRect(rect.x + 0.5, foot + 0.5, Math.max(1, rect.width - 1), 3);
        return;
      default:
        this.drawRecorded(rect, solidTop, solidHeight);
    }
  }

  private drawRecorded(rect: LaneRect, top: number, height: number) {
    const { pen, palette } = this;
    pen.fillStyle = palette.recorded;
    pen.fillRect(rect.x, top, rect.width, height);
    const from = Math.max(0, rect.x);
    const until = Math.min(this.widthPx, rect.x + rect.width);
    if (rect.kind === 'imported') {
      for (let x = from - ((from - rect.x) % 8); x < until; x += 8) pen.fillRect(x, top - 3, 1.5, 3);
    }
    if (rect.kind === 'backfilled') {
      pen.fillStyle = palette.panel;
      for (let x = from - ((from - rect.x) % 24) + 4; x < until - 4; x += 24) {
        pen.beginPath();
        pen.moveTo(x, top);
        pen.lineTo(x + 4, top);
        pen.lineTo(x, top + 4);
        pen.fill();
      }
    }
    if (rect.kind === 'suspect' && rect.width >= CHIP_FROM_PX) this.drawChip('B', rect, top - 1, height + 2);
  }

  private drawGap(rect: LaneRect, top: number, height: number, withChip: boolean) {
    const { pen } = this;
    const reason: GapReason = rect.reason ?? 'unknown';
    const look = REASON_LOOKS[reason];
    const colour = this.patterns.colourOf(reason);
    if (rect.width < 5) {
      pen.fillStyle = colour;
      pen.fillRect(rect.x, top, rect.width, height);
      return;
    }
    const fill = this.patterns.of(reason);
    if (typeof fill !== 'string') fill.setTransform(new DOMMatrix([1, 0, 0, 1, Math.round(rect.x), top]));
    pen.fillStyle = fill;
    pen.fillRect(rect.x, top, rect.width, height);
    pen.strokeStyle = colour;
    pen.lineWidth = look.pattern === 'outline' ? 1.5 : 1;
    pen.strokeRect(rect.x + 0.5, top + 0.5, rect.width - 1, height - 1);
    if (withChip && rect.width >= CHIP_FROM_PX) this.drawChip(look.letter, rect, top + 2, height - 4);
  }

  private drawChip(letter: string, rect: LaneRect, top: number, height: number) {
    const { pen, palette } = this;
    const from = Math.max(0, rect.x);
    const until = Math.min(this.widthPx, rect.x + rect.width);
    if (until - from < CHIP_FROM_PX) return;
    const middle = (from + until) / 2;
    const size = Math.min(16, height);
    pen.fillStyle = palette.panel;
    pen.fillRect(middle - size / 2, top + (height - size) / 2, size, size);
    pen.fillStyle = palette.text;
    pen.font = `600 12px ${FONT}`;
    pen.textAlign = 'center';
    pen.fillText(letter, middle, top + height / 2 + 0.5);
    pen.textAlign = 'left';
  }

  private drawDetail(scene: TimelineScene, detail: LaneDetail, top: number) {
    const { pen, palette } = this;
    const { lanePx } = scene.metrics;
    const kind = stepForDensity(scene.view.usPerPx).detail;
    if (kind === 'none') return;
    const visible = (atUs: Micros) => atUs >= scene.view.fromUs && atUs <= viewportUntil(scene.view);
    pen.fillStyle = palette.panel;
    for (const atUs of detail.segmentStarts) {
      if (visible(atUs)) pen.fillRect(xOf(scene.view, atUs) - 0.5, top + lanePx / 4, 1, lanePx / 2);
    }
    if (kind === 'segments') return;
    pen.fillStyle = palette.text;
    for (const atUs of detail.keyFrames) {
      if (visible(atUs)) pen.fillRect(xOf(scene.view, atUs) - 0.5, top + lanePx - 7, 1.5, 5);
    }
    if (kind !== 'frames') return;
    for (const frame of detail.frames) {
      if (!visible(frame.atUs)) continue;
      const height = Math.min(lanePx / 3, 2 + Math.log2(1 + frame.bytes / 512));
      pen.fillStyle = frame.key ? palette.text : palette.text3;
      pen.fillRect(xOf(scene.view, frame.atUs), top + lanePx - 2 - height, frame.key ? 3 : 2, height);
    }
  }

  private drawFuture(scene: TimelineScene, lanesTop: number) {
    const x = xOf(scene.view, scene.nowUs);
    if (x >= this.widthPx) return;
    const { pen, palette } = this;
    pen.fillStyle = palette.line;
    pen.fillRect(Math.max(0, x), lanesTop, 1, this.heightPx - lanesTop);
    pen.globalAlpha = 0.6;
    pen.fillStyle = palette.panel;
    pen.fillRect(Math.max(0, x), lanesTop, this.widthPx - Math.max(0, x), this.heightPx - lanesTop);
    pen.globalAlpha = 1;
  }

  private drawMarks(scene: TimelineScene) {
    const { pen, palette } = this;
    const top = scene.metrics.overviewPx;
    const { inUs, outUs } = scene.marks;
    if (inUs !== null && outUs !== null && outUs > inUs) {
      pen.globalAlpha = 0.16;
      pen.fillStyle = palette.primary;
      const from = Math.max(0, xOf(scene.view, inUs));
      pen.fillRect(from, top, Math.min(this.widthPx, xOf(scene.view, outUs)) - from, this.heightPx - top);
      pen.globalAlpha = 1;
    }
    if (inUs !== null) this.drawBracket(xOf(scene.view, inUs), top, 1);
    if (outUs !== null) this.drawBracket(xOf(scene.view, outUs), top, -1);
  }

  private drawBracket(x: number, top: number, inward: 1 | -1) {
    if (x < -12 || x > this.widthPx + 12) return;
    const { pen, palette } = this;
    const bottom = this.heightPx;
    pen.fillStyle = palette.primary;
    pen.fillRect(x - 1, top, 2, bottom - top);
    pen.fillRect(inward === 1 ? x : x - 8, top, 8, 3);
    pen.fillRect(inward === 1 ? x : x - 8, bottom - 3, 8, 3);
  }

  private drawHover(scene: TimelineScene) {
    if (scene.hoverX === null) return;
    const { pen, palette } = this;
    const top = scene.metrics.overviewPx;
    pen.fillStyle = palette.text3;
    pen.fillRect(Math.round(scene.hoverX), top, 1, this.heightPx - top);
  }

  private drawHead(scene: TimelineScene) {
    if (scene.headUs === null) return;
    const x = xOf(scene.view, scene.headUs);
    if (x < -60 || x > this.widthPx + 60) return;
    const { pen, palette } = this;
    const top = scene.metrics.overviewPx;
    pen.fillStyle = palette.text;
    pen.fillRect(x - 1, top, 2, this.heightPx - top);
    const fine = scene.view.usPerPx < FINE_US_PER_PX;
    const label = `${scene.headApprox ? '≈ ' : ''}${fine ? clockMsText(scene.headUs) : clockText(scene.headUs)}`;
    pen.font = `600 12px ${FONT}`;
    const width = pen.measureText(label).width + 10;
    const left = Math.min(this.widthPx - width, Math.max(0, x - width / 2));
    pen.fillRect(left, top, width, scene.metrics.rulerPx - 2);
    pen.fillStyle = palette.panel;
    pen.textAlign = 'left';
    pen.fillText(label, left + 5, top + (scene.metrics.rulerPx - 2) / 2 + 0.5);
  }
}
