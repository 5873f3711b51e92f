//! The recorder as the plane sees it: sinks for hubs in, events out, a few threads between.
//!
//! One recorder a storage root. Writer threads own the streams (each stream on one of them); sync
//! threads wait for the disk. What they do is in [`super::hands`]; here is when. Every queue is bounded
//! ([`super::config`]).

use super::announce::{Announcer, EventSink};
use super::config::RecordConfig;
use super::disk::Disk;
use super::gather::GatheringSink;
use super::hands::{Hands, Left, Order, Storer, TICK, Ticker, Writer, tell_recovered};
use super::recovery::{self, Recovered};
use super::stats::{RecordStats, StreamCounters, StreamRecordStats, Totals};
use super::storer::SyncQueue;
use super::stream::{Core, Job, StreamRecorder};
use crate::clock::Clock;
use crate::hub::Sink;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Jobs of all streams of one writer thread that may wait.
const WRITER_QUEUE: usize = 8192;

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
    left: Left,
    /// How many threads read the unfinished files at once.
    recovering: usize,
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
        let (mut recorder, hands) = Self::by_hand(config, disk, clock, events);
        let (stop, stopped) = bounded::<()>(0);
        let Hands { writers, storer, ticker } = hands;
        let writers = writers
            .into_iter()
            .enumerate()
            .map(|(n, writer)| thread(format!("record-write-{n}"), move || run_writer(writer)))
            .collect::<io::Result<_>>()?;
        let storers = (0..recorder.core.config.sync_threads)
            .map(|n| {
                let (storer, stopped) = (storer.clone(), stopped.clone());
                thread(format!("record-sync-{n}"), move || run_storer(&storer, &stopped))
            })
            .collect::<io::Result<_>>()?;
        let ticker = thread("record-tick".into(), move || run_ticker(ticker, &stopped))?;
        recorder.threads = Mutex::new(Some(Threads { writers, storers, ticker }));
        recorder.stop = stop;
        recorder.recovering = std::thread::available_parallelism().map_or(1, usize::from).clamp(1, 4);
        Ok(Arc::new(recorder))
    }

    /// A recorder without threads: its work is done when the [`Hands`] are told to. For simulations.
    pub fn by_hand(
        config: RecordConfig,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        events: EventSink,
    ) -> (Self, Hands) {
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
        let (writers, orders): (Vec<_>, Vec<_>) =
            (0..core.config.writer_threads).map(|_| bounded(WRITER_QUEUE)).unzip();
        let left = Left::default();
        let hands = Hands {
            writers: orders.into_iter().map(Writer::new).collect(),
            storer: Storer::new(core.clone(), jobs),
            ticker: Ticker::new(core.clone(), left.clone()),
        };
        let recorder = Self {
            core,
            writers,
            stop: bounded(0).0,
            streams: Mutex::default(),
            threads: Mutex::default(),
            left,
            recovering: 1,
            next_stream: std::sync::atomic::AtomicU64::new(0),
            stopping: AtomicBool::new(false),
        };
        (recorder, hands)
    }

    /// Start-up: closes what was unfinished and announces it. Blocks while it reads the unfinished files.
    pub fn recover(&self) -> io::Result<Recovered> {
        let recovered = recovery::recover_on(&self.core.disk, self.recovering)?;
        tell_recovered(&self.core, &recovered);
        self.left.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&recovered.left);
        Ok(recovered)
    }

    /// A sink that records this stream until it is dropped. Waits for room in the writer's queue: call it before
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
            Ok(()) => true,
            // An end must arrive; the writer is alive or has stopped.
            Err(TrySendError::Full(order @ Order::Do { job: Job::End(_) | Job::Discontinuity, .. })) => {
                writer.send(order).is_ok()
            }
            Err(_) => false,
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

fn run_writer(mut writer: Writer) {
    let mut next_tick = Instant::now() + TICK;
    loop {
        let wait = next_tick.saturating_duration_since(Instant::now());
        match writer.orders.recv_timeout(wait) {
            Ok(order) => {
                if !writer.obey(order) {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                writer.obey(Order::Stop);
                return;
            }
        }
        if Instant::now() >= next_tick {
            next_tick = Instant::now() + TICK;
            writer.tick();
        }
    }
}

fn run_storer(storer: &Storer, stopped: &Receiver<()>) {
    loop {
        crossbeam_channel::select_biased! {
            recv(storer.jobs) -> job => match job {
                Ok(job) => storer.store(job),
                Err(_) => return,
            },
            recv(stopped) -> _ => return,
        }
    }
}

fn run_ticker(mut ticker: Ticker, stopped: &Receiver<()>) {
    while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(TICK) {
        ticker.tick();
    }
    ticker.end();
}
