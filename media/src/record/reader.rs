//! Reading of segments: trailers, the table of fragments, one key frame. Files are input: bounds before
//! allocation, damage is an error with a place.

use super::digest_box::{DIGEST_BOX_BYTES, FragmentFacts, Hash, digest_of};
use super::disk::{Disk, DiskFile};
use super::trailer::{TRAILER_BYTES, TRAILER_UUID, Trailer};
use crate::mux::atoms::{child, children, extent, u32_at, u64_at};
use bytes::Bytes;
use serde::Serialize;
use sha2_recording::{Digest, Sha256};
use std::io;

/// Longest init segment that is read.
pub const MAX_INIT_BYTES: u64 = 1 << 20;

/// What is wrong with a file, and where.
#[derive(Debug)]
pub struct Damage {
    /// Offset of the first byte that does not hold.
    pub at: u64,
    pub what: String,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "at byte {}: {}", self.at, self.what)
    }
}

impl std::error::Error for Damage {}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, damage)
    }
}

fn damage(at: u64, what: impl Into<String>) -> Damage {
    Damage { at, what: what.into() }
}

/// One fragment of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentEntry {
    pub facts: FragmentFacts,
    /// Where its `moof` begins.
    pub offset: u64,
    pub digest: Hash,
}

/// A file as its boxes tell it; digests are compared only by [`check_digests`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentTable {
    pub init_bytes: u64,
    pub fragments: Vec<FragmentEntry>,
    pub trailer: Option<Trailer>,
    /// End of the last whole fragment.
    pub body_bytes: u64,
}

/// The trailer of a closed segment: one open, one read.
pub fn read_trailer(disk: &dyn Disk, path: &str) -> io::Result<Trailer> {
    trailer_of(&*disk.open_to_read(path)?)
}

/// The trailer at the end of a file.
pub fn trailer_of(file: &dyn DiskFile) -> io::Result<Trailer> {
    let bytes = file.bytes()?;
    let Some(at) = bytes.checked_sub(TRAILER_BYTES as u64) else {
        return Err(damage(bytes, "too short for a segment").into());
    };
    let mut buffer = [0; TRAILER_BYTES];
    file.read_exact_at(at, &mut buffer)?;
    let trailer = Trailer::read(&buffer).ok_or_else(|| damage(at, "no intact trailer at the end"))?;
    if trailer.body_bytes != at {
        return Err(damage(at, "the trailer stands at another place than it says").into());
    }
    Ok(trailer)
}

/// Length of `ftyp` and `moov` at the front of a file. Ours say their sizes: none reaches "to the end".
pub fn init_bytes(file: &dyn DiskFile) -> io::Result<u64> {
    let bytes = file.bytes()?;
    let mut at = 0;
    for kind in [b"ftyp", b"moov"] {
        let mut head = [0; 8];
        if at + 8 > bytes {
            return Err(damage(at, "the file ends before its init segment does").into());
        }
        file.read_exact_at(at, &mut head)?;
        match extent(&head, bytes.min(MAX_INIT_BYTES).saturating_sub(at)) {
            Some((found, 8, size)) if found == *kind && u32_at(&head, 0) != Some(0) => at += size,
            _ => return Err(damage(at, format!("no {} box", String::from_utf8_lossy(kind))).into()),
        }
    }
    Ok(at)
}

/// Walks the digest boxes, reading 210 bytes a fragment. Stops without an error at the first box that is
/// neither a digest box with all of its fragment nor the trailer: what is before is whole in form.
pub fn read_table(file: &dyn DiskFile) -> io::Result<SegmentTable> {
    let bytes = file.bytes()?;
    let init_bytes = init_bytes(file)?;
    let mut table = SegmentTable { init_bytes, fragments: Vec::new(), trailer: None, body_bytes: init_bytes };
    let mut buffer = [0; DIGEST_BOX_BYTES];
    while table.body_bytes + DIGEST_BOX_BYTES as u64 <= bytes {
        let at = table.body_bytes;
        file.read_exact_at(at, &mut buffer)?;
        if buffer[8..24] == TRAILER_UUID {
            table.trailer = trailer_of(file).ok().filter(|trailer| trailer.body_bytes == at);
            break;
        }
        let Ok((facts, digest)) = FragmentFacts::read(&buffer) else { break };
        let offset = at + DIGEST_BOX_BYTES as u64;
        if facts.length > bytes - offset || facts.number as usize != table.fragments.len() {
            break;
        }
        table.body_bytes = offset + facts.length;
        table.fragments.push(FragmentEntry { facts, offset, digest });
    }
    Ok(table)
}

/// How many fragments, from the first on, hold their digest and the digest before. Reads the whole file
/// once. The buffer grows to the longest fragment.
pub fn check_digests(file: &dyn DiskFile, table: &SegmentTable) -> io::Result<usize> {
    let mut init = vec![0; table.init_bytes as usize];
    file.read_exact_at(0, &mut init)?;
    let mut previous: Hash = Sha256::digest(&init).into();
    let mut buffer = Vec::new();
    for (n, entry) in table.fragments.iter().enumerate() {
        buffer.resize(DIGEST_BOX_BYTES + entry.facts.length as usize, 0);
        file.read_exact_at(entry.offset - DIGEST_BOX_BYTES as u64, &mut buffer)?;
        let (digest_box, fragment) = buffer.split_at(DIGEST_BOX_BYTES);
        if entry.facts.previous != previous || digest_of(digest_box, fragment) != Some(entry.digest) {
            return Ok(n);
        }
        previous = entry.digest;
    }
    Ok(table.fragments.len())
}

