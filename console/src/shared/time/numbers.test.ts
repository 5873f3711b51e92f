import { expect, test } from 'vitest';
import { bytesText, countText, percentText, rateText } from './numbers';

test('a percentage is cut, never rounded up, and 100 only when nothing is missing', () => {
  expect(percentText(9997, 10000)).toBe('99.9 %');
  expect(percentText(999999, 1000000)).toBe('99.9 %');
  expect(percentText(10, 10)).toBe('100 %');
});

test('units are decimal', () => {
  expect(bytesText(4_200_000_000_000)).toBe('4.2 TB');
  expect(rateText(2_100_000)).toBe('2.1 Mbit/s');
  expect(countText(12345)).toBe('12,345');
});
