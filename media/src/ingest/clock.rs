//! Time as ingest sees it. State machines are handed a [`Now`]; only the engine asks a [`Clock`].

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// One reading of both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Microseconds from an arbitrary origin, never going back.
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

/// Reads both clocks at one moment.
pub trait Clock: Send + Sync {
    fn now(&self) -> Now;
}

/// The machine's own clocks.
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    pub fn new() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64);
        // The origin is moved away from 0 so that 0 can mean "never".
        Now { mono_us: self.origin.elapsed().as_micros() as i64 + 1_000_000, wall_us: wall }
    }
}
