// The pictures of points, drawn by the page itself: no glyphs and no sprites are fetched, and text has the system's fonts.
// A picture is named `kind:status:count` and drawn when the map first asks for it.
import type { Palette } from '@/shared/theme/tokens';
import { FONT_STACK } from '@/shared/theme/tokens';

export const RATIO = 2;
type Status = 'failed' | 'unknown' | 'running' | 'ok' | 'off';

const TONE: Record<Status, keyof Palette> = { failed: 'bad', unknown: 'text2', running: 'info', ok: 'ok', off: 'idle' };

function canvas(side: number): CanvasRenderingContext2D | null {
  const made = document.createElement('canvas');
  made.width = made.height = Math.round(side * RATIO);
  const at = made.getContext('2d', { willReadFrequently: true });
  at?.scale(RATIO, RATIO);
  return at;
}

/** The status shape of the console (StatusShape) with its middle at x, y: colour never stands alone. */
function shape(at: CanvasRenderingContext2D, status: Status, x: number, y: number, r: number, palette: Palette): void {
  at.save();
  at.translate(x, y);
  at.strokeStyle = at.fillStyle = palette[TONE[status]];
  at.lineWidth = r / 3.2;
  at.beginPath();
  if (status === 'failed') {
    at.rect(-r, -r, 2 * r, 2 * r);
    at.fill();
    at.beginPath();
    at.strokeStyle = palette.panel;
    at.moveTo(-r / 2, -r / 2);
    at.lineTo(r / 2, r / 2);
    at.moveTo(r / 2, -r / 2);
    at.lineTo(-r / 2, r / 2);
    at.stroke();
  } else if (status === 'unknown') {
    at.moveTo(0, -r);
    at.lineTo(r, 0);
    at.lineTo(0, r);
    at.lineTo(-r, 0);
    at.closePath();
    at.fillStyle = palette.panel;
    at.fill();
    at.stroke();
  } else {
    at.arc(0, 0, r * 0.9, 0, 2 * Math.PI);
    if (status !== 'ok') at.fillStyle = palette.panel;
    at.fill();
    at.stroke();
    if (status === 'running') {
      at.beginPath();
      at.fillStyle = palette.info;
      at.moveTo(0, 0);
      at.arc(0, 0, r * 0.9, -Math.PI / 2, 0);
      at.fill();
    }
  }
  at.restore();
}

type Body = 'disc' | 'tile' | 'hex' | 'gem';
const BODIES: Record<string, Body> = { camera: 'disc', place: 'tile', system: 'hex', plan: 'gem' };

/** The line around a point: cameras are discs, places rounded tiles, systems hexagons, items of plans diamonds. */
function around(at: CanvasRenderingContext2D, body: Body, middle: number, r: number): void {
  at.beginPath();
  if (body === 'disc') at.arc(middle, middle, r, 0, 2 * Math.PI);
  else if (body === 'tile') at.roundRect(middle - r, middle - r * 0.8, 2 * r, r * 1.6, 4);
  else {
    const corners = body === 'hex' ? 6 : 4;
    for (let corner = 0; corner < corners; corner += 1) {
      const turn = (2 * Math.PI * corner) / corners;
      at.lineTo(middle + r * 1.15 * Math.cos(turn), middle + r * 1.15 * Math.sin(turn));
    }
    at.closePath();
  }
}

/** A body with the count, a ring in the tone of the worst, and its shape on the rim. */
function cluster(kind: Body, status: Status, count: string, palette: Palette): CanvasRenderingContext2D | null {
  const r = 13 + 2.5 * count.length;
  const side = 2 * r + 14;
  const at = canvas(side);
  if (!at) return null;
  const middle = side / 2;
  around(at, kind, middle, r);
  at.fillStyle = palette.panel;
  at.fill();
  at.lineWidth = 1;
  at.strokeStyle = palette.line;
  at.stroke();
  at.beginPath();
  if (kind === 'disc') at.arc(middle, middle, r - 2, -Math.PI * 0.75, Math.PI * 0.25);
  else around(at, kind, middle, r - 2);
  at.lineWidth = 3;
  at.strokeStyle = palette[TONE[status]];
  at.stroke();
  at.fillStyle = palette.text;
  at.font = `600 12px ${FONT_STACK}`;
  at.textAlign = 'center';
  at.textBaseline = 'middle';
  at.fillText(count, middle, middle + 1);
  const rim = kind === 'disc' ? r * 0.71 : r * 0.85;
  shape(at, status, middle + rim, middle - rim, 5.5, palette);
  return at;
}

