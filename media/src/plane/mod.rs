//! The plane as its owner sees it: configuration, commands in, events out. The Python face is a thin
//! skin over this module.
//!
//! The rooms are joined here and nowhere else: ingest publishes into hubs, the recorder and the
//! deliveries take from them, everything tells the event queue.

pub mod config;
pub mod queue;
mod recording;
mod rooms;
pub mod seam;
pub mod streams;

use self::{
    config::{PlaneConfig, Refused, StreamSpec},
    queue::EventQueue,
    seam::{Ingest, Record, Tell},
    streams::Streams,
};
use crate::{
    clock::{Clock, JumpWatch, SystemClock},
    event::Event,
    serve::{
        Serving,
        delivery::Desk,
        http,
        live::{self, Live},
        playback::Playback,
        republish,
    },
};
use bytes::Bytes;
use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use serde_json::{Value, json};
use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    os::fd::RawFd,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};
use tokio::{runtime::Runtime, sync::watch};

/// How often the plane looks after deliveries whose time is up.
const HOUSE: Duration = Duration::from_millis(250);

/// Why a command failed.
#[derive(Debug)]
pub enum PlaneError {
    /// The input is wrong; the sentence says what to do.
    Refused(Refused),
    /// A port, a file, a thread.
    Io(io::Error),
    /// `start` was not called, or `stop` was.
    NotRunning,
}

impl fmt::Display for PlaneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => why.fmt(f),
            Self::Io(why) => why.fmt(f),
            Self::NotRunning => {
                f.write_str("the media plane is not running: call start() first, and not after stop()")
            }
        }
    }
}

impl std::error::Error for PlaneError {}

impl From<Refused> for PlaneError {
    fn from(why: Refused) -> Self {
        Self::Refused(why)
    }
}

impl From<io::Error> for PlaneError {
    fn from(why: io::Error) -> Self {
        Self::Io(why)
    }
}

/// The rooms beside delivery, made once the listening addresses are known.
pub struct Rooms {
    pub ingest: Arc<dyn Ingest>,
    pub record: Option<Arc<dyn Record>>,
}

/// What a maker of [`Rooms`] is given.
pub struct Ground<'a> {
    pub config: &'a PlaneConfig,
    pub tell: Tell,
    /// Our own listeners, which no camera address may name.
    pub own: &'a [SocketAddr],
}

/// See the module. All methods may be called from any thread.
pub struct Plane {
    config: Arc<PlaneConfig>,
    clock: Arc<dyn Clock>,
    queue: Arc<EventQueue>,
    running: Mutex<Option<Arc<Running>>>,
}

/// What lives from start to stop.
struct Running {
    rooms: Rooms,
    serving: Arc<Serving>,
    http: SocketAddr,
    rtsp: Option<SocketAddr>,
    runtime: Mutex<Option<Runtime>>,
    closing: watch::Sender<bool>,
    housekeeper: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

impl Plane {
    /// Takes a configuration; nothing runs yet.
    pub fn new(config: PlaneConfig) -> Result<Self, PlaneError> {
        Self::with_clock(config, Arc::new(SystemClock::new()))
    }

