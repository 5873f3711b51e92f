import { describe, expect, it } from 'vitest';
import type { MapCamera, MapCameras } from '@/api/map';
import { cameraPoints, drawnArea, graticule, planPoints, wedge, wedges } from './shapes';

const camera = (members: Partial<MapCamera> = {}): MapCamera => ({
  id: 'ch_1', name: '大门东', longitude: 114.322, latitude: 30.349, status: 'ok', height_m: 4.5, azimuth: 90, view_angle: 60,
  view_m: 100, findings: 0, ...members,
});
const cameras = (...list: MapCamera[]): MapCameras => ({ total: list.length, clusters: [], cameras: list, as_of_us: 0 });

describe('what is drawn on the map', () => {
  it('opens a field of view towards the azimuth, as far as the camera sees', () => {
    const ring = wedge(camera());
    expect(ring?.[0]).toEqual([114.322, 30.349]);
    expect(ring?.at(-1)).toEqual(ring?.[0]);
    const east = Math.max(...(ring ?? []).map(([x = 0]) => x));
    expect((east - 114.322) * 111_320 * Math.cos((30.349 * Math.PI) / 180)).toBeCloseTo(100, 0);
    expect(Math.min(...(ring ?? []).map(([x = 0]) => x))).toBeCloseTo(114.322);
  });

  it('draws a full circle without a corner in its middle, and nothing where the dossier is silent', () => {
    expect(wedge(camera({ view_angle: 360 }))).not.toContainEqual([114.322, 30.349]);
    expect(wedge(camera({ azimuth: null }))).toBeNull();
    expect(wedges([camera({ view_m: null })], 'wgs84').features).toEqual([]);
  });

  it('names the picture of a point by how it does, of a cluster by its worst and its count', () => {
    const found = cameraPoints(
      { ...cameras(camera({ status: 'failed' })), clusters: [{ longitude: 114, latitude: 30, west: 113.9, south: 29.9, east: 114.1, north: 30.1, count: 12, status: 'unknown' }] },
      'wgs84',
    );
    expect(found.features.map((one) => (one.properties as { picture: string }).picture)).toEqual(['disc:unknown:12', 'camera:failed']);
  });

  it('names the picture of a planned spot by what was found there', () => {
    const item = {
      id: 'pi_1', name: '路口', plan: 'cp_1', plan_name: '规划', plan_state: 'draft' as const, longitude: 114, latitude: 30, azimuth: null, view_angle: null,
      view_m: null, cameras: 1, progress: 'planned' as const, standing: 'duplicate' as const, overlap: 70, overlapping: 1,
    };
    const found = planPoints({ total: 1, undecided: 1, clusters: [], items: [item], as_of_us: 0 }, 'wgs84');
    expect(found.features[0]?.properties).toMatchObject({ id: 'pi_1', picture: 'plan:duplicate' });
  });

  it('draws an area from three corners on', () => {
    expect(drawnArea([[114, 30], [115, 30]], 'wgs84').features).toEqual([]);
    expect(drawnArea([[114, 30], [115, 30], [115, 31]], 'wgs84').features[0]?.geometry).toMatchObject({ coordinates: [[[114, 30], [115, 30], [115, 31], [114, 30]]] });
  });

  it('rules the ground with a few lines at round degrees', () => {
    const lines = graticule([114.1, 30.0, 114.6, 30.5]).features;
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.length).toBeLessThan(30);
  });
});
