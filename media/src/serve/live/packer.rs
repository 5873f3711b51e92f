//! The sink that makes a stream's access units into what its live viewers get.
//!
//! It runs on the ingest thread: two small muxers and one short lock, no I/O. Media time never goes
//! back within a broadcast: after a reconnect it goes on where the wall clock says.

use super::broadcast::{Broadcast, Chunk, Unit};
use crate::{
    frame::{AccessUnit, Format, TICKS_PER_SECOND, Track},
    hub::Sink,
    mux::{AudioCarriage, fmp4},
    plane::streams::{audio_json, video_json},
    serve::websocket::{self, Opcode},
};
use bytes::Bytes;
use serde_json::json;
use std::sync::Arc;

/// Units are coalesced to this length for the economy pace, or to what one read of a batch brings.
const GROUP_TICKS: i64 = TICKS_PER_SECOND / 5;
/// No group grows longer: much may come at once.
const GROUP_MAX_TICKS: i64 = 2 * GROUP_TICKS;
/// Sound waits for the next picture, but not longer than this.
const SOUND_TICKS: i64 = TICKS_PER_SECOND / 10;
/// How far the camera's clock may drift from ours before viewers are given a new epoch.
const DRIFT_US: i64 = 200_000;

/// A stretch of a broadcast with one init segment and one epoch.
pub struct Era {
    /// The `init` message and, after it, the init segment, each as a whole WebSocket frame.
    pub announcement: Bytes,
    /// The init segment alone.
    pub init: Bytes,
}

impl Era {
    fn new(format: &Format, carriage: AudioCarriage, epoch_us: i64) -> Self {
        let init = fmp4::init_segment(format, carriage);
        let audio = if carriage == AudioCarriage::Left { json!(null) } else { audio_json(format) };
        let text = json!({
            "type": "init", "mime": fmp4::mime(format, carriage), "codecs": fmp4::codecs(format, carriage),
            "video": video_json(format), "audio": audio, "epoch_us": epoch_us,
        });
        let mut announcement = websocket::frame(Opcode::Text, text.to_string().as_bytes()).to_vec();
        announcement.extend_from_slice(&websocket::frame(Opcode::Binary, &init));
        Self { announcement: announcement.into(), init }
    }

    #[cfg(test)]
    pub fn nameless() -> Self {
        Self { announcement: Bytes::new(), init: Bytes::new() }
    }
}

/// What holds while the time line runs without a break.
struct Line {
    era: Arc<Era>,
    epoch_us: i64,
    single: fmp4::Fragmenter,
    grouped: fmp4::Fragmenter,
}

/// See the module.
pub struct Packer {
    broadcast: Arc<Broadcast>,
    carriage: AudioCarriage,
    format: Option<Arc<Format>>,
    line: Option<Line>,
    /// Origin of the connection's time line, kept over a change of format.
    origin: Option<i64>,
    /// Wall clock of media time 0 in the first era.
    first_epoch_us: Option<i64>,
    /// Media time up to which something was sent.
    end_ticks: i64,
    sound: Vec<Arc<AccessUnit>>,
    group: Vec<Arc<AccessUnit>>,
    last_video_dts: Option<i64>,
    /// The longest recent distance between pictures. A picture claims it as its duration: browsers
    /// drop everything up to the next key frame when a picture comes later than twice the duration
    /// of the one before (Media Source Extensions §3.5.8, step 6); claiming too much does no harm.
    longest_ticks: i64,
    /// The last distance between pictures.
    usual_ticks: i64,
}

impl Packer {
    pub fn new(broadcast: Arc<Broadcast>, audio: bool) -> Self {
        Self {
            broadcast,
            carriage: if audio { AudioCarriage::ForBrowsers } else { AudioCarriage::Left },
            format: None,
            line: None,
            origin: None,
            first_epoch_us: None,
            end_ticks: 0,
            sound: Vec::new(),
            group: Vec::new(),
            last_video_dts: None,
            longest_ticks: 0,
            usual_ticks: 0,
        }
    }

    fn follow_format(&mut self, unit: &AccessUnit) {
        let same = self.format.as_ref().is_some_and(|format| Arc::ptr_eq(format, &unit.format));
        if same {
            return;
        }
        let equal = self.format.as_ref().is_some_and(|format| **format == *unit.format);
        self.format = Some(unit.format.clone());
        if !equal {
            self.flush_group();
            self.sound.clear();
            self.line = None;
        }
    }

