//! Whether the server can do its work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use password_http_actix::Readiness;
use password_storage_diesel::Storage;

use crate::failure::with_causes;

/// How long the database may take to answer before it counts as absent; orchestrators ask every few seconds.
const ANSWER: Duration = Duration::from_secs(2);

/// Ready where the database answers and has been migrated.
pub(super) struct StorageReadiness {
    storage: Storage,
    /// A database that has been migrated once stays so.
    migrated: AtomicBool,
}

impl StorageReadiness {
    pub(super) fn new(storage: Storage) -> Self {
        Self { storage, migrated: AtomicBool::new(false) }
    }
}

#[async_trait]
impl Readiness for StorageReadiness {
    async fn check(&self) -> Result<(), String> {
        let silent = || "the database does not answer".to_owned();
        tokio::time::timeout(ANSWER, self.ask()).await.unwrap_or_else(|_| Err(silent()))
    }
}

impl StorageReadiness {
    async fn ask(&self) -> Result<(), String> {
        self.storage.ping().await.map_err(|error| with_causes(&error))?;
        if self.migrated.load(Ordering::Relaxed) {
            return Ok(());
        }
        let pending = self.storage.pending_migrations().await.map_err(|error| with_causes(&error))?;
        if pending.is_empty() {
            self.migrated.store(true, Ordering::Relaxed);
            Ok(())
        } else {
            Err("the database is not migrated".to_owned())
        }
    }
}