    /// As [`Self::new`], with clocks of one's own.
    pub fn with_clock(config: PlaneConfig, clock: Arc<dyn Clock>) -> Result<Self, PlaneError> {
        config.key()?;
        let queue = Arc::new(EventQueue::new(config.limits.events)?);
        Ok(Self { config: Arc::new(config), clock, queue, running: Mutex::new(None) })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Running>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn running(&self) -> Result<Arc<Running>, PlaneError> {
        self.lock().clone().ok_or(PlaneError::NotRunning)
    }

    /// Starts everything: `{"http": "ip:port", "rtsp": "ip:port" | null}`.
    pub fn start(&self) -> Result<Value, PlaneError> {
        self.start_with(rooms::real)
    }

    /// Starts with rooms of the caller's making: tests and benches bring their own source.
    pub fn start_with(
        &self,
        rooms: impl FnOnce(&Ground<'_>) -> Result<Rooms, PlaneError>,
    ) -> Result<Value, PlaneError> {
        let mut slot = self.lock();
        if let Some(running) = &*slot {
            return Ok(running.addresses());
        }
        let running = Arc::new(self.begin(rooms)?);
        let addresses = running.addresses();
        *slot = Some(running);
        Ok(addresses)
    }

    fn begin(
        &self,
        rooms: impl FnOnce(&Ground<'_>) -> Result<Rooms, PlaneError>,
    ) -> Result<Running, PlaneError> {
        let listener = bind("http_listen", self.config.http_listen)?;
        let http = listener.local_addr()?;
        let rtsp_listener =
            self.config.rtsp_listen.map(|address| bind("rtsp_listen", address)).transpose()?;
        let told: Arc<OnceLock<Arc<Streams>>> = Arc::default();
        let tell = self.tell(told.clone());
        let own: Vec<SocketAddr> = [Some(http), self.config.rtsp_listen].into_iter().flatten().collect();
        let rooms = rooms(&Ground { config: &self.config, tell: tell.clone(), own: &own })?;
        let limits = &self.config.limits;
        let queue = self.queue.clone();
        let streams = Arc::new(Streams::new(
            rooms.ingest.clone(),
            rooms.record.clone(),
            self.clock.clone(),
            Arc::new(move |event| queue.tell(event)),
            limits,
        ));
        let _ = told.set(streams.clone()); // set once, here
        let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().min(4));
        let live = Live::start(streams.clone(), self.clock.clone(), limits, threads)?;
        let serving = Arc::new(Serving {
            config: self.config.clone(),
            clock: self.clock.clone(),
            desk: Desk::new(self.config.key()?, self.clock.clone(), tell, limits),
            streams,
            live,
            play: Playback::new(self.config.storage.iter().map(|one| one.root.clone()).collect()),
            hls: Default::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("media-serve")
            .enable_all()
            .build()?;
        let (closing, closed) = watch::channel(false);
        let inside = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        runtime.spawn(http::listen(listener, serving.clone(), closed.clone()));
        let rtsp = rtsp_listener.as_ref().map(TcpListener::local_addr).transpose()?;
        if let Some(listener) = rtsp_listener {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            runtime.spawn(republish::listen(listener, serving.clone(), closed));
        }
        drop(inside);
        let housekeeper = keep_house(self.clock.clone(), self.queue.clone(), serving.clone())?;
        Ok(Running {
            rooms,
            serving,
            http,
            rtsp,
            runtime: Mutex::new(Some(runtime)),
            closing,
            housekeeper: Mutex::new(Some(housekeeper)),
        })
    }

    /// Events pass the streams, which note their state, and go to the queue.
    fn tell(&self, told: Arc<OnceLock<Arc<Streams>>>) -> Tell {
        let queue = self.queue.clone();
        Arc::new(move |event: Event| {
            if told.get().is_none_or(|streams| streams.told(&event)) {
                queue.tell(event);
            }
        })
    }

    /// Creates or changes a stream from its specification as JSON. Idempotent.
    pub fn put_stream(&self, spec: &str) -> Result<(), PlaneError> {
        let spec = StreamSpec::parse(spec)?;
        Ok(self.running()?.serving.streams.put(spec)?)
    }

    /// Takes a stream out: ends its session, its recording and its live viewers. A no-op if unknown.
    pub fn remove_stream(&self, stream: &str) -> Result<(), PlaneError> {
        let running = self.running()?;
        if running.serving.streams.remove(stream) {
            running.serving.desk.stream_closed(stream);
        }
        Ok(())
    }

    /// Looks at a camera once, for at most `timeout`. Blocks.
    pub fn probe(&self, spec: &str, timeout: Duration) -> Result<Value, PlaneError> {
        let spec = StreamSpec::parse(spec)?;
        Ok(self.running()?.rooms.ingest.probe(&spec, timeout)?)
    }

    /// Ends what runs against a ticket, and keeps it from starting. Returns deliveries ended.
    pub fn revoke_ticket(&self, ticket: &str) -> Result<usize, PlaneError> {
        Ok(self.running()?.serving.desk.revoke_ticket(ticket))
    }

    /// Ends whatever a holder watches. Returns deliveries ended.
    pub fn revoke_holder(&self, holder: &str) -> Result<usize, PlaneError> {
        Ok(self.running()?.serving.desk.revoke_holder(holder))
    }

    /// The index has these segments: they are no longer announced. Works after [`Self::stop`] too.
    pub fn acknowledge(&self, segments: &[String]) -> usize {
        if let Some(record) = self.lock().as_ref().and_then(|running| running.rooms.record.clone()) {
            record.acknowledge(segments);
        }
        self.queue.acknowledge(segments.iter().map(String::as_str))
    }

    /// The newest key frame of a stream as one-picture fMP4. `None` while there is none; asking opens
    /// the stream for a while, so that asking again may succeed.
    pub fn latest_key_frame(&self, stream: &str) -> Result<Option<Bytes>, PlaneError> {
        let running = self.running()?;
        let Some(watch) = running.serving.streams.watch(stream) else { return Ok(None) };
        Ok(live::key_picture(&watch.stream.hub))
    }

    /// JSON list of StreamStats.
    pub fn streams(&self) -> Result<Value, PlaneError> {
        Ok(self.running()?.serving.streams.stats())
    }

    /// JSON list of running deliveries.
    pub fn viewers(&self) -> Result<Value, PlaneError> {
        Ok(self.running()?.serving.desk.viewers())
    }

    /// What waits between the plane and its reader: `{"events", "unacknowledged"}`.
    pub fn queues(&self) -> Value {
        let (events, unacknowledged) = self.queue.depths();
        json!({"events": events, "unacknowledged": unacknowledged})
    }

    /// Readable while events wait. Lives as long as the plane.
    pub fn event_fd(&self) -> RawFd {
        self.queue.descriptor()
    }

    /// At most `most` events. Works after [`Self::stop`] too, so that nothing told is lost.
    pub fn events(&self, most: usize) -> Vec<Event> {
        self.queue.drain(most, self.clock.mono_us())
    }

    /// No new viewers, end of deliveries, sessions, segments closed and synced, end. At most `timeout`
    /// long; a second call does nothing.
    pub fn stop(&self, timeout: Duration) {
        let Some(running) = self.lock().take() else { return };
        running.stop(Instant::now() + timeout);
    }
}

impl Drop for Plane {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(5));
    }
}

impl Running {
    fn addresses(&self) -> Value {
        json!({"http": self.http.to_string(), "rtsp": self.rtsp.map(|address| address.to_string())})
    }

    fn stop(&self, deadline: Instant) {
        let left = || deadline.saturating_duration_since(Instant::now());
        self.closing.send_replace(true);
        self.serving.desk.close();
        self.serving.live.stop();
        // What runs on the runtime hears of its end at once; a moment suffices, and segments matter more.
        let viewers_by = Instant::now() + (left() / 4).min(Duration::from_secs(1));
        while self.serving.desk.running() > 0 && Instant::now() < viewers_by {
            std::thread::sleep(Duration::from_millis(5));
        }
        self.serving.streams.end_all();
        self.rooms.ingest.stop(left() / 3);
        if let Some(record) = &self.rooms.record {
            record.stop(left());
        }
        if let Some(runtime) = self.runtime.lock().unwrap_or_else(PoisonError::into_inner).take() {
            runtime.shutdown_timeout(left().max(Duration::from_millis(100)));
        }
        let housekeeper = self.housekeeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((end, thread)) = housekeeper {
            drop(end);
            let _ = thread.join(); // a panic there is told by its own message
        }
    }
}

/// A listening socket, or an error that names the setting and the port.
fn bind(setting: &str, address: SocketAddr) -> io::Result<TcpListener> {
    let bound = || {
        let domain = socket2::Domain::for_address(address);
        let socket = socket2::Socket::new(domain, socket2::Type::STREAM, None)?;
        // A restart must not wait for old connections to be forgotten.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(1_024)?;
        socket.set_nonblocking(true)?;
        Ok(TcpListener::from(socket))
    };
    bound().map_err(|why: io::Error| {
        let hint = match why.kind() {
            io::ErrorKind::AddrInUse => "another program listens there; stop it or choose another port",
            io::ErrorKind::PermissionDenied => "ports below 1024 need a right; choose a higher one",
            io::ErrorKind::AddrNotAvailable => "this machine has no such address",
            _ => "choose another address",
        };
        io::Error::new(why.kind(), format!("{setting} {address}: {why}; {hint}"))
    })
}

/// The thread that looks after time: expiry, idle streams, repeated announcements, clock jumps.
fn keep_house(
    clock: Arc<dyn Clock>,
    queue: Arc<EventQueue>,
    serving: Arc<Serving>,
) -> io::Result<(Sender<()>, JoinHandle<()>)> {
    let (end, ended) = bounded::<()>(0);
    let mut watch = JumpWatch::new(&*clock);
    let thread = std::thread::Builder::new().name("media-house".into()).spawn(move || {
        for round in 0u64.. {
            if ended.recv_timeout(HOUSE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let work = AssertUnwindSafe(|| house_work(round, &*clock, &queue, &serving, &mut watch));
            // A panic costs one round: what it left undone is done a moment later.
            let _ = catch_unwind(work);
        }
    })?;
    Ok((end, thread))
}

fn house_work(round: u64, clock: &dyn Clock, queue: &EventQueue, serving: &Serving, watch: &mut JumpWatch) {
    serving.desk.keep_house();
    if !round.is_multiple_of(4) {
        return;
    }
    if let Some(by_us) = watch.jumped_by_us(clock) {
        queue.tell(Event::ClockJump { at_us: clock.wall_us(), by_us });
    }
    let mono_us = clock.mono_us();
    serving.streams.keep_house(mono_us);
    queue.repeat(mono_us);
    if round.is_multiple_of(40) {
        serving.desk.forget_old_tickets();
    }
}
