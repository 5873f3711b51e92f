/**
 * Reads just enough of fragmented MP4 (ISO/IEC 14496-12) to know when each picture is shown:
 * tracks of an init segment, samples of a `moof`. It writes nothing and trusts no length: a box that
 * reaches past its parent ends the reading of that parent.
 */

export interface TrackInfo {
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'other';
  readonly timescale: number;
  readonly defaultDuration: number;
  readonly defaultSize: number;
  readonly defaultFlags: number;
}

export interface Sample {
  readonly track: number;
  /** Presentation time in the track's timescale. */
  readonly pts: number;
  readonly duration: number;
  readonly bytes: number;
  /** Where its bytes begin in what was read; null where the run does not say. */
  readonly at: number | null;
  readonly key: boolean;
}

interface Box {
  readonly type: string;
  readonly from: number;
  readonly until: number;
}

const NOT_SYNC = 0x0001_0000;

function* boxesIn(data: DataView, from: number, until: number): Generator<Box> {
  let at = from;
  while (at + 8 <= until) {
    let size = data.getUint32(at);
    let header = 8;
    if (size === 1 && at + 16 <= until) {
      size = Number(data.getBigUint64(at + 8));
      header = 16;
    }
    if (size === 0) size = until - at;
    if (size < header || at + size > until) return;
    yield { type: fourCc(data, at + 4), from: at + header, until: at + size };
    at += size;
  }
}

function fourCc(data: DataView, at: number): string {
  return String.fromCharCode(data.getUint8(at), data.getUint8(at + 1), data.getUint8(at + 2), data.getUint8(at + 3));
}

function child(data: DataView, parent: Box, type: string): Box | undefined {
  for (const box of boxesIn(data, parent.from, parent.until)) if (box.type === type) return box;
  return undefined;
}

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const file = (data: DataView): Box => ({ type: 'file', from: 0, until: data.byteLength });

/** The tracks that an init segment (`ftyp` + `moov`) declares. */
export function readTracks(init: Uint8Array): TrackInfo[] {
  const data = view(init);
  const moov = child(data, file(data), 'moov');
  if (!moov) return [];
  const defaults = readTrackDefaults(data, moov);
  const tracks: TrackInfo[] = [];
  for (const trak of boxesIn(data, moov.from, moov.until)) {
    if (trak.type !== 'trak') continue;
    const track = readTrack(data, trak, defaults);
    if (track) tracks.push(track);
  }
  return tracks;
}

type Defaults = Map<number, { duration: number; size: number; flags: number }>;

function readTrackDefaults(data: DataView, moov: Box): Defaults {
  const defaults: Defaults = new Map();
  const mvex = child(data, moov, 'mvex');
  if (!mvex) return defaults;
  for (const trex of boxesIn(data, mvex.from, mvex.until)) {
    if (trex.type !== 'trex' || trex.until - trex.from < 24) continue;
    defaults.set(data.getUint32(trex.from + 4), {
      duration: data.getUint32(trex.from + 12),
      size: data.getUint32(trex.from + 16),
      flags: data.getUint32(trex.from + 20),
    });
  }
  return defaults;
}

function readTrack(data: DataView, trak: Box, defaults: Defaults): TrackInfo | undefined {
  const tkhd = child(data, trak, 'tkhd');
  const mdia = child(data, trak, 'mdia');
  const mdhd = mdia && child(data, mdia, 'mdhd');
  const hdlr = mdia && child(data, mdia, 'hdlr');
  if (!tkhd || !mdhd || !hdlr || hdlr.until - hdlr.from < 12) return undefined;
  const id = data.getUint32(tkhd.from + (data.getUint8(tkhd.from) === 1 ? 20 : 12));
  const timescale = data.getUint32(mdhd.from + (data.getUint8(mdhd.from) === 1 ? 20 : 12));
  const handler = fourCc(data, hdlr.from + 8);
  const known = defaults.get(id);
  return {
    id,
    timescale: timescale || 1,
    kind: handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : 'other',
    defaultDuration: known?.duration ?? 0,
    defaultSize: known?.size ?? 0,
    defaultFlags: known?.flags ?? 0,
  };
}

/** Every sample of every `moof` in `fragments`, in file order. */
export function readSamples(fragments: Uint8Array, tracks: readonly TrackInfo[]): Sample[] {
  const data = view(fragments);
  const samples: Sample[] = [];
  for (const moof of boxesIn(data, 0, data.byteLength)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxesIn(data, moof.from, moof.until)) {
      if (traf.type === 'traf') readTraf(data, traf, moof.from - 8, tracks, samples);
    }
  }
  return samples;
}

