// The steps of a construction plan as buttons: submitted by who plans, decided on by somebody else with a reason.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { decidePlan, stepPlan } from '@/api/planning';
import type { ConstructionPlanWhole, PlanItem } from '@/api/planning';
import { comma } from '@/shared/i18n';
import { useMay, useSession } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import type { Refusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { TextField } from '@/shared/ui/fields';
import { isOpenPlan } from './plans';

type To = 'submitted' | 'draft' | 'approved' | 'returned';

interface Props {
  plan: ConstructionPlanWhole;
  onEdit: () => void;
}

export function PlanSteps({ plan, onEdit }: Props) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const session = useSession();
  const mayWrite = useMay('planning.write');
  const mayApprove = useMay('planning.approve');
  const [asking, setAsking] = useState<To | null>(null);
  const writing = refusal(mayWrite, t('rights.permission.planning.write'));
  const approving = refusal(mayApprove, t('rights.permission.planning.approve'));
  const undecided = plan.items.filter((one) => one.undecided).map((one) => one.name);
  const submittable: Refusal | null =
    plan.items.length === 0
      ? { reason: t('building.step.none') }
      : undecided.length > 0
        ? { reason: t('building.step.undecided', { names: undecided.join(comma()) }) }
        : null;
  const standing = (state: PlanItem['suspicion']) => plan.items.filter((one) => one.suspicion === state && one.progress !== 'dropped').map((one) => one.name);
  const prohibited: Refusal | null = standing('prohibited').length > 0 ? { reason: t('building.step.prohibited', { names: standing('prohibited').join(comma()) }) } : null;
  const waiting: Refusal | null = standing('waiting').length > 0 ? { reason: t('building.step.waiting', { names: standing('waiting').join(comma()) }) } : null;
  const own: Refusal | null =
    plan.submitted_by === session.user.id ? { reason: t('building.step.own'), way: t('building.step.ownWay') } : null;
  const act = (to: To, kind: 'primary' | 'plain', why: Refusal | null) => (
    <Act key={to} kind={kind} testId={`plan-${to}`} refusal={why} onAct={() => setAsking(to)}>
      {t(`building.step.${to}`)}
    </Act>
  );
  return (
    <>
      {isOpenPlan(plan.state) ? (
        <>
          <Act testId="plan-edit" refusal={writing} onAct={onEdit}>
            {t('registers.edit')}
          </Act>
          {act('submitted', 'primary', writing ?? submittable ?? prohibited)}
        </>
      ) : null}
      {plan.state === 'submitted' ? (
        <>
          {act('draft', 'plain', writing)}
          {act('returned', 'plain', approving ?? own)}
          {act('approved', 'primary', approving ?? own ?? prohibited ?? waiting)}
        </>
      ) : null}
      {asking ? <Ask plan={plan} to={asking} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

function Ask({ plan, to, onClose }: { plan: ConstructionPlanWhole; to: To; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const decides = to === 'approved' || to === 'returned';
  const step = useMutation({
    mutationFn: () => (to === 'approved' || to === 'returned' ? decidePlan(plan.id, to, reason) : stepPlan(plan.id, to)),
    onSuccess: async (kept) => {
      onClose();
      client.setQueryData(['construction-plan', plan.id], kept);
      await Promise.all(
        ['construction-plans', 'construction-plan', 'record-changes', 'findings', 'compliance', 'project'].map((key) => client.invalidateQueries({ queryKey: [key] })),
      );
    },
  });
  const lacking = to === 'returned' && !reason.trim() ? { reason: t('building.step.reasonNeeded') } : null;
  return (
    <Confirm
      title={`${t(`building.step.${to}`)} · ${plan.name}`}
      consequences={[t(`building.step.ask.${to}`), t('building.step.journalled')]}
      verb={t(`building.step.${to}`)}
      running={step.isPending}
      refusal={lacking}
      error={step.error}
      onAct={() => step.mutate()}
      onClose={onClose}
      testId="plan-ask"
    >
      {decides ? (
        <div className="mj-form">
          <TextField label={t('building.step.reason')} mandatory={to === 'returned'} value={reason} testId="plan-reason" onChange={setReason} />
        </div>
      ) : null}
    </Confirm>
  );
}
