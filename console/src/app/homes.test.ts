import { expect, test } from 'vitest';
import type { Session } from '@/api/types';
import { KEEPING, LOOK, homeOf } from './homes';
import { PAGES } from './pages';

const session = (...roles: string[]) => ({ roles }) as Session;

test.each([
  [['duty_officer'], '/live'],
  [['filing_clerk'], '/todo'],
  [['audit_admin'], '/journal'],
  [['security_admin'], '/accounts'],
  [['system_admin'], '/system'],
  [['maintainer'], KEEPING],
  [['public_security'], LOOK],
  [['transport'], LOOK],
  [['builder'], '/todo'],
  [['planner'], '/construction-plans'],
  [['government'], LOOK],
  [['security_admin', 'operator_admin'], KEEPING],
  [[], '/me/views'],
])('%j is at home at %s', (roles, home) => {
  expect(homeOf(session(...roles))).toBe(home);
});

test('every home that is an address is a page', () => {
  const homes = ['duty_officer', 'reviewer', 'filing_clerk', 'planner', 'audit_admin', 'security_admin', 'system_admin', 'nobody'].map((role) => homeOf(session(role)));
  expect(homes.filter((home) => !PAGES.some((page) => page.path === home))).toEqual([]);
});