    /// Begins an era at a key frame where there is none, or where the clocks have drifted apart.
    fn begin(&mut self, unit: &AccessUnit) {
        if self.line.as_ref().is_some_and(|line| {
            let epoch_us = line.single.epoch_us(unit);
            (epoch_us - line.epoch_us).abs() <= DRIFT_US
        }) {
            return;
        }
        let origin = *self.origin.get_or_insert_with(|| {
            let since_us = self.first_epoch_us.map_or(0, |epoch| unit.wall_us - epoch);
            unit.dts - fmp4::us_to_ticks(since_us).max(self.end_ticks)
        });
        let single = match self.line.take() {
            Some(line) => line.single,
            None => fmp4::Fragmenter::new(origin, self.carriage),
        };
        let epoch_us = single.epoch_us(unit);
        self.first_epoch_us.get_or_insert(epoch_us);
        let era = Arc::new(Era::new(&unit.format, self.carriage, epoch_us));
        let grouped = fmp4::Fragmenter::new(origin, self.carriage);
        self.line = Some(Line { era, epoch_us, single, grouped });
    }

    fn video(&mut self, unit: &Arc<AccessUnit>) {
        if unit.key {
            self.flush_group();
            self.begin(unit);
        }
        if self.line.is_none() {
            return; // nothing decodable yet
        }
        if let Some(last) = self.last_video_dts.replace(unit.dts) {
            let ticks = (unit.dts - last).clamp(0, TICKS_PER_SECOND);
            self.usual_ticks = ticks;
            // Forgets a long distance over some 60 pictures.
            self.longest_ticks = ticks.max(self.longest_ticks - self.longest_ticks / 64);
        }
        let mut units = std::mem::take(&mut self.sound);
        units.push(unit.clone());
        self.push(units, unit.key);
    }

    fn audio(&mut self, unit: &Arc<AccessUnit>) {
        if self.line.is_none() || self.carriage == AudioCarriage::Left {
            return;
        }
        self.sound.push(unit.clone());
        if self.sound.first().is_some_and(|first| unit.dts - first.dts >= SOUND_TICKS) {
            let units = std::mem::take(&mut self.sound);
            self.push(units, false);
        }
    }

    fn push(&mut self, units: Vec<Arc<AccessUnit>>, key: bool) {
        let next = self.next();
        let Some(line) = &mut self.line else { return };
        let Some(fragment) = line.single.fragment(&units, next) else { return };
        self.end_ticks = self.end_ticks.max(fragment.start_ticks + fragment.duration_ticks);
        let wall_us = units.last().map_or(0, |unit| unit.wall_us);
        self.broadcast.push(Unit {
            era: line.era.clone(),
            chunk: Chunk::new(&fragment.head, &fragment.payloads),
            key,
            wall_us,
        });
        self.group.extend(units);
        if self.group_ticks() >= GROUP_MAX_TICKS {
            self.flush_group();
        }
    }

    /// How long the group is that is being collected.
    fn group_ticks(&self) -> i64 {
        match (self.group.first(), self.group.last()) {
            (Some(first), Some(last)) => last.dts + self.usual_ticks - first.dts,
            _ => 0,
        }
    }

    fn next(&self) -> fmp4::Next {
        let video_dts = match (self.last_video_dts, self.longest_ticks) {
            (Some(last), ticks) if ticks > 0 => Some(last + ticks),
            _ => None,
        };
        fmp4::Next { video_dts, audio_dts: None }
    }

    fn flush_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let units = std::mem::take(&mut self.group);
        let next = self.next();
        let Some(line) = &mut self.line else { return };
        if let Some(fragment) = line.grouped.fragment(&units, next) {
            self.broadcast.push_group(Chunk::new(&fragment.head, &fragment.payloads));
        }
    }
}

impl Sink for Packer {
    fn access_unit(&mut self, unit: &Arc<AccessUnit>) -> bool {
        self.follow_format(unit);
        match unit.track {
            Track::Video => self.video(unit),
            Track::Audio => self.audio(unit),
        }
        true
    }

    fn caught_up(&mut self, batched: bool) {
        if batched || self.group_ticks() >= GROUP_TICKS {
            self.flush_group();
        }
    }

    fn discontinuity(&mut self) {
        self.flush_group();
        self.sound.clear();
        self.line = None;
        self.origin = None;
        self.last_video_dts = None;
    }
}
