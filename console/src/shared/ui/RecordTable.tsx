// The table of every register: caption with the count, columns that sort by their head, rows that arrow keys walk through.
// The sort stands in the address (`sort=-name`). It is offered only where every row is here: part of a list, sorted, misleads.
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/shared/address';
import { sortOf, sorted } from './sorting';
import './Sheet.css';

export interface Column<Row> {
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand right-aligned. */
  number?: boolean;
  /** What the column sorts by; a column without it does not sort. */
  by?: (row: Row) => string | number;
}

interface Props<Row> {
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  caption: string;
  /** How many there are in all; sorting waits until all of them are here. */
  total?: number;
  chosen?: string | undefined;
  rowTestId?: (row: Row) => string;
  rowState?: (row: Row) => string;
  testId?: string;
}

function toNeighbour(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  if (step === 0 || !row || event.target instanceof HTMLInputElement) return;
  const rows = [...event.currentTarget.querySelectorAll('tbody > tr')];
  const next = rows[rows.indexOf(row) + step]?.querySelector<HTMLElement>('a[href], button');
  if (!next) return;
  event.preventDefault();
  next.focus();
}

export function RecordTable<Row>(props: Props<Row>) {
  const { rows, columns, rowKey, caption, total = rows.length, chosen, rowTestId, rowState, testId } = props;
  const [address, change] = useAddress();
  const whole = rows.length >= total;
  const sort = sortOf(address.sort);
  const column = whole ? columns.find((one) => one.key === sort.key && one.by) : undefined;
  const shown = column?.by ? sorted(rows, column.by, sort.down) : rows;
  const turn = (key: string): void => {
    const next = sort.key !== key ? key : sort.down ? undefined : `-${key}`;
    change({ sort: next }, 'replace');
  };
  return (
    <div className="mj-table-seat">
      <table className="mj-table" aria-rowcount={total} data-testid={testId} onKeyDown={toNeighbour}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((one) => (
              <Head key={one.key} column={one} sorts={whole} down={one === column ? sort.down : null} onTurn={() => turn(one.key)} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)} data-testid={rowTestId?.(row)} data-state={rowState?.(row)} data-chosen={rowKey(row) === chosen}>
              {columns.map((one) => (
                <td key={one.key} data-number={one.number ? true : undefined}>
                  {one.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sorts: boolean;
  /** Whether the rows run downwards by this column; null where they do not run by it. */
  down: boolean | null;
  onTurn: () => void;
}

function Head<Row>({ column, sorts, down, onTurn }: HeadProps<Row>) {
  const { t } = useTranslation();
  const order = down === null ? undefined : down ? 'descending' : 'ascending';
  if (!column.title) return <td className="mj-table-no-head" />;
  return (
    <th scope="col" data-number={column.number ? true : undefined} aria-sort={order}>
      {sorts && column.by ? (
        <button type="button" className="mj-table-sort" title={t('states.panel.sort')} onClick={onTurn}>
          {column.title}
          <span aria-hidden="true">{down === null ? '' : down ? ' ↓' : ' ↑'}</span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}
