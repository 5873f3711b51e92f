//! What the plane sees of the engine.

use super::worker::{Command, Mailbox, Order, Worker};
use crate::{
    clock::{Clock, SystemClock},
    event::{Cause, Event, Leg, LegReport, LegState, StreamState},
    frame::Format,
    hub::{Hub, StreamId},
    ingest::{address::AddressRules, rtsp::url::RtspUrl},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Where [`Event::Stream`] goes. Called on an engine thread: must not block.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// A text that never shows itself in logs.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// How media may travel. `Auto` tries TCP, and UDP by itself where TCP is refused; `Udp` the other way
/// round; the other two never change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransportChoice {
    #[default]
    Auto,
    Tcp,
    Udp,
    UdpOnly,
}

/// One camera stream to pull. Credentials never stand in `url`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RtspSpec {
    pub url: String,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password: Option<Secret>,
    #[serde(default)]
    pub transport: TransportChoice,
    /// Send the password in clear text (Basic) if the camera offers nothing better and never took better.
    #[serde(default = "yes")]
    pub allow_basic: bool,
    /// Take the audio track too.
    #[serde(default = "yes")]
    pub audio: bool,
}

fn yes() -> bool {
    true
}

/// What is wrong with a [`RtspSpec`], as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError(pub String);

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SpecError {}

/// Limits and rules of the engine; all finite.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    pub threads: usize,
    pub addresses: AddressRules,
    /// No video frame for so long: the stream is down.
    pub silent_ms: u32,
    /// No key frame for so long.
    pub key_frame_ms: u32,
    pub connect_ms: u32,
    /// A request without an answer for so long ends the attempt.
    pub answer_ms: u32,
    /// How often sockets of streams that nobody watches are read.
    pub batch_ms: u32,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            threads: 1,
            addresses: AddressRules::default(),
            silent_ms: 10_000,
            key_frame_ms: 20_000,
            connect_ms: 5_000,
            answer_ms: 10_000,
            batch_ms: 200,
        }
    }
}

/// Where one stream stands, for `StreamStats` of the doors.
#[derive(Clone, Debug)]
pub struct IngestStats {
    pub stream: StreamId,
    pub state: StreamState,
    pub cause: Option<Cause>,
    /// Since when it is in this state, microseconds since the Unix epoch.
    pub since_us: i64,
    pub legs: Vec<LegReport>,
    pub oddities: BTreeMap<String, u64>,
    pub format: Option<Arc<Format>>,
    /// Video frames a second over the last seconds.
    pub fps: f64,
    pub bitrate_bps: u64,
    /// Wall clock of the last video frame, microseconds since the Unix epoch; 0 before the first.
    pub last_frame_us: i64,
    /// Times that it played again after having been down.
    pub reconnects: u64,
}

/// What one look at a camera found.
#[derive(Clone, Debug)]
pub struct ProbeReport {
    pub legs: Vec<LegReport>,
    pub format: Option<Arc<Format>>,
    pub oddities: BTreeMap<String, u64>,
}

/// The engine. Dropping it ends every session with a TEARDOWN and joins its threads.
pub struct Engine {
    config: EngineConfig,
    events: EventSink,
    workers: Vec<Worker>,
    next: AtomicUsize,
    streams: Mutex<Vec<Arc<Shared>>>,
}

/// A stream that is open. Dropping it closes the stream.
pub struct StreamHandle {
    shared: Arc<Shared>,
    mailbox: Arc<Mailbox>,
}

/// What the owner of a stream and its engine thread share.
pub struct Shared {
    pub stream: StreamId,
    pub closed: AtomicBool,
    pub stats: Mutex<IngestStats>,
}

impl Shared {
    pub fn new(stream: StreamId) -> Arc<Self> {
        let stats = IngestStats {
            stream: stream.clone(),
            state: StreamState::Idle,
            cause: None,
            since_us: 0,
            legs: Vec::new(),
            oddities: BTreeMap::new(),
            format: None,
            fps: 0.0,
            bitrate_bps: 0,
            last_frame_us: 0,
            reconnects: 0,
        };
        Arc::new(Self { stream, closed: AtomicBool::new(false), stats: Mutex::new(stats) })
    }

