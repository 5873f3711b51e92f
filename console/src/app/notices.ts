// Notices that have one cause stand on one line: twelve cameras behind one dead switch are one thing to act on.
import type { Approval } from '@/api/approvals';
import type { Alarm } from '@/api/operations';

export interface Cause {
  key: string;
  /** The newest of them. */
  first: Alarm;
  count: number;
}

function keyOf(alarm: Alarm): string {
  const { reason } = alarm.facts;
  return typeof reason === 'string' ? `${alarm.kind} ${reason}` : alarm.id;
}

/** In the order given: an alarm with a reason joins those of the same kind and reason, any other stands alone. */
export function byCause(alarms: readonly Alarm[]): Cause[] {
  const found = new Map<string, Cause>();
  for (const alarm of alarms) {
    const key = keyOf(alarm);
    const cause = found.get(key);
    if (cause) cause.count += 1;
    else found.set(key, { key, first: alarm, count: 1 });
  }
  return [...found.values()];
}

/** The open approvals that the reader may decide, the soonest to lapse first; the server says which those are. */
export function waitingForMe(all: readonly Approval[]): Approval[] {
  return all.filter((one) => one.may_approve).sort((a, b) => a.until_us - b.until_us);
}
