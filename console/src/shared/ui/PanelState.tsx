// The states of every panel around its data: loading with a sentence, error in place, stale strip, empty. No spinner.
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemDetails } from '@/api/problem';
import { Problem } from '@/api/problem';
import { clockText, nowUs } from '@/shared/time/beijing';
import { Act } from './Act';
import './PanelState.css';

/** What TanStack Query's result tells us; given in words so that any source fits. */
export interface PanelQuery {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
  isFetching?: boolean;
}

interface Props {
  query: PanelQuery;
  /** What is being read, as a noun: 日志, 摄像机列表. */
  what: string;
  /** The skeleton of the true layout, shown after 300 ms. */
  skeleton?: ReactNode;
  /** Set when data has come and there is none: one line, one act. */
  empty?: ReactNode;
  children: ReactNode;
}

function useSeconds(running: boolean): number {
  const [startedUs] = useState(nowUs);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(() => setSeconds((nowUs() - startedUs) / 1e6), 300);
    return () => window.clearInterval(timer);
  }, [running, startedUs]);
  return running ? seconds : 0;
}

function Loading({ what, skeleton }: { what: string; skeleton?: ReactNode }) {
  const { t } = useTranslation();
  const seconds = useSeconds(true);
  if (seconds < 0.3) return <div className="mj-panel-quiet" aria-busy="true" />;
  const text =
    seconds > 3
      ? t('states.panel.loadingLong', { what, seconds: Math.floor(seconds) })
      : t('states.panel.loading', { what });
  return (
    <div aria-busy="true">
      <p className="mj-panel-sentence" role="status">
        {text}
      </p>
      {skeleton ?? <SkeletonRows />}
    </div>
  );
}

/** Rows of the height that the data will have. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="mj-skeleton-row" />
      ))}
    </div>
  );
}

export function problemText(error: unknown, language: string): { code: string; text: string; remedy: string } {
  const details: Partial<ProblemDetails> = error instanceof Problem ? error.details : {};
  const en = language === 'en';
  return {
    code: details.code ?? 'APP-000',
    text: (en ? details.detail_en : details.detail) ?? (error instanceof Error ? error.message : String(error)),
    remedy: (en ? details.remedy_en : details.remedy) ?? '',
  };
}

/** An error in its place: what, since when, what to do, its code, and the detail to copy. What can be read again failed
 * to be read; anything else is an act that was not done. */
export function ErrorNote({ error, what, onRetry }: { error: unknown; what: string; onRetry?: () => void }) {
  const { t, i18n } = useTranslation();
  const [copied, setCopied] = useState(false);
  const { code, text, remedy } = problemText(error, i18n.language);
  const since = clockText(error instanceof Problem ? error.atUs : nowUs());
  const copy = async (): Promise<void> => {
    const detail = error instanceof Problem ? JSON.stringify(error.details) : text;
    await navigator.clipboard.writeText(`${new Date().toISOString()} ${location.pathname} ${detail}`);
    setCopied(true);
  };
  return (
    <div className="mj-panel-error" role="alert" data-testid="panel-error">
      <p>
        <strong>{t(onRetry ? 'states.panel.error' : 'states.panel.undone', { what, code, since })}</strong> {text}
      </p>
      {remedy ? <p>{remedy}</p> : null}
      <div className="mj-panel-acts">
        {onRetry ? <Act onAct={onRetry}>{t('states.panel.retry')}</Act> : null}
        {window.isSecureContext ? (
          <Act onAct={() => void copy()}>{copied ? t('states.panel.copied') : t('states.panel.copy')}</Act>
        ) : null}
      </div>
    </div>
  );
}

export function PanelState({ query, what, skeleton, empty, children }: Props) {
  const stale = query.isError && !query.isPending;
  if (query.isPending && !query.isError) return <Loading what={what} skeleton={skeleton} />;
  if (query.isError && children === null) {
    return <ErrorNote error={query.error} what={what} onRetry={() => void query.refetch()} />;
  }
  return (
    <>
      {stale ? <ErrorNote error={query.error} what={what} onRetry={() => void query.refetch()} /> : null}
      {empty ?? children}
    </>
  );
}
