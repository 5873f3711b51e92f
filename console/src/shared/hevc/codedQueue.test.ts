import { expect, test } from 'vitest';
import { CodedQueue } from './codedQueue';
import type { CodedPicture } from './codedQueue';
import { KeepingUp } from './keepingUp';

const FRAME_MS = 100;
const GOP = 10;
const IDR = 19;
const TRAIL = 1;
const SPARE = 0;

/** Picture `index` of a stream of ten a second, a key frame each second, heard as it was taken. */
function picture(index: number, unit?: number): CodedPicture {
  const key = index % GOP === 0;
  return {
    atUs: index * FRAME_MS * 1000, durationUs: FRAME_MS * 1000, key, unit: unit ?? (key ? IDR : TRAIL),
    bytes: new Uint8Array(1), heardMs: index * FRAME_MS,
  };
}

function filled(urgency: 'live' | 'asked', indexes: readonly number[]): CodedQueue {
  const queue = new CodedQueue(urgency);
  for (const index of indexes) queue.push(picture(index));
  return queue;
}

const numbers = (from: number, until: number) => Array.from({ length: until - from }, (_, step) => from + step);
const taken = (queue: CodedQueue, nowMs: number, wantedUs = 0) => {
  const next = queue.next(nowMs, wantedUs);
  return next && next.atUs / FRAME_MS / 1000;
};

test('nothing is decoded before the first key frame', () => {
  expect(taken(filled('live', [3, 4, 5]), 500)).toBeNull();
  expect(taken(filled('live', [8, 9, 10, 11]), 1100)).toBe(10);
});

test('a live picture that is late gives way to the newest key frame at hand', () => {
  const queue = filled('live', numbers(0, 25));
  expect(taken(queue, 2400)).toBe(20);
  expect(queue.dropped).toBe(20);
});

test('late without a later key frame at hand, the key frame stands and the rest waits for the next one', () => {
  const queue = filled('live', numbers(0, 10));
  expect(taken(queue, 900)).toBe(0);
  expect(taken(queue, 900)).toBeNull();
  queue.push(picture(10));
  queue.push(picture(11));
  expect(taken(queue, 1100)).toBe(10);
  expect(taken(queue, 1150)).toBe(11);
});

test('a little late, only pictures that nothing refers to are left out', () => {
  const queue = new CodedQueue('live');
  for (const [index, unit] of [[0, IDR], [1, SPARE], [2, TRAIL], [3, SPARE], [4, TRAIL]] as const) queue.push(picture(index, unit));
  expect([400, 450, 600].map((nowMs) => taken(queue, nowMs))).toEqual([0, 2, 4]);
  expect(queue.dropped).toBe(2);
});

test('leading pictures of the key frame that was jumped to are left out, its followers are not', () => {
  const queue = new CodedQueue('live');
  for (const [index, unit] of [[20, 21], [18, 8], [19, 9], [21, TRAIL]] as const) {
    queue.push({ ...picture(index, unit), key: unit === 21, heardMs: 2000 });
  }
  expect([taken(queue, 2000), taken(queue, 2000)]).toEqual([20, 21]);
});

test('recorded pictures are all decoded while they keep up, and skipped to a key frame before the wanted moment where not', () => {
  const queue = filled('asked', numbers(0, 35));
  expect(taken(queue, 99_000, 300_000)).toBe(0);
  expect(taken(queue, 99_000, 2_500_000)).toBe(20);
  expect(taken(queue, 99_000, 2_500_000)).toBe(21);
});

test('a machine that drops more than half for ten seconds does not keep up; one hard second is nothing', () => {
  const bad = new KeepingUp();
  const verdicts = numbers(0, 12).map((second) => bad.note(second * 1000, second * 4, second * 6));
  expect(verdicts.slice(0, 10)).not.toContain(false);
  expect(verdicts.at(-1)).toBe(false);

  const good = new KeepingUp();
  const hard = numbers(0, 20).map((second) => good.note(second * 1000, second * 10, second > 5 ? 10 : 0));
  expect(hard).not.toContain(false);
});
