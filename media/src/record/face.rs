//! The recordings of one root as plain functions over paths, for the control plane (doors §1).

use super::disk::{Disk, RealDisk, check_path};
use super::import::{ImportError, import_file as import_into};
use super::place::SegmentName;
use super::reader;
use super::scan::{self, Folders, Scan};
use super::verify::{Depth, Verdict, verify};
use crate::event::Segment;
use serde::Serialize;
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One file as doors §1 shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FileTable {
    pub init_bytes: u64,
    pub fragments: Vec<FileFragment>,
    /// `None`: the file was not closed.
    pub segment: Option<Segment>,
}

/// One fragment of [`FileTable`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileFragment {
    /// Of its `moof`.
    pub offset: u64,
    /// Of `moof` and `mdat`.
    pub length: u64,
    pub start_us: i64,
    pub duration_us: i64,
    /// Starts with a key frame.
    pub key: bool,
    pub key_frames: u16,
    pub clock_jump: bool,
    pub keys_us: Vec<i64>,
}

/// The folders below the root that may hold segments.
pub fn storage_folders(root: &Path) -> io::Result<Folders> {
    scan::folders(&RealDisk::open(root)?)
}

/// The closed segments of one folder whose file names (without suffix) are not `known`, and what cannot be
/// believed or read. Of a damaged file, what its digests still hold is among the segments.
/// `InvalidInput` for what is no folder of a stream and a day.
pub fn scan_folder(root: &Path, folder: &str, known: &HashSet<String>) -> io::Result<Scan> {
    if folder.split('/').count() != 2 || check_path(folder).is_err() {
        let what = format!("not a folder of this storage: {folder:?}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    Ok(scan::scan_folder(&RealDisk::open(root)?, folder, |name| known.contains(&name.stem())))
}

/// One segment by its path below a storage root.
pub fn verify_segment(path: &Path, depth: Depth) -> io::Result<Verdict> {
    let (root, below) = split(path)?;
    match RealDisk::open(&root) {
        Ok(disk) => verify(&disk, &below, depth),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Ok(Verdict { ok: false, problems: vec!["missing".into()] })
        }
        Err(error) => Err(error),
    }
}

/// See [`super::import`].
pub fn import_file(
    root: &Path,
    source: &Path,
    stream: &str,
    start_us: i64,
    segment_seconds: u32,
) -> Result<Vec<Segment>, ImportError> {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(root)?);
    import_into(&disk, source, stream, start_us, segment_seconds)
}

/// Unlinks one segment by its id. `false` if it was gone already.
pub fn delete_segment(root: &Path, id: &str) -> io::Result<bool> {
    super::delete::delete_segment(&RealDisk::open(root)?, id)
}

/// Fragments and key frames of one file.
pub fn segment_table(path: &Path) -> io::Result<FileTable> {
    let (root, below) = split(path)?;
    let file = RealDisk::open(&root)?.open_to_read(&below)?;
    let table = reader::read_table(&*file)?;
    let start_us = reader::segment_start_us(&table).unwrap_or(0);
    let mut fragments = Vec::new();
    for entry in &table.fragments {
        let keys = match entry.facts.key_frames {
            0 => Vec::new(),
            _ => reader::key_entries(entry, &reader::read_moof(&*file, entry)?, start_us),
        };
        fragments.push(FileFragment {
            offset: entry.offset,
            length: entry.facts.length,
            start_us: entry.facts.wall_us,
            duration_us: crate::mux::fmp4::ticks_to_us(i64::from(entry.facts.duration_ticks)),
            key: entry.facts.key,
            key_frames: entry.facts.key_frames,
            clock_jump: entry.facts.clock_jump,
            keys_us: keys.into_iter().map(|key| key.wall_us).collect(),
        });
    }
    let segment = table.trailer.as_ref().map(|trailer| trailer.segment());
    Ok(FileTable { init_bytes: table.init_bytes, fragments, segment })
}

/// Storage root and path below it: the last three names of a segment's path.
fn split(path: &Path) -> io::Result<(PathBuf, String)> {
    let names: Vec<_> = path.iter().rev().take(3).map(|name| name.to_string_lossy().into_owned()).collect();
    let below = names.iter().rev().cloned().collect::<Vec<_>>().join("/");
    let root = path.ancestors().nth(3).filter(|_| SegmentName::from_path(&below).is_some());
    root.map(|root| (root.to_owned(), below)).ok_or_else(|| {
        let what =
            format!("{}: not the path of a segment (…/stream/YYYYMMDD/start-sequence.mp4)", path.display());
        io::Error::new(io::ErrorKind::InvalidInput, what)
    })
}
