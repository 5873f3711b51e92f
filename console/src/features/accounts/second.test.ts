import { expect, test } from 'vitest';
import type { Approval } from '@/api/approvals';
import { Problem } from '@/api/problem';
import { inOrder, standingOf, takesTwo } from './second';

const request = (change: Partial<Approval>): Approval => ({
  id: 'ap_1',
  act: 'reset',
  user: 'us_3',
  account: 'shen',
  name: '沈某',
  drop_factor: false,
  roles: null,
  reason: '忘记口令',
  asked_by: 'us_1',
  asked_by_name: '安某',
  asked_us: 0,
  until_us: 10,
  state: 'open',
  decided_by_name: null,
  decided_us: null,
  mine: false,
  may_approve: false,
  ...change,
});

const refused = (code: string) =>
  new Problem({ type: '', title: '', status: 409, code, detail: '', detail_en: '', remedy: '', remedy_en: '' });

test('only the refusal that wants a second person leads to asking one', () => {
  expect(takesTwo(refused('AUTH-030'))).toBe(true);
  expect(takesTwo(refused('AUTH-032'))).toBe(false);
  expect(takesTwo(null)).toBe(false);
});

test('the second approves, the asker takes back, the one concerned does neither, and what is over is over', () => {
  expect(standingOf(request({ may_approve: true }))).toBe('approve');
  expect(standingOf(request({ mine: true }))).toBe('own');
  expect(standingOf(request({}))).toBe('concerned');
  expect(standingOf(request({ state: 'expired', mine: true }))).toBe('over');
});

test('open requests stand first, the soonest to lapse on top', () => {
  const all = [
    request({ id: 'done', state: 'approved' }),
    request({ id: 'later', until_us: 20 }),
    request({ id: 'older', state: 'refused' }),
    request({ id: 'sooner', until_us: 5 }),
  ];
  expect(inOrder(all).map((one) => one.id)).toEqual(['sooner', 'later', 'done', 'older']);
});
