import { expect, test } from 'vitest';
import type { Alarm } from '@/api/operations';
import { byCause } from './notices';

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
