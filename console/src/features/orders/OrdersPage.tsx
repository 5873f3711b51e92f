// Fault orders, the newest first; area and state narrow the list and stand in the address. A fault is reported beside it.
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orders } from '@/api/orders';
import type { Order, OrderState } from '@/api/orders';
import { useAddress } from '@/shared/address';
import { FilterSelect, ListFilters } from '@/shared/views/ListFilters';
import { OrderStateShape } from '@/shared/law/OrderLines';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { OrderForm } from './OrderForm';
import { termOf } from './terms';
import './messages';

const STATES: (OrderState | 'open')[] = ['open', 'opened', 'responded', 'repaired', 'confirmed', 'recovered', 'withdrawn'];

export default function OrdersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const mayWrite = useMay('order.write');
  const [address, change] = useAddress();
  const { state, under, late } = address;
  const { query, rows, total } = useRows(['orders', { state, under, late }], (after, signal) => orders({ state, under, late: late === 'true' ? true : undefined, limit: PAGE_ROWS, after }, signal));
  return (
    <Sheet
      title={t('orders.title')}
      lead={query.isSuccess ? t('orders.count', { shown: rows.length, total }) : null}
      testId="orders-page"
      acts={
        <Act kind="primary" testId="order-report" refusal={refusal(mayWrite, t('rights.permission.order.write'))} onAct={() => change({ add: '1' })}>
          {t('orders.report')}
        </Act>
      }
      bar={
        <ListFilters page="orders" more={['state', 'late']}>
          <FilterSelect name="state" label={t('orders.columns.state')} options={STATES.map((code) => ({ code, name: t(`law.order.state.${code}`) }))} />
          <FilterSelect name="late" label={t('orders.columns.term')} options={[{ code: 'true', name: t('law.order.overdue') }]} />
        </ListFilters>
      }
      beside={
        address.add === '1' && mayWrite ? (
          <OrderForm under={under ?? ''} onDone={(made) => void navigate({ to: `/orders/${made.id}` })} onClose={() => change({ add: undefined }, 'replace')} />
        ) : undefined
      }
    >
      <PanelState
        query={query}
        what={t('orders.title')}
        empty={query.isSuccess && rows.length === 0 ? <Empty>{state ?? under ?? late ? t('states.panel.filteredEmpty', { what: t('orders.title') }) : t('orders.none')}</Empty> : undefined}
      >
        <RecordTable<Order>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `order-${one.number}`}
          rowState={(one) => one.state}
          caption={t('orders.caption')}
          columns={[
            { key: 'number', title: t('orders.columns.number'), cell: (one) => <Link to={`/orders/${one.id}`}>{one.number}</Link>, by: (one) => one.number },
            { key: 'system', title: t('orders.columns.system'), cell: (one) => <Link to={`/systems/${one.system}`}>{one.system_name}</Link>, by: (one) => one.system_name },
            {
              key: 'camera',
              title: t('orders.columns.camera'),
              cell: (one) => (one.camera ? <Link to={`/cameras/${one.camera}`}>{one.camera_name ?? one.camera}</Link> : <span className="mj-muted">{t('orders.noCamera')}</span>),
            },
            { key: 'cause', title: t('orders.columns.cause'), cell: (one) => t(`law.order.cause.${one.cause}`), by: (one) => one.cause },
            { key: 'opened', title: t('orders.columns.opened'), cell: (one) => <span className="mj-moment">{momentText(one.opened_us)}</span>, by: (one) => one.opened_us },
            { key: 'term', title: t('orders.columns.term'), cell: (one) => <span className="mj-muted">{termOf(t, one)}</span> },
            { key: 'state', title: t('orders.columns.state'), cell: (one) => <OrderStateShape order={one} />, by: (one) => one.state },
            { key: 'maintainer', title: t('orders.columns.maintainer'), cell: (one) => (one.maintainer ? <NameText id={one.maintainer} /> : null) },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}
