import { expect, test } from 'vitest';
import { passwordRules, strengthOf } from './passwordRules';

const met = (old: string, next: string, again: string): string[] =>
  passwordRules(old, next, again)
    .filter((r) => r.met)
    .map((r) => r.rule);

test('a good password meets all four rules', () => {
  expect(met('one-time-9931', 'correct horse battery', 'correct horse battery')).toHaveLength(4);
});

test('the old password, a run, and a repetition are told apart', () => {
  expect(met('abcdefghijklm', 'abcdefghijklm', 'abcdefghijklm')).toEqual(['ruleLength', 'ruleAgain']);
  expect(met('x', 'aaaaaaaaaaaa', 'aaaaaaaaaaaa')).not.toContain('ruleKinds');
});

test('length is counted in characters, not in code units', () => {
  expect(met('x', '明镜高悬明镜高悬明镜高', '')).not.toContain('ruleLength');
  expect(met('x', '明镜高悬明镜高悬明镜高悬', '')).toContain('ruleLength');
});

test('strength is said in three words', () => {
  expect(strengthOf('short')).toBe('strengthWeak');
  expect(strengthOf('correct horse battery')).toBe('strengthGood');
});
