// The checklist of a filing as it stands with what was typed but not saved yet, and the days of its life. Pure.
import type { ChecklistItem, FilingForm, FilingState, FilingWhole } from '@/api/filings';

export type Member = keyof FilingForm;
type Value = string | number | null;

/** A checklist item with what stands in the form now. */
export interface Line extends ChecklistItem {
  name: Member;
  value: Value;
  fact: Value;
}

const NUMBERS = new Set<Member>(['cameras', 'retention_days', 'staff']);
const DAYS = new Set<Member>(['in_use', 'accepted_on']);
const ANSWERS = new Set<Member>(['police_connection', 'secret_consent', 'audio', 'edge_storage', 'key_target']);

export function typeOf(name: Member): 'number' | 'day' | 'answer' | 'text' {
  if (ANSWERS.has(name)) return 'answer';
  if (NUMBERS.has(name)) return 'number';
  return DAYS.has(name) ? 'day' : 'text';
}

function plain(value: unknown): Value {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

export function linesOf(checklist: readonly ChecklistItem[], draft: FilingForm): Line[] {
  return checklist.map((item) => {
    const name = item.name as Member;
    const value = name in draft ? plain(draft[name]) : plain(item.filed);
    const fact = plain(item.measured);
    const empty = value === null || value === '';
    const state = empty ? (item.mandatory ? 'missing' : 'open') : fact !== null && fact !== value ? 'mismatch' : 'done';
    return { ...item, name, value, fact, state };
  });
}

/** The next line after `from` that is not done, in the direction of `step`, going round; null where all are. */
export function nextOpen(lines: readonly Line[], from: Member | null, step: 1 | -1): Member | null {
  const at = lines.findIndex((line) => line.name === from);
  const start = at < 0 && step < 0 ? lines.length : at;
  for (let i = 1; i <= lines.length; i += 1) {
    const line = lines[(start + i * step + lines.length * 2) % lines.length];
    if (line && (line.state === 'missing' || line.state === 'mismatch')) return line.name;
  }
  return null;
}

export type Moment = FilingWhole['kind'] | 'first' | 'due' | 'submitted' | 'decided' | 'today';

/** The days of a filing in order, today among them. */
export function lifeOf(filing: FilingWhole, today: string): { what: Moment; day: string }[] {
  const days: [Moment, string | null][] = [
    [filing.kind, filing.trigger],
    ['first', filing.clock.first],
    ['due', filing.due],
    ['submitted', filing.submitted],
    ['decided', filing.decided],
    ['today', today],
  ];
  return days
    .flatMap(([what, day]) => (day === null ? [] : [{ what, day }]))
    .sort((one, other) => one.day.localeCompare(other.day));
}

/** What a clerk most likely does next from each state. */
const FORWARD: Partial<Record<FilingState, FilingState>> = {
  preparing: 'checking',
  checking: 'submitted',
  submitted: 'accepted',
  returned: 'checking',
  refused: 'checking',
};

/** The steps that are possible, the forward one first. */
export function stepsFrom(state: FilingState, next: readonly FilingState[]): FilingState[] {
  const forward = FORWARD[state];
  return [...next].sort((one, other) => Number(other === forward) - Number(one === forward) || Number(one === 'withdrawn') - Number(other === 'withdrawn'));
}

const OPEN_FORM = new Set<FilingState>(['preparing', 'checking', 'returned', 'refused']);

export function isOpen(state: FilingState): boolean {
  return OPEN_FORM.has(state);
}
