// The state of the whole: streams, disks, process, and metrics over time (doors.md §4).
import { get } from './http';
import type { Camera, Page, StreamStats } from './types';

export interface SystemState {
  at_us: number;
  version: string;
  media: string;
  streams: StreamStats[];
  recording: number;
  playing: number;
  viewers: number;
  received_bps: number;
  alarms_open: number;
  disks: { pool: string; total_bytes: number; free_bytes: number }[];
  process: { cpu_seconds: number; resident_bytes: number; open_files: number; up_seconds: number };
  metrics: string[];
}

export interface Series {
  metric: string;
  points: [number, number][];
}

export async function systemState(signal?: AbortSignal): Promise<SystemState> {
  return get('/system', undefined, signal);
}

export async function series(metric: string, fromUs: number, untilUs: number, signal?: AbortSignal): Promise<Series> {
  return get('/system/series', { metric, from_us: fromUs, until_us: untilUs }, signal);
}

/** Names of the first cameras by identifier, for those who may read the register. */
export async function cameraNames(signal?: AbortSignal): Promise<Map<string, string>> {
  const page = await get<Page<Camera>>('/cameras', { limit: 200 }, signal);
  return new Map(page.items.map((camera) => [camera.id, camera.name]));
}
