// Which home a person gets: the duty officer the wall, who keeps recordings going the summary, clerks what is to be done,
// organs that oversee one look, administrators their function.
import type { Session } from '@/api/types';

export const KEEPING = 'keeping';
export const LOOK = 'look';

/** The page that each role calls home; the first role of this order that is held wins. */
const HOMES: [role: string, home: string][] = [
  ['operator_admin', KEEPING],
  ['maintainer', KEEPING],
  ['duty_officer', '/live'],
  ['reviewer', '/playback'],
  ['filing_clerk', '/todo'],
  ['public_security', LOOK],
  ['builder', '/todo'],
  ['planner', '/construction-plans'],
  ['government', LOOK],
  ['police_station', LOOK],
  ['development_reform', LOOK],
  ['economy_information', LOOK],
  ['finance', LOOK],
  ['science_technology', LOOK],
  ['housing_construction', LOOK],
  ['transport', LOOK],
  ['quality_supervision', LOOK],
  ['audit_admin', '/journal'],
  ['security_admin', '/accounts'],
  ['system_admin', '/system'],
];

/** An address, `keeping` for the summary, `look` for the one look. Nobody gets an empty page: without any role, one's own views. */
export function homeOf(session: Session): string {
  return HOMES.find(([role]) => session.roles.includes(role))?.[1] ?? '/me/views';
}
