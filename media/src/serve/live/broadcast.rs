//! One stream as its live viewers get it: made into frames of WebSocket once, kept in one bounded
//! ring, read by every viewer through a cursor of its own.
//!
//! Two forms lie in the ring: each video access unit (with the sound that came before it) as one
//! fragment, and about 200 ms of them as one. A cursor counts units, so a viewer may change from one
//! form to the other at any border. Cost: two copies of the payload a stream, none a viewer.

use super::packer::Era;
use crate::serve::{delivery::Reason, websocket};
use bytes::{BufMut, Bytes, BytesMut};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// What the ring may hold beyond the current GOP is bounded by configuration; the whole of it by this.
pub const RING_MAX_BYTES: u64 = 32 << 20;
/// A viewer that is further behind than this skips, however few bytes that is.
pub const LAG_MAX_US: i64 = 10 * 1_000_000;

/// How often a viewer is written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Each access unit as it comes.
    Frame,
    /// About 200 ms at a time.
    #[default]
    Economy,
}

/// One fragment with the head of its WebSocket frame before it.
#[derive(Clone, Debug)]
pub struct Chunk {
    framed: Bytes,
    head: usize,
}

impl Chunk {
    /// Frames a fragment given in pieces. The one copy of its payload.
    pub fn new(head: &[u8], payloads: &[Bytes]) -> Self {
        let length = head.len() + payloads.iter().map(Bytes::len).sum::<usize>();
        let before = websocket::head_bytes(length);
        let mut framed = BytesMut::with_capacity(before + length);
        websocket::put_head(&mut framed, websocket::Opcode::Binary, length);
        framed.put_slice(head);
        payloads.iter().for_each(|payload| framed.put_slice(payload));
        Self { framed: framed.freeze(), head: before }
    }

    /// As a WebSocket message.
    pub fn framed(&self) -> &Bytes {
        &self.framed
    }

    /// As bytes of an fMP4 file.
    pub fn bare(&self) -> Bytes {
        self.framed.slice(self.head..)
    }
}

/// One access unit in the ring, as the packer hands it in.
pub struct Unit {
    pub era: Arc<Era>,
    pub chunk: Chunk,
    /// A viewer can begin here.
    pub key: bool,
    pub wall_us: i64,
}

struct Held {
    unit: Unit,
    /// Bytes that had gone into the ring before it.
    before: u64,
}

struct Group {
    first: u64,
    end: u64,
    chunk: Chunk,
}

/// What a viewer does next.
#[derive(Clone)]
pub enum Step {
    /// Nothing has come yet.
    Wait,
    /// Send this; then the cursor is `next`.
    Send { era: Arc<Era>, chunk: Chunk, next: u64 },
    /// Too far behind: go on at `to`, and say so.
    Skip { to: u64, from_us: i64, to_us: i64 },
}

#[derive(Default)]
struct Ring {
    units: VecDeque<Held>,
    /// Number of the first unit in `units`.
    base: u64,
    groups: VecDeque<Group>,
    /// First unit that belongs to no group yet.
    ungrouped: u64,
    /// Bytes of all units that ever went in.
    total: u64,
    last_key: Option<u64>,
    /// Wall clock of what fell out last.
    fallen_us: i64,
    state: Option<Bytes>,
    closed: Option<Reason>,
}

/// See the module.
pub struct Broadcast {
    ring: Mutex<Ring>,
    /// Bytes before the current GOP that are kept, and that a viewer may be behind.
    queue_bytes: u64,
    /// Rises with each change of state and with the end: viewers compare it without the lock.
    news: AtomicU64,
    wake: Box<dyn Fn(Pace) + Send + Sync>,
}

