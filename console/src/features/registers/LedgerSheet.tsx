// The list of a plain register, with a form beside it to enter a record; and the page of one record.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/shared/address';
import { textOr } from '@/shared/i18n/textOr';
import { FilterSelect, ListFilters, TermSelect } from '@/shared/views/ListFilters';
import { DivisionName } from '@/shared/names/DivisionName';
import { NameText } from '@/shared/names/Named';
import { useMay } from '@/shared/session';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { LACKING, narrowedOf } from './ledger';
import type { Ledger, Row } from './ledger';
import { LedgerForm } from './LedgerForm';
import { MemberValue } from './MemberValue';
import { MemberGroup, RecordChanges, RecordFindings, RecordTabs, useTab } from './RecordParts';
import './messages';
import './Registers.css';

export function LedgerSheet({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const mayWrite = useMay(ledger.write);
  const [address, change] = useAddress();
  const { q, under } = address;
  const narrowed = narrowedOf(ledger, address, dateText(nowUs()));
  const { query, rows, total } = useRows([ledger.name, { q, under, ...narrowed }], (after, signal) =>
    ledger.list({ q, under, limit: PAGE_ROWS, after, ...narrowed }, signal),
  );
  const title = t(`registers.${ledger.name}.title`);
  const none = [q, under, ...Object.values(narrowed)].some(Boolean) ? t('states.panel.filteredEmpty', { what: title }) : t(`registers.${ledger.name}.none`);
  const adding = address.add === '1' && mayWrite && !query.isPending;
  return (
    <Sheet
      title={title}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId={`${ledger.name}-page`}
      acts={
        <Act kind="primary" testId={`${ledger.name}-enter`} refusal={refusal(mayWrite, textOr(t, `rights.permission.${ledger.write}`, ledger.write))} onAct={() => change({ add: '1' })}>
          {t(`registers.${ledger.name}.enter`)}
        </Act>
      }
      bar={
        <ListFilters page={ledger.name} byName more={[ledger.filter]}>
          {ledger.filter === 'within' ? (
            <TermSelect label={t('registers.member.until')} terms={['overdue', '30', '90']} />
          ) : (
            <FilterSelect name="lacking" label={t('registers.staff.lacking')} options={LACKING.map((code) => ({ code, name: t(`registers.member.${code}`) }))} />
          )}
        </ListFilters>
      }
      beside={
        adding ? (
          <LedgerForm
            ledger={ledger}
            division={under ?? rows[0]?.division ?? ''}
            onDone={(kept) => void navigate({ to: `/${ledger.name}/${kept.id}` })}
            onClose={() => change({ add: undefined }, 'replace')}
          />
        ) : undefined
      }
    >
      <PanelState query={query} what={title} empty={query.isSuccess && rows.length === 0 ? <Empty>{none}</Empty> : undefined}>
        <RecordTable<Row>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `${ledger.name}-${one.id}`}
          caption={t(`registers.${ledger.name}.caption`)}
          columns={[
            { key: 'name', title: textOr(t, `registers.${ledger.name}.named`, t('registers.member.name')), cell: (one) => <Link to={`/${ledger.name}/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
            { key: 'division', title: t('registers.under'), cell: (one) => <DivisionName code={one.division} />, by: (one) => one.division },
            { key: 'organisation', title: t(`registers.${ledger.name}.unit`), cell: (one) => <NameText id={one.organisation} /> },
            ...ledger.shown.map((name) => ({
              key: name,
              title: textOr(t, `registers.member.${name}`, name),
              cell: (one: Row) => <MemberValue name={name} value={one[name as keyof Row]} />,
            })),
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

export function LedgerRecord({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation();
  const parameters: Record<string, string | undefined> = useParams({ strict: false });
  const id = parameters.id ?? '';
  const [address, change] = useAddress();
  const refusal = useRefusal();
  const mayWrite = useMay(ledger.write);
  const tab = useTab();
  const what = t(`registers.${ledger.name}.one`);
  const query = useQuery({ queryKey: [ledger.name, 'one', id], queryFn: ({ signal }) => ledger.read(id, signal) });
  const found = query.data;
  const leave = () => change({ edit: undefined }, 'replace');
  return (
    <Sheet
      title={found?.name ?? what}
      testId={`${ledger.name}-record`}
      acts={
        <Act testId={`${ledger.name}-edit`} refusal={refusal(mayWrite, textOr(t, `rights.permission.${ledger.write}`, ledger.write))} onAct={() => change({ edit: '1', tab: undefined })}>
          {t('registers.edit')}
        </Act>
      }
      bar={<RecordTabs id={id} />}
    >
      <PanelState query={query} what={what}>
        {found && tab === 'record' ? (
          <div className="mj-record" data-columns="2">
            <RecordFindings id={id} />
            {address.edit === '1' && mayWrite ? (
              <LedgerForm key={found.changed_us} ledger={ledger} row={found} onDone={leave} onClose={leave} />
            ) : (
              <section className="mj-card">
                <MemberGroup title={what} rule={ledger.rule} members={['name', 'division', 'organisation', ...ledger.fields.map((one) => one.name), ...ledger.told]} record={found} />
              </section>
            )}
          </div>
        ) : null}
        {found && tab === 'changes' ? <RecordChanges register={ledger.name} id={id} /> : null}
      </PanelState>
    </Sheet>
  );
}
