// The timeline as a component: one canvas, pointer and wheel, a slider role for the keyboard and for readers. It owns the
// viewport only while a hand is on it; position, marks and zoom belong to the page (they stand in the address).
import { useEffect, useMemo, useRef, useState, type PointerEvent as ReactPointerEvent } from 'react';
import { useAppearance } from '@/shared/theme/appearance';
import { PALETTES } from '@/shared/theme/tokens';
import type { Micros } from '@/shared/time/axis';
import { DAY_US, dayStart, momentText } from '@/shared/time/beijing';
import { gapNear, hitTest, timelineHeight, type Marks, type TimelineMetrics } from './layout';
import { systemPalette, timelinePalette } from './palette';
import { TimelineRenderer, type LaneDetail, type TimelineScene } from './renderer';
import { FINE_US_PER_PX, pan, stepForDensity, timeAt, viewportUntil, xOf, zoomAround, type Viewport } from './scale';
import type { Span } from './span';
import type { TileCache } from './tiles';
import './Timeline.css';

/** Where the pointer rests; `channel` is null over the ruler. */
export interface TimelineHover {
  readonly channel: string | null;
  readonly atUs: Micros;
  readonly x: number;
}

interface Props {
  /** What it is called, for who does not see it. */
  label: string;
  metrics: TimelineMetrics;
  cache: TileCache;
  channels: readonly string[];
  view: Viewport;
  onView: (view: Viewport, settled: boolean) => void;
  /** Read on every frame: the head moves without rendering React. */
  headUs: () => Micros;
  headApprox: () => boolean;
  nowUs: () => Micros;
  marks: Marks;
  onMarks: (marks: Marks, settled: boolean) => void;
  onScrub: (atUs: Micros) => void;
  onScrubEnd: (atUs: Micros) => void;
  onGap: (channel: string, gap: Span) => void;
  onHover: (hover: TimelineHover | null) => void;
  detailOf: (channel: string) => LaneDetail | null;
  dimmed: (channel: string) => boolean;
}

/** A canvas on which nothing moves is drawn this often all the same: the future begins later, pictures arrive. */
const REST_MS = 500;

type Hand =
  | { kind: 'scrub' }
  | { kind: 'pan'; x: number; view: Viewport; moved: boolean }
  | { kind: 'overview' }
  | { kind: 'mark'; which: 'inUs' | 'outUs' }
  | { kind: 'select'; anchorUs: Micros };

export function Timeline(props: Props) {
  const { theme } = useAppearance();
  const { metrics } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  const hand = useRef<Hand | null>(null);
  const hoverX = useRef<number | null>(null);
  const [width, setWidth] = useState(0);
  const height = timelineHeight(metrics, Math.max(1, props.channels.length));
  const palette = useMemo(() => {
    const forced = window.matchMedia('(forced-colors: active)').matches;
    return forced ? systemPalette() : timelinePalette(PALETTES[theme]);
  }, [theme]);

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const { view, onView } = latest.current;
    if (width > 0 && view.widthPx !== width) onView({ ...view, widthPx: width }, true);
  }, [width]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || width === 0) return undefined;
    const renderer = new TimelineRenderer(element, palette);
    renderer.resize(width, height, window.devicePixelRatio);
    let frame = 0;
    let drawn = '';
    let drawnMs = 0;
    const paint = (nowMs: number) => {
      const looks = looksOf(latest.current, hoverX.current);
      if (looks !== drawn || nowMs - drawnMs > REST_MS) {
        renderer.draw(sceneOf(latest.current, metrics, hoverX.current));
        drawn = looks;
        drawnMs = nowMs;
      }
      frame = requestAnimationFrame(paint);
    };
    frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [palette, width, height, metrics]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    // React's wheel listener is passive; zooming has to keep the page from zooming with it.
    const onWheel = (event: WheelEvent) => {
      const { view, onView } = latest.current;
      const horizontal = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !horizontal && !event.shiftKey) return;
      event.preventDefault();
      if (event.ctrlKey) onView(zoomAround(view, event.offsetX, Math.exp(event.deltaY / 300)), true);
      else onView(pan(view, horizontal ? event.deltaX : event.deltaY), true);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const point = (event: ReactPointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const onDown = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    const { x, y } = point(event);
    const { view, marks, channels } = props;
    event.currentTarget.setPointerCapture(event.pointerId);
    const hit = hitTest(view, overviewOf(view), metrics, channels.length, marks, x, y);
    if (event.shiftKey) hand.current = { kind: 'select', anchorUs: timeAt(view, x) };
    else if (hit.part === 'mark_in') hand.current = { kind: 'mark', which: 'inUs' };
    else if (hit.part === 'mark_out') hand.current = { kind: 'mark', which: 'outUs' };
    else if (hit.part === 'overview') hand.current = { kind: 'overview' };
    else if (event.button === 1 || event.altKey) hand.current = { kind: 'pan', x, view, moved: false };
    else hand.current = { kind: 'scrub' };
    move(x);
  };

  const move = (x: number) => {
    const { view, marks } = latest.current;
    const held = hand.current;
    const atUs = timeAt(view, x);
    if (held?.kind === 'scrub') latest.current.onScrub(atUs);
    if (held?.kind === 'pan') latest.current.onView(pan(held.view, held.x - x), false);
    if (held?.kind === 'mark') latest.current.onMarks({ ...marks, [held.which]: atUs }, false);
    if (held?.kind === 'select') {
      const [inUs, outUs] = held.anchorUs < atUs ? [held.anchorUs, atUs] : [atUs, held.anchorUs];
      latest.current.onMarks({ inUs, outUs }, false);
    }
    if (held?.kind === 'overview') {
      const middleUs = timeAt(overviewOf(view), x);
      latest.current.onView({ ...view, fromUs: Math.round(middleUs - (view.usPerPx * view.widthPx) / 2) }, false);
    }
  };

  const onMove = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    const { x, y } = point(event);
    hoverX.current = x;
    const hit = hitTest(props.view, overviewOf(props.view), metrics, props.channels.length, props.marks, x, y);
    const channel = hit.part === 'lane' ? (props.channels[hit.lane] ?? null) : null;
    props.onHover(hit.part === 'overview' ? null : { channel, atUs: timeAt(props.view, x), x });
    move(x);
  };

  const onUp = (event: ReactPointerEvent<HTMLCanvasElement>) => {
    const held = hand.current;
    hand.current = null;
    const { view, marks } = latest.current;
    if (held?.kind === 'scrub') latest.current.onScrubEnd(timeAt(view, point(event).x));
    if (held?.kind === 'pan' || held?.kind === 'overview') latest.current.onView(view, true);
    if (held?.kind === 'mark' || held?.kind === 'select') latest.current.onMarks(marks, true);
  };

  const onDouble = (event: React.MouseEvent<HTMLCanvasElement>) => {
    const { x, y } = { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
    const hit = hitTest(props.view, overviewOf(props.view), metrics, props.channels.length, props.marks, x, y);
    const channel = hit.part === 'lane' ? props.channels[hit.lane] : undefined;
    if (channel === undefined) return;
    const { source } = stepForDensity(props.view.usPerPx);
    const lane = props.cache.lane(source, channel, props.view.fromUs, viewportUntil(props.view));
    const gap = gapNear(props.view, lane.spans, x);
    if (gap) props.onGap(channel, gap);
  };

  return (
    <div className="mj-timeline" data-testid="timeline" style={{ height }}>
      <canvas
        ref={canvas}
        style={{ width: '100%', height }}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-valuemin={Math.round(props.view.fromUs / 1e6)}
        aria-valuemax={Math.round(viewportUntil(props.view) / 1e6)}
        aria-valuenow={Math.round(props.headUs() / 1e6)}
        aria-valuetext={momentText(props.headUs())}
        data-testid="timeline-canvas"
        data-from-us={props.view.fromUs}
        data-us-per-px={props.view.usPerPx}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerLeave={() => {
          hoverX.current = null;
          props.onHover(null);
        }}
        onDoubleClick={onDouble}
      />
    </div>
  );
}

