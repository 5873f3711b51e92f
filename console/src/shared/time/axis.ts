// Sums on the Beijing clock that a timeline needs: steps on calendar borders, days of a month, and what people type to jump.
// Formatting and reading of plain moments is `beijing.ts`.
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US, dayStart, parseWall, preciseText, wallClock } from './beijing';

/** Integer microseconds since the Unix epoch, UTC; also used for lengths of time. */
export type Micros = number;

const OFFSET_US = 8 * HOUR_US;

/** The largest multiple of `stepUs` on the Beijing clock that is not after `atUs`. */
export function floorToStep(atUs: Micros, stepUs: Micros): Micros {
  return Math.floor((atUs + OFFSET_US) / stepUs) * stepUs - OFFSET_US;
}

/** The moment of a Beijing calendar day; month 13 or day 0 carry over as in any calendar sum. */
export function calendarDay(year: number, month: number, day: number): Micros {
  return Date.UTC(year, month - 1, day) * 1000 - OFFSET_US;
}

/** `08:15:04.200` */
export function clockMsText(atUs: Micros): string {
  return preciseText(atUs).slice(11);
}

const two = (value: number) => String(value).padStart(2, '0');
const TYPED_CLOCK = /^(?:(今天|today|昨天|yesterday|前天)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/i;
const TYPED_MONTH_DAY = /^(\d{1,2})-(\d{1,2})\s+(\d{1,2}):(\d{2}(?::\d{2}(?:\.\d{1,3})?)?)$/;
const TYPED_BACK = /^-\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|秒|分|时|天)$/i;
const BACK_UNIT: Record<string, Micros> = {
  s: SECOND_US,
  秒: SECOND_US,
  m: MINUTE_US,
  分: MINUTE_US,
  h: HOUR_US,
  时: HOUR_US,
  d: DAY_US,
  天: DAY_US,
};
const DAYS_BACK: Record<string, number> = { 今天: 0, today: 0, 昨天: 1, yesterday: 1, 前天: 2 };

/**
 * What a person types to jump: `2026-11-23 08:15:04.2`, `8:15`, `昨天 22:00`, `11-23 8:15`, `-2h`.
 * A bare clock time means the day of `shownUs`; relative words count from `nowUs`. Null when it is not a time.
 */
export function parseTyped(text: string, nowUs: Micros, shownUs: Micros): Micros | null {
  const typed = text.trim().replaceAll('：', ':').replace(/\s+/, ' ');
  const full = parseWall(typed);
  if (full !== null) return full;

  const back = TYPED_BACK.exec(typed);
  if (back) return Math.round(nowUs - Number(back[1]) * (BACK_UNIT[(back[2] ?? '').toLowerCase()] ?? 0));

  const monthDay = TYPED_MONTH_DAY.exec(typed);
  if (monthDay) {
    const [month, day, hour, rest] = [1, 2, 3, 4].map((part) => monthDay[part] ?? '') as [
      string,
      string,
      string,
      string,
    ];
    return parseWall(
      `${wallClock(nowUs).year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${hour.padStart(2, '0')}:${rest}`,
    );
  }

  const clock = TYPED_CLOCK.exec(typed);
  if (!clock) return null;
  const word = clock[1]?.toLowerCase();
  const day = word === undefined ? dayStart(shownUs) : dayStart(nowUs) - (DAYS_BACK[word] ?? 0) * DAY_US;
  const w = wallClock(day);
  const seconds = `${clock[4] ?? '00'}.${clock[5] ?? '0'}`;
  return parseWall(`${w.year}-${two(w.month)}-${two(w.day)} ${two(Number(clock[2]))}:${clock[3] ?? '00'}:${seconds}`);
}
