import { beforeEach, expect, test } from 'vitest';
import { remember, toTell } from './resetNotice';

const wang = { id: 'us_1', password_reset: { at_us: 5, by_name: '李伟' } };

beforeEach(() => window.localStorage.clear());

test('a reset is told until it is known, to each person by themselves', () => {
  expect(toTell(wang)).toEqual({ at_us: 5, by_name: '李伟' });
  remember(wang);
  expect(toTell(wang)).toBeNull();
  expect(toTell({ ...wang, id: 'us_2' })).not.toBeNull();
});

test('a later reset is told anew, none is not told', () => {
  remember(wang);
  expect(toTell({ id: 'us_1', password_reset: { at_us: 6, by_name: '李伟' } })?.at_us).toBe(6);
  expect(toTell({ id: 'us_1', password_reset: null })).toBeNull();
});
