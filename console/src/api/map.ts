// What stands on the map: cameras and places in a box, clustered where they are many, and the ground below them.
import { get } from './http';
import type { Page, Schemas } from './types';

export type MapCameras = Schemas['MapCameras'];
export type MapPlaces = Schemas['MapPlaces'];
export type MapCamera = Schemas['MapCamera'];
export type MapPlace = Schemas['MapPlace'];
export type MapCluster = Schemas['MapCluster'];
export type MapGround = Schemas['MapGround'];
export type MapSystems = Schemas['MapSystems'];
export type MapSystem = Schemas['MapSystem'];
export type MapPlanItems = Schemas['MapPlanItems'];
export type MapPlanItem = Schemas['MapPlanItem'];

export interface MapView {
  /** West, south, east, north in WGS-84 degrees. */
  box: readonly [number, number, number, number];
  zoom: number;
  /** A rule, or `any`: only that of which it is found. */
  finding?: string | undefined;
}

const asked = ({ box, zoom, finding }: MapView) => ({ box: box.map((one) => one.toFixed(6)).join(','), zoom: zoom.toFixed(1), finding });

export async function mapGround(signal?: AbortSignal): Promise<MapGround> {
  return get('/map/ground', undefined, signal);
}

export async function mapCameras(view: MapView, signal?: AbortSignal): Promise<MapCameras> {
  return get('/map/cameras', asked(view), signal);
}

export async function mapPlaces(view: MapView, signal?: AbortSignal): Promise<MapPlaces> {
  return get('/map/places', asked(view), signal);
}

export async function mapSystems(view: MapView, signal?: AbortSignal): Promise<MapSystems> {
  return get('/map/systems', asked(view), signal);
}

export async function mapPlanItems(view: MapView, signal?: AbortSignal): Promise<MapPlanItems> {
  return get('/map/plan-items', asked(view), signal);
}

export type Zone = Schemas['ForbiddenPlace'];

const ZONES_MOST = 500;

/** Forbidden places that touch a box: the first five hundred by name. */
export async function forbiddenZones({ box: [west, south, east, north] }: MapView, signal?: AbortSignal): Promise<Page<Zone>> {
  return get('/forbidden-places', { west, south, east, north, limit: ZONES_MOST }, signal);
}

export type Dossier = Schemas['Dossier'];

export async function dossier(camera: string, signal?: AbortSignal): Promise<Dossier> {
  return get(`/cameras/${camera}/dossier`, undefined, signal);
}
