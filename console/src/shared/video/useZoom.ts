// Digital zoom of one picture: wheel around the pointer to 8×, drag to pan, `0` resets. Applied as a CSS transform.
import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

export interface Zoom {
  stage: RefObject<HTMLDivElement | null>;
  times: number;
  /** Where the seen part begins, as parts of the whole. */
  left: number;
  top: number;
}

const MOST = 8;

export function useZoom(seat: RefObject<HTMLDivElement | null>): Zoom {
  const stage = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ times: 1, left: 0, top: 0 });

  useEffect(() => {
    const element = seat.current;
    const moved = stage.current;
    if (!element || !moved) return undefined;
    let [scale, x, y] = [1, 0, 0];
    const apply = (): void => {
      const box = element.getBoundingClientRect();
      x = Math.min(0, Math.max(box.width * (1 - scale), x));
      y = Math.min(0, Math.max(box.height * (1 - scale), y));
      moved.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
      setSeen({ times: scale, left: -x / (box.width * scale), top: -y / (box.height * scale) });
    };
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const next = Math.min(MOST, Math.max(1, scale * (event.deltaY < 0 ? 1.25 : 0.8)));
      const [px, py] = [event.clientX - box.left, event.clientY - box.top];
      x = px - ((px - x) * next) / scale;
      y = py - ((py - y) * next) / scale;
      scale = next;
      apply();
    };
    const onMove = (event: PointerEvent): void => {
      if (scale === 1 || (event.buttons & 1) === 0) return;
      x += event.movementX;
      y += event.movementY;
      apply();
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '0' || scale === 1 || event.target instanceof HTMLInputElement) return;
      scale = 1;
      apply();
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    element.addEventListener('pointermove', onMove);
    window.addEventListener('keydown', onKey);
    return () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('pointermove', onMove);
      window.removeEventListener('keydown', onKey);
    };
  }, [seat]);

  return { stage, ...seen };
}
