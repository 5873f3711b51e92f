//! The recording of one stream: when segments begin and end, what a failing disk costs, which gaps are
//! told. Runs on a writer thread; owns the open segment.
//!
//! What enters is a [`Job`] from [`super::gather`]; the disk's slow acts (sync, close) leave through
//! [`Core::sync`].

use super::announce::{Announcer, EventSink};
use super::config::RecordConfig;
use super::disk::{Disk, EntryKind, uninterrupted};
use super::place::{CLOSED, SegmentName, TimeLine};
use super::segment::{OpenSegment, SegmentFile};
use super::stats::{StreamCounters, Totals};
use super::storer::{SyncJob, SyncQueue};
use super::trailer::Origin;
use crate::clock::{Clock, JUMP_US};
use crate::event::{Cause, Event};
use crate::frame::{AccessUnit, Track};
use crate::hub::{GOP_MAX_BYTES, GOP_MAX_TICKS};
use crate::mux::Next;
use crate::mux::fmp4::ticks_to_us;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What all recordings of one storage share.
pub struct Core {
    pub config: RecordConfig,
    pub disk: Arc<dyn Disk>,
    pub clock: Arc<dyn Clock>,
    pub events: EventSink,
    pub announcer: Announcer,
    pub sync: SyncQueue,
    pub totals: Totals,
}

/// Units that become one fragment.
pub struct FragmentJob {
    pub units: Vec<Arc<AccessUnit>>,
    pub next: Next,
    /// Starts with a key frame at which a new segment is due.
    pub begin: bool,
    /// Something between the job before and this one was dropped.
    pub after_loss: Option<Cause>,
    pub payload_bytes: usize,
}

/// What happens to a stream, in order.
pub enum Job {
    Fragment(FragmentJob),
    /// The connection ended; times of units that follow have a new origin.
    Discontinuity,
    /// Recording is no longer wanted: close. A gap that was told stays as it was told: who ends the recording knows
    /// when it ends.
    End,
}

/// A stretch that should be recorded and is not.
struct Gap {
    from_us: i64,
    since_mono_us: i64,
    cause: Cause,
    told: bool,
}

/// See the module.
pub struct StreamRecorder {
    core: Arc<Core>,
    stream: String,
    counters: Arc<StreamCounters>,
    segment: Option<OpenSegment>,
    /// A file into which nothing could be written, for the next attempt.
    spare: Option<SegmentFile>,
    /// Wall clock at media time 0 as the machine gave it; the segment's start may lie later.
    clock_start_us: i64,
    /// Wall clock less monotonic clock when something was written last.
    clock_offset_us: Option<i64>,
    /// From the last key frame on: what a new file must begin with. Shared payloads, no copies.
    gop: Vec<Arc<AccessUnit>>,
    /// Payload of `gop`; means nothing while that is empty.
    gop_bytes: usize,
    time_line: TimeLine,
    /// The first day whose recordings are in `time_line`.
    learnt_from: String,
    sequence: u32,
    gap: Option<Gap>,
    last_unit_mono_us: i64,
    next_sync_mono_us: i64,
    /// The disk refused; nothing is tried before this.
    retry_mono_us: i64,
    origin: Origin,
    /// Time that must be free behind a segment's start.
    room_us: i64,
}

impl StreamRecorder {
    pub fn new(core: Arc<Core>, stream: &str, counters: Arc<StreamCounters>) -> Self {
        let mono_us = core.clock.mono_us();
        let stagger_us = stream
            .bytes()
            .fold(0i64, |sum, b| sum.wrapping_mul(31).wrapping_add(i64::from(b)))
            .rem_euclid(i64::from(core.config.sync_ms) * 1000);
        let gap = Gap {
            from_us: core.clock.wall_us(),
            since_mono_us: mono_us,
            cause: Cause::NoVideoPackets,
            told: false,
        };
        let mut this = Self {
            stream: stream.to_owned(),
            counters,
            segment: None,
            spare: None,
            clock_start_us: 0,
            clock_offset_us: None,
            gop: Vec::new(),
            gop_bytes: 0,
            time_line: TimeLine::default(),
            learnt_from: String::new(),
            sequence: 0,
            gap: Some(gap),
            last_unit_mono_us: mono_us,
            next_sync_mono_us: mono_us + stagger_us,
            retry_mono_us: mono_us,
            origin: Origin::Recorded,
            room_us: core.config.segment_room_us(),
            core,
        };
        let clock_us = this.core.clock.wall_us();
        this.learn_what_is_recorded(clock_us);
        this
    }

