/**
 * What the timeline knows, kept as tiles: one tile is one stretch of time at one level for one camera.
 * Asks for what is seen first, at most one request in flight, so that a drag never floods the server;
 * forgets the least recently seen. Knows no network: `fetch` is given, the clock too.
 */
import { floorToStep, type Micros } from '@/shared/time/axis';
import { DAY_US, HOUR_US, MINUTE_US } from '@/shared/time/beijing';
import type { TimelineSource } from './scale';
import type { Bucket, Span } from './span';

export interface TileLevel {
  readonly stepUs: Micros;
  readonly tileUs: Micros;
}

export const TILE_LEVELS: Readonly<Record<TimelineSource, TileLevel>> = {
  hour_buckets: { stepUs: HOUR_US, tileUs: 16 * DAY_US },
  five_minute_buckets: { stepUs: 5 * MINUTE_US, tileUs: 2 * DAY_US },
  spans: { stepUs: 0, tileUs: DAY_US },
};

export interface TileRequest {
  readonly channels: readonly string[];
  readonly fromUs: Micros;
  readonly untilUs: Micros;
  readonly stepUs: Micros;
}

export interface LaneData {
  readonly spans: readonly Span[];
  readonly buckets: readonly Bucket[];
}

export type TileAnswer = ReadonlyMap<string, LaneData>;
export type TileFetch = (request: TileRequest, signal: AbortSignal) => Promise<TileAnswer>;

interface Tile extends LaneData {
  readonly fetchedAtUs: Micros;
  readonly fromUs: Micros;
  readonly untilUs: Micros;
  usedAt: number;
}

const MOST_TILES = 600;
/** A tile that reaches into the present is asked for again after this long. */
const FRESH_US = 10_000_000;
const RETRY_US = 3_000_000;

export interface LaneView extends LaneData {
  readonly complete: boolean;
}

export class TileCache {
  private readonly tiles = new Map<string, Tile>();
  private readonly assembled = new Map<string, LaneView>();
  private inFlight: AbortController | null = null;
  private failedAtUs = -Infinity;
  private uses = 0;
  private closed = false;
  /** Grows with each answer: drawers compare it instead of comparing data. */
  version = 0;
  lastError: unknown = null;

  constructor(
    private readonly fetch: TileFetch,
    private readonly nowUs: () => Micros,
    private readonly onChange: () => void,
  ) {}

  get loading(): boolean {
    return this.inFlight !== null;
  }

  /** States what is on screen; starts one request when something of it is missing and none is under way. */
  want(source: TimelineSource, channels: readonly string[], fromUs: Micros, untilUs: Micros): void {
    if (this.closed || this.inFlight || channels.length === 0) return;
    if (this.nowUs() - this.failedAtUs < RETRY_US) return;
    const level = TILE_LEVELS[source];
    const middle = (fromUs + untilUs) / 2;
    const starts = tileStarts(fromUs, untilUs, level.tileUs);
    starts.sort((a, b) => Math.abs(a + level.tileUs / 2 - middle) - Math.abs(b + level.tileUs / 2 - middle));
    for (const start of starts) {
      if (start > this.nowUs() + level.tileUs) continue;
      const missing = channels.filter((channel) => this.isMissing(source, channel, start));
      if (missing.length === 0) continue;
      void this.load(source, missing, start, start + level.tileUs);
      return;
    }
  }

  /** Everything known about one lane within a stretch, tiles joined; `complete` tells whether none is missing. */
  lane(source: TimelineSource, channel: string, fromUs: Micros, untilUs: Micros): LaneView {
    const { tileUs } = TILE_LEVELS[source];
    const starts = tileStarts(fromUs, untilUs, tileUs);
    const key = `${source}|${channel}|${starts[0] ?? 0}|${starts.length}|${this.version}`;
    const known = this.assembled.get(key);
    if (known) return known;

    const spans: Span[] = [];
    const buckets: Bucket[] = [];
    let complete = true;
    for (const start of starts) {
      const tile = this.tiles.get(tileKey(source, channel, start));
      if (!tile) {
        complete = false;
        continue;
      }
      this.uses += 1;
      tile.usedAt = this.uses;
      joinSpans(spans, tile.spans);
      buckets.push(...tile.buckets);
    }
    const view = { spans, buckets, complete };
    if (this.assembled.size > 200) this.assembled.clear();
    this.assembled.set(key, view);
    return view;
  }

  /** Forgets what was read, so that the next `want` asks anew. */
  refresh(): void {
    this.tiles.clear();
    this.assembled.clear();
    this.failedAtUs = -Infinity;
    this.version += 1;
    this.onChange();
  }

  close(): void {
    this.closed = true;
    this.inFlight?.abort();
  }

  private isMissing(source: TimelineSource, channel: string, start: Micros): boolean {
    const tile = this.tiles.get(tileKey(source, channel, start));
    if (!tile) return true;
    const reachesNow = tile.untilUs > tile.fetchedAtUs - MINUTE_US;
    return reachesNow && this.nowUs() - tile.fetchedAtUs > FRESH_US;
  }

  private async load(source: TimelineSource, channels: readonly string[], fromUs: Micros, untilUs: Micros) {
    const controller = new AbortController();
    this.inFlight = controller;
    try {
      const { stepUs } = TILE_LEVELS[source];
      const answer = await this.fetch({ channels, fromUs, untilUs, stepUs }, controller.signal);
      for (const channel of channels) {
        const lane = answer.get(channel) ?? { spans: [], buckets: [] };
        this.uses += 1;
        this.tiles.set(tileKey(source, channel, fromUs), {
          ...lane,
          fromUs,
          untilUs,
          fetchedAtUs: this.nowUs(),
          usedAt: this.uses,
        });
      }
      this.lastError = null;
      this.forgetOldest();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.failedAtUs = this.nowUs();
      this.lastError = error;
    } finally {
      this.inFlight = null;
      this.assembled.clear();
      this.version += 1;
    }
    if (!this.closed) this.onChange();
  }

  private forgetOldest() {
    if (this.tiles.size <= MOST_TILES) return;
    const oldest = [...this.tiles.entries()].sort((a, b) => a[1].usedAt - b[1].usedAt);
    for (const [key] of oldest.slice(0, this.tiles.size - MOST_TILES)) this.tiles.delete(key);
  }
}

function tileKey(source: TimelineSource, channel: string, start: Micros): string {
  return `${source}|${channel}|${start}`;
}

/** Tiles are cut on Beijing borders, so that a day is one tile. */
export function tileStarts(fromUs: Micros, untilUs: Micros, tileUs: Micros): Micros[] {
  const starts: Micros[] = [];
  for (let start = floorToStep(fromUs, tileUs); start < untilUs; start += tileUs) starts.push(start);
  return starts;
}

/** Appends a later tile's spans, joining what a tile border had cut in two. */
function joinSpans(into: Span[], later: readonly Span[]) {
  for (const span of later) {
    const last = into[into.length - 1];
    const same = last && last.untilUs === span.fromUs && last.kind === span.kind && last.reason === span.reason;
    if (same) into[into.length - 1] = { ...last, untilUs: span.untilUs };
    else into.push(span);
  }
}
