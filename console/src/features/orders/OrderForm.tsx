// Reporting a fault by hand: of a whole system, or of one of its cameras.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openOrder } from '@/api/orders';
import type { OrderWhole, OrderWish } from '@/api/orders';
import { systems } from '@/api/registers';
import { Act } from '@/shared/ui/Act';
import { SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { ErrorNote } from '@/shared/ui/PanelState';
import './messages';

const CAUSES: OrderWish['cause'][] = ['picture', 'stream_lost', 'power', 'network', 'storage', 'other'];

export function OrderForm({ under, onDone, onClose }: { under: string; onDone: (made: OrderWhole) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [wish, setWish] = useState<OrderWish>({ system: '', camera: null, cause: 'picture', description: '' });
  const set = (change: Partial<OrderWish>) => setWish((before) => ({ ...before, ...change }));
  const found = useQuery({ queryKey: ['systems', 'choice', under], queryFn: ({ signal }) => systems({ under: under || undefined, limit: 500 }, signal) });
  const send = useMutation({
    mutationFn: () => openOrder(wish),
    onSuccess: async (made) => {
      await Promise.all(['orders', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(made);
    },
  });
  const faults = useFaults(send.error);
  const why = !wish.system || !wish.description.trim() ? t('orders.incomplete') : null;
  return (
    <form
      className="mj-card mj-form"
      data-testid="order-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !send.isPending) send.mutate();
      }}
    >
      <h2>{t('orders.report')}</h2>
      <SelectField
        label={t('orders.system')}
        mandatory
        value={wish.system}
        none={t('views.any')}
        options={(found.data?.items ?? []).map((one) => ({ code: one.id, name: one.name }))}
        fault={faults.system}
        testId="order-system"
        onChange={(system) => set({ system })}
      />
      <SelectField
        label={t('orders.cause')}
        mandatory
        value={wish.cause}
        options={CAUSES.map((code) => ({ code, name: t(`law.order.cause.${code}`) }))}
        testId="order-cause"
        onChange={(cause) => set({ cause })}
      />
      <TextField label={t('orders.description')} mandatory lines={3} most={2000} value={wish.description} fault={faults.description} testId="order-description" onChange={(description) => set({ description })} />
      {send.isError ? <ErrorNote error={send.error} what={t('orders.report')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why ? { reason: why } : null} testId="order-send">
          {send.isPending ? t('oversee.submitting') : t('orders.reportIt')}
        </Act>
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
