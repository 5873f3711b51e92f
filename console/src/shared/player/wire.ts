// The live WebSocket's words (doors.md §2), parsed once at the edge; an unknown message is null and ignored.
import type { AudioFormat, Leg, VideoFormat } from '@/api/types';

export type Pace = 'frame' | 'economy';

export type LiveWord =
  | { type: 'init'; mime: string; codecs: string; video: VideoFormat | null; audio: AudioFormat | null; epochUs: number }
  | { type: 'skip'; fromUs: number; toUs: number }
  | { type: 'state'; state: string; cause: string | null; legs: Leg[] }
  | { type: 'end'; reason: string; detail: string | null; detailEn: string | null };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function parseWord(line: string): LiveWord | null {
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (raw.type === 'init') {
    return {
      type: 'init',
      mime: text(raw.mime) ?? 'video/mp4',
      codecs: text(raw.codecs) ?? '',
      video: (raw.video ?? null) as VideoFormat | null,
      audio: (raw.audio ?? null) as AudioFormat | null,
      epochUs: number(raw.epoch_us),
    };
  }
  if (raw.type === 'skip') return { type: 'skip', fromUs: number(raw.from_us), toUs: number(raw.to_us) };
  if (raw.type === 'state') {
    return {
      type: 'state',
      state: text(raw.state) ?? '',
      cause: text(raw.cause),
      legs: Array.isArray(raw.legs) ? (raw.legs as Leg[]) : [],
    };
  }
  if (raw.type !== 'end') return null;
  const problem = (raw.problem ?? {}) as Record<string, unknown>;
  return { type: 'end', reason: text(raw.reason) ?? '', detail: text(problem.detail), detailEn: text(problem.detail_en) };
}

/** The type to ask `MediaSource.isTypeSupported` about. */
export function fullMime(mime: string, codecs: string): string {
  return mime.includes('codecs=') || !codecs ? mime : `${mime}; codecs="${codecs}"`;
}