    /// For a file that is brought in: its time is checked as a whole beforehand.
    pub fn importing(core: Arc<Core>, stream: &str) -> Self {
        let mut this = Self::new(core, stream, Arc::default());
        (this.origin, this.room_us) = (super::import::ORIGIN, 1);
        this
    }

    /// The end of what is recorded in a span of time, if anything is.
    pub fn recorded_within(&self, from_us: i64, until_us: i64) -> Option<i64> {
        let free_from_us = self.time_line.place(from_us, until_us - from_us);
        (free_from_us != from_us).then_some(free_from_us)
    }

    /// Segments on disk from the day before `clock_us` on (and from any later day: clocks have been wrong
    /// before) occupy their time; the sequence goes on after the highest. Done at the start, and again
    /// when the clock has gone back behind what was learnt.
    fn learn_what_is_recorded(&mut self, clock_us: i64) {
        let from = super::place::day((clock_us - 86_400_000_000).max(0));
        let room_us = self.core.config.segment_room_us();
        let days = uninterrupted(|| self.core.disk.list(&self.stream)).unwrap_or_default();
        let mut days: Vec<_> =
            days.into_iter().filter(|d| d.kind == EntryKind::Folder).map(|d| d.name).collect();
        days.sort();
        let newest = days.last().cloned();
        let mut names = Vec::new();
        for day in days.into_iter().filter(|day| *day >= from || Some(day) == newest.as_ref()) {
            let folder = format!("{}/{day}", self.stream);
            for entry in uninterrupted(|| self.core.disk.list(&folder)).unwrap_or_default() {
                let path = format!("{folder}/{}", entry.name);
                names.extend(SegmentName::from_path(&path).map(|(name, suffix)| (name, suffix == CLOSED)));
            }
        }
        names.sort();
        let next = names.iter().map(|(name, _)| name.sequence.saturating_add(1)).max().unwrap_or(0);
        self.sequence = self.sequence.max(next);
        let closed: Vec<_> = names.into_iter().filter(|(_, closed)| *closed).map(|(name, _)| name).collect();
        for (n, name) in closed.iter().enumerate() {
            let most = name.start_us + room_us;
            let until_us = match closed.get(n + 1) {
                Some(next) if next.start_us <= most => next.start_us,
                _ => super::reader::read_trailer(&*self.core.disk, &name.path())
                    .map_or(most, |trailer| trailer.end_us),
            };
            self.time_line.occupy(name.start_us, until_us);
        }
        self.learnt_from = from;
    }

    pub fn mono_us(&self) -> i64 {
        self.core.clock.mono_us()
    }

    /// One job, in order. Never fails: what goes wrong becomes an event.
    pub fn handle(&mut self, job: Job) {
        match job {
            Job::Fragment(job) => self.fragment(job),
            Job::Discontinuity => {
                self.close(None);
                self.gop.clear();
                self.lose(Cause::ClosedByCamera);
            }
            Job::End => {
                self.close(None);
                self.gop.clear();
                self.tell_before_leaving();
                if let Some(spare) = self.spare.take() {
                    spare.set_aside();
                }
            }
        }
    }

    /// Told every 500 ms or so: silence and old gaps become known without a frame.
    pub fn tick(&mut self) {
        let mono_us = self.core.clock.mono_us();
        self.notice_failed_sync();
        if mono_us - self.last_unit_mono_us >= i64::from(self.core.config.silent_ms) * 1000 {
            self.lose(Cause::Silent);
        }
        self.sync_if_due(mono_us);
        let told_after_us = i64::from(self.core.config.silent_ms) * 1000;
        if let Some(gap) = &mut self.gap
            && !gap.told
            && mono_us - gap.since_mono_us >= told_after_us
        {
            gap.told = true;
            (self.core.events)(Event::Gap {
                stream: self.stream.clone(),
                from_us: gap.from_us,
                until_us: None,
                cause: gap.cause,
            });
        }
    }

