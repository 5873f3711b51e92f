// How many were broken at the end of each of the last days, as a line of 80 by 20: it says whether it grows or shrinks, the
// figure beside it says how many.
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/time/numbers';

const WIDTH = 80;
const HEIGHT = 20;

export function Trend({ counts, rule }: { counts: readonly number[]; rule: string }) {
  const { t } = useTranslation();
  const first = counts[0];
  const last = counts.at(-1);
  if (first === undefined || last === undefined || counts.length < 2) return <span className="mj-muted">—</span>;
  const title = t('compliance.trend', { rule, first: countText(first), last: countText(last), days: counts.length });
  return (
    <svg className="mj-trend" width={WIDTH} height={HEIGHT} role="img" aria-label={title} data-testid="trend">
      <title>{title}</title>
      <polyline points={lineOf(counts)} />
    </svg>
  );
}

/** Points of the line; what never changed lies in the middle. */
export function lineOf(counts: readonly number[]): string {
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const step = (WIDTH - 4) / (counts.length - 1);
  return counts
    .map((count, at) => {
      const up = high === low ? 0.5 : (count - low) / (high - low);
      return `${(2 + at * step).toFixed(1)},${(HEIGHT - 3 - up * (HEIGHT - 6)).toFixed(1)}`;
    })
    .join(' ');
}
