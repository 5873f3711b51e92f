// Removing a plan: what becomes of the cameras that follow it is asked first, and said.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removePlan, type Plan } from '@/api/recordings';
import { Confirm } from '@/shared/ui/Confirm';

interface Props {
  plan: Plan;
  others: readonly Plan[];
  onClose: () => void;
}

export function PlanRemoval({ plan, others, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState((others.find((one) => one.default) ?? others[0])?.id ?? null);
  const instead = plan.cameras > 0 ? others.find((one) => one.id === chosen) : undefined;
  const removal = useMutation({
    mutationFn: () => removePlan(plan.id, instead?.id ?? null),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['plans'] });
      onClose();
    },
  });
  const used = plan.cameras > 0 ? t('keeping.removeUsed', { count: plan.cameras }) : t('keeping.removeUnused');
  const then = instead ? [t('keeping.removeMode', { mode: t(`keeping.mode.${instead.mode}`), days: instead.retention_days })] : [];
  const shorter =
    instead && instead.retention_days < plan.retention_days
      ? [t('keeping.removeShorter', { before: plan.retention_days, after: instead.retention_days })]
      : [];
  return (
    <Confirm
      title={t('keeping.removeTitle', { name: plan.name })}
      consequences={[used, ...then, ...shorter, t('keeping.removeFinal')]}
      verb={t('keeping.removeVerb')}
      danger
      running={removal.isPending}
      error={removal.error}
      onAct={() => removal.mutate()}
      onClose={onClose}
      testId="plan-removal"
    >
      {plan.cameras > 0 ? (
        <label className="mj-plan-instead">
          {t('keeping.removeInstead')}
          <select className="mj-input" value={chosen ?? ''} data-testid="plan-instead" onChange={(event) => setChosen(event.target.value)}>
            {others.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
    </Confirm>
  );
}
