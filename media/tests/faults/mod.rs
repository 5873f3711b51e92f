//! A recording of two streams with sound on a simulated disk, step by step on one thread, and the oracle
//! that judges what is left of it: the list of announcements.
#![allow(dead_code)] // each test file uses its part

pub mod hand;

use bytes::Bytes;
use mingjing_media::clock::{Clock, ManualClock};
use mingjing_media::event::{Cause, Event, Segment};
use mingjing_media::frame::{
    AccessUnit, AudioCodec, AudioFormat, Format, TICKS_PER_SECOND, Track, VideoCodec, VideoFormat,
};
use mingjing_media::hub::Sink;
use mingjing_media::record::announce::Announcer;
use mingjing_media::record::gather::GatheringSink;
use mingjing_media::record::sim_disk::SimDisk;
use mingjing_media::record::stats::{StreamCounters, Totals};
use mingjing_media::record::storer::{self, SyncQueue};
use mingjing_media::record::stream::{Core, StreamRecorder};
use mingjing_media::record::verify::{Depth, verify};
use mingjing_media::record::{Disk, RecordConfig, recovery, scan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

pub const START_US: i64 = 1_700_000_040_000_000;
pub const STREAMS: [&str; 2] = ["ch_a.main", "ch_b.main"];
/// Video frames a second, and sound units.
pub const RATE: i64 = 5;
const STEP_US: i64 = 1_000_000 / RATE;

pub fn config() -> RecordConfig {
    RecordConfig { segment_seconds: 2, fragment_ms: 500, sync_ms: 1000, retry_ms: 1000, ..Default::default() }
}

pub fn format() -> Arc<Format> {
    let video = VideoFormat {
        codec: VideoCodec::H264,
        width: 320,
        height: 180,
        config: Bytes::from_static(&[1, 0x42, 0, 0x1e, 0xff, 0xe1, 0, 1, 0x67, 1, 0, 1, 0x68]),
        codec_string: "avc1.42001e".into(),
        parameter_sets: vec![Bytes::from_static(&[0x67]), Bytes::from_static(&[0x68])],
        fps: Some(RATE as f64),
    };
    let audio = AudioFormat { codec: AudioCodec::Pcma, sample_rate: 8000, channels: 1, config: Bytes::new() };
    Arc::new(Format { video: Some(video), audio: Some(audio) })
}

/// One picture and the sound beside it. Payloads tell frames apart; nothing here decodes.
pub fn units(
    format: &Arc<Format>,
    lane: usize,
    n: i64,
    wall_us: i64,
    mono_us: i64,
    gop: i64,
) -> [Arc<AccessUnit>; 2] {
    let unit = |track, key, bytes: usize| {
        let seed = n as usize * 31 + lane * 7 + bytes;
        let payload: Vec<u8> = (0..bytes).map(|at| (at * 13 + seed * (at / 97 + 1)) as u8 | 1).collect();
        let dts = n * TICKS_PER_SECOND / RATE;
        Arc::new(AccessUnit {
            track,
            pts: dts,
            dts,
            key,
            wall_us,
            mono_us,
            payload: payload.into(),
            format: format.clone(),
        })
    };
    let key = n % gop == 0;
    [unit(Track::Video, key, if key { 1500 } else { 200 }), unit(Track::Audio, true, 1600)]
}

struct Lane {
    recorder: Arc<Mutex<StreamRecorder>>,
    sink: Option<GatheringSink>,
}

/// What the control plane has: rows, and what it acknowledged. Survives kills.
#[derive(Default)]
pub struct Index {
    pub announced: BTreeMap<String, Segment>,
    pub acknowledged: BTreeSet<String>,
    pub told_again: Vec<String>,
}

/// See the module.
pub struct Rig {
    pub disk: SimDisk,
    pub clock: Arc<ManualClock>,
    pub core: Arc<Core>,
    /// With the monotonic time at which each was told, since the rig's start.
    pub events: Arc<Mutex<Vec<(i64, Event)>>>,
    pub index: Arc<Mutex<Index>>,
    pub frames: i64,
    pub gop: i64,
    lanes: Vec<Lane>,
    format: Arc<Format>,
    begun_mono_us: i64,
}

impl Rig {
    pub fn new(disk: SimDisk, start_us: i64) -> Self {
        let clock = Arc::new(ManualClock::new(start_us));
        let events: Arc<Mutex<Vec<(i64, Event)>>> = Arc::default();
        let index: Arc<Mutex<Index>> = Arc::default();
        let begun_mono_us = clock.mono_us();
        let (heard, rows, on, at) = (events.clone(), index.clone(), disk.clone(), clock.clone());
        let sink = Arc::new(move |event: Event| {
            if on.dead() {
                return; // nobody is there to tell it
            }
            if let Event::SegmentStored(segment) = &event {
                let mut rows = rows.lock().unwrap();
                if rows.acknowledged.contains(&segment.id) {
                    rows.told_again.push(segment.id.clone());
                }
                rows.announced.insert(segment.id.clone(), segment.clone());
            }
            heard.lock().unwrap().push((at.mono_us() - begun_mono_us, event));
        });
        let core = Arc::new(Core {
            config: config().bounded(),
            disk: Arc::new(disk.clone()),
            clock: clock.clone(),
            events: sink,
            announcer: Announcer::default(),
            sync: SyncQueue::inline(),
            totals: Totals::default(),
        });
        let lanes = STREAMS.iter().map(|stream| lane(&core, stream)).collect();
        let format = format();
        Self { disk, clock, core, events, index, frames: 0, gop: RATE, lanes, format, begun_mono_us }
    }

    /// Time goes on by one frame and each camera sends one. `false`: the program has ended.
    pub fn step(&mut self) -> bool {
        if self.frames > 0 {
            self.clock.advance_us(STEP_US);
        }
        let (wall_us, mono_us) = (self.clock.wall_us(), self.clock.mono_us());
        for (n, lane) in self.lanes.iter_mut().enumerate() {
            for unit in units(&self.format, n, self.frames, wall_us, mono_us, self.gop) {
                lane.sink.as_mut().unwrap().access_unit(&unit);
            }
        }
        self.frames += 1;
        self.chores();
        !self.disk.dead()
    }

    /// The cameras are silent for so long, then send all of it at once: seen in time, arrived late.
    pub fn stall(&mut self, seconds: i64) {
        let mut seen_us = Vec::new();
        for _ in 0..seconds * RATE {
            self.clock.advance_us(STEP_US);
            seen_us.push(self.clock.wall_us());
        }
        for wall_us in seen_us {
            for (n, lane) in self.lanes.iter_mut().enumerate() {
                for unit in units(&self.format, n, self.frames, wall_us, self.clock.mono_us(), self.gop) {
                    lane.sink.as_mut().unwrap().access_unit(&unit);
                }
            }
            self.frames += 1;
            self.chores();
        }
    }

    pub fn run(&mut self, seconds: i64) -> bool {
        (0..seconds * RATE).all(|_| self.step())
    }

    /// What the other threads do: syncs, closes, ticks, announcements; and the control plane, which
    /// acknowledges two announcements of three.
    pub fn chores(&mut self) {
        storer::run_inline(&self.core);
        if self.frames % 2 == 0 {
            self.lanes.iter().for_each(|lane| lane.recorder.lock().unwrap().tick());
            storer::run_inline(&self.core);
            storer::retry_held(&self.core);
            self.core.announcer.repeat(self.clock.mono_us(), 3_000_000, &self.core.events);
        }
        if self.disk.dead() {
            return;
        }
        let mut index = self.index.lock().unwrap();
        let ids = index.announced.values().filter(|s| s.start_us / 2_000_000 % 3 != 0);
        let ids: Vec<_> = ids.map(|s| s.id.clone()).collect();
        self.core.announcer.acknowledge(&ids);
        index.acknowledged.extend(ids);
    }

    /// The cameras' encoders are set anew: another format, and not at a key frame.
    pub fn change_format(&mut self) {
        let mut format = Format::clone(&self.format);
        format.video.as_mut().unwrap().codec_string = "avc1.42001f".into();
        self.format = Arc::new(format);
    }

    /// The connections end, and begin anew.
    pub fn hang_up(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.sink.as_mut().unwrap().discontinuity());
    }

    /// Time passes without frames.
    pub fn wait(&mut self, seconds: i64) {
        (0..seconds * RATE).for_each(|_| self.wait_frame());
    }

    pub fn wait_frame(&mut self) {
        self.clock.advance_us(STEP_US);
        self.frames += 1;
        self.chores();
    }

    /// The cameras' connections end.
    pub fn disconnect(&mut self) {
        self.lanes.iter_mut().for_each(|lane| lane.sink.as_mut().unwrap().discontinuity());
    }

    /// The cameras leave out what they took for so long, and nobody waits for it: what came before came late.
    pub fn leave_out(&mut self, seconds: i64) {
        self.clock.advance_us(seconds * 1_000_000);
        self.frames += seconds * RATE;
    }

    /// The cameras are taken away; closes get the time they need.
    pub fn finish(&mut self) {
        self.lanes.iter_mut().for_each(|lane| drop(lane.sink.take()));
        self.wait(15);
    }

    pub fn told(&self) -> Vec<(i64, Event)> {
        self.events.lock().unwrap().clone()
    }

    pub fn stored(&self) -> Vec<Segment> {
        self.index.lock().unwrap().announced.values().cloned().collect()
    }

    pub fn mono_us(&self) -> i64 {
        self.clock.mono_us() - self.begun_mono_us
    }
}

