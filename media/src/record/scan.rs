//! The index from the files alone: which closed segments there are, folder by folder, and what of them cannot
//! be believed. Reads only. Closing what is unfinished: `recovery.rs`.

use super::disk::{Disk, DiskFile, uninterrupted};
use super::place::{CLOSED, SUSPECT, SegmentName};
use super::{reader, recovery};
use crate::event::Segment;
use std::io;

/// A folder of fewer files is not worth a second thread.
const FILES_A_THREAD: usize = 256;
/// One disk serves no more than this at once to any use.
const MOST_THREADS: usize = 2;

/// What a scan found.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Scan {
    pub segments: Vec<Segment>,
    /// Closed files whose trailer does not hold, and what cannot be read. What the digests of such a file
    /// still hold is among the segments.
    pub damaged: Vec<DamagedFile>,
    /// Paths of files that were kept aside as suspect.
    pub aside: Vec<String>,
}

/// One path of [`Scan::damaged`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DamagedFile {
    /// Below the storage root.
    pub path: String,
    pub problem: String,
}

/// Every folder that may hold segments.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Folders {
    /// `{stream}/{YYYYMMDD}`, in order.
    pub folders: Vec<String>,
    /// Streams that cannot be listed.
    pub damaged: Vec<DamagedFile>,
}

impl Scan {
    fn damage(&mut self, path: &str, problem: &impl std::fmt::Display) {
        self.damaged.push(damaged(path, problem));
    }

    fn extend(&mut self, other: Scan) {
        self.segments.extend(other.segments);
        self.damaged.extend(other.damaged);
        self.aside.extend(other.aside);
    }
}

fn damaged(path: &str, problem: &impl std::fmt::Display) -> DamagedFile {
    DamagedFile { path: path.to_owned(), problem: problem.to_string() }
}

/// The folders of every stream and day. An error only if the root cannot be listed.
pub fn folders(disk: &dyn Disk) -> io::Result<Folders> {
    let mut found = Folders::default();
    for stream in recovery::folders(disk, "")? {
        match recovery::folders(disk, &stream) {
            Ok(days) => found.folders.extend(days.iter().map(|day| format!("{stream}/{day}"))),
            Err(error) => found.damaged.push(damaged(&stream, &error)),
        }
    }
    Ok(found)
}

/// Every closed segment below the root for which `known` does not hold.
pub fn scan(disk: &dyn Disk, known: impl Fn(&SegmentName) -> bool) -> io::Result<Scan> {
    let found = folders(disk)?;
    let mut all = Scan { damaged: found.damaged, ..Scan::default() };
    for folder in &found.folders {
        all.extend(scan_folder(disk, folder, &known));
    }
    Ok(all)
}

/// The closed segments of one folder for which `known` does not hold, from trailers alone: one open and one
/// read a file, on two threads where it is large. A file without trailer is rebuilt from its digest boxes;
/// files that are gone meanwhile are none.
pub fn scan_folder(disk: &dyn Disk, folder: &str, known: impl Fn(&SegmentName) -> bool) -> Scan {
    let mut scan = Scan::default();
    let files = match recovery::files(disk, folder) {
        Ok(files) => files,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                scan.damage(folder, &error);
            }
            return scan;
        }
    };
    let mut unknown = Vec::new();
    for (name, file) in files {
        match file.rsplit_once('.') {
            Some((_, CLOSED)) if !known(&name) => unknown.push((name, file)),
            Some((_, SUSPECT)) => scan.aside.push(format!("{folder}/{file}")),
            _ => {}
        }
    }
    // Asking how many cores there are reads files.
    let threads = match unknown.len() {
        ..=FILES_A_THREAD => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS),
    };
    let share = unknown.len().div_ceil(threads).max(FILES_A_THREAD);
    let parts: Vec<Scan> = std::thread::scope(|scope| {
        let mut shares = unknown.chunks(share);
        let own = shares.next().unwrap_or_default();
        let others: Vec<_> = shares.map(|files| scope.spawn(|| look_at_all(disk, folder, files))).collect();
        let mut parts = vec![look_at_all(disk, folder, own)];
        for other in others {
            parts.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        parts
    });
    parts.into_iter().for_each(|part| scan.extend(part));
    scan
}

fn look_at_all(disk: &dyn Disk, folder: &str, files: &[(SegmentName, String)]) -> Scan {
    let mut scan = Scan::default();
    let open = match uninterrupted(|| disk.reader_of(folder)) {
        Ok(open) => open,
        Err(error) => {
            scan.damage(folder, &error);
            return scan;
        }
    };
    for (name, file) in files {
        match uninterrupted(|| open(file)) {
            Ok(file) => look_at(&*file, name, &mut scan),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => scan.damage(&format!("{folder}/{file}"), &error),
        }
    }
    scan
}

fn look_at(file: &dyn DiskFile, name: &SegmentName, scan: &mut Scan) {
    match reader::trailer_of(file) {
        Ok(trailer) if trailer.name == *name => scan.segments.push(trailer.segment()),
        Ok(_) => scan.damage(&name.path(), &"the trailer names another segment"),
        Err(error) => {
            scan.damage(&name.path(), &error);
            scan.segments.extend(without_trailer(file, name).ok());
        }
    }
}

/// A closed file whose trailer is damaged is still recorded time: what its digests hold is told.
fn without_trailer(file: &dyn DiskFile, name: &SegmentName) -> io::Result<Segment> {
    let mut table = reader::read_table(file)?;
    let good = reader::check_digests(file, &table)?;
    table.fragments.truncate(good);
    let last = table.fragments.last().ok_or_else(|| io::Error::other("no whole fragment"))?;
    if last.facts.stream != name.stream || last.facts.segment != name.sequence {
        return Err(io::Error::other("fragments of another stream"));
    }
    let end = last.offset + last.facts.length;
    let mut segment = recovery::trailer_of_table(file, name, &table, end)?.segment();
    segment.bytes = file.bytes()?;
    Ok(segment)
}
