// Drafting a construction plan, or changing one that is open.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changePlan, enterPlan } from '@/api/planning';
import type { ConstructionPlan } from '@/api/planning';
import { RecordForm, WhereFields } from '@/features/registers/RecordForm';
import { useRegisters } from '@/shared/names/useRegisters';
import { DayField, TextField, useFaults } from '@/shared/ui/fields';
import './messages';
import './Building.css';

interface Props {
  /** Absent: a new one. */
  plan?: ConstructionPlan;
  division?: string;
  onDone: (plan: { id: string }) => void;
  onClose: () => void;
}

export function PlanForm({ plan, division = '', onDone, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { units } = useRegisters();
  const [content, setContent] = useState({
    name: plan?.name ?? '',
    division: plan?.division ?? division,
    organisation: plan?.organisation ?? '',
    since: plan?.since ?? null,
    until: plan?.until ?? null,
    note: plan?.note ?? '',
  });
  const set = (change: Partial<typeof content>) => setContent((before) => ({ ...before, ...change }));
  const organisation = content.organisation || (units.find((one) => one.kind === 'government') ?? units[0])?.id || '';
  const save = useMutation({
    mutationFn: () => {
      const wish = { ...content, organisation, since: content.since ?? '', until: content.until ?? '' };
      return plan ? changePlan(plan.id, wish) : enterPlan(wish);
    },
    onSuccess: async (kept) => {
      await Promise.all(['construction-plans', 'construction-plan', 'record-changes'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone(kept);
    },
  });
  const faults = useFaults(save.error);
  const lacking = !content.name.trim() || !content.division || !organisation || !content.since || !content.until;
  const why = lacking ? t('registers.incomplete') : null;
  return (
    <RecordForm kind="plan" title={t('building.plan.enter')} known={plan !== undefined} what={t('building.plan.one')} why={why} save={save} onClose={onClose}>
      <TextField label={t('registers.member.name')} mandatory most={100} focused value={content.name} fault={faults.name} testId="plan-name" onChange={(name) => set({ name })} />
      <WhereFields kind="plan" division={content.division} organisation={organisation} units={units} fault={faults.organisation} label={t('registers.member.planning_unit')} onChange={set} />
      <div className="mj-form-columns">
        <DayField label={t('registers.member.since')} mandatory value={content.since} fault={faults.since} testId="plan-since" onChange={(since) => set({ since })} />
        <DayField label={t('registers.member.until')} mandatory value={content.until} fault={faults.until} testId="plan-until" onChange={(until) => set({ until })} />
      </div>
      <TextField label={t('registers.member.note')} lines={2} most={2000} value={content.note} fault={faults.note} testId="plan-note" onChange={(note) => set({ note })} />
    </RecordForm>
  );
}
