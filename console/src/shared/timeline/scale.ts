/**
 * The axis: zoom steps from a month to a frame, the viewport, ticks, and the sums that pan and zoom are.
 * Pure: no canvas, no clock, no browser zone.
 */
import { floorToStep, clockMsText, type Micros } from '@/shared/time/axis';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US, wallClock, clockText, minuteText } from '@/shared/time/beijing';

export type TimelineSource = 'hour_buckets' | 'five_minute_buckets' | 'spans';
export type TimelineDetail = 'none' | 'segments' | 'key_frames' | 'frames';

export interface ZoomStep {
  /** Stands in addresses as `z=`. */
  readonly id: string;
  /** Visible span of a track 1,100 px wide. */
  readonly spanUs: Micros;
  readonly majorUs: Micros;
  readonly minorUs: Micros;
  readonly source: TimelineSource;
  readonly detail: TimelineDetail;
}

export const REFERENCE_WIDTH_PX = 1100;
const FRAME_US = SECOND_US / 25;

export const ZOOM_STEPS: readonly ZoomStep[] = [
  { id: '1mo', spanUs: 32 * DAY_US, majorUs: DAY_US, minorUs: 6 * HOUR_US, source: 'hour_buckets', detail: 'none' },
  {
    id: '1w',
    spanUs: 7 * DAY_US,
    majorUs: DAY_US,
    minorUs: 2 * HOUR_US,
    source: 'five_minute_buckets',
    detail: 'none',
  },
  {
    id: '3d',
    spanUs: 3 * DAY_US,
    majorUs: 6 * HOUR_US,
    minorUs: HOUR_US,
    source: 'five_minute_buckets',
    detail: 'none',
  },
  { id: '1d', spanUs: DAY_US, majorUs: 6 * HOUR_US, minorUs: HOUR_US, source: 'spans', detail: 'none' },
  { id: '8h', spanUs: 8 * HOUR_US, majorUs: HOUR_US, minorUs: 30 * MINUTE_US, source: 'spans', detail: 'none' },
  { id: '2h', spanUs: 2 * HOUR_US, majorUs: 30 * MINUTE_US, minorUs: 10 * MINUTE_US, source: 'spans', detail: 'none' },
  {
    id: '30m',
    spanUs: 30 * MINUTE_US,
    majorUs: 5 * MINUTE_US,
    minorUs: MINUTE_US,
    source: 'spans',
    detail: 'segments',
  },
  {
    id: '10m',
    spanUs: 10 * MINUTE_US,
    majorUs: MINUTE_US,
    minorUs: 10 * SECOND_US,
    source: 'spans',
    detail: 'segments',
  },
  {
    id: '2m',
    spanUs: 2 * MINUTE_US,
    majorUs: 10 * SECOND_US,
    minorUs: 5 * SECOND_US,
    source: 'spans',
    detail: 'key_frames',
  },
  {
    id: '30s',
    spanUs: 30 * SECOND_US,
    majorUs: 5 * SECOND_US,
    minorUs: SECOND_US,
    source: 'spans',
    detail: 'key_frames',
  },
  { id: '5s', spanUs: 5 * SECOND_US, majorUs: SECOND_US, minorUs: 100_000, source: 'spans', detail: 'frames' },
  { id: 'frame', spanUs: 25 * FRAME_US, majorUs: 200_000, minorUs: FRAME_US, source: 'spans', detail: 'frames' },
];

/** From here on milliseconds are told. */
export const FINE_US_PER_PX = 20_000;
export const DEFAULT_ZOOM = '10m';

export function zoomIndex(id: string): number {
  // At 25 pictures a second a second and 25 frames are one density: `1s` is an older name of it.
  const wanted = id === '1s' ? 'frame' : id;
  const index = ZOOM_STEPS.findIndex((step) => step.id === wanted);
  return index >= 0 ? index : ZOOM_STEPS.findIndex((step) => step.id === DEFAULT_ZOOM);
}

/** The finest step whose reference density still covers `usPerPx`: what a free (wheel) zoom is drawn as. */
export function stepForDensity(usPerPx: number): ZoomStep {
  let best = ZOOM_STEPS[0] as ZoomStep;
  let bestDistance = Infinity;
  for (const step of ZOOM_STEPS) {
    const distance = Math.abs(Math.log(step.spanUs / REFERENCE_WIDTH_PX / usPerPx));
    if (distance < bestDistance) {
      best = step;
      bestDistance = distance;
    }
  }
  return best;
}

