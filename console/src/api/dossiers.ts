// Dossiers of cameras: members, sign, baseline picture, tables under way (doors.md §4).
import { addressOf, get, patch, post, send } from './http';
import type { Schemas } from './types';

export type Dossier = Schemas['Dossier'];
export type DossierPatch = Schemas['DossierPatch'];
export type Member = Schemas['MemberOut'];
export type Measured = Schemas['Measured'];
export type SignCheck = Schemas['SignCheck'];
export type SignCheckWish = Schemas['SignCheckWish'];
export type DossierChange = Schemas['RecordChange'];
export type ImportJob = Schemas['ImportJob'];

export async function dossierMembers(signal?: AbortSignal): Promise<Member[]> {
  return get('/dossier-members', undefined, signal);
}

export async function dossier(camera: string, signal?: AbortSignal): Promise<Dossier> {
  return get(`/cameras/${camera}/dossier`, undefined, signal);
}

export async function changeDossier(camera: string, change: DossierPatch): Promise<Dossier> {
  return patch(`/cameras/${camera}/dossier`, change);
}

export async function dossierChanges(camera: string, signal?: AbortSignal): Promise<DossierChange[]> {
  return get(`/cameras/${camera}/dossier/changes`, undefined, signal);
}

export async function signChecks(camera: string, signal?: AbortSignal): Promise<SignCheck[]> {
  return get(`/cameras/${camera}/sign/checks`, undefined, signal);
}

export async function checkSign(camera: string, wish: SignCheckWish): Promise<Dossier> {
  return post(`/cameras/${camera}/sign/checks`, wish);
}

export async function keepSignPhoto(camera: string, photo: File): Promise<Dossier> {
  return (await (await send('PUT', `/cameras/${camera}/sign/photo`, { body: photo })).json()) as Dossier;
}

export async function keepBaseline(camera: string): Promise<Dossier> {
  return post(`/cameras/${camera}/baseline`);
}

/** Addresses of pictures; `kept` tells one that was kept anew from the one before it. */
export const signPhotoAddress = (camera: string, kept: number) => addressOf(`/cameras/${camera}/sign/photo`, { kept });
export const baselineAddress = (camera: string, kept: string) => addressOf(`/cameras/${camera}/baseline`, { kept });

export async function orderImport(file: File): Promise<ImportJob> {
  return (await (await send('POST', '/cameras/imports', { body: file, query: { file: file.name.slice(0, 200) } })).json()) as ImportJob;
}

export async function importJob(id: string, signal?: AbortSignal): Promise<ImportJob> {
  return get(`/cameras/imports/${id}`, undefined, signal);
}

export async function writeImport(id: string, mode: 'all' | 'good'): Promise<ImportJob> {
  return (await (await send('POST', `/cameras/imports/${id}/writing`, { query: { mode } })).json()) as ImportJob;
}

export async function ownImports(signal?: AbortSignal): Promise<ImportJob[]> {
  return get('/cameras/imports', undefined, signal);
}

export const importFaultsAddress = (id: string) => addressOf(`/cameras/imports/${id}/faults.xlsx`);
