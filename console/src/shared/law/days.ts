// How a legal deadline reads, and where it stands in a list of what is to be done. Days are counted by the server
// (natural days in Beijing, until 24:00 of the last); 0 is the last day.
import type { TFunction } from 'i18next';
import type { Filing } from '@/api/filings';
import type { Status } from '@/shared/ui/StatusShape';
import './messages';

export const GROUPS = ['overdue', 'today', 'three', 'seven', 'later'] as const;
export type Group = (typeof GROUPS)[number];

export function groupOf(daysLeft: number): Group {
  if (daysLeft < 0) return 'overdue';
  if (daysLeft === 0) return 'today';
  if (daysLeft <= 3) return 'three';
  return daysLeft <= 7 ? 'seven' : 'later';
}

/** ○ more than 15 days · ◔ 15 to 8 · ◑ 7 to 4 · ▲ 3 and less · ■ overdue. */
export function statusOf(daysLeft: number): Status {
  if (daysLeft < 0) return 'failed';
  if (daysLeft <= 3) return 'degraded';
  if (daysLeft <= 7) return 'nearing';
  return daysLeft <= 15 ? 'running' : 'off';
}

/** `逾 6 天`, `今天止`, `剩 3 天` */
export function daysText(t: TFunction, daysLeft: number): string {
  if (daysLeft < 0) return t('law.deadline.overdue', { count: -daysLeft });
  return daysLeft === 0 ? t('law.deadline.today') : t('law.deadline.left', { count: daysLeft });
}

/** `11-26 24:00 止`; the year stands with a day of another year than `today`. */
export function untilText(t: TFunction, due: string, today: string): string {
  return t('law.deadline.until', { day: due.slice(0, 4) === today.slice(0, 4) ? due.slice(5) : due });
}

const DAY_MS = 86_400_000;

/** Whole days from one day to another, both `2026-11-23`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

export interface Standing {
  status: Status;
  label: string;
}

/** How a filing stands to its deadline: what the organ has got in time is met, whatever day it is now. */
export function standingOf(t: TFunction, filing: Pick<Filing, 'state' | 'submitted' | 'due' | 'days_left'>): Standing {
  const { state, submitted, due, days_left } = filing;
  if (state === 'withdrawn') return { status: 'off', label: t('law.deadline.withdrawn') };
  if (submitted === null || state === 'returned' || state === 'refused') {
    return { status: statusOf(days_left), label: daysText(t, days_left) };
  }
  const late = daysBetween(due, submitted);
  return late > 0
    ? { status: 'failed', label: t('law.deadline.late', { count: late }) }
    : { status: 'ok', label: t('law.deadline.met') };
}
