//! The two clocks of a recorder, given and never read behind its back.

pub use crate::clock::{Clock, SystemClock};
use std::sync::atomic::{AtomicI64, Ordering};

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
