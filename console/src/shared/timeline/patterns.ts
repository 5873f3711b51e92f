/**
 * The nine patterns of the gap reasons, as 8×8 canvas patterns in a family's colour.
 * Built once a palette and reason; `renderer.ts` shifts them with the axis.
 */
import type { TimelinePalette } from './palette';
import { REASON_LOOKS, type GapPattern, type GapReason } from './span';

const SIZE = 8;

type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

const STROKES: Readonly<Record<GapPattern, (pen: Context) => void>> = {
  diagonal: (pen) => {
    lines(pen, [
      [-2, 10, 10, -2],
      [-2, 2, 2, -2],
      [6, 10, 10, 6],
    ]);
  },
  cross: (pen) => {
    lines(pen, [
      [0, 8, 8, 0],
      [0, 0, 8, 8],
    ]);
  },
  horizontal: (pen) => {
    lines(pen, [
      [0, 2, 8, 2],
      [0, 6, 8, 6],
    ]);
  },
  vertical: (pen) => {
    lines(pen, [
      [2, 0, 2, 8],
      [6, 0, 6, 8],
    ]);
  },
  sparse: (pen) => {
    lines(pen, [[-1, 9, 9, -1]]);
  },
  zigzag: (pen) => {
    lines(pen, [
      [0, 6, 4, 2],
      [4, 2, 8, 6],
    ]);
  },
  outline: () => undefined,
  dots: (pen) => {
    pen.fillRect(1, 1, 3, 3);
    pen.fillRect(5, 5, 3, 3);
  },
  checker: (pen) => {
    pen.fillRect(0, 0, 4, 4);
    pen.fillRect(4, 4, 4, 4);
  },
};

function lines(pen: Context, points: readonly (readonly [number, number, number, number])[]) {
  pen.beginPath();
  for (const [x1, y1, x2, y2] of points) {
    pen.moveTo(x1, y1);
    pen.lineTo(x2, y2);
  }
  pen.stroke();
}

export class GapPatterns {
  private readonly built = new Map<GapReason, CanvasPattern | null>();

  constructor(
    private readonly palette: TimelinePalette,
    private readonly target: CanvasRenderingContext2D,
  ) {}

  of(reason: GapReason): CanvasPattern | string {
    const known = this.built.get(reason);
    if (known !== undefined) return known ?? this.colourOf(reason);
    const pattern = this.build(reason);
    this.built.set(reason, pattern);
    return pattern ?? this.colourOf(reason);
  }

  colourOf(reason: GapReason): string {
    return this.palette.families[REASON_LOOKS[reason].family];
  }

  private build(reason: GapReason): CanvasPattern | null {
    const tile = this.target.canvas.ownerDocument.createElement('canvas');
    tile.width = SIZE;
    tile.height = SIZE;
    const pen = tile.getContext('2d');
    if (!pen) return null;
    const look = REASON_LOOKS[reason];
    pen.fillStyle = this.palette.sunk;
    pen.fillRect(0, 0, SIZE, SIZE);
    if (look.family !== 'agreed' && look.family !== 'unknown') {
      pen.globalAlpha = 0.38;
      pen.fillStyle = this.colourOf(reason);
      pen.fillRect(0, 0, SIZE, SIZE);
      pen.globalAlpha = 1;
    }
    pen.fillStyle = this.colourOf(reason);
    pen.strokeStyle = this.colourOf(reason);
    pen.lineWidth = 2;
    STROKES[look.pattern](pen);
    return this.target.createPattern(tile, 'repeat');
  }
}
