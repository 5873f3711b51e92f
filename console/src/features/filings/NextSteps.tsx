// The next steps of a filing as buttons; each asks for what belongs to it before it is done. The draft is saved first.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Ref } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stepFiling } from '@/api/filings';
import type { FilingState, FilingStepWish, FilingWhole } from '@/api/filings';
import { inLanguage } from '@/shared/i18n';
import { useMay, useSession } from '@/shared/session';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import type { Refusal } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { DayField, TextField, useFaults } from '@/shared/ui/fields';
import { stepsFrom } from './lines';
import type { Line } from './lines';
import type { Draft } from './useDraft';

type Asked = 'official_number' | 'organ' | 'day' | 'note';

const ASKS: Record<FilingState, { asks: Asked[]; needs?: 'official_number' | 'note' }> = {
  preparing: { asks: ['note'] },
  checking: { asks: ['note'] },
  submitted: { asks: ['day', 'organ', 'note'] },
  returned: { asks: ['day', 'organ', 'note'], needs: 'note' },
  accepted: { asks: ['official_number', 'organ', 'day', 'note'], needs: 'official_number' },
  refused: { asks: ['day', 'organ', 'note'], needs: 'note' },
  withdrawn: { asks: ['note'], needs: 'note' },
};

interface Given extends Record<Exclude<Asked, 'day'>, string> {
  day: string | null;
}

interface Props {
  filing: FilingWhole;
  lines: Line[];
  draft: Draft;
  /** The button of the step forward, for its key. */
  forward: Ref<HTMLButtonElement>;
}

export function NextSteps({ filing, lines, draft, forward }: Props) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const denied = refusal(useMay('filing.write'), t('rights.permission.filing.write'));
  const session = useSession();
  const [asking, setAsking] = useState<FilingState | null>(null);
  const lacking = lines.filter((line) => line.state === 'missing').map((line) => inLanguage(line.title, line.title_en));
  const sentBy = filing.steps.findLast((one) => one.state === 'checking')?.who;
  const why = (to: FilingState): Refusal | null => {
    if (to === 'checking' && lacking.length > 0) return { reason: t('filings.lacking', { items: lacking.join(t('filings.comma')) }) };
    if (to === 'submitted' && sentBy === session.user.id) return { reason: t('filings.ownCheck'), way: t('filings.ownCheckWay') };
    return null;
  };
  const steps = stepsFrom(filing.state, filing.next);
  if (steps.length === 0) return <span className="mj-muted">{t('filings.finished')}</span>;
  return (
    <>
      {[...steps].reverse().map((to) => {
        const first = to === steps[0];
        return (
          <Act
            key={to}
            {...(first ? { ref: forward, shortcut: 'Ctrl Enter' } : {})}
            kind={first ? 'primary' : to === 'withdrawn' ? 'quiet' : 'plain'}
            testId={`step-${to}`}
            refusal={denied ?? why(to)}
            onAct={() => setAsking(to)}
          >
            {t(`filings.to.${to}`)}
          </Act>
        );
      })}
      {asking ? <Ask filing={filing} to={asking} draft={draft} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

function Ask({ filing, to, draft, onClose }: { filing: FilingWhole; to: FilingState; draft: Draft; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const today = dateText(nowUs());
  const [wish, setWish] = useState<Given>({ official_number: '', organ: filing.organ, day: today, note: '' });
  const set = (change: Partial<Given>) => setWish((before) => ({ ...before, ...change }));
  const { asks, needs } = ASKS[to];
  const step = useMutation({
    mutationFn: async () => {
      await draft.save();
      const given: FilingStepWish = { to, ...Object.fromEntries(asks.map((name) => [name, wish[name]])) };
      return stepFiling(filing.id, given);
    },
    onSuccess: async (kept) => {
      onClose();
      client.setQueryData(['filing', filing.id], kept);
      await Promise.all(['filings', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    },
  });
  const faults = useFaults(step.error);
  const lacking = needs && !wish[needs].trim() ? { reason: t(`filings.needs.${needs}`) } : null;
  return (
    <Confirm
      title={`${t(`filings.to.${to}`)} · ${filing.number}`}
      consequences={[t(`filings.follows.${to}`), t('filings.journalled')]}
      verb={t(`filings.to.${to}`)}
      danger={to === 'withdrawn'}
      running={step.isPending}
      refusal={lacking}
      error={step.error}
      onAct={() => step.mutate()}
      onClose={onClose}
      testId="step-ask"
    >
      <div className="mj-form">
        {asks.map((name) => {
          switch (name) {
            case 'day':
              return <DayField key={name} label={t('filings.day')} mandatory latest={today} value={wish.day} fault={faults.day} testId="step-day" onChange={(day) => set({ day })} />;
            case 'official_number':
              return <TextField key={name} label={t('filings.officialNumber')} mandatory most={60} value={wish.official_number} fault={faults.official_number} testId="step-official_number" onChange={(official_number) => set({ official_number })} />;
            case 'organ':
              return <TextField key={name} label={t('filings.organ')} most={100} value={wish.organ} fault={faults.organ} testId="step-organ" onChange={(organ) => set({ organ })} />;
            case 'note':
              return <TextField key={name} label={t('filings.note')} mandatory={needs === 'note'} lines={2} most={2000} value={wish.note} fault={faults.note} testId="step-note" onChange={(note) => set({ note })} />;
          }
        })}
      </div>
    </Confirm>
  );
}
