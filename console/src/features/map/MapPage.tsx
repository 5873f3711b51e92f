// The map: what stands where, how it is, and what was found about it. What is in view has a list as its twin (V), which is
// all there is where the browser cannot draw. The whole state stands in the address (mapAddress).
import { useQuery, keepPreviousData } from '@tanstack/react-query';
import { Suspense, lazy, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forbiddenZones, mapCameras, mapGround, mapPlaces, mapPlanItems, mapSystems } from '@/api/map';
import type { MapCameras, MapGround, MapPlaces, MapPlanItem, MapPlanItems, MapSystem, MapSystems, Zone } from '@/api/map';
import { useAddress } from '@/shared/address';
import { useKeys } from '@/shared/keys';
import { useMay } from '@/shared/session';
import { useAppearance } from '@/shared/theme/appearance';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import type { DrawMode } from './AreaDraw';
import { LayerPanel } from './LayerPanel';
import { areaOf, areaText, layersOf, layersText, seatFor, seatOf, seatText } from './mapAddress';
import type { Layer, Seat } from './mapAddress';
import { boxRing } from './ring';
import { cameraPoints, drawnArea, findingPoints, markedPoints, outlines, placePoints, planPoints, systemPoints, uncoveredPoints, wedges, zones } from './shapes';
import type { Told } from './shapes';
import { useMap } from './useMap';
import type { Drawing, Handle, View } from './useMap';
import './messages';
import '@/shared/ui/Sheet.css';
import './Map.css';

// What the first view can do without.
const AreaDraw = lazy(() => import('./AreaDraw'));
const ChosenArea = lazy(() => import('./ChosenArea'));
const InViewList = lazy(() => import('./InViewList'));
const SelectionPanel = lazy(() => import('./SelectionPanel'));

/** Hubei, where nothing has a position yet. */
const ALL_OF_IT = [108.3, 29.0, 116.2, 33.3];
const NONE: readonly Zone[] = [];
const NO_SYSTEMS: readonly MapSystem[] = [];
const NO_ITEMS: readonly MapPlanItem[] = [];
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
  const mayPlans = useMay('planning.read');
  const [drawing, setDrawing] = useState<DrawMode | null>(null);
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
  const systems = useQuery({
    queryKey: ['map-systems', ...key],
    queryFn: ({ signal }) => mapSystems(wanted, signal),
    enabled: mayPlaces && asked !== null && layers.includes('sys'),
    placeholderData: keepPreviousData,
  });
  const plans = useQuery({
    queryKey: ['map-plan-items', ...key],
    queryFn: ({ signal }) => mapPlanItems(wanted, signal),
    enabled: mayPlans && asked !== null && layers.includes('plan'),
    placeholderData: keepPreviousData,
  });
  const areas = forbidden.data?.items ?? NONE;
  const seen: Seen = {
    cameras: cameras.data,
    places: places.data,
    systems: layers.includes('sys') ? systems.data : undefined,
    plans: layers.includes('plan') ? plans.data : undefined,
    areas,
  };
  useDrawn(handle, ground, layers, seen, address.sel, address.area);
  const take = (ring: Parameters<typeof areaText>[0]): void => {
    setDrawing(null);
    change({ area: areaText(ring), sel: undefined }, 'replace');
  };
  const draw = (mode: DrawMode): void => setDrawing((before) => (before === mode ? null : mode));
  const mayDraw = mayCameras && handle !== null;

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
    ...(['box', 'lasso'] as const).map((mode) => ({
      keys: mode === 'box' ? 'B' : 'L',
      meaning: t(`map.area.${mode}Hint`),
      act: () => {
        if (!mayDraw) return false;
        draw(mode);
        return undefined;
      },
    })),
    {
      keys: 'Esc',
      meaning: t('map.keys.close'),
      act: () => {
        if (drawing) setDrawing(null);
        else if (address.sel) choose(undefined);
        else if (address.area) change({ area: undefined }, 'replace');
        else return false;
        return undefined;
      },
    },
  ]);
  // Panels take their place beside the map: it has to be told.
  useEffect(() => handle?.resize(), [handle, listed, address.sel, address.area]);

  const problem = cameras.error ?? places.error ?? forbidden.error ?? systems.error ?? plans.error;
  const area = areaOf(address.area) ? address.area : undefined;
  return (
    <>
      <LayerPanel
        layers={layers}
        cameras={mayCameras ? cameras.data : null}
        places={mayPlaces ? places.data : null}
        systems={mayPlaces ? seen.systems : null}
        plans={mayPlans ? seen.plans : null}
        zones={forbidden.data?.total}
        drawing={drawing}
        onDraw={mayDraw ? draw : undefined}
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
        {drawing && handle ? (
          <Suspense fallback={null}>
            <AreaDraw key={drawing} mode={drawing} handle={handle} onDone={take} onLeave={() => setDrawing(null)} />
          </Suspense>
        ) : null}
        {listed || failed ? (
          <Suspense fallback={<div className="mj-map-list" aria-busy="true" />}>
            <InViewList
              cameras={seen.cameras}
              places={seen.places}
              systems={seen.systems}
              plans={seen.plans}
              zones={areas}
              loading={cameras.isLoading || places.isLoading}
              chosen={address.sel}
              onChoose={choose}
              onOpen={(box) => (handle ? handle.fit(box) : setView({ ...first, zoom: first.zoom + 3, box: [...box] }))}
              onAll={() => take(boxRing([wanted.box[0], wanted.box[1]], [wanted.box[2], wanted.box[3]]))}
            />
          </Suspense>
        ) : null}
      </section>
      <Suspense fallback={<aside className="mj-map-selection" aria-busy="true" />}>
        {address.sel ? (
          <SelectionPanel
            id={address.sel}
            systems={seen.systems?.systems ?? NO_SYSTEMS}
            items={seen.plans?.items ?? NO_ITEMS}
            onClose={() => choose(undefined)}
            onGo={(seat) => handle?.go(seat)}
          />
        ) : area ? (
          <ChosenArea key={area} area={area} onChoose={choose} onClose={() => change({ area: undefined }, 'replace')} />
        ) : null}
      </Suspense>
    </>
  );
}

