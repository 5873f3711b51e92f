import { expect, test } from 'vitest';
import type { ChecklistItem, FilingWhole } from '@/api/filings';
import { lifeOf, linesOf, nextOpen, stepsFrom } from './lines';

const item = (name: string, filed: unknown, measured: unknown = null) => ({ name, filed, measured, state: 'done', mandatory: name !== 'industry' }) as ChecklistItem;
const FORM = [item('unit_name', '实验小学', '实验小学'), item('handler', null), item('cameras', 16, 17), item('declared_by', '')];

test('a line is missing, differs from the register, or is done; what was typed counts before it is saved', () => {
  expect(linesOf(FORM, {}).map((line) => line.state)).toEqual(['done', 'missing', 'mismatch', 'missing']);
  expect(linesOf(FORM, { handler: '王敏', cameras: 17, unit_name: '' }).map((line) => line.state)).toEqual(['missing', 'done', 'done', 'missing']);
  expect(linesOf([item('cameras', 0, 0)], {}).map((line) => line.state)).toEqual(['done']);
});

test('a line that may stay empty is neither missing nor on the walk', () => {
  const lines = linesOf([item('industry', ''), item('handler', '王敏')], {});
  expect(lines.map((line) => line.state)).toEqual(['open', 'done']);
  expect(nextOpen(lines, null, 1)).toBeNull();
});

test('the walk goes to the next line that is not done, round the end, either way', () => {
  const lines = linesOf(FORM, {});
  expect([nextOpen(lines, null, 1), nextOpen(lines, 'handler', 1), nextOpen(lines, 'declared_by', 1)]).toEqual(['handler', 'cameras', 'handler']);
  expect([nextOpen(lines, null, -1), nextOpen(lines, 'handler', -1)]).toEqual(['declared_by', 'declared_by']);
  expect(nextOpen(linesOf([item('handler', '王敏')], {}), null, 1)).toBeNull();
});

test('the step forward comes first, withdrawing last', () => {
  expect(stepsFrom('checking', ['preparing', 'submitted', 'withdrawn'])).toEqual(['submitted', 'preparing', 'withdrawn']);
  expect(stepsFrom('submitted', ['accepted', 'refused', 'returned'])[0]).toBe('accepted');
  expect(stepsFrom('accepted', [])).toEqual([]);
});

test('the days of a filing stand in order, today among them', () => {
  const filing = { kind: 'dismantling', trigger: '2026-12-21', due: '2026-12-20', clock: { first: '2026-11-21' }, submitted: null, decided: null } as FilingWhole;
  expect(lifeOf(filing, '2026-11-28').map((one) => one.what)).toEqual(['first', 'today', 'due', 'dismantling']);
});
