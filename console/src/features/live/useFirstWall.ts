// A window that has never shown a wall begins with the cameras that its person may see: pictures, not an empty grid.
import { useEffect, useRef, useState } from 'react';
import { cameras } from '@/api/cameras';
import { REMEMBERED } from './useWall';
import { cellCount, fill } from './wall';
import type { Wall } from './wall';

export function useFirstWall(wall: Wall, setWall: (wall: Wall, how?: 'push' | 'replace') => void): void {
  const [wanted] = useState(() => window.sessionStorage.getItem(REMEMBERED) === null && wall.cells.size === 0);
  const latest = useRef({ wall, setWall });
  useEffect(() => {
    latest.current = { wall, setWall };
  });
  useEffect(() => {
    if (!wanted) return undefined;
    const gone = new AbortController();
    cameras({ limit: cellCount(latest.current.wall.grid) }, gone.signal)
      .then(({ items }) => {
        const now = latest.current;
        // Whoever has placed a camera meanwhile keeps what they placed.
        if (now.wall.cells.size > 0 || items.length === 0) return;
        now.setWall(fill(now.wall, items.map((item) => item.id)).wall, 'replace');
      })
      .catch(() => {
        // The grid stays empty and says how to fill it.
      });
    return () => gone.abort();
  }, [wanted]);
}
