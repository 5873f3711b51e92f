// A wall whose address says nothing shows what stood on this screen last; a screen that has never shown anything begins
// with cameras that its person may see: pictures, not an empty grid.
import { useEffect, useRef, useState } from 'react';
import { cameras } from '@/api/cameras';
import { useAddress } from '@/shared/address';
import { useSession } from '@/shared/session';
import { useScreen } from './useScreens';
import { rememberedWall } from './useWall';
import { cellCount, fill } from './wall';
import type { Wall } from './wall';

const MOST_CAMERAS = 200;

export function useFirstWall(wall: Wall, setWall: (wall: Wall, how?: 'push' | 'replace') => void): void {
  const [address] = useAddress();
  const screen = useScreen();
  const user = useSession().user.id;
  const [start] = useState(() => ({
    empty: wall.cells.size === 0,
    bare: address.g === undefined && address.c === undefined,
    remembered: rememberedWall(user, screen),
    screen,
  }));
  const latest = useRef({ wall, setWall });
  useEffect(() => {
    latest.current = { wall, setWall };
  });
  useEffect(() => {
    if (!start.empty) return undefined;
    if (start.remembered) {
      if (start.bare) latest.current.setWall(start.remembered, 'replace');
      return undefined;
    }
    const gone = new AbortController();
    const size = cellCount(latest.current.wall.grid);
    cameras({ limit: Math.min(MOST_CAMERAS, size * start.screen) }, gone.signal)
      .then(({ items }) => {
        const now = latest.current;
        // The second screen goes on where the first one ends.
        const mine = items.slice(size * (start.screen - 1)).map((item) => item.id);
        // Whoever has placed a camera meanwhile keeps what they placed.
        if (now.wall.cells.size > 0 || mine.length === 0) return;
        now.setWall(fill(now.wall, mine).wall, 'replace');
      })
      .catch(() => {
        // The grid stays empty and says how to fill it.
      });
    return () => gone.abort();
  }, [start]);
}
