//! Segment files by their ids. Paths are built from ids and nothing else: what does not parse has no path.

use super::table::{Table, Tables};
use crate::plane::config::is_stream_name;
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Segments of one playlist at most: a day of minutes.
const LISTED_MAX: usize = 1_440;

/// A segment's identity: `{stream}/{start_us}-{sequence}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SegmentId {
    pub stream: String,
    pub start_us: i64,
    pub sequence: u32,
}

impl SegmentId {
    /// Reads `{start_us}-{sequence}` as it would be written.
    pub fn parse(stream: &str, stem: &str) -> Option<Self> {
        let (start, sequence) = stem.split_once('-')?;
        let id = Self {
            stream: is_stream_name(stream).then(|| stream.to_owned())?,
            start_us: start.parse().ok().filter(|start| (0..32_500_000_000_000_000).contains(start))?,
            sequence: sequence.parse().ok()?,
        };
        (id.stem() == stem).then_some(id)
    }

    pub fn stem(&self) -> String {
        format!("{}-{}", self.start_us, self.sequence)
    }

    /// Relative to a storage root: `{stream}/{YYYYMMDD}/{start_us}-{sequence}.mp4`, the day in UTC.
    fn path(&self) -> PathBuf {
        Path::new(&self.stream).join(day(self.start_us)).join(self.stem() + ".mp4")
    }
}

/// `YYYYMMDD` in UTC, by the civil calendar's 400-year era of 146,097 days.
pub fn day(at_us: i64) -> String {
    let days = at_us.div_euclid(86_400_000_000) + 719_468; // since 0000-03-01
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carried) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}{month:02}{day:02}", year + era * 400 + carried)
}

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
    pub fn open(&self, id: &SegmentId) -> io::Result<(File, Arc<Table>)> {
        let path = id.path();
        let open = |root: &PathBuf| {
            OpenOptions::new()
                .read(true)
                .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC)
                .open(root.join(&path))
        };
        let found = self.roots.iter().map(open).find(|opened| !matches!(opened, Err(why) if gone(why)));
        let file = found.unwrap_or_else(|| Err(io::ErrorKind::NotFound.into()))?;
        let key = format!("{}/{}", id.stream, id.stem());
        if let Some(table) = self.tables.get(&key) {
            return Ok((file, table));
        }
        let table = Arc::new(Table::read(&file, id.start_us)?);
        self.tables.put(key, table.clone());
        Ok((file, table))
    }

    /// Segments of a stream that may have something of a range, in order of time. Segments last at most an
    /// hour, so those that start up to an hour before are looked at, too.
    pub fn list(&self, stream: &str, from_us: i64, until_us: i64) -> Vec<SegmentId> {
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
                let id = SegmentId::parse(stream, name.to_str()?.strip_suffix(".mp4")?)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_ids_have_paths() {
        let id = SegmentId::parse("ch_7a.main", "1700000000000000-12").unwrap();
        assert_eq!(id.path(), Path::new("ch_7a.main/20231114/1700000000000000-12.mp4"));
        for (stream, stem) in [
            ("..", "1-1"),
            (".a", "1-1"),
            ("a/b", "1-1"),
            ("a", "../1-1"),
            ("a", "01-1"),
            ("a", "+1-1"),
            ("a", "-1-1"),
            ("a", "1-1.mp4"),
            ("a", "1"),
            ("a", "99999999999999999999-1"),
        ] {
            assert_eq!(SegmentId::parse(stream, stem), None, "{stream}/{stem}");
        }
        assert_eq!((day(0), day(951_782_400_000_000)), ("19700101".into(), "20000229".into()));
    }
}
