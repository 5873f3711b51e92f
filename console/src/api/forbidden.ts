// Forbidden places, decisions on what is suspected of looking into one, and consents of secret units.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type ForbiddenPlace = Schemas['ForbiddenPlace'];
export type ForbiddenPlaceWish = Schemas['ForbiddenPlaceWish'];
export type ForbiddenPlacePatch = Schemas['ForbiddenPlacePatch'];
export type Decision = Schemas['Decision'];
export type DecisionWish = Schemas['DecisionWish'];
export type Suspicion = Schemas['SuspicionOut'];
export type Consent = Schemas['Consent'];
export type ConsentWish = Schemas['ConsentWish'];
export type ConsentPatch = Schemas['ConsentPatch'];

interface Listed {
  limit?: number;
  after?: string | null;
}

interface Narrowed extends Listed {
  q?: string | undefined;
  under?: string | undefined;
}

export async function forbiddenPlaces(query: Narrowed & { kind?: string | undefined; life?: string | undefined }, signal?: AbortSignal): Promise<Page<ForbiddenPlace>> {
  return get('/forbidden-places', { ...query }, signal);
}

export async function forbiddenPlace(id: string, signal?: AbortSignal): Promise<ForbiddenPlace> {
  return get(`/forbidden-places/${id}`, undefined, signal);
}

export async function enterForbiddenPlace(wish: ForbiddenPlaceWish): Promise<ForbiddenPlace> {
  return post('/forbidden-places', wish);
}

export async function changeForbiddenPlace(id: string, change: ForbiddenPlacePatch): Promise<ForbiddenPlace> {
  return patch(`/forbidden-places/${id}`, change);
}

export async function endForbiddenPlace(id: string, reason: string): Promise<ForbiddenPlace> {
  return post(`/forbidden-places/${id}/ending`, { reason });
}

export async function decisions(query: Narrowed & { state?: string | undefined; subject?: string | undefined }, signal?: AbortSignal): Promise<Page<Decision>> {
  return get('/decisions', { ...query }, signal);
}

export async function decision(id: string, signal?: AbortSignal): Promise<Decision> {
  return get(`/decisions/${id}`, undefined, signal);
}

export async function decide(id: string, wish: DecisionWish): Promise<Decision> {
  return post(`/decisions/${id}/answer`, wish);
}

export async function confirmMask(id: string, day: string): Promise<Decision> {
  return post(`/decisions/${id}/mask`, { day });
}

export async function consents(query: Listed & { zone?: string | undefined }, signal?: AbortSignal): Promise<Page<Consent>> {
  return get('/secret-consents', { ...query }, signal);
}

export async function enterConsent(wish: ConsentWish): Promise<Consent> {
  return post('/secret-consents', wish);
}

export async function changeConsent(id: string, change: ConsentPatch): Promise<Consent> {
  return patch(`/secret-consents/${id}`, change);
}
