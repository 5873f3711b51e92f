// Which moment, which cameras, which marks: what an address of the playback page carries, read and written.
import type { Address } from '@/shared/address';
import type { Micros } from '@/shared/time/axis';
import { addressText, parseWall } from '@/shared/time/beijing';
import { DEFAULT_ZOOM, ZOOM_STEPS } from '@/shared/timeline/scale';
import type { Marks } from '@/shared/timeline/layout';

export interface PlaybackPlace {
  readonly channels: readonly string[];
  readonly atUs: Micros | null;
  readonly zoom: string;
  readonly marks: Marks;
  /** `to=gap`: the moment is the first gap of the 24 hours from `t` on. */
  readonly toGap: boolean;
  /** Parameters that could not be read; the page says so and goes on without them. */
  readonly bad: readonly string[];
}

export const MOST_CHANNELS = 9;

export function readPlace(address: Address): PlaybackPlace {
  const bad: string[] = [];
  const time = (key: string) => {
    const text = address[key];
    if (!text) return null;
    const atUs = parseWall(text);
    if (atUs === null) bad.push(key);
    return atUs;
  };
  const zoom = address.z ?? DEFAULT_ZOOM;
  const known = ZOOM_STEPS.some((step) => step.id === zoom);
  if (!known) bad.push('z');
  const channels = [...new Set((address.c ?? '').split(',').filter(Boolean))].slice(0, MOST_CHANNELS);
  return {
    channels,
    atUs: time('t'),
    zoom: known ? zoom : DEFAULT_ZOOM,
    toGap: address.to === 'gap',
    marks: { inUs: time('in'), outUs: time('out') },
    bad,
  };
}

export function marksAddress(marks: Marks): Address {
  return {
    in: marks.inUs === null ? undefined : addressText(marks.inUs),
    out: marks.outUs === null ? undefined : addressText(marks.outUs),
  };
}
