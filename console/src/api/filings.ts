// Filings: the unit's own record of what goes to the organ and comes back.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type Filing = Schemas['Filing'];
export type FilingWhole = Schemas['FilingWhole'];
export type FilingKind = Filing['kind'];
export type FilingState = Filing['state'];
export type FilingForm = Schemas['Form'];
export type FilingStepWish = Schemas['FilingStepWish'];
export type ChecklistItem = Schemas['ChecklistItem'];

export interface FilingFilter {
  state?: string | undefined;
  under?: string | undefined;
  system?: string | undefined;
  due_until?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function filings(filter: FilingFilter, signal?: AbortSignal): Promise<Page<Filing>> {
  return get('/filings', { ...filter }, signal);
}

export async function filing(id: string, signal?: AbortSignal): Promise<FilingWhole> {
  return get(`/filings/${id}`, undefined, signal);
}

export async function openFiling(system: string, kind: FilingKind): Promise<FilingWhole> {
  return post('/filings', { system, kind });
}

/** Only the members that are given change. */
export async function fillFiling(id: string, content: FilingForm): Promise<FilingWhole> {
  return patch(`/filings/${id}`, { content });
}

export async function stepFiling(id: string, wish: FilingStepWish): Promise<FilingWhole> {
  return post(`/filings/${id}/steps`, wish);
}
