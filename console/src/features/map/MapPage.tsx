// The map: what stands where, how it is, and what was found about it. What is in view has a list as its twin (V), which is
// all there is where the browser cannot draw. The whole state stands in the address (mapAddress).
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forbiddenZones, mapCameras, mapGround, mapPlaces } from '@/api/map';
import type { MapCameras, MapGround, MapPlaces, Zone } from '@/api/map';
import { useAddress } from '@/shared/address';
import { useKeys } from '@/shared/keys';
import { useMay } from '@/shared/session';
import { useAppearance } from '@/shared/theme/appearance';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { InViewList } from './InViewList';
import { LayerPanel } from './LayerPanel';
import { layersOf, layersText, seatFor, seatOf, seatText } from './mapAddress';
import type { Layer, Seat } from './mapAddress';
import { SelectionPanel } from './SelectionPanel';
import { cameraPoints, findingPoints, outlines, placePoints, uncoveredPoints, wedges, zones } from './shapes';
import type { Told } from './shapes';
import { useMap } from './useMap';
import type { Drawing, Handle, View } from './useMap';
import './messages';
import './Map.css';

/** Hubei, where nothing has a position yet. */
const ALL_OF_IT = [108.3, 29.0, 116.2, 33.3];
const NONE: readonly Zone[] = [];
const QUIET_MS = 150;
const AGAIN_MS = 60_000;

export default function MapPage() {
  const { t } = useTranslation();
  const ground = useQuery({ queryKey: ['map-ground'], queryFn: ({ signal }) => mapGround(signal) });
  return (
    <div className="mj-map" data-testid="map-page">
      <h1 className="mj-sr">{t('map.title')}</h1>
      <PanelState query={ground} what={t('map.title')}>
        {ground.data ? <Charted ground={ground.data} /> : null}
      </PanelState>
    </div>
  );
}

