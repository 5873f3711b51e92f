import { expect, test } from 'vitest';
import { pageOf } from './useTour';
import { GRIDS, cellCount, fill, neighbour, place, readWall, roundOf, shapeOf, swap, withAlarmCells, writeCells } from './wall';

test('a wall comes back from its address', () => {
  const wall = readWall({ g: '16', c: '1:ch_7a,2:ch_9k', sel: '2' }, '9');
  expect(wall.grid).toBe('16');
  expect(wall.selected).toBe(2);
  expect(writeCells(wall)).toBe('1:ch_7a,2:ch_9k');
});

test('nonsense in an address falls back and keeps what can be read', () => {
  const wall = readWall({ g: '7', c: 'x:ch_1,3:<script>,4:ch_4', sel: '99' }, '9');
  expect(wall.grid).toBe('9');
  expect([...wall.cells]).toEqual([[4, 'ch_4']]);
  expect(wall.selected).toBe(1);
});

test('every grid has as many cells as its name says', () => {
  expect(GRIDS.map(cellCount)).toEqual([1, 4, 9, 16, 25, 6, 8, 10]);
});

test('the cells of a grid cover it without overlap', () => {
  for (const grid of GRIDS) {
    const { columns, rows, places } = shapeOf(grid);
    const covered = places.flatMap(([x, y, w, h]) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(covered).size).toBe(covered.length);
    expect(covered).toHaveLength(columns * rows);
  }
});

test('swapping exchanges two cells, also with an empty one', () => {
  const wall = readWall({ g: '4', c: '1:a,2:b' }, '4');
  expect(writeCells(swap(wall, 1, 2))).toBe('1:b,2:a');
  expect(writeCells(swap(wall, 1, 4))).toBe('2:b,4:a');
  expect(writeCells(place(wall, 3, 'c'))).toBe('1:a,2:b,3:c');
});

test('seventeen cameras on sixteen cells leave one for a tour', () => {
  const names = Array.from({ length: 17 }, (_, i) => `c${i}`);
  const { wall, left } = fill(readWall({ g: '16' }, '16'), names);
  expect(wall.cells.size).toBe(16);
  expect(left).toEqual(['c16']);
});

test('a tour goes on to what did not fit, until something else is put on the wall', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { wall } = fill(readWall({ g: '4' }, '4'), names);
  expect(roundOf(wall, names)).toEqual(names);
  expect(roundOf(swap(wall, 1, 2), names).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(roundOf(wall, [])).toEqual(['a', 'b', 'c', 'd']);
});

test('arrows walk over large and small cells and stop at the edge', () => {
  expect(neighbour('9', 5, 'ArrowRight')).toBe(6);
  expect(neighbour('9', 3, 'ArrowRight')).toBe(3);
  expect(neighbour('1p5', 1, 'ArrowRight')).toBe(2);
  expect(neighbour('1p5', 2, 'ArrowLeft')).toBe(1);
});

test('a tour shows its pages of channels cell by cell, the last one short', () => {
  const channels = ['a', 'b', 'c', 'd', 'e'];
  expect([...pageOf(channels, 0, 4)]).toEqual([[1, 'a'], [2, 'b'], [3, 'c'], [4, 'd']]);
  expect([...pageOf(channels, 1, 4)]).toEqual([[1, 'e']]);
});

test('alarm cells stand in the address, alone or lent by a camera', () => {
  const wall = readWall({ g: '4', c: '1:a,3:b.alarm,4:alarm' }, '4');
  expect([...wall.alarms]).toEqual([3, 4]);
  expect([...wall.cells]).toEqual([[1, 'a'], [3, 'b']]);
  expect(writeCells(wall)).toBe('1:a,3:b.alarm,4:alarm');
});

test('alarm cells are the last of the grid, four at most, and choosing none gives them back', () => {
  const wall = readWall({ g: '9', c: '9:x' }, '9');
  expect(writeCells(withAlarmCells(wall, 1))).toBe('9:x.alarm');
  expect([...withAlarmCells(wall, 7).alarms]).toEqual([9, 8, 7, 6]);
  expect(writeCells(withAlarmCells(withAlarmCells(wall, 2), 0))).toBe('9:x');
});
