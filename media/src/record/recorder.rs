//! The recorder as the plane sees it: sinks for hubs in, events out, a few threads between.
//!
//! One recorder a storage root. Writer threads own the streams (each stream on one of them); sync
//! threads wait for the disk. Every queue is bounded ([`super::config`]).

use super::announce::{Announcer, EventSink};
use super::config::RecordConfig;
use super::disk::Disk;
use super::gather::GatheringSink;
use super::place::SegmentName;
use super::recovery::{self, Recovered};
use super::stats::{RecordStats, StreamCounters, StreamRecordStats, Totals};
use super::storer::{self, SyncJob, SyncQueue};
use super::stream::{Core, Job, StreamRecorder};
use crate::clock::Clock;
use crate::event::{Cause, Event};
use crate::hub::Sink;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Jobs of all streams of one writer thread that may wait.
const WRITER_QUEUE: usize = 8192;
const TICK: Duration = Duration::from_millis(500);
/// Ticks between attempts to close an earlier run's files: each reads them whole.
const LEFT_TICKS: u32 = 20;
/// Ticks between two looks at whether the disk was mounted anew.
const LOOK_TICKS: u32 = 2;

enum Order {
    Open { stream: u64, recorder: Box<StreamRecorder>, counters: Arc<StreamCounters> },
    Do { stream: u64, job: Job },
    Stop,
}

struct Threads {
    writers: Vec<JoinHandle<()>>,
    storers: Vec<JoinHandle<()>>,
    ticker: JoinHandle<()>,
}

/// See the module.
pub struct Recorder {
    core: Arc<Core>,
    writers: Vec<Sender<Order>>,
    stop: Sender<()>,
    streams: Mutex<BTreeMap<u64, (String, Arc<StreamCounters>)>>,
    threads: Mutex<Option<Threads>>,
    /// Unfinished files of an earlier run that the disk refused to close.
    left: Arc<Mutex<Vec<SegmentName>>>,
    next_stream: std::sync::atomic::AtomicU64,
    stopping: AtomicBool,
}

impl Recorder {
    /// Starts the threads. Call [`Recorder::recover`] before the first sink.
    pub fn new(
        config: RecordConfig,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        events: EventSink,
    ) -> io::Result<Arc<Self>> {
        let config = config.bounded();
        let (sync, jobs) = SyncQueue::threaded();
        let core = Arc::new(Core {
            config,
            disk,
            clock,
            events,
            announcer: Announcer::default(),
            sync,
            totals: Totals::default(),
        });
        let (stop, stopped) = bounded::<()>(0);
        let storers = (0..core.config.sync_threads)
            .map(|n| {
                let (core, jobs, stopped) = (core.clone(), jobs.clone(), stopped.clone());
                thread(format!("record-sync-{n}"), move || run_storer(&core, &jobs, &stopped))
            })
            .collect::<io::Result<_>>()?;
        let mut writers = Vec::new();
        let mut writer_threads = Vec::new();
        for n in 0..core.config.writer_threads {
            let (sender, orders) = bounded(WRITER_QUEUE);
            writers.push(sender);
            writer_threads.push(thread(format!("record-write-{n}"), move || run_writer(&orders))?);
        }
        let left: Arc<Mutex<Vec<SegmentName>>> = Arc::default();
        let ticker = {
            let (core, left) = (core.clone(), left.clone());
            thread("record-tick".into(), move || run_ticker(&core, &left, &stopped))?
        };
        let threads = Threads { writers: writer_threads, storers, ticker };
        Ok(Arc::new(Self {
            core,
            writers,
            stop,
            streams: Mutex::default(),
            threads: Mutex::new(Some(threads)),
            left,
            next_stream: std::sync::atomic::AtomicU64::new(0),
            stopping: AtomicBool::new(false),
        }))
    }

