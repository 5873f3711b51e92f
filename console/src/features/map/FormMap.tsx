// A small map within a form, fetched when it is opened: an outline is drawn on it corner by corner, or cameras are picked.
// What stands around is shown below, as far as the reader may see it.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { forbiddenZones, mapCameras, mapGround, mapPlaces } from '@/api/map';
import type { MapGround, Zone } from '@/api/map';
import { useMay } from '@/shared/session';
import { useAppearance } from '@/shared/theme/appearance';
import { PanelState } from '@/shared/ui/PanelState';
import { seatFor } from './mapAddress';
import type { Corner, Seat } from './mapAddress';
import { withCorner } from './ring';
import { cameraPoints, drawnArea, markedPoints, outlines, placePoints, wedges, zones } from './shapes';
import { useMap } from './useMap';
import type { Handle, View } from './useMap';
import './messages';
import './Map.css';

const HUBEI = [108.3, 29.0, 116.2, 33.3];
const STREET = 17;
const NONE: readonly Zone[] = [];
const NOBODY: readonly string[] = [];
const NO_CORNERS: readonly Corner[] = [];
/** How far an arrow key moves a corner, picture points. */
const NUDGE: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export interface FormMapProps {
  /** Where to begin: a point of the record, where it has one. */
  middle: Corner | null;
  ring?: readonly Corner[];
  onRing?: (ring: Corner[]) => void;
  picked?: readonly string[];
  onPick?: (camera: string) => void;
}

export default function FormMap(props: FormMapProps) {
  const { t } = useTranslation();
  const ground = useQuery({ queryKey: ['map-ground'], queryFn: ({ signal }) => mapGround(signal) });
  return (
    <PanelState query={ground} what={t('map.title')}>
      {ground.data ? <Drawn ground={ground.data} {...props} /> : null}
    </PanelState>
  );
}

function seatAt(ground: MapGround, middle: Corner | null, ring: readonly Corner[]): Seat {
  if (ring.length > 2) {
    const [x, y] = [ring.map((one) => one[0]), ring.map((one) => one[1])];
    return seatFor([Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)], 260, 200);
  }
  if (middle) return { longitude: middle[0], latitude: middle[1], zoom: STREET };
  return seatFor(ground.extent ?? HUBEI, 320, 240);
}

function Drawn({ ground, middle, ring = NO_CORNERS, onRing, picked = NOBODY, onPick }: FormMapProps & { ground: MapGround }) {
  const { t } = useTranslation();
  const { theme } = useAppearance();
  const canvas = useRef<HTMLDivElement>(null);
  const [seat] = useState(() => seatAt(ground, middle, ring));
  const [view, setView] = useState<View | null>(null);
  const [failed, setFailed] = useState(false);
  const [, setMoves] = useState(0);
  const mayCameras = useMay('camera.read');
  const mayPlaces = useMay('register.read');
  const handle = useMap(canvas, {
    ground,
    seat,
    theme,
    words: { 'Map.Title': t(onRing ? 'map.outline.how' : 'map.pick.how') },
    hooks: {
      onMoved: setView,
      onMoving: () => setMoves((before) => before + 1),
      onFailed: () => setFailed(true),
      onChosen: (told, at) => {
        if (told?.box) handle?.fit(told.box);
        else if (onRing) onRing(withCorner(ring, at));
        else if (told?.id.startsWith('ch_')) onPick?.(told.id);
      },
    },
  });
  const wanted = { box: view?.box ?? [0, 0, 0, 0], zoom: view?.zoom ?? 0 } as const;
  const key = [wanted.box.join(), wanted.zoom.toFixed(1), ''];
  const asked = { placeholderData: keepPreviousData };
  const cameras = useQuery({ queryKey: ['map-cameras', ...key], queryFn: ({ signal }) => mapCameras(wanted, signal), enabled: mayCameras && view !== null, ...asked });
  const places = useQuery({ queryKey: ['map-places', ...key], queryFn: ({ signal }) => mapPlaces(wanted, signal), enabled: mayPlaces && view !== null, ...asked });
  const forbidden = useQuery({ queryKey: ['map-zones', key[0]], queryFn: ({ signal }) => forbiddenZones(wanted, signal), enabled: mayPlaces && view !== null, ...asked });
  useEffect(() => {
    if (!handle) return;
    const { datum } = ground;
    handle.draw('cameras', cameraPoints(cameras.data, datum));
    handle.draw('wedges', wedges(cameras.data?.cameras ?? [], datum));
    handle.draw('places', placePoints(onPick ? undefined : places.data, datum));
    handle.draw('outlines', outlines(places.data, datum));
    handle.draw('zones', zones(forbidden.data?.items ?? NONE, datum));
    handle.draw('area', drawnArea(ring, datum));
    const marked = (cameras.data?.cameras ?? []).filter((one) => picked.includes(one.id));
    handle.draw('chosen', markedPoints(middle && !onPick ? [...marked, { id: 'middle', longitude: middle[0], latitude: middle[1] }] : marked, datum));
  }, [handle, ground, cameras.data, places.data, forbidden.data, ring, picked, middle, onPick]);
  if (failed) return <p className="mj-muted">{t('map.pick.noWebgl')}</p>;
  return (
    <div className="mj-form-map" data-testid="form-map" data-ready={handle !== null}>
      <div ref={canvas} className="mj-map-canvas" />
      {handle && onRing ? ring.map((corner, at) => <CornerHandle key={at} number={at + 1} corner={corner} handle={handle} onMove={(to) => onRing(ring.map((one, index) => (index === at ? to : one)))} onDrop={() => onRing(ring.filter((_, index) => index !== at))} />) : null}
    </div>
  );
}

interface CornerProps {
  number: number;
  corner: Corner;
  handle: Handle;
  onMove: (to: Corner) => void;
  onDrop: () => void;
}

function CornerHandle({ number, corner, handle, onMove, onDrop }: CornerProps) {
  const { t } = useTranslation();
  const [x, y] = handle.px(corner);
  return (
    <button
      type="button"
      className="mj-map-corner"
      style={{ left: x, top: y }}
      aria-label={t('map.outline.corner', { number, at: `${corner[0].toFixed(5)}, ${corner[1].toFixed(5)}` })}
      data-testid={`corner-${number}`}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const seat = event.currentTarget.parentElement?.getBoundingClientRect();
        if (seat && event.currentTarget.hasPointerCapture(event.pointerId)) onMove(handle.at(event.clientX - seat.left, event.clientY - seat.top));
      }}
      onKeyDown={(event) => {
        const step = NUDGE[event.key];
        if (step) onMove(handle.at(x + step[0], y + step[1]));
        else if (event.key === 'Delete' || event.key === 'Backspace') onDrop();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
