import { expect, test, vi } from 'vitest';
import { DAY_US, HOUR_US, parseWall } from '@/shared/time/beijing';
import type { LaneData, TileAnswer, TileRequest } from './tiles';
import { TileCache, tileStarts } from './tiles';

const day = parseWall('2026-11-23') ?? 0;
const LATER = day + 10 * DAY_US;

function answering(request: TileRequest): TileAnswer {
  const lane: LaneData = {
    spans: [{ fromUs: request.fromUs, untilUs: request.untilUs, kind: 'recorded' }],
    buckets: [],
  };
  return new Map(request.channels.map((channel) => [channel, lane]));
}

test('one request at a time, the tile in the middle of the screen first', async () => {
  const asked: TileRequest[] = [];
  const cache = new TileCache(
    (request) => {
      asked.push(request);
      return Promise.resolve(answering(request));
    },
    () => LATER,
    () => cache.want('spans', ['a', 'b'], day - DAY_US, day + 2 * DAY_US),
  );
  cache.want('spans', ['a', 'b'], day - DAY_US, day + 2 * DAY_US);
  cache.want('spans', ['a', 'b'], day - DAY_US, day + 2 * DAY_US);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.fromUs).toBe(day);
  await vi.waitFor(() => { expect(cache.lane('spans', 'a', day - DAY_US, day + 2 * DAY_US).complete).toBe(true); });
  expect(asked).toHaveLength(3);
  expect(cache.loading).toBe(false);
});

test('what a tile border had cut is joined again', async () => {
  const cache = new TileCache((request) => Promise.resolve(answering(request)), () => LATER, () => {
    cache.want('spans', ['a'], day, day + 2 * DAY_US);
  });
  cache.want('spans', ['a'], day, day + 2 * DAY_US);
  await vi.waitFor(() => { expect(cache.lane('spans', 'a', day, day + 2 * DAY_US).complete).toBe(true); });
  expect(cache.lane('spans', 'a', day, day + 2 * DAY_US).spans).toEqual([
    { fromUs: day, untilUs: day + 2 * DAY_US, kind: 'recorded' },
  ]);
});

test('a failure is kept, waited out and tried again', async () => {
  let nowUs = LATER;
  let calls = 0;
  const cache = new TileCache(
    (request) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('cut')) : Promise.resolve(answering(request));
    },
    () => nowUs,
    () => undefined,
  );
  cache.want('spans', ['a'], day, day + HOUR_US);
  await vi.waitFor(() => { expect(cache.lastError).toBeInstanceOf(Error); });
  cache.want('spans', ['a'], day, day + HOUR_US);
  expect(calls).toBe(1);
  nowUs += 5_000_000;
  cache.want('spans', ['a'], day, day + HOUR_US);
  await vi.waitFor(() => { expect(cache.lane('spans', 'a', day, day + HOUR_US).complete).toBe(true); });
  expect(cache.lastError).toBeNull();
});

test('a tile that reaches into the present is read again after ten seconds, a past one never', async () => {
  let nowUs = day + HOUR_US;
  let calls = 0;
  const cache = new TileCache(
    (request) => {
      calls += 1;
      return Promise.resolve(answering(request));
    },
    () => nowUs,
    () => undefined,
  );
  cache.want('spans', ['a'], day, day + HOUR_US);
  await vi.waitFor(() => { expect(cache.loading).toBe(false); });
  cache.want('spans', ['a'], day, day + HOUR_US);
  expect(calls).toBe(1);
  nowUs += 11_000_000;
  cache.want('spans', ['a'], day, day + HOUR_US);
  expect(calls).toBe(2);
});

test('tiles begin at Beijing midnight', () => {
  expect(tileStarts(day + 1, day + 2, DAY_US)).toEqual([day]);
});
