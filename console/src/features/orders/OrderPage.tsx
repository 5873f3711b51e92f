// One fault order: its terms, what was done and when, and the next step of whoever's turn it is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contract, order as readOrder, stepOrder, workOrder } from '@/api/orders';
import type { OrderWhole } from '@/api/orders';
import { RuleBasis } from '@/shared/law/Citation';
import { OrderStateShape } from '@/shared/law/OrderLines';
import { Recalled } from '@/shared/law/Recalled';
import { NameText } from '@/shared/names/Named';
import { useMay, useSession } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { TextField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { termOf } from './terms';
import '@/features/registers/Registers.css';
import './messages';

type To = 'responded' | 'repaired' | 'confirmed' | 'back' | 'withdrawn';

export default function OrderPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const query = useQuery({ queryKey: ['order', id], queryFn: ({ signal }) => readOrder(id, signal) });
  const found = query.data;
  return (
    <Sheet
      title={found ? `${t('orders.one')} ${found.number}` : t('orders.one')}
      testId="order-page"
      lead={
        found ? (
          <span className="mj-head-line" data-testid="order-lead" data-state={found.state}>
            <OrderStateShape order={found} />
            <Link to={`/systems/${found.system}`}>{found.system_name}</Link>
            {found.camera ? <Link to={`/cameras/${found.camera}`}>{found.camera_name ?? found.camera}</Link> : null}
            <span className="mj-muted">{termOf(t, found)}</span>
          </span>
        ) : null
      }
      acts={found ? <NextSteps order={found} /> : undefined}
    >
      <PanelState query={query} what={t('orders.one')}>
        {found ? (
          <div className="mj-record" data-columns="2">
            <Facts order={found} />
            <Steps order={found} />
          </div>
        ) : null}
      </PanelState>
    </Sheet>
  );
}

function Facts({ order }: { order: OrderWhole }) {
  const { t } = useTranslation();
  const moments: [string, number | null][] = [
    [t('orders.columns.opened'), order.opened_us],
    [t('orders.respondedAt'), order.responded_us],
    [t('orders.repairedAt'), order.repaired_us],
    [t('orders.overAt'), order.over_us],
  ];
  return (
    <section className="mj-card" data-testid="order-facts">
      <h2>
        {t('orders.facts')} <RuleBasis rule="MAINT-02" />
      </h2>
      <dl className="mj-facts">
        <dt>{t('orders.cause')}</dt>
        <dd>{t(`law.order.cause.${order.cause}`)}</dd>
        <dt>{t('orders.description')}</dt>
        <dd>{order.description || '—'}</dd>
        <dt>{t('orders.columns.maintainer')}</dt>
        <dd>{order.maintainer ? <NameText id={order.maintainer} /> : '—'}</dd>
        <dt>{t('orders.contract')}</dt>
        <dd>{order.contract ? <ContractLink id={order.contract} /> : t('orders.noContract')}</dd>
        {moments.map(([name, us]) => (
          <Moment key={name} name={name} us={us} />
        ))}
      </dl>
    </section>
  );
}

function ContractLink({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['contract', id], queryFn: ({ signal }) => contract(id, signal), staleTime: 60_000 });
  return <Link to={`/contracts/${id}`}>{data?.name ?? id}</Link>;
}

function Moment({ name, us }: { name: string; us: number | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{us === null ? '—' : momentText(us)}</dd>
    </>
  );
}

function Steps({ order }: { order: OrderWhole }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="order-steps">
      <h2>{t('orders.steps')}</h2>
      <ol className="mj-plain">
        {order.steps.map((one) => (
          <li key={`${one.at_us} ${one.state}`}>
            {t(`law.order.state.${one.state}`)} · {one.who === 'system' ? t('orders.byItself') : one.who_name}{' '}
            <span className="mj-muted">{momentText(one.at_us)}</span>
            {one.note ? <p>{one.note}</p> : null}
          </li>
        ))}
      </ol>
      <Recalled recalls={order.reminders} />
    </section>
  );
}

/** What may come next, and by whose right. */
function stepsOf({ state }: OrderWhole): { to: To; right: 'order.work' | 'order.write' }[] {
  if (state === 'opened') return [{ to: 'responded', right: 'order.work' }, { to: 'withdrawn', right: 'order.write' }];
  if (state === 'responded') return [{ to: 'repaired', right: 'order.work' }, { to: 'withdrawn', right: 'order.write' }];
  if (state === 'repaired') return [{ to: 'confirmed', right: 'order.write' }, { to: 'back', right: 'order.write' }];
  return [];
}

function NextSteps({ order }: { order: OrderWhole }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const session = useSession();
  const may = { 'order.work': useMay('order.work'), 'order.write': useMay('order.write') };
  const [asking, setAsking] = useState<To | null>(null);
  const steps = stepsOf(order);
  const own = order.steps.findLast((one) => one.state === 'repaired')?.who === session.user.id;
  if (steps.length === 0) return <span className="mj-muted">{t('orders.finished')}</span>;
  return (
    <>
      {steps.map(({ to, right }, at) => (
        <Act
          key={to}
          kind={at === 0 ? 'primary' : 'plain'}
          testId={`step-${to}`}
          refusal={refusal(may[right], t(`rights.permission.${right}`)) ?? (to === 'confirmed' && own ? { reason: t('orders.ownRepair'), way: t('orders.ownRepairWay') } : null)}
          onAct={() => setAsking(to)}
        >
          {t(`orders.to.${to}`)}
        </Act>
      ))}
      {asking ? <Ask order={order} to={asking} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

function Ask({ order, to, onClose }: { order: OrderWhole; to: To; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const works = (to === 'responded' && order.state === 'opened') || to === 'repaired';
  const step = useMutation({
    mutationFn: () => (works ? workOrder(order.id, to, note) : stepOrder(order.id, to === 'confirmed' || to === 'withdrawn' ? to : 'responded', note)),
    onSuccess: async (kept) => {
      onClose();
      client.setQueryData(['order', order.id], kept);
      await Promise.all(['orders', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  return (
    <Confirm
      title={`${t(`orders.to.${to}`)} · ${order.number}`}
      consequences={[t(`orders.follows.${to}`), t('orders.journalled')]}
      verb={t(`orders.to.${to}`)}
      danger={to === 'withdrawn'}
      running={step.isPending}
      error={step.error}
      onAct={() => step.mutate()}
      onClose={onClose}
      testId="step-ask"
    >
      <TextField label={t('orders.note')} lines={2} most={2000} value={note} testId="step-note" onChange={setNote} />
    </Confirm>
  );
}
