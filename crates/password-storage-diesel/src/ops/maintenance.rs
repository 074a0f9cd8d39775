use std::collections::HashSet;

use async_trait::async_trait;
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use password_domain::ports::StoreError;

use super::super::MIGRATIONS;
use super::{Conn, Store, enter_migration, has_ledger, note_growth};
use crate::error::Failure;
use crate::open::Maintenance;
use crate::schema::__diesel_schema_migrations as ledger;

type Backend = <Conn as Connection>::Backend;

#[async_trait]
impl Maintenance for Store {
    async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        // In one transaction, which nests those of the single migrations: all of them or none.
        self.write(|c| {
            enter_migration(c)?;
            let before = pending(c)?;
            c.run_pending_migrations(MIGRATIONS)
                .map_err(|error| Failure::Unforeseen(format!("a migration failed: {error}")))?;
            Ok(before)
        })
        .await
    }

    async fn pending_migrations(&self) -> Result<Vec<String>, StoreError> {
        self.read(pending).await
    }

    async fn note_growth(&self) -> Result<(), StoreError> {
        self.write_one(note_growth).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.read(|c| {
            diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>("1 = 1")).get_result::<bool>(c)?;
            Ok(())
        })
        .await
    }

    async fn close(&self) {
        self.shut().await;
    }
}

/// Returns the names of the migrations that are not applied. diesel's own question would create its table.
fn pending(c: &mut Conn) -> Result<Vec<String>, Failure> {
    let applied: HashSet<String> = if has_ledger(c)? {
        ledger::table.select(ledger::version).load(c)?.into_iter().collect()
    } else {
        HashSet::new()
    };
    let known: Vec<Box<dyn Migration<Backend>>> = MigrationSource::<Backend>::migrations(&MIGRATIONS)
        .map_err(|error| Failure::Unforeseen(format!("the migrations cannot be read: {error}")))?;
    let mut pending: Vec<String> = known
        .iter()
        .filter(|migration| !applied.contains(&migration.name().version().to_string()))
        .map(|migration| migration.name().to_string())
        .collect();
    pending.sort();
    Ok(pending)
}
