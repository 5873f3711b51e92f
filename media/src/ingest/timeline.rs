//! What a frame's time means: from RTP timestamps and arrivals to pts, dts and wall clock.
//! `docs/design/time.md` says why. Nothing here knows packets or codecs.

use super::oddity::Oddities;
use crate::clock::Now;
use crate::frame::TICKS_PER_SECOND;

/// A step of the camera's clock that differs from the time that passed by more is a jump, not a pause.
const JUMP_TICKS: i64 = 10 * TICKS_PER_SECOND;
/// Frames may step back by so much in decoding order.
const REORDER_TICKS: i64 = 2 * TICKS_PER_SECOND;
/// Used where nothing tells a frame's length: 40 ms.
const USUAL_FRAME_TICKS: i64 = TICKS_PER_SECOND / 25;
/// So many units in a row with one timestamp: the camera's clock does not run.
const STUCK_UNITS: u32 = 3;

pub fn ticks_of_us(us: i64) -> i64 {
    us * 9 / 100
}

pub fn us_of_ticks(ticks: i64) -> i64 {
    ticks * 100 / 9
}

/// Turns one track's RTP timestamps into ticks since the connection's origin.
#[derive(Debug)]
pub struct TrackClock {
    rate: i64,
    last: Option<Last>,
    same: u32,
    /// Correction in ticks between this track's clock and the connection's origin.
    offset: i64,
    frame_ticks: i64,
    /// Where the last minute of checking the rate began: arrival and unwrapped timestamp.
    checked: Option<(i64, i64)>,
    /// The clock runs at another rate than was said: numerator over a thousand.
    scale_permille: i64,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    raw: u32,
    unwrapped: i64,
    pts: i64,
    arrived_us: i64,
}

impl TrackClock {
    /// `rate` in Hz; 0 is taken for 90 kHz.
    pub fn new(rate: u32) -> Self {
        let rate = if rate == 0 { TICKS_PER_SECOND } else { i64::from(rate) };
        Self { rate, last: None, same: 0, offset: 0, frame_ticks: 0, checked: None, scale_permille: 1000 }
    }

    /// Changes the rate once, when the stream's own configuration contradicts the description.
    pub fn set_frame_ticks(&mut self, ticks: i64) {
        self.frame_ticks = ticks;
    }

    /// pts of a unit with timestamp `raw` that arrived `arrived_us` after the connection's origin.
    pub fn pts(&mut self, raw: u32, arrived_us: i64, oddities: &mut Oddities) -> i64 {
        let Some(last) = self.last else {
            let pts = ticks_of_us(arrived_us);
            self.offset = pts - self.scaled(i64::from(raw));
            self.keep(raw, i64::from(raw), pts, arrived_us);
            self.checked = Some((arrived_us, i64::from(raw)));
            return pts;
        };
        let elapsed = ticks_of_us((arrived_us - last.arrived_us).max(0));
        let step = i64::from(raw.wrapping_sub(last.raw) as i32);
        self.same = if step == 0 { self.same + 1 } else { 0 };
        let unwrapped = last.unwrapped + step;
        if self.same >= STUCK_UNITS {
            oddities.count("timestamp_stuck");
            return self.rebase(raw, unwrapped, last.pts + elapsed.max(self.frame()), arrived_us);
        }
        let pts = self.scaled(unwrapped) + self.offset;
        let moved = pts - last.pts;
        if moved < -REORDER_TICKS || moved - elapsed > JUMP_TICKS || moved + JUMP_TICKS < 0 {
            oddities.count("timestamp_jump");
            return self.rebase(raw, unwrapped, last.pts + elapsed.max(self.frame()), arrived_us);
        }
        self.keep(raw, unwrapped, pts, arrived_us);
        self.check_rate(unwrapped, arrived_us, oddities);
        pts
    }

    /// pts that a sender report's timestamp would have, if it is near the last unit.
    pub fn pts_of_report(&self, raw: u32) -> Option<i64> {
        let last = self.last?;
        let unwrapped = last.unwrapped + i64::from(raw.wrapping_sub(last.raw) as i32);
        let pts = self.scaled(unwrapped) + self.offset;
        ((pts - last.pts).abs() < JUMP_TICKS).then_some(pts)
    }

