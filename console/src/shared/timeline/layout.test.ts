import { expect, test } from 'vitest';
import { DAY_US, HOUR_US, SECOND_US, parseWall } from '@/shared/time/beijing';
import { COMPACT_METRICS, MIN_GAP_PX, bucketRects, gapNear, hitTest, metricsFor, spanRects, timelineHeight } from './layout';
import { ZOOM_STEPS, viewportAt, xOf, zoomIndex } from './scale';
import {
  REASONS, REASON_LOOKS, knownReason, neighbourGap, neighbourPicture, spanAt, sumRange, type Bucket, type Span,
} from './span';

const day = parseWall('2026-11-23') ?? 0;
const month = ZOOM_STEPS[zoomIndex('1mo')];
if (!month) throw new Error('no month');
const view = viewportAt(month, 1100, day);

const recorded = (fromUs: number, untilUs: number): Span => ({ fromUs, untilUs, kind: 'recorded' });
const gap = (fromUs: number, untilUs: number): Span => ({ fromUs, untilUs, kind: 'gap', reason: 'path_network' });

test('a gap of one second is visible at month, from spans', () => {
  const spans = [recorded(day - DAY_US, day), gap(day, day + SECOND_US), recorded(day + SECOND_US, day + DAY_US)];
  const rects = spanRects(view, spans);
  const last = rects[rects.length - 1];
  expect(last?.kind).toBe('gap');
  expect(last?.width).toBeGreaterThanOrEqual(MIN_GAP_PX);
});

test('a gap of one second is visible at month, from hourly buckets', () => {
  const buckets: Bucket[] = Array.from({ length: 48 }, (_, hour) => ({
    fromUs: day + hour * HOUR_US,
    untilUs: day + (hour + 1) * HOUR_US,
    dueUs: HOUR_US,
    keptUs: hour === 7 ? HOUR_US - SECOND_US : HOUR_US,
    lost: hour === 7 ? { path_network: SECOND_US } : {},
  }));
  const rects = bucketRects(view, buckets);
  const gaps = rects.filter((rect) => rect.kind === 'gap');
  expect(gaps).toHaveLength(1);
  expect(gaps[0]?.width).toBeGreaterThanOrEqual(MIN_GAP_PX);
  expect(gaps[0]?.x).toBeCloseTo(xOf(view, day + 7 * HOUR_US));
  expect(rects.indexOf(gaps[0] as (typeof rects)[number])).toBe(rects.length - 1);
});

test('gaps of different reasons are never joined, and recorded time never covers one', () => {
  const spans: Span[] = [
    gap(day, day + SECOND_US),
    { fromUs: day + SECOND_US, untilUs: day + 2 * SECOND_US, kind: 'gap', reason: 'disk_full' },
    recorded(day + 2 * SECOND_US, day + DAY_US),
  ];
  const rects = spanRects(view, spans);
  expect(rects.filter((rect) => rect.kind === 'gap').map((rect) => rect.reason)).toEqual(['path_network', 'disk_full']);
  expect(rects[0]?.kind).toBe('recorded');
});

test('a two-pixel gap can be hit without being a marksman', () => {
  const spans = [recorded(day - DAY_US, day), gap(day, day + SECOND_US), recorded(day + SECOND_US, day + DAY_US)];
  expect(gapNear(view, spans, xOf(view, day) + 3)?.kind).toBe('gap');
  expect(gapNear(view, spans, xOf(view, day) + 40)).toBeUndefined();
});

test('bracket handles win over lanes; the overview has its own scale', () => {
  const marks = { inUs: day, outUs: day + DAY_US };
  const overview = { fromUs: day, usPerPx: DAY_US / 1100, widthPx: 1100 };
  const hit = (x: number, y: number) => hitTest(view, overview, COMPACT_METRICS, 2, marks, x, y);
  expect(hit(xOf(view, day) + 5, 60).part).toBe('mark_in');
  expect(hit(550, 10)).toEqual({ part: 'overview', atUs: day + DAY_US / 2 });
  expect(hit(100, 30).part).toBe('ruler');
  expect(hit(100, 44 + 24 + 3)).toMatchObject({ part: 'lane', lane: 1 });
});

test('every reason has a look, and no two of one family share both letter and pattern', () => {
  const seen = new Set(REASONS.map((reason) => `${REASON_LOOKS[reason].family}/${REASON_LOOKS[reason].letter}`));
  expect(seen.size).toBe(REASONS.length);
  expect(knownReason('something_new')).toBe('unknown');
});

test('steps from gap to gap and from picture to picture', () => {
  const spans = [recorded(0, 10), gap(10, 20), recorded(20, 30), gap(30, 40), recorded(40, 50)];
  expect(neighbourGap(spans, 5, 1)?.fromUs).toBe(10);
  expect(neighbourGap(spans, 35, -1)?.fromUs).toBe(30);
  expect(neighbourPicture(spans, 12, 1)).toBe(20);
  expect(neighbourPicture(spans, 35, -1)).toBe(20);
  expect(spanAt(spans, 10)?.kind).toBe('gap');
});

test('the sum of a range cuts its gaps to the range', () => {
  const spans = [recorded(0, 10), gap(10, 20), recorded(20, 30)];
  expect(sumRange(spans, 5, 15)).toEqual({ keptUs: 5, lostUs: 5, gaps: [gap(10, 15)] });
});

test('nine lanes leave the pictures of a low screen more than two thirds of it', () => {
  expect(timelineHeight(metricsFor(false, 9, true), 9)).toBeLessThan(650 / 3);
  expect(metricsFor(false, 4, true)).toBe(COMPACT_METRICS);
  expect(metricsFor(true, 9, true).lanePx).toBeGreaterThan(COMPACT_METRICS.lanePx);
});
