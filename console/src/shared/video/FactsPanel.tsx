// Numbers of one picture, beside it and never on it.
import { useTranslation } from 'react-i18next';
import type { PlayerFacts } from '@/shared/player/livePlayer';
import { rateText } from '@/shared/time/numbers';

export function FactsPanel({ facts }: { facts: PlayerFacts }) {
  const { t } = useTranslation();
  const { video } = facts;
  const lines: [string, string][] = [
    [t('live.facts.stream'), t(`live.cell.${facts.stream}`)],
    [t('live.facts.codec'), video ? `${video.codec.toUpperCase()} ${video.width}×${video.height} ${video.fps === null ? '' : `${Math.round(video.fps)} fps`}` : '–'],
    [t('live.facts.bitrate'), rateText(facts.bitrateBps)],
    [t('live.facts.delay'), facts.delayS === null ? '–' : `${facts.delayS.toFixed(2)} s`],
    [t('live.facts.buffer'), `${facts.behindS.toFixed(1)} s`],
    [t('live.facts.rate'), `${facts.rate.toFixed(2)} ×`],
    [t('live.facts.frames'), String(facts.frames)],
    [t('live.facts.dropped'), String(facts.dropped)],
    [t('live.facts.skips'), String(facts.skips)],
    [t('live.facts.audio'), t(facts.audio ? 'live.facts.yes' : 'live.facts.no')],
  ];
  return (
    <dl className="mj-facts" data-testid="facts">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
