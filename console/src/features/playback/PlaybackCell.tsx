// One camera's cell of the playback page: two video elements for the player, what covers them when there is no picture,
// and the status line below. The picture itself is the player's business (`shared/playback`).
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackGroup } from '@/shared/playback/playback-group';
import { codecName, isHevc } from '@/shared/hevc/decoderPort';
import type { StreamKind } from '@/api/types';
import { PlaybackPlayer, type PlayerStatus } from '@/shared/playback/playback-player';
import { clockMsText, type Micros } from '@/shared/time/axis';
import { rangeText } from '@/shared/time/beijing';
import { REASON_LOOKS, type Span } from '@/shared/timeline/span';
import { Act } from '@/shared/ui/Act';
import { Watermark } from '@/shared/video/Watermark';
import { StatusShape, type Status } from '@/shared/ui/StatusShape';
import '@/shared/video/messages';
import { recordedStream } from './recordedStream';
import { useLadder } from './useLadder';

interface Props {
  channel: string;
  name: string;
  group: PlaybackGroup;
  status: PlayerStatus | undefined;
  positionUs: Micros;
  gap: Span | undefined;
  audible: boolean;
  selected: boolean;
  /** The only picture of the page: our own decoder may serve it. */
  alone: boolean;
  mediaBase: string;
  watermark: string;
  onAlone: () => void;
  onSelect: () => void;
  onNext: (direction: 1 | -1) => void;
}

const nowMs = () => performance.now();
const nowUs = () => Date.now() * 1000;

export function PlaybackCell(props: Props) {
  const { channel, group, mediaBase, audible, alone } = props;
  const { t } = useTranslation();
  const cell = useRef<HTMLDivElement>(null);
  const stream = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLVideoElement>(null);
  const drawn = useRef<HTMLCanvasElement>(null);
  const [tampered, setTampered] = useState(false);
  const onTampered = useCallback(() => setTampered(true), []);
  const kind = useLadder(channel, alone, props.status, props.positionUs);

  useEffect(() => {
    if (tampered || !cell.current || !stream.current || !still.current || !drawn.current) return undefined;
    const elements = { cell: cell.current, stream: stream.current, still: still.current, drawn: drawn.current };
    group.add(channel, new PlaybackPlayer(recordedStream(channel, kind, mediaBase), elements, nowUs, nowMs));
    return () => group.remove(channel);
  }, [channel, group, mediaBase, kind, tampered]);

  useEffect(() => {
    group.player(channel)?.setAudible(audible);
    group.player(channel)?.setDrawing(alone);
  }, [channel, group, audible, alone, kind]);

  return (
    <section
      className="mj-play-cell"
      aria-label={props.name}
      data-selected={props.selected || undefined}
      onPointerDown={props.onSelect}
    >
      <div className="mj-play-picture" ref={cell} data-testid={`playback-cell-${channel}`} data-layer="stream" data-stream={kind}>
        <video ref={stream} className="mj-play-stream" muted playsInline disablePictureInPicture />
        <video ref={still} className="mj-play-still" muted playsInline disablePictureInPicture />
        <canvas ref={drawn} className="mj-play-drawn" aria-hidden="true" />
        <Watermark text={props.watermark} onTampered={onTampered} />
        {tampered ? <div className="mj-play-card">{t('picture.cell.tampered')}</div> : <Cover {...props} />}
      </div>
      <StatusLine name={props.name} status={props.status} kind={kind} />
    </section>
  );
}

function Cover({ status, gap, positionUs, group, channel, alone, onAlone, onNext }: Props) {
  const { t } = useTranslation();
  if (status?.phase === 'gap') return <GapCard gap={gap} positionUs={positionUs} onNext={onNext} />;
  if (status?.phase === 'unsupported') {
    return <CodecCard mime={status.fault?.detail ?? ''} alone={alone} onAlone={onAlone} />;
  }
  if (status?.phase === 'failed') {
    return (
      <div className="mj-play-card" role="alert">
        <p>
          {t('playback.failed', {
            code: status.fault?.code ?? status.fault?.fault ?? '',
            detail: status.fault?.detail ?? '',
          })}
        </p>
        <Act onAct={() => group.player(channel)?.retry()}>{t('states.panel.retry')}</Act>
      </div>
    );
  }
  if (!status || (status.phase === 'loading' && status.wallUs === null)) {
    return <div className="mj-play-note">{t('playback.loadingPicture')}</div>;
  }
  return null;
}

/** Several pictures: why this one is not there, and the way to it. The only one: why it cannot be shown at all. */
function CodecCard({ mime, alone, onAlone }: { mime: string; alone: boolean; onAlone: () => void }) {
  const { t } = useTranslation();
  const codec = codecName(mime);
  if (alone || !isHevc(mime)) return <div className="mj-play-card">{t('playback.unsupported', { codec })}</div>;
  return (
    <div className="mj-play-card" data-testid="codec-card">
      <p>{t('playback.oneAtATime', { codec })}</p>
      <div className="mj-play-card-acts">
        <Act onAct={onAlone} testId="play-alone">
          {t('playback.playAlone')}
        </Act>
      </div>
    </div>
  );
}

function GapCard({ gap, positionUs, onNext }: { gap: Span | undefined; positionUs: Micros; onNext: Props['onNext'] }) {
  const { t } = useTranslation();
  const look = gap?.reason ? REASON_LOOKS[gap.reason] : null;
  return (
    <div className="mj-play-card" data-testid="gap-card" data-family={look?.family ?? 'none'}>
      <strong>
        {gap?.reason
          ? t('playback.lost', { letter: look?.letter ?? '', reason: t(`states.gap.${gap.reason}`) })
          : t('playback.noRecording', { time: clockMsText(positionUs).slice(0, 8) })}
      </strong>
      {gap ? <p>{rangeText(gap.fromUs, gap.untilUs)}</p> : null}
      {gap?.witness ? <p>{t('playback.witness', { witness: gap.witness })}</p> : null}
      <div className="mj-play-card-acts">
        <Act shortcut="Shift N" onAct={() => onNext(-1)}>
          {t('playback.previousPicture')}
        </Act>
        <Act shortcut="N" onAct={() => onNext(1)}>
          {t('playback.nextPicture')}
        </Act>
      </div>
    </div>
  );
}

const SHAPES: Record<PlayerStatus['phase'], Status> = {
  loading: 'running',
  playing: 'ok',
  paused: 'ok',
  stills: 'ok',
  gap: 'off',
  unsupported: 'failed',
  failed: 'failed',
};
const TOLERATED_DRIFT_MS = 100;

function StatusLine({ name, status, kind }: { name: string; status: PlayerStatus | undefined; kind: StreamKind }) {
  const { t } = useTranslation();
  const phase = status?.phase ?? 'loading';
  const drift = Math.abs(status?.driftMs ?? 0);
  return (
    <div className="mj-play-line">
      <StatusShape status={SHAPES[phase]} label={t(`playback.phase.${phase}`)} word="hidden" />
      <span className="mj-play-name">{name}</span>
      {kind === 'sub' ? <span>{t('playback.bySub')}</span> : null}
      {status?.decoder === 'software' ? <span>{t('playback.bySoftware')}</span> : null}
      {drift > TOLERATED_DRIFT_MS ? <span>{t('playback.drift', { ms: Math.round(drift) })}</span> : null}
      <span className="mj-play-time">
        {status?.wallUs == null ? '' : `${status.approx ? '≈ ' : ''}${clockMsText(status.wallUs)}`}
      </span>
    </div>
  );
}
