//! The recorder on the real file system, judged by ffprobe and by its own reader.

mod sources;

use mingjing_media::clock::{Clock, ManualClock};
use mingjing_media::event::{Event, Segment};
use mingjing_media::frame::{AccessUnit, AudioCodec, AudioFormat, Format, Track};
use mingjing_media::record::{RealDisk, RecordConfig, Recorder, face, reader, scan};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const START_US: i64 = 1_700_000_040_000_000;

struct Bench {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    events: Arc<Mutex<Vec<Event>>>,
    recorder: Arc<Recorder>,
}

fn bench(config: RecordConfig) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(START_US));
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let heard = events.clone();
    let disk = Arc::new(RealDisk::open(folder.path()).unwrap());
    let sink = Arc::new(move |event| heard.lock().unwrap().push(event));
    let recorder = Recorder::new(config, disk, clock.clone(), sink).unwrap();
    Bench { folder, clock, events, recorder }
}

fn feed(bench: &Bench, stream: &str, units: &[Arc<AccessUnit>]) {
    let mut sink = bench.recorder.sink_for(stream).unwrap();
    for unit in units {
        assert!(sink.access_unit(unit));
    }
}

fn stored(bench: &Bench) -> Vec<mingjing_media::event::Segment> {
    let events = bench.events.lock().unwrap();
    let stored = events.iter().filter_map(|event| match event {
        Event::SegmentStored(segment) => Some(segment.clone()),
        _ => None,
    });
    let mut stored: Vec<_> = stored.collect();
    stored.sort_by_key(|segment| segment.start_us);
    stored
}

fn fragments(root: &Path, path: &str) -> Vec<reader::FragmentEntry> {
    use mingjing_media::record::Disk;
    let disk = RealDisk::open(root).unwrap();
    let file = disk.open_to_read(path).unwrap();
    let table = reader::read_table(&*file).unwrap();
    assert_eq!(reader::check_digests(&*file, &table).unwrap(), table.fragments.len());
    table.fragments
}

#[test]
fn segments_are_cut_at_the_first_key_frame_after_each_multiple_and_play_by_themselves() {
    let bench = bench(RecordConfig { segment_seconds: 4, ..RecordConfig::default() });
    feed(&bench, "ch_a.main", &sources::stream(10, 25, true, START_US));
    assert!(bench.recorder.stop(Duration::from_secs(20)));
    let segments = stored(&bench);
    let spans: Vec<_> = segments.iter().map(|s| (s.start_us - START_US, s.end_us - START_US)).collect();
    assert_eq!(spans, [(0, 4_000_000), (4_000_000, 8_000_000), (8_000_000, 10_000_000)]);
    assert!(segments.iter().all(|s| s.codecs.starts_with("avc1.") && s.codecs.ends_with(",alaw")));
    assert_eq!(segments.iter().map(|s| s.video_frames).sum::<u32>(), 250);
    for segment in &segments {
        let path = bench.folder.path().join(&segment.path);
        sources::decodes_cleanly(&path);
        assert_eq!(sources::probe(&path, "v", "packet=pts_time").len() as u32, segment.video_frames);
        assert_eq!(std::fs::metadata(&path).unwrap().len(), segment.bytes);
        let fragments = fragments(bench.folder.path(), &segment.path);
        assert!(fragments.iter().all(|f| f.facts.duration_ticks <= 90_000), "no fragment above 1 s");
        assert_eq!(fragments.len() as u32, segment.fragments);
    }
    let rebuilt = scan::scan(&RealDisk::open(bench.folder.path()).unwrap(), |_| false).unwrap();
    assert_eq!(rebuilt.segments, segments, "the index is rebuilt from the files alone");
    assert!(bench.clock.wall_us() >= START_US);
}

