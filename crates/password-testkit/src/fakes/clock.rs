use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use password_domain::ports::Clock;
use password_domain::time::Timestamp;

/// The time at which every [`ManualClock`] starts: 2023-11-14T22:13:20.123456Z.
pub const START: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

/// A clock that moves only when a test says so.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl Default for ManualClock {
    fn default() -> Self {
        Self(AtomicI64::new(START.as_micros()))
    }
}

impl ManualClock {
    /// Returns a clock that stands at [`START`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }

    /// Sets the clock, also back.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.as_micros(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