/// SHA-256 over digests in order: the digest of a segment.
pub fn segment_digest<'a>(digests: impl Iterator<Item = &'a Hash>) -> Hash {
    let mut hasher = Sha256::new();
    digests.for_each(|digest| hasher.update(digest));
    hasher.finalize().into()
}

/// One key frame, cut out of its fragment, as init segment and a fragment of one sample.
#[derive(Clone, Debug)]
pub struct KeyFrame {
    pub wall_us: i64,
    pub init: Bytes,
    /// `moof` and `mdat`.
    pub fragment: Bytes,
}

/// A key frame of the table's form: where the picture's bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyEntry {
    pub wall_us: i64,
    pub start_ticks: i64,
    pub offset: u64,
    pub length: u32,
    /// `pts - dts` in ticks.
    pub composition: i32,
}

/// The key frames of one fragment, from its `moof` (`moof` bytes begin at `entry.offset`).
pub fn key_entries(entry: &FragmentEntry, moof: &[u8], segment_start_us: i64) -> Vec<KeyEntry> {
    let mut keys = Vec::new();
    let Some(body) = child(moof, b"moof") else { return keys };
    for traf in children(body).filter(|atom| atom.kind == *b"traf") {
        let Some(1) = child(traf.body, b"tfhd").and_then(|tfhd| u32_at(tfhd, 4)) else { continue };
        let start = child(traf.body, b"tfdt").and_then(|tfdt| u64_at(tfdt, 4)).unwrap_or(0);
        let Some(trun) = child(traf.body, b"trun") else { continue };
        let (Some(count), Some(data)) = (u32_at(trun, 4), u32_at(trun, 8)) else { continue };
        let mut ticks = start as i64;
        let mut offset = entry.offset + u64::from(data);
        for n in 0..count as usize {
            let field = |m: usize| u32_at(trun, 12 + n * 16 + m * 4);
            let (Some(duration), Some(length), Some(flags), Some(shift)) =
                (field(0), field(1), field(2), field(3))
            else {
                break;
            };
            if flags & 0x0001_0000 == 0 && u64::from(length) <= entry.facts.length {
                let wall_us = segment_start_us.saturating_add(crate::mux::fmp4::ticks_to_us(
                    ticks.saturating_add(i64::from(shift as i32)),
                ));
                keys.push(KeyEntry {
                    wall_us,
                    start_ticks: ticks,
                    offset,
                    length,
                    composition: shift as i32,
                });
            }
            ticks = ticks.saturating_add(i64::from(duration));
            offset = offset.saturating_add(u64::from(length));
        }
    }
    keys
}

/// `moof` of a fragment, at most 1 MiB.
pub fn read_moof(file: &dyn DiskFile, entry: &FragmentEntry) -> io::Result<Vec<u8>> {
    let mut head = [0; 8];
    file.read_exact_at(entry.offset, &mut head)?;
    let (_, _, size) = extent(&head, entry.facts.length.min(1 << 20))
        .filter(|(kind, header, _)| kind == b"moof" && *header == 8)
        .ok_or_else(|| damage(entry.offset, "no moof box"))?;
    let mut moof = vec![0; size as usize];
    file.read_exact_at(entry.offset, &mut moof)?;
    Ok(moof)
}

/// The last key frame at or before `at_us`, or the first of the file.
pub fn key_frame(file: &dyn DiskFile, at_us: i64) -> io::Result<KeyFrame> {
    let table = read_table(file)?;
    let start_us = segment_start_us(&table).ok_or_else(|| damage(table.body_bytes, "no whole fragment"))?;
    let with_key: Vec<_> = table.fragments.iter().filter(|entry| entry.facts.key_frames > 0).collect();
    let after = with_key.partition_point(|entry| entry.facts.wall_us <= at_us);
    // The fragment's own key frame may lie after the moment: then the one before has it.
    let mut best = None;
    for entry in with_key.iter().skip(after.saturating_sub(2)).take(2) {
        for key in key_entries(entry, &read_moof(file, entry)?, start_us) {
            if best.is_none() || key.wall_us <= at_us {
                best = Some((key, *entry));
            }
        }
    }
    let (key, entry) = best.ok_or_else(|| damage(table.body_bytes, "no key frame"))?;
    let end = entry.offset + entry.facts.length;
    if key.offset < entry.offset || key.offset + u64::from(key.length) > end {
        return Err(damage(key.offset, "a sample lies outside its fragment").into());
    }
    let mut picture = vec![0; key.length as usize];
    file.read_exact_at(key.offset, &mut picture)?;
    let mut init = vec![0; table.init_bytes as usize];
    file.read_exact_at(0, &mut init)?;
    let fragment = crate::mux::fmp4::single_picture(&key, &picture);
    Ok(KeyFrame { wall_us: key.wall_us, init: init.into(), fragment })
}

/// Recording time of media time 0, as the first fragment gives it.
pub fn segment_start_us(table: &SegmentTable) -> Option<i64> {
    let first = &table.fragments.first()?.facts;
    Some(first.wall_us - crate::mux::fmp4::ticks_to_us(first.start_ticks.min(i64::MAX as u64) as i64))
}
