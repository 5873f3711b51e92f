// The page's engine room: one group of players, one tile cache, and a reading of the group a few times a second for React.
import { useEffect, useRef, useState } from 'react';
import { PlaybackGroup, type GroupState } from '@/shared/playback/playback-group';
import type { Micros } from '@/shared/time/axis';
import { DAY_US } from '@/shared/time/beijing';
import { neighbourPicture } from '@/shared/timeline/span';
import { TileCache } from '@/shared/timeline/tiles';
import { fetchTiles } from './recordedStream';

const SHOWN_EVERY_MS = 150;
const nowUs = () => Date.now() * 1000;

export interface Engine {
  readonly group: PlaybackGroup;
  readonly cache: TileCache;
  /** The group as of a moment ago; the canvas and the pictures do not wait for it. */
  readonly state: GroupState;
}

export function usePlayback(startUs: Micros, channels: readonly string[]): Engine {
  const shown = useRef(channels);
  const [cache] = useState(() => new TileCache(fetchTiles, nowUs, () => undefined));
  const [group] = useState(
    () =>
      new PlaybackGroup(startUs, {
        nowMs: () => performance.now(),
        nowUs,
        neighbourPicture: (atUs, direction) => neighbourOf(cache, shown.current, atUs, direction),
      }),
  );
  const [state, setState] = useState(group.snapshot);

  useEffect(() => {
    shown.current = channels;
  }, [channels]);

  useEffect(() => {
    group.start();
    const timer = window.setInterval(() => setState(group.snapshot), SHOWN_EVERY_MS);
    window.addEventListener('pagehide', group.leave);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener('pagehide', group.leave);
      group.close();
    };
  }, [group]);

  return { group, cache, state };
}

/** The nearest pictures of any camera, by the spans that the timeline knows. */
export function neighbourOf(
  cache: TileCache,
  channels: readonly string[],
  atUs: Micros,
  direction: 1 | -1,
): Micros | undefined {
  const fromUs = direction === 1 ? atUs : atUs - 2 * DAY_US;
  const found = channels
    .map((channel) =>
      neighbourPicture(cache.lane('spans', channel, fromUs, fromUs + 2 * DAY_US).spans, atUs, direction),
    )
    .filter((us) => us !== undefined);
  if (found.length === 0) return undefined;
  return direction === 1 ? Math.min(...found) : Math.max(...found);
}
