// Staff files of watch and management posts, and agreements with contractors.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type Staff = Schemas['Staff'];
export type Agreement = Schemas['Agreement'];

interface Narrowed {
  q?: string | undefined;
  under?: string | undefined;
  ends_until?: string | undefined;
  lacking?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function staffFiles(query: Narrowed, signal?: AbortSignal): Promise<Page<Staff>> {
  return get('/staff', { ...query }, signal);
}

export async function staffFile(id: string, signal?: AbortSignal): Promise<Staff> {
  return get(`/staff/${id}`, undefined, signal);
}

export async function enterStaff(wish: Schemas['StaffWish']): Promise<Staff> {
  return post('/staff', wish);
}

export async function changeStaff(id: string, change: Schemas['StaffPatch']): Promise<Staff> {
  return patch(`/staff/${id}`, change);
}

export async function agreements(query: Narrowed, signal?: AbortSignal): Promise<Page<Agreement>> {
  return get('/agreements', { ...query }, signal);
}

export async function agreement(id: string, signal?: AbortSignal): Promise<Agreement> {
  return get(`/agreements/${id}`, undefined, signal);
}

export async function enterAgreement(wish: Schemas['AgreementWish']): Promise<Agreement> {
  return post('/agreements', wish);
}

export async function changeAgreement(id: string, change: Schemas['AgreementPatch']): Promise<Agreement> {
  return patch(`/agreements/${id}`, change);
}
