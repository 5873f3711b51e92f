import { describe, expect, it } from 'vitest';
import { shown, stored } from './datum';

describe('the datum of the base map', () => {
  it('shifts a point of China by some hundred metres, as published examples have it', () => {
    // Tiananmen in WGS-84, and in GCJ-02 as converters agree.
    const [longitude, latitude] = shown([116.3913, 39.9075], 'gcj02');
    expect(longitude).toBeCloseTo(116.39754, 4);
    expect(latitude).toBeCloseTo(39.9089, 4);
  });

  it('finds the way back to a centimetre', () => {
    for (const point of [[114.322, 30.349], [87.6, 43.8], [121.47, 31.23], [110.0, 18.2]] as const) {
      const back = stored(shown(point, 'gcj02'), 'gcj02');
      expect(back[0]).toBeCloseTo(point[0], 6);
      expect(back[1]).toBeCloseTo(point[1], 6);
    }
  });

  it('leaves alone what is abroad, and all of WGS-84', () => {
    expect(shown([2.35, 48.85], 'gcj02')).toEqual([2.35, 48.85]);
    expect(stored([2.35, 48.85], 'gcj02')).toEqual([2.35, 48.85]);
    expect(shown([114.322, 30.349], 'wgs84')).toEqual([114.322, 30.349]);
  });
});
