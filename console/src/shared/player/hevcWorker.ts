// Decodes H.265 fragments into pictures, off the main thread, by WebAssembly. Fetched only when a picture needs it.
// Pictures leave as they are decoded: a live picture has nothing to wait for.
import { HEVCDecoder } from '@hevcjs/core';
import type { HEVCFrame } from '@hevcjs/core';
import { byteStream, hevcParameterSets, readSamples, readTracks } from '../mp4/boxes';
import type { TrackInfo } from '../mp4/boxes';
import createModule from '../../../node_modules/@hevcjs/core/dist/wasm/hevc-decode.js';
import wasmUrl from '../../../node_modules/@hevcjs/core/dist/wasm/hevc-decode.wasm?url';
import { toRgba } from './yuv';

export type ToDecoder = { type: 'init'; bytes: ArrayBuffer } | { type: 'fragment'; bytes: ArrayBuffer };
export type FromDecoder =
  | { type: 'picture'; bitmap: ImageBitmap }
  | { type: 'taken'; bytes: number }
  | { type: 'fault'; why: string };

const post = (word: FromDecoder, transfer: Transferable[] = []): void => postMessage(word, { transfer });

let tracks: TrackInfo[] = [];
let decoder: HEVCDecoder | null = null;
let awaitsKey = true;
let work: Promise<void> = Promise.resolve();

async function begin(init: Uint8Array): Promise<void> {
  Object.assign(globalThis, { HEVCDecoderModule: createModule });
  decoder?.destroy();
  decoder = await HEVCDecoder.create({ wasmBinaryUrl: wasmUrl });
  tracks = readTracks(init).filter((track) => track.kind === 'video');
  awaitsKey = true;
  decoder.feed(hevcParameterSets(init));
}

async function show(frames: readonly HEVCFrame[]): Promise<void> {
  // Where the machine is behind, the newest of what came out at once is the one worth seeing.
  const frame = frames.at(-1);
  if (!frame) return;
  const bitmap = await createImageBitmap(new ImageData(toRgba(frame), frame.width, frame.height));
  post({ type: 'picture', bitmap }, [bitmap]);
}

async function take(fragment: Uint8Array): Promise<void> {
  if (!decoder) return;
  for (const sample of readSamples(fragment, tracks)) {
    if (sample.at === null || !tracks.some((track) => track.id === sample.track)) continue;
    if (awaitsKey && !sample.key) continue;
    awaitsKey = false;
    decoder.feed(byteStream(fragment.subarray(sample.at, sample.at + sample.bytes)));
    await show(decoder.drain());
  }
}

onmessage = (event: MessageEvent<ToDecoder>) => {
  const { type, bytes } = event.data;
  work = work
    .then(async () => (type === 'init' ? begin(new Uint8Array(bytes)) : take(new Uint8Array(bytes))))
    .then(() => post({ type: 'taken', bytes: bytes.byteLength }))
    .catch((error: unknown) => post({ type: 'fault', why: error instanceof Error ? error.message : String(error) }));
};
