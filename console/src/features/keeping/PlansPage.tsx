// Recording plans: always, by the week, or off; how many days are kept, and how many cameras follow each.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plans, type Plan, type PlanWish } from '@/api/recordings';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PlanForm } from './PlanForm';
import { PlanRemoval } from './PlanRemoval';
import { FLOOR_DAYS } from './retention';
import './messages';

const NEW: PlanWish = { name: '', mode: 'always', weekly: {}, retention_days: FLOOR_DAYS, reason: null };

export default function PlansPage() {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const denied = refusal(useMay('plan.write'), t('rights.permission.plan.write'));
  const [editing, setEditing] = useState<{ id: string | null; wish: PlanWish } | null>(null);
  const [removing, setRemoving] = useState<Plan | null>(null);
  const query = useQuery({ queryKey: ['plans'], queryFn: ({ signal }) => plans(signal) });
  const rows = query.data ?? [];
  const edit = (plan: Plan): void => {
    const { name, mode, weekly, retention_days, reason } = plan;
    setEditing({ id: plan.id, wish: { name, mode, weekly, retention_days, reason } });
  };
  return (
    <Sheet
      title={t('keeping.plansTitle')}
      lead={t('keeping.plansLead', { days: FLOOR_DAYS })}
      testId="plans-page"
      acts={
        <Act kind="primary" testId="plan-new" refusal={denied} onAct={() => setEditing({ id: null, wish: NEW })}>
          {t('keeping.newPlan')}
        </Act>
      }
      beside={
        editing ? (
          <PlanForm key={editing.id ?? 'new'} id={editing.id} start={editing.wish} onClose={() => setEditing(null)} />
        ) : undefined
      }
    >
      <PanelState query={query} what={t('keeping.plans')} empty={query.isSuccess && rows.length === 0 ? <Empty>{t('keeping.noPlans')}</Empty> : undefined}>
        <RecordTable<Plan>
          rows={rows}
          rowKey={(plan) => plan.id}
          chosen={editing?.id ?? undefined}
          caption={t('keeping.plansCaption', { count: rows.length })}
          columns={[
            { key: 'name', title: t('keeping.name'), cell: (plan) => plan.name, by: (plan) => plan.name },
            { key: 'mode', title: t('keeping.modeTitle'), cell: (plan) => t(`keeping.mode.${plan.mode}`), by: (plan) => plan.mode },
            { key: 'days', title: t('keeping.retentionDays'), number: true, cell: (plan) => plan.retention_days, by: (plan) => plan.retention_days },
            { key: 'cameras', title: t('keeping.followers'), number: true, cell: (plan) => plan.cameras, by: (plan) => plan.cameras },
            { key: 'reason', title: t('keeping.lawfulReasonTitle'), cell: (plan) => plan.reason ?? <span className="mj-muted">{t('keeping.noReasonNeeded')}</span> },
            {
              key: 'acts',
              title: t('keeping.acts'),
              cell: (plan) => (
                <>
                  <Act kind="link" refusal={denied} onAct={() => edit(plan)}>
                    {t('keeping.edit')}
                  </Act>{' '}
                  <Act
                    kind="link"
                    testId={`plan-remove-${plan.id}`}
                    refusal={denied ?? (plan.default ? { reason: t('keeping.defaultStays') } : null)}
                    onAct={() => {
                      setEditing(null);
                      setRemoving(plan);
                    }}
                  >
                    {t('keeping.remove')}
                  </Act>
                </>
              ),
            },
          ]}
        />
      </PanelState>
      {removing ? (
        <PlanRemoval plan={removing} others={rows.filter((one) => one.id !== removing.id)} onClose={() => setRemoving(null)} />
      ) : null}
    </Sheet>
  );
}
