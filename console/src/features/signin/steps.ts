// Which steps stand between signing in and the console, and where in them a person is. Pure.
import type { Session } from '@/api/types';

export type StepKind = 'credentials' | 'password' | 'factor' | 'role';

type Owed = Pick<Session['user'], 'must_change_password' | 'must_enrol'>;

/** The way of somebody who has just signed in; nothing but `credentials` where nothing is owed. */
export function wayOf(user: Owed): StepKind[] {
  const owed: StepKind[] = [...(user.must_change_password ? (['password'] as const) : []), ...(user.must_enrol ? (['factor'] as const) : [])];
  return owed.length === 0 ? ['credentials'] : ['credentials', ...owed, 'role'];
}

/** What comes after `step`; null at the end of the way. */
export function after(way: readonly StepKind[], step: StepKind): StepKind | null {
  return way[way.indexOf(step) + 1] ?? null;
}
