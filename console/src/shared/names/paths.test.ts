import { expect, test } from 'vitest';
import { divisionAbove, lastOf, lineage } from './paths';

test('the last of a path is what it leads to, and an empty path leads nowhere', () => {
  expect(lastOf('42/4201/420115')).toBe('420115');
  expect(lastOf('')).toBeNull();
});

test('above a street is its district, above that its city, above that its province', () => {
  expect(['420115001', '420115', '420100', '420000'].map(divisionAbove)).toEqual(['420115', '420100', '420000', null]);
});

test('a division is reached from its province down', () => {
  expect(lineage('420115001')).toEqual(['420000', '420100', '420115', '420115001']);
  expect(lineage('')).toEqual([]);
});
