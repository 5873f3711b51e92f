// Words between a picture's owner and the H.265 decoder in its worker. A run is one stretch that is decoded from a key
// frame on; beginning another one forgets whatever of the one before still waits.

/** `live`: late pictures are dropped. `asked`: nothing is shown before the wanted moment, and only as many as there is room for. */
export type Urgency = 'live' | 'asked';

export type ToDecoder =
  | { type: 'begin'; run: number; urgency: Urgency; init: ArrayBuffer }
  /** Another init segment within a run: the format may have changed at a border of two files. */
  | { type: 'init'; run: number; init: ArrayBuffer }
  /** Fragments whose own time 0 is `zeroUs`; `last`: nothing follows, so what is held for reordering may come out. */
  | { type: 'fragments'; run: number; bytes: ArrayBuffer; zeroUs: number; heardMs: number; last: boolean }
  /** Pictures that end at or before this are decoded and not shown. */
  | { type: 'wanted'; run: number; fromUs: number }
  /** The owner can hold this many more pictures. */
  | { type: 'room'; run: number; pictures: number };

export type FromDecoder =
  | { type: 'picture'; run: number; atUs: number; bitmap: ImageBitmap }
  /** So many bytes are decoded or dropped; counts are since the run began. */
  | { type: 'taken'; run: number; bytes: number; decoded: number; dropped: number }
  | { type: 'fault'; run: number; why: string };
