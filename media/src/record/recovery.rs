//! Start-up: every unfinished file is cut at its first bad digest, closed, renamed and announced. Nothing is
//! ever unlinked here. The index from the files alone: `scan.rs`.

use super::digest_box::Hash;
use super::disk::{Disk, EntryKind, uninterrupted};
use super::place::{SUSPECT, SegmentName, UNFINISHED};
use super::reader::{self, SegmentTable};
use super::trailer::{CODECS_BYTES, Origin, Trailer};
use crate::event::Segment;
use crate::mux::fmp4::ticks_to_us;
use std::io::{self, IoSlice};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

/// What start-up found.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    /// Closed now, durable, to be announced.
    pub stored: Vec<Segment>,
    /// Kept aside, with what is wrong.
    pub suspect: Vec<(Segment, String)>,
    /// Bytes after the last good digest that were cut off.
    pub cut_bytes: u64,
    pub fragments: u64,
    /// Still unfinished: the disk refused. To be tried again with [`recover_files`].
    pub left: Vec<SegmentName>,
    /// Directories whose names could not be made durable.
    pub unsynced_folders: u64,
}

/// One thing below a root, as [`visit`] comes to it.
pub enum Visited<'a> {
    /// A directory of a stream or a day; before what is in it.
    Folder(&'a str),
    /// A file that the recorder could have written: its name, suffix and path.
    File(SegmentName, &'a str, &'a str),
    /// A directory that cannot be listed.
    Unreadable(&'a str, io::Error),
}

/// Visits what the recorder could have written. Foreign names are left alone; a directory that cannot be
/// read costs what is in it, not the rest. An error only if the root cannot be listed.
pub fn visit(disk: &dyn Disk, mut each: impl FnMut(Visited<'_>)) -> io::Result<()> {
    for stream in folders(disk, "")? {
        each(Visited::Folder(&stream));
        let days = match folders(disk, &stream) {
            Ok(days) => days,
            Err(error) => {
                each(Visited::Unreadable(&stream, error));
                continue;
            }
        };
        for day in days {
            let folder = format!("{stream}/{day}");
            each(Visited::Folder(&folder));
            match files(disk, &folder) {
                Ok(found) => {
                    for (name, file) in found {
                        let path = format!("{folder}/{file}");
                        let suffix = file.rsplit_once('.').map_or("", |(_, suffix)| suffix);
                        each(Visited::File(name, suffix, &path));
                    }
                }
                Err(error) => each(Visited::Unreadable(&folder, error)),
            }
        }
    }
    Ok(())
}

/// The files of a stream's day that the recorder could have written, in order: name, and file name.
pub(super) fn files(disk: &dyn Disk, folder: &str) -> io::Result<Vec<(SegmentName, String)>> {
    let mut entries = uninterrupted(|| disk.list(folder))?;
    entries.sort();
    let plain = entries.into_iter().filter(|entry| entry.kind == EntryKind::File);
    let ours = plain.filter_map(|entry| {
        let (name, _) = SegmentName::from_path(&format!("{folder}/{}", entry.name))?;
        Some((name, entry.name))
    });
    Ok(ours.collect())
}

/// The directories in one, in order.
pub(super) fn folders(disk: &dyn Disk, path: &str) -> io::Result<Vec<String>> {
    let plain = |name: &String| super::disk::check_path(name).is_ok();
    let mut names: Vec<_> = uninterrupted(|| disk.list(path))?
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Folder)
        .map(|entry| entry.name)
        .filter(plain)
        .collect();
    names.sort();
    Ok(names)
}

/// [`recover_on`] as many threads as the machine has, at most four.
pub fn recover(disk: &Arc<dyn Disk>) -> io::Result<Recovered> {
    recover_on(disk, std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 4))
}

