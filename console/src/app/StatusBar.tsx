// The bottom line: the oldest unclaimed alarm, the connection to the server, the clock. It never takes focus by itself.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alarms } from '@/api/operations';
import { inLanguage } from '@/shared/i18n';
import { useConnection, useLive } from '@/shared/live';
import { useMay } from '@/shared/session';
import { clockText } from '@/shared/time/beijing';
import { useNow } from '@/shared/time/useNow';
import { StatusShape } from '@/shared/ui/StatusShape';
import { PAGES } from './pages';

function AlarmLine() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['alarms', 'new'],
    queryFn: ({ signal }) => alarms({ state: 'new', limit: 1 }, signal),
    refetchInterval: 15_000,
  });
  useLive('alarm', () => void client.invalidateQueries({ queryKey: ['alarms'] }));
  const first = query.data?.items[0];
  if (!query.data) return null;
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
