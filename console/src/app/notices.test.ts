import { expect, test } from 'vitest';
import type { Approval } from '@/api/approvals';
import type { Alarm } from '@/api/operations';
import { byCause, waitingForMe } from './notices';

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
