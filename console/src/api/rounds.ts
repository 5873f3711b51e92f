// Rounds: checks of forbidden places and of signs, what they found, and what was reported.
import { get, post } from './http';
import type { Page, Schemas } from './types';

export type Round = Schemas['Round'];
export type RoundWhole = Schemas['RoundWhole'];
export type RoundResult = Schemas['Result'];
export type ResultWish = Schemas['ResultWish'];

interface Asked {
  q?: string | undefined;
  under?: string | undefined;
  kind?: string | undefined;
  subject?: string | undefined;
  due_until?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function rounds(query: Asked, signal?: AbortSignal): Promise<Page<Round>> {
  return get('/rounds', { ...query }, signal);
}

export async function round(id: string, signal?: AbortSignal): Promise<RoundWhole> {
  return get(`/rounds/${id}`, undefined, signal);
}

export async function enterResult(id: string, wish: ResultWish): Promise<RoundWhole> {
  return post(`/rounds/${id}/results`, wish);
}

export async function reportFind(id: string, result: string, reported: string, to: string): Promise<RoundWhole> {
  return post(`/rounds/${id}/results/${result}/report`, { reported, reported_to: to });
}
