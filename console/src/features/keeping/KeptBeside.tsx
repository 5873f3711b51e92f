// Beside completeness: what is not being recorded at this moment, and how long the disks suffice.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { keptNow, storage } from '@/api/recordings';
import { inLanguage, semicolon } from '@/shared/i18n';
import { listText, nowUs } from '@/shared/time/beijing';
import { bytesText } from '@/shared/time/numbers';
import { knownReason } from '@/shared/timeline/span';
import { useMay } from '@/shared/session';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';

export function KeptBeside() {
  const mayStorage = useMay('storage.read');
  return (
    <div className="mj-kept-beside">
      <NowCard />
      {mayStorage ? <DisksCard /> : null}
    </div>
  );
}

function NowCard() {
  const { t } = useTranslation();
  const now = useQuery({ queryKey: ['recording', 'now'], queryFn: ({ signal }) => keptNow(signal), refetchInterval: 10_000 });
  const lost = now.data?.lost ?? [];
  return (
    <section className="mj-card">
      <PanelState query={now} what={t('keeping.now')}>
        <h2>{t('keeping.notNow', { count: lost.length })}</h2>
        {lost.length === 0 ? <StatusShape status="ok" label={t('frame.status.allRecording')} /> : null}
        <ul className="mj-plain">
          {lost.map((one) => (
            <li key={one.channel}>
              <StatusShape status="failed" word="hidden" />{' '}
              <Link to={`/cameras/${one.channel}`} search={{ tab: 'diagnosis' }}>
                {one.name}
              </Link>{' '}
              · {t(`states.gap.${knownReason(one.reason)}`)} · {listText(one.since_us, nowUs())}
            </li>
          ))}
        </ul>
      </PanelState>
    </section>
  );
}

function DisksCard() {
  const { t } = useTranslation();
  const disks = useQuery({ queryKey: ['storage'], queryFn: ({ signal }) => storage(signal), refetchInterval: 60_000 });
  const found = disks.data;
  const days = found?.forecast.days_until_full ?? null;
  return (
    <section className="mj-card">
      <PanelState query={disks} what={t('keeping.storage')}>
        {found ? (
          <>
            <h2>{days === null ? t('keeping.fullUnknown') : t('keeping.fullIn', { days: Math.floor(days) })}</h2>
            <StatusShape
              status={found.forecast.holds ? 'ok' : 'failed'}
              label={found.forecast.holds ? t('keeping.holds') : t('keeping.holdsNot')}
            />
            <p data-testid="arithmetic">{inLanguage(found.forecast.arithmetic, found.forecast.arithmetic_en)}</p>
            <ul className="mj-plain mj-muted">
              {found.pools.map((pool) => (
                <li key={pool.id}>
                  {t('keeping.pool', { id: pool.id, free: bytesText(pool.free_bytes), total: bytesText(pool.total_bytes) })}
                </li>
              ))}
            </ul>
            {found.deletion.paused ? (
              <p role="alert">{t('keeping.deletionPaused', { why: found.deletion.doubts.join(semicolon()) })}</p>
            ) : null}
          </>
        ) : null}
      </PanelState>
    </section>
  );
}
