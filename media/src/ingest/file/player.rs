//! Which unit of a clip is due when. No clock of its own: time is given.

use super::{clip::Clip, numbering::FrameNumber};
use crate::frame::{AccessUnit, TICKS_PER_SECOND, Track};
use std::{io, sync::Arc};

/// Behind by more than this, a player starts again from a key frame instead of catching up.
const LATE_MAX_TICKS: i64 = 2 * TICKS_PER_SECOND;

/// When a clip's beginning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// For ever, in phase with the wall clock: position = wall time modulo length.
    Looped,
    /// Once, beginning at the first call.
    Once,
}

/// What a call of [`Player::advance`] brought.
pub enum Step {
    /// Units in order; the next is due at this wall clock, microseconds since the Unix epoch.
    Units(Vec<Arc<AccessUnit>>, i64),
    /// As `Units`, after the wall clock was set back: their times begin anew.
    Restarted(Vec<Arc<AccessUnit>>, i64),
    /// Played to its end.
    Ended(Vec<Arc<AccessUnit>>),
}

/// Plays one clip. Times of units are ticks since the Unix epoch, so they rise over loops and reconnects.
pub struct Player {
    clip: Arc<Clip>,
    schedule: Schedule,
    /// Camera id to number frames with.
    camera: Option<String>,
    cursor: Option<Cursor>,
}

#[derive(Clone, Copy)]
struct Cursor {
    /// Ticks since the Unix epoch of the clip's beginning in this round.
    base: i64,
    index: usize,
    round: i64,
}

impl Player {
    pub fn new(clip: Arc<Clip>, schedule: Schedule, camera: Option<String>) -> Self {
        Self { clip, schedule, camera, cursor: None }
    }

    /// Forgets where it is; the next call starts from the key frame before that moment.
    pub fn rewind(&mut self) {
        self.cursor = None;
    }

    /// Everything due up to now. The first call also brings what lies between the last key frame and now, so
    /// that a picture can be shown at once. Reads the file.
    pub fn advance(&mut self, wall_us: i64, mono_us: i64) -> io::Result<Step> {
        let now = ticks(wall_us);
        let before = self.cursor;
        let mut cursor = self.place(now);
        let set_back =
            before.is_some_and(|before| cursor.base + self.dts(cursor) < before.base + self.dts(before));
        let mut units = Vec::new();
        while cursor.base + self.dts(cursor) <= now {
            units.push(Arc::new(self.unit(cursor, mono_us)?));
            cursor.index += 1;
            if cursor.index == self.clip.entries.len() {
                if self.schedule == Schedule::Once {
                    return Ok(Step::Ended(units));
                }
                cursor =
                    Cursor { base: cursor.base + self.clip.length_ticks, index: 0, round: cursor.round + 1 };
            }
        }
        self.cursor = Some(cursor);
        let due_us = micros(cursor.base + self.dts(cursor));
        Ok(if set_back { Step::Restarted(units, due_us) } else { Step::Units(units, due_us) })
    }

    fn dts(&self, cursor: Cursor) -> i64 {
        self.clip.entries[cursor.index].sample.dts
    }

    /// The cursor as it is, or a new one at the beginning and after a jump of the clock.
    fn place(&self, now: i64) -> Cursor {
        let length = self.clip.length_ticks;
        match (self.cursor, self.schedule) {
            (Some(cursor), Schedule::Once) => cursor,
            (None, Schedule::Once) => Cursor { base: now, index: self.clip.start_at(0), round: 0 },
            (Some(cursor), Schedule::Looped)
                if (now - cursor.base - self.dts(cursor)).abs() <= LATE_MAX_TICKS =>
            {
                cursor
            }
            (_, Schedule::Looped) => {
                let round = now.div_euclid(length);
                let base = round * length;
                Cursor { base, index: self.clip.start_at(now - base), round }
            }
        }
    }

    fn unit(&self, cursor: Cursor, mono_us: i64) -> io::Result<AccessUnit> {
        let entry = &self.clip.entries[cursor.index];
        let (pts, dts) = (cursor.base + entry.sample.pts, cursor.base + entry.sample.dts);
        let wall_us = micros(pts);
        let before = self.number(cursor, wall_us).unwrap_or_default();
        Ok(AccessUnit {
            track: entry.track,
            pts,
            dts,
            key: entry.sample.key,
            wall_us,
            mono_us,
            payload: self.clip.read(entry, &before)?,
            format: self.clip.format.clone(),
        })
    }

    fn number(&self, cursor: Cursor, wall_us: i64) -> Option<Vec<u8>> {
        let entry = &self.clip.entries[cursor.index];
        let codec = self.clip.format.video.as_ref()?.codec;
        let camera = self.camera.clone()?;
        if entry.track != Track::Video {
            return None;
        }
        let sequence = cursor.round as u64 * u64::from(self.clip.video_frames) + u64::from(entry.number);
        Some(FrameNumber { camera, sequence, wall_us }.encode(codec))
    }
}

/// Rounded to the nearest, so that a time survives the way to ticks and back.
fn ticks(us: i64) -> i64 {
    us.div_euclid(100) * 9 + (us.rem_euclid(100) * 9 + 50) / 100
}

fn micros(ticks: i64) -> i64 {
    ticks.div_euclid(9) * 100 + ticks.rem_euclid(9) * 100 / 9
}
