// Tickets for live pictures, batched: wishes of the same moment (a wall of sixteen cells) go in one request.
import { isTicket, tickets } from '@/api/cameras';
import type { StreamKind, TicketWish } from '@/api/types';
import type { LiveTicket } from './livePlayer';
import { Refused } from './livePlayer';

interface Waiting {
  wish: TicketWish;
  done: (ticket: LiveTicket) => void;
  failed: (error: unknown) => void;
}

const GATHER_MS = 15;
const MOST_WISHES = 64;

let gathered: Waiting[] = [];

async function ask(batch: Waiting[]): Promise<void> {
  try {
    const answers = await tickets(batch.map((w) => w.wish));
    batch.forEach((waiting, i) => {
      const answer = answers[i];
      if (answer && isTicket(answer)) waiting.done({ ticket: answer.ticket, url: answer.url });
      else if (answer) waiting.failed(new Refused(answer.detail, answer.detail_en, answer.status >= 429));
      else waiting.failed(new Error('fewer answers than wishes'));
    });
  } catch (error) {
    for (const waiting of batch) waiting.failed(error);
  }
}

export async function liveTicket(channel: string, stream: StreamKind): Promise<LiveTicket> {
  return new Promise((done, failed) => {
    gathered.push({ wish: { kind: 'live', channel, stream }, done, failed });
    if (gathered.length > 1) return;
    window.setTimeout(() => {
      const batch = gathered;
      gathered = [];
      for (let i = 0; i < batch.length; i += MOST_WISHES) void ask(batch.slice(i, i + MOST_WISHES));
    }, GATHER_MS);
  });
}
