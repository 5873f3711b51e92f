//! The two clocks of a recorder, given and never read behind its back.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall clock for people, monotonic clock for durations.
pub trait Clock: Send + Sync {
    /// Microseconds since the Unix epoch, UTC. May jump in either direction.
    fn wall_us(&self) -> i64;
    /// Microseconds from an arbitrary origin. Never goes back.
    fn mono_us(&self) -> i64;
}

/// The machine's clocks.
pub struct SystemClock {
    origin: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn wall_us(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_micros() as i64,
            Err(before) => -(before.duration().as_micros() as i64),
        }
    }

    fn mono_us(&self) -> i64 {
        self.origin.elapsed().as_micros() as i64
    }
}

/// Clocks that a simulation moves by hand.
pub struct ManualClock {
    wall_us: AtomicI64,
    mono_us: AtomicI64,
}

impl ManualClock {
    pub fn new(wall_us: i64) -> Self {
        Self { wall_us: AtomicI64::new(wall_us), mono_us: AtomicI64::new(1_000_000) }
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
