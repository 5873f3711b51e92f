//! The queue of events towards the control plane: bounded, with a file descriptor that is readable
//! while events wait.
//!
//! When full, lesser events are counted and dropped, which a `dropped` event tells. Announcements of
//! stored segments have a store of their own, are repeated until acknowledged and never dropped:
//! what does not fit stays with the recorder's files and is announced again.

use crate::event::{Event, Segment};
use std::{
    collections::{BTreeMap, VecDeque},
    io,
    os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// How long an announcement waits for its acknowledgement before it is repeated.
pub const REPEAT_US: i64 = 30 * 1_000_000;
/// Announcements held at once; each is a few hundred bytes. See [`EventQueue::announce`].
pub const ANNOUNCED_MAX: usize = 200_000;

struct Announcement {
    segment: Segment,
    /// Monotonic moment from which it is due again.
    due_us: i64,
}

struct Waiting {
    lesser: VecDeque<Event>,
    announced: BTreeMap<String, Announcement>,
    /// Ids that are due now, oldest first. Each stands here once.
    due: VecDeque<String>,
    dropped: u64,
    signalled: bool,
}

/// See the module. Shared by everything that tells; drained by one reader.
pub struct EventQueue {
    waiting: Mutex<Waiting>,
    most: usize,
    descriptor: OwnedFd,
}

impl EventQueue {
    /// `most` bounds the lesser events.
    pub fn new(most: usize) -> io::Result<Self> {
        // SAFETY: eventfd takes no pointers; the descriptor is checked, fresh and owned by nobody else.
        let descriptor = unsafe {
            let raw = libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK);
            if raw < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(raw)
        };
        let waiting = Waiting {
            lesser: VecDeque::new(),
            announced: BTreeMap::new(),
            due: VecDeque::new(),
            dropped: 0,
            signalled: false,
        };
        Ok(Self { waiting: Mutex::new(waiting), most, descriptor })
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Readable while events wait.
    pub fn descriptor(&self) -> RawFd {
        self.descriptor.as_raw_fd()
    }

    /// Tells one event. A stored segment is announced instead, see [`Self::announce`].
    pub fn tell(&self, event: Event) {
        let event = match event {
            Event::SegmentStored(segment) => return self.announce(segment),
            other => other,
        };
        let mut waiting = self.lock();
        if waiting.lesser.len() >= self.most {
            waiting.dropped += 1;
        } else {
            waiting.lesser.push_back(event);
        }
        self.signal(&mut waiting);
    }

    /// Announces a segment until it is acknowledged; announcing it again changes nothing.
    ///
    /// Above [`ANNOUNCED_MAX`] the announcement is left to the next scan of the storage: the file is
    /// there, so nothing is lost but time.
    pub fn announce(&self, segment: Segment) {
        let mut waiting = self.lock();
        if waiting.announced.contains_key(&segment.id) {
            return;
        }
        if waiting.announced.len() >= ANNOUNCED_MAX {
            waiting.dropped += 1;
            return self.signal(&mut waiting);
        }
        let id = segment.id.clone();
        waiting.announced.insert(id.clone(), Announcement { segment, due_us: 0 });
        waiting.due.push_back(id);
        self.signal(&mut waiting);
    }

    /// The index has these rows: their announcements are forgotten. Returns how many were known.
    pub fn acknowledge<'a>(&self, ids: impl IntoIterator<Item = &'a str>) -> usize {
        let mut waiting = self.lock();
        ids.into_iter().filter(|id| waiting.announced.remove(*id).is_some()).count()
    }

    /// Makes announcements due again that nobody acknowledged in time. Called about once a second.
    pub fn repeat(&self, mono_us: i64) {
        let mut waiting = self.lock();
        let late: Vec<String> = waiting
            .announced
            .iter()
            .filter(|(_, one)| one.due_us != 0 && one.due_us <= mono_us)
            .map(|(id, _)| id.clone())
            .collect();
        if late.is_empty() {
            return;
        }
        for id in late {
            if let Some(one) = waiting.announced.get_mut(&id) {
                one.due_us = 0;
            }
            waiting.due.push_back(id);
        }
        self.signal(&mut waiting);
    }

    /// Takes at most `most` events; announcements of stored segments come first.
    pub fn drain(&self, most: usize, mono_us: i64) -> Vec<Event> {
        let mut waiting = self.lock();
        let mut events = Vec::new();
        if waiting.dropped > 0 && most > 0 {
            events.push(Event::Dropped { count: std::mem::take(&mut waiting.dropped) });
        }
        while events.len() < most {
            let Some(id) = waiting.due.pop_front() else { break };
            if let Some(one) = waiting.announced.get_mut(&id) {
                one.due_us = mono_us + REPEAT_US;
                events.push(Event::SegmentStored(one.segment.clone()));
            }
        }
        while events.len() < most {
            let Some(event) = waiting.lesser.pop_front() else { break };
            events.push(event);
        }
        if waiting.due.is_empty() && waiting.lesser.is_empty() && waiting.dropped == 0 && waiting.signalled {
            waiting.signalled = false;
            let mut count = 0u64;
            // SAFETY: an eventfd read takes eight bytes, which `count` has.
            unsafe { libc::read(self.descriptor(), (&raw mut count).cast(), 8) };
        }
        events
    }

    /// (events waiting, announcements without acknowledgement)
    pub fn depths(&self) -> (usize, usize) {
        let waiting = self.lock();
        (waiting.lesser.len() + waiting.due.len(), waiting.announced.len())
    }

    fn signal(&self, waiting: &mut Waiting) {
        if waiting.signalled {
            return;
        }
        waiting.signalled = true;
        let one = 1u64;
        // SAFETY: an eventfd write takes eight bytes, which `one` has. It fails only when the counter
        // is full, and then the descriptor is readable already.
        unsafe { libc::write(self.descriptor(), (&raw const one).cast(), 8) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(id: &str) -> Segment {
        Segment {
            id: id.into(),
            stream: "a.main".into(),
            path: String::new(),
            start_us: 0,
            end_us: 1,
            bytes: 1,
            digest: String::new(),
            fragments: 1,
            video_frames: 1,
            key_frames: 1,
            codecs: String::new(),
            width: 1,
            height: 1,
            origin: "recorded".into(),
        }
    }

    fn readable(queue: &EventQueue) -> bool {
        let mut poll = libc::pollfd { fd: queue.descriptor(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one pollfd, and the count says one.
        unsafe { libc::poll(&raw mut poll, 1, 0) == 1 }
    }

    #[test]
    fn the_descriptor_is_readable_exactly_while_events_wait() {
        let queue = EventQueue::new(10).unwrap();
        assert!(!readable(&queue));
        queue.tell(Event::ClockJump { at_us: 1, by_us: 2 });
        queue.tell(Event::ClockJump { at_us: 2, by_us: 2 });
        assert!(readable(&queue));
        assert_eq!(queue.drain(1, 0).len(), 1);
        assert!(readable(&queue), "one is left");
        assert_eq!(queue.drain(5, 0).len(), 1);
        assert!(!readable(&queue));
    }

    #[test]
    fn a_full_queue_counts_lesser_events_and_keeps_segments() {
        let queue = EventQueue::new(2).unwrap();
        for at_us in 0..5 {
            queue.tell(Event::ClockJump { at_us, by_us: 0 });
        }
        queue.tell(Event::SegmentStored(segment("s1")));
        let events = queue.drain(10, 0);
        assert_eq!(events[0], Event::Dropped { count: 3 });
        assert_eq!(events[1], Event::SegmentStored(segment("s1")));
        assert_eq!(events.len(), 4);
    }

    #[test]
    fn a_segment_is_repeated_until_acknowledged() {
        let queue = EventQueue::new(2).unwrap();
        queue.announce(segment("s1"));
        queue.announce(segment("s1"));
        assert_eq!(queue.depths(), (1, 1));
        assert_eq!(queue.drain(10, 100).len(), 1);
        assert_eq!(queue.depths(), (0, 1));
        queue.repeat(100 + REPEAT_US - 1);
        assert_eq!(queue.drain(10, 0).len(), 0);
        queue.repeat(100 + REPEAT_US);
        assert_eq!(queue.drain(10, 100 + REPEAT_US).len(), 1);
        assert_eq!(queue.acknowledge(["s1", "unknown"]), 1);
        queue.repeat(i64::MAX);
        assert_eq!(queue.drain(10, 0).len(), 0);
    }
}