/// Pictures of [`sources::stream`] with AAC whose frames carry their number as their length, each arriving
/// `lag` ticks later than pictures of its time.
fn with_late_sound(seconds: u32, lag: i64) -> Vec<Arc<AccessUnit>> {
    let pictures = sources::stream(seconds, 25, false, START_US);
    let aac = AudioFormat {
        codec: AudioCodec::Aac,
        sample_rate: 48_000,
        channels: 1,
        config: bytes::Bytes::from_static(&[0x11, 0x88]),
    };
    let format = Arc::new(Format { video: pictures[0].format.video.clone(), audio: Some(aac) });
    let mut arrivals: Vec<(i64, Arc<AccessUnit>)> = Vec::new();
    for picture in pictures {
        let unit = AccessUnit { format: format.clone(), ..(*picture).clone() };
        arrivals.push((unit.dts, Arc::new(unit)));
    }
    for number in 0..i64::from(seconds) * 48_000 / 1024 {
        let dts = number * 1920; // 1024 of 48,000 samples a second
        let payload = vec![0x21; FIRST_SOUND_BYTES + number as usize].into();
        arrivals.push((dts + lag, sources::unit(Track::Audio, dts, true, START_US, payload, &format)));
    }
    arrivals.sort_by_key(|(at, _)| *at);
    arrivals.into_iter().map(|(_, unit)| unit).collect()
}

const FIRST_SOUND_BYTES: usize = 100;

#[test]
fn late_sound_is_kept_once_over_three_cuts() {
    for lag_ms in [0, 90, 450] {
        let bench = bench(RecordConfig { segment_seconds: 2, ..RecordConfig::default() });
        feed(&bench, "ch_a.main", &with_late_sound(8, lag_ms * 90));
        assert!(bench.recorder.stop(Duration::from_secs(20)));
        let segments = stored(&bench);
        assert_eq!(segments.len(), 4, "three cuts");
        let sizes = segments
            .iter()
            .flat_map(|segment| sources::probe(&bench.folder.path().join(&segment.path), "a", "packet=size"));
        let numbers: Vec<usize> =
            sizes.map(|size| size.parse::<usize>().unwrap() - FIRST_SOUND_BYTES).collect();
        assert_eq!(numbers, (0..8 * 48_000 / 1024).collect::<Vec<_>>(), "sound {lag_ms} ms late");
        assert_eq!(segments.iter().map(|s| s.video_frames).sum::<u32>(), 200);
    }
}

#[test]
fn an_unfinished_file_is_cut_at_its_first_bad_digest_closed_and_announced_once() {
    let first = bench(RecordConfig { fragment_ms: 1000, ..RecordConfig::default() });
    feed(&first, "ch_a.main", &sources::stream(5, 25, true, START_US));
    assert!(first.recorder.stop(Duration::from_secs(20)));
    let whole = stored(&first).remove(0);
    let path = first.folder.path().join(&whole.path);
    let part = path.with_extension("part");
    let all = fragments(first.folder.path(), &whole.path);
    let mut bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let zeroed = all[3].offset as usize + 1000;
    bytes[zeroed..].fill(0); // right length, tail of zeros
    std::fs::write(&part, &bytes).unwrap();

    let again = first.recorder.recover().unwrap();
    assert_eq!(again.stored.len(), 1);
    let segment = &again.stored[0];
    assert_eq!((segment.fragments, segment.origin.as_str()), (3, "recovered"));
    assert_eq!(segment.end_us, START_US + 3_000_000);
    assert_eq!(segment.codecs, whole.codecs);
    assert_eq!((segment.width, segment.height), (320, 180));
    sources::decodes_cleanly(&path);
    assert!(!part.exists());
    assert!(first.recorder.recover().unwrap().stored.is_empty());
}

#[test]
fn a_key_frame_is_cut_out_as_a_file_of_its_own() {
    use mingjing_media::record::Disk;
    let bench = bench(RecordConfig::default());
    feed(&bench, "ch_a.main", &sources::stream(6, 50, true, START_US));
    assert!(bench.recorder.stop(Duration::from_secs(20)));
    let segment = stored(&bench).remove(0);
    let disk = RealDisk::open(bench.folder.path()).unwrap();
    let file = disk.open_to_read(&segment.path).unwrap();
    for (at_us, expected_us) in [(0, 0), (1_999_999, 0), (2_000_000, 2_000_000), (9_000_000, 4_000_000)] {
        let key = reader::key_frame(&*file, START_US + at_us).unwrap();
        assert_eq!(key.wall_us - START_US, expected_us);
        let picture = bench.folder.path().join("picture.mp4");
        std::fs::write(&picture, [&key.init[..], &key.fragment].concat()).unwrap();
        assert_eq!(sources::probe(&picture, "v", "frame=pict_type"), ["I"]);
    }
}

