// One live picture: ticket → WebSocket → MSE, kept near the live edge, coming back by itself. A plain class without React.
// It never passes an old picture off as live: when frames stop, its phase says so and since when.
import type { StreamKind, VideoFormat } from '@/api/types';
import { waitMs } from './backoff';
import { steer } from './drift';
import { MseSink } from './mseSink';
import type { WasmSink } from './wasmSink';
import { fullMime, parseWord } from './wire';
import type { LiveWord, Pace } from './wire';

export type Phase = 'opening' | 'playing' | 'reconnecting' | 'refused' | 'ended';

/** A closed list: why the main stream is not what is shown, or why nothing is. */
export type Limit = 'no_mse' | 'codec' | 'codec_sub' | 'slow';

export interface PlayerFacts {
  phase: Phase;
  /** The stream in use, which may be the sub-stream of a wanted main stream. */
  stream: StreamKind;
  limit: Limit | null;
  /** Cause code of a stream that is down, or the reason of an end. */
  cause: string | null;
  /** A refusal in the server's words, both languages. */
  refusal: { zh: string; en: string } | null;
  leg: string | null;
  video: VideoFormat | null;
  /** Who decodes: the browser, or our WebAssembly decoder onto the canvas. */
  decoder: 'mse' | 'wasm';
  audio: boolean;
  bitrateBps: number;
  behindS: number;
  delayS: number | null;
  rate: number;
  frames: number;
  dropped: number;
  skips: number;
  tries: number;
  /** When the last frame was on screen, browser's clock. */
  lastFrameUs: number | null;
}

export interface LiveTicket {
  ticket: string;
  url: string;
}

export interface PlayerSeat {
  video: HTMLVideoElement;
  stream: StreamKind;
  hasSub: boolean;
  /** Where the WebAssembly decoder may draw a main stream that the browser cannot decode; null: it may not. */
  canvas: HTMLCanvasElement | null;
  pace: Pace;
  ticketFor: (stream: StreamKind) => Promise<LiveTicket>;
  openSocket: (url: string) => WebSocket;
  onChange: (facts: PlayerFacts) => void;
  /** Called just before the picture goes, while the video still holds its last frame. */
  beforeBlank: () => void;
}

const SILENT_MS = 15_000;
const STEER_MS = 500;
const STALE_US = 3_000_000;
const MOST_EARLY = 250;

export class Refused extends Error {
  constructor(
    readonly zh: string,
    readonly en: string,
    /** Whether it may pass by itself. */
    readonly passing: boolean,
  ) {
    super(zh);
  }
}

export class LivePlayer {
  facts: PlayerFacts;
  private socket: WebSocket | null = null;
  private sink: MseSink | WasmSink | null = null;
  private wasmFailed = false;
  /** What came while the decoder was being fetched. */
  private early: ArrayBuffer[] = [];
  private awaited: Extract<LiveWord, { type: 'init' }> | null = null;
  private epochUs: number | null = null;
  /** When the picture on the canvas was taken, by the camera's clock. */
  private decodedUs: number | null = null;
  private retry: number | undefined;
  private readonly ticker: number;
  private closed = false;
  private heardMs = 0;
  private received = 0;
  private measuredMs = 0;
  private frameHandle = 0;
  private attempt = 0;

  constructor(private readonly seat: PlayerSeat) {
    this.facts = {
      phase: 'opening', stream: seat.stream, limit: null, cause: null, refusal: null, leg: null, video: null, decoder: 'mse',
      audio: false, bitrateBps: 0, behindS: 0, delayS: null, rate: 1, frames: 0, dropped: 0, skips: 0, tries: 0,
      lastFrameUs: null,
    };
    this.ticker = window.setInterval(() => this.tick(), STEER_MS);
    this.watchFrames();
    void this.open();
  }

  /** Ends everything; the source is cleared before the element goes. */
  close(): void {
    this.closed = true;
    window.clearInterval(this.ticker);
    window.clearTimeout(this.retry);
    if (this.frameHandle) this.seat.video.cancelVideoFrameCallback(this.frameHandle);
    this.dropSocket();
    this.sink?.close();
    this.sink = null;
  }

