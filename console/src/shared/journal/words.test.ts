import i18next from 'i18next';
import { expect, test } from 'vitest';
import type { JournalEntry } from '@/api/journal';
import { ACTION_CODES } from './codes';
import { actorText, factText, objectText, rolesIn, verbText } from './words';

const entry = (change: Partial<JournalEntry>): JournalEntry => ({
  seq: 7,
  at_us: 0,
  actor_kind: 'person',
  actor: 'us_1',
  actor_name: '李某',
  source: '10.3.2.8',
  session: '',
  action: 'view.start',
  object_kind: 'camera',
  object: 'ch_1',
  facts: {},
  previous: '',
  hash: '',
  ...change,
});

test('a line names who, verb and object', () => {
  const line = entry({ facts: { name: '大门东' } });
  expect([actorText(i18next.t, line), verbText(i18next.t, line.action), objectText(i18next.t, line)]).toEqual([
    '李某',
    '开始看实时',
    '大门东',
  ]);
});

test('a name of now stands where the entry has none, and an identifier where none is known', () => {
  expect(objectText(i18next.t, entry({}), '西门岗亭')).toBe('西门岗亭');
  expect(objectText(i18next.t, entry({ facts: { name: '大门东' } }), '西门岗亭')).toBe('大门东');
  expect(objectText(i18next.t, entry({}))).toBe('摄像机 ch_1');
});

test('roles among the facts are read with their places, anything else is not taken for roles', () => {
  expect(rolesIn([{ role: 'reviewer', division: '42/4201/', organisation: null }])).toEqual([
    { role: 'reviewer', division_path: '42/4201/', organisation_path: '' },
  ]);
  expect([[], ['reviewer'], [{ role: 'reviewer' }, { name: 'x' }], 'reviewer', null].map(rolesIn)).toEqual([null, null, null, null, null]);
});

test('a refusal names the permission in words', () => {
  const line = entry({ action: 'permission.deny', object_kind: 'action', object: 'video.export' });
  expect(objectText(i18next.t, line)).toBe('“导出录像”');
});

test('a video system is named, the program that starts is not', () => {
  const line = entry({ action: 'system.enter', object_kind: 'system', object: 'sy_1', facts: { name: '实验小学校园安全系统' } });
  expect([verbText(i18next.t, line.action), objectText(i18next.t, line)]).toEqual(['登记视频系统', '实验小学校园安全系统']);
  expect(objectText(i18next.t, entry({ action: 'system.start', object_kind: 'system', object: '', facts: { name: 'x' } }))).toBe('');
});

test('an action that this console does not know shows its code', () => {
  expect(verbText(i18next.t, 'future.act')).toBe('future.act');
});

test('moments among the facts read as Beijing time', () => {
  expect(factText('from_us', 1_795_392_904_200_000)).toBe('2026-11-23 08:15:04.200');
  expect(factText('bytes', 0)).toBe('0');
});

test.each(['zh-CN', 'en'])('every action that the filter offers has a verb in %s', (language) => {
  const said = i18next.getFixedT(language);
  const codes = Object.entries(ACTION_CODES).flatMap(([family, verbs]) => verbs.map((verb) => `${family}.${verb}`));
  expect(codes.filter((code) => verbText(said, code) === code)).toEqual([]);
});
