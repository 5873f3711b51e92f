import { expect, test } from 'vitest';
import { DAY_US, HOUR_US, parseWall } from '@/shared/time/beijing';
import type { Span } from '@/shared/timeline/span';
import { readPlace } from './playbackAddress';
import { firstGap } from './useFirstGap';

const DAY = parseWall('2026-11-23T00:00:00') ?? 0;
const gap = (fromHour: number, untilHour: number): Span => ({
  fromUs: DAY + fromHour * HOUR_US, untilUs: DAY + untilHour * HOUR_US, kind: 'gap', reason: 'path_network',
});

test('the first gap of a day is where it begins, or where the day does', () => {
  expect(firstGap([gap(-3, -2), gap(5, 6), gap(9, 10)], DAY)).toBe(DAY + 5 * HOUR_US);
  expect(firstGap([gap(-1, 2)], DAY)).toBe(DAY);
  expect(firstGap([gap(24, 25)], DAY)).toBeNull();
  expect(firstGap([{ fromUs: DAY, untilUs: DAY + DAY_US, kind: 'recorded' }], DAY)).toBeNull();
});

test('an address says which cameras, when, and whether the first gap is meant; what cannot be read is named', () => {
  const place = readPlace({ c: 'ch_a,ch_b,ch_a', t: '2026-11-23T00:00:00', z: '1d', to: 'gap', in: 'soon' });
  expect(place).toMatchObject({ channels: ['ch_a', 'ch_b'], atUs: DAY, zoom: '1d', toGap: true, bad: ['in'] });
  expect(readPlace({}).toGap).toBe(false);
});
