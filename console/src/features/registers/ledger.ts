// Registers whose records are a list of members and no more: contracts, staff files, agreements. What each holds, and how it
// is read and written.
import { changeContract, contract, contracts, enterContract } from '@/api/orders';
import { agreement, agreements, changeAgreement, changeStaff, enterAgreement, enterStaff, staffFile, staffFiles } from '@/api/staff';
import type { Page, Schemas } from '@/api/types';
import type { Address } from '@/shared/address';
import { untilOf } from '@/shared/views/views';

type Kind = 'text' | 'lines' | 'unit' | 'system' | 'systems' | 'day' | 'number' | 'post' | 'work';

export interface Field {
  name: string;
  kind: Kind;
  mandatory?: boolean;
}

export interface Row {
  id: string;
  name: string;
  division: string;
  organisation: string;
  changed_us: number;
}

interface Asked {
  q: string | undefined;
  under: string | undefined;
  ends_until?: string | undefined;
  lacking?: string | undefined;
  limit: number;
  after: string | null;
}

export type LedgerName = 'contracts' | 'staff' | 'agreements';
export type Content = Record<string, unknown>;

export interface Ledger {
  name: LedgerName;
  /** The right to read is the page's; this one is to write. */
  write: 'order.write' | 'staff.write';
  /** Whose articles ask for it. */
  rule: string;
  fields: readonly Field[];
  /** Members that the list shows beside name, area and unit. */
  shown: readonly string[];
  /** What narrows the list beside words and area: when it ends, or what is lacking. */
  filter: 'within' | 'lacking';
  /** Members that are told and not entered. */
  told: readonly string[];
  list: (asked: Asked, signal: AbortSignal) => Promise<Page<Row>>;
  read: (id: string, signal?: AbortSignal) => Promise<Row>;
  enter: (wish: Content) => Promise<Row>;
  change: (id: string, patch: Content) => Promise<Row>;
}

/** Members of every record that do not change once it is entered. */
export const PLACED = new Set(['division', 'organisation']);

export const LEDGERS: Record<LedgerName, Ledger> = {
  contracts: {
    name: 'contracts',
    write: 'order.write',
    rule: 'MAINT-02',
    fields: [
      { name: 'maintainer', kind: 'unit', mandatory: true }, { name: 'systems', kind: 'systems' }, { name: 'since', kind: 'day', mandatory: true },
      { name: 'until', kind: 'day', mandatory: true }, { name: 'response_hours', kind: 'number', mandatory: true },
      { name: 'repair_hours', kind: 'number', mandatory: true }, { name: 'contact', kind: 'text' }, { name: 'phone', kind: 'text' },
      { name: 'note', kind: 'lines' },
    ],
    shown: ['maintainer', 'since', 'until', 'response_hours', 'repair_hours'],
    filter: 'within',
    told: [],
    list: contracts,
    read: contract,
    enter: async (wish) => enterContract(wish as Schemas['ContractWish']),
    change: async (id, patch) => changeContract(id, patch),
  },
  staff: {
    name: 'staff',
    write: 'staff.write',
    rule: 'ACCS-02',
    fields: [
      { name: 'post', kind: 'post', mandatory: true }, { name: 'system', kind: 'system' }, { name: 'vetted', kind: 'day' },
      { name: 'pledged', kind: 'day' }, { name: 'trained', kind: 'day' }, { name: 'left', kind: 'day' }, { name: 'note', kind: 'lines' },
    ],
    shown: ['post', 'vetted', 'pledged', 'trained', 'next_training'],
    filter: 'lacking',
    told: ['next_training'],
    list: staffFiles,
    read: staffFile,
    enter: async (wish) => enterStaff(wish as Schemas['StaffWish']),
    change: async (id, patch) => changeStaff(id, patch),
  },
  agreements: {
    name: 'agreements',
    write: 'staff.write',
    rule: 'ACCS-05',
    fields: [
      { name: 'contractor', kind: 'unit', mandatory: true }, { name: 'work', kind: 'work', mandatory: true }, { name: 'contract', kind: 'text' },
      { name: 'systems', kind: 'systems' }, { name: 'content', kind: 'lines' }, { name: 'signed', kind: 'day' },
      { name: 'until', kind: 'day', mandatory: true }, { name: 'note', kind: 'lines' },
    ],
    shown: ['contractor', 'work', 'signed', 'until'],
    filter: 'within',
    told: [],
    list: agreements,
    read: agreement,
    enter: async (wish) => enterAgreement(wish as Schemas['AgreementWish']),
    change: async (id, patch) => changeAgreement(id, patch),
  },
};

export const CHOICES = { post: ['watch', 'manage'], work: ['operation', 'design', 'construction', 'inspection', 'maintenance'] } as const;

/** Members of a staff file by whose absence the list is narrowed. */
export const LACKING = ['vetted', 'pledged', 'trained'] as const;

/** What of an address narrows a list beside words and area. */
export function narrowedOf(ledger: Ledger, { within, lacking }: Address, today: string): { ends_until?: string | undefined; lacking?: string | undefined } {
  return ledger.filter === 'within' ? { ends_until: untilOf(within, today) } : { lacking };
}

/** What a form begins with: of a new record nothing but what has to be chosen. */
export function startOf(ledger: Ledger, row: Row | undefined, division: string): Content {
  const values: Content = { name: '', division, organisation: '', ...row };
  const empty: Record<Kind, unknown> = {
    text: '', lines: '', unit: '', system: null, systems: [], day: null, number: null, post: CHOICES.post[0], work: CHOICES.work[0],
  };
  const named = ledger.fields.map(({ name, kind }) => [name, values[name] ?? empty[kind]]);
  const members = Object.fromEntries(named) as Content;
  return { name: values.name, division: values.division, organisation: values.organisation, ...members };
}

/** Names of mandatory members that are empty. */
export function lackingOf(ledger: Ledger, content: Content): string[] {
  const wanted = ['name', 'division', ...ledger.fields.filter((one) => one.mandatory).map((one) => one.name)];
  return wanted.filter((name) => content[name] === '' || content[name] === null);
}
