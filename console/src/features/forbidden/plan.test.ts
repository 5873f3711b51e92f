import { describe, expect, it } from 'vitest';
import { halfSide, metresFrom, scaleMetres, svgPoints } from './plan';

describe('a small plan', () => {
  it('puts a hundredth of a degree of latitude eleven hundred metres to the north', () => {
    const [east, north] = metresFrom([114.32, 30.36], [114.32, 30.35]);
    expect(east).toBe(0);
    expect(north).toBeCloseTo(1113.2, 0);
  });

  it('makes a degree of longitude shorter away from the equator', () => {
    const [east] = metresFrom([114.33, 30.35], [114.32, 30.35]);
    expect(east).toBeCloseTo(1113.2 * Math.cos((30.35 * Math.PI) / 180), 0);
  });

  it('holds everything with its reach, and is never smaller than a room', () => {
    expect(halfSide([])).toBeCloseTo(11);
    expect(halfSide([{ at: [30, -40], reach: 5 }])).toBeCloseTo(49.5);
  });

  it('takes a round length for its scale', () => {
    expect([scaleMetres(11), scaleMetres(49.5), scaleMetres(200)]).toEqual([5, 20, 100]);
  });

  it('draws north upwards', () => {
    expect(svgPoints([[1, 2], [-3, 0.5]])).toBe('1.00,-2.00 -3.00,-0.50');
  });
});
