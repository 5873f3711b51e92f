// Recordings on the wire: timelines, segments, completeness, plans, storage, exports (doors.md §4).
import { addressOf, get, patch, post, remove } from './http';
import type { Page, StreamKind } from './types';

export interface WireSpan {
  from_us: number;
  until_us: number;
  kind: string;
  reason?: string | null;
  witness?: string | null;
}

export interface WireBucket {
  from_us: number;
  due_us: number;
  kept_us: number;
  lost: Record<string, number>;
}

export interface WireLane {
  channel: string;
  stream: string;
  first_us: number | null;
  last_us: number | null;
  percent: number | null;
  spans: WireSpan[] | null;
  buckets: WireBucket[] | null;
}

export interface Window {
  from_us: number;
  until_us: number;
}

export async function timeline(
  channels: readonly string[],
  window: Window,
  stepUs: number,
  signal?: AbortSignal,
): Promise<WireLane[]> {
  const query = { channels: channels.join(','), ...window, step_us: stepUs };
  return (await get<{ lanes: WireLane[] }>('/recordings/timeline', query, signal)).lanes;
}

export interface WireSegment {
  id: string;
  stream: string;
  start_us: number;
  end_us: number;
  bytes: number;
  codecs: string;
  origin: string;
  state: string;
}

export async function segments(
  channel: string,
  stream: StreamKind,
  window: Window,
  signal?: AbortSignal,
): Promise<WireSegment[]> {
  return (await get<Page<WireSegment>>('/recordings/segments', { channel, stream, ...window }, signal)).items;
}

export interface CameraDay {
  channel: string;
  name: string;
  due_us: number;
  kept_us: number;
  percent: number | null;
  lost: Record<string, number>;
  main_reason: string | null;
}

export interface Completeness {
  day: string;
  from_us: number;
  until_us: number;
  due_us: number;
  kept_us: number;
  percent: number | null;
  lost: Record<string, number>;
  cameras: CameraDay[];
}

export async function completeness(day: string, signal?: AbortSignal): Promise<Completeness> {
  return get('/recordings/completeness', { day }, signal);
}

export interface HeatRow {
  channel: string;
  name: string;
  days: { day: string; due_us: number; kept_us: number; percent: number | null; main_reason: string | null }[];
}

export async function heat(day: string, count: number, signal?: AbortSignal): Promise<HeatRow[]> {
  return get('/recordings/days', { day, count }, signal);
}

export interface NotKept {
  channel: string;
  name: string;
  since_us: number;
  reason: string;
}

export async function keptNow(signal?: AbortSignal): Promise<{ recording: number; due: number; lost: NotKept[] }> {
  return get('/recordings/now', undefined, signal);
}

export interface Storage {
  pools: {
    id: string;
    total_bytes: number;
    free_bytes: number;
    recordings_bytes: number;
    usable_bytes: number;
    state: 'ok' | 'warn' | 'full' | 'gone';
  }[];
  forecast: {
    streams: number;
    unmeasured: number;
    bytes_a_day: number;
    needed_bytes: number;
    usable_bytes: number;
    days_until_full: number | null;
    days_held: number | null;
    holds: boolean;
    arithmetic: string;
    arithmetic_en: string;
  };
  deletion: { paused: boolean; doubts: string[]; paused_since_us: number | null; done: number; pending: number };
}

export async function storage(signal?: AbortSignal): Promise<Storage> {
  return get('/storage', undefined, signal);
}

export type PlanMode = 'always' | 'weekly' | 'off';
export type Weekly = Record<string, [number, number][]>;

export interface PlanWish {
  name: string;
  mode: PlanMode;
  weekly: Weekly;
  retention_days: number;
  reason: string | null;
}

export interface Plan extends PlanWish {
  id: string;
  cameras: number;
  changed_us: number;
}

export async function plans(signal?: AbortSignal): Promise<Plan[]> {
  return get('/plans', undefined, signal);
}

export async function savePlan(id: string | null, wish: PlanWish): Promise<Plan> {
  return id === null ? post('/plans', wish) : patch(`/plans/${id}`, wish);
}

export async function removePlan(id: string): Promise<void> {
  await remove(`/plans/${id}`);
}

export interface ExportWish {
  channels: string[];
  from_us: number;
  until_us: number;
  audio: boolean;
  reason: string;
}

export interface ExportGap {
  channel: string;
  from_us: number;
  until_us: number;
  reason: string;
}

export interface ExportJob extends ExportWish {
  id: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';
  step: string;
  done: number;
  total: number;
  files: { channel: string; name: string; bytes: number; sha256: string; sm3: string }[];
  gaps: ExportGap[];
  problem: string | null;
  created_us: number;
  finished_us: number | null;
}

export interface ExportEstimate {
  channels: { channel: string; kept_us: number; missing_us: number; bytes: number; gaps: ExportGap[] }[];
  bytes: number;
}

export async function estimateExport(wish: ExportWish): Promise<ExportEstimate> {
  return post('/exports/estimate', wish);
}

export async function orderExport(wish: ExportWish): Promise<ExportJob> {
  return post('/exports', wish);
}

export async function exportJobs(signal?: AbortSignal): Promise<Page<ExportJob>> {
  return get('/exports', { limit: 100 }, signal);
}

export async function exportJob(id: string, signal?: AbortSignal): Promise<ExportJob> {
  return get(`/exports/${id}`, undefined, signal);
}

export async function cancelExport(id: string): Promise<void> {
  await remove(`/exports/${id}`);
}

export function exportFileAddress(id: string, channel: string): string {
  return addressOf(`/exports/${id}/file`, { channel });
}
