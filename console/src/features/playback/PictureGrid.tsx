// The pictures of the playback page, in as many columns as show them largest.
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { columnsFor } from './pictureGrid';

const LINE_PX = 28;

export function PictureGrid({ count, children }: { count: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 16, height: 9 });
  useEffect(() => {
    const element = box.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setSize(entry.contentRect));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const columns = columnsFor(count, size.width, size.height, LINE_PX);
  const rows = Math.ceil(count / columns);
  return (
    <div
      ref={box}
      className="mj-play-grid"
      data-small={count > 4}
      style={{ gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))` }}
      data-testid="playback-grid"
    >
      {children}
    </div>
  );
}
