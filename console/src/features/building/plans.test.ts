import { expect, test } from 'vitest';
import type { PlanItem } from '@/api/planning';
import { PARTS, drawn, isOpenPlan, partOf, summed, yuan } from './plans';

const EAST = [[114, 30], [114.0005, 30.0002], [114.0005, 29.9998], [114, 30]];
const camera = { camera: 'ch_a', name: 'a', share: 100, metres: 0, duplicate: true, outline: EAST };

test('what is drawn fills the square, keeps its shape, and has north above', () => {
  const { metres, planned, cameras } = drawn({ item: 'pi_a', outline: EAST, cameras: [camera] });
  const corners = planned.split(' ').map((one) => one.split(',').map(Number));
  const wide = 0.0005 * Math.cos((30 * Math.PI) / 180) * 111_320;
  expect(metres).toBeCloseTo(wide * 1.08, 1);
  expect((corners[1]?.[0] ?? 0) - (corners[0]?.[0] ?? 0)).toBeCloseTo(wide, 0);
  expect((corners[2]?.[1] ?? 0) - (corners[1]?.[1] ?? 0)).toBeCloseTo(0.0004 * 111_320, 0);
  expect(cameras).toEqual([planned]);
});

test('only what is being drafted or was returned may be changed', () => {
  expect((['draft', 'submitted', 'approved', 'returned'] as const).map(isOpenPlan)).toEqual([true, false, false, true]);
});

test('money is grouped by thousands', () => {
  expect(yuan(1_234_567)).toBe('1,234,567');
});

test('every item stands in one state of progress, and what is dropped adds nothing to the sums', () => {
  const item = (id: string, progress: PlanItem['progress'], overdue = false) => ({ id, progress, overdue, cameras: 4, cameras_done: 1, budget_yuan: 100 }) as PlanItem;
  const items = [item('a', 'planned', true), item('b', 'under_way'), item('c', 'done'), item('d', 'dropped')];
  const counts = Object.fromEntries(PARTS.map((part) => [part, partOf(items, part).length]));
  expect(counts).toEqual({ planned: 1, under_way: 1, done: 1, dropped: 1, overdue: 1, wanted: 3 });
  expect(partOf(items, undefined)).toHaveLength(4);
  expect(summed(items)).toEqual(summed(partOf(items, 'wanted')));
  expect(summed(items)).toEqual({ cameras: 12, done: 3, budget: 300 });
});
