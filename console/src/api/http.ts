// One way to the server: JSON over fetch, the session's cookie, the CSRF token on writes, problems as exceptions.
// Nothing here knows a path; the modules beside it do.
import { noAnswer, problemOf } from './problem';
import type { Problem } from './problem';

export type Query = Record<string, string | number | boolean | null | undefined>;

const BASE = '/api/v1';
const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

let csrfToken = '';
let onSignedOut: () => void = () => undefined;
let askForProof: (wanted: Problem) => Promise<boolean> = () => Promise.resolve(false);
let asking: Promise<boolean> | null = null;

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Called once for each answer 401 outside sign-in: the session has ended. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act;
}

/** Called where an act wants a person to prove again who they are (doors.md §4.1); true once they have. */
export function whenProofIsWanted(ask: (wanted: Problem) => Promise<boolean>): () => void {
  askForProof = ask;
  return () => {
    if (askForProof === ask) askForProof = () => Promise.resolve(false);
  };
}

/** Several calls that are refused at once ask once. */
async function proven(wanted: Problem): Promise<boolean> {
  asking ??= askForProof(wanted).finally(() => {
    asking = null;
  });
  return asking;
}

export function addressOf(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const tail = search.toString();
  return `${BASE}${path}${tail ? `?${tail}` : ''}`;
}

interface Call {
  query?: Query;
  json?: unknown;
  body?: BodyInit;
  signal?: AbortSignal | undefined;
}

const PROOF_WANTED = 'AUTH-014';

/**
 * Sends a request and gives the raw answer; throws `Problem` on any other status than 2xx. A call that wants a proof is
 * repeated unchanged once the person has given it; left unproven, it stays refused and nothing has happened.
 */
export async function send(method: string, path: string, call: Call = {}): Promise<Response> {
  const response = await answered(method, path, call);
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === PROOF_WANTED && (await proven(problem))) return send(method, path, call);
  throw problem;
}

async function answered(method: string, path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (WRITES.has(method) && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  if (call.json !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(addressOf(path, call.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(call.json !== undefined ? { body: JSON.stringify(call.json) } : call.body ? { body: call.body } : {}),
      ...(call.signal ? { signal: call.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw noAnswer();
  }
  if (response.status === 401 && path !== '/session') onSignedOut();
  return response;
}

async function json<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return json<T>(await send('GET', path, { ...(query ? { query } : {}), signal }));
}

export async function post<T>(path: string, body?: unknown, query?: Query): Promise<T> {
  return json<T>(await send('POST', path, { json: body ?? {}, ...(query ? { query } : {}) }));
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return json<T>(await send('PUT', path, { json: body }));
}

export async function patch<T>(path: string, body: unknown): Promise<T> {
  return json<T>(await send('PATCH', path, { json: body }));
}

export async function remove<T = unknown>(path: string, query?: Query): Promise<T> {
  return json<T>(await send('DELETE', path, { ...(query ? { query } : {}) }));
}
