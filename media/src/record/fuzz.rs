//! Entry points for fuzzing what is read from a disk: bytes in, properties asserted. They run under libFuzzer
//! (`media/fuzz`) and, over seeds and mutations of them, as plain tests. Each may be called with anything.

use super::digest_box::{DIGEST_BOX_BYTES, FragmentFacts, MAX_FRAGMENT_BYTES};
use super::disk::Disk;
use super::place::SegmentName;
use super::sim_disk::SimDisk;
use super::trailer::{TRAILER_BYTES, Trailer};
use super::verify::{Depth, verify};
use super::{reader, recovery, scan};
use std::io::IoSlice;
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

/// An unfinished file: recovery closes it or keeps it aside, once; what it believes is whole.
pub fn recover(bytes: &[u8]) {
    let (disk, _) = disk_with(bytes, super::place::UNFINISHED);
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let Ok(first) = recovery::recover(&shared) else { panic!("the root can be listed") };
    assert_eq!((first.stored.len() + first.suspect.len(), first.left.len()), (1, 0));
    for segment in &first.stored {
        let verdict = verify(&disk, &segment.path, Depth::Hash);
        assert!(verdict.as_ref().is_ok_and(|verdict| verdict.ok), "{verdict:?}");
    }
    let files = disk.files();
    assert!(
        recovery::recover(&shared).is_ok_and(|again| again.stored.is_empty() && again.suspect.is_empty())
    );
    assert_eq!((disk.files(), disk.unlinked()), (files, 0));
    let Ok(found) = scan::scan(&disk, |_| false) else { panic!("the root can be listed") };
    assert_eq!(found.segments, first.stored);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::trailer::Origin;
    use sha2::{Digest, Sha256};

    /// `ftyp`, `moov`, two fragments, trailer; every digest holds.
    fn segment() -> Vec<u8> {
        let plain =
            |kind: &[u8; 4], body: &[u8]| [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat();
        let mut bytes = [plain(b"ftyp", b"iso6"), plain(b"moov", &[])].concat();
        let init_bytes = bytes.len() as u32;
        let mut previous: [u8; 32] = Sha256::digest(&bytes).into();
        let mut digests = Vec::new();
        for number in 0..2 {
            let fragment =
                [plain(b"moof", &plain(b"traf", &[])), plain(b"mdat", &[number as u8; 40])].concat();
            let facts = FragmentFacts {
                stream: STREAM.into(),
                segment: 0,
                number,
                key: number == 0,
                clock_jump: false,
                video_frames: 5,
                key_frames: u16::from(number == 0),
                start_ticks: u64::from(number) * 90_000,
                duration_ticks: 90_000,
                wall_us: START_US + i64::from(number) * 1_000_000,
                clock_us: START_US,
                mono_us: 7,
                length: fragment.len() as u64,
                previous,
            };
            let (digest_box, digest) = facts.seal(std::iter::once(&fragment[..]));
            bytes.extend_from_slice(&digest_box);
            bytes.extend_from_slice(&fragment);
            previous = digest;
            digests.push(digest);
        }
        let trailer = Trailer {
            name: SegmentName::new(STREAM, START_US, 0).unwrap(),
            origin: Origin::Recorded,
            end_us: START_US + 2_000_000,
            body_bytes: bytes.len() as u64,
            init_bytes,
            fragments: 2,
            video_frames: 10,
            key_frames: 1,
            width: 320,
            height: 180,
            digest: reader::segment_digest(digests.iter()),
            codecs: "avc1.42001e".into(),
        };
        bytes.extend_from_slice(&trailer.seal());
        bytes
    }

    #[test]
    fn the_seed_is_a_whole_segment() {
        let (disk, name) = disk_with(&segment(), crate::record::place::CLOSED);
        assert!(verify(&disk, &name.path(), Depth::Hash).unwrap().ok);
    }

    #[test]
    fn every_target_stands_mutations_of_a_whole_segment() {
        let whole = segment();
        let init = 20;
        let box_at = |bytes: &[u8]| bytes.get(init..).unwrap_or_default().to_vec();
        let tail = |bytes: &[u8]| bytes[bytes.len().saturating_sub(TRAILER_BYTES)..].to_vec();
        let mut lot = 0x9E37_79B9_7F4A_7C15u64;
        let mut next = |end: usize| {
            lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (lot >> 33) as usize % end
        };
        for turn in 0..1500 {
            let mut bytes = whole.clone();
            for _ in 0..turn % 4 {
                match next(5) {
                    0 => bytes.truncate(next(whole.len())),
                    1 => bytes.extend_from_within(..next(bytes.len().max(1)).min(bytes.len())),
                    2 if !bytes.is_empty() => {
                        let from = next(bytes.len());
                        bytes[from..].fill(0);
                    }
                    3 if bytes.len() > 8 => {
                        let from = next(bytes.len() - 8);
                        bytes[from..from + 8].fill(0xff);
                    }
                    _ if !bytes.is_empty() => {
                        let at = next(bytes.len());
                        bytes[at] ^= 1 << next(8);
                    }
                    _ => {}
                }
            }
            digest_box(&box_at(&bytes));
            trailer(&tail(&bytes));
            segment_table(&bytes);
            recover(&bytes);
        }
    }
}
