// One list of what is to be done, of open filings, of fault orders that are not over, and of findings with a deadline.
// Pure.
//
// The same duty does not stand twice: an open filing stands for the finding that its system owes just that filing. What the
// organ has got is not overdue any more, whatever its day was: it waits for an answer, among what comes later.
import type { Finding } from '@/api/compliance';
import type { Waiting } from '@/api/waiting';
import type { Filing, FilingKind } from '@/api/filings';
import type { Order } from '@/api/orders';
import { GROUPS as DATED, groupOf } from '@/shared/law/days';
import { dateText } from '@/shared/time/beijing';

/** By what is left of a deadline; what waits without one comes last. */
export type Group = (typeof DATED)[number] | 'undated';
const GROUPS: readonly Group[] = [...DATED, 'undated'];

/** `due` is later than any day where the law sets none. */
export type Duty = { id: string; due: string; daysLeft: number | null; group: Group } & ({ filing: Filing } | { finding: Finding } | { order: Order } | { waiting: Waiting });

/** Sorts after every deadline. */
const NEVER = '9999';

const DAY_MS = 86_400_000;
const FILED_BY: Record<string, FilingKind[]> = {
  'FILE-01': ['initial', 'legacy'],
  'FILE-02': ['initial', 'legacy'],
  'FILE-03': ['change'],
  'DISM-02': ['dismantling'],
};
/** Rules whose findings an open fault order stands for. */
const ORDERED = 'MAINT-02';

/** The rule whose findings an acceptance that waits stands for. */
const STAGES = 'SIM-01';

const DOES: Record<Finding['kind'], string[]> = {
  system: ['register.write', 'filing.write'],
  place: ['register.write'],
  camera: ['register.write'],
  plan: ['planning.write'],
  project: ['project.write'],
  round: ['compliance.handle'],
  staff: ['staff.write'],
};

/**
 * Whether somebody with these rights is the one to do it: who only oversees reads of others' duties among the figures. What
 * was told to them because nobody did it is theirs, too.
 */
export function isOwn(duty: Duty, may: (permission: string) => boolean, told: ReadonlySet<string>): boolean {
  if (told.has(duty.id) || 'waiting' in duty) return true;
  if ('filing' in duty) return may('filing.write') || (may('filing.decide') && duty.filing.state === 'submitted');
  if ('order' in duty) return may('order.write') || may('order.work');
  return DOES[duty.finding.kind].some(may);
}

/** `today` as `2026-11-23`, for the orders: their terms are moments. */
export function dutiesOf(filings: readonly Filing[], findings: readonly Finding[], orders: readonly Order[], today: string, waiting: readonly Waiting[] = []): Duty[] {
  const open = new Set(filings.map((one) => `${one.system} ${one.kind}`));
  const duties = [
    ...filings.map((filing): Duty => ({
      id: filing.id,
      due: filing.due,
      daysLeft: filing.days_left,
      group: filing.state === 'submitted' ? 'later' : groupOf(filing.days_left),
      filing,
    })),
    ...findings.flatMap((finding): Duty[] => {
      const { id, due, days_left, rule, subject } = finding;
      const ordered = rule === ORDERED && orders.some((one) => one.system === subject);
      const accepting = rule === STAGES && waiting.some((one) => one.kind === 'acceptance' && one.record === subject);
      const stoodFor = ordered || accepting || (FILED_BY[rule] ?? []).some((kind) => open.has(`${subject} ${kind}`));
      if (due === null || days_left === null || stoodFor) return [];
      return [{ id, due, daysLeft: days_left, group: groupOf(days_left), finding }];
    }),
    ...orders.map((order): Duty => {
      const due = dateText(termOf(order));
      const daysLeft = Math.round((Date.parse(due) - Date.parse(today)) / DAY_MS);
      return { id: order.id, due, daysLeft, group: order.overdue ? 'overdue' : order.state === 'repaired' ? 'today' : groupOf(daysLeft), order };
    }),
    ...waiting.map((one): Duty => ({
      id: one.record || `${one.rule} ${one.verdict}`,
      due: one.due ?? NEVER,
      daysLeft: one.days_left,
      group: one.days_left === null ? 'undated' : groupOf(one.days_left),
      waiting: one,
    })),
  ];
  return duties.sort((one, other) => one.due.localeCompare(other.due) || one.id.localeCompare(other.id));
}

/** The next term of an order; of one that waits to be confirmed, when it was repaired, and of one without terms, when it was opened. */
function termOf(order: Order): number {
  if (order.state === 'opened') return order.respond_by_us ?? order.opened_us;
  return (order.state === 'responded' ? order.repair_by_us : order.repaired_us) ?? order.opened_us;
}

/** The groups that have something, the most urgent first. */
export function grouped(duties: readonly Duty[]): { group: Group; duties: Duty[] }[] {
  return GROUPS.map((group) => ({ group, duties: duties.filter((one) => one.group === group) })).filter((one) => one.duties.length > 0);
}
