/**
 * From spans and buckets to rectangles in pixels, and from a pixel back to a thing.
 * The one rule that everything here serves: loss is visible at every zoom. A gap is at least
 * two pixels wide, is drawn over recorded time and is never joined with it.
 */
import type { Micros } from '@/shared/time/axis';
import { timeAt, viewportUntil, xOf, type Viewport } from './scale';
import { spanAt, type Bucket, type GapReason, type Span, type SpanKind } from './span';

export const MIN_GAP_PX = 2;

export interface LaneRect {
  readonly x: number;
  readonly width: number;
  readonly kind: SpanKind;
  readonly reason?: GapReason;
}

/** Recorded and thin spans first, gaps after, so that drawing in order keeps every gap on top. */
export function spanRects(view: Viewport, spans: readonly Span[]): LaneRect[] {
  const untilUs = viewportUntil(view);
  const solid: LaneRect[] = [];
  const gaps: LaneRect[] = [];
  for (const span of spans) {
    if (span.untilUs <= view.fromUs || span.fromUs >= untilUs) continue;
    const x = Math.max(-4, xOf(view, span.fromUs));
    const end = Math.min(view.widthPx + 4, xOf(view, span.untilUs));
    if (span.kind === 'gap') {
      pushGap(gaps, x, end - x, span.reason ?? 'unknown');
      continue;
    }
    pushSolid(solid, x, end - x, span.kind);
  }
  return [...solid, ...gaps];
}

/** A coarse level: what was kept fills the bucket, what was lost stands at its left, worst reason first. */
export function bucketRects(view: Viewport, buckets: readonly Bucket[]): LaneRect[] {
  const untilUs = viewportUntil(view);
  const solid: LaneRect[] = [];
  const gaps: LaneRect[] = [];
  for (const bucket of buckets) {
    if (bucket.untilUs <= view.fromUs || bucket.fromUs >= untilUs) continue;
    const x = xOf(view, bucket.fromUs);
    const width = (bucket.untilUs - bucket.fromUs) / view.usPerPx;
    if (bucket.keptUs > 0) pushSolid(solid, x, width, 'recorded');
    else if (bucket.dueUs === 0) pushSolid(solid, x, width, 'not_due');

    let lostX = x;
    const lost = Object.entries(bucket.lost) as [GapReason, Micros][];
    lost.sort((a, b) => b[1] - a[1]);
    for (const [reason, lostUs] of lost) {
      if (lostUs <= 0) continue;
      const lostWidth = lostUs / view.usPerPx;
      pushGap(gaps, lostX, lostWidth, reason);
      lostX += lostWidth;
    }
  }
  return [...solid, ...gaps];
}

function pushSolid(into: LaneRect[], x: number, width: number, kind: SpanKind) {
  const last = into[into.length - 1];
  if (last && last.kind === kind && x - (last.x + last.width) < 0.01) {
    into[into.length - 1] = { ...last, width: x + width - last.x };
    return;
  }
  into.push({ x, width: Math.max(width, 0.5), kind });
}

function pushGap(into: LaneRect[], x: number, width: number, reason: GapReason) {
  const wide = Math.max(width, MIN_GAP_PX);
  const last = into[into.length - 1];
  if (last && last.reason === reason && x <= last.x + last.width + 0.01) {
    into[into.length - 1] = { ...last, width: Math.max(last.width, x + wide - last.x) };
    return;
  }
  into.push({ x, width: wide, kind: 'gap', reason });
}

export interface TimelineMetrics {
  readonly overviewPx: number;
  readonly rulerPx: number;
  readonly lanePx: number;
}

export const COMPACT_METRICS: TimelineMetrics = { overviewPx: 24, rulerPx: 20, lanePx: 24 };
const WALL_METRICS: TimelineMetrics = { overviewPx: 32, rulerPx: 28, lanePx: 40 };

const DENSE_METRICS: TimelineMetrics = { overviewPx: 20, rulerPx: 20, lanePx: 16 };
const LANES_AT_EASE = 4;

/** Many lanes on a low screen are drawn lower, so that the pictures keep their room. */
export function metricsFor(wall: boolean, lanes: number, lowScreen: boolean): TimelineMetrics {
  if (wall) return WALL_METRICS;
  return lanes > LANES_AT_EASE && lowScreen ? DENSE_METRICS : COMPACT_METRICS;
}

export function timelineHeight(metrics: TimelineMetrics, lanes: number): number {
  return metrics.overviewPx + metrics.rulerPx + metrics.lanePx * lanes;
}

export interface Marks {
  readonly inUs: Micros | null;
  readonly outUs: Micros | null;
}

export type Hit =
  | { readonly part: 'overview'; readonly atUs: Micros }
  | { readonly part: 'mark_in' | 'mark_out' }
  | { readonly part: 'ruler'; readonly atUs: Micros }
  | { readonly part: 'lane'; readonly lane: number; readonly atUs: Micros };

const HANDLE_PX = 12;

/** What lies under a pointer. Bracket handles (24 px wide) win over lanes, so that they can always be caught. */
export function hitTest(
  view: Viewport,
  overview: Viewport,
  metrics: TimelineMetrics,
  lanes: number,
  marks: Marks,
  x: number,
  y: number,
): Hit {
  if (y < metrics.overviewPx) return { part: 'overview', atUs: timeAt(overview, x) };
  if (marks.outUs !== null && isOnHandle(xOf(view, marks.outUs), x)) return { part: 'mark_out' };
  if (marks.inUs !== null && isOnHandle(xOf(view, marks.inUs), x)) return { part: 'mark_in' };
  const atUs = timeAt(view, x);
  const laneY = y - metrics.overviewPx - metrics.rulerPx;
  if (laneY < 0 || lanes === 0) return { part: 'ruler', atUs };
  return { part: 'lane', lane: Math.min(lanes - 1, Math.floor(laneY / metrics.lanePx)), atUs };
}

function isOnHandle(handleX: number, x: number): boolean {
  return Math.abs(handleX - x) <= HANDLE_PX;
}

/** The gap under a pointer with a little forgiveness, because a gap may be two pixels wide. */
export function gapNear(view: Viewport, spans: readonly Span[], x: number): Span | undefined {
  for (const offset of [0, -2, 2, -4, 4]) {
    const span = spanAt(spans, timeAt(view, x + offset));
    if (span?.kind === 'gap') return span;
  }
  const nearUs = view.usPerPx * 4;
  const atUs = timeAt(view, x);
  return spans.find((span) => span.kind === 'gap' && span.fromUs - nearUs <= atUs && span.untilUs + nearUs >= atUs);
}
