// An item of a construction plan: entered or changed while the plan is open; afterwards how far it has come.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addItem, changeItem } from '@/api/planning';
import type { ConstructionPlanWhole, PlanItem, PlanItemWish } from '@/api/planning';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { DayField, NumberField, SelectField, TextField, useFaults } from '@/shared/ui/fields';
import { PROGRESS, isOpenPlan } from './plans';
import './messages';
import './Building.css';

interface Props {
  plan: ConstructionPlanWhole;
  /** Absent: a new one. */
  item: PlanItem | undefined;
  onClose: () => void;
}

const EMPTY = {
  name: '', longitude: null, latitude: null, azimuth: null, view_angle: null, view_m: null, cameras: 1, purpose: '',
  budget_yuan: 0, due: null, reuse: '', reuse_reason: '', progress: 'planned', cameras_done: 0,
} as const;
type Content = { -readonly [Name in keyof typeof EMPTY]: PlanItem[Name] };
const MEMBERS = Object.keys(EMPTY) as (keyof Content)[];
/** What an item is not entered with: it comes later. */
const LATER = new Set<keyof Content>(['progress', 'cameras_done']);
const NUMBERS = ['longitude', 'latitude', 'azimuth', 'view_angle', 'view_m'] as const;

export function PlanItemForm({ plan, item, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [start] = useState<Content>(() => (item ? (Object.fromEntries(MEMBERS.map((name) => [name, item[name]])) as unknown as Content) : { ...EMPTY }));
  const [content, setContent] = useState(start);
  const set = (change: Partial<Content>) => setContent((before) => ({ ...before, ...change }));
  const open = isOpenPlan(plan.state);
  const changed = Object.fromEntries(MEMBERS.filter((name) => content[name] !== start[name]).map((name) => [name, content[name]]));
  const save = useMutation({
    mutationFn: (ended: boolean) => {
      if (item) return changeItem(plan.id, item.id, ended ? { ended: true } : changed);
      return addItem(plan.id, Object.fromEntries(MEMBERS.filter((name) => !LATER.has(name)).map((name) => [name, content[name]])) as unknown as PlanItemWish);
    },
    onSuccess: async (kept) => {
      client.setQueryData(['construction-plan', plan.id], kept);
      await Promise.all(['construction-plans', 'plan-overlaps', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onClose();
    },
  });
  const faults = useFaults(save.error);
  const incomplete = content.name.trim() ? null : { reason: t('building.item.incomplete') };
  const why = incomplete ?? (item && Object.keys(changed).length === 0 ? { reason: t('registers.unchanged') } : null);
  const labels = {
    longitude: t('registers.member.longitude'),
    latitude: t('registers.member.latitude'),
    azimuth: t('building.item.azimuth'),
    view_angle: t('building.item.angle'),
    view_m: t('building.item.reach'),
  };
  const count = (name: 'cameras' | 'cameras_done' | 'budget_yuan', label: string) => (
    <NumberField label={label} value={content[name]} fault={faults[name]} testId={`item-${name}`} onChange={(value) => set({ [name]: value ?? 0 })} />
  );
  return (
    <form
      className="mj-card mj-form"
      data-testid="item-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!why && !save.isPending) save.mutate(false);
      }}
    >
      <h2>{item ? (open ? t('building.item.edit') : t('building.item.report')) : t('building.item.enter')}</h2>
      {open ? (
        <>
          <TextField label={t('building.item.where')} mandatory most={100} focused value={content.name} fault={faults.name} testId="item-name" onChange={(name) => set({ name })} />
          <div className="mj-form-columns">
            {count('cameras', t('building.item.count'))}
            {count('budget_yuan', t('building.item.budget'))}
            <DayField label={t('building.item.due')} value={content.due} fault={faults.due} testId="item-due" onChange={(due) => set({ due })} />
          </div>
          <TextField label={t('building.item.purpose')} value={content.purpose} fault={faults.purpose} testId="item-purpose" onChange={(purpose) => set({ purpose })} />
          <div className="mj-form-columns">
            {NUMBERS.map((name) => (
              <NumberField
                key={name}
                label={labels[name]}
                hint={name === 'azimuth' ? t('building.item.directionHint') : undefined}
                step="any"
                value={content[name]}
                fault={faults[name]}
                testId={`item-${name}`}
                onChange={(value) => set({ [name]: value })}
              />
            ))}
          </div>
          <SelectField
            label={t('building.item.reuse')}
            value={content.reuse}
            none={t('building.item.noReuse')}
            options={(['reuse', 'build'] as const).map((code) => ({ code, name: t(`building.reuse.${code}`) }))}
            fault={faults.reuse}
            testId="item-reuse"
            onChange={(reuse) => set({ reuse })}
          />
          <TextField label={t('building.item.reason')} value={content.reuse_reason} fault={faults.reuse_reason} testId="item-reuse_reason" onChange={(reuse_reason) => set({ reuse_reason })} />
        </>
      ) : (
        <p>{item?.name}</p>
      )}
      {item ? (
        <div className="mj-form-columns">
          <SelectField
            label={t('building.item.progress')}
            value={content.progress}
            options={PROGRESS.map((code) => ({ code, name: t(`building.progress.${code}`) }))}
            fault={faults.progress}
            testId="item-progress"
            onChange={(progress) => set({ progress })}
          />
          {count('cameras_done', t('building.item.done'))}
        </div>
      ) : null}
      {save.isError ? <ErrorNote error={save.error} what={t('building.item.title')} /> : null}
      <div className="mj-row">
        <Act kind="primary" submit refusal={why} testId="item-save">
          {save.isPending ? t('oversee.submitting') : t('registers.save')}
        </Act>
        {item && open ? (
          <Act kind="danger" testId="item-drop" onAct={() => save.mutate(true)}>
            {t('building.item.drop')}
          </Act>
        ) : null}
        <Act onAct={onClose}>{t('oversee.leave')}</Act>
      </div>
    </form>
  );
}
