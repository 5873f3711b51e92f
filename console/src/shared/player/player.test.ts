import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { waitMs } from './backoff';
import { steer, trimmable } from './drift';
import { LivePlayer, Refused } from './livePlayer';
import type { PlayerFacts } from './livePlayer';
import { fullMime, parseWord } from './wire';

const ranges = (...pairs: [number, number][]) => ({
  length: pairs.length,
  start: (i: number) => pairs[i]?.[0] ?? 0,
  end: (i: number) => pairs[i]?.[1] ?? 0,
});

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 1;
  sent: string[] = [];
  binaryType = '';
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  say(word: object): void {
    this.onmessage?.({ data: JSON.stringify(word) });
  }
}

let supported: (mime: string) => boolean = () => true;

class FakeBuffer extends EventTarget {
  updating = false;
  buffered = ranges();
  appended: ArrayBuffer[] = [];
  appendBuffer(bytes: ArrayBuffer): void {
    this.appended.push(bytes);
  }
}

class FakeMediaSource extends EventTarget {
  static all: FakeMediaSource[] = [];
  static isTypeSupported(mime: string): boolean {
    return supported(mime);
  }
  readyState = 'open';
  buffer = new FakeBuffer();
  constructor() {
    super();
    FakeMediaSource.all.push(this);
  }
  addSourceBuffer(): FakeBuffer {
    return this.buffer;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  FakeMediaSource.all = [];
  FakeWorker.all = [];
  supported = () => true;
  vi.stubGlobal('MediaSource', FakeMediaSource);
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('Worker', FakeWorker);
  URL.createObjectURL = () => 'blob:fake';
  URL.revokeObjectURL = () => undefined;
  HTMLMediaElement.prototype.load = () => undefined;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The decoder's worker: keeps what it was told, and says what a test wants said. */
class FakeWorker {
  static all: FakeWorker[] = [];
  heard: { type: string; run: number }[] = [];
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;
  ended = false;
  constructor() {
    FakeWorker.all.push(this);
  }
  postMessage(word: { type: string; run: number }): void {
    this.heard.push(word);
  }
  terminate(): void {
    this.ended = true;
  }
  say(word: object): void {
    this.onmessage?.({ data: { run: 1, ...word } });
  }
}

function seatOf(changes: { stream?: 'main' | 'sub'; hasSub?: boolean; refuse?: Refused; canvas?: HTMLCanvasElement } = {}) {
  const seen: PlayerFacts[] = [];
  const asked: string[] = [];
  const player = new LivePlayer({
    video: document.createElement('video'),
    stream: changes.stream ?? 'main',
    hasSub: changes.hasSub ?? true,
    pace: 'economy',
    canvas: changes.canvas ?? null,
    ticketFor: (stream) => {
      asked.push(stream);
      return changes.refuse ? Promise.reject(changes.refuse) : Promise.resolve({ ticket: 't1', url: 'ws://x/live/ws' });
    },
    openSocket: () => new FakeSocket() as unknown as WebSocket,
    onChange: (facts) => seen.push(facts),
    beforeBlank: () => undefined,
  });
  return { player, seen, asked };
}

const INIT = { type: 'init', mime: 'video/mp4', codecs: 'avc1.640028', video: null, audio: null, epoch_us: 0 };

async function opened(): Promise<FakeSocket> {
  await vi.advanceTimersByTimeAsync(1);
  const socket = FakeSocket.all.at(-1);
  if (!socket) throw new Error('no socket was opened');
  socket.onopen?.();
  return socket;
}

test('the first message shows the ticket and the pace', async () => {
  const { player } = seatOf();
  const socket = await opened();
  expect(JSON.parse(socket.sent[0] ?? '')).toEqual({ ticket: 't1', pace: 'economy', audio: true });
  player.setPace('frame');
  expect(JSON.parse(socket.sent[1] ?? '')).toEqual({ pace: 'frame' });
  player.close();
});

test('init and fragments reach the source buffer in order', async () => {
  const { player } = seatOf();
  const socket = await opened();
  socket.say(INIT);
  socket.onmessage?.({ data: new ArrayBuffer(3) });
  socket.onmessage?.({ data: new ArrayBuffer(5) });
  const source = FakeMediaSource.all[0];
  source?.dispatchEvent(new Event('sourceopen'));
  source?.buffer.dispatchEvent(new Event('updateend'));
  expect(source?.buffer.appended.map((b) => b.byteLength)).toEqual([3, 5]);
  player.close();
});

test('a main stream that cannot be decoded becomes the sub-stream and says why', async () => {
  supported = (mime) => mime.includes('avc1');
  const { player, asked } = seatOf();
  const socket = await opened();
  socket.say({ ...INIT, codecs: 'hvc1.1.6.L120.90' });
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['main', 'sub']);
  expect(player.facts).toMatchObject({ stream: 'sub', limit: 'codec', phase: 'opening' });
  player.close();
});

/** An H.265 main stream that the browser cannot decode, playing by our own decoder. */
async function drawn(hasSub: boolean) {
  supported = (mime) => mime.includes('avc1');
  const canvas = document.createElement('canvas');
  canvas.getContext = (() => ({ transferFromImageBitmap: () => undefined })) as unknown as typeof canvas.getContext;
  const seat = seatOf({ hasSub, canvas });
  const socket = await opened();
  socket.say({ ...INIT, codecs: 'hvc1.1.6.L120.90', epoch_us: 5_000_000 });
  socket.onmessage?.({ data: new ArrayBuffer(3) });
  socket.onmessage?.({ data: new ArrayBuffer(5) });
  await vi.waitFor(() => expect(FakeWorker.all).toHaveLength(1));
  const worker = FakeWorker.all[0] as FakeWorker;
  worker.say({ type: 'picture', atUs: 5_100_000, bitmap: { width: 4, height: 2, close: () => undefined } });
  return { ...seat, worker };
}

/** Twelve seconds in which more is dropped than decoded. */
async function fallBehind(worker: FakeWorker): Promise<void> {
  for (let second = 0; second <= 12; second += 1) {
    worker.say({ type: 'taken', bytes: 1, decoded: second * 3, dropped: second * 7 });
    await vi.advanceTimersByTimeAsync(1000);
  }
}

test('an H.265 main stream plays by our own decoder, and what came while it was fetched is not lost', async () => {
  const { player, worker } = await drawn(true);
  expect(worker.heard.map((word) => word.type)).toEqual(['begin', 'fragments']);
  expect(player.facts).toMatchObject({ phase: 'playing', stream: 'main', decoder: 'wasm', limit: null });
  player.close();
  expect(worker.ended).toBe(true);
});

test('a decoder that fails gives way to the sub-stream with a word', async () => {
  const { player, asked, worker } = await drawn(true);
  worker.say({ type: 'fault', why: 'Feed failed' });
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['main', 'sub']);
  expect(player.facts).toMatchObject({ stream: 'sub', limit: 'codec', decoder: 'mse' });
  player.close();
});

