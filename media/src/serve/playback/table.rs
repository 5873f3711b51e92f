//! Where the fragments and key frames of one segment file are, and a bounded cache of such tables.

use super::moof;
use crate::{
    frame::{Format, Track},
    ingest::file::tracks,
    mux::{atoms, fmp4::ticks_to_us},
};
use std::{
    collections::HashMap,
    fs::File,
    io,
    os::unix::fs::FileExt,
    sync::{Arc, Mutex, PoisonError},
};

/// An init segment is a few hundred bytes; a `moof` some kilobytes.
const HEAD_MAX_BYTES: u64 = 1 << 20;
/// Boxes of one segment: an hour of fragments, each with its digest box.
const BOXES_MAX: usize = 50_000;
/// Tables kept; one of a minute is about 4 KiB.
const CACHED: usize = 1_024;

/// One `moof` with its `mdat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Recording time, microseconds since the Unix epoch.
    pub start_us: i64,
    pub duration_us: i64,
    pub offset: u64,
    pub bytes: u64,
    /// Its first picture is a key frame.
    pub key: bool,
}

/// One key frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub wall_us: i64,
    /// Which fragment it is in.
    pub fragment: usize,
    pub sample: moof::Sample,
}

/// See the module. Files are closed segments: they never change. The file itself is opened for each
/// request, so that a deleted segment is gone at once.
pub struct Table {
    pub start_us: i64,
    pub init: (u64, u64),
    pub format: Arc<Format>,
    pub fragments: Vec<Fragment>,
    pub keys: Vec<Key>,
    /// Length of the file.
    pub bytes: u64,
}

/// Bytes of a file. The caller has bounded `length`.
pub fn slice(file: &File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    file.read_exact_at(&mut bytes, offset)?;
    Ok(bytes)
}

fn extent(file: &File, at: u64, length: u64) -> io::Result<Option<([u8; 4], u64, u64)>> {
    let rest = length.saturating_sub(at);
    let mut head = [0; 16];
    let room = rest.min(16) as usize;
    file.read_exact_at(&mut head[..room], at)?;
    Ok(atoms::extent(&head[..room], rest))
}

impl Table {
    /// Reads the heads of all boxes. Blocks on the disk. A file that is cut or odd gives what can be read.
    pub fn read(file: &File, start_us: i64) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        let mut table = Self {
            start_us,
            init: (0, 0),
            format: Arc::default(),
            fragments: Vec::new(),
            keys: Vec::new(),
            bytes,
        };
        let mut at = 0;
        for _ in 0..BOXES_MAX {
            let Some((kind, header, whole)) = extent(file, at, bytes)? else { break };
            match &kind {
                b"moov" if whole <= HEAD_MAX_BYTES => {
                    table.init = (0, at + whole);
                    table.format = Arc::new(tracks::format(&slice(file, at + header, whole - header)?));
                }
                b"moof" if whole <= HEAD_MAX_BYTES => table.fragment(file, at, header, whole)?,
                _ => {}
            }
            at += whole;
        }
        if table.init.1 == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the segment has no init"));
        }
        Ok(table)
    }

    fn fragment(&mut self, file: &File, at: u64, header: u64, whole: u64) -> io::Result<()> {
        let data = match extent(file, at + whole, self.bytes)? {
            Some((kind, _, data)) if kind == *b"mdat" => data,
            _ => return Ok(()), // cut off before its data
        };
        let Some(samples) = moof::samples(&slice(file, at + header, whole - header)?) else { return Ok(()) };
        let video = || samples.iter().filter(|sample| sample.track == Track::Video);
        // Sound frames straddle the border of fragments; pictures say where a fragment is.
        let timed: Vec<_> =
            if video().next().is_some() { video().collect() } else { samples.iter().collect() };
        let Some(start) = timed.iter().map(|sample| sample.dts).min() else { return Ok(()) };
        let end = timed.iter().map(|sample| sample.dts + sample.ticks).max().unwrap_or(start);
        let index = self.fragments.len();
        let start_us = self.start_us;
        self.keys.extend(video().filter(|sample| sample.key).map(|sample| Key {
            wall_us: start_us + ticks_to_us(sample.pts),
            fragment: index,
            sample: *sample,
        }));
        self.fragments.push(Fragment {
            start_us: start_us + ticks_to_us(start),
            duration_us: ticks_to_us(end - start),
            offset: at,
            bytes: whole + data,
            key: video().next().is_some_and(|sample| sample.key),
        });
        Ok(())
    }

    /// End of the last fragment, microseconds since the Unix epoch.
    pub fn end_us(&self) -> i64 {
        self.fragments
            .iter()
            .map(|fragment| fragment.start_us + fragment.duration_us)
            .max()
            .unwrap_or(self.start_us)
    }

    /// The fragments that have something of `[from_us, until_us)`.
    pub fn within(&self, from_us: i64, until_us: i64) -> std::ops::Range<usize> {
        let begin = self.fragments.partition_point(|one| one.start_us + one.duration_us <= from_us);
        let end = self.fragments.partition_point(|one| one.start_us < until_us);
        begin..end.max(begin)
    }

    /// The last key frame at or before a moment.
    pub fn key_at(&self, at_us: i64) -> Option<&Key> {
        self.keys[..self.keys.partition_point(|key| key.wall_us <= at_us)].last()
    }
}

/// Tables by segment id; the one unused longest goes first.
#[derive(Default)]
pub struct Tables {
    cached: Mutex<Cached>,
}

#[derive(Default)]
struct Cached {
    by_id: HashMap<String, (u64, Arc<Table>)>,
    uses: u64,
}

impl Tables {
    pub fn get(&self, id: &str) -> Option<Arc<Table>> {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.uses += 1;
        let uses = cached.uses;
        let (used, table) = cached.by_id.get_mut(id)?;
        *used = uses;
        Some(table.clone())
    }

    pub fn put(&self, id: String, table: Arc<Table>) {
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.uses += 1;
        let uses = cached.uses;
        cached.by_id.insert(id, (uses, table));
        if cached.by_id.len() > CACHED {
            // Dropping a tenth at a time makes the search for the oldest rare.
            let mut ages: Vec<u64> = cached.by_id.values().map(|(used, _)| *used).collect();
            ages.sort_unstable();
            let limit = ages[CACHED / 10];
            cached.by_id.retain(|_, (used, _)| *used > limit);
        }
    }
}
