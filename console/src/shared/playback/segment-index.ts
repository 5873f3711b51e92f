/**
 * Which segments of one stream exist, learned window by window, and the tables of those in use.
 * Answers "what lies at this moment?" and "what comes next?" from memory where it can.
 */
import type { Micros } from '@/shared/time/axis';
import { HOUR_US } from '@/shared/time/beijing';
import type { FragmentRef, RecordedStream, SegmentRef, SegmentTable } from './wire';

const WINDOW_US = 2 * HOUR_US;
const FRESH_US = 5_000_000;
/** How far the search for the next segment reaches before it gives up. */
const MOST_WINDOWS = 84;
const MOST_TABLES = 24;

/** A hole between two segments that no eye sees. */
export const HOLE_US = 400_000;

export interface KeyFrameRef {
  readonly segment: SegmentRef;
  readonly mime: string;
  readonly wallUs: Micros;
}

export interface Located {
  readonly segment: SegmentRef;
  readonly table: SegmentTable;
  /** The fragment that begins with the key frame from which `atUs` is decoded. */
  readonly keyFragment: number;
  /** The fragment that holds `atUs`. */
  readonly fragment: number;
}

export class SegmentIndex {
  private readonly windows = new Map<number, { readonly segments: readonly SegmentRef[]; readonly readAtUs: Micros }>();
  private readonly tables = new Map<string, SegmentTable>();

  constructor(
    private readonly stream: RecordedStream,
    private readonly nowUs: () => Micros,
  ) {}

  /** The segment that covers `atUs`, or null in a gap. */
  async at(atUs: Micros, signal: AbortSignal): Promise<SegmentRef | null> {
    const segments = await this.window(windowOf(atUs), signal);
    return coveringSegment(segments, atUs);
  }

  /** What is known without asking: `undefined` when the window has not been read. */
  knownAt(atUs: Micros): SegmentRef | null | undefined {
    const known = this.windows.get(windowOf(atUs));
    if (!known) return undefined;
    return coveringSegment(known.segments, atUs);
  }

  /** The first segment that starts at or after `atUs`; null when none is found up to now. */
  async nextFrom(atUs: Micros, signal: AbortSignal): Promise<SegmentRef | null> {
    let window = windowOf(atUs);
    for (let step = 0; step < MOST_WINDOWS && window <= this.nowUs(); step += 1) {
      const segments = await this.window(window, signal);
      const next = segments.find((segment) => segment.startUs >= atUs);
      if (next) return next;
      window += WINDOW_US;
    }
    return null;
  }

  async table(segment: SegmentRef, signal: AbortSignal): Promise<SegmentTable> {
    const known = this.tables.get(segment.id);
    if (known) return known;
    const table = await this.stream.table(segment, signal);
    this.tables.set(segment.id, table);
    if (this.tables.size > MOST_TABLES) {
      const oldest = this.tables.keys().next().value;
      if (oldest !== undefined) this.tables.delete(oldest);
    }
    return table;
  }

  knownTable(segment: SegmentRef): SegmentTable | undefined {
    return this.tables.get(segment.id);
  }

  /** Starts of segments and key frames within a stretch, as far as they are known without asking. */
  known(fromUs: Micros, untilUs: Micros): { segmentStarts: Micros[]; keyFrames: Micros[] } {
    const segmentStarts: Micros[] = [];
    const keyFrames: Micros[] = [];
    for (let window = windowOf(fromUs); window < untilUs; window += WINDOW_US) {
      for (const segment of this.windows.get(window)?.segments ?? []) {
        if (segment.endUs <= fromUs || segment.startUs >= untilUs) continue;
        segmentStarts.push(segment.startUs);
        keyFrames.push(...(this.tables.get(segment.id)?.keyFrames ?? []));
      }
    }
    return { segmentStarts, keyFrames };
  }

  /** Segment, table and fragments for decoding `atUs` exactly; null in a gap. */
  async locate(atUs: Micros, signal: AbortSignal): Promise<Located | null> {
    const segment = await this.at(atUs, signal);
    if (!segment) return null;
    const table = await this.table(segment, signal);
    const fragment = fragmentAt(table.fragments, atUs);
    if (fragment < 0) return null;
    return { segment, table, fragment, keyFragment: keyFragmentBefore(table.fragments, fragment) };
  }

  /** Key frames around a moment: up to `before` with the one that shows it, up to `after` behind it; none beyond a gap. */
  async keyFramesAround(atUs: Micros, before: number, after: number, signal: AbortSignal): Promise<KeyFrameRef[]> {
    const here = await this.at(atUs, signal);
    if (!here) return [];
    let found = await this.keyFramesOf(here, signal);
    let [first, last] = [here, here];
    const upToHere = () => found.findLastIndex((key) => key.wallUs <= atUs) + 1;
    for (let step = 0; step < before && upToHere() < before; step += 1) {
      const previous = await this.at(first.startUs - HOLE_US, signal);
      if (!previous || previous.id === first.id) break;
      found = [...(await this.keyFramesOf(previous, signal)), ...found];
      first = previous;
    }
    for (let step = 0; step < after && found.length - upToHere() < after; step += 1) {
      const next = await this.at(last.endUs + HOLE_US, signal);
      if (!next || next.id === last.id) break;
      found = [...found, ...(await this.keyFramesOf(next, signal))];
      last = next;
    }
    const shown = upToHere();
    return found.slice(Math.max(0, shown - before), shown + after);
  }

  private async keyFramesOf(segment: SegmentRef, signal: AbortSignal): Promise<KeyFrameRef[]> {
    const { mime, keyFrames } = await this.table(segment, signal);
    return keyFrames.map((wallUs) => ({ segment, mime, wallUs }));
  }

  private async window(start: number, signal: AbortSignal): Promise<readonly SegmentRef[]> {
    const known = this.windows.get(start);
    const growing = known !== undefined && start + WINDOW_US > known.readAtUs - 120_000_000;
    if (known && !(growing && this.nowUs() - known.readAtUs > FRESH_US)) return known.segments;
    const segments = [...(await this.stream.segments(start, start + WINDOW_US, signal))];
    segments.sort((a, b) => a.startUs - b.startUs);
    this.windows.set(start, { segments, readAtUs: this.nowUs() });
    return segments;
  }
}

function windowOf(atUs: Micros): number {
  return Math.floor(atUs / WINDOW_US) * WINDOW_US;
}

function coveringSegment(segments: readonly SegmentRef[], atUs: Micros): SegmentRef | null {
  return segments.findLast((segment) => segment.startUs <= atUs && segment.endUs > atUs) ?? null;
}

/** Index of the last fragment that starts at or before `atUs`; the first one when `atUs` is before all. */
export function fragmentAt(fragments: readonly FragmentRef[], atUs: Micros): number {
  let low = 0;
  let high = fragments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((fragments[middle] as FragmentRef).startUs <= atUs) low = middle;
    else high = middle - 1;
  }
  return fragments.length === 0 ? -1 : low;
}

export function keyFragmentBefore(fragments: readonly FragmentRef[], index: number): number {
  for (let at = index; at > 0; at -= 1) if (fragments[at]?.key) return at;
  return 0;
}

/** The key frame at or before `atUs`, from a table in hand. */
export function keyFrameBefore(keyFrames: readonly Micros[], atUs: Micros): Micros | null {
  return keyFrames.findLast((key) => key <= atUs) ?? keyFrames[0] ?? null;
}
