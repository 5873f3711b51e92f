//! One segment while it is written: fragments with their digest boxes appended to a `.part` file, then
//! trailer, sync, rename, directory sync. Steps 2–5 of the write path (`docs/design/recording.md`).
//!
//! When to begin and end one is [`super::stream`]'s; what may go wrong is decided there too.

use super::digest_box::{FragmentFacts, Hash};
use super::disk::{Disk, DiskFile, uninterrupted};
use super::place::{SUSPECT, SegmentName, UNFINISHED};
use super::trailer::{CODECS_BYTES, Origin, TRAILER_BYTES, Trailer};
use crate::clock::JUMP_US;
use crate::event::Segment;
use crate::frame::{AccessUnit, Format};
use crate::mux::fmp4::ticks_to_us;
use crate::mux::{AudioCarriage, Fragmenter, Next, codecs, init_segment};
use bytes::Bytes;
use sha2_recording::{Digest, Sha256};
use std::io::{self, IoSlice};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The file of a segment, shared with the threads that sync it.
pub struct SegmentFile {
    pub name: SegmentName,
    disk: Arc<dyn Disk>,
    file: Box<dyn DiskFile>,
    /// Directories whose entries lead to this file and may not be durable yet.
    folders: Mutex<Vec<String>>,
    failed: AtomicBool,
    /// Monotonic time at which a sync was asked for that has not come back, or 0.
    sync_asked_us: AtomicI64,
}

impl SegmentFile {
    /// Creates `{path}.part` and the directories above it.
    pub fn create(disk: &Arc<dyn Disk>, name: SegmentName) -> io::Result<Self> {
        let folder = name.folder();
        uninterrupted(|| disk.create_folder(&name.stream))?;
        uninterrupted(|| disk.create_folder(&folder))?;
        let file = uninterrupted(|| disk.create(&name.path_as(UNFINISHED)))?;
        let folders = Mutex::new(vec![String::new(), name.stream.clone(), folder]);
        Ok(Self {
            name,
            disk: disk.clone(),
            file,
            folders,
            failed: AtomicBool::new(false),
            sync_asked_us: AtomicI64::new(0),
        })
    }

    /// The same empty file under another name: while a disk is full, attempts leave no trail of files.
    pub fn renamed(mut self, name: SegmentName) -> io::Result<Self> {
        let folder = name.folder();
        uninterrupted(|| self.disk.create_folder(&folder))?;
        uninterrupted(|| self.disk.rename(&self.name.path_as(UNFINISHED), &name.path_as(UNFINISHED)))?;
        let folders = self.folders.get_mut().unwrap_or_else(PoisonError::into_inner);
        *folders = vec![String::new(), name.stream.clone(), self.name.folder(), folder];
        self.name = name;
        Ok(self)
    }

    /// Makes what was written so far durable, the way to the file included. After a failure the file is
    /// never believed again: kernels may have dropped the pages and would report success next time.
    pub fn sync(&self) -> io::Result<()> {
        let result = uninterrupted(|| self.file.sync_data()).and_then(|()| self.sync_folders());
        if result.is_err() {
            // At once: should the program end now, the next start must not believe what it reads here.
            self.set_aside();
        }
        self.sync_asked_us.store(0, Ordering::Release);
        result
    }

    fn sync_folders(&self) -> io::Result<()> {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(folder) = folders.last() {
            uninterrupted(|| self.disk.sync_folder(folder))?;
            folders.pop();
        }
        Ok(())
    }

