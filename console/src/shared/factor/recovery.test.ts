import { expect, test } from 'vitest';
import { isOneOf } from './recovery';

const CODES = ['k7m2-9xq4', 'b3hd-zz81'];

test('a code that was written down by hand is known again', () => {
  expect(isOneOf(CODES, ' K7M2 9xq4 ')).toBe(true);
  expect(isOneOf(CODES, 'b3hdzz81')).toBe(true);
});

test('nothing, a part and another code are none of them', () => {
  expect(isOneOf(CODES, ' - ')).toBe(false);
  expect(isOneOf(CODES, 'k7m2')).toBe(false);
  expect(isOneOf(CODES, 'k7m2-9xq5')).toBe(false);
});