    /// Moves every later pts.
    pub fn shift(&mut self, ticks: i64) {
        self.offset += ticks;
        if let Some(last) = &mut self.last {
            last.pts += ticks;
        }
    }

    fn frame(&self) -> i64 {
        if self.frame_ticks > 0 { self.frame_ticks } else { USUAL_FRAME_TICKS }
    }

    fn scaled(&self, units: i64) -> i64 {
        let ticks = i128::from(units) * i128::from(TICKS_PER_SECOND) * i128::from(self.scale_permille);
        (ticks / (i128::from(self.rate) * 1000)) as i64
    }

    fn keep(&mut self, raw: u32, unwrapped: i64, pts: i64, arrived_us: i64) {
        self.last = Some(Last { raw, unwrapped, pts, arrived_us });
    }

    fn rebase(&mut self, raw: u32, unwrapped: i64, pts: i64, arrived_us: i64) -> i64 {
        self.offset = pts - self.scaled(unwrapped);
        self.checked = Some((arrived_us, unwrapped));
        self.keep(raw, unwrapped, pts, arrived_us);
        pts
    }

    /// Over windows of at least 8 s: a clock that runs less than half or more than twice as fast as time
    /// passes was named wrongly.
    fn check_rate(&mut self, unwrapped: i64, arrived_us: i64, oddities: &mut Oddities) {
        let Some((from_us, from)) = self.checked else { return };
        let passed = ticks_of_us(arrived_us - from_us);
        if passed < 8 * TICKS_PER_SECOND {
            return;
        }
        let moved = self.scaled(unwrapped) - self.scaled(from);
        self.checked = Some((arrived_us, unwrapped));
        if moved > 0 && (moved * 2 < passed || moved > passed * 2) {
            oddities.count("clock_rate_wrong");
            let before = self.scaled(unwrapped) + self.offset;
            let scale = i128::from(self.scale_permille) * i128::from(passed) / i128::from(moved);
            self.scale_permille = scale.clamp(1, 1_000_000_000) as i64;
            self.offset = before - self.scaled(unwrapped);
        }
    }
}

/// Gives decoding times to units that come in decoding order with presentation times out of order.
///
/// With a reorder depth of d, the dts of a unit is the (d+1)-th highest pts so far: never above its own pts
/// and strictly rising. A depth that proves too small grows.
#[derive(Debug)]
pub struct DecodeOrder {
    depth: usize,
    /// The `depth + 1` highest pts, ascending.
    window: Vec<i64>,
    last_dts: Option<i64>,
    frame_ticks: i64,
}

const DEPTH_MAX: usize = 16;

impl DecodeOrder {
    pub fn new() -> Self {
        Self { depth: 0, window: Vec::new(), last_dts: None, frame_ticks: USUAL_FRAME_TICKS }
    }

    /// Depth and frame length as parameter sets state them.
    pub fn set(&mut self, depth: u8, frame_ticks: Option<i64>) {
        self.depth = self.depth.max(usize::from(depth).min(DEPTH_MAX));
        if let Some(ticks) = frame_ticks {
            self.frame_ticks = ticks.max(1);
        }
    }

    /// `(pts, dts)`; pts is moved only where it would break the order.
    pub fn next(&mut self, pts: i64, oddities: &mut Oddities) -> (i64, i64) {
        if self.window.is_empty() {
            // Before the first unit stand as many imagined ones as the depth.
            self.window = (1..=self.depth as i64).rev().map(|back| pts - back * self.frame_ticks).collect();
        }
        let at = self.window.partition_point(|other| *other <= pts);
        self.window.insert(at, pts);
        while self.window.len() > self.depth + 1 {
            self.window.remove(0);
        }
        let mut dts = self.window[0];
        if let Some(last) = self.last_dts
            && dts <= last
        {
            dts = last + 1;
        }
        let pts = if dts > pts {
            if self.depth < DEPTH_MAX && at + 1 < self.window.len().max(2) {
                oddities.count("reorder_deeper_than_said");
                self.depth += 1;
            } else {
                oddities.count("timestamp_not_rising");
            }
            dts
        } else {
            pts
        };
        self.last_dts = Some(dts);
        (pts, dts)
    }
}

