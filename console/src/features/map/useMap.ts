// The map of MapLibre as the page wants it: no tiles, glyphs or sprites unless a base map is configured, pictures drawn by
// the page, colours of the theme, no motion of its own. Its worker is a file of ours, as the security policy wants it.
import { MapLibreMap, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import type { GeoJSONSource, StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState } from 'react';
import type { FeatureCollection } from 'geojson';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { MapGround } from '@/api/map';
import { PALETTES } from '@/shared/theme/tokens';
import type { Palette, ThemeName } from '@/shared/theme/tokens';
import { shown, stored } from './datum';
import { MOST_ZOOM } from './mapAddress';
import type { Corner, Seat } from './mapAddress';
import { RATIO, picture } from './pictures';
import { graticule } from './shapes';
import type { Told } from './shapes';

setWorkerUrl(workerUrl);

const POINTS = ['uncovered', 'findings', 'systems', 'places', 'plans', 'cameras', 'chosen'] as const;
const AREAS = ['ground', 'outlines', 'zones', 'wedges', 'planned', 'area'] as const;
export type Drawing = (typeof POINTS)[number] | (typeof AREAS)[number];
/** What can be pressed. */
const PRESSED = ['cameras', 'places', 'plans', 'systems'];
/** A system stands beside its place, so that both are seen. */
const BESIDE: [number, number] = [18, 16];
const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };
const WEDGES_FROM = 16;

export interface View extends Seat {
  box: [number, number, number, number];
}

export interface Hooks {
  onMoved: (view: View) => void;
  /** Somebody pressed a point, null for the ground, at that place. */
  onChosen: (told: Told | null, at: Corner) => void;
  /** The view moves: what lies over the map has to follow. */
  onMoving?: () => void;
  onFailed: () => void;
}

function base(ground: MapGround): StyleSpecification {
  if (!ground.tiles) return { version: 8, sources: {}, layers: [] };
  return {
    version: 8,
    sources: { base: { type: 'raster', tiles: [ground.tiles], tileSize: 256, attribution: ground.attribution } },
    layers: [{ id: 'base', type: 'raster', source: 'base' }],
  };
}

