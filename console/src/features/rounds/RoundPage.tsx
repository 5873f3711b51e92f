// One round: when it is due, the form for its next result, everything that it found, and what was reported.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { enterResult, reportFind, round as readRound } from '@/api/rounds';
import type { ResultWish, RoundResult, RoundWhole } from '@/api/rounds';
import { RecordChanges, RecordFindings, RecordTabs, useTab } from '@/features/registers/RecordParts';
import { RuleBasis } from '@/shared/law/Citation';
import { Deadline } from '@/shared/law/Deadline';
import { useWords } from '@/shared/law/useWords';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { DayField, SelectField, TextField } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { Outcome } from './Outcome';
import './messages';

const REGISTER: Record<RoundWhole['subject_kind'], string> = { forbidden_place: '/forbidden-places', camera: '/cameras', place: '/places' };

export default function RoundPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const tab = useTab();
  const { word } = useWords();
  const query = useQuery({ queryKey: ['round', id], queryFn: ({ signal }) => readRound(id, signal) });
  const found = query.data;
  return (
    <Sheet
      title={found?.name ?? t('rounds.one')}
      lead={
        found ? (
          <>
            {word('round_kind', found.kind)} · {t('rounds.days', { count: found.cycle_days })} ·{' '}
            {found.ended_us === null ? <Deadline due={found.next_due} daysLeft={found.days_left} when /> : t('rounds.ended')}
          </>
        ) : null
      }
      testId="round-page"
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('rounds.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record" data-columns="2">
            <div>
              <RecordFindings id={id} />
              {found.ended_us === null ? <ResultForm key={found.changed_us} round={found} /> : null}
            </div>
            <Results round={found} />
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="rounds" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function useTold(id: string) {
  const client = useQueryClient();
  return async (kept: RoundWhole) => {
    client.setQueryData(['round', id], kept);
    await Promise.all(['rounds', 'record-changes', 'findings', 'compliance'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  };
}

function ResultForm({ round }: { round: RoundWhole }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('compliance.handle');
  const told = useTold(round.id);
  const today = dateText(nowUs());
  const [day, setDay] = useState<string | null>(today);
  const [outcome, setOutcome] = useState<ResultWish['outcome']>('nothing');
  const [note, setNote] = useState('');
  const [reported, setReported] = useState<string | null>(null);
  const [to, setTo] = useState('');
  const save = useMutation({
    mutationFn: () => enterResult(round.id, { day, outcome, note, reported: outcome === 'found' ? reported : null, reported_to: outcome === 'found' ? to : '' }),
    onSuccess: told,
  });
  const why = outcome === 'found' && !note.trim() ? { reason: t('rounds.needNote') } : null;
  return (
    <section className="mj-card mj-form" data-testid="result-form">
      <h2>
        {t('rounds.enter')} <RuleBasis rule={round.kind === 'forbidden_check' ? 'FORB-04' : 'SIGN-01'} />
      </h2>
      <DayField label={t('rounds.day')} value={day} latest={today} testId="result-day" onChange={setDay} />
      <SelectField
        label={t('rounds.outcome')}
        value={outcome}
        options={[{ code: 'nothing' as const, name: t('rounds.nothing') }, { code: 'found' as const, name: t('rounds.found') }]}
        testId="result-outcome"
        onChange={setOutcome}
      />
      {outcome === 'found' ? (
        <>
          <TextField label={t('rounds.note')} mandatory lines={2} most={2000} value={note} testId="result-note" onChange={setNote} />
          {round.kind === 'forbidden_check' ? (
            <>
              <p className="mj-muted">{t('rounds.atOnce')}</p>
              <DayField label={t('rounds.reportDay')} value={reported} latest={today} testId="result-reported" onChange={setReported} />
              <TextField label={t('rounds.reportTo')} most={100} value={to} testId="result-to" onChange={setTo} />
            </>
          ) : null}
        </>
      ) : null}
      {round.kind === 'sign_check' ? <p className="mj-muted">{t('rounds.signs')}</p> : null}
      {save.isError ? <ErrorNote error={save.error} what={t('rounds.enter')} /> : null}
      <Act kind="primary" testId="result-save" refusal={refusal(may, t('rights.permission.compliance.handle')) ?? why} onAct={() => save.mutate()}>
        {save.isPending ? t('oversee.submitting') : t('rounds.save')}
      </Act>
    </section>
  );
}

function Results({ round }: { round: RoundWhole }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="round-results">
      <h2>{t('rounds.results')}</h2>
      <p>
        {t('rounds.subject')} <Link to={`${REGISTER[round.subject_kind]}/${round.subject}`}>{round.name}</Link> · {t('rounds.unit')}{' '}
        <NameText id={round.organisation} />
      </p>
      {round.results.length === 0 ? (
        <Empty>{t('rounds.resultsNone')}</Empty>
      ) : (
        <RecordTable<RoundResult>
          rows={round.results}
          rowKey={(one) => one.id}
          rowTestId={(one) => `result-${one.day}`}
          caption={t('rounds.results')}
          columns={[
            { key: 'day', title: t('rounds.day'), cell: (one) => one.day, by: (one) => one.day },
            { key: 'outcome', title: t('rounds.outcome'), cell: (one) => <Outcome result={one} />, by: (one) => one.outcome },
            { key: 'note', title: t('rounds.note'), cell: (one) => one.note || '—' },
            { key: 'who', title: t('rounds.who'), cell: (one) => one.who_name },
            {
              key: 'report',
              title: t('rounds.report'),
              cell: (one) =>
                one.outcome === 'found' && one.reported === null && round.kind === 'forbidden_check' ? <ReportForm round={round.id} result={one} /> : '—',
            },
          ]}
        />
      )}
    </section>
  );
}

function ReportForm({ round, result }: { round: string; result: RoundResult }) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const may = useMay('compliance.handle');
  const told = useTold(round);
  const today = dateText(nowUs());
  const [day, setDay] = useState<string | null>(today);
  const [to, setTo] = useState('');
  const save = useMutation({ mutationFn: (on: string) => reportFind(round, result.id, on, to), onSuccess: told });
  return (
    <div className="mj-form">
      <DayField label={t('rounds.reportDay')} value={day} latest={today} testId={`report-day-${result.id}`} onChange={setDay} />
      <TextField label={t('rounds.reportTo')} most={100} value={to} testId={`report-to-${result.id}`} onChange={setTo} />
      {save.isError ? <ErrorNote error={save.error} what={t('rounds.report')} /> : null}
      <Act
        testId={`report-save-${result.id}`}
        refusal={refusal(may, t('rights.permission.compliance.handle')) ?? (day && to.trim() ? null : { reason: t('rounds.reportNeeded') })}
        onAct={() => {
          if (day) save.mutate(day);
        }}
      >
        {save.isPending ? t('oversee.submitting') : t('rounds.report')}
      </Act>
    </div>
  );
}
