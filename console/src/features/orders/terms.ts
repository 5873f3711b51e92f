// The next term of an order in words.
import type { TFunction } from 'i18next';
import type { Order } from '@/api/orders';
import { momentText } from '@/shared/time/beijing';

export function termOf(t: TFunction, order: Pick<Order, 'state' | 'respond_by_us' | 'repair_by_us'>): string {
  if (order.state !== 'opened' && order.state !== 'responded') return '';
  const us = order.state === 'opened' ? order.respond_by_us : order.repair_by_us;
  if (us === null) return t('orders.noTerm');
  return t(order.state === 'opened' ? 'orders.respondBy' : 'orders.repairBy', { time: momentText(us) });
}
