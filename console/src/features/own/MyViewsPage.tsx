// What I have watched: my own entries of the journal about pictures.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ownViews } from '@/api/journal';
import { EntryPanel } from '@/shared/journal/EntryPanel';
import { JournalList } from '@/shared/journal/JournalList';
import { useRows } from '@/shared/useRows';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import '@/shared/journal/messages';

export default function MyViewsPage() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<number | null>(null);
  const { query, rows: entries, total } = useRows(['own-views'], ownViews);
  const shown = entries.find((entry) => entry.seq === chosen);
  return (
    <Sheet
      title={t('journal.views.title')}
      lead={t('journal.views.lead')}
      testId="views-page"
      beside={shown ? <EntryPanel entry={shown} onClose={() => setChosen(null)} /> : undefined}
    >
      <PanelState
        query={query}
        what={t('journal.views.title')}
        empty={query.isSuccess && entries.length === 0 ? <Empty>{t('journal.views.empty')}</Empty> : undefined}
      >
        {query.data ? (
          <JournalList
            entries={entries}
            total={total}
            chosen={chosen}
            onChoose={setChosen}
            hasMore={query.hasNextPage}
            loadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
          />
        ) : null}
      </PanelState>
    </Sheet>
  );
}
