// One alarm: what and since when, the way to its pictures, claiming it and closing it with an outcome.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { claimAlarm, resolveAlarm } from '@/api/operations';
import type { Alarm } from '@/api/operations';
import { inLanguage } from '@/shared/i18n';
import { FactRow } from '@/shared/journal/FactValue';
import { useKeys } from '@/shared/keys';
import { useMay } from '@/shared/session';
import { SECOND_US, addressText, momentText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { ErrorNote } from '@/shared/ui/PanelState';

const OUTCOMES = ['fixed', 'false_alarm', 'handed_on', 'accepted'] as const;
const KNOWN = [...OUTCOMES, 'recovered'] as const;

export function AlarmPanel({ alarm }: { alarm: Alarm }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayHandle = useMay('alarm.handle');
  const mayPlayback = useMay('video.playback');
  const mayLive = useMay('video.live');
  const [outcome, setOutcome] = useState<string>('fixed');
  const [note, setNote] = useState('');
  const again = () => client.invalidateQueries({ queryKey: ['alarms'] });
  const claim = useMutation({ mutationFn: () => claimAlarm(alarm.id), onSettled: again });
  const resolve = useMutation({ mutationFn: () => resolveAlarm(alarm.id, outcome, note.trim()), onSettled: again });
  const denied = refusal(mayHandle, t('alarms.permission'));
  useKeys([
    {
      keys: 'A',
      meaning: t('alarms.keys.claim'),
      act: () => {
        if (mayHandle && alarm.state === 'new') claim.mutate();
        return undefined;
      },
    },
    {
      keys: 'R',
      meaning: t('alarms.keys.resolve'),
      act: () => {
        document.getElementById('alarm-note')?.focus();
        return undefined;
      },
    },
  ]);
  const known = KNOWN.find((one) => one === alarm.outcome);
  const before = addressText(alarm.raised_us - 10 * SECOND_US);
  return (
    <aside className="mj-card" data-testid="alarm-panel" data-state={alarm.state} aria-label={alarm.title}>
      <h2>{inLanguage(alarm.title, alarm.title_en)}</h2>
      <p className="mj-muted">
        {t('alarms.level', { level: alarm.level })} · {t(`alarms.state.${alarm.state}`)}
        {alarm.count > 1 ? ` · ${t('alarms.merged', { count: alarm.count })}` : ''}
      </p>
      <dl className="mj-facts">
        <dt>{t('alarms.raised')}</dt>
        <dd>{momentText(alarm.raised_us)}</dd>
        <dt>{t('alarms.last')}</dt>
        <dd>{momentText(alarm.last_us)}</dd>
        <dt>{t('alarms.ended')}</dt>
        <dd>{alarm.ended_us ? momentText(alarm.ended_us) : t('alarms.lasting')}</dd>
        <dt>{t('alarms.owner')}</dt>
        <dd>{alarm.owner_name ?? t('alarms.nobody')}</dd>
        {alarm.claimed_us ? (
          <>
            <dt>{t('alarms.claimed')}</dt>
            <dd>{momentText(alarm.claimed_us)}</dd>
          </>
        ) : null}
        {alarm.resolved_us ? (
          <>
            <dt>{t('alarms.resolvedAt')}</dt>
            <dd>{momentText(alarm.resolved_us)}</dd>
            <dt>{t('alarms.outcome')}</dt>
            <dd>
              {known ? t(`alarms.outcomes.${known}`) : alarm.outcome} {alarm.note}
            </dd>
          </>
        ) : null}
      </dl>
      {alarm.channel ? (
        <div className="mj-row">
          {mayPlayback ? <a href={`/playback?c=${alarm.channel}&t=${before}&z=10m`}>{t('alarms.before')}</a> : null}
          {mayLive ? <a href={`/live?g=1&c=1:${alarm.channel}`}>{t('alarms.watch')}</a> : null}
        </div>
      ) : null}
      <h3>{t('alarms.facts')}</h3>
      <dl className="mj-facts">
        {Object.entries(alarm.facts).map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
      </dl>
      {alarm.state === 'new' ? (
        <div>
          <Act kind="primary" shortcut="A" label={t('alarms.claim')} refusal={denied} testId="alarm-claim" onAct={() => claim.mutate()}>
            {claim.isPending ? t('oversee.submitting') : t('alarms.claim')}
          </Act>
        </div>
      ) : null}
      {alarm.state !== 'resolved' ? (
        <form
          className="mj-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!denied && !resolve.isPending) resolve.mutate();
          }}
        >
          <label>
            {t('alarms.outcome')}
            <select className="mj-input" data-testid="alarm-outcome" value={outcome} onChange={(event) => setOutcome(event.target.value)}>
              {OUTCOMES.map((one) => (
                <option key={one} value={one}>
                  {t(`alarms.outcomes.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('alarms.note')}
            <input
              id="alarm-note"
              className="mj-input"
              data-testid="alarm-note"
              placeholder={t('alarms.noteHint')}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
          <div>
            <Act submit refusal={denied} testId="alarm-resolve">
              {resolve.isPending ? t('oversee.submitting') : t('alarms.resolve')}
            </Act>
          </div>
        </form>
      ) : null}
      {claim.isError ? <ErrorNote error={claim.error} what={t('alarms.claim')} /> : null}
      {resolve.isError ? <ErrorNote error={resolve.error} what={t('alarms.resolve')} /> : null}
    </aside>
  );
}
