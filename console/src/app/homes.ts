// Which home a person gets: the duty officer the wall, who keeps recordings going the summary, the clerk what is to be done,
// administrators their function.
import type { Session } from '@/api/types';

export const KEEPING = 'keeping';

/** The page that each role calls home; the first role of this order that is held wins. */
const HOMES: [role: string, home: string][] = [
  ['operator_admin', KEEPING],
  ['maintainer', KEEPING],
  ['duty_officer', '/live'],
  ['reviewer', '/playback'],
  ['filing_clerk', '/todo'],
  ['audit_admin', '/journal'],
  ['security_admin', '/accounts'],
  ['system_admin', '/system'],
];

/** An address, or `keeping` for the summary. Nobody gets an empty page: without any role, one's own views. */
export function homeOf(session: Session): string {
  return HOMES.find(([role]) => session.roles.includes(role))?.[1] ?? '/me/views';
}
