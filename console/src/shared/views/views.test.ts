import { expect, test } from 'vitest';
import { filterOf, filterText, SHIPPED, untilOf } from './views';

const NAMES = ['q', 'under', 'state', 'within'];

test('the same filter is the same text, whatever order it was chosen in', () => {
  expect(filterText({ within: '7', state: 'owed', add: '1' }, NAMES)).toBe('state=owed&within=7');
  expect(filterText({ state: 'owed', within: '7', v: 'sv_1' }, NAMES)).toBe('state=owed&within=7');
  expect(filterText({}, NAMES)).toBe('');
});

test('a text is written as the server takes it, and read back as it was', () => {
  const text = filterText({ q: '江夏 a=b&c+d', under: '420115', sort: '-due' }, NAMES);
  expect(text).toMatch(/^[A-Za-z0-9_.~%+:;,=&-]*$/);
  expect(filterOf(text, NAMES)).toEqual({ q: '江夏 a=b&c+d', under: '420115', sort: '-due', state: undefined, within: undefined });
});

test('a view changes the filter of its page and nothing else of the address', () => {
  expect(filterOf('add=1&edit=1&state=open', NAMES)).toEqual({ q: undefined, under: undefined, state: 'open', within: undefined, sort: undefined });
});

test('terms are counted from the day on which they are asked', () => {
  expect(untilOf('overdue', '2026-03-01')).toBe('2026-02-28');
  expect(untilOf('7', '2026-12-28')).toBe('2027-01-04');
  expect(untilOf('8', '2026-12-28')).toBeUndefined();
  expect(untilOf(undefined, '2026-12-28')).toBeUndefined();
});

test('every shipped view narrows', () => {
  const filters = Object.values(SHIPPED).flatMap((views) => Object.values<Record<string, string>>(views));
  expect(filters.map((filter) => Object.keys(filter).length).filter((count) => count === 0)).toEqual([]);
});