/// Closes what is unfinished, on so many threads. An error only if the root cannot be listed: a file that the
/// disk refuses stays as it is and is named in `left`.
pub fn recover_on(disk: &Arc<dyn Disk>, threads: usize) -> io::Result<Recovered> {
    let mut unfinished = Vec::new();
    // The names of a run that was killed may not be durable yet, and from here on they are believed.
    let mut unsynced = vec![String::new()];
    visit(&**disk, |visited| match visited {
        Visited::Folder(path) => unsynced.push(path.to_owned()),
        Visited::File(name, UNFINISHED, _) => unfinished.push(name),
        Visited::File(..) | Visited::Unreadable(..) => {}
    })?;
    unfinished.sort();
    // A panic costs the share that it comes from.
    let recovered = |names: &[SegmentName]| {
        catch_unwind(AssertUnwindSafe(|| recover_files(&**disk, names)))
            .unwrap_or_else(|_| Recovered { left: names.to_vec(), ..Recovered::default() })
    };
    let parts: Vec<Recovered> = std::thread::scope(|scope| {
        let shares = shares(&unfinished, threads);
        let Some((own, others)) = shares.split_first() else { return Vec::new() };
        let others: Vec<_> = others.iter().map(|names| scope.spawn(|| recovered(names))).collect();
        let mut parts = vec![recovered(own)];
        for other in others {
            parts.push(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        parts
    });
    let mut all = Recovered::default();
    for part in parts {
        all.stored.extend(part.stored);
        all.suspect.extend(part.suspect);
        all.left.extend(part.left);
        all.cut_bytes += part.cut_bytes;
        all.fragments += part.fragments;
    }
    for folder in unsynced {
        all.unsynced_folders += u64::from(uninterrupted(|| disk.sync_folder(&folder)).is_err());
    }
    Ok(all)
}

/// Sorted names in about so many parts. A stream is in one alone: a file is judged by those of its stream beside it,
/// which nobody may rename meanwhile.
fn shares(names: &[SegmentName], parts: usize) -> Vec<&[SegmentName]> {
    let most = names.len().div_ceil(parts);
    let (mut shares, mut rest) = (Vec::new(), names);
    while let Some(last) = rest.get(most.max(1) - 1).or(rest.last()) {
        let end = rest.partition_point(|name| name.stream <= last.stream);
        let (share, later) = rest.split_at(end);
        shares.push(share);
        rest = later;
    }
    shares
}

/// Closes these unfinished files: at start-up, and again later those that the disk refused.
pub fn recover_files(disk: &dyn Disk, names: &[SegmentName]) -> Recovered {
    let mut found = Recovered::default();
    for name in names {
        let unusable = match close_unfinished(disk, name, &mut found) {
            Ok(segment) => {
                found.stored.push(segment);
                continue;
            }
            Err(error) => error,
        };
        if !matches!(unusable.kind(), io::ErrorKind::InvalidData | io::ErrorKind::AlreadyExists) {
            found.left.push(name.clone());
            continue;
        }
        let aside = uninterrupted(|| disk.rename(&name.path_as(UNFINISHED), &name.path_as(SUSPECT)))
            .and_then(|()| uninterrupted(|| disk.sync_folder(&name.folder())));
        match aside {
            Ok(()) => found.suspect.push((nothing_known(name), unusable.to_string())),
            Err(_) => found.left.push(name.clone()),
        }
    }
    found
}

fn close_unfinished(disk: &dyn Disk, name: &SegmentName, found: &mut Recovered) -> io::Result<Segment> {
    let path = name.path_as(UNFINISHED);
    let file = uninterrupted(|| disk.open(&path))?;
    // A sync of this file may have failed when nobody could say so any more: the disk is asked, not the cache.
    uninterrupted(|| file.sync_data())?;
    uninterrupted(|| file.forget_cached())?;
    let mut table = reader::read_table(&*file)?;
    let good = reader::check_digests(&*file, &table)?;
    let bytes = file.bytes()?;
    let complete =
        table.trailer.take().filter(|trailer| trailer.name == *name && good == table.fragments.len());
    table.fragments.truncate(good);
    let foreign =
        table.fragments.iter().any(|f| f.facts.stream != name.stream || f.facts.segment != name.sequence);
    if good == 0 || foreign {
        let what = "no fragment of this stream holds its digest".to_owned();
        return Err(reader::Damage { at: table.init_bytes, what }.into());
    }
    let within = files_within(disk, name, end_us(name, &table))?;
    for (other, path) in &within {
        if other.sequence > name.sequence && begins_anew(disk, path)? {
            let what = format!("a sync of it failed, and {} holds its pictures", other.id());
            return Err(reader::Damage { at: table.init_bytes, what }.into());
        }
    }
    found.fragments += good as u64;
    let trailer = match complete.filter(|trailer| holds(trailer, &table)) {
        Some(trailer) => trailer,
        None => {
            let last = &table.fragments[good - 1];
            let end = last.offset + last.facts.length;
            let mut trailer = trailer_of_table(&*file, name, &table, end)?;
            // Where the clock ran faster than the pictures, what follows begins before the last one ends.
            let later =
                within.iter().map(|(other, _)| other.start_us).filter(|start_us| *start_us > name.start_us);
            let next_us = later.min();
            trailer.end_us = next_us.map_or(trailer.end_us, |next_us| trailer.end_us.min(next_us));
            found.cut_bytes += bytes - end;
            uninterrupted(|| file.truncate(end))?;
            file.write_all_at(end, &mut [IoSlice::new(&trailer.seal())])?;
            trailer
        }
    };
    uninterrupted(|| file.sync_all())?;
    uninterrupted(|| disk.rename(&path, &name.path()))?;
    for folder in [&name.folder(), &name.stream, ""] {
        uninterrupted(|| disk.sync_folder(folder))?;
    }
    Ok(trailer.segment())
}

/// Files of the stream that begin within the time of this one, by their paths.
fn files_within(disk: &dyn Disk, name: &SegmentName, end_us: i64) -> io::Result<Vec<(SegmentName, String)>> {
    let mut folders = vec![name.folder()];
    folders.extend(SegmentName::new(&name.stream, end_us, 0).map(|last| last.folder()));
    folders.dedup();
    let mut within = Vec::new();
    for folder in folders {
        let there = match files(disk, &folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            there => there?,
        };
        let believed = there.into_iter().filter(|(_, file)| !file.ends_with(SUSPECT));
        let own =
            believed.filter(|(other, _)| (name.start_us..end_us).contains(&other.start_us) && other != name);
        within.extend(own.map(|(other, file)| (other, format!("{folder}/{file}"))));
    }
    Ok(within)
}

/// Whether a file begins with pictures that were kept in memory, as one does after a sync that failed. The file before
/// it, which has them too, was put aside; that name may not have lasted.
fn begins_anew(disk: &dyn Disk, path: &str) -> io::Result<bool> {
    let file = uninterrupted(|| disk.open_to_read(path))?;
    match reader::read_table(&*file) {
        Ok(table) => Ok(table.fragments.first().is_some_and(|first| first.facts.anew)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(false),
        Err(error) => Err(error),
    }
}

/// When an unfinished file ends as it stands; where it begins, if nothing in it will be believed.
pub(super) fn unfinished_until(disk: &dyn Disk, name: &SegmentName) -> io::Result<i64> {
    let file = uninterrupted(|| disk.open_to_read(&name.path_as(UNFINISHED)))?;
    match reader::read_table(&*file) {
        Ok(table) => Ok(end_us(name, &table)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(name.start_us),
        Err(error) => Err(error),
    }
}

/// When the last of its fragments ends.
fn end_us(name: &SegmentName, table: &SegmentTable) -> i64 {
    let end = |fact: &super::digest_box::FragmentFacts| {
        fact.start_ticks.saturating_add(u64::from(fact.duration_ticks)).min(1 << 48) as i64
    };
    let ticks = table.fragments.iter().map(|fragment| end(&fragment.facts)).max().unwrap_or(0);
    name.start_us.saturating_add(ticks_to_us(ticks))
}

fn holds(trailer: &Trailer, table: &SegmentTable) -> bool {
    trailer.digest == reader::segment_digest(table.fragments.iter().map(|f| &f.digest))
        && trailer.fragments as usize == table.fragments.len()
}

/// A trailer from what the fragments say.
pub(super) fn trailer_of_table(
    file: &dyn super::disk::DiskFile,
    name: &SegmentName,
    table: &SegmentTable,
    body_bytes: u64,
) -> io::Result<Trailer> {
    let mut init = vec![0; table.init_bytes as usize];
    file.read_exact_at(0, &mut init)?;
    let (codecs, width, height) = super::format_of::describe(&init);
    let facts = || table.fragments.iter().map(|fragment| &fragment.facts);
    Ok(Trailer {
        name: name.clone(),
        origin: Origin::Recovered,
        end_us: end_us(name, table),
        body_bytes,
        init_bytes: table.init_bytes as u32,
        fragments: table.fragments.len() as u32,
        video_frames: facts().map(|f| u32::from(f.video_frames)).sum(),
        key_frames: facts().map(|f| u32::from(f.key_frames)).sum(),
        width,
        height,
        digest: reader::segment_digest(table.fragments.iter().map(|f| &f.digest)),
        codecs: codecs.chars().take(CODECS_BYTES).collect(),
    })
}

fn nothing_known(name: &SegmentName) -> Segment {
    let digest: Hash = [0; 32];
    Trailer {
        name: name.clone(),
        origin: Origin::Recovered,
        end_us: name.start_us,
        body_bytes: 0,
        init_bytes: 0,
        fragments: 0,
        video_frames: 0,
        key_frames: 0,
        width: 0,
        height: 0,
        digest,
        codecs: String::new(),
    }
    .segment()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of_each: &[u32]) -> Vec<SegmentName> {
        let name = |stream: usize, n: u32| {
            SegmentName::new(&format!("stream{stream:02}"), i64::from(n) * 1_000_000, n).unwrap()
        };
        let streams = of_each.iter().enumerate();
        streams.flat_map(|(stream, count)| (1..=*count).map(move |n| name(stream, n))).collect()
    }

    #[test]
    fn a_stream_is_recovered_by_one_thread() {
        for of_each in
            [&[][..], &[1], &[2], &[5], &[1, 1, 1, 1, 1], &[2, 1, 4, 1, 1, 3], &[1, 9, 1, 1], &[3; 30]]
        {
            for parts in 1..=4 {
                let all = names(of_each);
                let shares = shares(&all, parts);
                assert_eq!(shares.concat(), all);
                assert!(shares.len() <= parts && shares.iter().all(|share| !share.is_empty()));
                let meets = |pair: &[&[SegmentName]]| pair[0].last().unwrap().stream == pair[1][0].stream;
                assert!(!shares.windows(2).any(meets), "{of_each:?} in {parts}");
            }
        }
    }
}
