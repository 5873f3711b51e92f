// Beijing time (UTC+8, no daylight saving) for people and addresses. The wire counts microseconds since the epoch, UTC;
// only this file turns the one into the other, whatever zone the browser is in.
import i18next from 'i18next';

const OFFSET_MS = 8 * 3600 * 1000;

export interface WallClock {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  milli: number;
  /** 0 is Sunday. */
  weekday: number;
}

const two = (n: number): string => String(n).padStart(2, '0');
const three = (n: number): string => String(n).padStart(3, '0');

export function wallClock(us: number): WallClock {
  const d = new Date(us / 1000 + OFFSET_MS);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
    second: d.getUTCSeconds(),
    milli: d.getUTCMilliseconds(),
    weekday: d.getUTCDay(),
  };
}

/** `2026-11-23` */
export function dateText(us: number): string {
  const w = wallClock(us);
  return `${w.year}-${two(w.month)}-${two(w.day)}`;
}

/** `08:15:04` */
export function clockText(us: number): string {
  const w = wallClock(us);
  return `${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
}

/** `08:15` */
export function minuteText(us: number): string {
  return clockText(us).slice(0, 5);
}

/** `2026-11-23 08:15:04` */
export function momentText(us: number): string {
  return `${dateText(us)} ${clockText(us)}`;
}

/** `2026-11-23 08:15:04.200` */
export function preciseText(us: number): string {
  return `${momentText(us)}.${three(wallClock(us).milli)}`;
}

/** `2026-11-23T08:15:04.200`, as addresses carry it. */
export function addressText(us: number): string {
  return preciseText(us).replace(' ', 'T');
}

/** In lists: `今天 08:15`, `昨天 22:00`, else the date and minute. */
export function listText(us: number, nowUs: number): string {
  const day = dayStart(us);
  const today = dayStart(nowUs);
  if (day === today) return i18next.language === 'en' ? `Today ${clockText(us)}` : `今天 ${clockText(us)}`;
  if (day === today - DAY_US) {
    return i18next.language === 'en' ? `Yesterday ${clockText(us)}` : `昨天 ${clockText(us)}`;
  }
  return momentText(us);
}

const WALL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/** Reads `2026-11-23T08:15:04.200` (time optional) as Beijing time; null when it is not a moment. */
export function parseWall(text: string): number | null {
  const m = WALL.exec(text);
  if (!m) return null;
  const part = (i: number): number => Number(m[i] ?? 0);
  const milli = Number((m[7] ?? '0').padEnd(3, '0'));
  const ms = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6), milli);
  const us = (ms - OFFSET_MS) * 1000;
  const back = wallClock(us);
  const exact = back.month === part(2) && back.day === part(3) && back.hour === part(4) && back.minute === part(5);
  return exact ? us : null;
}

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 3600 * SECOND_US;
export const DAY_US = 24 * HOUR_US;

/** The Beijing midnight at or before the moment. */
export function dayStart(us: number): number {
  const shifted = us + OFFSET_MS * 1000;
  return shifted - (((shifted % DAY_US) + DAY_US) % DAY_US) - OFFSET_MS * 1000;
}

/** The browser's clock, in microseconds. */
export function nowUs(): number {
  return Date.now() * 1000;
}

/** `2 分 30 秒`, `1 小时 03 分`, `42 秒`; two units at most. */
export function spanText(us: number): string {
  const en = i18next.language === 'en';
  const seconds = Math.floor(us / SECOND_US);
  const d = Math.floor(seconds / 86400);
  const h = Math.floor((seconds % 86400) / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  const words = en ? (['d', 'h', 'min', 's'] as const) : (['天', '小时', '分', '秒'] as const);
  if (d > 0) return `${d} ${words[0]}${h > 0 ? ` ${h} ${words[1]}` : ''}`;
  if (h > 0) return `${h} ${words[1]}${m > 0 ? ` ${two(m)} ${words[2]}` : ''}`;
  if (m > 0) return `${m} ${words[2]}${s > 0 ? ` ${two(s)} ${words[3]}` : ''}`;
  return `${s} ${words[3]}`;
}

/** `08:14:00–08:16:30（2 分 30 秒）` */
export function rangeText(fromUs: number, untilUs: number): string {
  const sameDay = dayStart(fromUs) === dayStart(untilUs - 1);
  const until = sameDay ? clockText(untilUs) : momentText(untilUs);
  const from = sameDay ? clockText(fromUs) : momentText(fromUs);
  const span = spanText(untilUs - fromUs);
  return i18next.language === 'en' ? `${from}–${until} (${span})` : `${from}–${until}（${span}）`;
}
