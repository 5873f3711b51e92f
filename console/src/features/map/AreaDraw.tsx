// Drawing an area over the map with the pointer: a box by two corners, a lasso by hand. What is drawn is handed on as corners
// on the ground; less than a few picture points are a slip of the hand, and end the drawing.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Corner } from './mapAddress';
import { boxRing, simplified } from './ring';
import type { Handle } from './useMap';
import './messages';

export type DrawMode = 'box' | 'lasso';
const CORNERS_MOST = 60;
const SLIP_PX = 5;
const STEP_PX = 3;

interface Props {
  mode: DrawMode;
  handle: Handle;
  onDone: (ring: Corner[]) => void;
  onLeave: () => void;
}

export default function AreaDraw({ mode, handle, onDone, onLeave }: Props) {
  const { t } = useTranslation();
  const [line, setLine] = useState<[number, number][]>([]);
  const drawing = useRef(false);
  const at = (event: React.PointerEvent<SVGSVGElement>): [number, number] => {
    const seat = event.currentTarget.getBoundingClientRect();
    return [event.clientX - seat.left, event.clientY - seat.top];
  };
  const ring = ringOf(mode, line);
  const end = (): void => {
    drawing.current = false;
    if (ring.length > 2 && reach(ring) >= SLIP_PX) onDone(ring.map(([x, y]) => handle.at(x, y)));
    else onLeave();
  };
  return (
    <svg
      className="mj-map-draw"
      role="img"
      aria-label={t(`map.area.${mode}Hint`)}
      data-testid="map-draw"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drawing.current = true;
        setLine([at(event)]);
      }}
      onPointerMove={(event) => {
        if (!drawing.current) return;
        const here = at(event);
        setLine((before) => (mode === 'lasso' && near(before.at(-1), here) ? before : [...before, here]));
      }}
      onPointerUp={end}
    >
      <polygon points={ring.map((one) => one.join()).join(' ')} />
    </svg>
  );
}

function near(one: [number, number] | undefined, other: [number, number]): boolean {
  return one !== undefined && Math.hypot(one[0] - other[0], one[1] - other[1]) < STEP_PX;
}

function ringOf(mode: DrawMode, line: [number, number][]): [number, number][] {
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) return [];
  return mode === 'box' ? boxRing(first, last) : simplified(line, CORNERS_MOST);
}

function reach(ring: readonly [number, number][]): number {
  const over = (axis: 0 | 1): number => Math.max(...ring.map((one) => one[axis])) - Math.min(...ring.map((one) => one[axis]));
  return Math.min(over(0), over(1));
}
