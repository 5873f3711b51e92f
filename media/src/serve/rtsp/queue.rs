//! Between the ingest thread and one client: a bounded queue of access units, and a watch on the format.

use crate::{
    frame::{AccessUnit, Format, Track},
    hub::Sink,
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::{Notify, watch};

/// What a client is to get next.
#[derive(Clone, Debug)]
pub enum Queued {
    Unit(Arc<AccessUnit>),
    /// Units that follow have a new time origin.
    Discontinuity,
}

#[derive(Default)]
struct State {
    queued: VecDeque<Queued>,
    bytes: usize,
    /// Bytes of the GOP that was replayed at the start; they come on top of the limit once.
    replayed_bytes: usize,
    replaying: bool,
    wants_key: bool,
    skips: u64,
    closed: bool,
}

/// A client's queue. Full: everything queued is dropped and the client continues at the next key frame.
pub struct UnitQueue {
    limit_bytes: usize,
    state: Mutex<State>,
    ready: Notify,
}

impl UnitQueue {
    pub fn new(limit_bytes: usize) -> Arc<Self> {
        let state = State { wants_key: true, replaying: true, ..State::default() };
        Arc::new(Self { limit_bytes, state: Mutex::new(state), ready: Notify::new() })
    }

    /// The sink to join a hub with.
    pub fn sink(self: &Arc<Self>) -> Box<dyn Sink> {
        Box::new(QueueSink(self.clone()))
    }

    /// From here on the limit holds: called when the cached GOP has been replayed.
    pub fn replayed(&self) {
        self.lock().replaying = false;
    }

    /// The sink leaves its hub at the next unit.
    pub fn close(&self) {
        self.lock().closed = true;
    }

    /// Waits until something is queued.
    pub async fn ready(&self) {
        loop {
            let notified = self.ready.notified();
            if !self.lock().queued.is_empty() {
                return;
            }
            notified.await;
        }
    }

    /// Takes what is queued, up to about `most_bytes` of payload, into `taken`.
    pub fn take(&self, most_bytes: usize, taken: &mut Vec<Queued>) {
        let mut state = self.lock();
        let mut bytes = 0;
        while bytes < most_bytes {
            let Some(next) = state.queued.pop_front() else { break };
            bytes += size(&next);
            taken.push(next);
        }
        state.bytes -= bytes;
        state.replayed_bytes = state.replayed_bytes.saturating_sub(bytes);
    }

    /// How often the client was too slow.
    pub fn skips(&self) -> u64 {
        self.lock().skips
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics under this lock")
    }

    fn push(&self, unit: &Arc<AccessUnit>) -> bool {
        let mut state = self.lock();
        if state.closed {
            return false;
        }
        let starts = unit.track == Track::Video && unit.key || unit.format.video.is_none();
        let size = unit.payload.len();
        if !state.replaying && state.bytes + size > self.limit_bytes + state.replayed_bytes {
            *state = State { wants_key: true, skips: state.skips + 1, ..State::default() };
        }
        if state.wants_key && !starts {
            return true;
        }
        state.wants_key = false;
        if state.replaying {
            state.replayed_bytes += size;
        }
        state.bytes += size;
        state.queued.push_back(Queued::Unit(unit.clone()));
        drop(state);
        self.ready.notify_one();
        true
    }
}

fn size(queued: &Queued) -> usize {
    match queued {
        Queued::Unit(unit) => unit.payload.len(),
        Queued::Discontinuity => 0,
    }
}

struct QueueSink(Arc<UnitQueue>);

impl Sink for QueueSink {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        self.0.push(unit)
    }

    fn discontinuity(&mut self) {
        let mut state = self.0.lock();
        if !matches!(state.queued.back(), Some(Queued::Discontinuity)) {
            state.queued.push_back(Queued::Discontinuity);
        }
        state.wants_key = true;
    }
}

/// Tells the format in force; joined from DESCRIBE on, so that a stream on demand stays open between
/// DESCRIBE and PLAY.
pub struct FormatSink(pub watch::Sender<Option<Arc<Format>>>);