/// An ordinary MP4 with B frames and AAC, made by FFmpeg.
fn ordinary_mp4(folder: &Path, seconds: u32) -> std::path::PathBuf {
    let path = folder.join("body-worn.mp4");
    let picture = format!("testsrc2=size=320x180:rate=25:duration={seconds}");
    let sound = format!("sine=frequency=440:duration={seconds}");
    sources::run(
        "ffmpeg",
        &[
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            &picture,
            "-f",
            "lavfi",
            "-i",
            &sound,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-g",
            "25",
            "-bf",
            "2",
            "-c:a",
            "aac",
            path.to_str().unwrap(),
        ],
    );
    path
}

#[test]
fn a_file_is_brought_in_as_imported_segments_and_not_twice() {
    use mingjing_media::record::{face, import::ImportError, verify::Depth};
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir(&root).unwrap();
    let source = ordinary_mp4(folder.path(), 10);
    let made = face::import_file(&root, &source, "ch_b.main", START_US, 4).unwrap();
    assert!(made.len() >= 3 && made.iter().all(|s| s.origin == "imported"), "{made:?}");
    assert_eq!(made.iter().map(|s| s.video_frames).sum::<u32>(), 250);
    assert!((made[0].start_us - START_US).abs() <= 120_000, "B frames start a little earlier");
    assert!(made.windows(2).all(|pair| pair[0].end_us == pair[1].start_us), "{made:?}");
    for segment in &made {
        let path = root.join(&segment.path);
        sources::decodes_cleanly(&path);
        assert!(face::verify_segment(&path, Depth::Hash).unwrap().ok);
        let table = face::segment_table(&path).unwrap();
        assert_eq!(table.fragments.len() as u32, segment.fragments);
        assert_eq!(table.segment.as_ref(), Some(segment));
    }
    let again = face::import_file(&root, &source, "ch_b.main", START_US + 1_000_000, 4);
    assert!(matches!(again, Err(ImportError::Occupied { .. })), "{again:?}");
    let before = face::import_file(&root, &source, "ch_b.main", START_US - 3_600_000_000, 4).unwrap();
    assert_eq!(before.iter().map(|s| s.video_frames).sum::<u32>(), 250);
    assert_eq!(scanned(&root, &[]).segments.len(), made.len() + before.len());
}

#[test]
fn verify_finds_every_edit_and_names_the_fragment() {
    use mingjing_media::record::verify::Depth;
    let bench = bench(RecordConfig::default());
    feed(&bench, "ch_a.main", &sources::stream(3, 25, false, START_US));
    assert!(bench.recorder.stop(Duration::from_secs(20)));
    let segment = stored(&bench).remove(0);
    let path = bench.folder.path().join(&segment.path);
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(face::verify_segment(&path, Depth::Hash).unwrap().problems, Vec::<String>::new());
    for n in 0..400 {
        let mut bytes = whole.clone();
        bytes[n * whole.len() / 400] ^= 1 << (n % 8);
        std::fs::write(&path, &bytes).unwrap();
        let verdict = face::verify_segment(&path, Depth::Hash).unwrap();
        assert!(!verdict.ok && !verdict.problems.is_empty(), "an edit at {} passes", n * whole.len() / 400);
    }
    for cut in [0, 10, 700, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        assert!(!face::verify_segment(&path, Depth::Size).unwrap().ok, "cut at {cut}");
    }
    std::fs::remove_file(&path).unwrap();
    assert_eq!(face::verify_segment(&path, Depth::Presence).unwrap().problems, ["missing"]);
}

