//! The two clocks of the plane, given to whoever needs time and never read behind its back.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// One reading of both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Microseconds from an arbitrary origin, never going back; never 0, so that 0 can mean "never".
    pub mono_us: i64,
    /// Microseconds since the Unix epoch, UTC; may jump.
    pub wall_us: i64,
}

impl Now {
    /// Milliseconds from `earlier_us` (monotonic) until now, never negative.
    pub fn ms_since(&self, earlier_us: i64) -> i64 {
        (self.mono_us - earlier_us).max(0) / 1000
    }
}

/// Where wall and monotonic time come from.
pub trait Clock: Send + Sync + 'static {
    /// Microseconds since the Unix epoch, UTC. May jump.
    fn wall_us(&self) -> i64;
    /// Microseconds from an arbitrary origin. Never goes back, never 0.
    fn mono_us(&self) -> i64;

    /// Both at one moment.
    fn now(&self) -> Now {
        Now { mono_us: self.mono_us(), wall_us: self.wall_us() }
    }

    /// Wall less monotonic time: only a wall clock that was set, or is slewed, changes it.
    fn offset_us(&self) -> i64 {
        let now = self.now();
        now.wall_us - now.mono_us
    }
}

/// A wall clock that moved by more than this against the monotonic one has jumped.
pub const JUMP_US: i64 = 500_000;

/// Tells a jump of the wall clock from its crawl.
#[derive(Debug)]
pub struct JumpWatch {
    offset_us: i64,
}

impl JumpWatch {
    pub fn new(clock: &dyn Clock) -> Self {
        Self { offset_us: clock.offset_us() }
    }

    /// By how much the clock has jumped since the last look. A slow drift (an NTP crawl) is no jump: the
    /// comparison moves on each time, so whoever asks does so about once a second.
    pub fn jumped_by_us(&mut self, clock: &dyn Clock) -> Option<i64> {
        let offset_us = clock.offset_us();
        let by_us = offset_us - std::mem::replace(&mut self.offset_us, offset_us);
        (by_us.abs() > JUMP_US).then_some(by_us)
    }
}

const ORIGIN_US: i64 = 1_000_000;

/// The machine's clocks. All of a process count from one moment: what one room stamped, another compares.
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    pub fn new() -> Self {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        Self { origin: *FIRST.get_or_init(Instant::now) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn wall_us(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }

    fn mono_us(&self) -> i64 {
        i64::try_from(self.origin.elapsed().as_micros()).unwrap_or(i64::MAX).saturating_add(ORIGIN_US)
    }
}

/// Clocks that a simulation moves by hand.
pub struct ManualClock {
    wall_us: AtomicI64,
    mono_us: AtomicI64,
}

impl ManualClock {
    pub fn new(wall_us: i64) -> Self {
        Self { wall_us: AtomicI64::new(wall_us), mono_us: AtomicI64::new(ORIGIN_US) }
    }

    /// Time passes on both clocks.
    pub fn advance_us(&self, by_us: i64) {
        self.wall_us.fetch_add(by_us, Ordering::SeqCst);
        self.mono_us.fetch_add(by_us, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock.
    pub fn step_wall_us(&self, by_us: i64) {
        self.wall_us.fetch_add(by_us, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn wall_us(&self) -> i64 {
        self.wall_us.load(Ordering::SeqCst)
    }

    fn mono_us(&self) -> i64 {
        self.mono_us.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_clock_of_a_process_stamped_another_compares() {
        let one = SystemClock::new();
        while one.mono_us() < ORIGIN_US + 1_000 {}
        let stamped_us = one.mono_us();
        assert!(SystemClock::new().mono_us() >= stamped_us);
    }

    #[test]
    fn a_jump_is_told_once_with_its_size_and_a_crawl_is_none() {
        let clock = ManualClock::new(1_795_392_000_000_000);
        let mut watch = JumpWatch::new(&clock);
        for step_us in [3_600_000_000, -3_600_000_000, 315_000_000_000_000, -86_400_000_000] {
            clock.step_wall_us(step_us);
            assert_eq!(watch.jumped_by_us(&clock), Some(step_us));
            assert_eq!(watch.jumped_by_us(&clock), None);
        }
        for _second in 0..60 {
            clock.advance_us(1_000_000);
            clock.step_wall_us(83_333);
            assert_eq!(watch.jumped_by_us(&clock), None, "slewed by 5 s in all");
        }
    }
}
