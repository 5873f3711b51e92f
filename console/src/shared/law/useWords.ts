// What the codes of the orders are called (regime, category, position …): closed lists that the server holds and that
// stay as they are while it runs.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { vocabulary } from '@/api/compliance';
import { inLanguage } from '@/shared/i18n';

export interface Word {
  code: string;
  name: string;
}

export interface Words {
  /** The name of a code; the code where there is none, or none yet. */
  word: (list: string, code: string) => string;
  /** A list in the order of its order. */
  list: (name: string) => Word[];
  /** Codes of the sub-categories of a category. */
  below: (category: string) => string[];
}

export function useWords(): Words {
  const { data } = useQuery({ queryKey: ['vocabulary'], queryFn: ({ signal }) => vocabulary(signal), staleTime: Infinity });
  const list = useCallback(
    (name: string): Word[] => (data?.lists[name] ?? []).map((one) => ({ code: one.code, name: inLanguage(one.name, one.name_en) })),
    [data],
  );
  const word = useCallback((name: string, code: string) => list(name).find((one) => one.code === code)?.name ?? code, [list]);
  const below = useCallback((category: string) => data?.subcategories[category] ?? [], [data]);
  return { word, list, below };
}
