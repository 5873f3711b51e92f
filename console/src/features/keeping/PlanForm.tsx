// One plan being written. The server refuses what the disks cannot hold, with the arithmetic, and that answer stands here.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { savePlan, type PlanMode, type PlanWish, type Weekly } from '@/api/recordings';
import { Act } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';
import { FLOOR_DAYS } from './retention';
import './KeptPage.css';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const MODES: PlanMode[] = ['always', 'weekly', 'off'];

export function PlanForm({ id, start, onClose }: { id: string | null; start: PlanWish; onClose: () => void }) {
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
  const short = wish.retention_days < FLOOR_DAYS;
  const missing = !wish.name.trim() ? t('keeping.noName') : short && !wish.reason?.trim() ? t('keeping.shortNeedsReason') : null;
  return (
    <section className="mj-card mj-form" data-testid="plan-form" aria-label={t('keeping.plansTitle')}>
      <h2>{id === null ? t('keeping.newPlan') : start.name}</h2>
      <label>
        {t('keeping.name')}
        <input className="mj-input" autoFocus value={wish.name} data-testid="plan-name" onChange={(event) => set({ name: event.target.value })} />
      </label>
      <fieldset>
        <legend>{t('keeping.modeTitle')}</legend>
        {MODES.map((mode) => (
          <label key={mode} className="mj-check">
            <input type="radio" name="plan-mode" checked={wish.mode === mode} onChange={() => set({ mode })} />
            {t(`keeping.mode.${mode}`)}
          </label>
        ))}
      </fieldset>
      {wish.mode === 'weekly' ? <WeekEditor weekly={wish.weekly} onChange={(weekly) => set({ weekly })} /> : null}
      <label>
        {t('keeping.retentionDays')}
        <input
          className="mj-input"
          type="number"
          min={1}
          max={3650}
          value={wish.retention_days}
          onChange={(event) => set({ retention_days: Number(event.target.value) })}
        />
      </label>
      {short ? (
        <label>
          {t('keeping.lawfulReason')}
          <input className="mj-input" value={wish.reason ?? ''} onChange={(event) => set({ reason: event.target.value })} />
        </label>
      ) : null}
      <div className="mj-row">
        <Act kind="primary" testId="plan-save" refusal={missing ? { reason: missing } : null} onAct={() => save.mutate()}>
          {save.isPending ? t('oversee.submitting') : t('keeping.save')}
        </Act>
        <Act onAct={onClose}>{t('keeping.leave')}</Act>
      </div>
      {save.isError ? <ErrorNote error={save.error} what={t('keeping.plans')} /> : null}
    </section>
  );
}

const has = (weekly: Weekly, day: string, hour: number): boolean =>
  (weekly[day] ?? []).some(([from, until]) => from <= hour * 60 && until >= (hour + 1) * 60);

/** The spans of a day after one of its hours was turned. */
function turned(weekly: Weekly, day: string, hour: number): [number, number][] {
  const spans: [number, number][] = [];
  for (let h = 0; h < 24; h += 1) {
    const on = has(weekly, day, h) !== (h === hour);
    const last = spans.at(-1);
    if (!on) continue;
    if (last && last[1] === h * 60) last[1] = (h + 1) * 60;
    else spans.push([h * 60, (h + 1) * 60]);
  }
  return spans;
}

/** Hours of the week as toggles, by click or by key: 7 rows of 24. */
function WeekEditor({ weekly, onChange }: { weekly: Weekly; onChange: (weekly: Weekly) => void }) {
  const { t } = useTranslation();
  return (
    <div className="mj-week" data-testid="week-editor">
      {DAYS.map((day) => (
        <div key={day} role="group" aria-label={t(`keeping.weekday.${day}`)}>
          <span>{t(`keeping.weekday.${day}`)}</span>
          {Array.from({ length: 24 }, (_, hour) => (
            <button
              key={hour}
              type="button"
              data-state={has(weekly, day, hour) ? 'kept' : 'not_due'}
              aria-pressed={has(weekly, day, hour)}
              aria-label={`${t(`keeping.weekday.${day}`)} ${hour}:00`}
              title={`${hour}:00–${hour + 1}:00`}
              onClick={() => onChange({ ...weekly, [day]: turned(weekly, day, hour) })}
            />
          ))}
        </div>
      ))}
      <p className="mj-muted">{t('keeping.weekHint')}</p>
    </div>
  );
}
