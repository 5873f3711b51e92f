// What the forms of accounts know of roles: the separation of administrators, and the last code of a division's path.
import type { Role, RoleHeld, RoleShown } from '@/api/accounts';

/** Two administrators' roles in one account (GB/T 22239-2019, 8.1.5). */
export function clashes(held: RoleHeld[], roles: Role[]): boolean {
  const administering = new Set(held.map((one) => one.role).filter((code) => roles.find((r) => r.code === code)?.administers));
  return administering.size > 1;
}

/** The last piece of a path of identifiers, null for the empty path. */
export function lastOf(path: string): string | null {
  return path.split('/').filter(Boolean).at(-1) ?? null;
}

/** The division above (GB/T 2260: two digits a level, filled up to six; then three a level); null above a province. */
export function divisionAbove(code: string): string | null {
  if (code.length > 6) return code.slice(0, -3);
  if (code.endsWith('0000')) return null;
  return code.endsWith('00') ? `${code.slice(0, 2)}0000` : `${code.slice(0, 4)}00`;
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