function single(kind: string, status: Status, palette: Palette): CanvasRenderingContext2D | null {
  const at = canvas(24);
  if (!at) return null;
  if (kind === 'place') {
    at.beginPath();
    at.roundRect(3, 3, 18, 18, 4);
  } else around(at, BODIES[kind] ?? 'disc', 12, 9);
  at.fillStyle = palette.panel;
  at.fill();
  at.lineWidth = 1.2;
  at.strokeStyle = palette.line;
  at.stroke();
  shape(at, status, 12, 12, 5, palette);
  return at;
}

const PLANNED: Record<string, [tone: keyof Palette, sign: string]> = {
  duplicate: ['bad', '!'], overlap: ['warn', '≈'], reuse: ['ok', '↺'], build: ['info', '+'], clear: ['text2', '·'],
};

/** An item of a plan: a diamond with a broken line, since nothing stands there yet, and a sign for what was found there. */
function planned(standing: string, palette: Palette): CanvasRenderingContext2D | null {
  const [tone, sign] = PLANNED[standing] ?? ['text2', ''];
  const at = canvas(26);
  if (!at) return null;
  around(at, 'gem', 13, 10);
  at.fillStyle = palette.panel;
  at.fill();
  at.strokeStyle = at.fillStyle = palette[tone];
  at.lineWidth = 2;
  at.setLineDash([3, 2]);
  at.stroke();
  at.font = `700 13px ${FONT_STACK}`;
  at.textAlign = 'center';
  at.textBaseline = 'middle';
  at.fillText(sign, 13, 13.5);
  return at;
}

function ring(colour: string, dashed: boolean, count?: string): CanvasRenderingContext2D | null {
  const at = canvas(44);
  if (!at) return null;
  at.beginPath();
  at.arc(22, 22, 17, 0, 2 * Math.PI);
  at.lineWidth = 2.5;
  at.strokeStyle = colour;
  if (dashed) at.setLineDash([5, 4]);
  at.stroke();
  if (count) {
    at.fillStyle = colour;
    at.font = `600 11px ${FONT_STACK}`;
    at.textAlign = 'right';
    at.fillText(count, 43, 12);
  }
  return at;
}

/** The picture that a name stands for; null for a name that is none. */
export function picture(name: string, palette: Palette): ImageData | null {
  const [kind = '', status = '', count = ''] = name.split(':');
  const at = drawn(kind, status, count, palette);
  return at ? at.getImageData(0, 0, at.canvas.width, at.canvas.height) : null;
}

/** The hatching of forbidden areas: never a red fill, and seamless. */
function hatch(palette: Palette): CanvasRenderingContext2D | null {
  const side = 12;
  const at = canvas(side);
  if (!at) return null;
  at.strokeStyle = palette.bad;
  at.lineWidth = 1.5;
  for (const from of [-side, 0, side]) {
    at.beginPath();
    at.moveTo(from, side);
    at.lineTo(from + side, 0);
    at.stroke();
  }
  return at;
}

function drawn(kind: string, status: string, count: string, palette: Palette): CanvasRenderingContext2D | null {
  if (kind === 'hatch') return hatch(palette);
  if (kind === 'finding') return ring(palette.warn, true);
  if (kind === 'uncovered') return ring(palette.bad, false, status);
  if (kind === 'chosen') return ring(palette.focus, false);
  if (kind === 'plan') return planned(status, palette);
  if (!(status in TONE)) return null;
  if (kind === 'disc' || kind === 'tile' || kind === 'hex' || kind === 'gem') return cluster(kind, status as Status, count, palette);
  return kind in BODIES ? single(kind, status as Status, palette) : null;
}