function Charted({ ground }: { ground: MapGround }) {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { theme } = useAppearance();
  const canvas = useRef<HTMLDivElement>(null);
  const layers = layersOf(address.layers);
  const listed = address.list === '1';
  const mayCameras = useMay('camera.read');
  const mayPlaces = useMay('register.read');
  const [failed, setFailed] = useState(false);
  const [first] = useState<Seat>(() => seatOf(address.at) ?? seatFor(ground.extent ?? ALL_OF_IT, window.innerWidth - 560, window.innerHeight - 120));
  const [view, setView] = useState<View | null>(null);
  const finding = address.f?.startsWith('finding:') ? address.f.slice('finding:'.length) : undefined;

  const onMoved = useCallback(
    (moved: View) => {
      setView(moved);
      change({ at: seatText(moved) }, 'replace');
    },
    [change],
  );
  const choose = useCallback((id: string | undefined) => change({ sel: id }, 'replace'), [change]);
  const handle = useMap(canvas, {
    ground,
    seat: first,
    theme,
    words: { 'Map.Title': t('map.canvas'), 'ScaleControl.Meters': 'm', 'ScaleControl.Kilometers': 'km', 'AttributionControl.ToggleAttribution': t('map.attribution') },
    hooks: {
      onMoved,
      onChosen: (told) => press(told, handle, choose),
      onFailed: () => {
        setFailed(true);
        setView({ ...first, box: boxAround(ground) });
      },
    },
  });

  const asked = useQuiet(view);
  const wanted = { box: asked?.box ?? [0, 0, 0, 0], zoom: asked?.zoom ?? 0, finding } as const;
  const key = [wanted.box.join(), wanted.zoom.toFixed(1), finding ?? ''];
  const cameras = useQuery({
    queryKey: ['map-cameras', ...key],
    queryFn: ({ signal }) => mapCameras(wanted, signal),
    enabled: mayCameras && asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
  const places = useQuery({
    queryKey: ['map-places', ...key],
    queryFn: ({ signal }) => mapPlaces(wanted, signal),
    enabled: mayPlaces && asked !== null,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
  const forbidden = useQuery({
    queryKey: ['map-zones', wanted.box.join()],
    queryFn: ({ signal }) => forbiddenZones(wanted, signal),
    enabled: mayPlaces && asked !== null && layers.includes('forbid'),
    placeholderData: keepPreviousData,
  });
  const areas = forbidden.data?.items ?? NONE;
  useDrawn(handle, ground, layers, cameras.data, places.data, areas, address.sel);

  const toggleList = (): void => change({ list: listed ? undefined : '1' }, 'replace');
  useKeys([
    {
      keys: 'V',
      meaning: t('map.keys.list'),
      act: () => {
        toggleList();
        return undefined;
      },
    },
    {
      keys: 'N',
      meaning: t('map.keys.next'),
      act: () => {
        choose(wanting(cameras.data, places.data, address.sel));
        return undefined;
      },
    },
    {
      keys: 'Esc',
      meaning: t('map.keys.close'),
      act: () => {
        if (!address.sel) return false;
        choose(undefined);
        return undefined;
      },
    },
  ]);
  // Panels take their place beside the map: it has to be told.
  useEffect(() => handle?.resize(), [handle, listed, address.sel]);

  const problem = cameras.error ?? places.error ?? forbidden.error;
  return (
    <>
      <LayerPanel
        layers={layers}
        cameras={mayCameras ? cameras.data : null}
        places={mayPlaces ? places.data : null}
        zones={forbidden.data?.total}
        onChange={(shown: Layer[]) => change({ layers: layersText(shown) }, 'replace')}
        onList={toggleList}
        listed={listed}
      />
      <section className="mj-map-seat" aria-label={t('map.title')}>
        <div ref={canvas} className="mj-map-canvas" data-testid="map-canvas" data-ready={handle !== null} />
        <div className="mj-map-datum">{t('map.datum', { datum: ground.datum === 'gcj02' ? 'GCJ-02' : 'WGS-84' })}</div>
        {finding ? (
          <div className="mj-map-filter">
            {t('map.onlyFinding', { rule: finding === 'any' ? t('map.anyRule') : finding })}{' '}
            <Act kind="quiet" onAct={() => change({ f: undefined }, 'replace')}>
              {t('map.unfiltered')}
            </Act>
          </div>
        ) : null}
        {failed ? (
          <p className="mj-map-note" role="status">
            {t('map.noWebgl')}
          </p>
        ) : null}
        {problem ? <ErrorNote error={problem} what={t('map.title')} /> : null}
        {listed || failed ? (
          <InViewList
            cameras={cameras.data}
            places={places.data}
            zones={areas}
            loading={cameras.isLoading || places.isLoading}
            chosen={address.sel}
            onChoose={choose}
            onOpen={(box) => (handle ? handle.fit(box) : setView({ ...first, zoom: first.zoom + 3, box: [...box] }))}
          />
        ) : null}
      </section>
      {address.sel ? <SelectionPanel id={address.sel} onClose={() => choose(undefined)} onGo={(seat) => handle?.go(seat)} /> : null}
    </>
  );
}

function boxAround(ground: MapGround): View['box'] {
  const [west = 0, south = 0, east = 0, north = 0] = ground.extent ?? ALL_OF_IT;
  return [west, south, east, north];
}

function press(told: Told | null, handle: Handle | null, choose: (id: string | undefined) => void): void {
  if (told?.box) handle?.fit(told.box);
  else choose(told?.id);
}

/** A view once it has rested for a moment: a drag asks once. */
function useQuiet(view: View | null): View | null {
  const [quiet, setQuiet] = useState<View | null>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setQuiet(view), quiet ? QUIET_MS : 0);
    return () => window.clearTimeout(timer);
  }, [view, quiet]);
  return quiet;
}

/** The next in view, after the chosen one, that wants somebody. */
function wanting(cameras: MapCameras | undefined, places: MapPlaces | undefined, chosen: string | undefined): string | undefined {
  const all = [...(cameras?.cameras ?? []), ...(places?.places ?? [])].filter((one) => one.status === 'failed' || (one.findings ?? 0) > 0);
  const at = all.findIndex((one) => one.id === chosen);
  return (all[at + 1] ?? all[0])?.id;
}

function useDrawn(
  handle: Handle | null,
  ground: MapGround,
  layers: readonly Layer[],
  cameras: MapCameras | undefined,
  places: MapPlaces | undefined,
  areas: readonly Zone[],
  chosen: string | undefined,
): void {
  const shown = layers.join();
  useEffect(() => {
    if (!handle) return;
    const on = (layer: Layer): boolean => shown.split(',').includes(layer);
    const { datum } = ground;
    const one = [...(cameras?.cameras ?? []), ...(places?.places ?? [])].find(({ id }) => id === chosen);
    const drawings: [Drawing, ReturnType<typeof wedges>][] = [
      ['cameras', cameraPoints(on('cam') ? cameras : undefined, datum)],
      ['wedges', wedges(on('fov') ? cameras : undefined, datum)],
      ['places', placePoints(on('place') ? places : undefined, datum)],
      ['zones', zones(on('forbid') ? areas : [], datum)],
      ['outlines', outlines(on('place') ? places : undefined, datum)],
      ['uncovered', uncoveredPoints(on('cover') ? places : undefined, datum)],
      ['findings', on('find') ? findingPoints(cameras, places, datum) : findingPoints(undefined, undefined, datum)],
      ['chosen', chosenPoint(one, datum)],
    ];
    for (const [what, features] of drawings) handle.draw(what, features);
  }, [handle, ground, shown, cameras, places, areas, chosen]);
}

function chosenPoint(one: { id: string; name: string; longitude: number; latitude: number } | undefined, datum: MapGround['datum']) {
  const found = cameraPoints(undefined, datum);
  if (!one) return found;
  const marked = cameraPoints({ total: 1, clusters: [], as_of_us: 0, cameras: [{ ...one, status: 'ok', height_m: null, azimuth: null, view_angle: null, view_m: null, findings: null }] }, datum);
  return { ...marked, features: marked.features.map((feature) => ({ ...feature, properties: { ...feature.properties, picture: 'chosen' } })) };
}
