import { expect, test } from 'vitest';
import type { Finding } from '@/api/compliance';
import type { Filing } from '@/api/filings';
import type { Order } from '@/api/orders';
import type { Waiting } from '@/api/waiting';
import { dutiesOf, grouped, isOwn } from './duties';

const filing = (change: Partial<Filing>) =>
  ({ id: 'fi_1', system: 'sy_1', kind: 'initial', state: 'preparing', due: '2026-11-17', days_left: -6, ...change }) as Filing;
const finding = (change: Partial<Finding>) =>
  ({ id: 'fd_1', rule: 'FILE-01', subject: 'sy_1', due: '2026-11-17', days_left: -6, ...change }) as Finding;
const TODAY = '2026-11-23';
const order = (change: Partial<Order>) =>
  ({ id: 'wo_1', system: 'sy_1', state: 'opened', overdue: false, opened_us: at('2026-11-22'), respond_by_us: at('2026-11-24'), repair_by_us: at('2026-11-26'), repaired_us: null, ...change }) as Order;
const at = (day: string) => Date.parse(`${day}T12:00:00+08:00`) * 1000;
const ids = (filings: Filing[], findings: Finding[]) => dutiesOf(filings, findings, [], TODAY).map((one) => one.id);

test('an open filing stands for the finding that its system owes it, and for no other', () => {
  expect(ids([filing({})], [finding({})])).toEqual(['fi_1']);
  expect(ids([filing({ kind: 'legacy' })], [finding({})])).toEqual(['fi_1']);
  expect(ids([filing({ kind: 'dismantling' })], [finding({}), finding({ id: 'fd_2', rule: 'DISM-02' })])).toEqual(['fd_1', 'fi_1']);
  expect(ids([filing({ kind: 'change' })], [finding({})])).toEqual(['fd_1', 'fi_1']);
  expect(ids([filing({})], [finding({ subject: 'sy_2' })])).toEqual(['fd_1', 'fi_1']);
});

test('a finding without a deadline is no entry of this list', () => {
  expect(ids([], [finding({ due: null, days_left: null })])).toEqual([]);
});

test('the list runs by deadline, not by where a duty comes from', () => {
  const late = filing({ id: 'fi_2', system: 'sy_2', due: '2026-12-01', days_left: 8 });
  const middle = finding({ id: 'fd_3', rule: 'SIGN-01', due: '2026-11-24', days_left: 1 });
  expect(ids([late, filing({})], [middle])).toEqual(['fi_1', 'fd_3', 'fi_2']);
});

test('groups are by the days that are left, the most urgent first, empty ones left out', () => {
  const left = [12, 0, 7, -1, 3, 4, 8].map((days_left) => filing({ id: `fi_${days_left}`, system: `sy_${days_left}`, days_left }));
  const found = grouped(dutiesOf(left, [], [], TODAY)).map(({ group, duties }) => [group, duties.length]);
  expect(found).toEqual([['overdue', 1], ['today', 1], ['three', 1], ['seven', 2], ['later', 2]]);
  expect(grouped(dutiesOf([filing({ days_left: 0 })], [], [], TODAY)).map((one) => one.group)).toEqual(['today']);
});

test('what the organ has got waits for an answer and is not overdue', () => {
  expect(dutiesOf([filing({ state: 'submitted' })], [], [], TODAY).map((one) => one.group)).toEqual(['later']);
  expect(dutiesOf([filing({ state: 'returned' })], [], [], TODAY).map((one) => one.group)).toEqual(['overdue']);
});

test('an order stands by its next term, and for what the rule of maintenance holds against its system', () => {
  const late = finding({ id: 'fd_9', rule: 'MAINT-02', due: '2026-11-24', days_left: 1 });
  const found = dutiesOf([], [late], [order({}), order({ id: 'wo_2', system: 'sy_2', state: 'responded' })], TODAY);
  expect(found.map(({ id, due, daysLeft, group }) => [id, due, daysLeft, group])).toEqual([
    ['wo_1', '2026-11-24', 1, 'three'],
    ['wo_2', '2026-11-26', 3, 'three'],
  ]);
  expect(dutiesOf([], [late], [order({ system: 'sy_2' })], TODAY).map((one) => one.id)).toEqual(['fd_9', 'wo_1']);
});

test('an order over its term is overdue to the minute, and what waits to be confirmed is for today', () => {
  const states = [order({ overdue: true, respond_by_us: at('2026-11-23') }), order({ state: 'repaired', repaired_us: at('2026-11-20') })];
  expect(dutiesOf([], [], states, TODAY).map((one) => one.group)).toEqual(['today', 'overdue']);
});

const wait = (change: Partial<Waiting>) => ({ kind: 'decision', record: 'dc_1', name: '更衣室', rule: '', verdict: '', count: 1, due: null, days_left: null, since_us: 1, ...change }) as Waiting;

test('what waits for a decision stands by its day, and last where the law sets none', () => {
  const waiting = [wait({}), wait({ kind: 'acceptance', record: 'pj_1', due: '2026-11-25', days_left: 2 })];
  const found = dutiesOf([filing({ due: '2026-12-20', days_left: 27 })], [], [], TODAY, waiting);
  expect(found.map(({ id, group }) => [id, group])).toEqual([['pj_1', 'three'], ['fi_1', 'later'], ['dc_1', 'undated']]);
  expect(grouped(found).map((one) => one.group)).toEqual(['three', 'later', 'undated']);
});

test('an acceptance that waits stands for what the rule of stages holds against its project', () => {
  const late = finding({ id: 'fd_5', rule: 'SIM-01', subject: 'pj_1' });
  const ids = (record: string) => dutiesOf([], [late], [], TODAY, [wait({ kind: 'acceptance', record })]).map((one) => one.id);
  expect(ids('pj_1')).toEqual(['pj_1']);
  expect(ids('pj_2')).toEqual(['fd_5', 'pj_2']);
});

test('a duty stands with who may do it, and with whom it was told to because nobody did', () => {
  const duties = dutiesOf([filing({ state: 'submitted' }), filing({ id: 'fi_2' })], [finding({ id: 'fd_2', kind: 'plan', rule: 'PLAN-02' })], [order({})], TODAY, [wait({})]);
  const own = (rights: string[], told: string[] = []) => duties.filter((one) => isOwn(one, (right) => rights.includes(right), new Set(told))).map((one) => one.id).sort();
  expect(own(['filing.write', 'planning.write', 'order.work'])).toEqual(['dc_1', 'fd_2', 'fi_1', 'fi_2', 'wo_1']);
  expect(own(['planning.write'])).toEqual(['dc_1', 'fd_2']);
  expect(own(['filing.decide'])).toEqual(['dc_1', 'fi_1']);
  expect(own(['compliance.read', 'register.read'], ['fi_2'])).toEqual(['dc_1', 'fi_2']);
});
