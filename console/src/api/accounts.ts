// Accounts, roles, tokens of other programs (doors.md §4).
import { get, patch, post, remove } from './http';
import type { OwnSession } from './session';
import type { Page, Schemas } from './types';

/** Paths are codes from the top, `42/4201/420115/`; empty where the role holds everywhere. */
export type RoleShown = Schemas['RoleShown'];
export type RoleHeld = Required<Schemas['RoleHeld']>;
export type User = Schemas['User'];
export type UserWish = Schemas['UserWish'] & { roles: RoleHeld[] };
export type Role = Schemas['Role'];
export type Division = Schemas['Division'];
export type Unit = Schemas['Organisation'];
export type Token = Schemas['Token'];
export type Ended = Schemas['Ended'];

export async function users(q: string, after: string | null, signal?: AbortSignal): Promise<Page<User>> {
  return get('/users', { q: q || null, limit: 100, after }, signal);
}

export async function person(id: string, signal?: AbortSignal): Promise<User> {
  return get(`/users/${id}`, undefined, signal);
}

export async function addUser(wish: UserWish): Promise<Schemas['UserMade']> {
  return post('/users', wish);
}

export async function changeUser(id: string, change: Schemas['UserPatch']): Promise<User> {
  return patch(`/users/${id}`, change);
}

/** The second factor stays unless it is to be dropped. */
export async function resetPassword(id: string, dropFactor: boolean): Promise<Schemas['OneTimePassword']> {
  return post(`/users/${id}/password`, { drop_factor: dropFactor });
}

export async function userSessions(id: string, signal?: AbortSignal): Promise<{ items: OwnSession[] }> {
  return get(`/users/${id}/sessions`, undefined, signal);
}

export async function endUserSessions(id: string): Promise<Ended> {
  return remove(`/users/${id}/sessions`);
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
}): Promise<Schemas['TokenMade']> {
  return post('/tokens', wish);
}

export async function revokeToken(id: string): Promise<void> {
  await remove(`/tokens/${id}`);
}
