// The shape that says how a camera is, from its main stream.
import type { Camera } from '@/api/types';
import type { Status } from '@/shared/ui/StatusShape';

const STREAM_STATUS: Record<string, Status> = {
  playing: 'ok',
  opening: 'running',
  retrying: 'failed',
  idle: 'off',
  closed: 'off',
};

export function statusOf(camera: Camera): Status {
  if (!camera.enabled) return 'off';
  return STREAM_STATUS[camera.state.main?.state ?? ''] ?? 'unknown';
}
