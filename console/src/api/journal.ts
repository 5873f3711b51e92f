// The journal: entries newest first, one's own views, the check of the chain, signed checkpoints (doors.md §4).
import { get, post } from './http';
import type { Page } from './types';

export interface JournalEntry {
  seq: number;
  at_us: number;
  actor_kind: string;
  actor: string;
  actor_name: string;
  source: string;
  session: string;
  action: string;
  object_kind: string;
  object: string;
  facts: Record<string, unknown>;
  previous: string;
  hash: string;
}

export interface Verdict {
  ok: boolean;
  entries: number;
  head: string;
  checkpoints: number;
  broken_seq: number | null;
  reason: string | null;
  at_us: number;
}

export interface Checkpoint {
  seq: number;
  hash: string;
  at_us: number;
  key_id: string;
  signature: string;
  public_key: string;
}

export interface JournalFilter {
  who?: string;
  what?: string;
  object?: string;
  from_us?: number;
  until_us?: number;
}

export const JOURNAL_PAGE = 100;

export async function journal(
  filter: JournalFilter,
  after: string | null,
  signal?: AbortSignal,
): Promise<Page<JournalEntry>> {
  return get('/journal', { ...filter, limit: JOURNAL_PAGE, after }, signal);
}

export async function journalEntry(seq: number, signal?: AbortSignal): Promise<JournalEntry> {
  return get(`/journal/${seq}`, undefined, signal);
}

export async function ownViews(after: string | null, signal?: AbortSignal): Promise<Page<JournalEntry>> {
  return get('/me/views', { limit: JOURNAL_PAGE, after }, signal);
}

export async function verdict(signal?: AbortSignal): Promise<Verdict> {
  return get('/journal/verdict', undefined, signal);
}

export async function verifyJournal(): Promise<Verdict> {
  return post('/journal/verify');
}

export async function makeCheckpoint(): Promise<Checkpoint> {
  return post('/journal/checkpoints');
}
