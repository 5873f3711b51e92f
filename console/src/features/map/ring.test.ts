import { describe, expect, it } from 'vitest';
import { areaOf, areaText } from './mapAddress';
import type { Corner } from './mapAddress';
import { boxRing, cornersText, simplified, typedRing, withCorner } from './ring';

const SQUARE: Corner[] = [[114, 30], [114.01, 30], [114.01, 30.01], [114, 30.01]];

describe('rings of corners', () => {
  it('makes a line drawn by hand short, and keeps its corners', () => {
    const side = (from: number, to: number, at: (n: number) => [number, number]) => Array.from({ length: 100 }, (_, n) => at(from + ((to - from) * n) / 100));
    const drawn = [...side(0, 300, (x) => [x, 0]), ...side(0, 200, (y) => [300, y]), ...side(300, 0, (x) => [x, 200]), [0, 200] as [number, number]];
    expect(simplified(drawn, 200)).toEqual([[0, 0], [300, 0], [300, 200], [0, 200]]);
    const circle = Array.from({ length: 900 }, (_, n): [number, number] => [200 * Math.cos(n / 143), 200 * Math.sin(n / 143)]);
    const found = simplified(circle, 60);
    expect(found.length).toBeLessThanOrEqual(60);
    expect(found.length).toBeGreaterThan(10);
  });

  it('makes a box of two opposite corners, whichever way it was drawn', () => {
    expect(boxRing([5, 9], [1, 2])).toEqual([[5, 9], [1, 9], [1, 2], [5, 2]]);
  });

  it('puts a corner into the edge that it is nearest to', () => {
    expect(withCorner(SQUARE, [114.005, 29.999])[1]).toEqual([114.005, 29.999]);
    expect(withCorner(SQUARE, [113.999, 30.005])[4]).toEqual([113.999, 30.005]);
    expect(withCorner([[114, 30]], [114, 31])).toEqual([[114, 30], [114, 31]]);
  });

  it('reads corners back as it wrote them, and names the line that is none', () => {
    expect(typedRing(cornersText(SQUARE))).toEqual({ ring: SQUARE, fault: null });
    expect(typedRing('114 30\n\n114.01，30；\n114.01 30.01')).toMatchObject({ ring: [[114, 30], [114.01, 30], [114.01, 30.01]] });
    expect(typedRing('  \n')).toEqual({ ring: null, fault: null });
    expect(typedRing('114, 30\n114\n115, 31')).toEqual({ ring: null, fault: { line: 2 } });
    expect(typedRing('114, 30\n30, 114').fault).toEqual({ line: 2 });
    expect(typedRing('114, 30\n115, 31').fault).toEqual({ few: 2 });
  });

  it('stands in an address as the server takes it', () => {
    expect(areaText(SQUARE)).toBe('114,30;114.01,30;114.01,30.01;114,30.01');
    expect(areaOf(areaText(SQUARE))).toEqual(SQUARE);
    for (const text of [undefined, '', '114,30', '114,30;115,30', '114,30;115;116,30', 'a,b;c,d;e,f', '114,30;115,91;116,30']) expect(areaOf(text)).toBeNull();
  });
});
