// Writing to the camera register, probing an address, tables in and out (doors.md §4).
import { addressOf, get, patch, post, remove, send } from './http';
import type { Camera, Diagnosis, Leg, StreamStats } from './types';

export type Transport = 'auto' | 'tcp' | 'udp' | 'udp_only';

export interface StreamWish {
  kind: 'main' | 'sub';
  url: string;
  transport: Transport;
  audio: boolean;
}

export interface CameraWish {
  name: string;
  division: string;
  organisation: string;
  address?: string;
  streams: StreamWish[];
  user?: string;
  password?: string;
  plan?: string;
}

export interface Probe {
  legs: Leg[];
  format: StreamStats['format'];
  oddities: Record<string, number>;
  summary: string;
  summary_en: string;
}

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
  change: { name?: string; note?: string; enabled?: boolean; plan?: string },
): Promise<Camera> {
  return patch(`/cameras/${id}`, change);
}

export async function removeCamera(id: string, recordings: 'keep' | 'expire', reason: string): Promise<void> {
  await remove(`/cameras/${id}`, { recordings, reason });
}

export interface ImportReport {
  rows: {
    row: number;
    state: 'ok' | 'error';
    name: string;
    errors: { column: string; message: string; message_en: string }[];
  }[];
  counts: { rows: number; ok: number; error: number; written: number };
}

export async function importCameras(file: File, dryRun: boolean, mode: 'all' | 'good'): Promise<ImportReport> {
  const response = await send('POST', '/cameras/import', { query: { dry_run: dryRun, mode }, body: file });
  return (await response.json()) as ImportReport;
}

export const cameraTableAddress = (form: 'xlsx' | 'csv') => addressOf('/cameras/export', { form });
export const cameraTemplateAddress = () => addressOf('/cameras/template.xlsx');

export interface Organisation {
  id: string;
  name: string;
  division: string;
}

export async function organisations(signal?: AbortSignal): Promise<Organisation[]> {
  const answer = await get<Organisation[] | { items: Organisation[] }>('/organisations', undefined, signal);
  return Array.isArray(answer) ? answer : answer.items;
}

export interface CameraChange {
  at_us: number;
  who: string;
  what: string;
}

export async function cameraChanges(id: string, signal?: AbortSignal): Promise<CameraChange[]> {
  return get(`/cameras/${id}/changes`, undefined, signal);
}

export type { Diagnosis };
