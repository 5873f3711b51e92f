// Recordings on the wire: timelines, segments, completeness, plans, storage, exports (doors.md §4).
import { addressOf, get, patch, post, remove } from './http';
import type { Page, Schemas, StreamKind } from './types';

export type WireLane = Schemas['LaneOut'];

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

export type WireSegment = Schemas['SegmentOut'];

export async function segments(
  channel: string,
  stream: StreamKind,
  window: Window,
  signal?: AbortSignal,
): Promise<WireSegment[]> {
  return (await get<Page<WireSegment>>('/recordings/segments', { channel, stream, ...window }, signal)).items;
}

export type CameraDay = Schemas['CameraDay'];

export type Completeness = Schemas['Completeness'];

export async function completeness(day: string, signal?: AbortSignal): Promise<Completeness> {
  return get('/recordings/completeness', { day }, signal);
}

export type HeatRow = Schemas['HeatRow'];

export async function heat(day: string, count: number, signal?: AbortSignal): Promise<HeatRow[]> {
  return get('/recordings/days', { day, count }, signal);
}

export async function keptNow(signal?: AbortSignal): Promise<Schemas['Now']> {
  return get('/recordings/now', undefined, signal);
}

export type Storage = Schemas['Storage'];

export async function storage(signal?: AbortSignal): Promise<Storage> {
  return get('/storage', undefined, signal);
}

export type ClockState = Schemas['ClockOut'];

export async function clockState(signal?: AbortSignal): Promise<ClockState> {
  return get('/storage/clock', undefined, signal);
}

export async function confirmClock(reason: string): Promise<ClockState> {
  return post('/storage/clock/confirm', { reason });
}

export type PlanMode = Schemas['PlanOut']['mode'];
export type Weekly = Schemas['PlanOut']['weekly'];

export type PlanWish = Pick<Schemas['PlanOut'], 'name' | 'mode' | 'weekly' | 'retention_days' | 'reason'>;

export type Plan = Schemas['PlanOut'];

export async function plans(signal?: AbortSignal): Promise<Plan[]> {
  return get('/plans', undefined, signal);
}

export async function savePlan(id: string | null, wish: PlanWish): Promise<Plan> {
  return id === null ? post('/plans', wish) : patch(`/plans/${id}`, wish);
}

/** `instead`: the plan that its cameras follow from then on. */
export async function removePlan(id: string, instead: string | null): Promise<void> {
  await remove(`/plans/${id}`, { instead });
}

export type ExportWish = Schemas['ExportWish'];
export type EstimateWish = Schemas['EstimateWish'];

export type ExportGap = Schemas['ExportGap'];

export type ExportJob = Schemas['ExportOut'];

export type ExportEstimate = Schemas['Estimate'];

export async function estimateExport(wish: EstimateWish): Promise<ExportEstimate> {
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
