// Alarms, the system's facts and series, what is not being kept now (doors.md §4).
import { get, post } from './http';
import type { GapReason, Page } from './types';

export interface Alarm {
  id: string;
  kind: string;
  level: number;
  channel: string | null;
  channel_name?: string | null;
  title: string;
  title_en: string;
  raised_us: number;
  last_us: number;
  ended_us: number | null;
  state: 'new' | 'claimed' | 'resolved';
  owner: string | null;
  owner_name?: string | null;
  count?: number;
}

export async function alarms(query: { state?: string; limit?: number } = {}, signal?: AbortSignal): Promise<Page<Alarm>> {
  return get('/alarms', query, signal);
}

export async function claimAlarm(id: string): Promise<void> {
  await post(`/alarms/${id}/claim`);
}

export async function resolveAlarm(id: string, outcome: string, note = ''): Promise<void> {
  await post(`/alarms/${id}/resolve`, { outcome, note });
}

export interface NotRecording {
  channel: string;
  name: string;
  since_us: number;
  reason: GapReason | null;
}

export interface RecordingNow {
  due: number;
  recording: number;
  lost: NotRecording[];
}

export async function recordingNow(signal?: AbortSignal): Promise<RecordingNow> {
  return get('/recordings/now', undefined, signal);
}
