//! The streams of a plane: what each is, where it stands, who wants it.
//!
//! A stream is open while it must stay on or somebody watches, and for a while after the last viewer
//! has left. Whoever watches holds a [`Watch`]; nobody else counts.

use super::{
    config::{Limits, Refused, StreamSpec},
    seam::{Ingest, Record, Running, Tell, Written},
};
use crate::{
    clock::Clock,
    event::{Cause, Event, Leg, LegReport, LegState, StreamState},
    frame::{AudioCodec, Format, VideoCodec},
    hub::{Hub, Passed, StreamId},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

/// Where a stream stands, as last told by ingest.
#[derive(Clone, Debug)]
pub struct Status {
    pub state: StreamState,
    pub cause: Option<Cause>,
    pub since_us: i64,
    pub legs: Vec<LegReport>,
    pub oddities: BTreeMap<String, u64>,
    /// Times it began to play after the first.
    pub reconnects: u64,
}

/// Speed of a stream over the last few seconds.
#[derive(Clone, Copy, Default)]
struct Speed {
    at_us: i64,
    units: u64,
    bytes: u64,
    fps: f64,
    bitrate_bps: f64,
}

struct Held {
    spec: StreamSpec,
    session: Option<Box<dyn Running>>,
    recording: Option<Box<dyn Running>>,
    status: Status,
    played: bool,
    speed: Speed,
    /// Monotonic moment at which the last viewer left, while the session is still up.
    left_us: Option<i64>,
    removed: bool,
}

/// One stream.
pub struct Stream {
    pub id: StreamId,
    pub hub: Arc<Hub>,
    held: Mutex<Held>,
    rooms: Arc<Rooms>,
}

/// What all streams of a plane share.
struct Rooms {
    ingest: Arc<dyn Ingest>,
    record: Option<Arc<dyn Record>>,
    clock: Arc<dyn Clock>,
}

/// Hears of each change of a stream's status. Called without locks held; must not block.
pub type Listener = Box<dyn Fn(&Arc<Stream>, &Status) + Send + Sync>;

/// All streams of a plane.
pub struct Streams {
    by_id: RwLock<HashMap<StreamId, Arc<Stream>>>,
    rooms: Arc<Rooms>,
    idle_close_us: i64,
    most: usize,
    listeners: RwLock<Vec<Listener>>,
    /// To the control plane, past [`Self::told`].
    tell: Tell,
}

/// Somebody watches: the stream stays open while this lives.
pub struct Watch {
    pub stream: Arc<Stream>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut held = self.stream.lock();
        if self.stream.hub.viewer_left() == 0 {
            held.left_us = Some(self.stream.rooms.clock.mono_us());
        }
    }
}

impl Stream {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it stands now.
    pub fn status(&self) -> Status {
        self.lock().status.clone()
    }

    /// Whether it was taken out of the plane.
    pub fn is_removed(&self) -> bool {
        self.lock().removed
    }

    /// Opens what the specification and the viewers ask for and is not open yet.
    fn open_what_is_wanted(&self, held: &mut Held) -> Result<(), Refused> {
        if held.removed {
            return Ok(());
        }
        let wanted = held.spec.stays_on() || self.hub.viewers() > 0;
        // The recorder joins before the session opens, so that it sees the first unit.
        if held.spec.record && held.recording.is_none() {
            let began = self.rooms.record.as_ref().map(|room| room.start(&held.spec, self.hub.clone()));
            held.recording = began
                .transpose()
                .map_err(|why| Refused(format!("recording of {} cannot begin: {why}", self.id)))?;
        }
        if wanted && held.session.is_none() {
            held.session = Some(self.rooms.ingest.open(&held.spec, self.hub.clone())?);
        }
        Ok(())
    }

    fn stats(&self, written: Option<&Written>) -> Value {
        let passed = self.hub.passed();
        let arrived_us = passed.arrived_mono_us.map(|mono_us| mono_us + self.rooms.clock.offset_us());
        let held = self.lock();
        let running = held.session.as_ref().and_then(|session| session.oddities());
        let mut legs = held.status.legs.clone();
        if let Some(written) = written {
            note_writing(&mut legs, written);
        }
        json!({
            "stream": &*self.id,
            "state": held.status.state,
            "cause": held.status.cause,
            "since_us": held.status.since_us,
            "legs": legs,
            "oddities": running.unwrap_or_else(|| held.status.oddities.clone()),
            "format": passed.format.as_deref().map_or(Value::Null, format_json),
            "fps": (held.speed.fps * 100.0).round() / 100.0,
            "bitrate_bps": held.speed.bitrate_bps.round() as u64,
            "last_frame_us": passed.last_video_us,
            "arrived_us": arrived_us,
            "reconnects": held.status.reconnects,
            "viewers": self.hub.viewers(),
            "recording": held.recording.is_some() && held.status.state == StreamState::Playing,
            "queue": written.map_or(json!({}), |written| json!({
                "bytes": written.queued_bytes, "jobs": written.queued_jobs,
                "dropped_fragments": written.dropped_fragments, "last_write_us": written.last_us,
            })),
        })
    }
}