impl Sink for FormatSink {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        self.0.send_if_modified(|known| {
            let same = known.as_ref().is_some_and(|known| Arc::ptr_eq(known, &unit.format));
            if !same {
                *known = Some(unit.format.clone());
            }
            !same
        });
        !self.0.is_closed()
    }
}

/// Places units of successive connections of a source on one rising time line.
#[derive(Default)]
pub struct Timeline {
    shift: i64,
    last: Option<(i64, i64)>,
    broken: bool,
}

impl Timeline {
    pub fn discontinuity(&mut self) {
        self.broken = true;
    }

    /// Presentation time in ticks since the first unit. After a discontinuity the wall clock bridges the gap.
    pub fn ticks(&mut self, unit: &AccessUnit) -> i64 {
        match self.last {
            None => self.shift = -unit.pts,
            Some((ticks, wall_us)) if self.broken => {
                let gap = (unit.wall_us - wall_us).clamp(0, 86_400_000_000) * 9 / 100;
                self.shift = ticks + gap.max(1) - unit.pts;
            }
            Some(_) => {}
        }
        self.broken = false;
        let ticks = unit.pts + self.shift;
        self.last = Some((ticks, unit.wall_us));
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn unit(key: bool, pts: i64, wall_us: i64, size: usize) -> Arc<AccessUnit> {
        let video = crate::frame::VideoFormat {
            codec: crate::frame::VideoCodec::H264,
            width: 0,
            height: 0,
            config: Bytes::new(),
            codec_string: String::new(),
            parameter_sets: Vec::new(),
            fps: None,
        };
        let format = Arc::new(Format { video: Some(video), audio: None });
        let payload = Bytes::from(vec![0; size]);
        Arc::new(AccessUnit { track: Track::Video, pts, dts: pts, key, wall_us, mono_us: 0, payload, format })
    }

    fn taken(queue: &UnitQueue) -> Vec<i64> {
        let mut taken = Vec::new();
        queue.take(usize::MAX, &mut taken);
        let pts = |queued: &Queued| match queued {
            Queued::Unit(unit) => unit.pts,
            Queued::Discontinuity => -1,
        };
        taken.iter().map(pts).collect()
    }

    #[test]
    fn a_slow_client_continues_at_the_next_key_frame() {
        let queue = UnitQueue::new(100);
        let mut sink = queue.sink();
        queue.replayed();
        for (pts, key, size) in [(0, false, 10), (1, true, 60), (2, false, 50), (3, false, 10), (4, true, 60)]
        {
            assert!(sink.access_unit(&unit(key, pts, 0, size)));
        }
        assert_eq!(taken(&queue), [4]);
        assert_eq!(queue.skips(), 1);
        queue.close();
        assert!(!sink.access_unit(&unit(true, 5, 0, 1)));
    }

    #[test]
    fn a_replayed_group_larger_than_the_limit_is_kept() {
        let queue = UnitQueue::new(100);
        let mut sink = queue.sink();
        for (pts, key) in [(0, true), (1, false), (2, false)] {
            sink.access_unit(&unit(key, pts, 0, 90));
        }
        queue.replayed();
        sink.access_unit(&unit(false, 3, 0, 90));
        assert_eq!(taken(&queue), [0, 1, 2, 3]);
        sink.access_unit(&unit(false, 4, 0, 90));
        sink.access_unit(&unit(false, 5, 0, 90));
        assert!(taken(&queue).is_empty(), "the allowance for the replay is used up");
    }

    #[test]
    fn the_wall_clock_bridges_a_reconnect() {
        let mut line = Timeline::default();
        assert_eq!(line.ticks(&unit(true, 5_000, 1_000_000, 1)), 0);
        assert_eq!(line.ticks(&unit(true, 8_600, 1_040_000, 1)), 3_600);
        line.discontinuity();
        assert_eq!(line.ticks(&unit(true, 77, 3_040_000, 1)), 183_600);
        assert_eq!(line.ticks(&unit(true, 78, 3_040_011, 1)), 183_601);
    }
}