impl Default for DecodeOrder {
    fn default() -> Self {
        Self::new()
    }
}

/// Wall clock of media time: anchored at the earliest arrivals, drifting slowly, following steps of the
/// machine's clock forward at once and back where they are far.
///
/// What arrives late and what the machine's clock does are told apart by the monotonic clock: a link that is
/// full for a minute must not look like a clock that was set forward.
#[derive(Debug, Default)]
pub struct WallClock {
    /// Arrival on the monotonic clock minus media time, microseconds, in force.
    lag_us: Option<i64>,
    /// Where the lag is heading: the least of the last whole window.
    target_us: i64,
    /// Wall minus monotonic clock, in force.
    basis_us: i64,
    window_from_us: i64,
    window_least_us: i64,
    last_mono_us: i64,
    last_wall_us: i64,
}

const WINDOW_US: i64 = 5_000_000;
const STEP_US: i64 = 2_000_000;
/// Set back by more than this, a clock was far wrong before: going on from there would name pictures wrongly
/// for as long as the camera stays connected.
const FAR_BACK_US: i64 = 60_000_000;
/// 500 parts per million: more than any camera's crystal is off.
const SLEW: i64 = 2_000;
/// What comes earlier than its name says was named too late, at the beginning by a burst of cached pictures,
/// or while a link was full: 10 %.
const EARLY_SLEW: i64 = 10;
/// What comes later by more than [`STEP_US`]: a full link, which passes, or a camera whose stamps stood still
/// while it stalled, which stays: 1 %.
const LATE_SLEW: i64 = 100;

impl WallClock {
    /// Wall clock of a unit of decoding time `dts`, presented at `pts`, that arrived at `now`.
    pub fn wall_us(&mut self, pts: i64, dts: i64, now: Now) -> i64 {
        let lag = now.mono_us - us_of_ticks(dts);
        let basis = now.wall_us - now.mono_us;
        let Some(held) = self.lag_us else {
            *self = Self {
                lag_us: Some(lag),
                target_us: lag,
                basis_us: basis,
                window_from_us: now.mono_us,
                window_least_us: lag,
                last_mono_us: now.mono_us,
                last_wall_us: i64::MIN,
            };
            return self.rising(us_of_ticks(pts) + lag + basis);
        };
        self.window_least_us = self.window_least_us.min(lag);
        if now.mono_us - self.window_from_us >= WINDOW_US {
            self.target_us = self.window_least_us;
            self.window_from_us = now.mono_us;
            self.window_least_us = lag;
        }
        let passed = (now.mono_us - self.last_mono_us).max(0);
        self.last_mono_us = now.mono_us;
        let wanted = self.target_us - held;
        let later = if wanted > STEP_US { LATE_SLEW } else { SLEW };
        let held = held + wanted.clamp(-passed / EARLY_SLEW, passed / later);
        self.lag_us = Some(held);
        let set = basis - self.basis_us;
        if set < -FAR_BACK_US {
            self.last_wall_us = i64::MIN;
        }
        let steps = !(-FAR_BACK_US..=STEP_US).contains(&set);
        self.basis_us += if steps { set } else { set.clamp(-passed / SLEW, passed / SLEW) };
        self.rising(us_of_ticks(pts) + held + self.basis_us)
    }

    /// Wall clock of a unit of another track on the same time line.
    pub fn of(&self, pts: i64) -> Option<i64> {
        Some(us_of_ticks(pts) + self.lag_us? + self.basis_us)
    }

    /// Reordered pictures step back; between two steps of the machine's clock the whole may not.
    fn rising(&mut self, wall: i64) -> i64 {
        let wall = wall.max(self.last_wall_us.saturating_sub(us_of_ticks(REORDER_TICKS)));
        self.last_wall_us = self.last_wall_us.max(wall);
        wall
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
