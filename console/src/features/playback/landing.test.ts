import { expect, test } from 'vitest';
import { MINUTE_US } from '@/shared/time/beijing';
import { firstSince, landOn, latestOf } from './landing';

const lane = (channel: string, last_us: number | null) => ({ channel, last_us });

test('playback opens with the first camera recorded today, and without one with the camera recorded latest', () => {
  const lanes = [lane('never', null), lane('old', 5), lane('newer', 20), lane('newest', 30)];
  expect(firstSince(lanes, 10)?.channel).toBe('newer');
  expect(firstSince(lanes, 30)).toBeNull();
  expect(latestOf(lanes)?.channel).toBe('newest');
  expect(latestOf([lane('never', null)])).toBeNull();
});

test('it opens a minute before the end of what is recorded, never in a gap', () => {
  const recorded = { kind: 'recorded' as const, from_us: 0, until_us: 10 * MINUTE_US };
  const gap = { kind: 'gap' as const, from_us: 10 * MINUTE_US, until_us: 11 * MINUTE_US };
  const short = { kind: 'imported' as const, from_us: 11 * MINUTE_US, until_us: 11.5 * MINUTE_US };
  expect(landOn([recorded, gap], 11 * MINUTE_US)).toBe(9 * MINUTE_US);
  expect(landOn([recorded, gap, short], 11.5 * MINUTE_US)).toBe(11 * MINUTE_US);
  expect(landOn([{ ...short, from_us: 11 * MINUTE_US + 1 }], 11.5 * MINUTE_US)).toBe(11 * MINUTE_US + 1000);
});
