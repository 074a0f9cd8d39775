use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;
use crate::token::TokenDigest;

/// How many attempts somebody has: `capacity` at once, and as many again evenly over `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many attempts there are at once; at least 1.
    pub capacity: u32,
    /// The time in which a spent budget is whole again.
    pub window: Duration,
}

/// One attempt to be counted under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The keyed digest of what is counted.
    pub key: TokenDigest,
    /// How many there may be.
    pub budget: Budget,
}

/// What became of an attempt to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Spent {
    /// Every charge was counted; the scarcest budget has this many attempts left.
    Yes {
        /// Attempts left; 0 where the budget is spent now. [`u32::MAX`] where nothing was to be counted.
        remaining: u32,
        /// The place in the list of the scarcest budget: of the last one where several have as few left. 0 where
        /// nothing was to be counted.
        scarcest: usize,
    },
    /// A budget was spent already; nothing was counted.
    No {
        /// The place in the list of the first charge that was refused.
        refused: usize,
        /// When that budget has an attempt again.
        until: Timestamp,
    },
}

/// What a right password says of those who tried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Keys of an account and an address that belong together, to be remembered.
    pub known: Vec<TokenDigest>,
    /// Until when they are remembered; one that is remembered for longer already stays so.
    pub until: Timestamp,
    /// One attempt under each is given back, as [`AttemptStore::refund`] does.
    pub refunded: Vec<Charge>,
    /// All that was counted under these is forgotten.
    pub cleared: Vec<TokenDigest>,
}

/// Counts attempts, for all servers together.
///
/// The count of a key is a virtual time (GCRA): an attempt costs `window / capacity`, and the budget is spent where the
/// debt would pass `window`. Keys are opaque; the same key always comes with the same budget.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AttemptStore: Send + Sync {
    /// Counts one attempt under every key, or none where one budget is spent. MUST be exact under any concurrency.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was counted.
    async fn spend(&self, charges: &[Charge], now: Timestamp) -> Result<Spent, StoreError>;

    /// Gives one attempt back under every key; never beyond a whole budget.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn refund(&self, charges: &[Charge], now: Timestamp) -> Result<(), StoreError>;

    /// Writes down what a right password says of those who tried it, all of it or nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was written.
    async fn vouch(&self, vouched: &Vouched, now: Timestamp) -> Result<(), StoreError>;

    /// Tells whether a key is remembered at `now`: one of [`Vouched::known`], before the latest time that it came with.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store cannot answer.
    async fn is_remembered(&self, key: &TokenDigest, now: Timestamp) -> Result<bool, StoreError>;
}