    /// Start-up: closes what was unfinished and announces it. Blocks while it reads the unfinished files.
    pub fn recover(&self) -> io::Result<Recovered> {
        let recovered = recovery::recover(&self.core.disk)?;
        tell_recovered(&self.core, &recovered);
        self.left.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&recovered.left);
        Ok(recovered)
    }

    /// A sink that records this stream until it is dropped. Reads a few directories: call it before
    /// taking a hub's lock. The id must be plain (`hub::StreamId`).
    pub fn sink_for(&self, stream: &str) -> io::Result<Box<dyn Sink>> {
        if !super::place::plain_stream(stream) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("not a stream id: {stream:?}")));
        }
        if self.stopping.load(Ordering::Acquire) {
            return Err(io::Error::other("the recorder is stopping"));
        }
        let id = self.next_stream.fetch_add(1, Ordering::Relaxed);
        let counters = Arc::new(StreamCounters::default());
        let recorder = Box::new(StreamRecorder::new(self.core.clone(), stream, counters.clone()));
        let lane = stream.bytes().fold(0usize, |sum, b| sum.wrapping_mul(31).wrapping_add(usize::from(b)));
        let writer = self.writers[lane % self.writers.len()].clone();
        writer
            .send(Order::Open { stream: id, recorder, counters: counters.clone() })
            .map_err(|_| io::Error::other("the recorder has stopped"))?;
        self.lock().insert(id, (stream.to_owned(), counters.clone()));
        let queue = Box::new(move |job| match writer.try_send(Order::Do { stream: id, job }) {
            Ok(()) => Ok(()),
            // An end must arrive; the writer is alive or has stopped.
            Err(TrySendError::Full(order @ Order::Do { job: Job::End | Job::Discontinuity, .. })) => {
                writer.send(order).map_err(|_| Job::End)
            }
            Err(
                TrySendError::Full(Order::Do { job, .. }) | TrySendError::Disconnected(Order::Do { job, .. }),
            ) => Err(job),
            Err(_) => Err(Job::End),
        });
        Ok(Box::new(GatheringSink::new(self.core.clone(), stream, counters, queue)))
    }

    /// Steps 8 and 9 of the write path: the index has these segments durably.
    pub fn acknowledge(&self, ids: &[impl AsRef<str>]) {
        self.core.announcer.acknowledge(ids);
    }

    /// Payload bytes of a stream that wait for the disk, and for how many milliseconds.
    pub fn backlog(&self, stream: &str) -> (u64, u64) {
        let streams = self.lock();
        let Some((_, counters)) = streams.values().rfind(|(name, _)| name == stream) else { return (0, 0) };
        let bytes = counters.queued_bytes.load(Ordering::Relaxed) as u64;
        if counters.queued_jobs.load(Ordering::Relaxed) == 0 {
            return (0, 0);
        }
        let waits_us = self.core.clock.mono_us() - counters.taken_mono_us.load(Ordering::Relaxed);
        (bytes, (waits_us / 1000).max(0) as u64)
    }

    pub fn stats(&self) -> RecordStats {
        let mut streams = self.lock();
        streams.retain(|_, (_, counters)| Arc::strong_count(counters) > 1);
        let totals = &self.core.totals;
        let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
        RecordStats {
            bytes: of(&totals.bytes),
            fragments: of(&totals.fragments),
            segments: of(&totals.segments),
            suspect_segments: of(&totals.suspect),
            disk_errors: of(&totals.disk_errors),
            syncs: of(&totals.syncs),
            unacknowledged: self.core.announcer.unacknowledged(),
            closing: self.core.sync.held() + self.left.lock().unwrap_or_else(PoisonError::into_inner).len(),
            streams: streams.values().map(|(name, c)| StreamRecordStats::of(name, c)).collect(),
        }
    }

    /// Closes every segment and ends the threads. Drop the sinks first: what they hold is lost otherwise.
    /// `false` if the disk did not finish within the time; what is unfinished is recovered at next start.
    pub fn stop(&self, timeout: Duration) -> bool {
        self.stopping.store(true, Ordering::Release);
        let Some(threads) = self.threads.lock().unwrap_or_else(PoisonError::into_inner).take() else {
            return true;
        };
        let deadline = Instant::now() + timeout;
        for writer in &self.writers {
            let _gone = writer.send_timeout(Order::Stop, timeout);
        }
        if !join_until(threads.writers, deadline) {
            return false;
        }
        let storers = threads.storers.len();
        for _ in 0..=storers {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.stop.send_timeout((), left).is_err() {
                return false;
            }
        }
        let mut rest = threads.storers;
        rest.push(threads.ticker);
        join_until(rest, deadline)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (String, Arc<StreamCounters>)>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn thread(name: String, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name).stack_size(512 << 10).spawn(body)
}

