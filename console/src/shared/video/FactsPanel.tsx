// Numbers of one picture, beside it and never on it.
import { useTranslation } from 'react-i18next';
import type { PlayerFacts } from '@/shared/player/livePlayer';
import { rateText } from '@/shared/time/numbers';
import './messages';

export function FactsPanel({ facts }: { facts: PlayerFacts }) {
  const { t } = useTranslation();
  const { video } = facts;
  const lines: [string, string][] = [
    [t('picture.facts.stream'), t(`picture.cell.${facts.stream}`)],
    [t('picture.facts.codec'), video ? `${video.codec.toUpperCase()} ${video.width}×${video.height} ${video.fps === null ? '' : `${Math.round(video.fps)} fps`}` : '–'],
    [t('picture.facts.bitrate'), rateText(facts.bitrateBps)],
    [t('picture.facts.delay'), facts.delayS === null ? '–' : `${facts.delayS.toFixed(2)} s`],
    [t('picture.facts.buffer'), `${facts.behindS.toFixed(1)} s`],
    [t('picture.facts.rate'), `${facts.rate.toFixed(2)} ×`],
    [t('picture.facts.frames'), String(facts.frames)],
    [t('picture.facts.dropped'), String(facts.dropped)],
    [t('picture.facts.skips'), String(facts.skips)],
    [t('picture.facts.audio'), t(facts.audio ? 'picture.facts.yes' : 'picture.facts.no')],
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
