// Home of who keeps the system running: one look at what the law asks, where it is theirs to see; is everything being kept, what is offline, which alarms are open, how long disks last.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { alarms, recordingNow } from '@/api/operations';
import { completeness } from '@/api/recordings';
import { cameraNames, systemState } from '@/api/system';
import { StorageCard } from '@/features/system/SystemPage';
import { streamName } from '@/features/system/StreamTable';
import { inLanguage } from '@/shared/i18n';
import { textOr } from '@/shared/i18n/textOr';
import { holds, useSession } from '@/shared/session';
import { DAY_US, dateText, listText, nowUs, spanText } from '@/shared/time/beijing';
import { percentText } from '@/shared/time/numbers';
import { knownReason } from '@/shared/timeline/span';
import { PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import '@/features/keeping/messages';
import { Look } from './Look';
import './messages';
import '@/features/system/System.css';

const MOST = 8;

export default function KeepingHome() {
  const { t } = useTranslation();
  const session = useSession();
  const mayLook = holds(session, 'compliance.read') && holds(session, 'register.read');
  return (
    <Sheet title={t('home.title')} testId="keeping-home">
      {mayLook ? <Look /> : null}
      <div className="mj-home-cards">
        <KeptCard />
        <OfflineCard />
        <AlarmCard />
        <StorageCard />
      </div>
    </Sheet>
  );
}

function KeptCard() {
  const { t } = useTranslation();
  const day = dateText(nowUs() - DAY_US);
  const now = useQuery({ queryKey: ['recording', 'now'], queryFn: ({ signal }) => recordingNow(signal), refetchInterval: 10_000 });
  const sum = useQuery({ queryKey: ['kept', day], queryFn: ({ signal }) => completeness(day, signal) });
  const found = now.data;
  return (
    <section className="mj-card" data-testid="home-kept">
      <div className="mj-card-head">
        <h2>{t('home.keptTitle')}</h2>
        <Link to="/recording">{t('home.keptLink')}</Link>
      </div>
      <PanelState query={now} what={t('keeping.title')}>
        {found ? (
          <>
            <p className="mj-big">{t('home.keptNow', { recording: found.recording, due: found.due })}</p>
            {found.lost.length === 0 ? <StatusShape status="ok" label={t('home.nothingLost')} /> : null}
            <ul className="mj-plain">
              {found.lost.slice(0, MOST).map((one) => (
                <li key={one.channel}>
                  <StatusShape status="failed" word="hidden" /> {one.name} · {t(`states.gap.${knownReason(one.reason)}`)} ·{' '}
                  {listText(one.since_us, nowUs())}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </PanelState>
      <PanelState query={sum} what={t('keeping.title')}>
        {sum.data ? (
          <p className="mj-muted">
            {t('home.yesterday')}{' '}
            {sum.data.due_us > 0 ? percentText(sum.data.kept_us, sum.data.due_us) : t('keeping.nothingDue')}
            {sum.data.due_us > sum.data.kept_us
              ? ` · ${t('keeping.lost', { length: spanText(sum.data.due_us - sum.data.kept_us) })}`
              : ''}
          </p>
        ) : null}
      </PanelState>
    </section>
  );
}

function OfflineCard() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['system'], queryFn: ({ signal }) => systemState(signal), refetchInterval: 10_000 });
  const names = useQuery({ queryKey: ['camera-names'], queryFn: ({ signal }) => cameraNames(signal) });
  const faults = query.data?.streams.filter((one) => one.state === 'retrying') ?? [];
  return (
    <section className="mj-card" data-testid="home-offline">
      <div className="mj-card-head">
        <h2>{t('home.offline')}</h2>
        <Link to="/system">{t('home.more')}</Link>
      </div>
      <PanelState query={query} what={t('home.offline')}>
        {query.data && faults.length === 0 ? <StatusShape status="ok" label={t('home.nothingOffline')} /> : null}
        <ul className="mj-plain">
          {faults.slice(0, MOST).map((one) => (
            <li key={one.stream}>
              <StatusShape status="failed" word="hidden" /> {streamName(one.stream, names.data)}
              {one.cause ? ` · ${textOr(t, `states.cause.${one.cause}`, one.cause)}` : ''}
            </li>
          ))}
        </ul>
      </PanelState>
    </section>
  );
}

function AlarmCard() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['alarms', 'home'],
    queryFn: ({ signal }) => alarms({ state: 'open', limit: MOST }, signal),
    refetchInterval: 15_000,
  });
  const items = query.data?.items ?? [];
  return (
    <section className="mj-card" data-testid="home-alarms">
      <div className="mj-card-head">
        <h2>
          {t('home.alarms')} {query.data?.total ?? ''}
        </h2>
        <Link to="/alarms">{t('home.more')}</Link>
      </div>
      <PanelState query={query} what={t('home.alarms')}>
        {query.data && items.length === 0 ? <StatusShape status="ok" label={t('home.noAlarms')} /> : null}
        <ul className="mj-plain">
          {items.map((alarm) => (
            <li key={alarm.id}>
              <StatusShape status={alarm.level === 1 ? 'failed' : 'degraded'} word="hidden" />{' '}
              <Link to="/alarms" search={{ a: alarm.id }}>
                {inLanguage(alarm.title, alarm.title_en)}
              </Link>{' '}
              · {listText(alarm.raised_us, nowUs())}
            </li>
          ))}
        </ul>
      </PanelState>
    </section>
  );
}
