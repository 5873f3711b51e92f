//! One hub a stream: takes access units from ingest, keeps the current GOP, hands units to sinks.
//!
//! A hub is driven by exactly one ingest thread. Sinks run on that thread and must never block nor
//! wait for a lock that is held over I/O: they push into a queue of their own and return.

use crate::frame::{AccessUnit, Format, Track};
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// Names a stream over the whole plane, e.g. `ch_7a.main`. Letters, digits, `_`, `-`, `.`; ≤ 64 bytes.
pub type StreamId = Arc<str>;

/// Takes access units on the ingest thread. Must not block.
pub trait Sink: Send {
    /// One access unit in decoding order. `false` asks the hub to drop this sink.
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool;
    /// All that the source had for now was handed over. `batched`: there is nothing more for about 200 ms.
    fn caught_up(&mut self, _batched: bool) {}
    /// The connection ended; units that follow have a new time origin.
    fn discontinuity(&mut self) {}
}

/// Identifies a sink at its hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SinkId(u64);

/// Limits of the cached GOP (reliability: "access unit 8 MiB, GOP 32 MiB or 10 s").
pub const GOP_MAX_BYTES: usize = 32 << 20;
/// In ticks of [`crate::frame::TICKS_PER_SECOND`].
pub const GOP_MAX_TICKS: i64 = 10 * crate::frame::TICKS_PER_SECOND;

/// What a hub has seen, for statistics.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    pub video_units: u64,
    pub bytes: u64,
    /// Wall clock of the last video unit, microseconds since the Unix epoch.
    pub last_video_us: Option<i64>,
    /// When it came, on the monotonic clock.
    pub arrived_mono_us: Option<i64>,
    pub format: Option<Arc<Format>>,
    /// Sinks that panicked and were dropped.
    pub sinks_panicked: u64,
}

struct Inner {
    gop: Vec<Arc<AccessUnit>>,
    gop_bytes: usize,
    sinks: Vec<(SinkId, Box<dyn Sink>)>,
    passed: Passed,
}

/// See the module.
pub struct Hub {
    pub id: StreamId,
    inner: Mutex<Inner>,
    next_sink: AtomicU64,
    viewers: AtomicUsize,
    hurried: AtomicUsize,
    /// Told when the first who minds delay has come, and when the last has gone.
    on_haste: Mutex<Option<OnHaste>>,
}

/// Must not block.
pub type OnHaste = Box<dyn Fn() + Send + Sync>;

/// Somebody watches who minds delay, as long as this lives.
pub struct Haste(Arc<Hub>);

impl Drop for Haste {
    fn drop(&mut self) {
        if self.0.hurried.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.tell_haste();
        }
    }
}

impl Hub {
    pub fn new(id: StreamId) -> Arc<Self> {
        Arc::new(Self {
            id,
            inner: Mutex::new(Inner {
                gop: Vec::new(),
                gop_bytes: 0,
                sinks: Vec::new(),
                passed: Passed::default(),
            }),
            next_sink: AtomicU64::new(1),
            viewers: AtomicUsize::new(0),
            hurried: AtomicUsize::new(0),
            on_haste: Mutex::default(),
        })
    }

    /// A panic in a sink is caught before it reaches the lock, so the state behind it is always whole.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a sink after replaying the cached GOP into it, so that a viewer's first picture comes at once.
    /// Replay and joining are one step: no unit is missed or doubled.
    pub fn join(&self, mut sink: Box<dyn Sink>, replay_gop: bool) -> SinkId {
        let id = SinkId(self.next_sink.fetch_add(1, Ordering::Relaxed));
        let mut inner = self.lock();
        let inner = &mut *inner;
        if replay_gop {
            for unit in &inner.gop {
                match shielded(|| sink.access_unit(unit)) {
                    Some(true) => {}
                    Some(false) => return id,
                    None => {
                        inner.passed.sinks_panicked += 1;
                        return id;
                    }
                }
            }
        }
        inner.sinks.push((id, sink));
        id
    }

