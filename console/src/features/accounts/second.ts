// When an act turns out to take two persons, what to ask the second person for; and what may be done with a request.
import type { Approval, ApprovalWish } from '@/api/approvals';
import { Problem } from '@/api/problem';

/** What is to be asked, before there is a reason. */
export type Asking = Omit<ApprovalWish, 'reason' | 'user'>;

const SECOND_PERSON = 'AUTH-030';

export function takesTwo(error: unknown): boolean {
  return error instanceof Problem && error.code === SECOND_PERSON;
}

export type Standing = 'approve' | 'own' | 'concerned' | 'over';

/** How the reader stands to a request: may be the second, asked for it, is concerned, or it is no longer open. */
export function standingOf(one: Approval): Standing {
  if (one.state !== 'open') return 'over';
  if (one.may_approve) return 'approve';
  return one.mine ? 'own' : 'concerned';
}

/** Open ones first, the soonest to lapse on top; then the decided ones as they came. */
export function inOrder(all: readonly Approval[]): Approval[] {
  const open = all.filter((one) => one.state === 'open').sort((a, b) => a.until_us - b.until_us);
  return [...open, ...all.filter((one) => one.state !== 'open')];
}
