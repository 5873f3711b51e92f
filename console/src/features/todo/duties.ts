// One list of what is to be done, of open filings and of findings with a deadline. Pure.
//
// The same duty does not stand twice: an open filing stands for the finding that its system owes just that filing. What the
// organ has got is not overdue any more, whatever its day was: it waits for an answer, among what comes later.
import type { Finding } from '@/api/compliance';
import type { Filing, FilingKind } from '@/api/filings';
import { GROUPS, groupOf } from '@/shared/law/days';
import type { Group } from '@/shared/law/days';

export type Duty = { id: string; due: string; daysLeft: number; group: Group } & ({ filing: Filing } | { finding: Finding });

const FILED_BY: Record<string, FilingKind[]> = { 'FILE-01': ['initial', 'legacy'], 'DISM-02': ['dismantling'] };

export function dutiesOf(filings: readonly Filing[], findings: readonly Finding[]): Duty[] {
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
      const stoodFor = (FILED_BY[rule] ?? []).some((kind) => open.has(`${subject} ${kind}`));
      if (due === null || days_left === null || stoodFor) return [];
      return [{ id, due, daysLeft: days_left, group: groupOf(days_left), finding }];
    }),
  ];
  return duties.sort((one, other) => one.due.localeCompare(other.due) || one.id.localeCompare(other.id));
}

/** The groups that have something, the most urgent first. */
export function grouped(duties: readonly Duty[]): { group: Group; duties: Duty[] }[] {
  return GROUPS.map((group) => ({ group, duties: duties.filter((one) => one.group === group) })).filter((one) => one.duties.length > 0);
}
