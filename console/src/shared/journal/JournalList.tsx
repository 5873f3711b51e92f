// Journal entries as sentence-like lines, newest first; a line opens its entry; older ones come when the end is reached.
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { JournalEntry } from '@/api/journal';
import { listText, nowUs, preciseText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { actorText, objectText, verbText } from './words';
import './Journal.css';

interface Props {
  entries: JournalEntry[];
  total: number;
  chosen: number | null;
  onChoose: (seq: number) => void;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
}

function toNeighbour(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button.mj-journal-line')];
  const here = all.indexOf(document.activeElement as HTMLButtonElement);
  all[Math.max(0, Math.min(all.length - 1, here + step))]?.focus();
}

export function JournalList({ entries, total, chosen, onChoose, hasMore, loadingMore, onMore }: Props) {
  const { t } = useTranslation();
  const now = nowUs();
  return (
    <>
      <ol className="mj-journal" data-testid="journal-list" onKeyDown={toNeighbour}>
        {entries.map((entry) => (
          <li key={entry.seq}>
            <button
              type="button"
              className="mj-journal-line"
              data-testid={`entry-${entry.seq}`}
              data-action={entry.action}
              data-refusal={/refuse|deny|failed|miss|jump/.test(entry.action)}
              aria-current={chosen === entry.seq ? 'true' : undefined}
              onClick={() => onChoose(entry.seq)}
            >
              <time title={preciseText(entry.at_us)}>{listText(entry.at_us, now)}</time>
              <span>
                <strong>{actorText(t, entry)}</strong> {verbText(t, entry.action)}{' '}
                <span className="mj-journal-object">{objectText(t, entry)}</span>
              </span>
              <span className="mj-journal-source">{entry.source}</span>
              <span className="mj-journal-seq">#{entry.seq}</span>
            </button>
          </li>
        ))}
      </ol>
      <p className="mj-journal-end" role="status">
        {t('journal.shown', { shown: entries.length, total })}{' '}
        {hasMore ? <More loading={loadingMore} onMore={onMore} /> : t('journal.noMore')}
      </p>
    </>
  );
}

function More({ loading, onMore }: { loading: boolean; onMore: () => void }) {
  const { t } = useTranslation();
  const seat = useRef<HTMLSpanElement>(null);
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    const watched = seat.current;
    if (!watched || loading) return undefined;
    const observer = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) latest.current();
    });
    observer.observe(watched);
    return () => observer.disconnect();
  }, [loading]);
  return (
    <span ref={seat}>
      <Act kind="link" onAct={loading ? undefined : onMore} testId="journal-more">
        {t('oversee.more')}
      </Act>
    </span>
  );
}
