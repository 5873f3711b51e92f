// Whether a person is still to be told that somebody else gave them a password: once for each reset, in this browser.
import type { Session } from '@/api/types';

type Told = Pick<Session['user'], 'id' | 'password_reset'>;

const keyOf = (user: Told): string => `mingjing.resetKnown.${user.id}`;

export function toTell(user: Told): NonNullable<Told['password_reset']> | null {
  const reset = user.password_reset;
  if (!reset || window.localStorage.getItem(keyOf(user)) === String(reset.at_us)) return null;
  return reset;
}

export function remember(user: Told): void {
  if (user.password_reset) window.localStorage.setItem(keyOf(user), String(user.password_reset.at_us));
}
