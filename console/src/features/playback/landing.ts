// Which camera's recordings to open with, and at which moment of them. Pure.
import type { WireLane } from '@/api/recordings';
import type { Micros } from '@/shared/time/axis';
import { MINUTE_US } from '@/shared/time/beijing';

type Span = NonNullable<WireLane['spans']>[number];

type Last = Pick<WireLane, 'last_us'>;

/** The first camera that was recorded after `sinceUs`. */
export function firstSince<Lane extends Last>(lanes: readonly Lane[], sinceUs: Micros): Lane | null {
  return lanes.find((lane) => (lane.last_us ?? 0) > sinceUs) ?? null;
}

/** The camera that was recorded latest. */
export function latestOf<Lane extends Last>(lanes: readonly Lane[]): Lane | null {
  return lanes.reduce<Lane | null>((best, lane) => ((lane.last_us ?? 0) > (best?.last_us ?? 0) ? lane : best), null);
}

/**
 * A minute before the end of the last recorded stretch, or its beginning where it is shorter; in whole milliseconds, as
 * addresses have it, and never before what is recorded.
 */
export function landOn(spans: readonly Pick<Span, 'kind' | 'from_us' | 'until_us'>[], lastUs: Micros): Micros {
  const last = spans.findLast((span) => span.kind === 'recorded' || span.kind === 'imported');
  if (!last) return lastUs - MINUTE_US;
  return Math.ceil(Math.max(last.from_us, last.until_us - MINUTE_US) / 1000) * 1000;
}
