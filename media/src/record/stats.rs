//! Counters of recording, read without a lock.

use serde::Serialize;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};

/// Of the whole recorder.
#[derive(Default)]
pub struct Totals {
    pub bytes: AtomicU64,
    pub fragments: AtomicU64,
    pub segments: AtomicU64,
    pub suspect: AtomicU64,
    pub disk_errors: AtomicU64,
    pub syncs: AtomicU64,
}

impl Totals {
    pub(super) fn written(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.fragments.fetch_add(1, Ordering::Relaxed);
    }
}

/// Of one stream.
#[derive(Default)]
pub struct StreamCounters {
    pub bytes: AtomicU64,
    pub fragments: AtomicU64,
    /// Payload bytes between the camera and the disk.
    pub queued_bytes: AtomicUsize,
    pub queued_jobs: AtomicUsize,
    /// Monotonic time at which a writer last took a job.
    pub taken_mono_us: AtomicI64,
    /// Monotonic time at which pictures were last handed to a writer, who may come to them later.
    pub handed_mono_us: AtomicI64,
    /// Recording time up to which pictures were written; 0 before the first.
    recorded_until_us: AtomicI64,
    /// Where the gap of an overload begins that was told and not ended; 0: there is none.
    overloaded_since_us: AtomicI64,
    /// Wall clock of the first and the last write; 0 before the first.
    pub first_write_us: AtomicI64,
    pub last_write_us: AtomicI64,
    pub dropped_fragments: AtomicU64,
}

impl StreamCounters {
    pub(super) fn wrote(&self, bytes: u64, wall_us: i64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if self.fragments.fetch_add(1, Ordering::Relaxed) == 0 {
            self.first_write_us.store(wall_us, Ordering::Relaxed);
        }
        self.last_write_us.store(wall_us, Ordering::Relaxed);
    }

    pub(super) fn recorded_until(&self, until_us: i64) {
        self.recorded_until_us.store(until_us, Ordering::Relaxed);
    }

    /// Recording time up to which pictures were written, if any were.
    pub fn recorded_until_us(&self) -> Option<i64> {
        Some(self.recorded_until_us.load(Ordering::Relaxed)).filter(|until| *until != 0)
    }

    pub(super) fn overloaded_since(&self, from_us: Option<i64>) {
        self.overloaded_since_us.store(from_us.unwrap_or(0), Ordering::Relaxed);
    }

    /// Where the gap of an overload begins that was told and not ended, if there is one.
    pub fn overloaded_since_us(&self) -> Option<i64> {
        Some(self.overloaded_since_us.load(Ordering::Relaxed)).filter(|from| *from != 0)
    }
}

/// A snapshot for people and metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecordStats {
    pub bytes: u64,
    pub fragments: u64,
    pub segments: u64,
    pub suspect_segments: u64,
    pub disk_errors: u64,
    pub syncs: u64,
    pub unacknowledged: usize,
    /// Segments that wait to be closed because the disk refuses.
    pub closing: usize,
    pub streams: Vec<StreamRecordStats>,
}

/// One stream of [`RecordStats`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StreamRecordStats {
    pub stream: String,
    pub bytes: u64,
    pub fragments: u64,
    pub queued_bytes: usize,
    pub queued_jobs: usize,
    pub dropped_fragments: u64,
    /// Wall clock of the first and last write, absent before the first.
    pub first_write_us: Option<i64>,
    pub last_write_us: Option<i64>,
}

impl StreamRecordStats {
    pub(super) fn of(stream: &str, counters: &StreamCounters) -> Self {
        let time = |at: &AtomicI64| Some(at.load(Ordering::Relaxed)).filter(|at| *at != 0);
        Self {
            stream: stream.to_owned(),
            bytes: counters.bytes.load(Ordering::Relaxed),
            fragments: counters.fragments.load(Ordering::Relaxed),
            queued_bytes: counters.queued_bytes.load(Ordering::Relaxed),
            queued_jobs: counters.queued_jobs.load(Ordering::Relaxed),
            dropped_fragments: counters.dropped_fragments.load(Ordering::Relaxed),
            first_write_us: time(&counters.first_write_us),
            last_write_us: time(&counters.last_write_us),
        }
    }
}
