// A tour: the wall's pages of cameras, one after another. Selecting or pressing Space holds it; nothing moves while held.
import { useCallback, useEffect, useState } from 'react';
import { cellCount, fill } from './wall';
import type { GridId, Wall } from './wall';

export interface Tour {
  channels: string[];
  page: number;
  pages: number;
  left: number;
  held: boolean;
  /** What comes next into each cell, while it is being opened behind what is shown. */
  coming: ReadonlyMap<number, string>;
  start: (channels: string[], dwellS: number, grid: GridId) => void;
  stop: () => void;
  hold: () => void;
}

export const DWELL_S = 15;
/** The next page is opened this long before it is shown, so that no black shows. */
const AHEAD_S = 3;
const NOTHING: ReadonlyMap<number, string> = new Map();

export function useTour(wall: Wall, setWall: (wall: Wall, how?: 'push' | 'replace') => void): Tour {
  const [channels, setChannels] = useState<string[]>([]);
  const [page, setPage] = useState(0);
  const [dwell, setDwell] = useState(DWELL_S);
  const [left, setLeft] = useState(DWELL_S);
  const [held, setHeld] = useState(false);
  const size = cellCount(wall.grid);
  const pages = Math.max(1, Math.ceil(channels.length / size));
  const running = channels.length > 0;

  useEffect(() => {
    if (!running || held) return undefined;
    const timer = window.setTimeout(() => {
      if (left > 1) {
        setLeft(left - 1);
        return;
      }
      const next = (page + 1) % pages;
      setPage(next);
      setLeft(dwell);
      setWall(fill(wall, channels.slice(next * size, (next + 1) * size)).wall, 'replace');
    }, 1000);
    return () => window.clearTimeout(timer);
  }, [running, held, left, page, pages, size, dwell, channels, wall, setWall]);

  const start = useCallback(
    (list: string[], dwellS: number, grid: GridId) => {
      setDwell(dwellS);
      setChannels(list);
      setPage(0);
      setLeft(dwellS);
      setHeld(false);
      setWall(fill({ ...wall, grid }, list).wall, 'replace');
    },
    [wall, setWall],
  );
  const stop = useCallback(() => setChannels([]), []);
  const hold = useCallback(() => setHeld((h) => !h), []);
  // The page itself is named too: the address follows a moment later, and what was opened must not close in between.
  const opening = pages > 1 && left <= AHEAD_S;
  const coming = running && !held ? pageOf(channels, opening ? (page + 1) % pages : page, size) : NOTHING;
  return { channels, page, pages, left, held, coming, start, stop, hold };
}

/** Channels of a page by cell, from 1. */
export function pageOf(channels: readonly string[], page: number, size: number): ReadonlyMap<number, string> {
  return new Map(channels.slice(page * size, (page + 1) * size).map((channel, index) => [index + 1, channel]));
}
