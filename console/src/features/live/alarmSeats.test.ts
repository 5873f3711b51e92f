import { expect, test } from 'vitest';
import { forWall, seat } from './alarmSeats';
import type { Seated } from './alarmSeats';

const alarm = (id: string, raised_us: number, more: Partial<Seated> = {}): Seated => ({ id, raised_us, channel: `ch_${id}`, state: 'new', owner: null, ...more });

test('a wall shows new alarms and those that its person has claimed, oldest first', () => {
  const all = [
    alarm('late', 9), alarm('early', 1), alarm('none', 2, { channel: null }),
    alarm('mine', 3, { state: 'claimed', owner: 'us_me' }), alarm('theirs', 4, { state: 'claimed', owner: 'us_other' }),
    alarm('back', 5),
  ];
  expect(forWall(all, 'us_me', new Set(['back'])).map((one) => one.id)).toEqual(['early', 'mine', 'late']);
});

test('an alarm takes the last alarm cell and keeps it while others come and go', () => {
  const first = seat([alarm('a', 1)], [8, 9], new Map());
  expect([...first]).toEqual([[9, 'a']]);
  const both = seat([alarm('b', 0), alarm('a', 1)], [8, 9], first);
  expect(both.get(9)).toBe('a');
  expect(both.get(8)).toBe('b');
  expect([...seat([alarm('b', 0)], [8, 9], both)]).toEqual([[8, 'b']]);
});

test('without a free cell an alarm waits in the bottom line only', () => {
  expect([...seat([alarm('a', 1), alarm('b', 2)], [9], new Map())]).toEqual([[9, 'a']]);
  expect(seat([alarm('a', 1)], [], new Map()).size).toBe(0);
});