  setPace(pace: Pace): void {
    if (this.seat.pace === pace) return;
    this.seat.pace = pace;
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ pace }));
  }

  private change(changes: Partial<PlayerFacts>): void {
    if (this.closed) return;
    this.facts = { ...this.facts, ...changes };
    this.seat.onChange(this.facts);
  }

  private async open(): Promise<void> {
    this.attempt += 1;
    const mine = this.attempt;
    try {
      const { ticket, url } = await this.seat.ticketFor(this.facts.stream);
      if (this.closed || mine !== this.attempt) return;
      this.dial(ticket, url);
    } catch (error) {
      if (this.closed || mine !== this.attempt) return;
      if (error instanceof Refused) {
        this.change({ refusal: { zh: error.zh, en: error.en }, ...(error.passing ? {} : { phase: 'refused' }) });
        if (!error.passing) return;
      }
      this.comeBack();
    }
  }

  private dial(ticket: string, url: string): void {
    const socket = this.seat.openSocket(url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.heardMs = performance.now();
    socket.onopen = () => socket.send(JSON.stringify({ ticket, pace: this.seat.pace, audio: true }));
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (this.socket !== socket) return;
      this.heardMs = performance.now();
      if (event.data instanceof ArrayBuffer) this.bytes(event.data);
      else if (typeof event.data === 'string') this.word(parseWord(event.data));
    };
    socket.onclose = () => {
      if (this.socket === socket) this.comeBack();
    };
  }

  private dropSocket(): void {
    const socket = this.socket;
    this.socket = null;
    this.attempt += 1;
    if (!socket) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private comeBack(): void {
    if (this.closed) return;
    this.dropSocket();
    if (this.facts.frames > 0) this.seat.beforeBlank();
    const tries = this.facts.tries + 1;
    this.change({ phase: this.facts.frames > 0 ? 'reconnecting' : 'opening', tries });
    window.clearTimeout(this.retry);
    this.retry = window.setTimeout(() => void this.open(), waitMs(tries, Math.random()));
  }

  private word(word: LiveWord | null): void {
    if (!word) return;
    if (word.type === 'init') this.begin(word);
    else if (word.type === 'skip') this.change({ skips: this.facts.skips + 1 });
    else if (word.type === 'state') this.sourceSaid(word);
    else this.ended(word);
  }

  private sourceSaid(word: Extract<LiveWord, { type: 'state' }>): void {
    const stuck = word.legs.find((leg) => leg.state === 'failed') ?? word.legs.find((leg) => leg.state === 'waiting');
    const down = word.state !== 'playing';
    if (down && this.facts.phase === 'playing') this.seat.beforeBlank();
    this.change({
      cause: word.cause,
      leg: stuck?.leg ?? null,
      ...(down && this.facts.frames > 0 ? { phase: 'reconnecting' } : {}),
    });
  }

  private ended(word: Extract<LiveWord, { type: 'end' }>): void {
    if (word.reason === 'revoked' || word.reason === 'expired') {
      this.dropSocket();
      this.sink?.close();
      this.sink = null;
      this.change({ phase: 'ended', cause: word.reason });
      return;
    }
    if (word.detail) this.change({ refusal: { zh: word.detail, en: word.detailEn ?? word.detail } });
  }

  private begin(word: Extract<LiveWord, { type: 'init' }>): void {
    const mime = fullMime(word.mime, word.codecs);
    this.change({ video: word.video, audio: word.audio !== null });
    if (typeof MediaSource === 'undefined') { this.cannot('no_mse'); return; }
    const supported = MediaSource.isTypeSupported(mime);
    if (!supported && !this.mayDecode(word.codecs)) { this.cannot('codec'); return; }
    this.change({ decoder: supported ? 'mse' : 'wasm' });
    this.awaited = word;
  }

  private mayDecode(codecs: string): boolean {
    return this.seat.canvas !== null && !this.wasmFailed && /hvc1|hev1/.test(codecs) && typeof WebAssembly !== 'undefined';
  }

  /** Main that this browser cannot decode: the sub-stream, said so; else a clear word why not. */
  private cannot(limit: Limit): void {
    this.dropSocket();
    if (limit !== 'no_mse' && this.facts.stream === 'main' && this.seat.hasSub) {
      this.change({ stream: 'sub', limit });
      void this.open();
      return;
    }
    this.change({ phase: 'refused', limit: limit === 'codec' && this.facts.stream === 'sub' ? 'codec_sub' : limit });
  }

  private bytes(data: ArrayBuffer): void {
    this.received += data.byteLength;
    if (this.facts.decoder === 'wasm' && this.awaited) {
      void this.beginWasm(data);
      return;
    }
    if (this.facts.decoder === 'wasm' && !this.sink) {
      if (this.early.length < MOST_EARLY) this.early.push(data);
      return;
    }
    const init = this.awaited;
    if (init) {
      this.awaited = null;
      if (this.sink) this.seat.beforeBlank();
      this.sink?.close();
      this.sink = new MseSink(this.seat.video, fullMime(init.mime, init.codecs), () => this.comeBack());
      this.epochUs = init.epochUs;
    }
    this.sink?.append(data);
  }

  /** Fetches the decoder on first need; what comes meanwhile waits behind it. */
  private async beginWasm(init: ArrayBuffer): Promise<void> {
    const { canvas } = this.seat;
    const mine = this.attempt;
    const epochUs = this.awaited?.epochUs ?? 0;
    this.awaited = null;
    this.early = [];
    if (this.sink) this.seat.beforeBlank();
    this.sink?.close();
    this.sink = null;
    const { WasmSink } = await import('./wasmSink');
    if (this.closed || mine !== this.attempt || !canvas) return;
    this.sink = new WasmSink(canvas, epochUs, {
      picture: (atUs) => {
        this.decodedUs = atUs;
        this.pictured();
      },
      slow: () => this.tooSlow(),
      fault: () => this.giveUpWasm('codec'),
    });
    for (const bytes of [init, ...this.early]) this.sink.append(bytes);
    this.early = [];
  }

  /** The sub-stream where there is one; else the pictures that this machine manages, and the word that it misses some. */
  private tooSlow(): void {
    if (this.seat.hasSub) this.giveUpWasm('slow');
    else if (this.facts.limit !== 'slow') this.change({ limit: 'slow' });
  }

  private giveUpWasm(limit: 'codec' | 'slow'): void {
    if (this.wasmFailed) return;
    this.wasmFailed = true;
    this.seat.beforeBlank();
    this.sink?.close();
    this.sink = null;
    this.change({ decoder: 'mse' });
    this.cannot(limit);
  }

  private pictured(): void {
    this.facts.frames += 1;
    this.facts.lastFrameUs = Date.now() * 1000;
    if (this.facts.phase !== 'playing' && this.socket) {
      this.change({ phase: 'playing', tries: 0, cause: null, refusal: null, leg: null });
    }
  }

  private watchFrames(): void {
    const { video } = this.seat;
    if (typeof video.requestVideoFrameCallback !== 'function') return;
    this.frameHandle = video.requestVideoFrameCallback(() => {
      this.pictured();
      this.watchFrames();
    });
  }

  private tick(): void {
    const { video } = this.seat;
    const steering = steer(video.currentTime, video.buffered, video.playbackRate);
    if (steering.jumpTo !== null) video.currentTime = steering.jumpTo;
    if (video.playbackRate !== steering.rate) video.playbackRate = steering.rate;
    if (this.sink && video.paused && video.readyState >= 2) void video.play().catch(() => undefined);
    const now = performance.now();
    const seconds = (now - this.measuredMs) / 1000;
    if (seconds < 1.9) return;
    const bitrateBps = this.measuredMs > 0 ? (this.received * 8) / seconds : 0;
    this.received = 0;
    this.measuredMs = now;
    const quality = typeof video.getVideoPlaybackQuality === 'function' ? video.getVideoPlaybackQuality() : null;
    const byElement = this.epochUs === null ? null : this.epochUs + video.currentTime * 1e6;
    const shownUs = this.facts.decoder === 'wasm' ? this.decodedUs : byElement;
    this.change({
      bitrateBps,
      behindS: steering.behind,
      rate: steering.rate,
      dropped: this.sink instanceof MseSink ? (quality?.droppedVideoFrames ?? 0) : (this.sink?.dropped ?? 0),
      delayS: shownUs === null ? null : Math.max(0, Date.now() / 1000 - shownUs / 1e6),
    });
    this.watchSilence(now);
  }

  private watchSilence(now: number): void {
    if (!this.socket) return;
    if (now - this.heardMs > SILENT_MS) this.comeBack();
    const { phase, lastFrameUs } = this.facts;
    if (phase === 'playing' && lastFrameUs !== null && Date.now() * 1000 - lastFrameUs > STALE_US) {
      this.seat.beforeBlank();
      this.change({ phase: 'reconnecting' });
    }
  }
}