impl Broadcast {
    /// `wake` is called after something new is there for viewers of a pace; it must not block.
    pub fn new(queue_bytes: usize, wake: Box<dyn Fn(Pace) + Send + Sync>) -> Self {
        Self { ring: Mutex::default(), queue_bytes: queue_bytes as u64, news: AtomicU64::new(0), wake }
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a unit. The packer calls it on the ingest thread; the lock is never held over I/O.
    pub fn push(&self, unit: Unit) {
        let key = unit.key;
        let fallen = {
            let mut ring = self.lock();
            ring.push(unit);
            ring.trim(self.queue_bytes)
        };
        drop(fallen);
        (self.wake)(Pace::Frame);
        if key {
            (self.wake)(Pace::Economy); // some may wait for the first picture there ever was
        }
    }

    /// Adds the coalesced form of all units since the last group.
    pub fn push_group(&self, chunk: Chunk) {
        {
            let mut ring = self.lock();
            let (first, end) = (ring.ungrouped, ring.end());
            if first < end {
                ring.groups.push_back(Group { first, end, chunk });
                ring.ungrouped = end;
            }
        }
        (self.wake)(Pace::Economy);
    }

    /// Where a new viewer begins: the last key frame, if there is one, and its era.
    pub fn start(&self) -> Option<(u64, Arc<Era>)> {
        let ring = self.lock();
        let key = ring.last_key?;
        Some((key, ring.at(key)?.unit.era.clone()))
    }

    /// What a viewer whose cursor stands here does next.
    pub fn step(&self, cursor: u64, pace: Pace) -> Step {
        self.lock().step(cursor, pace, self.queue_bytes)
    }

    /// Tells viewers of the stream's state, as a framed text message.
    pub fn set_state(&self, message: Bytes) {
        self.lock().state = Some(message);
        self.tell_news();
    }

    /// The last state, if one was told.
    pub fn state(&self) -> Option<Bytes> {
        self.lock().state.clone()
    }

    /// Number of the last news: a change means that [`Self::state`] or [`Self::closed`] changed.
    pub fn news(&self) -> u64 {
        self.news.load(Ordering::Acquire)
    }

    fn tell_news(&self) {
        self.news.fetch_add(1, Ordering::AcqRel);
        (self.wake)(Pace::Frame);
        (self.wake)(Pace::Economy);
    }

    /// Ends the broadcast: its viewers end for this reason.
    pub fn close(&self, reason: Reason) {
        self.lock().closed.get_or_insert(reason);
        self.tell_news();
    }

    /// Bytes that the ring holds, and how many of them are of the GOP before the current one and older.
    #[cfg(test)]
    pub fn held(&self) -> (u64, u64) {
        let ring = self.lock();
        let from = ring.units.front().map_or(ring.total, |oldest| oldest.before);
        let key = ring.last_key.and_then(|key| Some(ring.at(key)?.before)).unwrap_or(from);
        (ring.total - from, key - from)
    }

    /// Whether it has ended, and why.
    pub fn closed(&self) -> Option<Reason> {
        self.lock().closed
    }
}

impl Ring {
    fn end(&self) -> u64 {
        self.base + self.units.len() as u64
    }

    fn at(&self, number: u64) -> Option<&Held> {
        self.units.get(usize::try_from(number.checked_sub(self.base)?).ok()?)
    }

    fn push(&mut self, unit: Unit) {
        if unit.key {
            self.last_key = Some(self.end());
        }
        let before = self.total;
        self.total += unit.chunk.framed.len() as u64;
        self.units.push_back(Held { unit, before });
    }

    /// Drops what no viewer may still ask for; returned, so that memory is freed outside the lock.
    fn trim(&mut self, queue_bytes: u64) -> Vec<Held> {
        let mut fallen = Vec::new();
        let newest_us = self.units.back().map_or(0, |held| held.unit.wall_us);
        while let Some(oldest) = self.units.front() {
            let bytes = self.total - oldest.before;
            let past_gop = self.last_key.is_none_or(|key| self.base < key);
            let lag_us = newest_us - oldest.unit.wall_us;
            let spare = past_gop && (bytes > queue_bytes || lag_us > LAG_MAX_US);
            if !spare && bytes <= RING_MAX_BYTES {
                break;
            }
            self.fallen_us = oldest.unit.wall_us;
            fallen.extend(self.units.pop_front());
            self.base += 1;
        }
        while self.groups.front().is_some_and(|group| group.first < self.base) {
            self.groups.pop_front();
        }
        self.ungrouped = self.ungrouped.max(self.base);
        if self.last_key.is_some_and(|key| key < self.base) {
            self.last_key = None; // the GOP outgrew the ring: wait for the next key frame
        }
        fallen
    }

    fn step(&self, cursor: u64, pace: Pace, queue_bytes: u64) -> Step {
        if cursor >= self.end() {
            return Step::Wait;
        }
        let Some(held) = self.at(cursor) else { return self.skip(self.fallen_us) };
        let newest_us = self.units.back().map_or(0, |newest| newest.unit.wall_us);
        let late = self.total - held.before > queue_bytes || newest_us - held.unit.wall_us > LAG_MAX_US;
        if late && self.last_key.is_some_and(|key| key > cursor) {
            return self.skip(held.unit.wall_us);
        }
        if let Ok(at) = self.groups.binary_search_by_key(&cursor, |group| group.first) {
            let group = &self.groups[at];
            return Step::Send { era: held.unit.era.clone(), chunk: group.chunk.clone(), next: group.end };
        }
        if pace == Pace::Economy && cursor == self.ungrouped {
            return Step::Wait; // its group is still being collected
        }
        Step::Send { era: held.unit.era.clone(), chunk: held.unit.chunk.clone(), next: cursor + 1 }
    }