    /// A sync failed: nothing in this file is believed.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// `false` if one is under way already.
    pub fn ask_for_sync(&self, mono_us: i64) -> bool {
        self.sync_asked_us.compare_exchange(0, mono_us.max(1), Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// How long a sync has been under way.
    pub fn sync_waits_us(&self, mono_us: i64) -> i64 {
        match self.sync_asked_us.load(Ordering::Acquire) {
            0 => 0,
            asked => mono_us - asked,
        }
    }

    /// Puts the file aside under a name that says so. It is kept; nobody reads it as a recording.
    pub fn set_aside(&self) {
        self.failed.store(true, Ordering::Release);
        let (from, to) = (self.name.path_as(UNFINISHED), self.name.path_as(SUSPECT));
        let _kept_as_part = uninterrupted(|| self.disk.rename(&from, &to));
    }
}

/// A segment that takes fragments.
pub struct OpenSegment {
    pub file: Arc<SegmentFile>,
    origin: Origin,
    /// Its first pictures were kept in memory: what a file before it has of them is not believed.
    anew: bool,
    format: Arc<Format>,
    fragmenter: Fragmenter,
    init: Bytes,
    previous: Hash,
    digests: Sha256,
    /// Everything before this offset is whole.
    offset: u64,
    fragments: u32,
    video_frames: u32,
    key_frames: u32,
    end_ticks: i64,
    pictures_end: i64,
    /// Wall clock minus monotonic clock at the last fragment.
    clock_offset_us: Option<i64>,
}

impl OpenSegment {
    /// `first` becomes media time 0 by its decoding time. Nothing is written before the first fragment.
    /// `clock_offset_us`: wall clock less monotonic clock at the end of the segment before, so that a jump
    /// between two segments is marked as well.
    pub fn new(file: SegmentFile, origin: Origin, first: &AccessUnit, clock_offset_us: Option<i64>) -> Self {
        let format = first.format.clone();
        let init = init_segment(&format, AudioCarriage::Original);
        Self {
            file: Arc::new(file),
            origin,
            anew: false,
            fragmenter: Fragmenter::new(first.dts, AudioCarriage::Original),
            previous: Sha256::digest(&init).into(),
            init,
            format,
            digests: Sha256::new(),
            offset: 0,
            fragments: 0,
            video_frames: 0,
            key_frames: 0,
            end_ticks: 0,
            pictures_end: 0,
            clock_offset_us,
        }
    }

    /// Begins with pictures that were kept in memory.
    pub fn anew(self, anew: bool) -> Self {
        Self { anew, ..self }
    }

    /// Appends one fragment with one gathered write. After an error the file is cut back to its last
    /// whole fragment and the same units may be given again. `clock_offset_us`: wall clock less monotonic
    /// clock now. The units' own times do not tell a jump: a camera that stalls and then sends all at once
    /// has units that were seen long before they arrived.
    pub fn append(&mut self, units: &[Arc<AccessUnit>], next: Next, clock_offset_us: i64) -> io::Result<u64> {
        let before = self.fragmenter.clone();
        let Some(fragment) = self.fragmenter.fragment(units, next) else { return Ok(0) };
        let first = &units[0];
        let jump = self.clock_offset_us.is_some_and(|old| (clock_offset_us - old).abs() > JUMP_US);
        let facts = FragmentFacts {
            stream: self.file.name.stream.clone(),
            segment: self.file.name.sequence,
            number: self.fragments,
            key: fragment.starts_with_key,
            clock_jump: jump,
            anew: self.anew && self.fragments == 0,
            video_frames: fragment.video_frames.min(0xFFFF) as u16,
            key_frames: fragment.key_frames.min(0xFFFF) as u16,
            start_ticks: fragment.start_ticks as u64,
            duration_ticks: fragment.duration_ticks.clamp(0, i64::from(u32::MAX)) as u32,
            wall_us: self.file.name.start_us + ticks_to_us(fragment.start_ticks),
            clock_us: first.wall_us,
            mono_us: first.mono_us,
            length: fragment.bytes as u64,
            previous: self.previous,
        };
        let parts = || std::iter::once(&fragment.head).chain(&fragment.payloads).map(|part| &part[..]);
        let (digest_box, digest) = facts.seal(parts());
        let init = if self.fragments == 0 { &self.init[..] } else { &[] };
        let mut slices: Vec<IoSlice<'_>> = Vec::with_capacity(fragment.payloads.len() + 3);
        slices.extend([init, &digest_box[..]].map(IoSlice::new));
        slices.extend(parts().map(IoSlice::new));
        let length = init.len() + digest_box.len() + fragment.bytes;
        if let Err(error) = self.file.file.write_all_at(self.offset, &mut slices) {
            self.fragmenter = before;
            let file = &self.file.file;
            let _tail_is_cut_by_its_digest_anyway = uninterrupted(|| file.truncate(self.offset));
            return Err(error);
        }
        self.previous = digest;
        self.digests.update(digest);
        self.offset += length as u64;
        self.fragments += 1;
        self.video_frames += fragment.video_frames;
        self.key_frames += fragment.key_frames;
        self.end_ticks = self.end_ticks.max(fragment.start_ticks + fragment.duration_ticks);
        self.pictures_end = fragment.pictures_end.unwrap_or(self.pictures_end);
        self.clock_offset_us = Some(clock_offset_us);
        Ok(length as u64)
    }

    pub fn format(&self) -> &Arc<Format> {
        &self.format
    }

    pub fn bytes(&self) -> u64 {
        self.offset
    }

    /// Wall clock less monotonic clock at the last fragment.
    pub fn clock_offset_us(&self) -> Option<i64> {
        self.clock_offset_us
    }

    pub fn is_empty(&self) -> bool {
        self.fragments == 0
    }

    pub fn start_us(&self) -> i64 {
        self.file.name.start_us
    }

    /// Recording time of a unit by its decoding time.
    pub fn at_us(&self, dts: i64) -> i64 {
        self.start_us() + ticks_to_us(dts - self.fragmenter.origin_dts())
    }

    /// Recording time at which its last sample ends.
    pub fn end_us(&self) -> i64 {
        self.start_us() + ticks_to_us(self.end_ticks)
    }

    /// Recording time at which its last picture ends: its sound may run on.
    pub fn pictures_end_us(&self) -> i64 {
        self.start_us() + ticks_to_us(self.pictures_end)
    }

    /// No more fragments. The rest is [`Closing::run`], on a thread that may wait for the disk.
    pub fn close(self, end_us: i64) -> Closing {
        let video = self.format.video.as_ref();
        let mut names = codecs(&self.format, AudioCarriage::Original);
        names.truncate(CODECS_BYTES);
        let trailer = Trailer {
            name: self.file.name.clone(),
            origin: self.origin,
            end_us: end_us.max(self.start_us()),
            body_bytes: self.offset,
            init_bytes: self.init.len() as u32,
            fragments: self.fragments,
            video_frames: self.video_frames,
            key_frames: self.key_frames,
            width: video.map_or(0, |video| video.width),
            height: video.map_or(0, |video| video.height),
            digest: self.digests.finalize().into(),
            codecs: names,
        };
        Closing { file: self.file, trailer, step: Step::Trailer }
    }
}

/// How far closing has come; each step is repeated only if repeating it is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Trailer,
    Rename,
    Done,
}

/// A segment on its way from the last fragment to "stored".
pub struct Closing {
    pub file: Arc<SegmentFile>,
    trailer: Trailer,
    step: Step,
}

/// Why closing did not succeed.
#[derive(Debug)]
pub enum CloseError {
    /// Nothing is broken yet: worth trying again, e.g. when there is space.
    Again(io::Error),
    /// A sync failed, now or earlier: the segment is suspect.
    Suspect(io::Error),
}

impl Closing {
    /// What will be announced once it is stored.
    pub fn segment(&self) -> Segment {
        self.trailer.segment()
    }

