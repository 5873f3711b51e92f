// Alarms as a work queue: each has a state, an owner and an outcome; the list left, the chosen one right.
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { alarms } from '@/api/operations';
import type { Alarm } from '@/api/operations';
import { useAddress } from '@/shared/address';
import { inLanguage } from '@/shared/i18n';
import { useLive } from '@/shared/live';
import { listText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import { AlarmPanel } from './AlarmPanel';
import './messages';

const VIEWS = ['open', 'resolved', 'all'] as const;

export function statusOf(alarm: Alarm): Status {
  if (alarm.state === 'resolved') return 'off';
  if (alarm.state === 'claimed') return 'running';
  return alarm.level === 1 ? 'failed' : 'degraded';
}

export default function AlarmsPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [address, change] = useAddress();
  const view = VIEWS.find((one) => one === address.v) ?? 'open';
  const query = useInfiniteQuery({
    queryKey: ['alarms', 'queue', view],
    queryFn: ({ pageParam, signal }) =>
      alarms({ ...(view === 'all' ? {} : { state: view }), limit: 100, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
  useLive('alarm', () => void client.invalidateQueries({ queryKey: ['alarms'] }));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = items.find((alarm) => alarm.id === address.a) ?? items[0];
  return (
    <Sheet
      title={t('alarms.title')}
      lead={view === 'open' && query.data ? t('alarms.lead', { count: query.data.pages[0]?.total ?? 0 }) : null}
      testId="alarms-page"
      acts={VIEWS.map((one) => (
        <Act key={one} pressed={view === one} testId={`alarms-${one}`} onAct={() => change({ v: one === 'open' ? undefined : one, a: undefined })}>
          {t(`alarms.${one}`)}
        </Act>
      ))}
      beside={chosen ? <AlarmPanel key={chosen.id} alarm={chosen} /> : undefined}
    >
      <PanelState
        query={query}
        what={t('alarms.title')}
        empty={
          query.isSuccess && items.length === 0 ? (
            <Empty>{view === 'open' ? t('alarms.none') : t('alarms.noneResolved')}</Empty>
          ) : undefined
        }
      >
        <AlarmTable items={items} chosen={chosen?.id} onChoose={(id) => change({ a: id }, 'replace')} />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

function AlarmTable({ items, chosen, onChoose }: { items: Alarm[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const now = nowUs();
  return (
    <div className="mj-table-seat">
      <table className="mj-table" data-testid="alarm-table">
        <caption>{t('alarms.queue')}</caption>
        <tbody>
          {items.map((alarm) => (
            <tr key={alarm.id} data-testid={`alarm-${alarm.id}`} data-state={alarm.state} data-chosen={alarm.id === chosen}>
              <td>
                <StatusShape status={statusOf(alarm)} label={t(`alarms.state.${alarm.state}`)} />
              </td>
              <td>
                <Act kind="link" onAct={() => onChoose(alarm.id)}>
                  {inLanguage(alarm.title, alarm.title_en)}
                </Act>
              </td>
              <td>{listText(alarm.raised_us, now)}</td>
              <td>{alarm.owner_name ?? <span className="mj-muted">{t('alarms.nobody')}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
