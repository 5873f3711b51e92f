//! The recorder's sink at a hub: gathers access units into fragments on the ingest thread and hands them
//! on through a bounded queue. Never blocks; what does not fit is an explained gap.

use super::stats::StreamCounters;
use super::stream::{Core, FragmentJob, Job};
use crate::clock::JUMP_US;
use crate::event::{Cause, Event};
use crate::frame::{AccessUnit, TICKS_PER_SECOND, Track};
use crate::hub::Sink;
use crate::mux::Next;
use crate::mux::fmp4::{ticks_to_us, us_to_ticks};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Payload of one fragment before it is cut short.
const MOST_FRAGMENT_BYTES: usize = 16 << 20;

/// How long after a cut the fragment before it waits for its sound. Pictures and sound come side by side,
/// not in the order of their times; half a second is far beyond what cameras let sound lag.
const LATE_SOUND_TICKS: i64 = TICKS_PER_SECOND / 2;

/// Takes jobs for one stream. `false`: the queue is full.
pub type JobQueue = Box<dyn FnMut(Job) -> bool + Send>;

/// Where the current segment began, for cuts.
struct Begun {
    dts: i64,
    clock_us: i64,
    /// Wall clock at which the next key frame begins a new segment.
    cut_at_us: i64,
    bytes: u64,
}

/// The last fragment of a segment whose successor has begun: sound of its time may still be on its way.
struct Held {
    units: Vec<Arc<AccessUnit>>,
    begins: bool,
    /// Decoding time of the key frame after it.
    cut_dts: i64,
}

/// See the module.
pub struct GatheringSink {
    core: Arc<Core>,
    stream: String,
    counters: Arc<StreamCounters>,
    queue: JobQueue,
    pending: Vec<Arc<AccessUnit>>,
    pending_bytes: usize,
    /// The pending units begin a segment.
    begins: bool,
    held: Option<Held>,
    begun: Option<Begun>,
    video_ticks: i64,
    after_loss: Option<Cause>,
}

impl GatheringSink {
    pub fn new(core: Arc<Core>, stream: &str, counters: Arc<StreamCounters>, queue: JobQueue) -> Self {
        Self {
            core,
            stream: stream.to_owned(),
            counters,
            queue,
            pending: Vec::new(),
            pending_bytes: 0,
            begins: false,
            held: None,
            begun: None,
            video_ticks: 0,
            after_loss: None,
        }
    }

    fn take(&mut self, unit: &Arc<AccessUnit>) {
        if unit.format.video.is_none() {
            return;
        }
        if unit.track == Track::Video && unit.key {
            if self.segment_is_due(unit) {
                self.hold(unit);
                self.begin(unit);
            } else if self.pending_ticks(unit) * 2 >= self.most_ticks() {
                self.flush(Some(unit));
            }
        }
        let Some(begun_dts) = self.begun.as_ref().map(|begun| begun.dts) else { return };
        if unit.track == Track::Audio {
            if unit.dts < begun_dts {
                return self.keep_late(unit);
            }
            self.release(Some(unit.dts));
        } else if unit.dts - begun_dts > LATE_SOUND_TICKS {
            self.release(None);
        }
        if self.pending.first().is_some_and(|first| !same_format(first, unit)) {
            self.flush(None);
            self.begun = None; // until the next key frame, in the new format
            self.after_loss = self.after_loss.or(Some(Cause::NoKeyFrame));
            return;
        }
        let own_ticks = if unit.track == Track::Video { self.video_ticks } else { 0 };
        if self.pending_ticks(unit) + own_ticks > self.most_ticks()
            || self.pending_bytes > MOST_FRAGMENT_BYTES
        {
            self.flush(Some(unit));
        }
        self.keep(unit);
    }

    fn keep(&mut self, unit: &Arc<AccessUnit>) {
        if unit.track == Track::Video
            && let Some(last) = self.pending.iter().rfind(|unit| unit.track == Track::Video)
        {
            self.video_ticks = (unit.dts - last.dts).clamp(0, self.most_ticks() / 2);
        }
        self.pending_bytes += unit.payload.len();
        self.pending.push(unit.clone());
    }

    fn most_ticks(&self) -> i64 {
        us_to_ticks(i64::from(self.core.config.fragment_ms) * 1000)
    }

    fn pending_ticks(&self, unit: &AccessUnit) -> i64 {
        self.pending.first().map_or(0, |first| unit.dts - first.dts)
    }

    fn segment_is_due(&self, key: &Arc<AccessUnit>) -> bool {
        let Some(begun) = &self.begun else { return true };
        let clock_us = key.wall_us - ticks_to_us(key.pts - key.dts);
        let expected_us = begun.clock_us + ticks_to_us(key.dts - begun.dts);
        clock_us >= begun.cut_at_us
            || (clock_us - expected_us).abs() > JUMP_US
            || begun.bytes > self.core.config.segment_max_bytes
            || self.pending.first().is_some_and(|first| !same_format(first, key))
    }