/// The last leg is the recorder's: ingest cannot know whether a fragment reached the disk.
fn note_writing(legs: &mut [LegReport], written: &Written) {
    let Some(leg) = legs.iter_mut().find(|leg| leg.leg == Leg::Written) else { return };
    if let (LegState::Waiting, Some(first_us)) = (leg.state, written.first_us) {
        leg.state = LegState::Ok;
        leg.at_us = Some(first_us);
    }
}

/// A format as doors §1 and §2 show it.
pub fn format_json(format: &Format) -> Value {
    json!({"video": video_json(format), "audio": audio_json(format)})
}

/// The video half of [`format_json`].
pub fn video_json(format: &Format) -> Value {
    format.video.as_ref().map_or(Value::Null, |video| {
        let codec = match video.codec {
            VideoCodec::H264 => "h264",
            VideoCodec::H265 => "h265",
        };
        json!({
            "codec": codec, "width": video.width, "height": video.height,
            "fps": video.fps, "codec_string": video.codec_string,
        })
    })
}

/// The audio half of [`format_json`].
pub fn audio_json(format: &Format) -> Value {
    format.audio.as_ref().map_or(Value::Null, |audio| {
        let codec = match audio.codec {
            AudioCodec::Aac => "aac",
            AudioCodec::Pcma => "pcma",
            AudioCodec::Pcmu => "pcmu",
        };
        json!({"codec": codec, "sample_rate": audio.sample_rate, "channels": audio.channels})
    })
}

impl Streams {
    pub fn new(
        ingest: Arc<dyn Ingest>,
        record: Option<Arc<dyn Record>>,
        clock: Arc<dyn Clock>,
        tell: Tell,
        limits: &Limits,
    ) -> Self {
        Self {
            by_id: RwLock::default(),
            rooms: Arc::new(Rooms { ingest, record, clock }),
            idle_close_us: i64::from(limits.idle_close_ms) * 1_000,
            most: limits.streams,
            listeners: RwLock::default(),
            tell,
        }
    }