fn lane(core: &Arc<Core>, stream: &str) -> Lane {
    let counters = Arc::new(StreamCounters::default());
    let recorder = Arc::new(Mutex::new(StreamRecorder::new(core.clone(), stream, counters.clone())));
    let (of_queue, writer) = (counters.clone(), recorder.clone());
    let queue = Box::new(move |job| {
        of_queue.queued_jobs.store(0, Ordering::Relaxed);
        of_queue.queued_bytes.store(0, Ordering::Relaxed);
        writer.lock().unwrap().handle(job);
        true
    });
    let sink = Some(GatheringSink::new(core.clone(), stream, counters, queue));
    Lane { recorder, sink }
}

/// The next start: recovers, scans, and judges. Returns every segment that is there now, by its id.
pub fn start_again(disk: &SimDisk, index: &Index, what: &str) -> BTreeMap<String, Segment> {
    let shared: Arc<dyn Disk> = Arc::new(disk.clone());
    let recovered = recovery::recover(&shared).unwrap_or_else(|error| panic!("{what}: {error}"));
    for segment in &recovered.stored {
        assert!(!index.acknowledged.contains(&segment.id), "{what}: {} announced after all", segment.id);
    }
    assert!(recovered.left.is_empty(), "{what}: left {:?}", recovered.left);
    let before = disk.files();
    let again = recovery::recover(&shared).unwrap();
    assert!(again.stored.is_empty() && again.suspect.is_empty() && again.cut_bytes == 0, "{what}: again");
    assert_eq!(disk.files(), before, "{what}: recovery is done once");
    let found = judge(disk, index, what);
    // What a second cut of the power leaves of a recovered disk is the same.
    let cut = disk.after_power_cut(mingjing_media::record::sim_disk::Cut::Forget);
    assert_eq!(rebuilt(&cut, what), found, "{what}: what was recovered is durable");
    found
}

