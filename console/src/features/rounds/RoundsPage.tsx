// Rounds by the next day: checks of prohibited places and of signs, with what they found last.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { rounds } from '@/api/rounds';
import type { Round } from '@/api/rounds';
import { useAddress } from '@/shared/address';
import { Deadline } from '@/shared/law/Deadline';
import { FilterSelect, ListFilters, TermSelect } from '@/shared/views/ListFilters';
import { useWords } from '@/shared/law/useWords';
import { untilOf } from '@/shared/views/views';
import { NameText } from '@/shared/names/Named';
import { dateText, nowUs } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { DayField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { Outcome } from './Outcome';
import './messages';

export default function RoundsPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const { word, list } = useWords();
  const { q, under, kind, due, within } = address;
  const until = untilOf(within, dateText(nowUs())) ?? due;
  const { query, rows, total } = useRows(['rounds', { q, under, kind, until }], (after, signal) =>
    rounds({ q, under, kind, due_until: until, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(q ?? under ?? kind ?? until);
  return (
    <Sheet
      title={t('rounds.title')}
      lead={query.isSuccess ? t('rounds.count', { shown: rows.length, total }) : null}
      testId="rounds-page"
      bar={
        <ListFilters page="rounds" byName more={['kind', 'within', 'due']}>
          <FilterSelect name="kind" label={t('rounds.kind')} options={list('round_kind')} />
          <TermSelect label={t('rounds.due')} terms={['overdue', '3', '7', '30']} />
          <DayField label={t('rounds.dueUntil')} value={due ?? null} testId="filter-due" onChange={(value) => change({ due: value ?? undefined }, 'replace')} />
        </ListFilters>
      }
    >
      <PanelState
        query={query}
        what={t('rounds.title')}
        empty={query.isSuccess && rows.length === 0 ? <Empty>{filtered ? t('states.panel.filteredEmpty', { what: t('rounds.title') }) : t('rounds.none')}</Empty> : undefined}
      >
        <RecordTable<Round>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `round-${one.subject}`}
          caption={t('rounds.caption')}
          columns={[
            { key: 'name', title: t('rounds.subject'), cell: (one) => <Link to={`/rounds/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
            { key: 'kind', title: t('rounds.kind'), cell: (one) => word('round_kind', one.kind), by: (one) => one.kind },
            { key: 'unit', title: t('rounds.unit'), cell: (one) => <NameText id={one.organisation} /> },
            { key: 'cycle', title: t('rounds.cycle'), cell: (one) => t('rounds.days', { count: one.cycle_days }), by: (one) => one.cycle_days },
            { key: 'due', title: t('rounds.due'), cell: (one) => <Deadline due={one.next_due} daysLeft={one.days_left} when />, by: (one) => one.next_due },
            { key: 'last', title: t('rounds.last'), cell: (one) => (one.last ? <Outcome result={one.last} dated /> : <span className="mj-muted">{t('rounds.never')}</span>) },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}