    /// Adds one who hears of every change of status.
    pub fn listen(&self, listener: Listener) {
        self.listeners.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// The stream of this name.
    pub fn get(&self, stream: &str) -> Option<Arc<Stream>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner).get(stream).cloned()
    }

    /// All streams, by name.
    pub fn all(&self) -> Vec<Arc<Stream>> {
        let mut all: Vec<_> =
            self.by_id.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// Begins to watch: opens the stream if it is not open.
    pub fn watch(&self, stream: &str) -> Option<Watch> {
        let stream = self.get(stream)?;
        let mut held = stream.lock();
        if held.removed {
            return None;
        }
        stream.hub.viewer_came();
        held.left_us = None;
        // What the source refuses was said when the stream was put; a viewer just sees no pictures.
        let _ = stream.open_what_is_wanted(&mut held);
        drop(held);
        Some(Watch { stream })
    }

    /// Creates or changes a stream, restarting only what the change touches.
    pub fn put(&self, spec: StreamSpec) -> Result<(), Refused> {
        self.rooms.ingest.check(&spec)?;
        let known = {
            let mut by_id = self.by_id.write().unwrap_or_else(PoisonError::into_inner);
            match by_id.get(spec.stream.as_str()) {
                Some(stream) => stream.clone(),
                None if by_id.len() >= self.most => {
                    return Err(Refused(format!(
                        "there are {} streams already, which is the limit",
                        self.most
                    )));
                }
                None => {
                    let stream = self.fresh(spec.clone());
                    by_id.insert(stream.id.clone(), stream.clone());
                    stream
                }
            }
        };
        // What ends, ends before its successor begins, and outside the lock.
        drop(known.lock().change(spec));
        known.open_what_is_wanted(&mut known.lock())
    }

    fn fresh(&self, spec: StreamSpec) -> Arc<Stream> {
        let id: StreamId = spec.stream.as_str().into();
        Arc::new(Stream {
            hub: Hub::new(id.clone()),
            id,
            held: Mutex::new(Held {
                spec,
                session: None,
                recording: None,
                status: Status {
                    state: StreamState::Idle,
                    cause: None,
                    since_us: self.rooms.clock.wall_us(),
                    legs: Vec::new(),
                    oddities: BTreeMap::new(),
                    reconnects: 0,
                },
                played: false,
                speed: Speed::default(),
                left_us: None,
                removed: false,
            }),
            rooms: self.rooms.clone(),
        })
    }

    /// Takes a stream out: ends its session and its recording, tells its listeners that it is closed.
    pub fn remove(&self, stream: &str) -> bool {
        let gone = self.by_id.write().unwrap_or_else(PoisonError::into_inner).remove(stream);
        let Some(stream) = gone else { return false };
        let ended = {
            let mut held = stream.lock();
            held.removed = true;
            (held.session.take(), held.recording.take())
        };
        drop(ended);
        self.closed(&stream, StreamState::Closed, Some(Cause::Stopped));
        true
    }

    /// Takes note of an event of ingest before it goes to the control plane. `false`: it is the echo
    /// of something that the plane did and told itself, and goes no further.
    pub fn told(&self, event: &Event) -> bool {
        let Event::Stream { stream, state, cause, legs, oddities, .. } = event else { return true };
        let Some(stream) = self.get(stream) else { return false };
        if *state == StreamState::Closed {
            return false; // a session ends only when the plane ends it
        }
        self.set_status(&stream, *state, *cause, legs.clone(), oddities.clone());
        true
    }

    /// The plane itself closed a stream, for good or until somebody wants it.
    fn closed(&self, stream: &Arc<Stream>, state: StreamState, cause: Option<Cause>) {
        self.set_status(stream, state, cause, Vec::new(), BTreeMap::new());
        (self.tell)(Event::Stream {
            stream: stream.id.to_string(),
            state,
            at_us: self.rooms.clock.wall_us(),
            cause,
            attempt: 0,
            retry_in_ms: None,
            legs: Vec::new(),
            oddities: BTreeMap::new(),
        });
    }

    fn set_status(
        &self,
        stream: &Arc<Stream>,
        state: StreamState,
        cause: Option<Cause>,
        legs: Vec<LegReport>,
        oddities: BTreeMap<String, u64>,
    ) {
        let now_us = self.rooms.clock.wall_us();
        let status = {
            let mut held = stream.lock();
            let began = state == StreamState::Playing && held.status.state != StreamState::Playing;
            let again = u64::from(began && held.played);
            held.played |= began;
            let since_us = if held.status.state == state { held.status.since_us } else { now_us };
            let reconnects = held.status.reconnects + again;
            held.status = Status { state, cause, since_us, legs, oddities, reconnects };
            held.status.clone()
        };
        for listener in self.listeners.read().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(stream, &status);
        }
    }

    /// Closes what nobody has watched for a while and measures speeds. Called about once a second.
    pub fn keep_house(&self, mono_us: i64) {
        for stream in self.all() {
            let passed = stream.hub.passed();
            let closed = {
                let mut held = stream.lock();
                held.speed.measure(&passed, mono_us);
                let idle = held.left_us.is_some_and(|left| mono_us - left >= self.idle_close_us);
                if idle && !held.spec.stays_on() && stream.hub.viewers() == 0 {
                    held.left_us = None;
                    held.session.take()
                } else {
                    None
                }
            };
            if closed.is_some() {
                drop(closed);
                self.closed(&stream, StreamState::Idle, None);
            }
        }
    }

    /// Ends all sessions, then all recordings: what they gathered is handed to the recorder.
    pub fn end_all(&self) {
        for stream in self.all() {
            let (session, recording) = {
                let mut held = stream.lock();
                held.removed = true;
                (held.session.take(), held.recording.take())
            };
            drop(session);
            drop(recording);
        }
    }

    /// JSON list of StreamStats (doors §1).
    pub fn stats(&self) -> Value {
        let written = self.rooms.record.as_ref().map(|room| room.written()).unwrap_or_default();
        Value::Array(self.all().iter().map(|stream| stream.stats(written.get(&*stream.id))).collect())
    }
}

type Ended = (Option<Box<dyn Running>>, Option<Box<dyn Running>>);

impl Held {
    /// Takes the new specification and returns what must end because of it.
    fn change(&mut self, spec: StreamSpec) -> Ended {
        let source_changed = spec.source != self.spec.source || spec.audio != self.spec.audio;
        let session = if source_changed { self.session.take() } else { None };
        let recording = if spec.record { None } else { self.recording.take() };
        if self.spec.stays_on() && !spec.stays_on() && self.session.is_some() {
            // As if the last viewer had left just now, should there be none.
            self.left_us.get_or_insert(i64::MIN / 2);
        }
        self.spec = spec;
        (session, recording)
    }
}

impl Speed {
    /// Follows the counters with a time constant of a few seconds.
    fn measure(&mut self, passed: &Passed, now_us: i64) {
        let seconds = (now_us - self.at_us) as f64 / 1e6;
        if self.at_us != 0 && seconds < 0.5 {
            return;
        }
        if self.at_us != 0 {
            let fps = (passed.video_units - self.units) as f64 / seconds;
            let bitrate = (passed.bytes - self.bytes) as f64 * 8.0 / seconds;
            let weight = if self.fps == 0.0 { 1.0 } else { 0.3 };
            self.fps += (fps - self.fps) * weight;
            self.bitrate_bps += (bitrate - self.bitrate_bps) * weight;
        }
        (self.at_us, self.units, self.bytes) = (now_us, passed.video_units, passed.bytes);
    }
}
