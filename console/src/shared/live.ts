// Live facts from the server: one WebSocket of `/api/v1/events`, sequences checked, reconnecting by itself.
// Pages subscribe to a topic; what they do on a message is theirs (usually: read again, silently).
import { useEffect, useRef, useSyncExternalStore } from 'react';

export type Topic = 'stream' | 'recording' | 'alarm' | 'job' | 'session' | 'account';

export interface LiveMessage {
  topic: Topic;
  sequence: number;
  data: Record<string, unknown>;
}

export interface Connection {
  state: 'connecting' | 'open' | 'lost';
  /** Since when it is lost, browser's clock, microseconds. */
  lostUs: number | null;
  tries: number;
}

type Handler = (message: LiveMessage | null) => void;

const FIRST_WAIT_MS = 500;
const MOST_WAIT_MS = 10_000;

/** Holds the socket; `null` is told to every handler when messages may have been missed. */
export class LiveFeed {
  private socket: WebSocket | null = null;
  private readonly handlers = new Map<Topic, Set<Handler>>();
  private readonly watchers = new Set<() => void>();
  private sequence: number | null = null;
  private timer: number | undefined;
  private stopped = true;
  connection: Connection = { state: 'connecting', lostUs: null, tries: 0 };

  constructor(private readonly open: () => WebSocket) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.dial();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }

  subscribe(topic: Topic, handler: Handler): () => void {
    const set = this.handlers.get(topic) ?? new Set<Handler>();
    set.add(handler);
    this.handlers.set(topic, set);
    return () => set.delete(handler);
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private set(connection: Connection): void {
    this.connection = connection;
    for (const watcher of this.watchers) watcher();
  }

  private dial(): void {
    const socket = this.open();
    this.socket = socket;
    socket.onopen = () => {
      const again = this.connection.tries > 0;
      this.sequence = null;
      this.set({ state: 'open', lostUs: null, tries: 0 });
      if (again) this.tellAll(null);
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') this.receive(event.data);
    };
    socket.onclose = () => {
      if (this.stopped || this.socket !== socket) return;
      const tries = this.connection.tries + 1;
      this.set({ state: 'lost', lostUs: this.connection.lostUs ?? Date.now() * 1000, tries });
      const most = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries, 6));
      this.timer = window.setTimeout(() => this.dial(), most * (0.5 + Math.random() / 2));
    };
  }

  private receive(text: string): void {
    const message = JSON.parse(text) as LiveMessage;
    const missed = this.sequence !== null && message.sequence !== this.sequence + 1;
    this.sequence = message.sequence;
    if (missed) this.tellAll(null);
    for (const handler of this.handlers.get(message.topic) ?? []) handler(message);
  }

  private tellAll(message: null): void {
    for (const set of this.handlers.values()) for (const handler of set) handler(message);
  }
}

function eventsAddress(): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/api/v1/events`;
}

export const liveFeed = new LiveFeed(() => new WebSocket(eventsAddress()));

export function useLive(topic: Topic, handler: Handler): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => liveFeed.subscribe(topic, (message) => latest.current(message)), [topic]);
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => liveFeed.watch(watcher),
    () => liveFeed.connection,
  );
}
