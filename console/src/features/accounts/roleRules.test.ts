import { expect, test } from 'vitest';
import type { Role } from '@/api/accounts';
import { clashes, heldOf, withoutAdministrators } from './roleRules';

const role = (code: string, administers: boolean): Role => ({ code, name: code, name_en: code, actions: [], administers });
const ROLES = [role('audit_admin', true), role('security_admin', true), role('reviewer', false)];
const held = (...codes: string[]) => codes.map((code) => ({ role: code, division: null, organisation: null }));

test('two administrators may not meet in one account, one and a reviewer may', () => {
  expect(clashes(held('audit_admin', 'security_admin'), ROLES)).toBe(true);
  expect(clashes(held('audit_admin', 'reviewer'), ROLES)).toBe(false);
  expect(clashes(held('audit_admin', 'audit_admin'), ROLES)).toBe(false);
});

test('a path reads back to what the form chooses from', () => {
  expect(heldOf([{ role: 'reviewer', division_path: '42/4201', organisation_path: '' }])).toEqual([
    { role: 'reviewer', division: '4201', organisation: null },
  ]);
});

test('an account that waits for a second person is opened with its other roles alone', () => {
  expect(withoutAdministrators(held('audit_admin', 'reviewer'), ROLES)).toEqual(held('reviewer'));
  expect(withoutAdministrators(held('reviewer'), ROLES)).toEqual(held('reviewer'));
});
