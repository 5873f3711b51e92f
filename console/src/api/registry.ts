// Writing to the camera register, probing an address, tables in and out (doors.md §4).
import { addressOf, get, patch, post, remove } from './http';
import type { Camera, Diagnosis, Leg, Schemas } from './types';

export type Transport = Schemas['StreamOut']['transport'];

export type StreamWish = Schemas['StreamWish'];

export type CameraWish = Schemas['CameraWish'];
export type CameraPatch = Schemas['CameraPatch'];

export type Probe = Omit<Schemas['ProbeOut'], 'legs'> & { legs: Leg[] };

export async function probe(wish: {
  url: string;
  user?: string;
  password?: string;
  transport: Transport;
}): Promise<Probe> {
  return post('/cameras/probe', wish);
}

export async function register(wish: CameraWish): Promise<Camera> {
  return post('/cameras', wish);
}

export async function changeCamera(
  id: string,
  change: CameraPatch,
): Promise<Camera> {
  return patch(`/cameras/${id}`, change);
}

export async function removeCamera(id: string, recordings: 'keep' | 'expire', reason: string): Promise<void> {
  await remove(`/cameras/${id}`, { recordings, reason });
}

export const cameraTableAddress = (
  form: 'xlsx' | 'csv',
  filter: { q?: string | undefined; under?: string | undefined; lacking?: string | undefined; area?: string | undefined },
) => addressOf('/cameras/export', { form, ...filter });
export const dossierPaperAddress = (camera: string, language: 'zh' | 'en') => addressOf(`/cameras/${camera}/dossier.pdf`, { language });
export const cameraTemplateAddress = () => addressOf('/cameras/template.xlsx');

export type Organisation = Schemas['Organisation'];

export async function organisations(signal?: AbortSignal): Promise<Organisation[]> {
  return (await get<Schemas['Organisations']>('/organisations', undefined, signal)).items;
}

export type Division = Schemas['Division'];

export async function divisions(under: string | null, signal?: AbortSignal): Promise<Division[]> {
  return (await get<Schemas['Divisions']>('/divisions', { under }, signal)).items;
}


export type { Diagnosis };