const EDGE_DEGREES = 0.001;

function boxAround(ground: MapGround): View['box'] {
  const [west = 0, south = 0, east = 0, north = 0] = ground.extent ?? ALL_OF_IT;
  // With an edge, so that what stands at the border, or alone, lies inside.
  return [west - EDGE_DEGREES, south - EDGE_DEGREES, east + EDGE_DEGREES, north + EDGE_DEGREES];
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

/** What is in view, as far as its layers want it. */
interface Seen {
  cameras: MapCameras | undefined;
  places: MapPlaces | undefined;
  systems: MapSystems | undefined;
  plans: MapPlanItems | undefined;
  areas: readonly Zone[];
}

function useDrawn(handle: Handle | null, ground: MapGround, layers: readonly Layer[], seen: Seen, chosen: string | undefined, area: string | undefined): void {
  const { cameras, places, systems, plans, areas } = seen;
  const shown = layers.join();
  useEffect(() => {
    if (!handle) return;
    const on = (layer: Layer): boolean => shown.split(',').includes(layer);
    const { datum } = ground;
    const one = [...(cameras?.cameras ?? []), ...(places?.places ?? []), ...(plans?.items ?? [])].find(({ id }) => id === chosen);
    const drawings: [Drawing, ReturnType<typeof wedges>][] = [
      ['cameras', cameraPoints(on('cam') ? cameras : undefined, datum)],
      ['wedges', wedges(on('fov') ? (cameras?.cameras ?? []) : [], datum)],
      ['places', placePoints(on('place') ? places : undefined, datum)],
      ['zones', zones(on('forbid') ? areas : [], datum)],
      ['outlines', outlines(on('place') ? places : undefined, datum)],
      ['uncovered', uncoveredPoints(on('cover') ? places : undefined, datum)],
      ['findings', on('find') ? findingPoints(cameras, places, datum) : findingPoints(undefined, undefined, datum)],
      ['systems', systemPoints(systems, datum)],
      ['plans', planPoints(plans, datum)],
      ['planned', wedges(plans?.items ?? [], datum)],
      ['area', drawnArea(areaOf(area) ?? [], datum)],
      ['chosen', markedPoints(one ? [one] : [], datum)],
    ];
    for (const [what, features] of drawings) handle.draw(what, features);
  }, [handle, ground, shown, cameras, places, systems, plans, areas, chosen, area]);
}
