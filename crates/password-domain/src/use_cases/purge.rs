use std::time::Duration;

use super::House;
use crate::ports::PortError;

/// How long the audit log is kept, unless an operator says otherwise: long enough to look into an old incident.
pub const AUDIT_RETENTION: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How many rows of a kind go in one transaction: a few milliseconds, so that nobody notices a purge, also where a store
/// has one writer.
const BATCH: usize = 100;

/// Deletes what no longer matters. Nothing depends on it but the size of the database.
#[derive(Clone)]
pub struct Purge(pub(super) House);

impl Purge {
    /// Deletes one small batch of what has expired. Returns how many rows went; a caller repeats while that is not 0.
    ///
    /// # Errors
    ///
    /// [`PortError`] where the store fails.
    pub async fn run_once(&self) -> Result<usize, PortError> {
        let now = self.0.ports.clock.now();
        Ok(self.0.ports.housekeeping.purge(now, Some(now.minus(AUDIT_RETENTION)), BATCH).await?)
    }
}
