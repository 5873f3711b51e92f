// The line under a picture: shape, name, stream, recording, and the one fact that matters most (fault > loss > delay).
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Camera } from '@/api/types';
import type { Phase, PlayerFacts } from '@/shared/player/livePlayer';
import { clockText, minuteText } from '@/shared/time/beijing';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';

const SHAPE: Record<Phase, Status> = {
  opening: 'running',
  playing: 'ok',
  reconnecting: 'failed',
  refused: 'failed',
  ended: 'off',
};

interface Props {
  camera: Camera;
  facts: PlayerFacts | null;
  phase: Phase;
  small: boolean;
  onDiagnose: () => void;
}

/** Words for a cause code of the media plane, or the code itself where the catalogue is older than the server. */
export function causeText(t: TFunction, cause: string): string {
  return t(`states.cause.${cause}` as 'states.cause.silent', { defaultValue: cause });
}

function mostImportant(t: TFunction, camera: Camera, facts: PlayerFacts | null, phase: Phase): string {
  if (phase === 'reconnecting' && facts) {
    return facts.lastFrameUs ? t('picture.cell.lastFrame', { time: clockText(facts.lastFrameUs) }) : t('picture.cell.tries', { count: facts.tries });
  }
  if (facts?.cause) return causeText(t, facts.cause);
  if (camera.recording.state === 'lost' && camera.recording.since_us !== null) {
    return t('picture.cell.lostSince', { time: minuteText(camera.recording.since_us) });
  }
  if (facts?.limit === 'codec') return t('picture.cell.limit.codec', { codec: mainCodec(camera) });
  if (facts?.limit === 'slow') return t(`picture.cell.limit.slow_${facts.stream}`, { codec: mainCodec(camera) });
  return facts?.delayS !== null && facts?.delayS !== undefined ? `${facts.delayS.toFixed(1)} s` : '';
}

function mainCodec(camera: Camera): string {
  const codec = camera.state.main?.format?.video?.codec;
  return codec ? codec.toUpperCase().replace('H26', 'H.26') : 'H.265';
}

export function CellStatus({ camera, facts, phase, small, onDiagnose }: Props) {
  const { t } = useTranslation();
  const kept = camera.recording.state;
  const fact = mostImportant(t, camera, facts, phase);
  const shape = phase === 'playing' && facts?.limit ? 'degraded' : SHAPE[phase];
  const stream = facts?.stream ?? 'main';
  return (
    <div className="mj-cell-status">
      <StatusShape status={shape} word="hidden" cause={fact} onOpen={onDiagnose} />
      <span className="mj-cell-name" title={camera.name}>
        {camera.name}
      </span>
      {small ? null : <span className="mj-cell-stream">{t(`picture.cell.${stream}`)}</span>}
      <span className={`mj-kept mj-kept-${kept}`} title={t(`states.recording.${kept}`)}>
        {kept === 'recording' ? '◉' : kept === 'lost' ? '■' : '○'}
        <span className="mj-sr">{t(`states.recording.${kept}`)}</span>
      </span>
      {small && phase === 'playing' ? null : (
        <span className="mj-cell-fact" title={fact}>
          {fact}
        </span>
      )}
    </div>
  );
}
