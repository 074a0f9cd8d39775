//! The queries of every port: compiled once for each backend, with its `Conn` and its `Store`.

pub(crate) mod account_admin;
mod accounts;
mod api_key_store;
pub(crate) mod attempt_store;
mod client_store;
pub(crate) mod credential_store;
pub(crate) mod holders;
mod housekeeping;
mod maintenance;
pub(crate) mod outbox;
mod reset_store;
mod session_store;

use std::collections::HashMap;

use diesel::prelude::*;
use password_domain::account::{AccountStatus, Realm};
use password_domain::audit::AuditEvent;
use password_domain::credential::CredentialVersion;
use password_domain::ports::Holder;
use password_domain::session::Session;

use super::{
    Conn, Store, Together, apply, claimable, debts, enter_migration, has_ledger, hold_alone, hold_existing,
    holders_by_login, insert_accounts, insert_audit, insert_history, insert_sessions, lock_debts,
    many_holders_by_login, note_growth, settle_debts, spend_at_once, store_debts, together,
};
use crate::error::Failure;
use crate::rows::{AuditRow, NewAccountRow, SessionRow};
use crate::schema::{accounts as accounts_table, audit};

/// Questions that come by the thousand: those of a kind are answered together, where the database gains by that.
pub(crate) struct Kinds {
    by_login: Together<(String, String), Option<Holder>>,
    by_session: Together<holders::Shown, Option<(Session, Holder)>>,
    issued: Together<SessionRow, bool>,
}

impl Default for Kinds {
    fn default() -> Self {
        Self {
            by_login: together(holders_by_login),
            by_session: together(holders::by_session),
            issued: together(insert_sessions),
        }
    }
}

/// How an account stands: realm, credential version, status and address.
pub(crate) type Standing = (String, i64, String, String);

#[diesel::dsl::auto_type]
pub(crate) fn standing(id: i64) -> _ {
    accounts_table::table.filter(accounts_table::id.eq(id)).select((
        accounts_table::realm,
        accounts_table::credential_version,
        accounts_table::status,
        accounts_table::email,
    ))
}

/// Tells whether something issued under this version still counts: the account is there, active and of that version.
fn counts(standing: Option<Standing>, realm: &Realm, version: CredentialVersion) -> bool {
    standing.is_some_and(|(of, current, status, _)| {
        of == realm.as_str() && current == version.as_i64() && status == AccountStatus::Active.as_str()
    })
}

/// Appends to the audit log.
pub(crate) fn record(c: &mut Conn, event: &AuditEvent) -> Result<(), Failure> {
    diesel::insert_into(audit::table).values(AuditRow::from(event)).execute(c)?;
    Ok(())
}

/// Returns the identity of each row that was created, in order. `created` says realm, folded login and identity.
pub(crate) fn identities(rows: &[NewAccountRow], created: &[(String, String, i64)]) -> Vec<Option<i64>> {
    let mut ids: HashMap<_, _> =
        created.iter().map(|(realm, login, id)| ((realm.as_str(), login.as_str()), *id)).collect();
    // Taken out: of two with one login, the first one gets it.
    rows.iter().map(|row| ids.remove(&(row.realm.as_str(), row.login_key.as_str()))).collect()
}
