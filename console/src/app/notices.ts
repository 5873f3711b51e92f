// Notices that have one cause stand on one line: twelve cameras behind one dead switch are one thing to act on.
import type { Approval } from '@/api/approvals';
import type { Alarm } from '@/api/operations';
import type { Reminder } from '@/api/reminders';

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

export interface Recalls {
  key: string;
  /** The most urgent of them. */
  first: Reminder;
  ids: string[];
}

const URGENCY: Reminder['stage'][] = ['escalated', 'overdue', '1', '3', '7', '15'];

/** Reminders of one stage and duty on one line, the most urgent stage first and in it the earliest deadline. */
export function recalls(all: readonly Reminder[]): Recalls[] {
  const sorted = [...all].sort((a, b) => URGENCY.indexOf(a.stage) - URGENCY.indexOf(b.stage) || a.due.localeCompare(b.due));
  const found = new Map<string, Recalls>();
  for (const one of sorted) {
    const key = `${one.stage} ${one.kind} ${one.title}`;
    const known = found.get(key);
    if (known) known.ids.push(one.id);
    else found.set(key, { key, first: one, ids: [one.id] });
  }
  return [...found.values()];
}

const PAGES: Record<string, string> = { filing: '/filings', order: '/orders', system: '/systems', place: '/places', camera: '/cameras', staff: '/staff' };

/** Where what a reminder is about is dealt with. */
export function addressOf({ subject }: Pick<Reminder, 'subject'>): string {
  const [kind = '', id = ''] = subject.split(':');
  const page = PAGES[kind];
  return page ? `${page}/${id}` : '/todo';
}
