// Sign-in, who am I, own password, second factor, own sessions (doors.md §4).
import { get, post, put, remove, setCsrfToken } from './http';
import type { Page, Schemas, Session } from './types';

function remember(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}

export async function currentSession(): Promise<Session> {
  return remember(await get<Session>('/session'));
}

export async function signIn(account: string, password: string, code?: string): Promise<Session> {
  return remember(await post<Session>('/session', { account, password, ...(code ? { code } : {}) }));
}

export async function signOut(): Promise<void> {
  await remove('/session');
  setCsrfToken('');
}

/** One's other sessions end by it; one's API tokens where that is wished. */
export async function changePassword(wish: Schemas['PasswordChange']): Promise<void> {
  await post('/session/password', wish);
}

export async function beginTotp(): Promise<Schemas['FactorSecret']> {
  return post('/session/totp');
}

/** Two consecutive codes prove that the authenticator's clock and secret are right. */
export async function confirmTotp(codes: [string, string]): Promise<Schemas['FactorRecovery']> {
  return put('/session/totp', { codes });
}

export async function removeTotp(): Promise<void> {
  await remove('/session/totp');
}

/** Prove again who one is; holds for this session for some minutes. */
export async function proveAgain(password: string, code?: string): Promise<void> {
  await post('/session/step-up', { password, ...(code ? { code } : {}) });
}

export type OwnSession = Schemas['OpenSession'];

export async function ownSessions(): Promise<Page<OwnSession>> {
  return get('/me/sessions');
}

/** Everywhere but here; one's API tokens end too. */
export async function endOtherSessions(): Promise<Schemas['Ended']> {
  return remove('/me/sessions');
}

export async function endOwnSession(id: string): Promise<void> {
  await remove(`/me/sessions/${id}`);
}
