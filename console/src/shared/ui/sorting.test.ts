import { expect, test } from 'vitest';
import { sortOf, sorted } from './sorting';

test('the address says column and direction', () => {
  expect(sortOf('-name')).toEqual({ key: 'name', down: true });
  expect(sortOf('name')).toEqual({ key: 'name', down: false });
  expect(sortOf(undefined)).toEqual({ key: '', down: false });
});

test('numbers sort as numbers, figures within names too, and equals keep their order', () => {
  expect(sorted([10, 9, 100], (n) => n, false)).toEqual([9, 10, 100]);
  expect(sorted(['10 号门', '9 号门'], (name) => name, false)).toEqual(['9 号门', '10 号门']);
  const rows = [{ name: 'b', at: 1 }, { name: 'a', at: 2 }, { name: 'b', at: 3 }];
  expect(sorted(rows, (row) => row.name, true).map((row) => row.at)).toEqual([1, 3, 2]);
});

test('the given rows are left as they are', () => {
  const rows = [3, 1, 2];
  sorted(rows, (n) => n, false);
  expect(rows).toEqual([3, 1, 2]);
});
