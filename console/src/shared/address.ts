// State in the address: flat text parameters, readable, nothing encoded that need not be (doors: `c=1:ch_7a,2:ch_9k`).
import { useMatch, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import type { RouterHistory } from '@tanstack/react-router';
import { useCallback, useMemo, useSyncExternalStore } from 'react';

export type Address = Record<string, string | undefined>;

export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    const text = encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%3B', ';');
    parts.push(`${encodeURIComponent(key)}=${text}`);
  }
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

export type Change = (changes: Address, how?: 'push' | 'replace') => void;

/**
 * The page's parameters and a way to change some of them; unknown ones are kept. Where another page is already on its way,
 * nothing is changed: what a page says late (a map that took its new size) would stand in the other's address.
 */
export function useAddress(): [Address, Change] {
  const navigate = useNavigate();
  const history = useRouter().history as RouterHistory;
  const page = usePage();
  const change = useCallback<Change>(
    (changes, how = 'push') => {
      if (history.location.pathname !== page) return;
      void navigate({
        to: '.',
        search: ((before: Address) => ({ ...before, ...changes })),
        replace: how === 'replace',
      });
    },
    [navigate, history, page],
  );
  return [useParameters(), change];
}

function usePage(): string {
  return useMatch({ strict: false, select: (match) => match.pathname });
}

/**
 * The router hands a change of address on when it finds time. Until then a second key would act on what the first one
 * left behind, so the page reads the address itself; one that leads to another page is the router's affair.
 */
function useParameters(): Address {
  const history = useRouter().history as RouterHistory;
  const page = usePage();
  const handedOn: Address = useSearch({ strict: false });
  const text = useSyncExternalStore(history.subscribe, () => (history.location.pathname === page ? history.location.search : null));
  return useMemo(() => (text === null ? handedOn : parseSearch(text)), [text, handedOn]);
}
