// The real doors behind `RecordedStream`: the control plane lists segments and mints tickets, the media plane gives tables,
// bytes and key pictures against a session. A session covers a window of time and is opened anew outside it or when it ends.
import { problemOf } from '@/api/problem';
import { HOUR_US } from '@/shared/time/beijing';
import type { Micros } from '@/shared/time/axis';
import { PlaybackError, type KeyPicture, type RecordedStream, type SegmentRef, type SegmentTable } from './wire';

/** What the control plane does for playback; given, so that the player knows no endpoint of it. */
export interface PlaybackDoor {
  segments(fromUs: Micros, untilUs: Micros, signal: AbortSignal): Promise<SegmentRef[]>;
  /** A ticket for this stretch; throws `PlaybackError('refused')` with the server's sentence. */
  ticket(fromUs: Micros, untilUs: Micros): Promise<string>;
  readonly mediaBase: string;
}

/** A session is asked for this much on either side of the moment that is wanted; a ticket spans at most 24 h. */
const SESSION_REACH_US = 11 * HOUR_US;
const ATTEMPTS = 2;
const MOST_SESSIONS = 3;

interface OpenSession {
  readonly session: string;
  readonly fromUs: Micros;
  readonly untilUs: Micros;
}

interface WireTable {
  mime: string;
  codecs: string;
  init: [number, number];
  fragments: [number, number, number, number, boolean | number][];
  keys: [number, ...unknown[]][];
}

export class HttpRecordedStream implements RecordedStream {
  private opening: Promise<OpenSession> | null = null;
  /** Oldest first: the pointer may ask for pictures far from where the pictures play. */
  private sessions: OpenSession[] = [];
  private closed = false;

  constructor(private readonly door: PlaybackDoor) {}

  async segments(fromUs: Micros, untilUs: Micros, signal: AbortSignal): Promise<SegmentRef[]> {
    return this.door.segments(fromUs, untilUs, signal);
  }

  async table(segment: SegmentRef, signal: AbortSignal): Promise<SegmentTable> {
    const response = await this.ask(segment, 'table?audio=flac', {}, signal);
    return tableOf((await response.json()) as WireTable);
  }

  async bytes(segment: SegmentRef, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const range = { Range: `bytes=${offset}-${offset + length - 1}` };
    const response = await this.ask(segment, 'bytes?audio=flac', range, signal);
    return new Uint8Array(await response.arrayBuffer());
  }

  async keyPicture(segment: SegmentRef, atUs: Micros, signal: AbortSignal): Promise<KeyPicture> {
    const response = await this.ask(segment, `key?at=${atUs}&init=1`, {}, signal);
    const wallUs = Number(response.headers.get('Mingjing-Wall-Us') ?? atUs);
    return {
      mime: response.headers.get('Content-Type') ?? '',
      wallUs,
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  }

  leave(): void {
    for (const { session } of this.sessions.splice(0)) this.end(session);
  }

  close(): void {
    this.closed = true;
    this.leave();
  }

  /** `keepalive`: the request outlives the page, so that the journal has the viewing's true length. */
  private end(session: string): void {
    const headers = { Authorization: `Session ${session}` };
    fetch(`${this.door.mediaBase}/play/end`, { method: 'POST', headers, keepalive: true }).catch(() => undefined);
  }

  private async ask(
    segment: SegmentRef,
    tail: string,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const { session } = await this.sessionFor(segment);
      signal.throwIfAborted();
      const url = `${this.door.mediaBase}/play/segment/${segment.id}/${tail}`;
      const response = await fetchOrFault(url, {
        headers: { ...headers, Authorization: `Session ${session}` },
        signal,
      });
      if (response.ok) return response;
      const ended = response.status === 401 || response.status === 403;
      if (ended && attempt < ATTEMPTS) {
        this.sessions = this.sessions.filter((known) => known.session !== session);
        continue;
      }
      throw await faultOf(response);
    }
  }

  private async sessionFor(segment: SegmentRef): Promise<OpenSession> {
    const known = this.sessions.find((session) => covers(session, segment));
    if (known) return known;
    this.opening ??= this.open(segment).finally(() => {
      this.opening = null;
    });
    const opened = await this.opening;
    return covers(opened, segment) ? opened : this.open(segment);
  }

  private async open(segment: SegmentRef): Promise<OpenSession> {
    const fromUs = segment.startUs - SESSION_REACH_US;
    const untilUs = segment.endUs + SESSION_REACH_US;
    const ticket = await this.door.ticket(fromUs, untilUs);
    const response = await fetchOrFault(`${this.door.mediaBase}/play`, {
      method: 'POST',
      headers: { Authorization: `Ticket ${ticket}` },
    });
    if (!response.ok) throw await faultOf(response);
    const { session } = (await response.json()) as { session: string };
    if (this.closed) {
      this.end(session);
      throw new DOMException('closed while opening', 'AbortError');
    }
    const opened = { session, fromUs, untilUs };
    this.sessions.push(opened);
    for (const { session: oldest } of this.sessions.splice(0, this.sessions.length - MOST_SESSIONS)) this.end(oldest);
    return opened;
  }
}

function covers(session: OpenSession, segment: SegmentRef): boolean {
  return segment.startUs >= session.fromUs && segment.endUs <= session.untilUs;
}

async function fetchOrFault(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new PlaybackError('network', String(error));
  }
}

async function faultOf(response: Response): Promise<PlaybackError> {
  const problem = await problemOf(response);
  const refused = response.status === 401 || response.status === 403;
  const fault = refused ? 'refused' : response.status === 404 ? 'not_found' : 'network';
  return new PlaybackError(fault, problem.details.detail, problem.code);
}

function tableOf(wire: WireTable): SegmentTable {
  const mime = wire.mime.includes('codecs=') ? wire.mime : `${wire.mime}; codecs="${wire.codecs}"`;
  return {
    mime,
    init: wire.init,
    fragments: wire.fragments.map(([startUs, durationUs, offset, length, key]) => ({
      startUs,
      durationUs,
      offset,
      length,
      key: Boolean(key),
    })),
    keyFrames: wire.keys.map(([wallUs]) => wallUs),
  };
}
