// Lands on the first gap of a day once the day is known: what a figure of lost recording links to.
import { useEffect, useRef } from 'react';
import type { Micros } from '@/shared/time/axis';
import { DAY_US } from '@/shared/time/beijing';
import type { Span } from '@/shared/timeline/span';
import type { TileCache } from '@/shared/timeline/tiles';

/** `onFound` is called once, with null where the day has no gap. */
export function useFirstGap(
  cache: TileCache,
  channel: string | undefined,
  dayUs: Micros | null,
  onFound: (gapUs: Micros | null) => void,
): void {
  const latest = useRef(onFound);
  useEffect(() => {
    latest.current = onFound;
  });
  const day = channel === undefined || dayUs === null ? null : cache.lane('spans', channel, dayUs, dayUs + DAY_US);
  useEffect(() => {
    if (day?.complete && dayUs !== null) latest.current(firstGap(day.spans, dayUs));
  }, [day, dayUs]);
}

export function firstGap(spans: readonly Span[], fromUs: Micros): Micros | null {
  const gap = spans.find((span) => span.kind === 'gap' && span.untilUs > fromUs && span.fromUs < fromUs + DAY_US);
  return gap ? Math.max(gap.fromUs, fromUs) : null;
}
