// Decodes H.265 fragments into pictures with their wall times, off the main thread, by WebAssembly. Fetched only when a
// picture needs it. What to decode is `codedQueue.ts`'s; here the decoder is fed, and what comes out gets its time back.
import { HEVCDecoder } from '@hevcjs/core';
import type { HEVCFrame } from '@hevcjs/core';
import { byteStream, hevcParameterSets, readSamples, readTracks } from '../mp4/boxes';
import type { TrackInfo } from '../mp4/boxes';
import createModule from '../../../node_modules/@hevcjs/core/dist/wasm/hevc-decode.js';
import wasmUrl from '../../../node_modules/@hevcjs/core/dist/wasm/hevc-decode.wasm?url';
import { CodedQueue } from './codedQueue';
import type { FromDecoder, ToDecoder, Urgency } from './wire';
import { toBitmap } from './yuv';

const MOST_FAULTS = 3;
const UNIT_TYPE_AT = 4;

const post = (word: FromDecoder, transfer: Transferable[] = []): void => postMessage(word, { transfer });

/** Lets messages in between two pictures; a timer would wait four milliseconds each time. */
const turn = new MessageChannel();
const soon = (): Promise<void> =>
  new Promise((resolve) => {
    turn.port1.onmessage = () => resolve();
    turn.port2.postMessage(null);
  });

class Run {
  private readonly queue: CodedQueue;
  private track: TrackInfo | undefined;
  /** Times of what was fed and has not come out; the decoder gives pictures in the order of these. */
  private times: { atUs: number; endUs: number }[] = [];
  private wantedUs = 0;
  private room = 0;
  private decoded = 0;
  private faults = 0;
  private ended = false;
  private takenBytes = 0;

  constructor(
    private readonly id: number,
    private readonly urgency: Urgency,
    private readonly decoder: HEVCDecoder,
  ) {
    this.queue = new CodedQueue(urgency);
  }

  init(bytes: Uint8Array): void {
    this.track = readTracks(bytes).find((track) => track.kind === 'video');
    this.decoder.feed(hevcParameterSets(bytes));
  }

  take({ bytes, zeroUs, heardMs, last }: Extract<ToDecoder, { type: 'fragments' }>): void {
    const { track } = this;
    const data = new Uint8Array(bytes);
    this.ended = last;
    this.takenBytes += data.length;
    if (!track) return;
    for (const sample of readSamples(data, [track])) {
      if (sample.at === null || sample.track !== track.id || sample.bytes <= UNIT_TYPE_AT) continue;
      this.queue.push({
        atUs: Math.round(zeroUs + (sample.pts * 1e6) / track.timescale),
        durationUs: Math.round((sample.duration * 1e6) / track.timescale),
        key: sample.key,
        unit: ((data[sample.at + UNIT_TYPE_AT] ?? 0) >> 1) & 63,
        bytes: data.subarray(sample.at, sample.at + sample.bytes),
        heardMs,
      });
    }
  }

  wants(fromUs: number): void {
    this.wantedUs = fromUs;
  }

  hasRoomFor(pictures: number): void {
    this.room += pictures;
  }

  /** Decodes one picture; false when there is nothing to do until a message comes. */
  async step(): Promise<boolean> {
    if (this.urgency === 'asked' && this.room <= 0) return false;
    const coded = this.queue.next(Date.now(), this.wantedUs);
    if (!coded) {
      if (this.ended) await this.show(this.decoder.flush());
      this.ended = false;
      this.tellTaken();
      return false;
    }
    try {
      this.decoder.feed(byteStream(coded.bytes));
    } catch (error) {
      this.stumbled(error);
      return true;
    }
    this.decoded += 1;
    this.noteTime(coded.atUs, coded.durationUs);
    await this.show(this.decoder.drain());
    if (this.queue.length === 0) this.tellTaken();
    return true;
  }

  private tellTaken(): void {
    if (this.takenBytes === 0) return;
    post({ type: 'taken', run: this.id, bytes: this.takenBytes, decoded: this.decoded, dropped: this.queue.dropped });
    this.takenBytes = 0;
  }

  private stumbled(error: unknown): void {
    this.faults += 1;
    if (this.faults >= MOST_FAULTS) throw error;
    this.queue.restart();
  }

  private noteTime(atUs: number, durationUs: number): void {
    const after = this.times.findIndex((time) => time.atUs > atUs);
    this.times.splice(after < 0 ? this.times.length : after, 0, { atUs, endUs: atUs + Math.max(1, durationUs) });
  }

  private async show(frames: readonly HEVCFrame[]): Promise<void> {
    for (const [index, frame] of frames.entries()) {
      const time = this.times.shift();
      // Where a live picture is followed by a newer one at once, the newer one is the one worth seeing.
      const overtaken = this.urgency === 'live' && index < frames.length - 1;
      if (!time || overtaken || time.endUs <= this.wantedUs) continue;
      const bitmap = await toBitmap(frame);
      this.room -= 1;
      post({ type: 'picture', run: this.id, atUs: time.atUs, bitmap }, [bitmap]);
    }
  }
}

let decoder: HEVCDecoder | null = null;
let run: { id: number; made: Run } | null = null;
let working = false;
let order: Promise<void> = Promise.resolve();

/** One module for all runs: a run costs a decoder, not another compilation. */
let module: Promise<unknown> | null = null;
Object.assign(globalThis, {
  HEVCDecoderModule: (options: { locateFile?: () => string }) => (module ??= createModule(options)),
});

async function begin(word: Extract<ToDecoder, { type: 'begin' }>): Promise<void> {
  decoder?.destroy();
  run = null;
  decoder = await HEVCDecoder.create({ wasmBinaryUrl: wasmUrl });
  const made = new Run(word.run, word.urgency, decoder);
  made.init(new Uint8Array(word.init));
  run = { id: word.run, made };
}

async function hear(word: ToDecoder): Promise<void> {
  if (word.type === 'begin') await begin(word);
  else if (run?.id !== word.run) return;
  else if (word.type === 'init') run.made.init(new Uint8Array(word.init));
  else if (word.type === 'fragments') run.made.take(word);
  else if (word.type === 'wanted') run.made.wants(word.fromUs);
  else run.made.hasRoomFor(word.pictures);
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  try {
    for (let mine = run; mine && (await mine.made.step()); mine = run) await soon();
  } catch (error) {
    post({ type: 'fault', run: run?.id ?? 0, why: error instanceof Error ? error.message : String(error) });
    run = null;
  } finally {
    working = false;
  }
}

onmessage = (event: MessageEvent<ToDecoder>) => {
  const word = event.data;
  order = order
    .then(() => hear(word))
    .then(() => void work())
    .catch((error: unknown) => {
      post({ type: 'fault', run: word.run, why: error instanceof Error ? error.message : String(error) });
    });
};