    /// Removes a sink; a no-op if it has gone already.
    pub fn leave(&self, id: SinkId) {
        let gone = {
            let mut inner = self.lock();
            let at = inner.sinks.iter().position(|(other, _)| *other == id);
            at.map(|at| inner.sinks.remove(at))
        };
        drop(gone); // outside the lock: a sink may end other things with it
    }

    /// Number of sinks, the recorder included.
    pub fn sinks(&self) -> usize {
        self.lock().sinks.len()
    }

    /// The units since the last key frame, as a sink with replay would get them.
    pub fn current_gop(&self) -> Vec<Arc<AccessUnit>> {
        self.lock().gop.clone()
    }

    /// What has passed since the hub was made.
    pub fn passed(&self) -> Passed {
        self.lock().passed.clone()
    }

    /// Somebody watches who minds delay. Ingest may read in larger batches while this is false.
    pub fn is_hurried(&self) -> bool {
        self.hurried.load(Ordering::Acquire) > 0
    }

    /// Counts one who minds delay.
    pub fn hurry(self: &Arc<Self>) -> Haste {
        if self.hurried.fetch_add(1, Ordering::AcqRel) == 0 {
            self.tell_haste();
        }
        Haste(self.clone())
    }

    /// Whoever reads the source is told from now on when [`Self::is_hurried`] changes.
    pub fn on_haste(&self, told: OnHaste) {
        *self.on_haste.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }

    fn tell_haste(&self) {
        if let Some(told) = &*self.on_haste.lock().unwrap_or_else(PoisonError::into_inner) {
            told();
        }
    }

    /// Viewers, whether they mind delay or not.
    pub fn viewers(&self) -> usize {
        self.viewers.load(Ordering::Relaxed)
    }

    /// Counts one viewer more; returns how many there were.
    pub(crate) fn viewer_came(&self) -> usize {
        self.viewers.fetch_add(1, Ordering::AcqRel)
    }

    /// Counts one viewer less; returns how many are left.
    pub(crate) fn viewer_left(&self) -> usize {
        self.viewers.fetch_sub(1, Ordering::AcqRel) - 1
    }

    /// One unit that has come by itself; in decoding order.
    pub fn publish(&self, unit: Arc<AccessUnit>) {
        self.publish_all([unit], false);
    }

    /// Called by ingest with what one read brought, in decoding order. `batched`: the next read is a while away.
    pub fn publish_all(&self, units: impl IntoIterator<Item = Arc<AccessUnit>>, batched: bool) {
        let mut inner = self.lock();
        for unit in units {
            inner.count(&unit);
            inner.cache(&unit);
            inner.each_sink(|sink| sink.access_unit(&unit));
        }
        inner.each_sink(|sink| {
            sink.caught_up(batched);
            true
        });
    }

    /// Called by ingest when a connection ends.
    pub fn discontinuity(&self) {
        let mut inner = self.lock();
        inner.gop.clear();
        inner.gop_bytes = 0;
        inner.each_sink(|sink| {
            sink.discontinuity();
            true
        });
    }
}

/// A panicking sink costs itself: it is dropped, the stream and its other sinks go on. `None`: it did.
fn shielded(call: impl FnOnce() -> bool) -> Option<bool> {
    std::panic::catch_unwind(AssertUnwindSafe(call)).ok()
}

impl Inner {
    /// Calls each sink and keeps those that answer `true`. A sink that is dropped may panic once more.
    fn each_sink(&mut self, mut call: impl FnMut(&mut dyn Sink) -> bool) {
        let mut at = 0;
        while at < self.sinks.len() {
            match shielded(|| call(self.sinks[at].1.as_mut())) {
                Some(true) => {
                    at += 1;
                    continue;
                }
                Some(false) => {}
                None => self.passed.sinks_panicked += 1,
            }
            let gone = self.sinks.remove(at);
            shielded(|| {
                drop(gone);
                true
            });
        }
    }