fn rebuilt(disk: &SimDisk, what: &str) -> BTreeMap<String, Segment> {
    let found = scan::scan(disk, |_| false).unwrap();
    assert!(found.damaged.is_empty(), "{what}: {:?}", found.damaged);
    found.segments.into_iter().map(|segment| (segment.id.clone(), segment)).collect()
}

/// Every announced segment is there and unaltered, nothing that does not hold is believed, spans of a
/// stream do not overlap.
pub fn judge(disk: &SimDisk, index: &Index, what: &str) -> BTreeMap<String, Segment> {
    let found = rebuilt(disk, what);
    for (id, segment) in &index.announced {
        assert_eq!(found.get(id), Some(segment), "{what}: an announced segment is lost or altered");
    }
    for segment in found.values() {
        let verdict = verify(disk, &segment.path, Depth::Hash).unwrap();
        assert!(verdict.ok, "{what}: {} {:?}", segment.id, verdict.problems);
    }
    assert!(index.told_again.is_empty(), "{what}: told after acknowledgement: {:?}", index.told_again);
    assert_eq!(disk.unlinked(), 0, "{what}: something was unlinked");
    for stream in STREAMS {
        let mut spans: Vec<_> =
            found.values().filter(|s| s.stream == stream).map(|s| (s.start_us, s.end_us)).collect();
        spans.sort();
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{what}: {stream} overlaps {spans:?}");
    }
    found
}

/// Video frames of a stream that are in none of these segments.
pub fn missing(found: &BTreeMap<String, Segment>, stream: &str, fed: i64) -> i64 {
    fed - found.values().filter(|s| s.stream == stream).map(|s| i64::from(s.video_frames)).sum::<i64>()
}

/// Gaps told of a stream: when, from, until, why.
pub fn gaps(told: &[(i64, Event)], of: &str) -> Vec<(i64, i64, Option<i64>, Cause)> {
    let gap = |(at, event): &(i64, Event)| match event {
        Event::Gap { stream, from_us, until_us, cause } if stream == of => {
            Some((*at, *from_us, *until_us, *cause))
        }
        _ => None,
    };
    told.iter().filter_map(gap).collect()
}

pub fn suspects(told: &[(i64, Event)]) -> Vec<Segment> {
    let suspect = |(_, event): &(i64, Event)| match event {
        Event::SegmentSuspect { segment, .. } => Some(segment.clone()),
        _ => None,
    };
    told.iter().filter_map(suspect).collect()
}
