//! Parts of a segment made fit for a player: one key frame, fragments with sound that browsers know.

use super::{
    moof,
    table::{Key, Table, slice},
};
use crate::{
    frame::{AudioCodec, Format},
    mux::{AudioCarriage, Fragmenter, Next, init_segment},
};
use bytes::Bytes;
use std::{fs::File, io, ops::Range, sync::Arc};

/// Most that is read at once to be converted. A player asks for a second or two.
const CONVERTED_MAX_BYTES: u64 = 32 << 20;
/// A key frame and what stands before it in its fragment.
const FRAGMENT_MAX_BYTES: u64 = 64 << 20;

/// Whether browsers refuse the sound as it is.
pub fn needs_flac(format: &Format) -> bool {
    format.audio.as_ref().is_some_and(|audio| audio.codec != AudioCodec::Aac)
}

/// Whether bytes lie in the init or in fragments that may be seen.
pub fn may_read(table: &Table, within: &Range<usize>, from: u64, to: u64) -> bool {
    if within.len() == table.fragments.len() {
        return to <= table.bytes;
    }
    let seen = &table.fragments[within.clone()];
    let (Some(first), Some(last)) = (seen.first(), seen.last()) else { return false };
    let inside = |begin: u64, end: u64| from >= begin && to <= end;
    inside(table.init.0, table.init.1) || inside(first.offset, last.offset + last.bytes)
}

/// The fragments that begin at `from` and end at `to`, exactly.
pub fn run(table: &Table, from: u64, to: u64) -> Option<Range<usize>> {
    let first = table.fragments.iter().position(|one| one.offset == from)?;
    let last = table.fragments.iter().position(|one| one.offset + one.bytes == to)?;
    (first <= last).then_some(first..last + 1)
}

/// Init with sound that browsers know.
pub fn init(format: &Format) -> Bytes {
    init_segment(format, AudioCarriage::ForBrowsers)
}

/// Whole fragments; G.711 becomes FLAC, everything else stays as it is. Blocks on the disk.
pub fn media(file: &File, table: &Table, run: Range<usize>) -> io::Result<Bytes> {
    let before = run.start;
    let fragments = &table.fragments[run];
    let total: u64 = fragments.iter().map(|one| one.bytes).sum();
    if total > CONVERTED_MAX_BYTES {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut out = Vec::with_capacity(total as usize);
    for (at, one) in (before..).zip(fragments) {
        let bytes = Bytes::from(slice(file, one.offset, one.bytes)?);
        if !needs_flac(&table.format) {
            out.extend_from_slice(&bytes);
            continue;
        }
        let (units, next) = moof::units(&bytes, &table.format, table.start_us).ok_or_else(unreadable)?;
        let mut fragmenter = Fragmenter::new(0, AudioCarriage::ForBrowsers).continuing(at as u32);
        if let Some(made) = fragmenter.fragment(&units, next) {
            out.extend_from_slice(&made.to_bytes());
        }
    }
    Ok(Bytes::from(out))
}

/// One key frame as fMP4, without sound. Blocks on the disk.
pub fn picture(file: &File, table: &Table, key: &Key, with_init: bool) -> io::Result<Bytes> {
    let fragment = &table.fragments[key.fragment];
    if fragment.bytes > FRAGMENT_MAX_BYTES {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let sample = key.sample;
    let payload = Bytes::from(slice(file, fragment.offset + sample.offset, u64::from(sample.bytes))?);
    let format = Arc::new(Format { video: table.format.video.clone(), audio: None });
    let placed = moof::Sample { offset: 0, ..sample };
    let unit = moof::unit(&placed, &payload, &format, table.start_us).ok_or_else(unreadable)?;
    let next = Next { video_dts: Some(sample.dts + sample.ticks), audio_dts: None };
    let made =
        Fragmenter::new(0, AudioCarriage::Left).fragment(&[Arc::new(unit)], next).ok_or_else(unreadable)?;
    let mut out = Vec::with_capacity(made.bytes + 1_024);
    if with_init {
        out.extend_from_slice(&init_segment(&format, AudioCarriage::Left));
    }
    out.extend_from_slice(&made.to_bytes());
    Ok(Bytes::from(out))
}

fn unreadable() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the fragment cannot be read")
}