function readTraf(data: DataView, traf: Box, moofAt: number, tracks: readonly TrackInfo[], into: Sample[]) {
  const tfhd = child(data, traf, 'tfhd');
  const tfdt = child(data, traf, 'tfdt');
  if (!tfhd || !tfdt) return;
  const trackId = data.getUint32(tfhd.from + 4);
  const track = tracks.find((known) => known.id === trackId);
  const flags = data.getUint32(tfhd.from) & 0xffffff;
  let at = tfhd.from + 8;
  const take = (present: number, fallback: number) => {
    if (!(flags & present)) return fallback;
    const value = data.getUint32(at);
    at += 4;
    return value;
  };
  if (flags & 0x1) at += 8;
  if (flags & 0x2) at += 4;
  const duration = take(0x8, track?.defaultDuration ?? 0);
  const size = take(0x10, track?.defaultSize ?? 0);
  const sampleFlags = take(0x20, track?.defaultFlags ?? 0);
  let dts = data.getUint8(tfdt.from) === 1 ? Number(data.getBigUint64(tfdt.from + 4)) : data.getUint32(tfdt.from + 4);
  for (const trun of boxesIn(data, traf.from, traf.until)) {
    if (trun.type === 'trun') dts = readTrun(data, trun, { trackId, duration, size, sampleFlags, moofAt }, dts, into);
  }
}

interface RunDefaults {
  readonly trackId: number;
  readonly duration: number;
  readonly size: number;
  readonly sampleFlags: number;
  /** Offsets of runs count from here (default-base-is-moof). */
  readonly moofAt: number;
}

function readTrun(data: DataView, trun: Box, defaults: RunDefaults, firstDts: number, into: Sample[]): number {
  const version = data.getUint8(trun.from);
  const flags = data.getUint32(trun.from) & 0xffffff;
  const count = data.getUint32(trun.from + 4);
  let at = trun.from + 8;
  let byteAt: number | null = null;
  if (flags & 0x1) {
    byteAt = defaults.moofAt + data.getInt32(at);
    at += 4;
  }
  let firstFlags: number | null = null;
  if (flags & 0x4) {
    firstFlags = data.getUint32(at);
    at += 4;
  }
  const perSample = [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length * 4;
  if (at + count * perSample > trun.until) return firstDts;
  let dts = firstDts;
  for (let index = 0; index < count; index += 1) {
    let { duration, size, sampleFlags } = defaults;
    if (flags & 0x100) {
      duration = data.getUint32(at);
      at += 4;
    }
    if (flags & 0x200) {
      size = data.getUint32(at);
      at += 4;
    }
    if (flags & 0x400) {
      sampleFlags = data.getUint32(at);
      at += 4;
    }
    if (index === 0 && firstFlags !== null) sampleFlags = firstFlags;
    let shift = 0;
    if (flags & 0x800) {
      shift = version === 0 ? data.getUint32(at) : data.getInt32(at);
      at += 4;
    }
    into.push({
      track: defaults.trackId,
      pts: dts + shift,
      duration,
      bytes: size,
      at: byteAt,
      key: (sampleFlags & NOT_SYNC) === 0,
    });
    if (byteAt !== null) byteAt += size;
    dts += duration;
  }
  return dts;
}

/** Parameter sets of an HEVC init segment (`hvcC`, ISO/IEC 14496-15 §8.3.3.1) as a byte stream with start codes. */
export function hevcParameterSets(init: Uint8Array): Uint8Array {
  const data = view(init);
  const at = findFourCc(data, 'hvcC');
  const units: Uint8Array[] = [];
  if (at === null || at + 23 > init.length) return joined(units);
  let next = at + 23;
  for (let array = data.getUint8(at + 22); array > 0 && next + 3 <= init.length; array -= 1) {
    const count = data.getUint16(next + 1);
    next += 3;
    for (let unit = 0; unit < count && next + 2 <= init.length; unit += 1) {
      const length = data.getUint16(next);
      if (next + 2 + length > init.length) return joined(units);
      units.push(init.subarray(next + 2, next + 2 + length));
      next += 2 + length;
    }
  }
  return joined(units);
}

/** NAL units with four-byte lengths, as samples hold them, as a byte stream with start codes. */
export function byteStream(sample: Uint8Array): Uint8Array {
  const data = view(sample);
  const units: Uint8Array[] = [];
  for (let at = 0; at + 4 <= sample.length; ) {
    const length = data.getUint32(at);
    if (length === 0 || at + 4 + length > sample.length) break;
    units.push(sample.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return joined(units);
}

/** Position after the name. */
function findFourCc(data: DataView, name: string): number | null {
  for (let at = 0; at + 4 <= data.byteLength; at += 1) if (fourCc(data, at) === name) return at + 4;
  return null;
}

function joined(units: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(units.reduce((sum, unit) => sum + unit.length + 4, 0));
  let at = 0;
  for (const unit of units) {
    whole[at + 3] = 1;
    whole.set(unit, at + 4);
    at += unit.length + 4;
  }
  return whole;
}