    fn fragment(&mut self, job: FragmentJob) {
        let mono_us = self.core.clock.mono_us();
        self.last_unit_mono_us = mono_us;
        self.notice_failed_sync();
        if let Some(cause) = job.after_loss {
            self.close(None);
            self.gop.clear();
            self.lose(cause);
        }
        if self.segment.as_ref().is_some_and(|open| self.waits_too_long(open, mono_us)) {
            self.close(None);
            self.lose(Cause::WriteOverload);
            self.retry_mono_us = mono_us + i64::from(self.core.config.retry_ms) * 1000;
        }
        if job.begin {
            self.close(job.units.first().map(|first| self.clock_at_dts(first)));
            self.gop.clear();
        }
        let FragmentJob { units, next, .. } = job;
        let written = match self.segment.is_some() {
            true => self.write(&units, next),
            false => self.begin(&units, next, mono_us),
        };
        self.keep_gop(units);
        if written {
            self.sync_if_due(mono_us);
        }
    }

    fn waits_too_long(&self, open: &OpenSegment, mono_us: i64) -> bool {
        open.file.sync_waits_us(mono_us) > i64::from(self.core.config.write_backlog_ms) * 1000
    }

    /// Wall clock at the unit's decoding time, where the segment's media time is counted.
    fn clock_at_dts(&self, unit: &AccessUnit) -> i64 {
        unit.wall_us - ticks_to_us(unit.pts - unit.dts)
    }

    /// Opens a file for these units, after the key frame before them if they do not start with one.
    fn begin(&mut self, units: &[Arc<AccessUnit>], next: Next, mono_us: i64) -> bool {
        if mono_us < self.retry_mono_us {
            return false;
        }
        let starts_with_key = units.iter().find(|u| u.track == Track::Video).is_some_and(|u| u.key);
        let first = if starts_with_key { units.first() } else { self.gop.first() };
        let Some(first) = first.cloned() else { return false };
        if !starts_with_key && self.is_recorded(self.clock_at_dts(&first)) {
            return false; // the head of this GOP is on disk: its copy would push all later times
        }
        if let Err(error) = self.open(&first, !starts_with_key) {
            self.refused(&error);
            return false;
        }
        if starts_with_key {
            return self.write(units, next);
        }
        let gop = std::mem::take(&mut self.gop);
        let written = self.write(&gop, follow(units)) && self.write(units, next);
        self.gop = gop;
        written
    }

    fn is_recorded(&self, clock_us: i64) -> bool {
        self.time_line.place(clock_us, 1) != clock_us
    }

    fn open(&mut self, first: &AccessUnit, anew: bool) -> io::Result<()> {
        let clock_us = self.clock_at_dts(first);
        if super::place::day(clock_us.max(0)) < self.learnt_from {
            self.learn_what_is_recorded(clock_us);
        }
        let start_us = self.time_line.place(clock_us, self.room_us);
        let mut result = Err(io::ErrorKind::AlreadyExists.into());
        for _ in 0..TRIES {
            let Some(name) = SegmentName::new(&self.stream, start_us, self.sequence) else {
                return Err(io::Error::other(format!("the wall clock says {start_us} µs: set it")));
            };
            self.sequence += 1;
            result = match self.spare.take() {
                Some(spare) => spare.renamed(name),
                None => SegmentFile::create(&self.core.disk, name),
            };
            if !matches!(&result, Err(error) if error.kind() == io::ErrorKind::AlreadyExists) {
                break;
            }
        }
        let open = OpenSegment::new(result?, self.origin, first, self.clock_offset_us);
        self.segment = Some(open.anew(anew));
        self.clock_start_us = clock_us;
        Ok(())
    }

    /// Appends to the open segment; a write that fails is tried once more on the same bytes.
    fn write(&mut self, units: &[Arc<AccessUnit>], next: Next) -> bool {
        let Some(open) = &mut self.segment else { return false };
        let first_of_file = open.is_empty();
        let from_us = open.start_us();
        let started_us = open.end_us();
        let offset_us = self.core.clock.offset_us();
        let result = open.append(units, next, offset_us).or_else(|error| match error.raw_os_error() {
            Some(libc::ENOSPC | libc::EDQUOT | libc::EROFS) => Err(error),
            _ => open.append(units, next, offset_us),
        });
        match result {
            Ok(bytes) => {
                self.core.totals.written(bytes);
                self.counters.wrote(bytes, self.core.clock.wall_us());
                let begins_us = if first_of_file { from_us } else { started_us };
                match self.silence_after(units, next) {
                    Some((silent_us, until_us)) => {
                        if self.is_missing_before(begins_us) {
                            self.regain(begins_us);
                        }
                        self.end_silence(silent_us, until_us);
                    }
                    _ if self.is_silent_since(units) => self.silence_goes_on(),
                    _ => self.regain(begins_us),
                }
                true
            }
            Err(error) => {
                self.close(None);
                self.refused(&error);
                false
            }
        }
    }

