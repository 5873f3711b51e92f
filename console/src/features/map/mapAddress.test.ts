import { describe, expect, it } from 'vitest';
import { layersOf, layersText, seatFor, seatOf, seatText } from './mapAddress';

describe('the address of a map', () => {
  it('brings back the view that it was made of', () => {
    const text = '30.37512,114.31774,15.2';
    expect(seatOf(text)).toEqual({ latitude: 30.37512, longitude: 114.31774, zoom: 15.2 });
    expect(seatText({ latitude: 30.37512, longitude: 114.31774, zoom: 15.2 })).toBe(text);
  });

  it('falls back where it cannot be read', () => {
    for (const text of [undefined, '', '30,114', 'a,b,c', '91,0,3', '0,181,3', '0,0,99', ',,']) expect(seatOf(text)).toBeNull();
  });

  it('names layers in one order, and none where none is shown', () => {
    expect(layersOf('find,cam,nonsense')).toEqual(['cam', 'find']);
    expect(layersOf(layersText(layersOf('find,cam')))).toEqual(['cam', 'find']);
    expect(layersText(layersOf(undefined))).toBeUndefined();
    expect(layersOf(layersText([]))).toEqual([]);
  });

  it('fits a box into the view', () => {
    const county = seatFor([114.1, 30.0, 114.6, 30.5], 1000, 600);
    expect(county.longitude).toBeCloseTo(114.35);
    expect(county.zoom).toBeGreaterThan(8.5);
    expect(county.zoom).toBeLessThan(10.5);
    expect(seatFor([114, 30, 114, 30], 1000, 600).zoom).toBe(17);
  });
});
