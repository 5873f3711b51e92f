// Joins the player to this console's own client: segments and tickets come from the control plane.
import { isTicket, tickets } from '@/api/cameras';
import { segments, timeline } from '@/api/recordings';
import type { StreamKind } from '@/api/types';
import { HttpRecordedStream } from '@/shared/playback/http-source';
import { PlaybackError } from '@/shared/playback/wire';
import { knownReason, SPAN_KINDS, type Bucket, type GapReason, type Span } from '@/shared/timeline/span';
import type { LaneData, TileAnswer, TileRequest } from '@/shared/timeline/tiles';

export function recordedStream(channel: string, stream: StreamKind, mediaBase: string): HttpRecordedStream {
  return new HttpRecordedStream({
    mediaBase,
    segments: async (fromUs, untilUs, signal) => {
      const found = await segments(channel, stream, { from_us: Math.max(0, fromUs), until_us: untilUs }, signal);
      return found.map((segment) => ({ id: segment.id, startUs: segment.start_us, endUs: segment.end_us }));
    },
    ticket: async (fromUs, untilUs) => {
      const wish = { kind: 'playback' as const, channel, stream, from_us: fromUs, until_us: untilUs };
      const [answer] = await tickets([wish]);
      if (answer && isTicket(answer)) return answer.ticket;
      throw new PlaybackError('refused', answer?.detail ?? '', answer?.code ?? null);
    },
  });
}

export async function fetchTiles(request: TileRequest, signal: AbortSignal): Promise<TileAnswer> {
  const window = { from_us: Math.max(0, request.fromUs), until_us: request.untilUs };
  const lanes = await timeline(request.channels, window, request.stepUs, signal);
  return new Map(lanes.map((lane) => [lane.channel, laneOf(lane, request.stepUs)]));
}

function laneOf(lane: Awaited<ReturnType<typeof timeline>>[number], stepUs: number): LaneData {
  const spans = (lane.spans ?? []).map((span): Span => {
    const kind = (SPAN_KINDS as readonly string[]).includes(span.kind) ? (span.kind) : 'gap';
    return {
      fromUs: span.from_us,
      untilUs: span.until_us,
      kind,
      ...(kind === 'gap' ? { reason: knownReason(span.reason) } : {}),
      ...(span.witness ? { witness: span.witness } : {}),
    };
  });
  const buckets = (lane.buckets ?? []).map((bucket): Bucket => {
    const lost: Partial<Record<GapReason, number>> = {};
    for (const [code, us] of Object.entries(bucket.lost)) {
      const reason = knownReason(code);
      lost[reason] = (lost[reason] ?? 0) + us;
    }
    return {
      fromUs: bucket.from_us,
      untilUs: bucket.from_us + stepUs,
      dueUs: bucket.due_us,
      keptUs: bucket.kept_us,
      lost,
    };
  });
  return { spans, buckets };
}
