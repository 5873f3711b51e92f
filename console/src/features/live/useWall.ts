// The wall of this window: read from the address, changed through it, remembered for the next visit of this screen.
import { useCallback, useEffect, useMemo } from 'react';
import { useAddress } from '@/shared/address';
import { cellCount, readWall, writeCells } from './wall';
import type { Wall } from './wall';

export const REMEMBERED = 'mingjing.lastWall';

export function useWall(): [Wall, (wall: Wall, how?: 'push' | 'replace') => void] {
  const [address, change] = useAddress();
  const { g, c, sel } = address;
  const wall = useMemo(() => readWall({ g, c, sel }, '9'), [g, c, sel]);
  const set = useCallback(
    (next: Wall, how: 'push' | 'replace' = 'push') => {
      const selected = Math.min(next.selected, cellCount(next.grid));
      change({ g: next.grid, c: writeCells(next) || undefined, sel: selected > 1 ? String(selected) : undefined }, how);
    },
    [change],
  );
  useEffect(() => {
    const search = new URLSearchParams({ g: wall.grid, c: writeCells(wall) });
    window.sessionStorage.setItem(REMEMBERED, search.toString());
  }, [wall]);
  return [wall, set];
}
