// Recording plans: always, by the week, or off; how many days are kept. The server refuses what the disks cannot hold, with
// the arithmetic, and that answer stands beside the form.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { plans, savePlan, type Plan, type PlanMode, type PlanWish, type Weekly } from '@/api/recordings';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import './KeptPage.css';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MODES: PlanMode[] = ['always', 'weekly', 'off'];
const FLOOR_DAYS = 30;
const NEW: PlanWish = { name: '', mode: 'always', weekly: {}, retention_days: FLOOR_DAYS, reason: null };

export default function PlansPage() {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const mayWrite = useMay('plan.write');
  const [editing, setEditing] = useState<{ id: string | null; wish: PlanWish } | null>(null);
  const query = useQuery({ queryKey: ['plans'], queryFn: ({ signal }) => plans(signal) });
  const edit = (plan: Plan) => {
    const { name, mode, weekly, retention_days, reason } = plan;
    setEditing({ id: plan.id, wish: { name, mode, weekly, retention_days, reason } });
  };
  return (
    <div className="mj-kept" data-testid="plans-page">
      <Act
        kind="primary"
        testId="plan-new"
        refusal={refusal(mayWrite, t('keeping.newPlan'))}
        onAct={() => setEditing({ id: null, wish: NEW })}
      >
        {t('keeping.newPlan')}
      </Act>
      <PanelState query={query} what={t('keeping.plans')}>
        <table>
          <tbody>
            {query.data?.map((plan) => (
              <tr key={plan.id}>
                <td>{plan.name}</td>
                <td>{t(`keeping.mode.${plan.mode}`)}</td>
                <td>{t('keeping.retention', { days: plan.retention_days })}</td>
                <td>{t('keeping.followedBy', { count: plan.cameras })}</td>
                <td>
                  <Act refusal={refusal(mayWrite, t('keeping.plans'))} onAct={() => edit(plan)}>
                    {t('keeping.edit')}
                  </Act>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </PanelState>
      {editing ? (
        <PlanForm key={editing.id ?? 'new'} id={editing.id} start={editing.wish} onClose={() => setEditing(null)} />
      ) : null}
    </div>
  );
}

function PlanForm({ id, start, onClose }: { id: string | null; start: PlanWish; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [wish, setWish] = useState(start);
  const set = (change: Partial<PlanWish>) => setWish((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => savePlan(id, wish),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['plans'] });
      onClose();
    },
  });
  const short = wish.retention_days < FLOOR_DAYS && !wish.reason?.trim();
  const missing = !wish.name.trim() ? t('keeping.noName') : short ? t('keeping.shortNeedsReason') : null;
  return (
    <section data-testid="plan-form">
      <p>
        <Input
          value={wish.name}
          aria-label={t('keeping.name')}
          placeholder={t('keeping.name')}
          onChange={(event) => set({ name: event.target.value })}
        />
      </p>
      <p>
        {MODES.map((mode) => (
          <label key={mode}>
            <input type="radio" checked={wish.mode === mode} onChange={() => set({ mode })} />{' '}
            {t(`keeping.mode.${mode}`)}{' '}
          </label>
        ))}
      </p>
      {wish.mode === 'weekly' ? <WeekEditor weekly={wish.weekly} onChange={(weekly) => set({ weekly })} /> : null}
      <p>
        <label>
          {t('keeping.retentionDays')}{' '}
          <input
            type="number"
            min={1}
            max={3650}
            value={wish.retention_days}
            onChange={(event) => set({ retention_days: Number(event.target.value) })}
          />
        </label>
      </p>
      {wish.retention_days < FLOOR_DAYS ? (
        <Input
          value={wish.reason ?? ''}
          placeholder={t('keeping.lawfulReason')}
          aria-label={t('keeping.lawfulReason')}
          onChange={(event) => set({ reason: event.target.value })}
        />
      ) : null}
      <Act kind="primary" testId="plan-save" refusal={missing ? { reason: missing } : null} onAct={() => save.mutate()}>
        {save.isPending ? t('playback.sheet.submitting') : t('keeping.save')}
      </Act>
      <Act onAct={onClose}>{t('keeping.leave')}</Act>
      {save.isError ? <ErrorNote error={save.error} what={t('keeping.plans')} /> : null}
    </section>
  );
}

/** Hours of the week as toggles, by click or by key: 7 rows of 24. */
function WeekEditor({ weekly, onChange }: { weekly: Weekly; onChange: (weekly: Weekly) => void }) {
  const { t } = useTranslation();
  const has = (day: string, hour: number) =>
    (weekly[day] ?? []).some(([from, until]) => from <= hour * 60 && until >= (hour + 1) * 60);
  const toggle = (day: string, hour: number) => {
    const hours = Array.from({ length: 24 }, (_, h) => (h === hour ? !has(day, h) : has(day, h)));
    const spans: [number, number][] = [];
    hours.forEach((on, h) => {
      const last = spans.at(-1);
      if (!on) return;
      if (last && last[1] === h * 60) last[1] = (h + 1) * 60;
      else spans.push([h * 60, (h + 1) * 60]);
    });
    onChange({ ...weekly, [day]: spans });
  };
  return (
    <table data-testid="week-editor">
      <tbody>
        {DAYS.map((day) => (
          <tr key={day}>
            <th scope="row">{t(`keeping.weekday.${day}`)}</th>
            {Array.from({ length: 24 }, (_, hour) => (
              <td key={hour} style={{ padding: 0 }}>
                <button
                  type="button"
                  className="mj-kept-cell"
                  style={{ width: 24, height: 24 }}
                  data-state={has(day, hour) ? 'kept' : 'not_due'}
                  aria-pressed={has(day, hour)}
                  aria-label={`${t(`keeping.weekday.${day}`)} ${hour}:00`}
                  onClick={() => toggle(day, hour)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
