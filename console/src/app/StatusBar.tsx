// The bottom line: the oldest unclaimed alarm, the connection to the server, the clock. It never takes focus by itself.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inLanguage } from '@/shared/i18n';
import { useConnection } from '@/shared/live';
import { useMay } from '@/shared/session';
import { clockText } from '@/shared/time/beijing';
import { useNow } from '@/shared/time/useNow';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PAGES } from './pages';
import { useNewAlarms } from './useNewAlarms';

function AlarmLine() {
  const { t } = useTranslation();
  const { items } = useNewAlarms();
  const first = items?.[0];
  if (!items) return null;
  if (!first) return <StatusShape status="ok" label={t('frame.status.noAlarm')} />;
  return (
    <Link to="/alarms">
      <StatusShape
        status={first.level === 1 ? 'failed' : 'degraded'}
        label={`${inLanguage(first.title, first.title_en)} ${clockText(first.raised_us)}`}
      />
    </Link>
  );
}

export function StatusBar() {
  const { t } = useTranslation();
  const now = useNow();
  const connection = useConnection();
  const mayAlarms = useMay('alarm.read');
  const hasAlarms = PAGES.some((p) => p.path === '/alarms');
  const lostUs = connection.lostUs;
  return (
    <footer className="mj-foot" data-testid="status-bar" data-connection={connection.state}>
      {mayAlarms && hasAlarms ? <AlarmLine /> : null}
      {connection.state === 'lost' && lostUs !== null && now - lostUs > 2e6 ? (
        <span className="mj-foot-cut" role="status">
          {t('frame.status.cutOff', { seconds: Math.floor((now - lostUs) / 1e6), count: connection.tries })}
        </span>
      ) : null}
      <span id="status-page" style={{ display: 'contents' }} />
      <span className="mj-foot-end">
        <span>
          {t('frame.status.beijing')} {clockText(now)}
        </span>
      </span>
    </footer>
  );
}