export interface Viewport {
  readonly fromUs: Micros;
  readonly usPerPx: number;
  readonly widthPx: number;
}

export const viewportUntil = (view: Viewport): Micros => view.fromUs + view.usPerPx * view.widthPx;
export const xOf = (view: Viewport, atUs: Micros): number => (atUs - view.fromUs) / view.usPerPx;
export const timeAt = (view: Viewport, x: number): Micros => Math.round(view.fromUs + x * view.usPerPx);

/** A viewport at a zoom step, `atUs` standing at `fraction` of the width. */
export function viewportAt(step: ZoomStep, widthPx: number, atUs: Micros, fraction = 0.5): Viewport {
  const usPerPx = step.spanUs / REFERENCE_WIDTH_PX;
  return { fromUs: Math.round(atUs - usPerPx * widthPx * fraction), usPerPx, widthPx };
}

export function pan(view: Viewport, byPx: number): Viewport {
  return { ...view, fromUs: Math.round(view.fromUs + byPx * view.usPerPx) };
}

const COARSEST = (ZOOM_STEPS[0] as ZoomStep).spanUs / REFERENCE_WIDTH_PX;
const FINEST = (ZOOM_STEPS[ZOOM_STEPS.length - 1] as ZoomStep).spanUs / REFERENCE_WIDTH_PX;

/** Multiplies the density, keeping the moment under `x` where it is; clamped to month … frame. */
export function zoomAround(view: Viewport, x: number, factor: number): Viewport {
  const usPerPx = Math.min(COARSEST, Math.max(FINEST, view.usPerPx * factor));
  return { ...view, usPerPx, fromUs: Math.round(view.fromUs + x * view.usPerPx - x * usPerPx) };
}

/** The next coarser (−1) or finer (+1) step than the viewport's, around `atUs`. */
export function zoomStepBy(view: Viewport, atUs: Micros, direction: 1 | -1): Viewport {
  const here = ZOOM_STEPS.indexOf(stepForDensity(view.usPerPx));
  const next = ZOOM_STEPS[Math.min(ZOOM_STEPS.length - 1, Math.max(0, here + direction))] as ZoomStep;
  const x = Math.min(view.widthPx, Math.max(0, xOf(view, atUs)));
  const usPerPx = next.spanUs / REFERENCE_WIDTH_PX;
  return { ...view, usPerPx, fromUs: Math.round(atUs - x * usPerPx) };
}

/** Moves the viewport only when `atUs` has left it (or its last tenth), so that a playing head pages along. */
export function follow(view: Viewport, atUs: Micros): Viewport {
  const x = xOf(view, atUs);
  if (x >= 0 && x <= view.widthPx * 0.92) return view;
  return { ...view, fromUs: Math.round(atUs - view.usPerPx * view.widthPx * 0.15) };
}

export interface Tick {
  readonly atUs: Micros;
  readonly major: boolean;
  readonly label: string;
}

const MIN_LABEL_PX = 64;

/** Ticks of a viewport on Beijing borders; labels are thinned so that none touch. */
export function ticksOf(view: Viewport): Tick[] {
  const step = stepForDensity(view.usPerPx);
  const untilUs = viewportUntil(view);
  const labelEvery = Math.max(1, Math.ceil(MIN_LABEL_PX / (step.majorUs / view.usPerPx)));
  const ticks: Tick[] = [];
  for (let atUs = floorToStep(view.fromUs, step.minorUs); atUs <= untilUs; atUs += step.minorUs) {
    const at = Math.round(atUs);
    const major = floorToStep(at, step.majorUs) === at;
    const labelled = major && Math.round((at - floorToStep(at, step.majorUs * labelEvery)) / step.majorUs) === 0;
    ticks.push({ atUs: at, major, label: labelled ? tickLabel(at, step) : '' });
  }
  return ticks;
}

function tickLabel(atUs: Micros, step: ZoomStep): string {
  const parts = wallClock(atUs);
  const midnight = parts.hour === 0 && parts.minute === 0 && parts.second === 0 && parts.milli === 0;
  const monthDay = `${String(parts.month).padStart(2, '0')}-${String(parts.day).padStart(2, '0')}`;
  if (midnight && step.majorUs >= HOUR_US) return monthDay;
  if (step.majorUs >= DAY_US) return monthDay;
  if (step.majorUs >= MINUTE_US) return minuteText(atUs);
  if (step.majorUs >= SECOND_US) return clockText(atUs);
  return clockMsText(atUs).slice(0, -1);
}
