// Fault orders of one record, the newest first; nothing at all for who may not read them.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { orders } from '@/api/orders';
import type { Order } from '@/api/orders';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { PanelState } from '@/shared/ui/PanelState';
import { StatusShape } from '@/shared/ui/StatusShape';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';

const MOST = 20;
const STATUS: Record<Order['state'], Status> = {
  opened: 'failed', responded: 'degraded', repaired: 'waiting', confirmed: 'ok', recovered: 'ok', withdrawn: 'off',
};

export function OrderStateShape({ order }: { order: Order }) {
  const { t } = useTranslation();
  return <StatusShape status={STATUS[order.state]} label={t(order.overdue ? 'law.order.overdue' : `law.order.state.${order.state}`)} cause={t(`law.order.state.${order.state}`)} />;
}

export function OrderLines({ of }: { of: { system: string } | { camera: string } }) {
  const { t } = useTranslation();
  const may = useMay('order.read');
  const query = useQuery({
    queryKey: ['orders', of],
    queryFn: ({ signal }) => orders({ ...of, limit: MOST }, signal),
    enabled: may,
  });
  if (!may) return null;
  const rows = query.data?.items ?? [];
  return (
    <section className="mj-card" data-testid="order-lines">
      <h2>{t('law.order.title')}</h2>
      <PanelState query={query} what={t('law.order.title')}>
        {query.isSuccess && rows.length === 0 ? <p className="mj-muted">{t('law.order.none')}</p> : null}
        <ul className="mj-plain">
          {rows.map((one) => (
            <li key={one.id}>
              <OrderStateShape order={one} /> <Link to={`/orders/${one.id}`}>{one.number}</Link> {t(`law.order.cause.${one.cause}`)}{' '}
              <span className="mj-muted">{momentText(one.opened_us)}</span>
            </li>
          ))}
        </ul>
      </PanelState>
    </section>
  );
}
