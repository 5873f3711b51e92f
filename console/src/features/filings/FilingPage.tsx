// One filing: the checklist that leads to its fields, the form, what the register says; how the deadline was counted, and
// the next steps with what each of them asks for.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { filing as readFiling } from '@/api/filings';
import type { FilingWhole } from '@/api/filings';
import { useKeys } from '@/shared/keys';
import { Recalled } from '@/shared/law/Recalled';
import { FilingDeadline } from '@/shared/law/Deadline';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { Checklist } from './Checklist';
import { isOpen, linesOf, nextOpen } from './lines';
import type { Member } from './lines';
import { Documents } from './Documents';
import { Facts } from './Facts';
import { FilingFields } from './FilingFields';
import { LifeLine } from './LifeLine';
import { NextSteps } from './NextSteps';
import { useDraft } from './useDraft';
import { WhatChanged } from './WhatChanged';
import './messages';
import './Filings.css';

export default function FilingPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const query = useQuery({ queryKey: ['filing', id], queryFn: ({ signal }) => readFiling(id, signal) });
  const found = query.data;
  if (found) return <Shown key={found.id} filing={found} />;
  return (
    <Sheet title={t('filings.one')} testId="filing-page">
      <PanelState query={query} what={t('filings.one')}>
        {null}
      </PanelState>
    </Sheet>
  );
}

function Shown({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  const draft = useDraft(filing);
  const editable = useMay('filing.write') && isOpen(filing.state);
  const lines = linesOf(filing.checklist, draft.draft);
  const seat = useRef<HTMLDivElement>(null);
  const forward = useRef<HTMLButtonElement>(null);
  const jump = (name: Member | null): boolean => {
    const field = name ? seat.current?.querySelector<HTMLElement>(`[data-item="${name}"] input`) : null;
    field?.focus();
    return Boolean(field);
  };
  const walk = (step: 1 | -1): boolean => {
    const here = document.activeElement?.closest('[data-item]')?.getAttribute('data-item') as Member | undefined;
    return jump(nextOpen(lines, here ?? null, step));
  };
  const save = (): true => {
    void draft.save().catch(() => undefined);
    return true;
  };
  const go = (): boolean => {
    forward.current?.click();
    return forward.current !== null;
  };
  useKeys([
    { keys: 'N', meaning: t('filings.keys.next'), act: () => walk(1) },
    { keys: 'Shift N', meaning: t('filings.keys.previous'), act: () => walk(-1) },
    { keys: 'Alt N', meaning: t('filings.keys.next'), act: () => walk(1), inFields: true },
    { keys: 'Ctrl S', meaning: t('filings.keys.save'), act: save, inFields: true },
    { keys: 'Ctrl Enter', meaning: t('filings.keys.step'), act: go, inFields: true },
  ]);
  return (
    <Sheet
      title={`${t(`law.kind.${filing.kind}`)} ${filing.number}`}
      testId="filing-page"
      lead={
        <span className="mj-filing-lead" data-testid="filing-lead" data-state={filing.state}>
          <Link to={`/systems/${filing.system}`}>{filing.system_name}</Link>
          <span>{t(`law.state.${filing.state}`)}</span>
          <FilingDeadline filing={filing} when />
        </span>
      }
      acts={<NextSteps filing={filing} lines={lines} draft={draft} forward={forward} />}
      bar={<LifeLine filing={filing} />}
    >
      {draft.error ? <ErrorNote error={draft.error} what={t('filings.saveDraft')} /> : null}
      <div className="mj-filing" ref={seat}>
        <Checklist lines={lines} onJump={jump} />
        <FilingFields filing={filing} lines={lines} draft={draft} editable={editable} onLeave={save} />
        <div>
          <WhatChanged filing={filing} />
          <Facts filing={filing} lines={lines} onTake={editable ? (line) => draft.set({ [line.name]: line.fact }) : null} />
          <Documents filing={filing} />
          <Steps filing={filing} />
        </div>
      </div>
    </Sheet>
  );
}

function Steps({ filing }: { filing: FilingWhole }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="filing-steps">
      <h2>{t('filings.stepsTitle')}</h2>
      <ol className="mj-plain">
        {filing.steps.map((one) => (
          <li key={`${one.at_us} ${one.state}`}>
            {t(`law.state.${one.state}`)} · {one.who === 'system' ? t('filings.byItself') : one.who_name}{' '}
            <span className="mj-muted">{momentText(one.at_us)}</span>
            {one.note ? <p>{one.note}</p> : null}
          </li>
        ))}
      </ol>
      <Recalled recalls={filing.reminders} />
      {filing.official_number ? (
        <p data-testid="official-number">
          {t('filings.officialNumber')} <span className="mj-code">{filing.official_number}</span> · {filing.organ} · {filing.decided}
        </p>
      ) : null}
    </section>
  );
}