fn join_until(threads: Vec<JoinHandle<()>>, deadline: Instant) -> bool {
    threads.into_iter().all(|thread| {
        while !thread.is_finished() {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        thread.join().is_ok()
    })
}

fn run_writer(orders: &Receiver<Order>) {
    let mut streams: HashMap<u64, (Box<StreamRecorder>, Arc<StreamCounters>)> = HashMap::new();
    let mut next_tick = Instant::now() + TICK;
    loop {
        let wait = next_tick.saturating_duration_since(Instant::now());
        match orders.recv_timeout(wait) {
            Ok(Order::Open { stream, recorder, counters }) => {
                streams.insert(stream, (recorder, counters));
            }
            Ok(Order::Do { stream, job }) => take(&mut streams, stream, job),
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => {
                streams.values_mut().for_each(|(recorder, _)| recorder.handle(Job::End));
                return;
            }
        }
        if Instant::now() >= next_tick {
            next_tick = Instant::now() + TICK;
            streams.values_mut().for_each(|(recorder, _)| recorder.tick());
        }
    }
}

/// A panic costs its stream's recording, never the thread.
fn take(streams: &mut HashMap<u64, (Box<StreamRecorder>, Arc<StreamCounters>)>, stream: u64, job: Job) {
    let Some((recorder, counters)) = streams.get_mut(&stream) else { return };
    counters.queued_jobs.fetch_sub(1, Ordering::Relaxed);
    counters.taken_mono_us.store(recorder.mono_us(), Ordering::Relaxed);
    if let Job::Fragment(fragment) = &job {
        counters.queued_bytes.fetch_sub(fragment.payload_bytes, Ordering::Relaxed);
    }
    let ends = matches!(job, Job::End);
    let act = std::panic::AssertUnwindSafe(|| recorder.handle(job));
    if std::panic::catch_unwind(act).is_err() || ends {
        streams.remove(&stream);
    }
}

fn run_storer(core: &Core, jobs: &Receiver<SyncJob>, stopped: &Receiver<()>) {
    loop {
        crossbeam_channel::select_biased! {
            recv(jobs) -> job => match job {
                Ok(job) => storer::store(core, job),
                Err(_) => return,
            },
            recv(stopped) -> _ => return,
        }
    }
}

fn tell_recovered(core: &Core, recovered: &Recovered) {
    for segment in &recovered.stored {
        core.announcer.announce(segment.clone(), core.clock.mono_us(), &core.events);
    }
    for (segment, detail) in &recovered.suspect {
        let (segment, detail) = (segment.clone(), detail.clone());
        (core.events)(Event::SegmentSuspect { segment, cause: Cause::DiskFault, detail });
    }
}

/// Tries again to close what start-up could not.
fn retry_left(core: &Core, left: &Mutex<Vec<SegmentName>>) {
    let names = std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner));
    if names.is_empty() {
        return;
    }
    let recovered = recovery::recover_files(&*core.disk, &names);
    tell_recovered(core, &recovered);
    left.lock().unwrap_or_else(PoisonError::into_inner).extend(recovered.left);
}

/// Repeats announcements, tries held closes again, finds a disk that was mounted anew.
fn run_ticker(core: &Core, left: &Mutex<Vec<SegmentName>>, stopped: &Receiver<()>) {
    let mut ticks = 0u32;
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(TICK) {
        ticks = ticks.wrapping_add(1);
        if ticks.is_multiple_of(LOOK_TICKS) {
            // An error is told by the writes, which fail from now on.
            let _not_yet = core.disk.look_again();
        }
        storer::retry_held(core);
        if ticks.is_multiple_of(LEFT_TICKS) {
            retry_left(core, left);
        }
        core.announcer.repeat(core.clock.mono_us(), i64::from(core.config.announce_ms) * 1000, &core.events);
    }
    storer::retry_held(core);
}
