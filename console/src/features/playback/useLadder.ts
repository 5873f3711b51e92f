// The ladder of a recorded picture: the main stream by the browser, by our decoder where it is the only picture, else the
// recording of the sub-stream where there is one, else the word why not.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { segments } from '@/api/recordings';
import type { StreamKind } from '@/api/types';
import type { PlayerStatus } from '@/shared/playback/playback-player';
import type { Micros } from '@/shared/time/axis';
import { HOUR_US } from '@/shared/time/beijing';

/** Which stream's recording to play; `alone`: our decoder may be used. */
export function useLadder(channel: string, alone: boolean, status: PlayerStatus | undefined, positionUs: Micros): StreamKind {
  const [stuck, setStuck] = useState({ alone: false, among: false });
  const key = alone ? 'alone' : 'among';
  if (status?.phase === 'unsupported' && !stuck[key]) setStuck({ ...stuck, [key]: true });
  const hour = Math.floor(positionUs / HOUR_US) * HOUR_US;
  const found = useQuery({
    queryKey: ['recordings', 'segments', channel, 'sub', hour],
    queryFn: ({ signal }) => segments(channel, 'sub', { from_us: hour, until_us: hour + HOUR_US }, signal),
    enabled: stuck[key],
  });
  return stuck[key] && (found.data?.length ?? 0) > 0 ? 'sub' : 'main';
}
