//! One hub a stream: takes access units from ingest, keeps the current GOP, hands units to sinks.
//!
//! A hub is driven by exactly one ingest thread. Sinks run on that thread and must never block nor
//! wait for a lock that is held over I/O: they push into a queue of their own and return.

use crate::frame::{AccessUnit, Track};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

/// Names a stream over the whole plane, e.g. `ch_7a.main`. Letters, digits, `_`, `-`, `.`; ≤ 64 bytes.
pub type StreamId = Arc<str>;

/// Takes access units on the ingest thread. Must not block.
pub trait Sink: Send {
    /// One access unit in decoding order. `false` asks the hub to drop this sink.
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool;
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

struct Inner {
    gop: Vec<Arc<AccessUnit>>,
    gop_bytes: usize,
    sinks: Vec<(SinkId, Box<dyn Sink>)>,
}

/// See the module.
pub struct Hub {
    pub id: StreamId,
    inner: Mutex<Inner>,
    next_sink: AtomicU64,
}

impl Hub {
    pub fn new(id: StreamId) -> Arc<Self> {
        Arc::new(Self {
            id,
            inner: Mutex::new(Inner { gop: Vec::new(), gop_bytes: 0, sinks: Vec::new() }),
            next_sink: AtomicU64::new(1),
        })
    }

    /// Adds a sink after replaying the cached GOP into it, so that a viewer's first picture comes at once.
    /// Replay and joining are one step: no unit is missed or doubled.
    pub fn join(&self, mut sink: Box<dyn Sink>, replay_gop: bool) -> SinkId {
        let id = SinkId(self.next_sink.fetch_add(1, Ordering::Relaxed));
        let mut inner = self.inner.lock().expect("hub lock is never poisoned: sinks do not panic");
        if replay_gop {
            for unit in &inner.gop {
                if !sink.access_unit(unit) {
                    return id;
                }
            }
        }
        inner.sinks.push((id, sink));
        id
    }

    /// Removes a sink; a no-op if it has gone already.
    pub fn leave(&self, id: SinkId) {
        let mut inner = self.inner.lock().expect("hub lock is never poisoned: sinks do not panic");
        inner.sinks.retain(|(other, _)| *other != id);
    }

    /// Number of sinks, the recorder included.
    pub fn sinks(&self) -> usize {
        self.inner.lock().expect("hub lock is never poisoned: sinks do not panic").sinks.len()
    }

    /// Called by ingest for each unit, in decoding order.
    pub fn publish(&self, unit: Arc<AccessUnit>) {
        let mut inner = self.inner.lock().expect("hub lock is never poisoned: sinks do not panic");
        inner.cache(&unit);
        inner.sinks.retain_mut(|(_, sink)| sink.access_unit(&unit));
    }

    /// Called by ingest when a connection ends.
    pub fn discontinuity(&self) {
        let mut inner = self.inner.lock().expect("hub lock is never poisoned: sinks do not panic");
        inner.gop.clear();
        inner.gop_bytes = 0;
        for (_, sink) in &mut inner.sinks {
            sink.discontinuity();
        }
    }
}

impl Inner {
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