    fn begin(&mut self, key: &AccessUnit) {
        let clock_us = key.wall_us - ticks_to_us(key.pts - key.dts);
        let step_us = i64::from(self.core.config.segment_seconds) * 1_000_000;
        let cut_at_us = (clock_us.div_euclid(step_us) + 1) * step_us;
        self.begun = Some(Begun { dts: key.dts, clock_us, cut_at_us, bytes: 0 });
        self.begins = true;
    }

    /// Ends the pending units' segment at this key frame; what precedes it waits for its sound.
    fn hold(&mut self, key: &Arc<AccessUnit>) {
        if key.format.audio.is_none() || self.pending.is_empty() {
            return self.flush(Some(key));
        }
        self.release(None);
        self.held = Some(Held {
            units: std::mem::take(&mut self.pending),
            begins: std::mem::take(&mut self.begins),
            cut_dts: key.dts,
        });
        self.pending_bytes = 0;
    }

    /// Sound from before the cut. Without a fragment that waits for it, it precedes the recording.
    fn keep_late(&mut self, unit: &Arc<AccessUnit>) {
        let Some(held) = &mut self.held else { return };
        let sounds_alike = held.units.first().is_some_and(|first| first.format.audio == unit.format.audio);
        if sounds_alike {
            held.units.push(unit.clone());
        }
    }

    /// Hands the fragment before a cut on; `audio_dts` of the first sound after it, where that is known.
    fn release(&mut self, audio_dts: Option<i64>) {
        let Some(Held { units, begins, cut_dts }) = self.held.take() else { return };
        self.hand_on(units, Next { video_dts: Some(cut_dts), audio_dts }, begins);
    }

    /// Hands the pending units on; `next` is the unit that follows them.
    fn flush(&mut self, next: Option<&Arc<AccessUnit>>) {
        self.release(None);
        if self.pending.is_empty() {
            return;
        }
        let units = std::mem::take(&mut self.pending);
        if let Some(begun) = &mut self.begun {
            begun.bytes += self.pending_bytes as u64;
        }
        self.pending_bytes = 0;
        let follows = |track| next.filter(|unit| unit.track == track).map(|unit| unit.dts);
        let next = Next { video_dts: follows(Track::Video), audio_dts: follows(Track::Audio) };
        let begins = std::mem::take(&mut self.begins);
        if !self.hand_on(units, next, begins) {
            self.begun = None;
        }
    }

    /// `false`: there was no room, and a gap is told.
    fn hand_on(&mut self, units: Vec<Arc<AccessUnit>>, next: Next, begin: bool) -> bool {
        let payload_bytes = units.iter().map(|unit| unit.payload.len()).sum();
        let after_loss = self.after_loss.take();
        let from_us = units.first().map_or(0, |unit| unit.wall_us);
        let handed_mono_us = self.core.clock.mono_us();
        if units.iter().any(|unit| unit.track == Track::Video) {
            self.counters.handed_mono_us.store(handed_mono_us, Ordering::Relaxed);
        }
        let job = FragmentJob { units, next, begin, after_loss, payload_bytes, handed_mono_us };
        if self.has_room(payload_bytes) && self.send(Job::Fragment(job), payload_bytes) {
            self.counters.overloaded_since(None);
            return true;
        }
        self.counters.dropped_fragments.fetch_add(1, Ordering::Relaxed);
        self.after_loss = Some(Cause::WriteOverload);
        if self.counters.overloaded_since_us().is_none() {
            let from_us = self.counters.recorded_until_us().unwrap_or(from_us).min(from_us);
            self.counters.overloaded_since(Some(from_us));
            (self.core.events)(Event::Gap {
                stream: self.stream.clone(),
                from_us,
                until_us: None,
                cause: Cause::WriteOverload,
            });
        }
        false
    }

    fn has_room(&self, bytes: usize) -> bool {
        let config = &self.core.config;
        let queued = self.counters.queued_bytes.load(Ordering::Relaxed);
        if queued + bytes > config.write_backlog_bytes {
            return false;
        }
        let waits_us = self.core.clock.mono_us() - self.counters.taken_mono_us.load(Ordering::Relaxed);
        self.counters.queued_jobs.load(Ordering::Relaxed) == 0
            || waits_us <= i64::from(config.write_backlog_ms) * 1000
    }

    fn send(&mut self, job: Job, bytes: usize) -> bool {
        if self.counters.queued_jobs.fetch_add(1, Ordering::Relaxed) == 0 {
            self.counters.taken_mono_us.store(self.core.clock.mono_us(), Ordering::Relaxed);
        }
        self.counters.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        let sent = (self.queue)(job);
        if !sent {
            self.counters.queued_jobs.fetch_sub(1, Ordering::Relaxed);
            self.counters.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        }
        sent
    }
}

impl Sink for GatheringSink {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        self.take(unit);
        true
    }

    fn discontinuity(&mut self) {
        self.flush(None);
        self.begun = None;
        self.video_ticks = 0;
        self.send(Job::Discontinuity, 0);
    }
}

impl Drop for GatheringSink {
    fn drop(&mut self) {
        self.flush(None);
        self.send(Job::End(self.core.clock.now()), 0);
    }
}

fn same_format(one: &AccessUnit, other: &AccessUnit) -> bool {
    Arc::ptr_eq(&one.format, &other.format) || one.format == other.format
}
