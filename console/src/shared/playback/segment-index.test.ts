import { expect, test } from 'vitest';
import { HOUR_US } from '@/shared/time/beijing';
import { SegmentIndex, fragmentAt, keyFragmentBefore, keyFrameBefore } from './segment-index';
import type { FragmentRef, RecordedStream, SegmentRef } from './wire';

const never = new AbortController().signal;
const fragments: FragmentRef[] = [0, 1, 2, 3, 4].map((n) => ({
  startUs: n * 1_000_000, durationUs: 1_000_000, offset: n * 10, length: 10, key: n % 2 === 0,
}));

function recording(segments: SegmentRef[]): RecordedStream & { asked: number } {
  const stream = {
    asked: 0,
    segments: (fromUs: number, untilUs: number) => {
      stream.asked += 1;
      return Promise.resolve(segments.filter((segment) => segment.startUs < untilUs && segment.endUs > fromUs));
    },
    table: () => Promise.resolve({ mime: 'video/mp4', init: [0, 1] as const, fragments, keyFrames: [0, 2_000_000, 4_000_000] }),
    bytes: () => Promise.resolve(new Uint8Array()),
    keyPicture: () => Promise.resolve({ mime: '', wallUs: 0, bytes: new Uint8Array() }),
    leave: () => undefined,
    close: () => undefined,
  };
  return stream;
}

test('a moment is found with the key frame from which it is decoded', async () => {
  const index = new SegmentIndex(recording([{ id: 's/0-1', startUs: 0, endUs: 5_000_000 }]), () => 10 * HOUR_US);
  const located = await index.locate(3_500_000, never);
  expect(located).toMatchObject({ fragment: 3, keyFragment: 2 });
});

test('a gap is a gap, and the next segment is found beyond windows without any', async () => {
  const far = { id: 's/x-2', startUs: 7 * HOUR_US, endUs: 7 * HOUR_US + 60_000_000 };
  const stream = recording([{ id: 's/0-1', startUs: 0, endUs: 5_000_000 }, far]);
  const index = new SegmentIndex(stream, () => 30 * HOUR_US);
  expect(await index.at(6_000_000, never)).toBeNull();
  expect(index.knownAt(6_000_000)).toBeNull();
  expect(index.knownAt(20 * HOUR_US)).toBeUndefined();
  expect(await index.nextFrom(6_000_000, never)).toEqual(far);
});

test('a window in the past is read once', async () => {
  const stream = recording([]);
  const index = new SegmentIndex(stream, () => 100 * HOUR_US);
  await index.at(5, never);
  await index.at(6, never);
  expect(stream.asked).toBe(1);
});

test('fragments and key frames are found by bisection, at the edges too', () => {
  expect(fragmentAt(fragments, -5)).toBe(0);
  expect(fragmentAt(fragments, 4_999_999)).toBe(4);
  expect(fragmentAt([], 0)).toBe(-1);
  expect(keyFragmentBefore(fragments, 1)).toBe(0);
  expect(keyFrameBefore([0, 2, 4], 3)).toBe(2);
  expect(keyFrameBefore([5], 3)).toBe(5);
});

test('key frames around a moment cross the borders of segments and end at a gap', async () => {
  const stream = recording([]);
  const segments = [0, 5, 10, 30].map((second) => ({
    id: `s/${second}-1`, startUs: second * 1_000_000, endUs: (second + 5) * 1_000_000,
  }));
  const index = new SegmentIndex(
    {
      ...stream,
      segments: () => Promise.resolve(segments),
      table: ({ startUs }) =>
        Promise.resolve({ mime: 'video/mp4', init: [0, 1] as const, fragments, keyFrames: [startUs, startUs + 2_000_000] }),
    },
    () => 10 * HOUR_US,
  );
  const around = async (atUs: number) => (await index.keyFramesAround(atUs, 3, 2, never)).map((key) => key.wallUs / 1e6);
  expect(await around(7_500_000)).toEqual([2, 5, 7, 10, 12]);
  expect(await around(13_000_000)).toEqual([7, 10, 12]);
  expect(await around(31_000_000)).toEqual([30, 32]);
  expect(await around(20_000_000)).toEqual([]);
});
