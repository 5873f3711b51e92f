// One camera's state as a status shape: the stream's state and whether recording is lost.
import type { Camera, StreamStats } from '@/api/types';
import type { Status } from './ui/StatusShape';

const STREAM: Record<string, Status> = {
  idle: 'ok',
  opening: 'running',
  playing: 'ok',
  retrying: 'failed',
  closed: 'off',
};

export function streamStatus(stats: StreamStats | null | undefined): Status {
  if (!stats) return 'unknown';
  return STREAM[stats.state] ?? 'unknown';
}

export function cameraStatus(camera: Camera | null | undefined): Status {
  if (!camera) return 'unknown';
  if (!camera.enabled) return 'off';
  const main = streamStatus(camera.state.main);
  if (camera.recording.state === 'lost') return 'failed';
  return main;
}
