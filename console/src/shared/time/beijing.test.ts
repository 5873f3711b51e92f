import { expect, test } from 'vitest';
import { addressText, dayStart, momentText, parseWall, preciseText, rangeText, spanText } from './beijing';

const moment = Date.UTC(2026, 10, 23, 0, 15, 4, 200) * 1000;

test('a moment is shown in Beijing time whatever the zone of the browser', () => {
  expect(momentText(moment)).toBe('2026-11-23 08:15:04');
  expect(preciseText(moment)).toBe('2026-11-23 08:15:04.200');
});

test('an address reads back to the same microsecond, to the millisecond', () => {
  expect(parseWall(addressText(moment))).toBe(moment);
});

test('a day begins at Beijing midnight, also on a leap day', () => {
  expect(momentText(dayStart(moment))).toBe('2026-11-23 00:00:00');
  const leap = parseWall('2028-02-29T00:00:00') ?? 0;
  expect(dayStart(leap + 1)).toBe(leap);
  expect(momentText(leap)).toBe('2028-02-29 00:00:00');
});

test('what is not a moment is refused, not bent', () => {
  expect(parseWall('2026-02-30')).toBeNull();
  expect(parseWall('2026-11-23T25:00:00')).toBeNull();
  expect(parseWall('soon')).toBeNull();
});

test('a range says its length', () => {
  const from = parseWall('2026-11-23T08:14:00') ?? 0;
  expect(rangeText(from, from + 150_000_000)).toBe('08:14:00–08:16:30（2 分 30 秒）');
  expect(spanText(3780 * 1_000_000)).toBe('1 小时 03 分');
});