function dress(map: MapLibreMap, palette: Palette): void {
  for (const name of [...AREAS, ...POINTS]) map.addSource(name, { type: 'geojson', data: NOTHING });
  map.addLayer({ id: 'ground', type: 'line', source: 'ground', paint: { 'line-width': 1 } });
  map.addLayer({ id: 'outlines', type: 'line', source: 'outlines', paint: { 'line-width': 1.5 } });
  map.addLayer({ id: 'zones', type: 'fill', source: 'zones', paint: { 'fill-pattern': 'hatch' } });
  map.addLayer({ id: 'zone-edges', type: 'line', source: 'zones', paint: { 'line-width': 1.5 } });
  map.addLayer({ id: 'wedges', type: 'fill', source: 'wedges', minzoom: WEDGES_FROM, paint: { 'fill-opacity': 0.22 } });
  map.addLayer({ id: 'wedge-edges', type: 'line', source: 'wedges', minzoom: WEDGES_FROM, paint: { 'line-width': 1 } });
  map.addLayer({ id: 'planned', type: 'line', source: 'planned', minzoom: WEDGES_FROM, paint: { 'line-width': 1.5, 'line-dasharray': [3, 2] } });
  map.addLayer({ id: 'area', type: 'fill', source: 'area', paint: { 'fill-opacity': 0.12 } });
  map.addLayer({ id: 'area-edges', type: 'line', source: 'area', paint: { 'line-width': 2 } });
  for (const name of POINTS) {
    map.addLayer({
      id: name,
      type: 'symbol',
      source: name,
      layout: { 'icon-image': ['get', 'picture'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-offset': name === 'systems' ? BESIDE : [0, 0] },
    });
  }
  tint(map, palette);
}

function tint(map: MapLibreMap, palette: Palette): void {
  if (map.getLayer('sunk')) map.removeLayer('sunk');
  map.addLayer({ id: 'sunk', type: 'background', paint: { 'background-color': palette.sunk } }, map.getStyle().layers[0]?.id);
  map.setPaintProperty('ground', 'line-color', palette.hairline);
  map.setPaintProperty('outlines', 'line-color', palette.text2);
  map.setPaintProperty('zone-edges', 'line-color', palette.bad);
  map.setPaintProperty('wedges', 'fill-color', palette.primary);
  map.setPaintProperty('wedge-edges', 'line-color', palette.primary);
  map.setPaintProperty('planned', 'line-color', palette.law);
  map.setPaintProperty('area', 'fill-color', palette.focus);
  map.setPaintProperty('area-edges', 'line-color', palette.focus);
  for (const name of map.listImages()) map.removeImage(name);
}

function viewOf(map: MapLibreMap, ground: MapGround): View {
  const bounds = map.getBounds();
  const [west, south] = stored([bounds.getWest(), bounds.getSouth()], ground.datum);
  const [east, north] = stored([bounds.getEast(), bounds.getNorth()], ground.datum);
  const middle = map.getCenter();
  const [longitude, latitude] = stored([middle.lng, middle.lat], ground.datum);
  return { longitude, latitude, zoom: map.getZoom(), box: [Math.max(west, -180), Math.max(south, -90), Math.min(east, 180), Math.min(north, 90)] };
}

interface Wanted {
  ground: MapGround;
  seat: Seat;
  theme: ThemeName;
  words: Record<string, string>;
  hooks: Hooks;
}

export interface Handle {
  draw: (what: Drawing, features: FeatureCollection) => void;
  go: (seat: Partial<Seat>) => void;
  fit: (box: readonly [number, number, number, number]) => void;
  resize: () => void;
  /** The stored position that is drawn at a point of the canvas, and back. */
  at: (x: number, y: number) => Corner;
  px: (corner: Corner) => [number, number];
}

/** Makes the map in `at` once; gives the handle when it can be drawn on, null before and where the browser cannot. */
export function useMap(at: React.RefObject<HTMLDivElement | null>, wanted: Wanted): Handle | null {
  const [handle, setHandle] = useState<Handle | null>(null);
  const now = useRef(wanted);
  const made = useRef<MapLibreMap | null>(null);
  useEffect(() => {
    now.current = wanted;
  });
  const { theme } = wanted;
  useEffect(() => {
    if (!at.current) return undefined;
    const { ground, seat, words } = now.current;
    const palette = (): Palette => PALETTES[now.current.theme];
    const place = (one: Partial<Seat>): { center?: [number, number]; zoom?: number } => {
      const center = one.longitude !== undefined && one.latitude !== undefined ? shown([one.longitude, one.latitude], ground.datum) : null;
      return { ...(center ? { center: [...center] as [number, number] } : {}), ...(one.zoom !== undefined ? { zoom: one.zoom } : {}) };
    };
    let map: MapLibreMap;
    try {
      map = new MapLibreMap({
        container: at.current, style: ground.style || base(ground), ...place(seat), maxZoom: MOST_ZOOM, fadeDuration: 0,
        attributionControl: ground.attribution ? {} : false, dragRotate: false, pitchWithRotate: false, maxPitch: 0, touchPitch: false,
        renderWorldCopies: false, locale: words, localIdeographFontFamily: 'sans-serif',
      });
    } catch {
      now.current.hooks.onFailed();
      return undefined;
    }
    made.current = map;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
    map.setMissingStyleImageResolver((name) => {
      const drawn = picture(name, palette());
      if (drawn) map.addImage(name, drawn, { pixelRatio: RATIO });
    });
    const moved = (): void => now.current.hooks.onMoved(viewOf(map, ground));
    map.on('load', () => {
      dress(map, palette());
      const rule = (): void => {
        const bounds = map.getBounds();
        void source(map, 'ground').setData(graticule([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]));
      };
      rule();
      map.on('moveend', rule);
      map.on('moveend', moved);
      map.on('move', () => now.current.hooks.onMoving?.());
      map.on('click', (event) => {
        const hit = map.queryRenderedFeatures(event.point, { layers: PRESSED })[0] ?? map.queryRenderedFeatures(event.point, { layers: ['zones'] })[0];
        now.current.hooks.onChosen(hit ? toldOf(hit.properties) : null, positionAt(map, ground, event.point.x, event.point.y));
      });
      for (const name of PRESSED) {
        map.on('mouseenter', name, () => (map.getCanvas().style.cursor = 'pointer'));
        map.on('mouseleave', name, () => (map.getCanvas().style.cursor = ''));
      }
      moved();
      setHandle({
        draw: (what, features) => void source(map, what).setData(features),
        go: (one) => void map.jumpTo(place(one)),
        fit: ([west, south, east, north]) =>
          map.fitBounds([[...shown([west, south], ground.datum)], [...shown([east, north], ground.datum)]] as [[number, number], [number, number]], { animate: false, padding: 40 }),
        resize: () => void map.resize(),
        at: (x, y) => positionAt(map, ground, x, y),
        px: (corner) => {
          const { x, y } = map.project([...shown(corner, ground.datum)] as Corner);
          return [x, y];
        },
      });
    });
    return () => {
      made.current = null;
      map.remove();
    };
  }, [at]);
  useEffect(() => {
    if (handle && made.current) tint(made.current, PALETTES[theme]);
  }, [handle, theme]);
  return handle;
}

function positionAt(map: MapLibreMap, ground: MapGround, x: number, y: number): Corner {
  const { lng, lat } = map.unproject([x, y]);
  const [longitude, latitude] = stored([lng, lat], ground.datum);
  return [longitude, latitude];
}

function source(map: MapLibreMap, name: Drawing): GeoJSONSource {
  const found = map.getSource<GeoJSONSource>(name);
  if (!found) throw new Error(`the map has no source ${name}`);
  return found;
}

/** Members of a feature as the map gives them back: nested ones whole, or as text from a tile that has no lists. */
function toldOf(properties: Record<string, unknown>): Told {
  const { id, picture: name, label, box: given } = properties;
  const box: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  return {
    id: String(id),
    picture: String(name),
    label: String(label),
    ...(Array.isArray(box) ? { box: box as [number, number, number, number] } : {}),
  };
}
