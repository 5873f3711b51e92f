// What every register's list page is: filters in the address, the list, and a form beside it to enter a record.
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Page } from '@/api/types';
import { useAddress } from '@/shared/address';
import { FilterSelect, ListFilters } from '@/shared/views/ListFilters';
import { useWords } from '@/shared/law/useWords';
import { useMay } from '@/shared/session';
import { Act, useRefusal } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { RecordTable } from '@/shared/ui/RecordTable';
import type { Column } from '@/shared/ui/RecordTable';
import { Empty, Sheet } from '@/shared/ui/Sheet';
import { PAGE_ROWS, useRows } from '@/shared/useRows';

type Filter = 'category' | 'regime' | 'state' | 'kind';
type Further = 'life' | 'coverage' | 'conclusion';

interface Asked extends Partial<Record<Filter | Further, string | undefined>> {
  q: string | undefined;
  under: string | undefined;
  limit: number;
  after: string | null;
}

interface Form {
  division: string;
  onDone: (kept: { id: string }) => void;
  onClose: () => void;
}

interface Props<Row> {
  /** `place`: names test ids, and with an s the address. */
  kind: 'place' | 'system' | 'construction-plan' | 'project' | 'forbidden-place';
  /** Who holds it may enter a record. */
  right?: 'register.write' | 'planning.write' | 'project.write';
  words: { title: string; enter: string; none: string; caption: string };
  /** The member that narrows the list beside division and words; its values come from the vocabulary, or are given. */
  filter: Filter;
  options?: readonly { code: string; name: string }[];
  /** Further members that narrow it. */
  further?: readonly { name: Further; label: string; options: readonly { code: string; name: string }[]; none?: string }[];
  /** The list of the vocabulary that it takes, where that is called otherwise. */
  vocabulary?: string;
  /** Stands above the filters: the other registers beside this one. */
  tabs?: ReactNode;
  read: (asked: Asked, signal: AbortSignal) => Promise<Page<Row>>;
  columns: Column<Row>[];
  form: (form: Form) => ReactNode;
}

/** The filter of a register by whether a record still stands in it; without it those are listed that do. */
export function useWhetherEnded() {
  const { t } = useTranslation();
  return {
    name: 'life',
    label: t('registers.ended.life'),
    none: t('registers.ended.standing'),
    options: [
      { code: 'ended', name: t('registers.ended.gone') },
      { code: 'all', name: t('registers.ended.all') },
    ],
  } as const;
}

export function RegisterSheet<Row extends { id: string; division: string }>(props: Props<Row>) {
  const { kind, right = 'register.write', words, filter, vocabulary = filter, options, further = [], tabs, read, columns, form } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const mayWrite = useMay(right);
  const { list } = useWords();
  const [address, change] = useAddress();
  const { q, under } = address;
  const names = [filter, ...further.map((one) => one.name)];
  const chosen: Partial<Record<Filter | Further, string | undefined>> = Object.fromEntries(names.map((name) => [name, address[name]]));
  const { query, rows, total } = useRows([`${kind}s`, { q, under, ...chosen }], (after, signal) =>
    read({ q, under, limit: PAGE_ROWS, after, ...chosen }, signal),
  );
  // Not before the list is known: a new record most likely stands where the others do.
  const adding = address.add === '1' && mayWrite && !query.isPending;
  const none = [q, under, ...Object.values(chosen)].some(Boolean) ? t('states.panel.filteredEmpty', { what: words.title }) : words.none;
  return (
    <Sheet
      title={words.title}
      lead={query.isSuccess ? t('registers.count', { shown: rows.length, total }) : null}
      testId={`${kind}s-page`}
      acts={
        <Act kind="primary" testId={`${kind}-enter`} refusal={refusal(mayWrite, t(`rights.permission.${right}`))} onAct={() => change({ add: '1' })}>
          {words.enter}
        </Act>
      }
      bar={
        <>
          {tabs}
          <ListFilters page={`${kind}s`} byName more={names}>
            <FilterSelect name={filter} label={t(`registers.member.${filter}`)} options={options ?? list(vocabulary)} />
            {further.map((one) => (
              <FilterSelect key={one.name} {...one} />
            ))}
          </ListFilters>
        </>
      }
      beside={
        adding
          ? form({
              division: under ?? rows[0]?.division ?? '',
              onDone: (kept) => void navigate({ to: `/${kind}s/${kept.id}` }),
              onClose: () => change({ add: undefined }, 'replace'),
            })
          : undefined
      }
    >
      <PanelState query={query} what={words.title} empty={query.isSuccess && rows.length === 0 ? <Empty>{none}</Empty> : undefined}>
        <RecordTable<Row>
          rows={rows}
          total={total}
          rowKey={(one) => one.id}
          rowTestId={(one) => `${kind}-${one.id}`}
          caption={words.caption}
          columns={columns}
        />
        {query.hasNextPage ? <Act onAct={() => void query.fetchNextPage()}>{t('oversee.more')}</Act> : null}
      </PanelState>
    </Sheet>
  );
}
