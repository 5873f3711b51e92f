import { expect, test } from 'vitest';
import { LEDGERS, lackingOf, startOf } from './ledger';

test('a new record begins with what has to be chosen and nothing else', () => {
  expect(startOf(LEDGERS.staff, undefined, '420115')).toEqual({
    name: '', division: '420115', organisation: '', post: 'watch', system: null, vetted: null, pledged: null, trained: null, left: null, note: '',
  });
});

test('a record that is there is changed from what it holds', () => {
  const row = { id: 'ag_1', name: '协议', division: '420115', organisation: 'or_1', changed_us: 1, contractor: 'or_2', work: 'maintenance', until: '2026-12-31', systems: ['sy_1'] };
  const start = startOf(LEDGERS.agreements, row, '');
  expect([start.contractor, start.work, start.until, start.systems, start.signed]).toEqual(['or_2', 'maintenance', '2026-12-31', ['sy_1'], null]);
  expect('changed_us' in start).toBe(false);
});

test('what is mandatory and empty is named', () => {
  const start = startOf(LEDGERS.contracts, undefined, '420115');
  expect(lackingOf(LEDGERS.contracts, start)).toEqual(['name', 'maintainer', 'since', 'until', 'response_hours', 'repair_hours']);
  expect(lackingOf(LEDGERS.contracts, { ...start, name: '运维', maintainer: 'or_1', since: '2026-01-01', until: '2026-12-31', response_hours: 2, repair_hours: 24 })).toEqual([]);
});
