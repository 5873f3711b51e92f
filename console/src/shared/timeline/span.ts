/**
 * What a lane of the timeline is made of: spans, buckets, and the closed list of reasons why something
 * that should have been kept was not. Drawing is `renderer.ts`, colours are `palette.ts`.
 */
import type { Micros } from '@/shared/time/axis';

export const REASONS = [
  'source_offline',
  'source_refused',
  'source_silent',
  'source_unsupported',
  'path_network',
  'path_power',
  'disk_full',
  'disk_fault',
  'data_damaged',
  'write_overload',
  'platform_restart',
  'clock_jump',
  'agreed_outage',
  'disabled',
  'unknown',
] as const;
export type GapReason = (typeof REASONS)[number];

export type GapFamily = 'source' | 'path' | 'storage' | 'platform' | 'agreed' | 'unknown';
export type GapPattern =
  'diagonal' | 'cross' | 'dots' | 'horizontal' | 'vertical' | 'zigzag' | 'sparse' | 'outline' | 'checker';

export interface ReasonLook {
  readonly family: GapFamily;
  readonly letter: string;
  readonly pattern: GapPattern;
  /** Whether the second counts as lost in "is everything being kept?". */
  readonly lost: boolean;
}

export const REASON_LOOKS: Record<GapReason, ReasonLook> = {
  source_offline: { family: 'source', letter: 'O', pattern: 'diagonal', lost: true },
  source_refused: { family: 'source', letter: 'R', pattern: 'cross', lost: true },
  source_silent: { family: 'source', letter: 'N', pattern: 'dots', lost: true },
  source_unsupported: { family: 'source', letter: 'C', pattern: 'horizontal', lost: true },
  path_network: { family: 'path', letter: 'W', pattern: 'diagonal', lost: true },
  path_power: { family: 'path', letter: 'E', pattern: 'dots', lost: true },
  disk_full: { family: 'storage', letter: 'F', pattern: 'vertical', lost: true },
  disk_fault: { family: 'storage', letter: 'B', pattern: 'cross', lost: true },
  data_damaged: { family: 'storage', letter: 'X', pattern: 'zigzag', lost: true },
  write_overload: { family: 'platform', letter: 'L', pattern: 'vertical', lost: true },
  platform_restart: { family: 'platform', letter: 'S', pattern: 'diagonal', lost: true },
  clock_jump: { family: 'platform', letter: 'T', pattern: 'dots', lost: false },
  agreed_outage: { family: 'agreed', letter: 'A', pattern: 'sparse', lost: false },
  disabled: { family: 'agreed', letter: 'D', pattern: 'outline', lost: false },
  unknown: { family: 'unknown', letter: '?', pattern: 'checker', lost: true },
};

/** A reason of the wire; one that this console does not know is shown as unknown, never dropped. */
export function knownReason(code: string | null | undefined): GapReason {
  return (REASONS as readonly string[]).includes(code ?? '') ? (code as GapReason) : 'unknown';
}

export const SPAN_KINDS = [
  'recorded',
  'imported',
  'device',
  'backfilled',
  'suspect',
  'gap',
  'not_due',
  'expired',
  'erased',
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export interface Span {
  readonly fromUs: Micros;
  readonly untilUs: Micros;
  readonly kind: SpanKind;
  readonly reason?: GapReason;
  /** Who established the reason, and when, in words. */
  readonly witness?: string;
  readonly ref?: string;
}

/** A coarse level's cell: what was due, kept and lost by reason within it. */
export interface Bucket {
  readonly fromUs: Micros;
  readonly untilUs: Micros;
  readonly dueUs: Micros;
  readonly keptUs: Micros;
  readonly lost: Partial<Record<GapReason, Micros>>;
}

const KEPT: ReadonlySet<SpanKind> = new Set(['recorded', 'imported', 'backfilled', 'suspect']);

/** Whether the span holds pictures here that can be played. */
export function isPlayable(kind: SpanKind): boolean {
  return KEPT.has(kind);
}

/** The first span that covers `atUs`; gaps win over thin spans, playable ones over all. */
export function spanAt(spans: readonly Span[], atUs: Micros): Span | undefined {
  let found: Span | undefined;
  for (const span of spans) {
    if (span.fromUs > atUs || span.untilUs <= atUs) continue;
    if (isPlayable(span.kind)) return span;
    if (!found || span.kind === 'gap') found = span;
  }
  return found;
}

/** Gap after `atUs` (direction 1) or before it (−1), for stepping from gap to gap. */
export function neighbourGap(spans: readonly Span[], atUs: Micros, direction: 1 | -1): Span | undefined {
  const gaps = spans.filter((span) => span.kind === 'gap').sort((a, b) => a.fromUs - b.fromUs);
  if (direction === 1) return gaps.find((gap) => gap.fromUs > atUs);
  return gaps.findLast((gap) => gap.untilUs <= atUs || gap.fromUs < atUs);
}

/** Where the next pictures begin (direction 1) or the last ones before `atUs` end (−1). */
export function neighbourPicture(spans: readonly Span[], atUs: Micros, direction: 1 | -1): Micros | undefined {
  const kept = spans.filter((span) => isPlayable(span.kind)).sort((a, b) => a.fromUs - b.fromUs);
  if (direction === 1) return kept.find((span) => span.fromUs > atUs)?.fromUs;
  const last = kept.findLast((span) => span.untilUs <= atUs);
  return last ? Math.max(last.fromUs, last.untilUs - 1_000_000) : undefined;
}

export interface RangeSum {
  readonly keptUs: Micros;
  readonly lostUs: Micros;
  readonly gaps: readonly Span[];
}

/** Kept and lost time within a half-open range, gaps cut to it. */
export function sumRange(spans: readonly Span[], fromUs: Micros, untilUs: Micros): RangeSum {
  let keptUs = 0;
  let lostUs = 0;
  const gaps: Span[] = [];
  for (const span of spans) {
    const from = Math.max(span.fromUs, fromUs);
    const until = Math.min(span.untilUs, untilUs);
    if (until <= from) continue;
    if (isPlayable(span.kind)) keptUs += until - from;
    if (span.kind !== 'gap') continue;
    gaps.push({ ...span, fromUs: from, untilUs: until });
    lostUs += until - from;
  }
  return { keptUs, lostUs, gaps };
}
