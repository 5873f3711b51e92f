// Playback: up to nine cameras in step over one timeline. The moment, cameras, zoom and marks stand in the address.
import { useCallback, useMemo, useRef, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/shared/address';
import { useKeys } from '@/shared/keys';
import { useSession } from '@/shared/session';
import type { Micros } from '@/shared/time/axis';
import { DAY_US, SECOND_US, addressText, nowUs } from '@/shared/time/beijing';
import { percentText } from '@/shared/time/numbers';
import { useAppearance } from '@/shared/theme/appearance';
import { metricsFor, type Marks, type TimelineMetrics } from '@/shared/timeline/layout';
import {
  ZOOM_STEPS,
  follow,
  stepForDensity,
  viewportAt,
  viewportUntil,
  zoomIndex,
  zoomStepBy,
  type Viewport,
  type ZoomStep,
} from '@/shared/timeline/scale';
import { neighbourGap, spanAt, sumRange, type Span } from '@/shared/timeline/span';
import { Timeline, type TimelineHover } from '@/shared/timeline/Timeline';
import { CameraPicker, useCameraNames } from './CameraPicker';
import { ContactStrip } from './ContactStrip';
import { ExportSheet } from './ExportSheet';
import { GapTable } from './GapTable';
import { HoverPicture } from './HoverPicture';
import { PictureGrid } from './PictureGrid';
import { PlaybackBar } from './PlaybackBar';
import { PlaybackCell } from './PlaybackCell';
import { PlaybackFoot } from './PlaybackFoot';
import { marksAddress, readPlace } from './playbackAddress';
import { useFirstGap } from './useFirstGap';
import { useLanding } from './useLanding';
import { neighbourOf, usePlayback } from './usePlayback';
import './messages';
import './PlaybackPage.css';

const LOW_SCREEN_PX = 900;
const START_BACK_US = 120 * SECOND_US;
/** With the head at three quarters, the last recorded hour is in sight and so is what may follow. */
const LANDING_ZOOM = '2h';
const LANDING_FRACTION = 0.75;

export default function PlaybackPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const place = useMemo(() => readPlace(address), [address]);
  const session = useSession();
  const [startUs] = useState(() => place.atUs ?? nowUs() - START_BACK_US);
  const { group, cache, state } = usePlayback(startUs, place.channels);
  const [view, setView] = useState<Viewport>(() => viewportAt(stepOf(place.zoom), 1100, startUs));
  const [marks, setMarks] = useState<Marks>(place.marks);
  const [selected, setSelected] = useState<string | null>(null);
  const [solo, setSolo] = useState<string | null>(null);
  const [exporting, setExporting] = useState(false);
  const [table, setTable] = useState(false);
  const [hover, setHover] = useState<TimelineHover | null>(null);
  const jumpField = useRef<HTMLInputElement>(null);
  const { density } = useAppearance();
  const names = useCameraNames();
  const nameOf = (channel: string) => names.data?.items.find((camera) => camera.id === channel)?.name ?? channel;

  const remember = useCallback(
    (atUs: Micros) => change({ t: addressText(Math.round(atUs / 1000) * 1000) }, 'push'),
    [change],
  );
  const goTo = (atUs: Micros) => {
    group.seek(atUs);
    setView((before) => follow(before, atUs));
    remember(atUs);
  };
  const onView = (next: Viewport, settled: boolean) => {
    setView(next);
    const zoom = stepForDensity(next.usPerPx).id;
    if (settled && zoom !== place.zoom) change({ z: zoom }, 'replace');
  };
  const putMarks = (next: Marks, settled: boolean) => {
    setMarks(next);
    if (settled) change(marksAddress(next), 'replace');
  };
  useFirstGap(cache, place.channels[0], place.toGap ? place.atUs : null, (gapUs) => {
    const atUs = gapUs ?? group.positionUs();
    group.seek(atUs);
    change({ to: undefined, t: addressText(atUs) }, 'replace');
  });
  const front = selected ?? place.channels[0] ?? null;
  const landing = useLanding(place, front, ({ channel, atUs }) => {
    const step = stepOf(address.z ?? LANDING_ZOOM);
    const atMoment = place.atUs ?? atUs;
    group.seek(atMoment);
    setView((before) => viewportAt(step, before.widthPx, atMoment, LANDING_FRACTION));
    change({ c: place.channels.join(',') || channel, t: addressText(atMoment), z: step.id }, 'replace');
  });
  const spansOf = (channel: string, aroundUs: Micros) =>
    cache.lane('spans', channel, aroundUs - DAY_US, aroundUs + DAY_US).spans;
  const nextPicture = (direction: 1 | -1) => {
    const us = neighbourOf(cache, place.channels, group.positionUs(), direction);
    if (us !== undefined) goTo(us);
  };
  const toGap = (direction: 1 | -1) => {
    const at = group.positionUs();
    const gaps = place.channels.flatMap((channel) => neighbourGap(spansOf(channel, at), at, direction) ?? []);
    const starts = gaps.map((gap) => gap.fromUs).sort((a, b) => (a - b) * direction);
    if (starts[0] !== undefined) goTo(starts[0]);
  };
  const by = (us: Micros) => () => {
    goTo(group.positionUs() + us);
    return undefined;
  };
  const run = (act: () => void) => () => {
    act();
    return undefined;
  };

  useKeys([
    { keys: 'Space', meaning: t('playback.play'), act: run(() => group.toggle()) },
    { keys: 'K', meaning: t('playback.play'), act: run(() => group.toggle()) },
    { keys: 'L', meaning: t('playback.faster'), act: run(() => group.faster(1)) },
    { keys: 'J', meaning: t('playback.slower'), act: run(() => group.faster(-1)) },
    { keys: '.', meaning: t('playback.stepForward'), act: run(() => group.step(1, front)) },
    { keys: ',', meaning: t('playback.stepBack'), act: run(() => group.step(-1, front)) },
    { keys: 'ArrowLeft', meaning: t('playback.second'), act: by(-SECOND_US) },
    { keys: 'ArrowRight', meaning: t('playback.second'), act: by(SECOND_US) },
    { keys: 'Shift ArrowLeft', meaning: t('playback.tenSeconds'), act: by(-10 * SECOND_US) },
    { keys: 'Shift ArrowRight', meaning: t('playback.tenSeconds'), act: by(10 * SECOND_US) },
    { keys: 'Alt ArrowLeft', meaning: t('playback.gapToGap'), act: run(() => toGap(-1)) },
    { keys: 'Alt ArrowRight', meaning: t('playback.gapToGap'), act: run(() => toGap(1)) },
    {
      keys: 'I',
      meaning: t('playback.markIn'),
      act: run(() => putMarks({ ...marks, inUs: group.positionUs() }, true)),
    },
    {
      keys: 'O',
      meaning: t('playback.markOut'),
      act: run(() => putMarks({ ...marks, outUs: group.positionUs() }, true)),
    },
    { keys: 'E', meaning: t('playback.export'), act: run(() => setExporting(true)) },
    { keys: 'T', meaning: t('playback.jump'), act: run(() => jumpField.current?.focus()) },
    { keys: 'V', meaning: t('playback.table'), act: run(() => setTable((shown) => !shown)) },
    { keys: 'N', meaning: t('playback.nextPicture'), act: run(() => nextPicture(1)) },
    { keys: 'Shift N', meaning: t('playback.previousPicture'), act: run(() => nextPicture(-1)) },
    {
      keys: '+',
      meaning: t('playback.zoomKeys'),
      act: run(() => onView(zoomStepBy(view, group.positionUs(), 1), true)),
    },
    {
      keys: '=',
      meaning: t('playback.zoomKeys'),
      act: run(() => onView(zoomStepBy(view, group.positionUs(), 1), true)),
    },
    {
      keys: '-',
      meaning: t('playback.zoomKeys'),
      act: run(() => onView(zoomStepBy(view, group.positionUs(), -1), true)),
    },
    {
      keys: '1-9',
      meaning: t('playback.cameras'),
      act: (event) => {
        const channel = place.channels[Number(event.key) - 1] ?? null;
        setSolo(channel === solo ? null : channel);
        return undefined;
      },
    },
  ]);

  const shown = solo !== null && place.channels.includes(solo) ? [solo] : place.channels;
  const metrics = metricsFor(density === 'wall', place.channels.length, window.innerHeight < LOW_SCREEN_PX);
  const hovered = state.mode === 'scrubbing' ? undefined : group.player(hover?.channel ?? front ?? '');
  const strip = front !== null && stepForDensity(view.usPerPx).detail === 'frames' ? group.player(front) : undefined;
  const lost = marks.inUs !== null && marks.outUs !== null ? lostWithin(place.channels, marks, cache) : null;

  return (
    <div
      className="mj-play"
      data-testid="playback-page"
      data-mode={state.mode}
      data-rate={state.rate}
      data-position-us={state.positionUs}
    >
      <PlaybackBar
        group={group}
        state={state}
        front={front}
        nameOf={nameOf}
        goTo={goTo}
        jumpField={jumpField}
        bad={place.bad}
        onExport={() => setExporting(true)}
      />
      <CameraPicker
        chosen={place.channels}
        onChange={(channels) =>
          change({ c: channels.join(',') || undefined, t: addressText(group.positionUs()) }, 'push')
        }
      />
      {place.channels.length === 0 ? (
        <div className="mj-play-empty" role="status">{t(`playback.landing.${landing}`)}</div>
      ) : (
        <PictureGrid count={shown.length}>
          {shown.map((channel) => (
            <PlaybackCell
              key={channel}
              channel={channel}
              name={nameOf(channel)}
              group={group}
              status={state.statuses.get(channel)}
              positionUs={state.positionUs}
              gap={gapAt(spansOf(channel, state.positionUs), state.positionUs)}
              audible={front === channel}
              selected={front === channel}
              alone={shown.length === 1}
              mediaBase={session.media_base}
              watermark={session.watermark}
              onAlone={() => setSolo(channel)}
              onSelect={() => setSelected(channel)}
              onNext={nextPicture}
            />
          ))}
        </PictureGrid>
      )}
      <div className="mj-play-track" data-strip={strip !== undefined} style={laneSizes(metrics)}>
        {strip ? (
          <ContactStrip
            player={strip}
            name={nameOf(front ?? '')}
            atUs={state.positionUs}
            watermark={session.watermark}
            onGo={goTo}
          />
        ) : null}
        <div className="mj-play-labels">
          {place.channels.map((channel) => (
            <LaneLabel
              key={channel}
              name={nameOf(channel)}
              spans={cache.lane('spans', channel, view.fromUs, viewportUntil(view)).spans}
              view={view}
            />
          ))}
        </div>
        <div className="mj-play-lanes">
        <Timeline
          label={t('playback.timeline')}
          metrics={metrics}
          cache={cache}
          channels={place.channels}
          view={view}
          onView={onView}
          headUs={() => group.positionUs()}
          headApprox={() => group.snapshot.mode === 'scrubbing'}
          nowUs={nowUs}
          marks={marks}
          onMarks={putMarks}
          onScrub={(atUs) => group.scrub(atUs)}
          onScrubEnd={(atUs) => {
            group.endScrub(atUs);
            remember(atUs);
          }}
          onGap={(_channel, gap) => {
            const spanUs = Math.max(gap.untilUs - gap.fromUs, SECOND_US) * 3;
            const fits = { ...view, usPerPx: spanUs / view.widthPx };
            onView({ ...fits, fromUs: Math.round(gap.fromUs - spanUs / 3) }, true);
          }}
          onHover={setHover}
          detailOf={(channel) => detailOf(group.player(channel), view)}
          dimmed={(channel) => solo !== null && solo !== channel}
        />
          {hover && hovered ? (
            <HoverPicture player={hovered} atUs={hover.atUs} x={hover.x} watermark={session.watermark} />
          ) : null}
        </div>
        {table ? <GapTable channels={place.channels} nameOf={nameOf} cache={cache} view={view} onGo={goTo} /> : null}
        <PlaybackFoot
          zoom={stepForDensity(view.usPerPx).id}
          onZoom={(step) => onView(viewportAt(step, view.widthPx, group.positionUs()), true)}
          marks={marks}
          onMarks={(next) => putMarks(next, true)}
          positionUs={() => group.positionUs()}
          lostUs={lost}
          table={table}
          onTable={() => setTable(!table)}
        />
      </div>
      <ExportSheet
        open={exporting}
        channels={place.channels}
        marks={marks}
        nameOf={nameOf}
        onClose={() => setExporting(false)}
      />
    </div>
  );
}

