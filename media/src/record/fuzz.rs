//! Entry points for fuzzing what is read from a disk: bytes in, properties asserted. They run under libFuzzer
//! (`media/fuzz`) and, over seeds and mutations of them, as plain tests (`media/tests/fuzz.rs`). Each may be called
//! with anything.

use super::digest_box::{DIGEST_BOX_BYTES, FragmentFacts, MAX_FRAGMENT_BYTES};
use super::disk::Disk;
use super::place::SegmentName;
use super::sim_disk::SimDisk;
use super::trailer::{TRAILER_BYTES, Trailer};
use super::verify::{Depth, verify};
use super::{import, reader, recovery, scan};
use rustix::fs::{MemfdFlags, memfd_create};
use std::fs::File;
use std::io::IoSlice;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// The file whose content is fuzzed.
const STREAM: &str = "ch_a.main";
const START_US: i64 = 1_700_000_040_000_000;

/// A digest box: its fields keep their bounds, and what was read is the same when written and read again.
pub fn digest_box(bytes: &[u8]) {
    let Ok((facts, _)) = FragmentFacts::read(bytes) else { return };
    assert!(bytes.len() >= DIGEST_BOX_BYTES && facts.length <= MAX_FRAGMENT_BYTES);
    let (again, digest) = facts.seal(std::iter::empty());
    assert_eq!(FragmentFacts::read(&again), Ok((facts, digest)));
}

/// A trailer: what was read is the same when written and read again.
pub fn trailer(bytes: &[u8]) {
    let Some(whole) = bytes.get(..TRAILER_BYTES).and_then(|b| <&[u8; TRAILER_BYTES]>::try_from(b).ok())
    else {
        return;
    };
    let Some(trailer) = Trailer::read(whole) else { return };
    assert_eq!(Trailer::read(&trailer.seal()), Some(trailer));
}

fn disk_with(bytes: &[u8], suffix: &str) -> (SimDisk, SegmentName) {
    let disk = SimDisk::new();
    let name = SegmentName::new(STREAM, START_US, 0).expect("a plain name");
    let written = disk
        .create_folder(&name.stream)
        .and_then(|()| disk.create_folder(&name.folder()))
        .and_then(|()| disk.create(&name.path_as(suffix)))
        .and_then(|file| file.write_all_at(0, &mut [IoSlice::new(bytes)]));
    assert!(written.is_ok());
    (disk, name)
}

/// A closed file: its table lies inside it and in order; key frames, digests and verdicts give answers.
pub fn segment_table(bytes: &[u8]) {
    let (disk, name) = disk_with(bytes, super::place::CLOSED);
    let Ok(file) = disk.open_to_read(&name.path()) else { return };
    let _verdict = verify(&disk, &name.path(), Depth::Hash);
    let _picture = reader::key_frame(&*file, START_US + 1_000_000);
    let Ok(table) = reader::read_table(&*file) else { return };
    let mut end = table.init_bytes;
    for (n, entry) in table.fragments.iter().enumerate() {
        assert_eq!((entry.offset, entry.facts.number as usize), (end + DIGEST_BOX_BYTES as u64, n));
        end = entry.offset + entry.facts.length;
        if let Ok(moof) = reader::read_moof(&*file, entry) {
            let _keys = reader::key_entries(entry, &moof, START_US);
        }
    }
    assert!(end == table.body_bytes && end <= bytes.len() as u64);
    assert!(reader::check_digests(&*file, &table).is_ok_and(|good| good <= table.fragments.len()));
}

/// A file from elsewhere, brought in: what became of it is whole, in order, and says where it comes from.
pub fn import(bytes: &[u8]) {
    // A file that has no name, and is gone with its descriptor.
    let Ok(file) = memfd_create("import", MemfdFlags::CLOEXEC).map(File::from) else { return };
    assert!(file.write_all_at(bytes, 0).is_ok());
    let disk = SimDisk::new();
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let source = format!("/proc/self/fd/{}", file.as_raw_fd());
    let Ok(segments) = import::import_file(&shared, source.as_ref(), STREAM, START_US, 10) else { return };
    assert!(segments.windows(2).all(|pair| pair[0].end_us <= pair[1].start_us));
    for segment in &segments {
        assert!(segment.start_us < segment.end_us, "{segment:?}");
        let verdict = verify(&disk, &segment.path, Depth::Hash);
        assert!(verdict.as_ref().is_ok_and(|verdict| verdict.ok), "{verdict:?}");
    }
}

/// An unfinished file: recovery closes it or keeps it aside, once; what it believes is whole.
pub fn recover(bytes: &[u8]) {
    let (disk, _) = disk_with(bytes, super::place::UNFINISHED);
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let Ok(first) = recovery::recover_on(&shared, 1) else { panic!("the root can be listed") };
    assert_eq!((first.stored.len() + first.suspect.len(), first.left.len()), (1, 0));
    for segment in &first.stored {
        let verdict = verify(&disk, &segment.path, Depth::Hash);
        assert!(verdict.as_ref().is_ok_and(|verdict| verdict.ok), "{verdict:?}");
    }
    let files = disk.files();
    assert!(
        recovery::recover_on(&shared, 1)
            .is_ok_and(|again| again.stored.is_empty() && again.suspect.is_empty())
    );
    assert_eq!((disk.files(), disk.unlinked()), (files, 0));
    let Ok(found) = scan::scan(&disk, |_| false) else { panic!("the root can be listed") };
    assert_eq!(found.segments, first.stored);
}
