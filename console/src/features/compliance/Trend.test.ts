import { expect, test } from 'vitest';
import { lineOf } from './Trend';

test('the line goes from left to right, more is higher, and what never changed lies in the middle', () => {
  expect(lineOf([0, 2, 1])).toBe('2.0,17.0 40.0,3.0 78.0,10.0');
  expect(lineOf([5, 5])).toBe('2.0,10.0 78.0,10.0');
});
