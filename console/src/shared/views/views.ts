// Views of a list: a name for a filter. The filter itself is the address, and choosing a view puts it there. Pure.
import type { FilterPage } from '@/api/filters';
import { parseSearch, stringifySearch } from '@/shared/address';
import type { Address } from '@/shared/address';

/** Terms of a deadline that stay right tomorrow: over, or within so many days. */
export const TERMS = ['overdue', '3', '7', '30', '90'] as const;
export type Term = (typeof TERMS)[number];

const DAY_MS = 86_400_000;

/** The last day of a term, seen from `today`, both `2026-11-23`; undefined for what is no term. */
export function untilOf(term: string | undefined, today: string): string | undefined {
  const found = TERMS.find((one) => one === term);
  if (!found) return undefined;
  const days = found === 'overdue' ? -1 : Number(found);
  return new Date(Date.parse(today) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Views that come with the program, by page. */
export const SHIPPED = {
  cameras: { unsigned: { lacking: 'sign' }, incomplete: { lacking: 'dossier' }, loose: { lacking: 'system' } },
  systems: { unused: { life: 'planned' }, dismantling: { life: 'dismantling' }, dismantled: { life: 'dismantled' }, ended: { life: 'ended' } },
  places: { uncovered: { coverage: 'uncovered' }, unlisted: { coverage: 'unlisted' }, ended: { life: 'ended' } },
  'forbidden-places': { secret: { kind: 'secret_neighbour' }, ended: { life: 'ended' } },
  decisions: { waiting: { state: 'waiting' }, masked: { state: 'masked' } },
  units: { organs: { kind: 'public_security' }, uncoded: { lacking: 'credit_code' } },
  'construction-plans': { submitted: { state: 'submitted' }, returned: { state: 'returned' } },
  projects: { unconcluded: { conclusion: 'none' }, failed: { conclusion: 'not_passed' } },
  filings: { overdue: { state: 'owed', within: 'overdue' }, soon: { state: 'owed', within: '7' }, returned: { state: 'returned' }, answer: { state: 'submitted' } },
  rounds: { overdue: { within: 'overdue' }, week: { within: '7' } },
  orders: { open: { state: 'open' }, late: { late: 'true' }, confirm: { state: 'repaired' } },
  contracts: { over: { within: 'overdue' }, ending: { within: '90' } },
  staff: { unvetted: { lacking: 'vetted' }, unpledged: { lacking: 'pledged' }, untrained: { lacking: 'trained' } },
  agreements: { over: { within: 'overdue' }, ending: { within: '90' } },
  compliance: { broken: { verdict: 'broken' }, unknown: { verdict: 'unknown' }, late: { verdict: 'late' } },
} as const satisfies Record<FilterPage, Record<string, Record<string, string>>>;

/** What of an address is the filter of a page that filters by these names, as one text; the same for the same filter. */
export function filterText(address: Address, names: readonly string[]): string {
  const found = Object.fromEntries([...names, 'sort'].sort().map((name) => [name, address[name]]));
  return stringifySearch(found).slice(1);
}

/** A filter as changes of the address: what it does not name is emptied, and what is no filter of the page left alone. */
export function filterOf(text: string, names: readonly string[]): Address {
  const found = parseSearch(text);
  return Object.fromEntries([...names, 'sort'].map((name) => [name, found[name]]));
}
