// Where playback opens when its address names no camera or no moment: the camera that this person looked at last in this
// browser, else the first that has recordings today, else the one recorded latest; at the end of its last recorded stretch.
import { useEffect, useRef, useState } from 'react';
import { cameras } from '@/api/cameras';
import { timeline, type WireLane } from '@/api/recordings';
import { useSession } from '@/shared/session';
import type { Micros } from '@/shared/time/axis';
import { HOUR_US, dayStart, nowUs } from '@/shared/time/beijing';
import { firstSince, landOn, latestOf } from './landing';
import type { PlaybackPlace } from './playbackAddress';

const MOST_CAMERAS = 200;
const LANES_A_CALL = 32;
/** Where nothing is recorded yet, the first recording is waited for. */
const AGAIN_MS = 10_000;
const LAST_CAMERA = 'mingjing.lastPlayback.';

export interface Landing {
  readonly channel: string;
  readonly atUs: Micros;
}

/** Remembers the camera in front for the next visit; says how far the search is. `onLand` is called at most once. */
export function useLanding(
  place: PlaybackPlace,
  front: string | null,
  onLand: (landing: Landing) => void,
): 'looking' | 'nothing' | 'settled' {
  const key = `${LAST_CAMERA}${useSession().user.id}`;
  const [wanted] = useState(() => {
    if (place.channels[0] === undefined) return [window.localStorage.getItem(key)];
    return place.atUs === null && place.marks.inUs === null ? [place.channels[0]] : null;
  });
  const [state, setState] = useState<'looking' | 'nothing' | 'settled'>(wanted ? 'looking' : 'settled');
  const latest = useRef({ front, atUs: place.atUs, onLand });
  useEffect(() => {
    latest.current = { front, atUs: place.atUs, onLand };
    if (front !== null) window.localStorage.setItem(key, front);
  });
  useEffect(() => {
    if (!wanted) return undefined;
    const gone = new AbortController();
    const [named] = wanted;
    const before = latest.current;
    let again = 0;
    const look = async (): Promise<void> => {
      const landing = await find(named ?? null, before.front === null, gone.signal).catch(() => null);
      // Whoever has chosen a camera or a moment meanwhile keeps what they chose.
      const { front: nowFront, atUs } = latest.current;
      if (gone.signal.aborted || nowFront !== before.front || atUs !== before.atUs) return;
      if (landing) latest.current.onLand(landing);
      else again = window.setTimeout(() => void look(), AGAIN_MS);
      setState(landing ? 'settled' : 'nothing');
    };
    void look();
    return () => {
      gone.abort();
      window.clearTimeout(again);
    };
  }, [wanted]);
  return state;
}

async function find(named: string | null, anyOther: boolean, signal: AbortSignal): Promise<Landing | null> {
  const lanes = named === null ? [] : await lanesOf([named], signal);
  const lane = latestOf(lanes) ?? (anyOther ? await firstRecorded(signal) : null);
  if (lane?.last_us == null) return null;
  const fromUs = Math.max(0, lane.last_us - HOUR_US);
  const [hour] = await timeline([lane.channel], { from_us: fromUs, until_us: lane.last_us + 1 }, 0, signal);
  return { channel: lane.channel, atUs: landOn(hour?.spans ?? [], lane.last_us) };
}

async function firstRecorded(signal: AbortSignal): Promise<WireLane | null> {
  const { items } = await cameras({ limit: MOST_CAMERAS }, signal);
  const seen: WireLane[] = [];
  for (let from = 0; from < items.length; from += LANES_A_CALL) {
    const lanes = await lanesOf(items.slice(from, from + LANES_A_CALL).map((camera) => camera.id), signal);
    seen.push(...lanes);
    const today = firstSince(lanes, dayStart(nowUs()));
    if (today) return today;
  }
  return latestOf(seen);
}

/** The first and last recorded moments stand in every answer: the shortest stretch asks for least. */
async function lanesOf(channels: string[], signal: AbortSignal): Promise<WireLane[]> {
  const now = nowUs();
  return timeline(channels, { from_us: now - HOUR_US, until_us: now }, HOUR_US, signal);
}
