//! What a frame's time means: from RTP timestamps and arrivals to pts, dts and wall clock.
//! `docs/design/time.md` says why. Nothing here knows packets or codecs.

use super::oddity::Oddities;
use crate::clock::Now;
use crate::frame::TICKS_PER_SECOND;

/// A step of the camera's clock that differs from the time that passed by more is a jump, not a pause, unless it
/// only makes up for what came late before: there pictures were left out.
const JUMP_TICKS: i64 = 10 * TICKS_PER_SECOND;
/// Frames may step back by so much in decoding order.
const REORDER_TICKS: i64 = 2 * TICKS_PER_SECOND;
/// Used where nothing tells a frame's length: 40 ms.
const USUAL_FRAME_TICKS: i64 = TICKS_PER_SECOND / 25;
/// So many units in a row with one timestamp: the camera's clock does not run.
const STUCK_UNITS: u32 = 3;
/// Arrivals judge a clock's rate over so long, two sender reports so far apart.
const RATE_TICKS: i64 = 8 * TICKS_PER_SECOND;
const REPORTS_TICKS: i64 = 4 * TICKS_PER_SECOND;
/// Sender reports further apart than this were parted by a camera that set its clock.
const REPORTS_MOST_TICKS: i64 = 60 * TICKS_PER_SECOND;
const AS_SAID: i64 = 1000;

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
    /// Where the present window of checking the rate began: arrival and unwrapped timestamp.
    checked: Option<(i64, i64)>,
    /// The clock runs at another rate than was said: numerator over a thousand.
    scale_permille: i64,
    /// The last sender report that the next is measured by: the camera's wall clock in ticks, and its stamp.
    reported: Option<(i64, u32)>,
    witness: Witness,
    /// Media time less the camera's wall clock, as the first sender report has it.
    base: Option<i64>,
    vouched: bool,
    /// The most that media time was ahead of arrival: how early a unit can come.
    lead: i64,
}

/// What is known of the rate that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Witness {
    /// Nothing: arrivals may speak against it.
    None,
    /// Sender reports come, and have not judged yet.
    Awaited,
    /// Two sender reports contradict it: arrivals may, too.
    Against,
    /// It was kept. From then on, what arrives slower comes over a link that is full.
    For,
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
        Self {
            rate,
            last: None,
            same: 0,
            offset: 0,
            frame_ticks: 0,
            checked: None,
            scale_permille: AS_SAID,
            reported: None,
            witness: Witness::None,
            base: None,
            vouched: false,
            lead: 0,
        }
    }

    /// How long a unit lasts, as far as the stream's own configuration says.
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
        let lead = pts - ticks_of_us(arrived_us);
        if moved < -REORDER_TICKS || lead - self.lead > JUMP_TICKS {
            oddities.count("timestamp_jump");
            return self.rebase(raw, unwrapped, last.pts + elapsed.max(self.frame()), arrived_us);
        }
        self.keep(raw, unwrapped, pts, arrived_us);
        self.lead = self.lead.max(lead);
        if moved - elapsed > JUMP_TICKS {
            self.checked = Some((arrived_us, unwrapped));
        }
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

    /// A sender report: the camera's wall clock (32.32 fixed point, 0: it has none) beside its stamp. No link is so
    /// full that it changes what two of them say of the clock's rate.
    pub fn report(&mut self, ntp: u64, raw: u32) {
        if ntp == 0 {
            return;
        }
        let told = ticks_of_ntp(ntp);
        if let Some(pts) = self.pts_of_report(raw) {
            let base = pts - told;
            let first = *self.base.get_or_insert(base);
            self.vouched = (base - first).abs() < TICKS_PER_SECOND;
        }
        if self.witness != Witness::For {
            self.weigh(told, raw);
        }
    }

    /// Whether media time runs beside the camera's own wall clock: what comes late was late on its way.
    pub fn is_vouched(&self) -> bool {
        self.vouched
    }

    /// What two sender reports say of the rate.
    fn weigh(&mut self, told: i64, raw: u32) {
        let Some((before, raw_before)) = self.reported else {
            self.reported = Some((told, raw));
            self.witness = Witness::Awaited;
            return;
        };
        let passed = told - before;
        if (0..REPORTS_TICKS).contains(&passed) {
            return;
        }
        self.reported = Some((told, raw));
        if !(0..=REPORTS_MOST_TICKS).contains(&passed) {
            return;
        }
        let moved = i64::from(raw.wrapping_sub(raw_before) as i32) * TICKS_PER_SECOND / self.rate;
        if !keeps_time(moved, passed) {
            self.witness = Witness::Against;
            return;
        }
        self.witness = Witness::For;
        if let Some(last) = self.last {
            self.rescale(AS_SAID, last.unwrapped);
            self.base = None;
        }
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
        self.lead = pts - ticks_of_us(arrived_us);
        pts
    }

    /// Over windows of at least 8 s: a clock that runs less than half or more than twice as fast as time
    /// passes was named wrongly. One that kept time before, or does by the camera's own reports, was not: there
    /// it is the link that is too narrow.
    fn check_rate(&mut self, unwrapped: i64, arrived_us: i64, oddities: &mut Oddities) {
        let Some((from_us, from)) = self.checked.filter(|_| self.witness != Witness::For) else { return };
        let passed = ticks_of_us(arrived_us - from_us);
        if passed < RATE_TICKS {
            return;
        }
        let moved = self.scaled(unwrapped) - self.scaled(from);
        self.checked = Some((arrived_us, unwrapped));
        if self.scale_permille == AS_SAID && keeps_time(moved, passed) {
            self.witness = Witness::For;
        }
        let wrong = moved > 0 && (moved * 2 < passed || moved > passed * 2);
        if wrong && self.witness != Witness::Awaited {
            oddities.count("clock_rate_wrong");
            let scale = i128::from(self.scale_permille) * i128::from(passed) / i128::from(moved);
            self.rescale(scale.clamp(1, 1_000_000_000) as i64, unwrapped);
        }
    }

    /// Changes the scale from here on.
    fn rescale(&mut self, permille: i64, unwrapped: i64) {
        let before = self.scaled(unwrapped) + self.offset;
        self.scale_permille = permille;
        self.offset = before - self.scaled(unwrapped);
    }
}

/// Within a third of the time that passed: far from what is called wrong, so that one window can tell.
fn keeps_time(moved: i64, passed: i64) -> bool {
    moved * 3 >= passed * 2 && moved * 2 <= passed * 3
}

/// Seconds in 32.32 fixed point as ticks.
pub fn ticks_of_ntp(ntp: u64) -> i64 {
    ((i128::from(ntp) * i128::from(TICKS_PER_SECOND)) >> 32) as i64
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
/// while it stalled, which stays: 1 %. Where the camera vouches for its stamps, it is the link.
const LATE_SLEW: i64 = 100;

impl WallClock {
    /// Wall clock of a unit of decoding time `dts`, presented at `pts`, that arrived at `now`; `vouched`:
    /// [`TrackClock::is_vouched`].
    pub fn wall_us(&mut self, pts: i64, dts: i64, now: Now, vouched: bool) -> i64 {
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
        let later = if wanted > STEP_US && !vouched { LATE_SLEW } else { SLEW };
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
