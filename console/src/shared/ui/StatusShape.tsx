// Status: shape + word + colour, one set everywhere. Colour never stands alone; the word is the text alternative.
import { useTranslation } from 'react-i18next';
import './StatusShape.css';

export type Status = 'ok' | 'degraded' | 'failed' | 'unknown' | 'off' | 'running' | 'held' | 'masked' | 'waiting' | 'nearing';

const TONE: Record<Status, string> = {
  ok: 'ok',
  degraded: 'warn',
  failed: 'bad',
  unknown: 'text2',
  off: 'idle',
  running: 'info',
  held: 'law',
  masked: 'text2',
  waiting: 'info',
  nearing: 'warn',
};

function Shape({ status }: { status: Status }) {
  switch (status) {
    case 'ok':
      return <circle cx="8" cy="8" r="5.5" fill="currentColor" />;
    case 'degraded':
      return <path d="M8 2 14.5 13.5h-13Z" fill="currentColor" />;
    case 'failed':
      return (
        <>
          <rect x="2.5" y="2.5" width="11" height="11" fill="currentColor" />
          <path d="m5.5 5.5 5 5m0-5-5 5" stroke="var(--mj-panel)" strokeWidth="1.6" fill="none" />
        </>
      );
    case 'unknown':
      return <path d="M8 2 14 8l-6 6-6-6Z" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'off':
      return <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'running':
      return (
        <>
          <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M8 8V2.8A5.2 5.2 0 0 1 13.2 8Z" fill="currentColor" />
        </>
      );
    case 'nearing':
      return (
        <>
          <circle cx="8" cy="8" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M8 2.8a5.2 5.2 0 0 1 0 10.4Z" fill="currentColor" />
        </>
      );
    case 'held':
      return (
        <>
          <rect x="3" y="7" width="10" height="7" fill="currentColor" />
          <path d="M5 7V5.2a3 3 0 0 1 6 0V7" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </>
      );
    case 'masked':
      return (
        <>
          <rect x="2.7" y="2.7" width="10.6" height="10.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <rect x="2.7" y="2.7" width="5.3" height="10.6" fill="currentColor" />
        </>
      );
    case 'waiting':
      return (
        <>
          <circle cx="5.5" cy="5.5" r="2.3" fill="currentColor" />
          <circle cx="11" cy="6" r="2" fill="none" stroke="currentColor" strokeWidth="1.3" />
          <path d="M1.8 13.5c0-3 1.6-4.6 3.7-4.6s3.7 1.6 3.7 4.6Z" fill="currentColor" />
          <path d="M10.6 9.4c2 0 3.4 1.4 3.6 4.1" fill="none" stroke="currentColor" strokeWidth="1.3" />
        </>
      );
  }
}

interface Props {
  status: Status;
  /** One line of cause, shown beside and in the tooltip. */
  cause?: string | undefined;
  /** Whether the word stands beside the shape; without it the word is read out and shown on hover. */
  word?: 'shown' | 'hidden';
  /** A word that fits better than the common one (在录, 逾期…). */
  label?: string | undefined;
  size?: 12 | 16 | 20;
  /** Opens the diagnosis; makes the shape a button. */
  onOpen?: (() => void) | undefined;
}

export function StatusShape({ status, cause, word = 'shown', label, size = 12, onOpen }: Props) {
  const { t } = useTranslation();
  const text = label ?? t(`states.status.${status}`);
  const inner = (
    <>
      <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <Shape status={status} />
      </svg>
      {word === 'shown' ? <span className="mj-status-word">{text}</span> : <span className="mj-sr">{text}</span>}
    </>
  );
  const shared = {
    className: `mj-status mj-tone-${TONE[status]}`,
    title: cause ? `${text} · ${cause}` : text,
    'data-status': status,
  };
  if (!onOpen) return <span {...shared}>{inner}</span>;
  return (
    <button
      type="button"
      {...shared}
      onClick={(event) => {
        event.stopPropagation();
        onOpen();
      }}
    >
      {inner}
    </button>
  );
}
