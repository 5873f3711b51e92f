// The viewer's name, unit and minute over a picture, tiled at 24°, shifting each minute. Who removes, hides or alters it
// stops the picture: a mutation observer on the overlay's seat and a check of what is computed for it. It stays mounted even
// then, and first among its siblings: React can neither take away nor insert before what somebody else has taken.
import { useEffect, useRef } from 'react';
import { dateText, minuteText } from '@/shared/time/beijing';
import { useNow } from '@/shared/time/useNow';
import './Watermark.css';

interface Props {
  text: string;
  onTampered: () => void;
}

const TILE_WIDTH = 260;
const TILE_HEIGHT = 120;
const CHECK_MS = 1000;

function draw(canvas: HTMLCanvasElement, text: string, shifted: boolean): void {
  const context = canvas.getContext('2d');
  const box = canvas.getBoundingClientRect();
  if (!context || box.width === 0) return;
  canvas.width = box.width;
  canvas.height = box.height;
  context.font = '13px sans-serif';
  context.textAlign = 'center';
  context.fillStyle = 'rgba(255,255,255,.13)';
  context.strokeStyle = 'rgba(0,0,0,.13)';
  // A picture smaller than a tile would show no name in every second minute.
  const scale = Math.min(1, box.width / TILE_WIDTH);
  context.scale(scale, scale);
  const [width, height] = [box.width / scale, box.height / scale];
  const offset = shifted ? 0.5 : 0;
  for (let row = -1; row * TILE_HEIGHT < height + TILE_HEIGHT; row += 1) {
    for (let column = -1; column * TILE_WIDTH < width + TILE_WIDTH; column += 1) {
      context.save();
      context.translate((column + offset + (row % 2) / 2) * TILE_WIDTH + 90, (row + offset) * TILE_HEIGHT + 60);
      context.rotate((-24 * Math.PI) / 180);
      context.strokeText(text, 0, 0);
      context.fillText(text, 0, 0);
      context.restore();
    }
  }
}

function visible(element: HTMLElement): boolean {
  const style = getComputedStyle(element);
  return style.display !== 'none' && style.visibility === 'visible' && Number(style.opacity) > 0.9;
}

export function Watermark({ text, onTampered }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const minute = Math.floor(useNow(5000) / 60e6);
  const line = `${text} · ${dateText(minute * 60e6)} ${minuteText(minute * 60e6)}`;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const paint = (): void => draw(element, line, minute % 2 === 1);
    paint();
    if (typeof ResizeObserver === 'undefined') return undefined;
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [line, minute]);

  useEffect(() => {
    const element = canvas.current;
    const seat = element?.parentElement;
    if (!element || !seat) return undefined;
    const check = (): void => {
      if (element.parentElement !== seat || !visible(element)) onTampered();
    };
    const observer = new MutationObserver(check);
    observer.observe(seat, { childList: true });
    observer.observe(element, { attributes: true, attributeFilter: ['style', 'class', 'hidden'] });
    const timer = window.setInterval(() => {
      if (document.visibilityState === 'visible') check();
    }, CHECK_MS);
    return () => {
      observer.disconnect();
      window.clearInterval(timer);
    };
  }, [onTampered]);

  return <canvas ref={canvas} className="mj-watermark" aria-hidden="true" data-testid="watermark" data-text={line} />;
}