function stepOf(zoom: string): ZoomStep {
  const step = ZOOM_STEPS[zoomIndex(zoom)];
  if (!step) throw new RangeError(`no zoom step ${zoom}`);
  return step;
}

/** The labels stand beside the lanes that the canvas draws. */
function laneSizes({ overviewPx, rulerPx, lanePx }: TimelineMetrics): CSSProperties {
  return { '--mj-lanes-top': `${overviewPx + rulerPx}px`, '--mj-lane': `${lanePx}px` } as CSSProperties;
}

function gapAt(spans: readonly Span[], atUs: Micros): Span | undefined {
  const span = spanAt(spans, atUs);
  return span?.kind === 'gap' ? span : undefined;
}

function lostWithin(channels: readonly string[], marks: Marks, cache: Parameters<typeof neighbourOf>[0]): Micros {
  const { inUs, outUs } = marks;
  if (inUs === null || outUs === null) return 0;
  const sums = channels.map((channel) => sumRange(cache.lane('spans', channel, inUs, outUs).spans, inUs, outUs).lostUs);
  return sums.reduce((sum, lost) => sum + lost, 0);
}

function detailOf(player: ReturnType<ReturnType<typeof usePlayback>['group']['player']>, view: Viewport) {
  if (!player || stepForDensity(view.usPerPx).detail === 'none') return null;
  const frames = player.frameMarks;
  const { segmentStarts, keyFrames } = player.segmentIndex.known(view.fromUs, viewportUntil(view));
  return { segmentStarts, keyFrames, frames };
}

function LaneLabel({ name, spans, view }: { name: string; spans: readonly Span[]; view: Viewport }) {
  const { keptUs, lostUs } = sumRange(spans, view.fromUs, viewportUntil(view));
  return (
    <div>
      <span title={name}>{name}</span>
      <span>{keptUs + lostUs > 0 ? percentText(keptUs, keptUs + lostUs) : ''}</span>
    </div>
  );
}
