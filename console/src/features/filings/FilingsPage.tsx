// Filings, the earliest deadline first; state, area and deadline narrow the list and stand in the address.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { filings } from '@/api/filings';
import type { Filing, FilingState } from '@/api/filings';
import { useAddress } from '@/shared/address';
import { FilingDeadline } from '@/shared/law/Deadline';
import { FilterSelect, ListFilters, TermSelect } from '@/shared/views/ListFilters';
import { untilOf } from '@/shared/views/views';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { DayField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import './messages';

const STATES: (FilingState | 'open' | 'owed')[] = ['open', 'owed', 'preparing', 'checking', 'submitted', 'returned', 'accepted', 'refused', 'withdrawn'];

export default function FilingsPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { state, under, due, within } = address;
  const until = untilOf(within, dateText(nowUs())) ?? due;
  const { query, rows, total } = useRows(['filings', { state, under, until }], (after, signal) =>
    filings({ state, under, due_until: until, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(state ?? under ?? until);
  return (
    <Sheet
      title={t('filings.title')}
      lead={query.isSuccess ? t('filings.count', { shown: rows.length, total }) : null}
      testId="filings-page"
      bar={
        <ListFilters page="filings" more={['state', 'within', 'due']}>
          <FilterSelect name="state" label={t('filings.columns.state')} options={STATES.map((code) => ({ code, name: t(`law.state.${code}`) }))} />
          <TermSelect label={t('filings.columns.deadline')} terms={['overdue', '3', '7', '30']} />
          <DayField label={t('filings.dueUntil')} value={due ?? null} testId="filter-due" onChange={(value) => change({ due: value ?? undefined }, 'replace')} />
        </ListFilters>
      }
    >
      <PanelState
        query={query}
        what={t('filings.title')}
        empty={
          query.isSuccess && rows.length === 0 ? (
            <Empty>
              {filtered ? t('states.panel.filteredEmpty', { what: t('filings.title') }) : t('filings.none')}{' '}
              {filtered ? null : <Link to="/systems">{t('filings.toSystems')}</Link>}
            </Empty>
          ) : undefined
        }
      >
        <RecordTable<Filing>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `filing-${one.number}`}
          rowState={(one) => one.state}
          caption={t('filings.caption')}
          columns={[
            { key: 'number', title: t('filings.columns.number'), cell: (one) => <Link to={`/filings/${one.id}`}>{one.number}</Link>, by: (one) => one.number },
            { key: 'system', title: t('filings.columns.system'), cell: (one) => <Link to={`/systems/${one.system}`}>{one.system_name}</Link>, by: (one) => one.system_name },
            { key: 'kind', title: t('filings.columns.kind'), cell: (one) => t(`law.kind.${one.kind}`), by: (one) => one.kind },
            { key: 'deadline', title: t('filings.columns.deadline'), cell: (one) => <FilingDeadline filing={one} when />, by: (one) => one.due },
            { key: 'state', title: t('filings.columns.state'), cell: (one) => <StateWords filing={one} />, by: (one) => one.state },
            { key: 'organ', title: t('filings.columns.organ'), cell: (one) => one.organ, by: (one) => one.organ },
            { key: 'official', title: t('filings.columns.official'), cell: (one) => <span className="mj-code">{one.official_number}</span>, by: (one) => one.official_number },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}

/** The state, and how many items are missing or differ from the register. */
function StateWords({ filing }: { filing: Filing }) {
  const { t } = useTranslation();
  return (
    <>
      {t(`law.state.${filing.state}`)}
      {filing.missing > 0 ? <span className="mj-muted"> · {t('law.missing', { count: filing.missing })}</span> : null}
    </>
  );
}
