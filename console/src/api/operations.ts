// Alarms, the system's facts and series, what is not being kept now (doors.md §4).
import { get, post } from './http';
import type { Page, Schemas } from './types';

export type Alarm = Schemas['AlarmOut'];

export async function alarms(query: { state?: string; limit?: number; after?: string | null } = {}, signal?: AbortSignal): Promise<Page<Alarm>> {
  return get('/alarms', query, signal);
}

export async function claimAlarm(id: string): Promise<void> {
  await post(`/alarms/${id}/claim`);
}

export async function resolveAlarm(id: string, outcome: string, note = ''): Promise<void> {
  await post(`/alarms/${id}/resolve`, { outcome, note });
}

export type RecordingNow = Schemas['Now'];

export async function recordingNow(signal?: AbortSignal): Promise<RecordingNow> {
  return get('/recordings/now', undefined, signal);
}
