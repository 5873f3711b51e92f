//! Bringing in a file from elsewhere (a body-worn camera, a disc, another recorder) as segments of a
//! stream, marked `imported`. The file goes through the same gathering, writing and closing as a camera's
//! stream; only clocks are made up and every act is done at once.

use super::announce::{Announcer, EventSink};
use super::config::RecordConfig;
use super::disk::Disk;
use super::gather::GatheringSink;
use super::stats::{StreamCounters, Totals};
use super::storer::{SyncQueue, run_inline};
use super::stream::{Core, StreamRecorder};
use super::trailer::Origin;
use crate::clock::{Clock, ManualClock};
use crate::event::{Cause, Event, Segment};
use crate::frame::{AccessUnit, Track};
use crate::hub::Sink;
use crate::ingest::file::{Clip, ClipError};
use crate::mux::fmp4::ticks_to_us;
use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Why a file was not brought in. What was written before stays and is announced by the next scan.
#[derive(Debug)]
pub enum ImportError {
    Clip(ClipError),
    NoVideo,
    NoKeyFrame,
    /// Part of that time is recorded already.
    Occupied {
        until_us: i64,
    },
    BadStream(String),
    BadStart(i64),
    Disk(Cause),
    Io(io::Error),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clip(error) => error.fmt(f),
            Self::NoVideo => f.write_str("the file has no H.264 or H.265 video"),
            Self::NoKeyFrame => f.write_str("the file has no key frame to start from"),
            Self::Occupied { until_us } => write!(
                f,
                "this stream has recordings in that time already (until {until_us} µs): give another start"
            ),
            Self::BadStream(stream) => write!(f, "{stream:?} is not a stream"),
            Self::BadStart(start_us) => {
                write!(f, "a start of {start_us} µs is outside the years 1970 to 2999")
            }
            Self::Disk(Cause::DiskFull) => f.write_str("the disk is full: free some space and import again"),
            Self::Disk(_) => f.write_str("the disk failed while writing: look at the system's log"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<ClipError> for ImportError {
    fn from(error: ClipError) -> Self {
        Self::Clip(error)
    }
}

impl From<io::Error> for ImportError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Brings in an MP4 or MOV. Its first picture is put at `start_us`. Blocks; memory is bounded by the
/// file's tables and one fragment. Pictures before the first key frame are left out.
pub fn import_file(
    disk: &Arc<dyn Disk>,
    source: &Path,
    stream: &str,
    start_us: i64,
    segment_seconds: u32,
) -> Result<Vec<Segment>, ImportError> {
    if !super::place::plain_stream(stream) {
        return Err(ImportError::BadStream(stream.to_owned()));
    }
    if super::place::SegmentName::new(stream, start_us, 0).is_none() {
        return Err(ImportError::BadStart(start_us));
    }
    let clip = Clip::open(source)?;
    if clip.format.video.is_none() {
        return Err(ImportError::NoVideo);
    }
    if !clip.entries.iter().any(|entry| entry.track == Track::Video && entry.sample.key) {
        return Err(ImportError::NoKeyFrame);
    }
    let told: Arc<Mutex<Vec<Event>>> = Arc::default();
    let core = importing_core(disk, start_us, segment_seconds, &told);
    let length_us = ticks_to_us(clip.length_ticks);
    let recorder = StreamRecorder::importing(core.clone(), stream);
    if let Some(until_us) = recorder.recorded_within(start_us, start_us.saturating_add(length_us)) {
        return Err(ImportError::Occupied { until_us });
    }
    pour(&clip, &core, recorder, stream, start_us)?;
    let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
    let mut segments = Vec::new();
    for event in told {
        match event {
            Event::SegmentStored(segment) => segments.push(segment),
            Event::SegmentSuspect { cause, .. } => return Err(ImportError::Disk(cause)),
            Event::Gap { cause: cause @ (Cause::DiskFull | Cause::DiskFault), .. } => {
                return Err(ImportError::Disk(cause));
            }
            _ => {}
        }
    }
    segments.sort_by_key(|segment| segment.start_us);
    if core.sync.held() > 0 || segments.is_empty() {
        return Err(ImportError::Disk(Cause::DiskFull));
    }
    Ok(segments)
}

fn importing_core(
    disk: &Arc<dyn Disk>,
    start_us: i64,
    segment_seconds: u32,
    told: &Arc<Mutex<Vec<Event>>>,
) -> Arc<Core> {
    let config = RecordConfig { segment_seconds, write_backlog_bytes: 1 << 30, ..RecordConfig::default() };
    let heard = told.clone();
    let events: EventSink =
        Arc::new(move |event| heard.lock().unwrap_or_else(PoisonError::into_inner).push(event));
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(start_us));
    Arc::new(Core {
        config: config.bounded(),
        disk: disk.clone(),
        clock,
        events,
        announcer: Announcer::default(),
        sync: SyncQueue::inline(),
        totals: Totals::default(),
    })
}

fn pour(
    clip: &Clip,
    core: &Arc<Core>,
    recorder: StreamRecorder,
    stream: &str,
    start_us: i64,
) -> Result<(), ImportError> {
    let counters = Arc::new(StreamCounters::default());
    let mut recorder = recorder;
    let (inner, of_queue) = (core.clone(), counters.clone());
    let queue = Box::new(move |job| {
        of_queue.queued_jobs.store(0, std::sync::atomic::Ordering::Relaxed);
        of_queue.queued_bytes.store(0, std::sync::atomic::Ordering::Relaxed);
        recorder.handle(job);
        run_inline(&inner);
        true
    });
    let mut sink = GatheringSink::new(core.clone(), stream, counters, queue);
    let first_pts = clip.entries.iter().filter(|e| e.track == Track::Video).map(|e| e.sample.pts).min();
    let origin = first_pts.unwrap_or(0);
    for entry in &clip.entries {
        let us = ticks_to_us(entry.sample.pts - origin);
        sink.access_unit(&Arc::new(AccessUnit {
            track: entry.track,
            pts: entry.sample.pts,
            dts: entry.sample.dts,
            key: entry.sample.key,
            wall_us: start_us + us,
            mono_us: us,
            payload: clip.read(entry, &[])?,
            format: clip.format.clone(),
        }));
    }
    Ok(())
}

/// Marks what an import writes.
pub(super) const ORIGIN: Origin = Origin::Imported;
