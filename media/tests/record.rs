//! The recorder on the real file system, judged by ffprobe and by its own reader.

mod sources;

use mingjing_media::event::Event;
use mingjing_media::frame::AccessUnit;
use mingjing_media::record::clock::{Clock, ManualClock};
use mingjing_media::record::{RealDisk, RecordConfig, Recorder, reader, recovery};
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
    let rebuilt = recovery::scan(&RealDisk::open(bench.folder.path()).unwrap(), |_| false).unwrap();
    assert_eq!(rebuilt.segments, segments, "the index is rebuilt from the files alone");
    assert!(bench.clock.wall_us() >= START_US);
}

#[test]
fn an_unfinished_file_is_cut_at_its_first_bad_digest_closed_and_announced_once() {
    let first = bench(RecordConfig::default());
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
