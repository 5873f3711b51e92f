// Pages of journal entries, one after another, as one list.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { JournalEntry } from '@/api/journal';
import type { Page } from '@/api/types';

type Read = (after: string | null, signal: AbortSignal) => Promise<Page<JournalEntry>>;

export function useEntries(key: unknown[], read: Read) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { query, entries, total: query.data?.pages[0]?.total ?? 0 };
}
