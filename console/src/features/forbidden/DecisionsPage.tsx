// What is suspected of looking into a prohibited place, and what a person decided on it.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { decisions } from '@/api/forbidden';
import type { Decision } from '@/api/forbidden';
import { PlaceTabs } from '@/features/registers/PlaceTabs';
import { semicolon } from '@/shared/i18n';
import { useAddress } from '@/shared/address';
import { FilterSelect, ListFilters } from '@/shared/views/ListFilters';
import { useWords } from '@/shared/law/useWords';
import { momentText } from '@/shared/time/beijing';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';
import { DecisionState } from './DecisionState';
import { useGroundText } from './grounds';
import './messages';

export default function DecisionsPage() {
  const { t } = useTranslation();
  const [address] = useAddress();
  const { list } = useWords();
  const ground = useGroundText();
  const { q, under, state } = address;
  const { query, rows, total } = useRows(['decisions', { q, under, state }], (after, signal) =>
    decisions({ q, under, state, limit: PAGE_ROWS, after }, signal),
  );
  const filtered = Boolean(q ?? under ?? state);
  const title = t('forbidden.decisions.title');
  return (
    <Sheet
      title={title}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId="decisions-page"
      bar={
        <>
          <PlaceTabs current="decisions" />
          <ListFilters page="decisions" byName more={['state']}>
            <FilterSelect name="state" label={t('forbidden.decisions.state')} options={list('decision_state')} />
          </ListFilters>
        </>
      }
    >
      <PanelState
        query={query}
        what={title}
        empty={query.isSuccess && rows.length === 0 ? <Empty>{filtered ? t('states.panel.filteredEmpty', { what: title }) : t('forbidden.decisions.none')}</Empty> : undefined}
      >
        <RecordTable<Decision>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `decision-${one.subject}`}
          rowState={(one) => one.state}
          caption={t('forbidden.decisions.caption')}
          columns={[
            { key: 'name', title: t('forbidden.decisions.subject'), cell: (one) => <Link to={`/decisions/${one.id}`}>{one.name}</Link>, by: (one) => one.name },
            { key: 'grounds', title: t('forbidden.decisions.grounds'), cell: (one) => one.grounds.map(ground).join(semicolon()) },
            { key: 'state', title: t('forbidden.decisions.state'), cell: (one) => <DecisionState decision={one} />, by: (one) => one.state },
            {
              key: 'decided',
              title: t('forbidden.decisions.decided'),
              cell: (one) => (one.decided_us === null ? '—' : `${one.decided_name} ${momentText(one.decided_us)}`),
              by: (one) => one.decided_us ?? 0,
            },
            { key: 'reason', title: t('forbidden.reason'), cell: (one) => one.reason || '—' },
          ]}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}
