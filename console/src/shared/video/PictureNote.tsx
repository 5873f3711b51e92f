// What stands over a picture that is not moving: the leg awaited, the last frame's time, or why it cannot be shown.
import { useTranslation } from 'react-i18next';
import type { Phase, PlayerFacts } from '@/shared/player/livePlayer';
import { inLanguage } from '@/shared/i18n';
import { clockText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { causeText } from './CellStatus';
import './messages';

interface Props {
  facts: PlayerFacts | null;
  phase: Phase;
  tampered: boolean;
  small: boolean;
  onDiagnose: () => void;
}

function useSentence(facts: PlayerFacts | null, phase: Phase, tampered: boolean): string {
  const { t } = useTranslation();
  if (tampered) return t('picture.cell.tampered');
  if (!facts) return t('picture.cell.awaitingPicture');
  if (phase === 'ended') return t('picture.cell.ended', { time: clockText(nowUs()) });
  if (facts.limit === 'codec_sub' || facts.limit === 'no_mse') {
    return t(`picture.cell.limit.${facts.limit}`, { codec: facts.video?.codec.toUpperCase() ?? '' });
  }
  if (facts.refusal) return inLanguage(facts.refusal.zh, facts.refusal.en);
  if (facts.cause) return causeText(t, facts.cause);
  // Written is the recorder's leg: who watches waits for a picture, not for the disk.
  if (facts.leg && facts.leg !== 'written') return t('picture.cell.awaiting', { leg: t(`states.leg.${facts.leg}` as 'states.leg.written', { defaultValue: facts.leg }) });
  return t('picture.cell.awaitingPicture');
}

export function PictureNote({ facts, phase, tampered, small, onDiagnose }: Props) {
  const { t } = useTranslation();
  const sentence = useSentence(facts, phase, tampered);
  if (phase === 'playing') return null;
  return (
    <div className="mj-picture-note" data-small={small}>
      <p role="status">{sentence}</p>
      {phase === 'reconnecting' && facts?.lastFrameUs ? (
        <p>{t('picture.cell.lastFrame', { time: clockText(facts.lastFrameUs) })}</p>
      ) : null}
      {facts && facts.tries > 0 && phase !== 'refused' && !small ? <p>{t('picture.cell.tries', { count: facts.tries })}</p> : null}
      {phase === 'ended' || tampered ? null : (
        <Act kind="link" onAct={onDiagnose}>
          {t('picture.cell.diagnose')}
        </Act>
      )}
    </div>
  );
}
