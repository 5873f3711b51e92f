// What the forms of accounts know of roles: the separation of administrators, and a role as the form holds it.
import type { Role, RoleHeld, RoleShown } from '@/api/accounts';
import { lastOf } from '@/shared/names/paths';

/** Two administrators' roles in one account (GB/T 22239-2019, 8.1.5). */
export function clashes(held: RoleHeld[], roles: Role[]): boolean {
  const administering = new Set(held.map((one) => one.role).filter((code) => roles.find((r) => r.code === code)?.administers));
  return administering.size > 1;
}

/** The roles of an account that is opened before a second person has confirmed the administrator's roles. */
export function withoutAdministrators(held: RoleHeld[], roles: Role[]): RoleHeld[] {
  return held.filter((one) => !roles.find((r) => r.code === one.role)?.administers);
}

export function heldOf(shown: RoleShown[]): RoleHeld[] {
  return shown.map((one) => ({
    role: one.role,
    division: lastOf(one.division_path),
    organisation: lastOf(one.organisation_path),
  }));
}