test('a machine that cannot keep up falls to the sub-stream with a word', async () => {
  const { player, asked, worker } = await drawn(true);
  await fallBehind(worker);
  expect(asked).toEqual(['main', 'sub']);
  expect(player.facts).toMatchObject({ stream: 'sub', limit: 'slow' });
  expect(worker.ended).toBe(true);
  player.close();
});

test('without a sub-stream it goes on with the pictures it manages and says so', async () => {
  const { player, asked, worker } = await drawn(false);
  await fallBehind(worker);
  expect(asked).toEqual(['main']);
  expect(player.facts).toMatchObject({ stream: 'main', decoder: 'wasm', limit: 'slow' });
  expect(worker.ended).toBe(false);
  player.close();
});

test('a sub-stream that cannot be decoded is refused with a word, not retried', async () => {
  supported = () => false;
  const { player, asked } = seatOf({ stream: 'sub' });
  (await opened()).say(INIT);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(player.facts).toMatchObject({ phase: 'refused', limit: 'codec_sub' });
  expect(asked).toEqual(['sub']);
  player.close();
});

test('a lost socket is opened again with a new ticket', async () => {
  const { player, asked } = seatOf();
  const socket = await opened();
  socket.onclose?.();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(asked.length).toBeGreaterThanOrEqual(2);
  expect(player.facts.tries).toBeGreaterThanOrEqual(1);
  player.close();
});

test('a withdrawn ticket ends the picture and nothing comes back', async () => {
  const { player, asked } = seatOf();
  const socket = await opened();
  socket.say({ type: 'end', reason: 'revoked' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(player.facts).toMatchObject({ phase: 'ended', cause: 'revoked' });
  expect(asked).toEqual(['main']);
  player.close();
});

test('a refused ticket is shown in the server’s words', async () => {
  const { player } = seatOf({ refuse: new Refused('缺少权限', 'Permission missing', false) });
  await vi.advanceTimersByTimeAsync(1);
  expect(player.facts).toMatchObject({ phase: 'refused', refusal: { zh: '缺少权限', en: 'Permission missing' } });
  player.close();
});

test('the leg that failed is kept for the status line', async () => {
  const { player } = seatOf();
  const socket = await opened();
  socket.say({ type: 'state', state: 'retrying', cause: 'no_packets', legs: [{ leg: 'first_packet', state: 'failed' }] });
  expect(player.facts).toMatchObject({ cause: 'no_packets', leg: 'first_packet', phase: 'opening' });
  player.close();
});

test('behind by a second it hurries, by three it jumps, out of the buffer it goes to what is there', () => {
  expect(steer(10, ranges([5, 11.5]), 1)).toMatchObject({ rate: 1.05, jumpTo: null });
  expect(steer(10, ranges([5, 10.8]), 1.05)).toMatchObject({ rate: 1.05, jumpTo: null });
  expect(steer(10, ranges([5, 10.4]), 1.05)).toMatchObject({ rate: 1, jumpTo: null });
  expect(steer(10, ranges([5, 14]), 1).jumpTo).toBeCloseTo(13.7);
  expect(steer(0, ranges([100, 101]), 1).jumpTo).toBeCloseTo(100.7);
  expect(steer(9, ranges([5, 9.1], [12, 13]), 1).jumpTo).toBeCloseTo(12.7);
});

test('the buffer is trimmed well behind the play head only', () => {
  expect(trimmable(10, ranges([0, 11]))).toBeNull();
  expect(trimmable(20, ranges([0, 21]))).toEqual([0, 14]);
});

test('waiting grows, is spread, and has an end', () => {
  expect(waitMs(1, 0)).toBeLessThan(waitMs(1, 1));
  expect(waitMs(1, 1)).toBeLessThanOrEqual(1000);
  expect(waitMs(50, 1)).toBe(10_000);
});

test('a word that is not known is ignored, not guessed', () => {
  expect(parseWord('{"type":"new"}')).toBeNull();
  expect(parseWord('{')).toBeNull();
  expect(fullMime('video/mp4; codecs="avc1"', 'x')).toBe('video/mp4; codecs="avc1"');
});
