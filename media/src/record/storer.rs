//! The acts that wait for the disk: syncs and closes, on threads of their own (or at once, in
//! simulations). A close that finds the disk full waits here for space.

use super::segment::{CloseError, Closing, SegmentFile};
use super::stream::Core;
use crate::event::{Cause, Event};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// One act.
pub enum SyncJob {
    Sync(Arc<SegmentFile>),
    Close(Box<Closing>),
}

/// Jobs that may wait. A stream has at most one sync under way; what does not fit is kept in `held`.
const QUEUE: usize = 4096;
/// Attempts to close a segment on a disk that fails in another way than being full.
const MOST_ATTEMPTS: u32 = 5;

struct Held {
    closing: Box<Closing>,
    attempts: u32,
    not_before_mono_us: i64,
}

/// Where writer threads leave slow acts.
pub struct SyncQueue {
    sender: Option<Sender<SyncJob>>,
    /// Jobs of a simulation, and closes to be tried again.
    inline: Mutex<Vec<SyncJob>>,
    held: Mutex<Vec<Held>>,
    /// Closes that are neither done nor given up: stream, from when, until when.
    waiting: Mutex<Vec<(String, i64, i64)>>,
}

impl SyncQueue {
    /// With a receiver for the threads that call [`store`].
    pub fn threaded() -> (Self, Receiver<SyncJob>) {
        let (sender, receiver) = bounded(QUEUE);
        (Self { sender: Some(sender), ..Self::inline() }, receiver)
    }

    /// Nothing happens until [`run_inline`].
    pub fn inline() -> Self {
        Self { sender: None, inline: Mutex::default(), held: Mutex::default(), waiting: Mutex::default() }
    }

    pub fn push(&self, job: SyncJob) {
        if let SyncJob::Close(closing) = &job {
            let (stream, from_us, until_us) = closing.span();
            lock(&self.waiting).push((stream.to_owned(), from_us, until_us));
        }
        let job = match &self.sender {
            None => return lock(&self.inline).push(job),
            Some(sender) => match sender.try_send(job) {
                Ok(()) => return,
                Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) => job,
            },
        };
        // A close must not be lost. A sync that is not done now will be asked for as overdue.
        if let SyncJob::Close(closing) = job {
            lock(&self.held).push(Held { closing, attempts: 0, not_before_mono_us: 0 });
        }
    }

    /// From when until when the files of a stream last that are not closed yet.
    pub fn waiting(&self, stream: &str) -> Vec<(i64, i64)> {
        let waiting = lock(&self.waiting);
        waiting.iter().filter(|(of, ..)| of == stream).map(|(_, from, until)| (*from, *until)).collect()
    }

    fn settled(&self, (of, from_us, _): (&str, i64, i64)) {
        lock(&self.waiting).retain(|(stream, from, _)| (stream.as_str(), *from) != (of, from_us));
    }

    /// Closes that wait for the disk.
    pub fn held(&self) -> usize {
        lock(&self.held).len()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does one act and tells what came of it.
pub fn store(core: &Core, job: SyncJob) {
    match job {
        SyncJob::Sync(file) => {
            core.totals.syncs.fetch_add(1, Ordering::Relaxed);
            // The writer notices a failure at its next job and tells it with the segment's facts.
            let _seen_by_the_writer = file.sync();
        }
        SyncJob::Close(closing) => close(core, closing, 0),
    }
}

/// Does what waits, in order. For simulations and for the end.
pub fn run_inline(core: &Core) {
    loop {
        let jobs = std::mem::take(&mut *lock(&core.sync.inline));
        if jobs.is_empty() {
            return;
        }
        jobs.into_iter().for_each(|job| store(core, job));
    }
}

/// Tries again what the disk refused before.
pub fn retry_held(core: &Core) {
    let mono_us = core.clock.mono_us();
    let (due, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut *lock(&core.sync.held))
        .into_iter()
        .partition(|held| held.not_before_mono_us <= mono_us);
    lock(&core.sync.held).extend(waiting);
    due.into_iter().for_each(|held| close(core, held.closing, held.attempts));
}

fn close(core: &Core, mut closing: Box<Closing>, attempts: u32) {
    match closing.run() {
        Ok(segment) => {
            core.sync.settled(closing.span());
            core.totals.segments.fetch_add(1, Ordering::Relaxed);
            core.announcer.announce(segment, core.clock.mono_us(), &core.events);
        }
        Err(CloseError::Again(error)) if full(&error) || attempts + 1 < MOST_ATTEMPTS => {
            core.totals.disk_errors.fetch_add(1, Ordering::Relaxed);
            let not_before_mono_us = core.clock.mono_us() + i64::from(core.config.retry_ms) * 1000;
            let attempts = if full(&error) { attempts } else { attempts + 1 };
            lock(&core.sync.held).push(Held { closing, attempts, not_before_mono_us });
        }
        Err(CloseError::Again(error) | CloseError::Suspect(error)) => {
            core.totals.suspect.fetch_add(1, Ordering::Relaxed);
            closing.set_aside();
            core.sync.settled(closing.span());
            (core.events)(Event::SegmentSuspect {
                segment: closing.segment(),
                cause: Cause::DiskFault,
                detail: error.to_string(),
            });
        }
    }
}

fn full(error: &std::io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOSPC | libc::EDQUOT))
}
