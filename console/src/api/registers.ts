// Registers of the law: video systems and places, and what was changed on them.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type VideoSystem = Schemas['System'];
export type SystemWish = Schemas['SystemWish'];
export type SystemPatch = Schemas['SystemPatch'];
export type Place = Schemas['Place'];
export type PlaceWish = Schemas['PlaceWish'];
export type PlacePatch = Schemas['PlacePatch'];
export type Position = Schemas['Position'];
export type PositionWish = Schemas['PositionWish'];
export type RecordChange = Schemas['RecordChange'];

interface Narrowed {
  q?: string | undefined;
  under?: string | undefined;
  limit?: number;
  after?: string | null;
}

export async function systems(query: Narrowed & { regime?: string | undefined; life?: string | undefined }, signal?: AbortSignal): Promise<Page<VideoSystem>> {
  return get('/systems', { ...query }, signal);
}

export async function system(id: string, signal?: AbortSignal): Promise<VideoSystem> {
  return get(`/systems/${id}`, undefined, signal);
}

export async function enterSystem(wish: SystemWish): Promise<VideoSystem> {
  return post('/systems', wish);
}

export async function changeSystem(id: string, change: SystemPatch): Promise<VideoSystem> {
  return patch(`/systems/${id}`, change);
}

/** It stays readable. */
export async function endSystem(id: string, reason: string): Promise<VideoSystem> {
  return post(`/systems/${id}/ending`, { reason });
}

export async function endPlace(id: string, reason: string): Promise<Place> {
  return post(`/places/${id}/ending`, { reason });
}

export async function places(query: Narrowed & { category?: string | undefined; coverage?: string | undefined; position?: string | undefined; life?: string | undefined }, signal?: AbortSignal): Promise<Page<Place>> {
  return get('/places', { ...query }, signal);
}

export async function place(id: string, signal?: AbortSignal): Promise<Place> {
  return get(`/places/${id}`, undefined, signal);
}

export async function enterPlace(wish: PlaceWish): Promise<Place> {
  return post('/places', wish);
}

export async function changePlace(id: string, change: PlacePatch): Promise<Place> {
  return patch(`/places/${id}`, change);
}

export type ChangedRegister = 'cameras' | 'systems' | 'places' | 'construction-plans' | 'projects' | 'forbidden-places' | 'decisions' | 'secret-consents' | 'rounds' | 'contracts' | 'staff' | 'agreements' | 'organisations' | 'divisions';

/** Of a record of any register, newest first. */
export async function recordChanges(register: ChangedRegister, id: string, signal?: AbortSignal): Promise<RecordChange[]> {
  return get(`/${register}/${id}/changes`, undefined, signal);
}
