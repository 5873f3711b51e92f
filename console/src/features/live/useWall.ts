// The wall of this screen: read from the address, changed through it, remembered for the next visit of this window and, for
// the second screen and on, of this person on that screen.
import { useCallback, useEffect, useMemo } from 'react';
import { useAddress } from '@/shared/address';
import { useSession } from '@/shared/session';
import { useScreen } from './useScreens';
import { cellCount, readWall, writeCells } from './wall';
import type { Wall } from './wall';

const WINDOW = 'mingjing.lastWall';
const DEFAULT_GRID = '9';

function screenKey(user: string, screen: number): string {
  return `mingjing.wall.${user}.${screen}`;
}

/** What stood on this screen last; null where nothing ever did. */
export function rememberedWall(user: string, screen: number): Wall | null {
  const ofWindow = new URLSearchParams(window.sessionStorage.getItem(WINDOW) ?? '');
  const mine = ofWindow.has('g') && (ofWindow.get('screen') ?? '1') === String(screen);
  const text = mine ? ofWindow.toString() : screen > 1 ? window.localStorage.getItem(screenKey(user, screen)) : null;
  return text === null ? null : readWall(Object.fromEntries(new URLSearchParams(text)), DEFAULT_GRID);
}

export function useWall(): [Wall, (wall: Wall, how?: 'push' | 'replace') => void] {
  const [address, change] = useAddress();
  const screen = useScreen();
  const user = useSession().user.id;
  const { g, c, sel } = address;
  const wall = useMemo(() => readWall({ g, c, sel }, DEFAULT_GRID), [g, c, sel]);
  const set = useCallback(
    (next: Wall, how: 'push' | 'replace' = 'push') => {
      const selected = Math.min(next.selected, cellCount(next.grid));
      change({ g: next.grid, c: writeCells(next) || undefined, sel: selected > 1 ? String(selected) : undefined }, how);
    },
    [change],
  );
  useEffect(() => {
    const search = new URLSearchParams({ g: wall.grid, c: writeCells(wall) });
    if (screen > 1) search.set('screen', String(screen));
    window.sessionStorage.setItem(WINDOW, search.toString());
    if (screen > 1) window.localStorage.setItem(screenKey(user, screen), search.toString());
  }, [wall, screen, user]);
  return [wall, set];
}
