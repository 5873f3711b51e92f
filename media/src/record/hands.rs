//! What the recorder's threads do, without the threads: write, sync and close, look after what waits. When each
//! is done is [`super::recorder`]'s, or a simulation's.

use super::place::SegmentName;
use super::recovery::{self, Recovered};
use super::stats::StreamCounters;
use super::storer::{self, SyncJob};
use super::stream::{Core, Job, StreamRecorder};
use crate::event::{Cause, Event};
use crossbeam_channel::Receiver;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a [`Writer`] and the [`Ticker`] look at what nobody told them.
pub const TICK: Duration = Duration::from_millis(500);
/// Ticks between attempts to close an earlier run's files: each reads them whole.
const LEFT_TICKS: u32 = 20;
/// Ticks between two looks at whether the disk was mounted anew.
const LOOK_TICKS: u32 = 2;

/// Unfinished files of an earlier run that the disk refused to close.
pub type Left = Arc<Mutex<Vec<SegmentName>>>;

/// All of them.
pub struct Hands {
    pub writers: Vec<Writer>,
    pub storer: Storer,
    pub ticker: Ticker,
}

/// What a [`Writer`] is told.
pub enum Order {
    Open { stream: u64, recorder: Box<StreamRecorder>, counters: Arc<StreamCounters> },
    Do { stream: u64, job: Job },
    Stop,
}

/// Owns the recording of some streams.
pub struct Writer {
    pub orders: Receiver<Order>,
    streams: BTreeMap<u64, (Box<StreamRecorder>, Arc<StreamCounters>)>,
}

impl Writer {
    pub fn new(orders: Receiver<Order>) -> Self {
        Self { orders, streams: BTreeMap::new() }
    }

    /// `false`: it was told to stop, and has closed everything.
    pub fn obey(&mut self, order: Order) -> bool {
        match order {
            Order::Open { stream, recorder, counters } => {
                self.streams.insert(stream, (recorder, counters));
            }
            Order::Do { stream, job } => self.take(stream, job),
            Order::Stop => {
                self.streams.values_mut().for_each(|(recorder, _)| recorder.end_now());
                return false;
            }
        }
        true
    }

    /// Each [`TICK`].
    pub fn tick(&mut self) {
        self.streams.values_mut().for_each(|(recorder, _)| recorder.tick());
    }

    /// A panic costs its stream's recording, never the thread.
    fn take(&mut self, stream: u64, job: Job) {
        let Some((recorder, counters)) = self.streams.get_mut(&stream) else { return };
        counters.queued_jobs.fetch_sub(1, Ordering::Relaxed);
        counters.taken_mono_us.store(recorder.mono_us(), Ordering::Relaxed);
        if let Job::Fragment(fragment) = &job {
            counters.queued_bytes.fetch_sub(fragment.payload_bytes, Ordering::Relaxed);
        }
        let ends = matches!(job, Job::End(_));
        let act = std::panic::AssertUnwindSafe(|| recorder.handle(job));
        if std::panic::catch_unwind(act).is_err() || ends {
            self.streams.remove(&stream);
        }
    }
}

/// Waits for the disk.
#[derive(Clone)]
pub struct Storer {
    core: Arc<Core>,
    pub jobs: Receiver<SyncJob>,
}

impl Storer {
    pub fn new(core: Arc<Core>, jobs: Receiver<SyncJob>) -> Self {
        Self { core, jobs }
    }

    pub fn store(&self, job: SyncJob) {
        storer::store(&self.core, job);
    }
}

/// Repeats announcements, tries held closes again, finds a disk that was mounted anew.
pub struct Ticker {
    core: Arc<Core>,
    left: Left,
    ticks: u32,
}

impl Ticker {
    pub fn new(core: Arc<Core>, left: Left) -> Self {
        Self { core, left, ticks: 0 }
    }

    /// Each [`TICK`].
    pub fn tick(&mut self) {
        let core = &self.core;
        self.ticks = self.ticks.wrapping_add(1);
        if self.ticks.is_multiple_of(LOOK_TICKS) {
            // An error is told by the writes, which fail from now on.
            let _not_yet = core.disk.look_again();
        }
        storer::retry_held(core);
        if self.ticks.is_multiple_of(LEFT_TICKS) {
            retry_left(core, &self.left);
        }
        core.announcer.repeat(core.clock.mono_us(), i64::from(core.config.announce_ms) * 1000, &core.events);
    }

    /// The last chance of what waits for the disk.
    pub fn end(&self) {
        storer::retry_held(&self.core);
    }
}

/// Announces what recovery closed, and tells what it set aside.
pub fn tell_recovered(core: &Core, recovered: &Recovered) {
    for segment in &recovered.stored {
        core.announcer.announce(segment.clone(), core.clock.mono_us(), &core.events);
    }
    for (segment, detail) in &recovered.suspect {
        let (segment, detail) = (segment.clone(), detail.clone());
        (core.events)(Event::SegmentSuspect { segment, cause: Cause::DiskFault, detail });
    }
}

/// Tries again to close what start-up could not.
fn retry_left(core: &Core, left: &Left) {
    let names = std::mem::take(&mut *left.lock().unwrap_or_else(PoisonError::into_inner));
    if names.is_empty() {
        return;
    }
    let recovered = recovery::recover_files(&*core.disk, &names);
    tell_recovered(core, &recovered);
    left.lock().unwrap_or_else(PoisonError::into_inner).extend(recovered.left);
}