    fn count(&mut self, unit: &Arc<AccessUnit>) {
        self.passed.bytes += unit.payload.len() as u64;
        if unit.track == Track::Video {
            self.passed.video_units += 1;
            self.passed.last_video_us = Some(unit.wall_us);
            self.passed.arrived_mono_us = Some(unit.mono_us);
        }
        if !self.passed.format.as_ref().is_some_and(|format| Arc::ptr_eq(format, &unit.format)) {
            self.passed.format = Some(unit.format.clone());
        }
    }

    fn cache(&mut self, unit: &Arc<AccessUnit>) {
        if unit.track == Track::Video && unit.key {
            self.gop.clear();
            self.gop_bytes = 0;
        } else if self.gop.is_empty() {
            return; // nothing decodable to start from
        }
        let first = self.gop.first().map_or(unit.dts, |first| first.dts);
        if self.gop_bytes + unit.payload.len() > GOP_MAX_BYTES || unit.dts - first > GOP_MAX_TICKS {
            self.gop.clear();
            self.gop_bytes = 0;
            return;
        }
        self.gop_bytes += unit.payload.len();
        self.gop.push(unit.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn unit(number: i64, key: bool) -> Arc<AccessUnit> {
        Arc::new(AccessUnit {
            track: Track::Video,
            pts: number * 3_600,
            dts: number * 3_600,
            key,
            wall_us: number * 40_000,
            mono_us: number * 40_000,
            payload: Bytes::from_static(b"1234"),
            format: Arc::default(),
        })
    }

    type Seen = Arc<Mutex<Vec<i64>>>;

    struct Notes {
        seen: Seen,
        panics_at: i64,
    }

    impl Sink for Notes {
        fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
            let number = unit.dts / 3_600;
            assert!(number != self.panics_at, "asked to panic");
            self.seen.lock().unwrap().push(number);
            true
        }
    }

    fn notes(panics_at: i64) -> (Seen, Box<dyn Sink>) {
        let seen = Seen::default();
        (seen.clone(), Box::new(Notes { seen, panics_at }))
    }

    #[test]
    fn replay_and_joining_miss_and_double_nothing_while_units_arrive() {
        let hub = Hub::new("a".into());
        let go = Arc::new(std::sync::Barrier::new(2));
        let publisher = {
            let (hub, go) = (hub.clone(), go.clone());
            std::thread::spawn(move || {
                go.wait();
                (0..3_000).for_each(|n| hub.publish(unit(n, n % 50 == 0)));
            })
        };
        go.wait();
        // Each costs the publisher a call a unit: without a bound, a busy machine has them slow each other down.
        let mut joined = Vec::new();
        for _ in 0..500 {
            let (seen, sink) = notes(-1);
            hub.join(sink, true);
            joined.push(seen);
            std::thread::yield_now();
        }
        publisher.join().unwrap();
        for seen in joined {
            let seen = seen.lock().unwrap();
            let Some(first) = seen.first() else { continue };
            assert_eq!(*seen, (*first..3_000).collect::<Vec<_>>(), "a gap or a double");
        }
    }

    #[test]
    fn a_gop_that_is_too_long_is_not_kept() {
        let hub = Hub::new("a".into());
        (0..=250).for_each(|n| hub.publish(unit(n, n == 0)));
        assert_eq!(hub.current_gop().len(), 251);
        hub.publish(unit(251, false));
        assert!(hub.current_gop().is_empty());
        hub.publish(unit(252, true));
        assert_eq!(hub.current_gop().len(), 1);
    }

    #[test]
    fn a_panicking_sink_costs_only_itself() {
        let hub = Hub::new("a".into());
        let (good, sink) = notes(-1);
        hub.join(sink, false);
        let (_, sink) = notes(1);
        hub.join(sink, false);
        (0..3).for_each(|n| hub.publish(unit(n, n == 0)));
        assert_eq!(*good.lock().unwrap(), [0, 1, 2]);
        assert_eq!(hub.sinks(), 1);
        assert_eq!(hub.passed().sinks_panicked, 1);
    }
}
