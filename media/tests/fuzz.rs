//! Every target of `media/fuzz` over its seeds and some thousands of their neighbours, in every test run. What
//! libFuzzer finds is put among the seeds, and is a test from then on.

mod door;

use mingjing_media::{
    ingest::{
        self,
        oddity::Oddities,
        rtsp::message::{Framer, Step},
    },
    record::{self, face, verify::Depth},
    serve,
};
use std::{
    collections::BTreeSet,
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

type Target = fn(&[u8]);

const TARGETS: [(&str, Target, usize); 21] = [
    ("address", ingest::fuzz::address, 3_000),
    ("depacketize_aac", ingest::fuzz::depacketize_aac, 3_000),
    ("depacketize_g711", ingest::fuzz::depacketize_g711, 3_000),
    ("depacketize_h264", ingest::fuzz::depacketize_h264, 3_000),
    ("depacketize_h265", ingest::fuzz::depacketize_h265, 3_000),
    ("fmp4_read", serve::fuzz::fmp4_read, 3_000),
    ("interleaved_session", ingest::fuzz::session, 3_000),
    ("params", ingest::fuzz::params, 3_000),
    ("playback_request", serve::fuzz::playback_request, 3_000),
    ("record_digest_box", record::fuzz::digest_box, 3_000),
    ("record_import", record::fuzz::import, 1_000),
    ("record_recover", record::fuzz::recover, 1_000),
    ("record_segment_table", record::fuzz::segment_table, 1_000),
    ("record_trailer", record::fuzz::trailer, 3_000),
    ("rtcp", ingest::fuzz::rtcp, 3_000),
    ("rtp", ingest::fuzz::rtp, 3_000),
    ("rtsp_message", ingest::fuzz::rtsp_message, 3_000),
    ("rtsp_server", serve::fuzz::rtsp_server, 1_000),
    ("sdp", ingest::fuzz::sdp, 3_000),
    ("ticket", serve::fuzz::ticket, 1_000),
    ("websocket", serve::fuzz::websocket, 3_000),
];
const KNOCKS: usize = 60;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder("seeds").join(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn next(seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed as usize
}

/// Flips, cuts, doubles, blanks and inserts.
fn mutate(bytes: &mut Vec<u8>, seed: &mut u64) {
    for _ in 0..=next(seed) % 4 {
        let place = next(seed) % (bytes.len() + 1);
        let end = bytes.len().min(place + 8);
        match next(seed) % 8 {
            0 if place < bytes.len() => bytes[place] ^= 1 << (next(seed) % 8),
            1 if place < bytes.len() => bytes[place] = next(seed) as u8,
            2 => bytes.truncate(place),
            3 if place < bytes.len() => drop(bytes.remove(place)),
            4 => bytes.insert(place, [0, 1, 0x7f, 0xff][next(seed) % 4]),
            5 => bytes[place..end].fill(0xff),
            6 => bytes[place..].fill(0),
            _ => {
                let from = next(seed) % (bytes.len() + 1);
                let piece: Vec<u8> = bytes[from..].iter().take(64).copied().collect();
                bytes.splice(place..place, piece);
            }
        }
    }
    bytes.truncate(16_384);
}

/// Calls `each` with every seed and then with neighbours of it, some more and some less like it.
fn neighbourhood(target: &str, rounds: usize, mut each: impl FnMut(&[u8])) {
    let mut chance = 0x2545_f491_4f6c_dd1d;
    for start in seeds(target) {
        each(&start);
        let mut bytes = start.clone();
        for round in 0..rounds {
            if round % 8 == 0 {
                bytes.clone_from(&start);
            }
            mutate(&mut bytes, &mut chance);
            each(&bytes);
        }
    }
}

#[test]
fn every_target_stands_its_seeds_and_their_neighbours() {
    for (name, target, rounds) in TARGETS {
        let rounds = rounds / seeds(name).len();
        neighbourhood(name, rounds, |bytes| {
            assert!(catch_unwind(|| target(bytes)).is_ok(), "{name}: {}", bytes.escape_ascii());
        });
    }
}

#[test]
fn the_http_door_stands_its_seeds_and_their_neighbours() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let before = std::panic::take_hook();
    // A panic ends the one connection that caused it, and nobody else would tell.
    std::panic::set_hook(Box::new(move |why| {
        if std::thread::current().name().is_some_and(|name| name.starts_with("serve")) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        before(why);
    }));
    let standing = door::Standing::new();
    neighbourhood("http", KNOCKS, |bytes| serve::fuzz::http(&standing.door, bytes));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

#[test]
fn each_target_has_seeds_and_a_place_in_these_tests() {
    let files = fs::read_dir(folder("fuzz_targets")).unwrap();
    let built: BTreeSet<String> =
        files.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let tested: BTreeSet<String> =
        TARGETS.iter().map(|(name, ..)| *name).chain(["http"]).map(str::to_owned).collect();
    assert_eq!(built, tested);
    assert!(built.iter().all(|name| !seeds(name).is_empty()));
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    assert!(built.iter().all(|name| manifest.contains(&format!("name = \"{name}\""))));
}

/// Otherwise targets would fuzz nothing but the first check that a neighbour fails.
#[test]
fn the_seeds_reach_what_lies_behind_the_first_checks() {
    let kept = tempfile::tempdir().unwrap();
    let path = kept.path().join("ch_a.main/20231114/1700000040000000-0.mp4");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(folder("seeds").join("record_segment_table/whole"), &path).unwrap();
    assert!(face::verify_segment(&path, Depth::Hash).unwrap().ok);

    for entry in fs::read_dir(folder("seeds").join("record_import")).unwrap() {
        let (source, root) = (entry.unwrap().path(), tempfile::tempdir().unwrap());
        let made = face::import_file(root.path(), &source, "ch_a.main", 1_700_000_040_000_000, 10);
        assert!(made.is_ok_and(|segments| segments[0].video_frames > 3), "{}", source.display());
    }

    // Its first byte is the length of the pieces.
    let conversation = fs::read(folder("seeds").join("interleaved_session/greeting-to-picture")).unwrap();
    let (mut framer, mut packets, mut from) = (Framer::default(), 0, 1);
    loop {
        match framer.next(&conversation[from..], &mut Oddities::default()) {
            Step::Need => break,
            Step::Used(used) | Step::Message { used, .. } => from += used,
            Step::Packet { used, .. } => {
                packets += 1;
                from += used;
            }
        }
    }
    assert_eq!(packets, 3);
}
