import { expect, test } from 'vitest';
import { DAY_US, HOUR_US, dayStart, parseWall } from '@/shared/time/beijing';
import { parseTyped } from '@/shared/time/axis';
import {
  REFERENCE_WIDTH_PX, ZOOM_STEPS, follow, stepForDensity, ticksOf, timeAt, viewportAt, viewportUntil, xOf, zoomAround,
  zoomIndex, zoomStepBy,
} from './scale';

const at = (text: string) => parseWall(text) ?? Number.NaN;
const step = (id: string) => {
  const found = ZOOM_STEPS[zoomIndex(id)];
  if (!found) throw new Error(id);
  return found;
};

test('every zoom step shows its own ticks, majors on Beijing borders and none of the labels touching', () => {
  for (const zoom of ZOOM_STEPS) {
    const view = viewportAt(zoom, REFERENCE_WIDTH_PX, at('2026-11-23T08:15:04'));
    const ticks = ticksOf(view);
    expect(stepForDensity(view.usPerPx).id).toBe(zoom.id);
    expect(ticks.some((tick) => tick.major)).toBe(true);
    const labels = ticks.filter((tick) => tick.label !== '').map((tick) => xOf(view, tick.atUs));
    for (let i = 1; i < labels.length; i += 1) expect((labels[i] ?? 0) - (labels[i - 1] ?? 0)).toBeGreaterThan(44);
  }
});

test('at month the major ticks are Beijing midnights, across a leap day too', () => {
  const view = viewportAt(step('1mo'), REFERENCE_WIDTH_PX, at('2028-02-29T12:00:00'));
  const majors = ticksOf(view).filter((tick) => tick.major);
  expect(majors.length).toBeGreaterThanOrEqual(31);
  for (const tick of majors) expect(tick.atUs).toBe(dayStart(tick.atUs));
  expect(majors.map((tick) => tick.atUs)).toContain(at('2028-02-29'));
});

test('zooming keeps the moment under the pointer', () => {
  const view = viewportAt(step('8h'), 1366, at('2026-11-23T08:15:04'));
  const before = timeAt(view, 321);
  const after = zoomAround(view, 321, 0.37);
  expect(Math.abs(timeAt(after, 321) - before)).toBeLessThanOrEqual(after.usPerPx);
});

test('zooming stops at month and at frame', () => {
  let view = viewportAt(step('1d'), 1100, at('2026-11-23'));
  for (let i = 0; i < 60; i += 1) view = zoomAround(view, 550, 4);
  expect(viewportUntil(view) - view.fromUs).toBe(32 * DAY_US);
  for (let i = 0; i < 60; i += 1) view = zoomAround(view, 550, 0.2);
  expect(stepForDensity(view.usPerPx).id).toBe('frame');
});

test('the keys + and − walk the steps and keep the head where it is', () => {
  const head = at('2026-11-23T08:15:04');
  const view = viewportAt(step('2h'), 1100, head, 0.3);
  const finer = zoomStepBy(view, head, 1);
  expect(stepForDensity(finer.usPerPx).id).toBe('30m');
  expect(Math.round(xOf(finer, head))).toBe(330);
});

test('a playing head pages the view along only when it leaves it', () => {
  const view = viewportAt(step('10m'), 1000, at('2026-11-23T08:00:00'), 0.5);
  expect(follow(view, at('2026-11-23T08:01:00'))).toBe(view);
  const paged = follow(view, at('2026-11-23T09:00:00'));
  expect(Math.round(xOf(paged, at('2026-11-23T09:00:00')))).toBe(150);
});

test('typed times: a clock, a word, a day, a way back, and what is no time', () => {
  const now = at('2026-11-23T12:00:00');
  const shown = at('2026-11-20T03:00:00');
  expect(parseTyped('8:15', now, shown)).toBe(at('2026-11-20T08:15:00'));
  expect(parseTyped('昨天 22:00', now, shown)).toBe(at('2026-11-22T22:00:00'));
  expect(parseTyped('11-01 8:15:04.2', now, shown)).toBe(at('2026-11-01T08:15:04.200'));
  expect(parseTyped('-2h', now, shown)).toBe(now - 2 * HOUR_US);
  expect(parseTyped('8：15', now, shown)).toBe(at('2026-11-20T08:15:00'));
  expect(parseTyped('25:00', now, shown)).toBeNull();
  expect(parseTyped('soon', now, shown)).toBeNull();
});
