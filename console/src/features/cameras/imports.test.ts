import { expect, test } from 'vitest';
import { standing } from './imports';

test('only a table that was being written can have been interrupted', () => {
  expect(standing({ state: 'interrupted', mode: null })).toBe('unwritten');
  expect(standing({ state: 'interrupted', mode: 'good' })).toBe('interrupted');
  expect(standing({ state: 'checked', mode: null })).toBe('checked');
});
