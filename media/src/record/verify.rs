//! Checking of closed segments at three depths. Reads only.

use super::digest_box::Hash;
use super::disk::{Disk, DiskFile};
use super::place::SegmentName;
use super::reader;
use serde::Serialize;
use std::io;
use std::str::FromStr;

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The file is there.
    Presence,
    /// Trailer, box lengths and file length agree.
    Size,
    /// Every byte is held by its digest.
    Hash,
}

impl FromStr for Depth {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "presence" => Ok(Self::Presence),
            "size" => Ok(Self::Size),
            "hash" => Ok(Self::Hash),
            other => Err(format!("depth {other:?}: give presence, size or hash")),
        }
    }
}

/// What was found. `ok` means no problems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub ok: bool,
    pub problems: Vec<String>,
}

/// Looks at one segment. Damage is a problem in the verdict; only a disk that cannot be read is an error.
pub fn verify(disk: &dyn Disk, path: &str, depth: Depth) -> io::Result<Verdict> {
    let mut problems = Vec::new();
    match disk.open_to_read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => problems.push("missing".to_owned()),
        Err(error) => return Err(error),
        Ok(_) if depth == Depth::Presence => {}
        Ok(file) => match look(&*file, path, depth) {
            Ok(()) => {}
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
            {
                problems.push(error.to_string());
            }
            Err(error) => return Err(error),
        },
    }
    Ok(Verdict { ok: problems.is_empty(), problems })
}

fn look(file: &dyn DiskFile, path: &str, depth: Depth) -> io::Result<()> {
    let wrong = |at: u64, what: &str| Err(reader::Damage { at, what: what.to_owned() }.into());
    let trailer = reader::trailer_of(file)?;
    if SegmentName::from_path(path).is_some_and(|(name, _)| name != trailer.name) {
        return wrong(trailer.body_bytes, "the trailer names another segment than the path");
    }
    let table = reader::read_table(file)?;
    if table.trailer.as_ref() != Some(&trailer) {
        return wrong(table.body_bytes, "fragments end before the trailer begins");
    }
    let digests = table.fragments.iter().map(|fragment| &fragment.digest);
    let whole: Hash = reader::segment_digest(digests);
    if whole != trailer.digest || table.init_bytes != u64::from(trailer.init_bytes) {
        return wrong(trailer.body_bytes, "the fragments are not those that the trailer seals");
    }
    if depth == Depth::Hash {
        let good = reader::check_digests(file, &table)?;
        if let Some(bad) = table.fragments.get(good) {
            return wrong(bad.offset, &format!("fragment {good} does not hold its digest"));
        }
    }
    Ok(())
}
