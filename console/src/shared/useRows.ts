// Pages of a list, one after another, as one list.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '@/api/types';

type Read<Row> = (after: string | null, signal: AbortSignal) => Promise<Page<Row>>;

export const PAGE_ROWS = 200;

export function useRows<Row>(key: unknown[], read: Read<Row>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { query, rows, total: query.data?.pages[0]?.total ?? 0 };
}

/** Every row of a list, however many pages it has. */
export async function everyRow<Row>(read: (after: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const page: Page<Row> = await read(after);
    rows.push(...page.items);
    after = page.next;
  } while (after !== null);
  return rows;
}
