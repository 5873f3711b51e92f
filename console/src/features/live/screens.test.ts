import { expect, test } from 'vitest';
import { MOST_SCREENS, freeScreen, readScreen, screenBeside } from './screens';

test('a screen stands in the address; nonsense is the first screen', () => {
  expect(['2', undefined, '0', 'x', '1.5', '99'].map(readScreen)).toEqual([2, 1, 1, 1, 1, 1]);
});

test('the screen beside is the next one open, around the corner at the end', () => {
  expect(screenBeside(1, [1, 2, 4], 1)).toBe(2);
  expect(screenBeside(4, [1, 2, 4], 1)).toBe(1);
  expect(screenBeside(1, [1, 2, 4], -1)).toBe(4);
  expect(screenBeside(3, [3], 1)).toBeNull();
});

test('one more screen takes the lowest free number, until there are enough', () => {
  expect(freeScreen([1, 3])).toBe(2);
  expect(freeScreen(Array.from({ length: MOST_SCREENS }, (_, i) => i + 1))).toBeNull();
});