    fn skip(&self, from_us: i64) -> Step {
        let Some((to, held)) = self.last_key.and_then(|key| Some((key, self.at(key)?))) else {
            return Step::Wait;
        };
        Step::Skip { to, from_us, to_us: held.unit.wall_us }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(number: i64, key: bool, bytes: usize) -> Unit {
        let chunk = Chunk::new(&number.to_be_bytes(), &[Bytes::from(vec![0; bytes])]);
        Unit { era: Arc::new(Era::nameless()), chunk, key, wall_us: number * 40_000 }
    }

    fn broadcast(queue_bytes: usize) -> Broadcast {
        Broadcast::new(queue_bytes, Box::new(|_| {}))
    }

    fn number(chunk: &Chunk) -> i64 {
        i64::from_be_bytes(chunk.bare()[..8].try_into().unwrap())
    }

    /// Numbers of the chunks that a viewer gets from a cursor on, and its cursor then.
    fn walk(ring: &Broadcast, mut cursor: u64, pace: Pace) -> (Vec<i64>, u64) {
        let mut seen = Vec::new();
        while let Step::Send { chunk, next, .. } = ring.step(cursor, pace) {
            seen.push(number(&chunk));
            cursor = next;
        }
        (seen, cursor)
    }

    #[test]
    fn a_viewer_at_frame_pace_gets_each_unit_once() {
        let ring = broadcast(1 << 20);
        (0..5).for_each(|n| ring.push(unit(n, n == 0, 10)));
        let (seen, cursor) = walk(&ring, ring.start().unwrap().0, Pace::Frame);
        assert_eq!((seen, cursor), (vec![0, 1, 2, 3, 4], 5));
        ring.push(unit(5, false, 10));
        assert_eq!(walk(&ring, cursor, Pace::Frame).0, [5]);
    }

    #[test]
    fn economy_waits_for_its_group_and_change_of_pace_loses_nothing() {
        let ring = broadcast(1 << 20);
        (0..3).for_each(|n| ring.push(unit(n, n == 0, 10)));
        assert_eq!(walk(&ring, 0, Pace::Economy), (vec![], 0));
        ring.push_group(unit(100, false, 30).chunk);
        assert_eq!(walk(&ring, 0, Pace::Economy), (vec![100], 3));
        // From the middle of a group it goes on unit by unit up to the border.
        assert_eq!(walk(&ring, 1, Pace::Economy), (vec![1, 2], 3));
        ring.push(unit(3, false, 10));
        assert_eq!(walk(&ring, 3, Pace::Economy), (vec![], 3));
        assert_eq!(walk(&ring, 3, Pace::Frame), (vec![3], 4));
        ring.push(unit(4, false, 10));
        ring.push_group(unit(101, false, 20).chunk);
        assert_eq!(walk(&ring, 4, Pace::Economy), (vec![4], 5));
        // Whoever begins late takes whole groups at either pace: fewer messages, same units.
        assert_eq!(walk(&ring, 0, Pace::Frame), (vec![100, 101], 5));
    }

    #[test]
    fn who_is_too_far_behind_skips_to_the_last_key_frame_and_hears_from_where() {
        let ring = broadcast(1_000);
        (0..10).for_each(|n| ring.push(unit(n, n % 5 == 0, 300)));
        let Step::Skip { to, from_us, to_us } = ring.step(0, Pace::Frame) else { panic!("no skip") };
        assert_eq!((to, to_us), (5, 200_000));
        assert!(from_us < to_us);
        assert_eq!(walk(&ring, to, Pace::Frame).0, [5, 6, 7, 8, 9]);
    }

    #[test]
    fn the_current_gop_stays_whole_and_nothing_more_than_the_bound() {
        let ring = broadcast(1_000);
        (0..100).for_each(|n| ring.push(unit(n, n % 50 == 0, 300)));
        assert_eq!(ring.start().unwrap().0, 50);
        assert_eq!(walk(&ring, 50, Pace::Frame).0.len(), 50);
        assert_eq!(ring.lock().units.len(), 50, "the GOP before is gone");
    }

    #[test]
    fn a_gop_beyond_the_ring_is_dropped_and_the_next_key_frame_begins_anew() {
        let ring = broadcast(1_000);
        (0..40).for_each(|n| ring.push(unit(n, n == 0, 1 << 20)));
        assert!(ring.start().is_none());
        assert!(ring.lock().units.len() <= 32);
        assert!(matches!(ring.step(0, Pace::Frame), Step::Wait));
        ring.push(unit(40, true, 10));
        assert!(matches!(ring.step(0, Pace::Frame), Step::Skip { to: 40, .. }));
    }
}
