// One camera's cell of the playback page: two video elements for the player, what covers them when there is no picture,
// and the status line below. The picture itself is the player's business (`shared/playback`).
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaybackGroup } from '@/shared/playback/playback-group';
import { PlaybackPlayer, type PlayerStatus } from '@/shared/playback/playback-player';
import { clockMsText, type Micros } from '@/shared/time/axis';
import { rangeText } from '@/shared/time/beijing';
import { REASON_LOOKS, type Span } from '@/shared/timeline/span';
import { Act } from '@/shared/ui/Act';
import { StatusShape, type Status } from '@/shared/ui/StatusShape';
import { recordedStream } from './recordedStream';
import { Watermark } from './Watermark';

interface Props {
  channel: string;
  name: string;
  group: PlaybackGroup;
  status: PlayerStatus | undefined;
  positionUs: Micros;
  gap: Span | undefined;
  audible: boolean;
  selected: boolean;
  mediaBase: string;
  watermark: string;
  onSelect: () => void;
  onNext: (direction: 1 | -1) => void;
}

const nowMs = () => performance.now();
const nowUs = () => Date.now() * 1000;

export function PlaybackCell(props: Props) {
  const { channel, group, mediaBase, audible } = props;
  const cell = useRef<HTMLDivElement>(null);
  const stream = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    if (!cell.current || !stream.current || !still.current) return undefined;
    const elements = { cell: cell.current, stream: stream.current, still: still.current };
    group.add(channel, new PlaybackPlayer(recordedStream(channel, 'main', mediaBase), elements, nowUs, nowMs));
    return () => group.remove(channel);
  }, [channel, group, mediaBase]);

  useEffect(() => {
    group.player(channel)?.setAudible(audible);
  }, [channel, group, audible]);

  return (
    <section
      className="mj-play-cell"
      aria-label={props.name}
      data-selected={props.selected || undefined}
      onPointerDown={props.onSelect}
    >
      <div className="mj-play-picture" ref={cell} data-testid={`playback-cell-${channel}`} data-layer="stream">
        <video ref={stream} className="mj-play-stream" muted playsInline disablePictureInPicture />
        <video ref={still} className="mj-play-still" muted playsInline disablePictureInPicture />
        <Watermark text={props.watermark} />
        <Cover {...props} />
      </div>
      <StatusLine name={props.name} status={props.status} />
    </section>
  );
}

function Cover({ status, gap, positionUs, group, channel, onNext }: Props) {
  const { t } = useTranslation();
  if (status?.phase === 'gap') return <GapCard gap={gap} positionUs={positionUs} onNext={onNext} />;
  if (status?.phase === 'unsupported') {
    return <div className="mj-play-card">{t('playback.unsupported', { codec: status.fault?.detail ?? '' })}</div>;
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

function StatusLine({ name, status }: { name: string; status: PlayerStatus | undefined }) {
  const { t } = useTranslation();
  const phase = status?.phase ?? 'loading';
  const drift = Math.abs(status?.driftMs ?? 0);
  return (
    <div className="mj-play-line">
      <StatusShape status={SHAPES[phase]} label={t(`playback.phase.${phase}`)} word="hidden" />
      <span className="mj-play-name">{name}</span>
      {drift > TOLERATED_DRIFT_MS ? <span>{t('playback.drift', { ms: Math.round(drift) })}</span> : null}
      <span className="mj-play-time">
        {status?.wallUs == null ? '' : `${status.approx ? '≈ ' : ''}${clockMsText(status.wallUs)}`}
      </span>
    </div>
  );
}
