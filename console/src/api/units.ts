// Units and administrative divisions: the registers that everybody reads and few keep.
import { get, patch, post, send } from './http';
import type { Schemas } from './types';

export type Unit = Schemas['Organisation'];
export type UnitWish = Schemas['OrganisationWish'];
export type UnitPatch = Schemas['OrganisationPatch'];
export type Contacts = Schemas['Contacts'];
export type Division = Schemas['Division'];
export type DivisionWish = Schemas['DivisionWish'];
export type DivisionPatch = Schemas['DivisionPatch'];
export type DivisionMove = Schemas['DivisionMove'];
export type DivisionsLoaded = Schemas['DivisionsLoaded'];

export async function unit(id: string, signal?: AbortSignal): Promise<Unit> {
  return get(`/organisations/${id}`, undefined, signal);
}

export async function enterUnit(wish: UnitWish): Promise<Unit> {
  return post('/organisations', wish);
}

export async function changeUnit(id: string, change: UnitPatch): Promise<Unit> {
  return patch(`/organisations/${id}`, change);
}

/** Directly below a division, or the topmost; `ended`: those of the past too. */
export async function divisionsBelow(under: string | null, ended: boolean, signal?: AbortSignal): Promise<Division[]> {
  return (await get<Schemas['Divisions']>('/divisions', { under, ended: ended || null }, signal)).items;
}

export async function division(code: string, signal?: AbortSignal): Promise<Division> {
  return get(`/divisions/${code}`, undefined, signal);
}

export async function enterDivision(wish: DivisionWish): Promise<Division> {
  return post('/divisions', wish);
}

export async function changeDivision(code: string, change: DivisionPatch): Promise<Division> {
  return patch(`/divisions/${code}`, change);
}

export async function moveDivision(code: string, move: DivisionMove): Promise<Division> {
  return post(`/divisions/${code}/move`, move);
}

export async function loadDivisions(file: File): Promise<DivisionsLoaded> {
  return (await send('POST', '/divisions/import', { body: file })).json() as Promise<DivisionsLoaded>;
}
