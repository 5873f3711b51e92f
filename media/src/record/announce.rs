//! Segments that are stored and not yet acknowledged. Steps 6–9 of the write path: an announcement is
//! repeated until the control plane names it in an acknowledgement, then forgotten.

use crate::event::{Event, Segment};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Where events go. Called on recording threads: must not block.
pub type EventSink = std::sync::Arc<dyn Fn(Event) + Send + Sync>;

/// Announcements told again in one round, so that a long outage of the control plane ends softly.
const MOST_AGAIN: usize = 1000;

struct Waiting {
    segment: Segment,
    told_mono_us: i64,
}

/// See the module. Memory: about 500 bytes a segment; what is waiting here is on disk as well.
#[derive(Default)]
pub struct Announcer {
    waiting: Mutex<BTreeMap<String, Waiting>>,
}

impl Announcer {
    /// Tells of a stored segment and remembers it.
    pub fn announce(&self, segment: Segment, mono_us: i64, events: &EventSink) {
        let waiting = Waiting { segment: segment.clone(), told_mono_us: mono_us };
        self.lock().insert(segment.id.clone(), waiting);
        events(Event::SegmentStored(segment));
    }

    /// Forgets what was acknowledged. Unknown ids are ignored: they were acknowledged before.
    pub fn acknowledge(&self, ids: &[impl AsRef<str>]) {
        let mut waiting = self.lock();
        for id in ids {
            waiting.remove(id.as_ref());
        }
    }

    /// Tells again what has waited for `after_us` since it was told last.
    pub fn repeat(&self, mono_us: i64, after_us: i64, events: &EventSink) {
        let mut again = Vec::new();
        for waiting in self.lock().values_mut() {
            if mono_us - waiting.told_mono_us >= after_us && again.len() < MOST_AGAIN {
                waiting.told_mono_us = mono_us;
                again.push(waiting.segment.clone());
            }
        }
        again.into_iter().for_each(|segment| events(Event::SegmentStored(segment)));
    }

    pub fn unacknowledged(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::place::SegmentName;
    use crate::record::trailer::{Origin, Trailer};
    use std::sync::{Arc, Mutex};

    #[test]
    fn a_segment_is_announced_again_until_it_is_acknowledged() {
        let told = Arc::new(Mutex::new(0));
        let counter = told.clone();
        let events: EventSink = Arc::new(move |_| *counter.lock().unwrap() += 1);
        let trailer = Trailer {
            name: SegmentName::new("c.main", 1, 0).unwrap(),
            origin: Origin::Recorded,
            end_us: 2,
            body_bytes: 0,
            init_bytes: 0,
            fragments: 0,
            video_frames: 0,
            key_frames: 0,
            width: 0,
            height: 0,
            digest: [0; 32],
            codecs: String::new(),
        };
        let announcer = Announcer::default();
        announcer.announce(trailer.segment(), 0, &events);
        announcer.repeat(29, 30, &events);
        assert_eq!(*told.lock().unwrap(), 1);
        announcer.repeat(30, 30, &events);
        announcer.repeat(31, 30, &events);
        assert_eq!(*told.lock().unwrap(), 2);
        announcer.acknowledge(&["c.main/1-0", "unknown"]);
        announcer.repeat(1000, 30, &events);
        assert_eq!((*told.lock().unwrap(), announcer.unacknowledged()), (2, 0));
    }
}
