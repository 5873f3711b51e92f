//! The recording of one stream: when segments begin and end, what a failing disk costs, which gaps are
//! told. Runs on a writer thread; owns the open segment.
//!
//! What enters is a [`Job`] from [`super::gather`]; the disk's slow acts (sync, close) leave through
//! [`Core::sync`].

use super::announce::{Announcer, EventSink};
use super::config::RecordConfig;
use super::disk::{Disk, EntryKind, uninterrupted};
use super::place::{CLOSED, SegmentName, TimeLine, UNFINISHED};
use super::recovery;
use super::segment::{OpenSegment, SegmentFile};
use super::stats::{StreamCounters, Totals};
use super::storer::{SyncJob, SyncQueue};
use super::trailer::Origin;
use crate::clock::{Clock, JUMP_US, Now};
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
    /// When they were handed on.
    pub handed_mono_us: i64,
}

/// What happens to a stream, in order.
pub enum Job {
    Fragment(FragmentJob),
    /// The connection ended; times of units that follow have a new origin.
    Discontinuity,
    /// Recording is no longer wanted from that moment on: close. A gap that was told stays as it was told: who ends the
    /// recording knows when it ends.
    End(Now),
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
    /// Files of which a sync failed, from when until when: until a file does not begin with their pictures anew, a next
    /// start may believe what the disk has of them.
    doubted: Vec<(i64, i64)>,
    /// The first day whose recordings are in `time_line`.
    learnt_from: Option<String>,
    sequence: u32,
    gap: Option<Gap>,
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
        counters.handed_mono_us.store(mono_us, Ordering::Relaxed);
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
            doubted: Vec::new(),
            learnt_from: None,
            sequence: 0,
            gap: Some(gap),
            next_sync_mono_us: mono_us + stagger_us,
            retry_mono_us: mono_us,
            origin: Origin::Recorded,
            room_us: core.config.segment_room_us(),
            core,
        };
        let clock_us = this.core.clock.wall_us();
        this.learn_what_is_recorded(clock_us);
        this.learnt_from = None; // who recorded the stream until now may still write: looked at before the first file
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
    /// before) occupy their time, and so do those that are not closed yet; the sequence goes on after the
    /// highest. Done at the start and before the first file, when whoever recorded the stream before has left
    /// his last one, and again when the clock has gone back behind what was learnt.
    fn learn_what_is_recorded(&mut self, clock_us: i64) {
        // First: what is closed meanwhile is found on the disk.
        for (from_us, until_us) in self.core.sync.waiting(&self.stream) {
            self.time_line.occupy(from_us, until_us);
        }
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
                let found = SegmentName::from_path(&path);
                names.extend(found.map(|(name, suffix)| (name, suffix.to_owned())));
            }
        }
        names.sort();
        let next = names.iter().map(|(name, _)| name.sequence.saturating_add(1)).max().unwrap_or(0);
        self.sequence = self.sequence.max(next);
        let doubted = |name: &SegmentName| self.doubted.iter().any(|(from_us, _)| *from_us == name.start_us);
        let (closed, rest): (Vec<_>, Vec<_>) = names.into_iter().partition(|(_, suffix)| suffix == CLOSED);
        for (name, _) in rest.into_iter().filter(|(name, suffix)| suffix == UNFINISHED && !doubted(name)) {
            let until_us = recovery::unfinished_until(&*self.core.disk, &name);
            // What cannot be read ends before now, unless the clock was wrong.
            let most = name.start_us + room_us;
            let unknown = if clock_us > name.start_us { clock_us.min(most) } else { most };
            self.time_line.occupy(name.start_us, until_us.unwrap_or(unknown));
        }
        for (n, (name, _)) in closed.iter().enumerate() {
            let most = name.start_us + room_us;
            let until_us = match closed.get(n + 1) {
                Some((next, _)) if next.start_us <= most => next.start_us,
                _ => match super::reader::read_trailer(&*self.core.disk, &name.path()) {
                    Ok(trailer) => trailer.end_us,
                    Err(_) if self.is_recorded(name.start_us) => continue, // known from when it could be read
                    Err(_) => most,
                },
            };
            self.time_line.occupy(name.start_us, until_us);
        }
        self.learnt_from = Some(from);
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
            Job::End(at) => {
                if self.is_silent_at(at.mono_us) {
                    self.lose(Cause::Silent);
                }
                self.close(None);
                self.gop.clear();
                self.tell_before_leaving(at.wall_us);
                if let Some(spare) = self.spare.take() {
                    spare.set_aside();
                }
            }
        }
    }

    /// [`Job::End`], where there is nobody to say it.
    pub fn end_now(&mut self) {
        let now = self.core.clock.now();
        self.handle(Job::End(now));
    }

    /// Told every 500 ms or so: silence and old gaps become known without a frame.
    pub fn tick(&mut self) {
        let mono_us = self.core.clock.mono_us();
        self.notice_failed_sync();
        if self.is_silent_at(mono_us) {
            self.lose(Cause::Silent);
        }
        self.sync_if_due(mono_us);
        let told_after_us = self.silent_us();
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

    fn silent_us(&self) -> i64 {
        i64::from(self.core.config.silent_ms) * 1000
    }

    /// For so long no pictures were handed on. When they are written says nothing: what keeps a writer waiting is the
    /// disk.
    fn is_silent_at(&self, mono_us: i64) -> bool {
        mono_us - self.counters.handed_mono_us.load(Ordering::Relaxed) >= self.silent_us()
    }

    fn fragment(&mut self, job: FragmentJob) {
        let mono_us = self.core.clock.mono_us();
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
        let waited = self.waited_in_silence(&job);
        let FragmentJob { units, next, .. } = job;
        let written = match self.segment.is_some() {
            true => self.write(&units, next, waited),
            false => self.begin(&units, next, waited, mono_us),
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
    fn begin(&mut self, units: &[Arc<AccessUnit>], next: Next, waited: bool, mono_us: i64) -> bool {
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
            return self.write(units, next, waited);
        }
        let gop = std::mem::take(&mut self.gop);
        let written = self.write(&gop, follow(units), false) && self.write(units, next, waited);
        self.gop = gop;
        written
    }

    fn is_recorded(&self, clock_us: i64) -> bool {
        self.time_line.place(clock_us, 1) != clock_us
    }

    fn open(&mut self, first: &AccessUnit, anew: bool) -> io::Result<()> {
        let clock_us = self.clock_at_dts(first);
        let day = super::place::day(clock_us.max(0));
        if self.learnt_from.as_ref().is_none_or(|from| day < *from) {
            self.learn_what_is_recorded(clock_us);
        }
        if !anew {
            for (from_us, until_us) in std::mem::take(&mut self.doubted) {
                self.time_line.occupy(from_us, until_us);
            }
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

    /// Appends to the open segment; a write that fails is tried once more on the same bytes. `waited`: in silence, and
    /// for no next picture.
    fn write(&mut self, units: &[Arc<AccessUnit>], next: Next, waited: bool) -> bool {
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
                self.wrote(units, next, waited, if first_of_file { from_us } else { started_us });
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
        let last_picture_us = if end_us == open.end_us() { open.pictures_end_us() } else { end_us };
        if let Some(taken_us) = self.time_line.next_start(open.start_us()) {
            end_us = end_us.min(taken_us);
        }
        if open.is_empty() {
            self.spare = Arc::into_inner(open.file);
            return;
        }
        self.time_line.occupy(open.start_us(), end_us);
        self.counters.recorded_until(last_picture_us.min(end_us));
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
        self.doubted.push((gap_from_us, end_us));
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
                let from_us = self.counters.recorded_until_us().unwrap_or(wall_us);
                self.gap = Some(Gap { from_us, since_mono_us: mono_us, cause, told: false });
            }
        }
    }

    /// What is missing up to the end is not lost in silence because it was too short yet to be told.
    fn tell_before_leaving(&mut self, until_us: i64) {
        let Some(gap) = self.gap.take().filter(|gap| !gap.told) else { return };
        if until_us - gap.from_us >= shortest_us(gap.cause) {
            self.tell(gap.from_us, Some(until_us), gap.cause);
        }
    }

    /// What ends one gap ends every one that was told before: that of an overload goes on.
    fn tell(&self, from_us: i64, until_us: Option<i64>, cause: Cause) {
        let gap =
            |from_us, until_us, cause| Event::Gap { stream: self.stream.clone(), from_us, until_us, cause };
        (self.core.events)(gap(from_us, until_us, cause));
        if let Some(from_us) = self.counters.overloaded_since_us().filter(|_| until_us.is_some()) {
            (self.core.events)(gap(from_us, None, Cause::WriteOverload));
        }
    }

    /// These pictures waited for a next one, and what made them be handed on at last was none: the connection or the
    /// recording ended.
    fn waited_in_silence(&self, job: &FragmentJob) -> bool {
        let last = job.units.iter().rfind(|unit| unit.track == Track::Video);
        job.next.video_dts.is_none()
            && last.is_some_and(|last| job.handed_mono_us - last.mono_us >= self.silent_us())
    }

    /// A camera that fell silent and goes on leaves its hole behind the last picture before it, which came to be
    /// written only when the next one told how long it lasts: from when until when, in recording time. So does one
    /// that left pictures out because its link was full; there, what came late kept coming meanwhile.
    fn silence_after(&self, units: &[Arc<AccessUnit>], next: Next) -> Option<(i64, i64)> {
        let last = units.iter().rfind(|unit| unit.track == Track::Video)?;
        let open = self.segment.as_ref()?;
        let (from_us, until_us) = (open.at_us(last.dts), open.at_us(next.video_dts?));
        (until_us - from_us >= self.silent_us()).then_some((from_us, until_us))
    }

    /// Something was written that begins at `from_us`: a gap before it ends there, but for a silence in which it had
    /// waited. Sound alone ends none.
    fn wrote(&mut self, units: &[Arc<AccessUnit>], next: Next, waited: bool, from_us: i64) {
        if units.iter().all(|unit| unit.track != Track::Video) {
            return;
        }
        let Some(open) = &self.segment else { return };
        let (goes_on, end_us) = (open.start_us() < from_us, open.pictures_end_us());
        self.counters.recorded_until(end_us);
        let silence = self.silence_after(units, next);
        // Of a new file, too, the first pictures may have waited: nothing is missing before them.
        let within = |gap: &Gap| gap.cause == Cause::Silent && (goes_on || gap.from_us >= from_us);
        match &mut self.gap {
            Some(gap) if within(gap) && waited => gap.from_us = gap.from_us.max(end_us),
            Some(gap) if within(gap) && silence.is_some() => self.gap = None,
            _ => self.regain(from_us),
        }
        if let Some((from_us, until_us)) = silence {
            self.tell(from_us, Some(until_us), Cause::Silent);
        }
        if waited {
            self.lose(Cause::Silent);
        }
    }

    /// A gap ends.
    fn regain(&mut self, from_us: i64) {
        let Some(gap) = self.gap.take() else { return };
        if !gap.told && from_us - gap.from_us < shortest_us(gap.cause) {
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
/// Shorter breaks between two recorded fragments are not worth a row, unless pictures are known to be lost in them.
const SHORTEST_GAP_US: i64 = 200_000;
/// No picture of a camera lasts so short.
const SHORTEST_LOSS_US: i64 = 10_000;

fn shortest_us(cause: Cause) -> i64 {
    match cause {
        Cause::DiskFull | Cause::DiskFault | Cause::WriteOverload | Cause::NoKeyFrame => SHORTEST_LOSS_US,
        _ => SHORTEST_GAP_US,
    }
}

/// Decoding times at which the next units begin.
fn follow(units: &[Arc<AccessUnit>]) -> Next {
    let first = |track| units.iter().find(|unit| unit.track == track).map(|unit| unit.dts);
    Next { video_dts: first(Track::Video), audio_dts: first(Track::Audio) }
}
