// The timeline's twin for readers and for the keyboard: the gaps of the visible range as a table.
import { useTranslation } from 'react-i18next';
import type { Micros } from '@/shared/time/axis';
import { momentText, spanText } from '@/shared/time/beijing';
import { viewportUntil, type Viewport } from '@/shared/timeline/scale';
import { REASON_LOOKS, sumRange } from '@/shared/timeline/span';
import type { TileCache } from '@/shared/timeline/tiles';
import { Act } from '@/shared/ui/Act';

interface Props {
  channels: readonly string[];
  nameOf: (channel: string) => string;
  cache: TileCache;
  view: Viewport;
  onGo: (atUs: Micros) => void;
}

const MOST_ROWS = 200;

export function GapTable({ channels, nameOf, cache, view, onGo }: Props) {
  const { t } = useTranslation();
  const untilUs = viewportUntil(view);
  const rows = channels
    .flatMap((channel) =>
      sumRange(cache.lane('spans', channel, view.fromUs, untilUs).spans, view.fromUs, untilUs).gaps.map((gap) => ({
        channel,
        gap,
      })),
    )
    .sort((a, b) => a.gap.fromUs - b.gap.fromUs)
    .slice(0, MOST_ROWS);
  return (
    <table className="mj-play-gaps" data-testid="gap-table">
      <caption>{rows.length > 0 ? t('playback.gapsTable') : t('playback.noGaps')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('playback.cameras')}</th>
          <th scope="col">{t('playback.from')}</th>
          <th scope="col">{t('playback.until')}</th>
          <th scope="col">{t('playback.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ channel, gap }) => (
          <tr key={`${channel}${gap.fromUs}`}>
            <td>{nameOf(channel)}</td>
            <td>
              <Act kind="link" onAct={() => onGo(gap.fromUs)}>
                {momentText(gap.fromUs)}
              </Act>
            </td>
            <td>
              {momentText(gap.untilUs)} ({spanText(gap.untilUs - gap.fromUs)})
            </td>
            <td>{gap.reason ? `${REASON_LOOKS[gap.reason].letter} ${t(`states.gap.${gap.reason}`)}` : ''}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