/** The strip above: the Beijing day of the view's middle, or the 32 days around it when the view is wider than a day. */
function overviewOf(view: Viewport): Viewport {
  const middleUs = view.fromUs + (view.usPerPx * view.widthPx) / 2;
  const wide = view.usPerPx * view.widthPx > DAY_US;
  const spanUs = wide ? 32 * DAY_US : DAY_US;
  const fromUs = wide ? dayStart(middleUs) - 16 * DAY_US : dayStart(middleUs);
  return { fromUs, usPerPx: spanUs / Math.max(1, view.widthPx), widthPx: view.widthPx };
}

/** What a person could tell from the canvas, as a text: where it is the same, nothing is drawn. */
function looksOf(props: Props, hoverX: number | null): string {
  const { view, cache, marks } = props;
  const headPx = Math.round(xOf(view, props.headUs()) * 2);
  const label = view.usPerPx < FINE_US_PER_PX ? props.headUs() : Math.floor(props.headUs() / 1e6);
  return [
    view.fromUs, view.usPerPx, view.widthPx, cache.version, headPx, label, props.headApprox(), hoverX, marks.inUs,
    marks.outUs, props.channels.map((channel) => `${channel}${String(props.dimmed(channel))}`).join(),
  ].join('|');
}

function sceneOf(props: Props, metrics: TimelineScene['metrics'], hoverX: number | null): TimelineScene {
  const { view, cache, channels } = props;
  const { source } = stepForDensity(view.usPerPx);
  const untilUs = viewportUntil(view);
  const overview = overviewOf(view);
  const overviewSource = viewportUntil(overview) - overview.fromUs > DAY_US ? 'hour_buckets' : 'spans';
  cache.want(source, channels, view.fromUs, untilUs);
  cache.want(overviewSource, channels.slice(0, 1), overview.fromUs, viewportUntil(overview));
  const first = channels[0];
  return {
    view,
    overview,
    overviewUsesBuckets: overviewSource !== 'spans',
    overviewLane:
      first === undefined ? null : cache.lane(overviewSource, first, overview.fromUs, viewportUntil(overview)),
    lanes: channels.map((channel) => ({
      channel,
      data: cache.lane(source, channel, view.fromUs, untilUs),
      useBuckets: source !== 'spans',
      detail: props.detailOf(channel),
      dimmed: props.dimmed(channel),
    })),
    metrics,
    headUs: props.headUs(),
    headApprox: props.headApprox(),
    nowUs: props.nowUs(),
    marks: props.marks,
    hoverX,
  };
}
