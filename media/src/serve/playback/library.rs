//! Segment files by their ids. Paths are built from ids and nothing else: what does not parse has no path.

use super::table::{Table, Tables};
use crate::record::place::{CLOSED, SegmentName, day};
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    sync::Arc,
};

/// Segments of one playlist at most: a day of minutes.
const LISTED_MAX: usize = 1_440;

/// See the module. All methods block on the disk.
pub struct Library {
    roots: Vec<PathBuf>,
    tables: Tables,
}

impl Library {
    pub fn new(roots: Vec<PathBuf>) -> Self {
        Self { roots, tables: Tables::default() }
    }

    /// Opens a segment; `NotFound` where no root has it. Links are not followed.
    pub fn open(&self, id: &SegmentName) -> io::Result<(File, Arc<Table>)> {
        let path = id.path();
        let open = |root: &PathBuf| {
            OpenOptions::new()
                .read(true)
                .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC)
                .open(root.join(&path))
        };
        let found = self.roots.iter().map(open).find(|opened| !matches!(opened, Err(why) if gone(why)));
        let file = found.unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()))?;
        let key = id.id();
        if let Some(table) = self.tables.get(&key) {
            return Ok((file, table));
        }
        let table = Arc::new(Table::read(&file, id.start_us)?);
        self.tables.put(key, table.clone());
        Ok((file, table))
    }

    /// Segments of a stream that may have something of a range, in order of time. Segments last at most an
    /// hour, so those that start up to an hour before are looked at, too.
    pub fn list(&self, stream: &str, from_us: i64, until_us: i64) -> Vec<SegmentName> {
        const DAY_US: i64 = 86_400_000_000;
        const BEFORE_US: i64 = 3_600_000_000;
        let earliest_us = from_us.saturating_sub(BEFORE_US).max(0);
        let mut found = Vec::new();
        let days = earliest_us / DAY_US..=(until_us.max(0) / DAY_US).min(earliest_us / DAY_US + 32);
        for folder in days.flat_map(|number| {
            let name = day(number * DAY_US);
            self.roots.iter().map(move |root| root.join(stream).join(&name))
        }) {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            found.extend(entries.flatten().filter_map(|entry| {
                let name = entry.file_name();
                let id =
                    SegmentName::from_stem(stream, name.to_str()?.strip_suffix(CLOSED)?.strip_suffix('.')?)?;
                (earliest_us..until_us).contains(&id.start_us).then_some(id)
            }));
        }
        found.sort();
        found.dedup();
        // Of those before the range only the last can reach into it.
        let before = found.partition_point(|id| id.start_us <= from_us).saturating_sub(1);
        found.drain(..before);
        found.truncate(LISTED_MAX);
        found
    }
}

fn gone(why: &io::Error) -> bool {
    matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
