// The journal: is it whole, then who did what to which thing, newest first. Nothing here can be edited. The auditor's home.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { journal, journalEntry } from '@/api/journal';
import type { JournalFilter } from '@/api/journal';
import { useAddress } from '@/shared/address';
import type { Address } from '@/shared/address';
import { EntryPanel } from '@/shared/journal/EntryPanel';
import { JournalList } from '@/shared/journal/JournalList';
import { useRows } from '@/shared/useRows';
import { parseWall } from '@/shared/time/beijing';
import { countText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import '@/shared/journal/messages';
import { FILTERS, JournalFilters } from './JournalFilters';
import { VerdictCard } from './VerdictCard';

function filterOf(address: Address): JournalFilter {
  const from = address.from ? parseWall(address.from) : null;
  const until = address.until ? parseWall(address.until) : null;
  return {
    ...(address.who ? { who: address.who } : {}),
    ...(address.what ? { what: address.what } : {}),
    ...(address.object ? { object: address.object } : {}),
    ...(from === null ? {} : { from_us: from }),
    ...(until === null ? {} : { until_us: until }),
  };
}

export default function JournalPage() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const filter = filterOf(address);
  const { query, rows: entries, total } = useRows(['journal', filter], (after, signal) => journal(filter, after, signal));
  const chosen = address.e && /^\d+$/.test(address.e) ? Number(address.e) : null;
  const listed = entries.find((entry) => entry.seq === chosen);
  const alone = useQuery({
    queryKey: ['journal-entry', chosen],
    queryFn: ({ signal }) => journalEntry(chosen ?? 0, signal),
    enabled: chosen !== null && listed === undefined && query.isSuccess,
  });
  const shown = listed ?? alone.data;
  const filtered = FILTERS.some((name) => address[name]);
  const empty =
    query.isSuccess && entries.length === 0 ? (
      <Empty>
        {filtered ? t('states.panel.filteredEmpty', { what: t('journal.title') }) : t('journal.empty')}{' '}
        {filtered ? (
          <Act kind="link" onAct={() => change(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}>
            {t('states.panel.clearFilter')}
          </Act>
        ) : null}
      </Empty>
    ) : undefined;
  return (
    <Sheet
      title={t('journal.title')}
      lead={query.isSuccess ? t('journal.entries', { count: total, replace: { count: countText(total) } }) : null}
      testId="journal-page"
      bar={
        <>
          <VerdictCard />
          <JournalFilters address={address} change={change} />
        </>
      }
      beside={
        shown && chosen !== null ? (
          <EntryPanel
            entry={shown}
            onClose={() => change({ e: undefined }, 'replace')}
            onSameObject={() => change({ object: shown.object, who: undefined, what: undefined, e: undefined })}
            onSameActor={() => change({ who: shown.actor, object: undefined, what: undefined, e: undefined })}
          />
        ) : undefined
      }
    >
      <PanelState query={query} what={t('journal.title')} empty={empty}>
        {query.data ? (
          <JournalList
            entries={entries}
            total={total}
            chosen={chosen}
            onChoose={(seq) => change({ e: String(seq) }, 'replace')}
            hasMore={query.hasNextPage}
            loadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
          />
        ) : null}
      </PanelState>
    </Sheet>
  );
}
