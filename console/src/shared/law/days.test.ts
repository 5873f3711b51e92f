import i18next from 'i18next';
import { expect, test } from 'vitest';
import { chooseLanguage } from '@/shared/i18n';
import { daysBetween, daysText, groupOf, standingOf, statusOf, untilText } from './days';

const t = i18next.t;

test('a deadline reads in days: over, on its last day, ahead', async () => {
  expect([-6, 0, 3].map((days) => daysText(t, days))).toEqual(['逾 6 天', '今天止', '剩 3 天']);
  await chooseLanguage('en');
  expect([-1, -6, 0, 1, 3].map((days) => daysText(t, days))).toEqual(['1 day overdue', '6 days overdue', 'Ends today', '1 day left', '3 days left']);
  await chooseLanguage('zh-CN');
});

test('the last day is named to its end, its year only where it is another one', () => {
  expect(untilText(t, '2026-11-26', '2026-11-23')).toBe('11-26 24:00 止');
  expect(untilText(t, '2027-01-05', '2026-12-23')).toBe('2027-01-05 24:00 止');
});

test('shapes and groups change on the days that the design names', () => {
  expect([-1, 0, 3, 4, 7, 8, 15, 16].map(statusOf)).toEqual(['failed', 'degraded', 'degraded', 'nearing', 'nearing', 'running', 'running', 'off']);
  expect([-1, 0, 1, 3, 4, 7, 8].map(groupOf)).toEqual(['overdue', 'today', 'three', 'three', 'seven', 'seven', 'later']);
});

test('what the organ has got is in time or late by its own day; what came back still runs', () => {
  const sent = { state: 'accepted', due: '2026-11-17', submitted: '2026-11-17', days_left: -6 } as const;
  expect(standingOf(t, sent)).toEqual({ status: 'ok', label: '已按期提交' });
  expect(standingOf(t, { ...sent, submitted: '2026-11-20' })).toEqual({ status: 'failed', label: '迟 3 天提交' });
  expect(standingOf(t, { ...sent, state: 'returned' })).toEqual({ status: 'failed', label: '逾 6 天' });
  expect(standingOf(t, { ...sent, submitted: null, state: 'preparing', days_left: 3 })).toEqual({ status: 'degraded', label: '剩 3 天' });
  expect(standingOf(t, { ...sent, state: 'withdrawn' }).label).toBe('已撤回');
});

test('days between two days are whole, over the end of a month and a leap day', () => {
  expect([daysBetween('2026-10-18', '2026-11-17'), daysBetween('2028-02-28', '2028-03-01'), daysBetween('2026-11-17', '2026-11-10')]).toEqual([30, 2, -7]);
});
