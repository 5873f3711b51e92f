// State in the address: flat text parameters, readable, nothing encoded that need not be (doors: `c=1:ch_7a,2:ch_9k`).
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

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

/** The page's parameters and a way to change some of them; unknown ones are kept. */
export function useAddress(): [Address, Change] {
  const search: Address = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = useCallback<Change>(
    (changes, how = 'push') => {
      void navigate({
        to: '.',
        search: ((before: Address) => ({ ...before, ...changes })),
        replace: how === 'replace',
      });
    },
    [navigate],
  );
  return [search, change];
}
