//! Access units cut into parts and segments of an HLS stream (RFC 8216bis). No I/O, no clock.

use crate::{
    frame::{AccessUnit, Format, TICKS_PER_SECOND, Track},
    mux::{AudioCarriage, Fragmenter, Next, fmp4::ticks_to_us, init_segment},
};
use bytes::Bytes;
use std::{collections::VecDeque, sync::Arc};

/// A part is closed by the first picture this long after its first one.
const PART_TICKS: i64 = TICKS_PER_SECOND / 2;
/// A segment is closed by the first key frame this long after its start, if not by the first of all.
const SEGMENT_TICKS: i64 = 2 * TICKS_PER_SECOND;
/// Closed segments kept.
const WINDOW: usize = 7;
/// A segment that grows beyond this is given up, up to the next key frame.
const SEGMENT_MAX_BYTES: usize = 32 << 20;
/// Units in one part that is still open.
const PENDING_MAX: usize = 4_096;

/// A few pictures.
#[derive(Clone)]
pub struct Part {
    pub bytes: Bytes,
    pub duration_us: i64,
    /// Has a key frame.
    pub independent: bool,
}

/// From a key frame to before another.
#[derive(Clone)]
pub struct Segment {
    pub number: u64,
    /// Which init segment it needs.
    pub init: u64,
    /// Its time does not follow the one before.
    pub discontinuity: bool,
    /// Wall clock of its start, microseconds since the Unix epoch.
    pub wall_us: i64,
    pub parts: Vec<Part>,
    pub closed: bool,
}

impl Segment {
    pub fn duration_us(&self) -> i64 {
        self.parts.iter().map(|part| part.duration_us).sum()
    }

    fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.bytes.len()).sum()
    }
}

/// The window of a live stream.
#[derive(Default)]
pub struct Packager {
    /// The last may be open.
    pub segments: VecDeque<Segment>,
    /// Init segments by number; those that the window needs.
    pub inits: VecDeque<(u64, Bytes)>,
    /// Discontinuities that have left the window.
    pub discontinuities: u64,
    /// The source has sound alone: there will be no part.
    pub sound_only: bool,
    /// Longest part so far, and longest segment.
    pub part_us: i64,
    pub segment_us: i64,
    next_number: u64,
    next_init: u64,
    pending: Vec<Arc<AccessUnit>>,
    line: Option<Line>,
    broken: bool,
}

/// One uninterrupted run of units of one format.
struct Line {
    format: Arc<Format>,
    fragmenter: Fragmenter,
}

impl Packager {
    /// Takes one unit; whether those who wait should look again.
    pub fn push(&mut self, unit: &Arc<AccessUnit>) -> bool {
        if unit.format.video.is_none() {
            let finished = self.close_line();
            return !std::mem::replace(&mut self.sound_only, true) || finished;
        }
        self.sound_only = false;
        let key = unit.track == Track::Video && unit.key;
        let same = self.line.as_ref().is_some_and(|line| Arc::ptr_eq(&line.format, &unit.format));
        let mut finished = false;
        if !same {
            finished = self.close_line();
            if !key {
                return finished;
            }
            self.open_line(unit);
        }
        if unit.track == Track::Video {
            finished |= self.cut_before(unit);
        }
        if self.pending.len() == PENDING_MAX {
            self.close_line();
            return finished;
        }
        self.pending.push(unit.clone());
        finished
    }

    /// The connection ended.
    pub fn discontinuity(&mut self) -> bool {
        self.close_line()
    }

    fn open_line(&mut self, unit: &Arc<AccessUnit>) {
        let carriage = AudioCarriage::ForBrowsers;
        self.next_init += 1;
        self.inits.push_back((self.next_init, init_segment(&unit.format, carriage)));
        let fragmenter = Fragmenter::new(unit.dts, carriage);
        self.line = Some(Line { format: unit.format.clone(), fragmenter });
        self.broken = true;
    }

    fn close_line(&mut self) -> bool {
        if self.line.is_none() {
            return false;
        }
        let finished = self.finish_part(None);
        self.close_segment();
        self.pending.clear();
        self.line = None;
        finished
    }

    /// Ends part and segment before a picture where it is time to.
    fn cut_before(&mut self, unit: &Arc<AccessUnit>) -> bool {
        let Some(first) = self.pending.iter().find(|one| one.track == Track::Video) else {
            if unit.key {
                self.close_segment_if_long();
            }
            return false;
        };
        let in_part = unit.dts - first.dts;
        let before_us = self.segments.back().filter(|last| !last.closed).map_or(0, Segment::duration_us);
        // The first of all is kept short: players that know no parts can begin with it.
        let long_enough =
            self.next_number <= 1 || before_us + ticks_to_us(in_part) >= ticks_to_us(SEGMENT_TICKS) - 1_000;
        let segment_ends = unit.key && long_enough;
        if in_part < PART_TICKS && !segment_ends {
            return false;
        }
        let finished = self.finish_part(Some(unit.dts));
        if segment_ends {
            self.close_segment();
        }
        finished
    }

    fn close_segment_if_long(&mut self) {
        let long = |last: &Segment| last.duration_us() >= ticks_to_us(SEGMENT_TICKS) - 1_000;
        if self.segments.back().is_some_and(long) {
            self.close_segment();
        }
    }

    fn finish_part(&mut self, next_dts: Option<i64>) -> bool {
        let units = std::mem::take(&mut self.pending);
        let Some(line) = &mut self.line else { return false };
        let Some(first) = units.iter().find(|unit| unit.track == Track::Video).cloned() else { return false };
        let next = Next { video_dts: next_dts, audio_dts: None };
        let Some(fragment) = line.fragmenter.fragment(&units, next) else { return false };
        let last =
            units.iter().rev().find(|unit| unit.track == Track::Video).map_or(first.dts, |unit| unit.dts);
        let duration_us = ticks_to_us(next_dts.unwrap_or(last + 3_600) - first.dts);
        let part = Part { bytes: fragment.to_bytes(), duration_us, independent: fragment.key_frames > 0 };
        if self.segments.back().is_none_or(|last| last.closed) {
            if !fragment.starts_with_key {
                return false; // left over from a segment that was given up
            }
            self.open_segment(&first);
        }
        self.part_us = self.part_us.max(duration_us);
        let Some(open) = self.segments.back_mut() else { return false };
        open.parts.push(part);
        if open.bytes() > SEGMENT_MAX_BYTES {
            self.close_segment();
            self.broken = true;
        }
        true
    }

    fn open_segment(&mut self, first: &AccessUnit) {
        let discontinuity = std::mem::take(&mut self.broken) && self.next_number > 0;
        self.segments.push_back(Segment {
            number: self.next_number,
            init: self.next_init,
            discontinuity,
            wall_us: first.wall_us,
            parts: Vec::new(),
            closed: false,
        });
        self.next_number += 1;
        while self.segments.len() > WINDOW + 1 {
            let gone = self.segments.pop_front();
            self.discontinuities += u64::from(gone.is_some_and(|segment| segment.discontinuity));
        }
        let needed = self.segments.front().map_or(0, |segment| segment.init);
        self.inits.retain(|(number, _)| *number >= needed);
    }

    fn close_segment(&mut self) {
        if let Some(open) = self.segments.back_mut() {
            open.closed = true;
            self.segment_us = self.segment_us.max(open.duration_us());
        }
    }
}