    /// The figures; a panic while they were held does not make them worse.
    pub fn stats(&self) -> MutexGuard<'_, IngestStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Time is up: the leg that was waited for has failed, and for what it waited.
fn give_up(legs: &mut [LegReport]) {
    let Some(waiting) = legs.iter_mut().find(|leg| leg.state == LegState::Waiting) else { return };
    waiting.state = LegState::Failed;
    waiting.cause = Some(match waiting.leg {
        Leg::Resolved => Cause::NameUnknown,
        Leg::Connected => Cause::ConnectTimeout,
        Leg::Authenticated | Leg::Described | Leg::SetUp => Cause::NoAnswer,
        Leg::FirstPacket => Cause::NoPackets,
        Leg::FirstKeyFrame => Cause::NoKeyFrame,
        Leg::Decodable | Leg::Written => Cause::Undecodable,
    });
    waiting.evidence.push("the time of this probe was up".to_owned());
}

impl Engine {
    /// Starts the threads.
    pub fn new(config: EngineConfig, events: EventSink) -> std::io::Result<Self> {
        Self::with_clock(config, events, Arc::new(SystemClock::new()))
    }

    /// As [`new`](Self::new), with a clock of the caller's.
    pub fn with_clock(
        config: EngineConfig,
        events: EventSink,
        clock: Arc<dyn Clock>,
    ) -> std::io::Result<Self> {
        let workers = (0..config.threads.clamp(1, 64))
            .map(|index| Worker::start(index, &config, clock.clone()))
            .collect::<Result<_, _>>()?;
        Ok(Self { config, events, workers, next: AtomicUsize::new(0), streams: Mutex::new(Vec::new()) })
    }

    /// Opens a stream and keeps it open, reconnecting for ever, until the handle is closed. Units go to
    /// `hub` from one engine thread: as soon as packets arrive while somebody minds delay, else in batches.
    pub fn open(&self, stream: StreamId, spec: RtspSpec, hub: Arc<Hub>) -> Result<StreamHandle, SpecError> {
        let url = RtspUrl::parse(&spec.url).map_err(SpecError)?;
        let shared = Shared::new(stream);
        let mailbox = self.mailbox();
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        streams.retain(|other| !other.closed.load(Ordering::Relaxed));
        streams.push(shared.clone());
        drop(streams);
        let thread = mailbox.clone();
        hub.on_haste(Box::new(move || thread.send(Command::Wake)));
        let order =
            Order { shared: shared.clone(), spec, url, hub, events: Some(self.events.clone()), probe: None };
        mailbox.send(Command::Open(Box::new(order)));
        Ok(StreamHandle { shared, mailbox })
    }

    /// Opens the camera once, up to the first key frame that can be decoded, and closes it again. Blocks
    /// for at most `timeout`.
    pub fn probe(&self, spec: &RtspSpec, timeout: Duration) -> Result<ProbeReport, SpecError> {
        let url = RtspUrl::parse(&spec.url).map_err(SpecError)?;
        let shared = Shared::new("probe".into());
        let hub = Hub::new("probe".into());
        let _haste = hub.hurry();
        let mailbox = self.mailbox();
        let (report, reported) = crossbeam_channel::bounded(1);
        let order =
            Order { shared: shared.clone(), spec: spec.clone(), url, hub, events: None, probe: Some(report) };
        mailbox.send(Command::Open(Box::new(order)));
        let found = reported.recv_timeout(timeout);
        let _handle = StreamHandle { shared: shared.clone(), mailbox };
        Ok(found.unwrap_or_else(|_| {
            let stats = shared.stats();
            let mut legs = stats.legs.clone();
            give_up(&mut legs);
            ProbeReport { legs, format: stats.format.clone(), oddities: stats.oddities.clone() }
        }))
    }

    fn mailbox(&self) -> Arc<Mailbox> {
        let at = self.next.fetch_add(1, Ordering::Relaxed) % self.workers.len();
        self.workers[at].mailbox.clone()
    }

    pub fn config(&self) -> &EngineConfig {
        &self.config
    }

    /// Every stream that is open.
    pub fn stats(&self) -> Vec<IngestStats> {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let open = streams.iter().filter(|shared| !shared.closed.load(Ordering::Relaxed));
        open.map(|shared| shared.stats().clone()).collect()
    }

    /// Closes every stream, sends TEARDOWN, joins the threads; waits at most `timeout`.
    pub fn stop(&self, timeout: Duration) {
        for worker in &self.workers {
            worker.mailbox.send(Command::Stop);
        }
        for worker in &self.workers {
            worker.join(timeout);
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(3));
    }
}

impl StreamHandle {
    pub fn stats(&self) -> Option<IngestStats> {
        Some(self.shared.stats().clone())
    }

    pub fn close(self) {}
}

impl Drop for StreamHandle {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.mailbox.send(Command::Wake);
    }
}
