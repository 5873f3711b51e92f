// One video system: what it owes next, what is missing first, its members by group, who maintains it and why, its filings.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { filings, openFiling } from '@/api/filings';
import type { Filing, FilingKind } from '@/api/filings';
import { system as readSystem } from '@/api/registers';
import type { VideoSystem } from '@/api/registers';
import { useAddress } from '@/shared/address';
import { comma, inLanguage } from '@/shared/i18n';
import { RuleBasis } from '@/shared/law/Citation';
import { OrderLines } from '@/shared/law/OrderLines';
import { FilingDeadline } from '@/shared/law/Deadline';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { SelectField } from '@/shared/ui/fields';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { Sheet } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { EndAct, EndedLine } from './EndRecord';
import { Outages } from './Outages';
import { MemberGroup, RecordChanges, RecordFindings, RecordTabs, Upkeep, useTab } from './RecordParts';
import { SystemForm } from './SystemForm';
import './messages';
import './Registers.css';

const KINDS: FilingKind[] = ['initial', 'legacy', 'change', 'dismantling'];
const DONE = new Set<Filing['state']>(['submitted', 'accepted', 'withdrawn']);

export default function SystemPage() {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay('register.write');
  const mayFilings = useMay('filing.read');
  const tab = useTab();
  const query = useQuery({ queryKey: ['system', id], queryFn: ({ signal }) => readSystem(id, signal) });
  const own = useQuery({
    queryKey: ['filings', { system: id }],
    queryFn: ({ signal }) => filings({ system: id, limit: 100 }, signal),
    enabled: mayFilings,
  });
  const found = query.data;
  const ended = found !== undefined && found.ended_us !== null;
  const next = own.data?.items.find((one) => !DONE.has(one.state));
  return (
    <Sheet
      title={found?.name ?? t('registers.system.one')}
      testId="system-page"
      lead={found ? <HeadLine system={found} next={next} known={own.isSuccess} /> : null}
      acts={
        found && !ended ? (
          <>
            <EndAct register="systems" record={found} />
            <Act testId="system-edit" refusal={refusal(mayWrite, t('rights.permission.register.write'))} onAct={() => change({ edit: '1', tab: undefined })}>
              {t('registers.edit')}
            </Act>
          </>
        ) : undefined
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={t('registers.system.one')}>
        {found && tab === 'record' ? (
          <div className="mj-record">
            <RecordFindings id={id} />
            {address.edit === '1' && mayWrite && !ended ? (
              <SystemForm key={found.changed_us} system={found} onDone={() => change({ edit: undefined }, 'replace')} onClose={() => change({ edit: undefined }, 'replace')} />
            ) : (
              <Members system={found} />
            )}
            <div>
              <DutyCard system={found} />
              <OrderLines of={{ system: id }} />
              <Outages system={id} />
              {mayFilings ? (
                <section className="mj-card" data-testid="system-filings">
                  <h2>{t('registers.system.filings')}</h2>
                  <PanelState query={own} what={t('registers.system.filings')}>
                    <FilingLines filings={own.data?.items ?? []} known={own.isSuccess} />
                    {ended ? null : <OpenFiling system={id} />}
                  </PanelState>
                </section>
              ) : null}
            </div>
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register="systems" id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}

function HeadLine({ system, next, known }: { system: VideoSystem; next: Filing | undefined; known: boolean }) {
  const { t } = useTranslation();
  return (
    <span className="mj-head-line" data-testid="next-duty">
      {system.ended_us === null ? null : <EndedLine us={system.ended_us} />}
      {system.dismantled ? <StatusShape status="off" label={t('registers.system.retired', { day: system.dismantled })} /> : null}
      {next ? (
        <>
          <span>
            {t('registers.system.nextDuty')}: <Link to={`/filings/${next.id}`}>{t(`law.kind.${next.kind}`)}</Link>
          </span>
          <FilingDeadline filing={next} when />
        </>
      ) : known && system.ended_us === null ? (
        <StatusShape status="ok" label={t('registers.system.noDuty')} />
      ) : null}
    </span>
  );
}

function Members({ system }: { system: VideoSystem }) {
  const { t } = useTranslation();
  return (
    <section className="mj-card" data-testid="system-record">
      <MemberGroup title={t('registers.groups.basics')} members={['name', 'division', 'organisation']} record={system} />
      <MemberGroup title={t('registers.groups.scope')} rule="SCOPE-01" members={['regime', 'category', 'purposes', 'necessity', 'duty_basis']} record={system} />
      <MemberGroup title={t('registers.groups.filing')} rule="FILE-01" members={['in_use', 'address', 'place', 'cameras', 'retention_days', 'network']} record={system} />
      <MemberGroup title={t('registers.groups.upkeep')} rule="MAINT-01" members={['funding', 'building_unit', 'maintainer', 'entrusted_operator']} record={system} />
      <MemberGroup title={t('registers.groups.dismantling')} rule="DISM-02" members={['dismantle_planned', 'dismantled']} record={system} />
      <MemberGroup title={t('registers.groups.note')} members={['note']} record={system} />
    </section>
  );
}

function DutyCard({ system: { duty } }: { system: VideoSystem }) {
  const { t } = useTranslation();
  if (!duty) return null;
  return (
    <section className="mj-card" data-testid="system-duty">
      <h2>{t('registers.system.duty')}</h2>
      <Upkeep met={duty.met} />
      <p>{inLanguage(duty.reason, duty.reason_en)}</p>
      {duty.units.length > 0 ? (
        <p>
          {t('registers.system.dutyUnits')}{' '}
          {duty.units.map((unit, at) => (
            <span key={unit}>
              {at > 0 ? comma() : ''}
              <NameText id={unit} />
            </span>
          ))}
        </p>
      ) : (
        <p className="mj-muted">{t('registers.system.dutyNobody')}</p>
      )}
      <RuleBasis rule="MAINT-01" />
    </section>
  );
}

function FilingLines({ filings: rows, known }: { filings: Filing[]; known: boolean }) {
  const { t } = useTranslation();
  if (known && rows.length === 0) return <p className="mj-muted">{t('registers.system.noFilings')}</p>;
  return (
    <ul className="mj-plain">
      {rows.map((one) => (
        <li key={one.id} data-testid={`filing-${one.kind}`}>
          <Link to={`/filings/${one.id}`}>{one.number}</Link> {t(`law.kind.${one.kind}`)} · {t(`law.state.${one.state}`)}{' '}
          {one.state === 'withdrawn' ? null : <FilingDeadline filing={one} />}
        </li>
      ))}
    </ul>
  );
}

function OpenFiling({ system }: { system: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refusal = useRefusal();
  const mayWrite = useMay('filing.write');
  const [kind, setKind] = useState<FilingKind>('change');
  const open = useMutation({
    mutationFn: () => openFiling(system, kind),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['filings'] });
      await navigate({ to: `/filings/${made.id}` });
    },
  });
  return (
    <div className="mj-form">
      <SelectField
        label={t('registers.system.whichFiling')}
        value={kind}
        options={KINDS.map((code) => ({ code, name: t(`law.kind.${code}`) }))}
        testId="filing-kind"
        onChange={setKind}
      />
      <Act testId="filing-open" refusal={refusal(mayWrite, t('rights.permission.filing.write'))} onAct={() => open.mutate()}>
        {open.isPending ? t('oversee.submitting') : t('registers.system.openFiling')}
      </Act>
      {open.isError ? <ErrorNote error={open.error} what={t('registers.system.openFiling')} /> : null}
    </div>
  );
}
