import { expect, test } from 'vitest';
import type { Approval } from '@/api/approvals';
import type { Alarm } from '@/api/operations';
import type { Reminder } from '@/api/reminders';
import { addressOf, byCause, recalls, waitingForMe } from './notices';

const alarm = (id: string, kind: string, facts: Record<string, unknown>) => ({ id, kind, facts }) as Alarm;

test('alarms of one kind and reason are one line, the first of them shown', () => {
  const causes = byCause([
    alarm('a', 'recording_lost', { reason: 'path_network' }),
    alarm('b', 'recording_lost', { reason: 'source_refused' }),
    alarm('c', 'recording_lost', { reason: 'path_network' }),
  ]);
  expect(causes.map(({ first, count }) => [first.id, count])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('alarms without a reason stand alone', () => {
  expect(byCause([alarm('a', 'storage_warn', {}), alarm('b', 'storage_warn', {})])).toHaveLength(2);
});

test('what waits for the reader is what the reader may decide, the soonest to lapse on top', () => {
  const approval = (id: string, until_us: number, may_approve: boolean, mine = false) => ({ id, until_us, may_approve, mine, state: 'open' }) as Approval;
  const all = [approval('own', 1, false, true), approval('later', 9, true), approval('concerned', 2, false), approval('sooner', 5, true)];
  expect(waitingForMe(all).map((one) => one.id)).toEqual(['sooner', 'later']);
  expect(all.map((one) => one.id)).toEqual(['own', 'later', 'concerned', 'sooner']);
});

const reminder = (id: string, change: Partial<Reminder>) => ({ id, kind: 'filing', stage: '3', title: '初次备案', due: '2026-11-17', subject: `filing:${id}`, ...change }) as Reminder;

test('reminders of one stage and duty are one line, what went to the unit above first', () => {
  const found = recalls([
    reminder('a', {}),
    reminder('b', { due: '2026-11-16' }),
    reminder('c', { stage: 'escalated', due: '2026-11-01' }),
    reminder('d', { title: '变更备案' }),
  ]);
  expect(found.map(({ first, ids }) => [first.id, ids])).toEqual([
    ['c', ['c']],
    ['b', ['b', 'a']],
    ['d', ['d']],
  ]);
});

test('a reminder leads to where its duty is done', () => {
  expect([addressOf({ subject: 'filing:fi_1' }), addressOf({ subject: 'staff:sf_1' }), addressOf({ subject: 'unheard:x' })]).toEqual(['/filings/fi_1', '/staff/sf_1', '/todo']);
});
