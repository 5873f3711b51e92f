// One suspected subject: the facts of the case with a sketch, the form in which a person decides, the mask, what was said before.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { confirmMask, decide, decision as readDecision } from '@/api/forbidden';
import type { Decision, DecisionWish } from '@/api/forbidden';
import { RecordChanges, RecordFindings, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { Citations } from '@/shared/law/Citation';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { dateText, momentText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { DayField, TextField } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { DecisionState } from './DecisionState';
import { useGroundText } from './grounds';
import { SpotPlan } from './SpotPlan';
import './messages';
import './Forbidden.css';

const ANSWERS = ['prohibited', 'masked', 'allowed'] as const;

function addressOf({ subject_kind: kind, subject, plan }: Decision): string | null {
  if (kind === 'plan_item') return plan ? `/construction-plans/${plan}` : null;
  return `/${kind === 'camera' ? 'cameras' : 'projects'}/${subject}`;
}

export default function DecisionPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const tab = useTab();
  const query = useQuery({ queryKey: ['decision', id], queryFn: ({ signal }) => readDecision(id, signal) });
  const found = query.data;
  return (
    <Sheet
      title={found?.name ?? t('forbidden.decisions.one')}
      lead={found ? <DecisionState decision={found} /> : null}
      testId="decision-page"
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('forbidden.decisions.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record">
            <RecordFindings id={found.subject} />
            <Case decision={found} />
            <div>
              {found.state === 'lapsed' ? <Lapsed /> : <Answer key={`${found.state} ${found.decided_us}`} decision={found} />}
              {found.state === 'masked' ? <Mask decision={found} /> : null}
            </div>
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="decisions" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function Case({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const ground = useGroundText();
  const address = addressOf(decision);
  return (
    <section className="mj-card" data-testid="decision-case">
      <h2>{t('forbidden.decisions.why')}</h2>
      <ul className="mj-plain">
        {decision.grounds.map((one) => (
          <li key={`${one.ground} ${one.kind} ${one.what}`}>
            {one.name && one.what ? <Link to={`/forbidden-places/${one.what}`}>{ground(one)}</Link> : ground(one)}
          </li>
        ))}
      </ul>
      <p>
        <Citations basis={decision.basis} basisEn={decision.basis_en} />
      </p>
      <dl className="mj-facts">
        <dt>{t(`forbidden.decisions.kindOf.${decision.subject_kind}`)}</dt>
        <dd>{address ? <Link to={address}>{decision.name}</Link> : decision.name}</dd>
        <dt>{t('registers.member.division')}</dt>
        <dd>
          <DivisionName code={decision.division} />
        </dd>
        <dt>{t('registers.member.organisation')}</dt>
        <dd>
          <NameText id={decision.organisation} />
        </dd>
      </dl>
      <h3>{t('forbidden.decisions.plan')}</h3>
      <SpotPlan decision={decision} />
    </section>
  );
}

function useTold(id: string) {
  const client = useQueryClient();
  return async (kept: Decision) => {
    client.setQueryData(['decision', id], kept);
    await Promise.all(['decisions', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
}

function Lapsed() {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="decision-lapsed">
      <h2>{t('forbidden.decisions.form')}</h2>
      <p>{t('forbidden.decisions.lapsed')}</p>
    </section>
  );
}

function Answer({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('compliance.handle');
  const told = useTold(decision.id);
  const [state, setState] = useState<DecisionWish['state'] | null>(null);
  const [reason, setReason] = useState('');
  const save = useMutation({ mutationFn: (wish: DecisionWish) => decide(decision.id, wish), onSuccess: told });
  const open = state && reason.trim() ? null : { reason: t('forbidden.decisions.choose') };
  return (
    <section className="mj-card" data-testid="decision-form">
      <h2>{t('forbidden.decisions.form')}</h2>
      {decision.decided_us === null ? null : (
        <p>
          <DecisionState decision={decision} /> · {decision.reason}{' '}
          <span className="mj-muted">
            {decision.decided_name} {momentText(decision.decided_us)}
          </span>
        </p>
      )}
      <div className="mj-form" role="radiogroup" aria-label={t('forbidden.decisions.form')}>
        {ANSWERS.map((one) => (
          <label key={one} className="mj-choice">
            <input type="radio" name="answer" checked={state === one} data-testid={`answer-${one}`} onChange={() => setState(one)} />
            <strong>{t(`forbidden.decisions.${one}`)}</strong>
            <span className="mj-muted">{t(`forbidden.decisions.${one}Means`)}</span>
          </label>
        ))}
        <TextField label={t('forbidden.reason')} mandatory lines={3} most={2000} value={reason} hint={t('forbidden.decisions.reasonHint')} testId="answer-reason" onChange={setReason} />
        {save.isError ? <ErrorNote error={save.error} what={t('forbidden.decisions.form')} /> : null}
        <Act
          kind="primary"
          testId="answer-submit"
          refusal={refusal(may, t('rights.permission.compliance.handle')) ?? open}
          onAct={() => {
            if (state) save.mutate({ state, reason });
          }}
        >
          {save.isPending ? t('oversee.submitting') : t('forbidden.decisions.submit')}
        </Act>
      </div>
    </section>
  );
}

function Mask({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('compliance.handle');
  const told = useTold(decision.id);
  const today = dateText(nowUs());
  const [day, setDay] = useState<string | null>(today);
  const save = useMutation({ mutationFn: (seen: string) => confirmMask(decision.id, seen), onSuccess: told });
  return (
    <section className="mj-card mj-form" data-testid="decision-mask">
      <h2>{t('forbidden.decisions.mask')}</h2>
      <p>{decision.mask_confirmed ? t('forbidden.decisions.maskDone', { day: decision.mask_confirmed }) : t('forbidden.decisions.maskOpen')}</p>
      <DayField label={t('forbidden.decisions.maskDay')} value={day} latest={today} testId="mask-day" onChange={setDay} />
      {save.isError ? <ErrorNote error={save.error} what={t('forbidden.decisions.mask')} /> : null}
      <Act
        testId="mask-confirm"
        refusal={refusal(may, t('rights.permission.compliance.handle')) ?? (day ? null : { reason: t('forbidden.decisions.maskDay') })}
        onAct={() => {
          if (day) save.mutate(day);
        }}
      >
        {save.isPending ? t('oversee.submitting') : t('forbidden.decisions.mask')}
      </Act>
    </section>
  );
}
