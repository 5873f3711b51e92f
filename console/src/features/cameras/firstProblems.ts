// What a person should know of a camera that was just entered, worst first. Pure.
import type { Camera, GapReason } from '@/api/types';

export type FirstProblem =
  | { code: 'not_playing' | 'not_due' | 'no_sub' | 'no_audio' | 'hevc_no_h264_sub' }
  | { code: 'not_recording'; reason: GapReason }
  | { code: 'oddities'; count: number };

type Looked = Pick<Camera, 'streams' | 'recording' | 'state'>;

export function firstProblems({ streams, recording, state }: Looked): FirstProblem[] {
  const main = state.main;
  const sub = streams.find((stream) => stream.kind === 'sub');
  const playing = main?.state === 'playing';
  const found: FirstProblem[] = [];
  if (!playing) found.push({ code: 'not_playing' });
  if (recording.state === 'lost') found.push({ code: 'not_recording', reason: recording.reason ?? 'unknown' });
  if (recording.state === 'not_due') found.push({ code: 'not_due' });
  if (playing && streams.some((stream) => stream.kind === 'main' && stream.audio) && !main.format?.audio) found.push({ code: 'no_audio' });
  if (playing && main.format?.video?.codec === 'h265' && !sub) found.push({ code: 'hevc_no_h264_sub' });
  else if (!sub) found.push({ code: 'no_sub' });
  const count = Object.values(main?.oddities ?? {}).reduce((sum, many) => sum + many, 0);
  if (count > 0) found.push({ code: 'oddities', count });
  return found;
}