#[test]
fn a_scan_names_what_it_cannot_believe() {
    let bench = bench(RecordConfig { segment_seconds: 2, ..RecordConfig::default() });
    feed(&bench, "ch_a.main", &sources::stream(8, 25, false, START_US));
    assert!(bench.recorder.stop(Duration::from_secs(20)));
    let segments = stored(&bench);
    let root = bench.folder.path();
    let sound = scanned(root, &[]);
    assert_eq!((sound.segments, sound.damaged.len(), sound.aside.len()), (segments.clone(), 0, 0));
    let at = |n: usize| root.join(&segments[n].path);
    let whole = std::fs::read(at(0)).unwrap();
    std::fs::write(at(0), &whole[..whole.len() - 5]).unwrap();
    std::fs::write(at(1), b"nothing of ours").unwrap();
    std::fs::rename(at(2), at(2).with_extension("suspect")).unwrap();
    let damage = scanned(root, &[]);
    let paths: Vec<_> = damage.damaged.iter().map(|file| file.path.clone()).collect();
    assert_eq!(paths, [segments[0].path.clone(), segments[1].path.clone()]);
    assert!(damage.damaged.iter().all(|file| file.problem.starts_with("at byte ")), "{damage:?}");
    assert_eq!(damage.aside, [segments[2].path.replace(".mp4", ".suspect")]);
    let ids: Vec<_> = damage.segments.iter().map(|segment| &segment.id).collect();
    assert_eq!(ids, [&segments[0].id, &segments[3].id], "what the digests hold is told");
    let again = scanned(root, &[&segments[0], &segments[1]]);
    assert_eq!((again.damaged.len(), again.segments), (0, vec![segments[3].clone()]));
}

#[test]
fn a_folder_of_many_files_is_scanned_in_order_whatever_threads_share_it() {
    use mingjing_media::record::{place::SegmentName, trailer::*};
    let root = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for n in 0..1200 {
        let name = SegmentName::new("ch_a.main", START_US / 86_400_000_000 * 86_400_000_000 + n, 0).unwrap();
        let trailer = Trailer {
            name: name.clone(),
            origin: Origin::Recorded,
            end_us: name.start_us + 1,
            body_bytes: 0,
            init_bytes: 0,
            fragments: 0,
            video_frames: 0,
            key_frames: 0,
            width: 0,
            height: 0,
            digest: [7; 32],
            codecs: String::new(),
        };
        std::fs::create_dir_all(root.path().join(name.folder())).unwrap();
        std::fs::write(root.path().join(name.path()), trailer.seal()).unwrap();
        expected.push(trailer.segment());
    }
    std::fs::write(root.path().join(&expected[900].path), b"not ours").unwrap();
    let damaged = expected.remove(900);
    let found = scanned(root.path(), &[&expected[5]]);
    expected.remove(5);
    assert_eq!(found.segments, expected);
    assert_eq!(found.damaged.iter().map(|file| &file.path).collect::<Vec<_>>(), [&damaged.path]);
}

#[test]
fn only_a_folder_of_a_stream_and_a_day_is_scanned() {
    let root = tempfile::tempdir().unwrap();
    for bad in ["", "ch_a.main", "../x", "ch_a.main/..", "ch_a.main/20231114/x", "/etc/ssl"] {
        let refused = face::scan_folder(root.path(), bad, &Default::default()).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::InvalidInput, "{bad}");
    }
    assert_eq!(
        face::scan_folder(root.path(), "ch_a.main/20231114", &Default::default()).unwrap(),
        scan::Scan::default()
    );
}

/// Every folder of a root scanned as the control plane does it.
fn scanned(root: &std::path::Path, known: &[&Segment]) -> scan::Scan {
    let stem = |segment: &&Segment| segment.id.rsplit_once('/').unwrap().1.to_owned();
    let known = known.iter().map(stem).collect();
    let folders = face::storage_folders(root).unwrap();
    let mut all = scan::Scan { damaged: folders.damaged, ..Default::default() };
    for folder in folders.folders {
        let found = face::scan_folder(root, &folder, &known).unwrap();
        all.segments.extend(found.segments);
        all.damaged.extend(found.damaged);
        all.aside.extend(found.aside);
    }
    all
}