    /// Whose file it is, and from when until when it lasts.
    pub fn span(&self) -> (&str, i64, i64) {
        (&self.trailer.name.stream, self.trailer.name.start_us, self.trailer.end_us)
    }

    /// Trailer, sync, rename, directory sync. `Ok` means stored.
    pub fn run(&mut self) -> Result<Segment, CloseError> {
        if self.file.failed() {
            return Err(CloseError::Suspect(io::Error::other("an earlier sync of this file failed")));
        }
        if self.step == Step::Trailer {
            let sealed = self.trailer.seal();
            let body = self.trailer.body_bytes;
            let file = &*self.file.file;
            file.write_all_at(body, &mut [IoSlice::new(&sealed)]).map_err(CloseError::Again)?;
            uninterrupted(|| file.truncate(body + TRAILER_BYTES as u64)).map_err(CloseError::Again)?;
            uninterrupted(|| file.sync_all()).map_err(CloseError::Suspect)?;
            self.step = Step::Rename;
        }
        if self.step == Step::Rename {
            let name = &self.file.name;
            uninterrupted(|| self.file.disk.rename(&name.path_as(UNFINISHED), &name.path()))
                .map_err(CloseError::Again)?;
            self.file.folders.lock().unwrap_or_else(PoisonError::into_inner).push(name.folder());
            self.step = Step::Done;
        }
        self.file.sync_folders().map_err(CloseError::Suspect)?;
        Ok(self.segment())
    }

    /// Gives the file up: kept under a name that says so.
    pub fn set_aside(&self) {
        if self.step == Step::Done {
            let name = &self.file.name;
            let _kept_under_its_name = self.file.disk.rename(&name.path(), &name.path_as(SUSPECT));
        }
        self.file.set_aside();
    }
}
