// The wall's state as the address carries it: grid, what stands in each cell, the selected one. Pure.

export const GRIDS = ['1', '4', '9', '16', '25', '1p5', '1p7', '2p8'] as const;
export type GridId = (typeof GRIDS)[number];

export const MOST_ALARM_CELLS = 4;
const ALARM = 'alarm';

export interface Wall {
  grid: GridId;
  /** Channel by cell number from 1. */
  cells: ReadonlyMap<number, string>;
  /** Cells that an alarm's camera may take, from 1; what stands in them comes back afterwards. */
  alarms: ReadonlySet<number>;
  selected: number;
}

export interface GridShape {
  columns: number;
  rows: number;
  /** Column, row, width, height of each cell, from 1. */
  places: [number, number, number, number][];
}

function even(side: number): GridShape {
  const places = Array.from({ length: side * side }, (_, i): [number, number, number, number] => [
    (i % side) + 1,
    Math.floor(i / side) + 1,
    1,
    1,
  ]);
  return { columns: side, rows: side, places };
}

/** One large picture at the top left, the rest around it. */
function around(side: number, large: number): GridShape {
  const places: [number, number, number, number][] = [[1, 1, large, large]];
  for (let row = 1; row <= side; row += 1) {
    for (let column = 1; column <= side; column += 1) {
      if (column > large || row > large) places.push([column, row, 1, 1]);
    }
  }
  return { columns: side, rows: side, places };
}

const TWO_AND_EIGHT: GridShape = {
  columns: 4,
  rows: 4,
  places: [
    [1, 1, 2, 2],
    [3, 1, 2, 2],
    ...Array.from({ length: 8 }, (_, i): [number, number, number, number] => [(i % 4) + 1, 3 + Math.floor(i / 4), 1, 1]),
  ],
};

export function shapeOf(grid: GridId): GridShape {
  if (grid === '1p5') return around(3, 2);
  if (grid === '1p7') return around(4, 3);
  if (grid === '2p8') return TWO_AND_EIGHT;
  return even(Math.sqrt(Number(grid)));
}

export function cellCount(grid: GridId): number {
  return shapeOf(grid).places.length;
}

/** A bad value falls back, it never gives a blank page. */
export function readWall(address: Record<string, string | undefined>, otherwise: GridId): Wall {
  const grid = GRIDS.find((g) => g === address.g) ?? otherwise;
  const most = cellCount(grid);
  const cells = new Map<number, string>();
  const alarms = new Set<number>();
  for (const part of (address.c ?? '').split(',')) {
    const [cell = '', source = ''] = part.split(':');
    const number = Number(cell);
    if (!Number.isInteger(number) || number < 1 || number > 64) continue;
    const [channel = '', mark] = source === ALARM ? ['', ALARM] : source.split('.');
    if (mark === ALARM && alarms.size < MOST_ALARM_CELLS) alarms.add(number);
    if (/^[\w-]{1,64}$/.test(channel)) cells.set(number, channel);
  }
  const selected = Number(address.sel ?? '1');
  return { grid, cells, alarms, selected: selected >= 1 && selected <= most ? Math.floor(selected) : 1 };
}

/** `1:ch_7a,6:alarm,9:ch_9k.alarm`: a cell of its own for alarms, and one that lends itself to them. */
export function writeCells({ cells, alarms }: Pick<Wall, 'cells' | 'alarms'>): string {
  return [...new Set([...cells.keys(), ...alarms])]
    .sort((a, b) => a - b)
    .map((cell) => {
      const source = [cells.get(cell), alarms.has(cell) ? ALARM : undefined].filter((one) => one !== undefined);
      return `${cell}:${source.join('.')}`;
    })
    .join(',');
}

/** The last `count` cells of the grid take alarms. */
export function withAlarmCells(wall: Wall, count: number): Wall {
  const most = cellCount(wall.grid);
  const wanted = Math.min(count, MOST_ALARM_CELLS, most);
  return { ...wall, alarms: new Set(Array.from({ length: wanted }, (_, i) => most - i)) };
}

export function place(wall: Wall, cell: number, channel: string): Wall {
  const cells = new Map(wall.cells).set(cell, channel);
  return { ...wall, cells };
}

export function swap(wall: Wall, from: number, to: number): Wall {
  const cells = new Map(wall.cells);
  const [a, b] = [wall.cells.get(from), wall.cells.get(to)];
  cells.delete(from);
  cells.delete(to);
  if (b !== undefined) cells.set(from, b);
  if (a !== undefined) cells.set(to, a);
  return { ...wall, cells, selected: to };
}

/** Fills from the first cell; gives what did not fit. */
export function fill(wall: Wall, channels: string[]): { wall: Wall; left: string[] } {
  const most = cellCount(wall.grid);
  const cells = new Map(channels.slice(0, most).map((channel, i): [number, string] => [i + 1, channel]));
  return { wall: { ...wall, cells, selected: 1 }, left: channels.slice(most) };
}

/** What a tour of this wall shows: all that it was filled with while it still stands so, else what is in its cells. */
export function roundOf(wall: Wall, filledWith: readonly string[]): string[] {
  const most = cellCount(wall.grid);
  const shown = [...wall.cells].filter(([cell]) => cell <= most).sort(([a], [b]) => a - b);
  const stands = shown.length === most && shown.every(([cell, channel]) => filledWith[cell - 1] === channel);
  return stands ? [...filledWith] : [...new Set(wall.cells.values())];
}

/** The cell in that direction, or the same one at the edge. */
export function neighbour(grid: GridId, cell: number, key: string): number {
  const { places } = shapeOf(grid);
  const here = places[cell - 1];
  if (!here) return 1;
  const [x, y, w, h] = here;
  const goal: Record<string, [number, number]> = {
    ArrowLeft: [x - 1, y],
    ArrowRight: [x + w, y],
    ArrowUp: [x, y - 1],
    ArrowDown: [x, y + h],
  };
  const wanted = goal[key];
  if (!wanted) return cell;
  const at = places.findIndex(([px, py, pw, ph]) => wanted[0] >= px && wanted[0] < px + pw && wanted[1] >= py && wanted[1] < py + ph);
  return at < 0 ? cell : at + 1;
}