    /// The disk said no: a gap, and another attempt in a while.
    fn refused(&mut self, error: &io::Error) {
        let cause = match error.raw_os_error() {
            Some(libc::ENOSPC | libc::EDQUOT) => Cause::DiskFull,
            _ => Cause::DiskFault,
        };
        self.retry_mono_us = self.core.clock.mono_us() + i64::from(self.core.config.retry_ms) * 1000;
        self.lose(cause);
        self.core.totals.disk_errors.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends the open segment. `next_clock_us`: the stream goes on without a break at this wall clock.
    fn close(&mut self, next_clock_us: Option<i64>) {
        let Some(open) = self.segment.take() else { return };
        self.clock_offset_us = open.clock_offset_us();
        let clock_end_us = self.clock_start_us + (open.end_us() - open.start_us());
        let in_step = self.clock_start_us == open.start_us();
        let mut end_us = match next_clock_us {
            Some(next_us) if in_step && (next_us - clock_end_us).abs() <= JUMP_US => next_us,
            _ => open.end_us(),
        };
        if let Some(taken_us) = self.time_line.next_start(open.start_us()) {
            end_us = end_us.min(taken_us);
        }
        if open.is_empty() {
            self.spare = Arc::into_inner(open.file);
            return;
        }
        self.time_line.occupy(open.start_us(), end_us);
        self.core.sync.push(SyncJob::Close(Box::new(open.close(end_us))));
    }

    /// After a failed sync the file is suspect; a new one starts at once from the current GOP.
    fn notice_failed_sync(&mut self) {
        if !self.segment.as_ref().is_some_and(|open| open.file.failed()) {
            return;
        }
        let Some(open) = self.segment.take() else { return };
        let end_us = open.end_us();
        let gap_from_us = open.start_us();
        let closing = open.close(end_us);
        closing.set_aside();
        (self.core.events)(Event::SegmentSuspect {
            segment: closing.segment(),
            cause: Cause::DiskFault,
            detail: "a sync of this file failed; its bytes are kept aside and not believed".into(),
        });
        self.core.totals.suspect.fetch_add(1, Ordering::Relaxed);
        self.lose(Cause::DiskFault);
        if let Some(gap) = &mut self.gap {
            gap.from_us = gap.from_us.min(gap_from_us);
        }
    }

    /// Remembers that nothing is being recorded, from the end of what was. The disk's refusal outweighs
    /// another cause: it is the one that somebody must mend.
    fn lose(&mut self, cause: Cause) {
        let wall_us = self.core.clock.wall_us();
        let mono_us = self.core.clock.mono_us();
        let of_disk = matches!(cause, Cause::DiskFull | Cause::DiskFault);
        match &mut self.gap {
            Some(gap) if gap.cause == cause || !of_disk => {}
            Some(gap) if !gap.told => gap.cause = cause,
            Some(gap) => {
                let from_us = gap.from_us;
                let until_us = wall_us.max(from_us);
                let gone = std::mem::replace(
                    gap,
                    Gap { from_us: until_us, since_mono_us: mono_us, cause, told: false },
                );
                self.tell(from_us, Some(until_us), gone.cause);
            }
            None => {
                let end_us = self.segment.as_ref().map(OpenSegment::end_us);
                let from_us = end_us.or(self.counters.recorded_until_us()).unwrap_or(wall_us);
                self.gap = Some(Gap { from_us, since_mono_us: mono_us, cause, told: false });
            }
        }
    }

    /// What is missing up to the end is not lost in silence because it was too short yet to be told.
    fn tell_before_leaving(&mut self) {
        let Some(gap) = self.gap.take().filter(|gap| !gap.told) else { return };
        let until_us = self.core.clock.wall_us();
        if until_us - gap.from_us >= SHORTEST_GAP_US {
            self.tell(gap.from_us, Some(until_us), gap.cause);
        }
    }

    fn tell(&self, from_us: i64, until_us: Option<i64>, cause: Cause) {
        (self.core.events)(Event::Gap { stream: self.stream.clone(), from_us, until_us, cause });
    }

    /// A camera that fell silent and goes on leaves its hole behind the last picture before it, which came to be
    /// written only when the next one told how long it lasts: from when until when, in recording time. So does one
    /// that left pictures out because its link was full; there, what came late kept coming meanwhile.
    fn silence_after(&self, units: &[Arc<AccessUnit>], next: Next) -> Option<(i64, i64)> {
        let last = units.iter().rfind(|unit| unit.track == Track::Video)?;
        let silent_us = ticks_to_us(next.video_dts? - last.dts);
        let until_us = self.segment.as_ref()?.end_us();
        (silent_us >= i64::from(self.core.config.silent_ms) * 1000)
            .then_some((until_us - silent_us, until_us))
    }

    fn is_missing_before(&self, at_us: i64) -> bool {
        self.gap.as_ref().is_some_and(|gap| gap.from_us < at_us)
    }

    /// These pictures waited for a next one, and what made them be written at last was none: the connection or the
    /// recording ended.
    fn is_silent_since(&self, units: &[Arc<AccessUnit>]) -> bool {
        let silent_us = i64::from(self.core.config.silent_ms) * 1000;
        let last = units.iter().rfind(|unit| unit.track == Track::Video);
        self.gap.as_ref().is_some_and(|gap| gap.cause == Cause::Silent)
            && last.is_some_and(|last| self.core.clock.mono_us() - last.mono_us >= silent_us)
    }

    fn silence_goes_on(&mut self) {
        let Some(end_us) = self.segment.as_ref().map(OpenSegment::end_us) else { return };
        self.counters.recorded_until(end_us);
        if let Some(gap) = &mut self.gap {
            gap.from_us = gap.from_us.max(end_us);
        }
    }

    fn end_silence(&mut self, from_us: i64, until_us: i64) {
        self.counters.recorded_until(until_us);
        self.gap = None;
        self.tell(from_us, Some(until_us), Cause::Silent);
    }

    /// Something was written that begins at `from_us`: a gap before it ends there.
    fn regain(&mut self, from_us: i64) {
        let end_us = self.segment.as_ref().map_or(from_us, OpenSegment::end_us);
        self.counters.recorded_until(end_us);
        let Some(gap) = self.gap.take() else { return };
        if !gap.told && from_us - gap.from_us < SHORTEST_GAP_US {
            return;
        }
        self.tell(gap.from_us, Some(from_us.max(gap.from_us)), gap.cause);
    }

    fn sync_if_due(&mut self, mono_us: i64) {
        let Some(open) = &self.segment else { return };
        if mono_us < self.next_sync_mono_us || open.is_empty() {
            return;
        }
        if open.file.ask_for_sync(mono_us) {
            self.core.sync.push(SyncJob::Sync(open.file.clone()));
            let interval_us = i64::from(self.core.config.sync_ms) * 1000;
            let missed = (mono_us - self.next_sync_mono_us) / interval_us;
            self.next_sync_mono_us += interval_us * (missed + 1);
        }
    }

    fn keep_gop(&mut self, units: Vec<Arc<AccessUnit>>) {
        match units.iter().rposition(|unit| unit.track == Track::Video && unit.key) {
            Some(key) => {
                self.gop_bytes = payload_bytes(&units[key..]);
                self.gop.clear();
                self.gop.extend(units.into_iter().skip(key));
            }
            None if !self.gop.is_empty() => {
                self.gop_bytes += payload_bytes(&units);
                self.gop.extend(units);
            }
            None => {}
        }
        let ticks = match (self.gop.first(), self.gop.last()) {
            (Some(first), Some(last)) => last.dts - first.dts,
            _ => 0,
        };
        if self.gop_bytes > GOP_MAX_BYTES || ticks > GOP_MAX_TICKS {
            self.gop.clear();
        }
    }
}

fn payload_bytes(units: &[Arc<AccessUnit>]) -> usize {
    units.iter().map(|unit| unit.payload.len()).sum()
}

/// File names that may turn out to be taken before an open is given up.
const TRIES: usize = 4;
/// Shorter breaks between two recorded fragments are not worth a row.
const SHORTEST_GAP_US: i64 = 200_000;

/// Decoding times at which the next units begin.
fn follow(units: &[Arc<AccessUnit>]) -> Next {
    let first = |track| units.iter().find(|unit| unit.track == track).map(|unit| unit.dts);
    Next { video_dts: first(Track::Video), audio_dts: first(Track::Audio) }
}
