// What the pages of single records share: their tabs, groups of members with the articles that ask for them, changes.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findings } from '@/api/compliance';
import { recordChanges } from '@/api/registers';
import type { ChangedRegister, RecordChange } from '@/api/registers';
import { useAddress } from '@/shared/address';
import { textOr } from '@/shared/i18n/textOr';
import { RuleBasis } from '@/shared/law/Citation';
import { FindingLines } from '@/shared/law/Findings';
import { useMay } from '@/shared/session';
import { momentText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import { MemberValue } from './MemberValue';
import './messages';
import './Registers.css';

const TABS = ['record', 'changes'] as const;
export type RecordTab = (typeof TABS)[number];

export function useTab(): RecordTab {
  const [address] = useAddress();
  return TABS.find((one) => one === address.tab) ?? 'record';
}

export function RecordTabs({ id }: { id: string }) {
  const { t } = useTranslation();
  const [, change] = useAddress();
  const mayJournal = useMay('journal.read');
  const tab = useTab();
  return (
    <div className="mj-tabs">
      {TABS.map((one) => (
        <Act key={one} kind="quiet" pressed={one === tab} testId={`tab-${one}`} onAct={() => change({ tab: one === 'record' ? undefined : one }, 'replace')}>
          {t(`registers.tabs.${one}`)}
        </Act>
      ))}
      {mayJournal ? (
        <Link to="/journal" search={{ object: id }} className="mj-link-act">
          {t('registers.journal')}
        </Link>
      ) : null}
    </div>
  );
}

/** A record's name in the list of its register; one that has left it says so. */
export function RegisterLink({ register, record }: { register: 'systems' | 'places' | 'forbidden-places'; record: { id: string; name: string; ended_us: number | null } }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to={`/${register}/${record.id}`}>{record.name}</Link>
      {record.ended_us === null ? null : (
        <>
          {' '}
          <StatusShape status="off" label={t('registers.ended.gone')} />
        </>
      )}
    </>
  );
}

/** Members under a heading; `rule`: whose articles ask for them. */
export function MemberGroup({ title, rule, members, record }: { title: string; rule?: string; members: readonly string[]; record: object }) {
  const { t } = useTranslation();
  const values = record as Record<string, unknown>;
  return (
    <section>
      <h3>
        {title} {rule ? <RuleBasis rule={rule} /> : null}
      </h3>
      <dl className="mj-facts">
        {members.map((name) => (
          <Member key={name} label={textOr(t, `registers.member.${name}`, name)}>
            <MemberValue name={name} value={values[name]} />
          </Member>
        ))}
      </dl>
    </section>
  );
}

function Member({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What the rules say of a record; nothing at all for who may not read it. */
export function RecordFindings({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay('compliance.read');
  const query = useQuery({
    queryKey: ['findings', { subject: id }],
    queryFn: ({ signal }) => findings({ subject: id, limit: 100 }, signal),
    enabled: may,
  });
  if (!may) return null;
  const items = query.data?.items ?? [];
  return (
    <section className="mj-card" data-testid="record-findings">
      <h2>{t('registers.firstThings')}</h2>
      <PanelState query={query} what={t('registers.findings')}>
        {query.isSuccess && items.length === 0 ? <StatusShape status="ok" label={t('registers.nothingOpen')} /> : null}
        <FindingLines findings={items} />
      </PanelState>
    </section>
  );
}

export function RecordChanges({ register, id }: { register: ChangedRegister; id: string }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ['record-changes', id], queryFn: ({ signal }) => recordChanges(register, id, signal) });
  const rows = query.data ?? [];
  return (
    <PanelState query={query} what={t('registers.tabs.changes')} empty={query.isSuccess && rows.length === 0 ? <Empty>{t('registers.changes.none')}</Empty> : undefined}>
      <RecordTable<RecordChange>
        rows={rows}
        rowKey={(one) => `${one.at_us} ${Object.keys(one.after).join()}`}
        caption={t('registers.changes.caption', { count: rows.length })}
        testId="record-changes"
        columns={[
          { key: 'at', title: t('registers.changes.at'), cell: (one) => <span className="mj-moment">{momentText(one.at_us)}</span> },
          { key: 'who', title: t('registers.changes.who'), cell: (one) => one.who_name || one.who },
          { key: 'what', title: t('registers.changes.what'), cell: (one) => textOr(t, `registers.changes.act.${one.what}`, one.what) },
          { key: 'members', title: t('registers.changes.members'), cell: (one) => <Differences change={one} /> },
        ]}
      />
    </PanelState>
  );
}

/** Old and new of every member; of a record that was entered, what it was entered with. */
function Differences({ change }: { change: RecordChange }) {
  const { t } = useTranslation();
  const fresh = change.what === 'enter' || change.what === 'register';
  const names = Object.keys(change.after).filter((name) => !fresh || filled(change.after[name]));
  return (
    <ul className="mj-plain mj-differences">
      {names.map((name) => (
        <li key={name}>
          <span className="mj-muted">{textOr(t, `registers.member.${name}`, name)}</span>{' '}
          {fresh ? null : (
            <>
              <MemberValue name={name} value={change.before[name]} /> →{' '}
            </>
          )}
          <MemberValue name={name} value={change.after[name]} />
        </li>
      ))}
    </ul>
  );
}

function filled(value: unknown): boolean {
  return value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** A member that nobody has entered. */
export function Missing() {
  const { t } = useTranslation();
  return <span className="mj-muted">{t('registers.notEntered')}</span>;
}

/** Whether the unit that has to maintain a system is the one that is named. */
export function Upkeep({ met }: { met: boolean }) {
  const { t } = useTranslation();
  return <StatusShape status={met ? 'ok' : 'failed'} label={t(met ? 'registers.system.met' : 'registers.system.unmet')} />;
}
