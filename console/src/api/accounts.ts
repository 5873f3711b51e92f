// Accounts, roles, tokens of other programs (doors.md §4).
import { get, patch, post, remove } from './http';
import type { OwnSession } from './session';
import type { Page } from './types';

export interface RoleShown {
  role: string;
  /** Path of codes of the division, `4201/420115`; empty where the role holds everywhere. */
  division_path: string;
  organisation_path: string;
}

export interface RoleHeld {
  role: string;
  division: string | null;
  organisation: string | null;
}

export interface User {
  id: string;
  account: string;
  name: string;
  organisation: string;
  enabled: boolean;
  demo: boolean;
  must_change_password: boolean;
  second_factor: boolean;
  created_us: number;
  last_sign_in_us: number | null;
  roles: RoleShown[];
}

export interface UserWish {
  account: string;
  name: string;
  organisation: string;
  roles: RoleHeld[];
}

export interface Role {
  code: string;
  name: string;
  name_en: string;
  actions: string[];
  administers: boolean;
}

export interface Division {
  code: string;
  name: string;
  parent: string | null;
  path: string;
  leaf: boolean;
}

export interface Unit {
  id: string;
  name: string;
  parent: string | null;
  path: string;
}

export interface Token {
  id: string;
  name: string;
  owner: string;
  actions: string[];
  created_us: number;
  expires_us: number;
  last_used_us: number | null;
  revoked_us: number | null;
}

export async function users(q: string, after: string | null, signal?: AbortSignal): Promise<Page<User>> {
  return get('/users', { q: q || null, limit: 100, after }, signal);
}

export async function addUser(wish: UserWish): Promise<{ user: User; password: string }> {
  return post('/users', wish);
}

export async function changeUser(
  id: string,
  change: { name?: string; organisation?: string; enabled?: boolean; roles?: RoleHeld[] },
): Promise<User> {
  return patch(`/users/${id}`, change);
}

export async function resetPassword(id: string): Promise<{ password: string }> {
  return post(`/users/${id}/password`);
}

export async function userSessions(id: string, signal?: AbortSignal): Promise<{ items: OwnSession[] }> {
  return get(`/users/${id}/sessions`, undefined, signal);
}

export async function endUserSessions(id: string): Promise<void> {
  await remove(`/users/${id}/sessions`);
}

export async function roles(signal?: AbortSignal): Promise<Role[]> {
  return (await get<{ items: Role[] }>('/roles', undefined, signal)).items;
}

export async function divisions(under: string | null, signal?: AbortSignal): Promise<Division[]> {
  return (await get<{ items: Division[] }>('/divisions', { under }, signal)).items;
}

export async function units(signal?: AbortSignal): Promise<Unit[]> {
  return (await get<{ items: Unit[] }>('/organisations', undefined, signal)).items;
}

export async function tokens(signal?: AbortSignal): Promise<Token[]> {
  return (await get<{ items: Token[] }>('/tokens', undefined, signal)).items;
}

export async function makeToken(wish: {
  name: string;
  actions: string[];
  expires_us: number;
}): Promise<{ token: Token; text: string }> {
  return post('/tokens', wish);
}

export async function revokeToken(id: string): Promise<void> {
  await remove(`/tokens/${id}`);
}
