use async_trait::async_trait;

use super::StoreError;
use crate::time::Timestamp;

/// Deletes what no longer matters. Nothing depends on it: times and versions alone decide what lives.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// Deletes up to `limit` rows of each kind that are without meaning at `now`: expired sessions, those of an older
    /// version where the store keeps them beyond the change that raised it, grants that are spent, voided or expired,
    /// budgets that are whole again, remembered addresses whose time is over, and audit lines older than `audit_before`
    /// (none where it is `None`). Returns how many rows were deleted; a caller repeats while the answer is not 0.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails.
    async fn purge(
        &self,
        now: Timestamp,
        audit_before: Option<Timestamp>,
        limit: usize,
    ) -> Result<usize, StoreError>;
}
