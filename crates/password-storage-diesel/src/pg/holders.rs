//! Accounts by their logins, any number at once.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use password_domain::ports::Holder;

use super::{Conn, nth, ops};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{AccountRow, CredentialRow};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(embed)]
    account: AccountRow,
    #[diesel(embed)]
    credential: CredentialRow,
}

/// Reads the accounts with these realms and folded logins, with their credentials.
pub(crate) fn holders_by_login(
    c: &mut Conn,
    logins: &[(String, String)],
) -> Result<Vec<Option<Holder>>, Failure> {
    let (realms, keys): (Vec<_>, Vec<_>) =
        logins.iter().map(|(realm, key)| (realm.as_str(), key.as_str())).unzip();
    // Columns by name: a kept statement must outlive a new column.
    let statement = diesel::sql_query(
        "SELECT place, id, accounts.realm, login, email, first_name, last_name, locale, status, demo, permissions, \
           password_hash, credential_version, password_changed_at \
         FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (realm, login_key, place) \
         JOIN accounts ON accounts.realm = wanted.realm AND accounts.login_key = wanted.login_key",
    )
    .bind::<Array<Text>, _>(realms)
    .bind::<Array<Text>, _>(keys);
    let mut holders = vec![None; logins.len()];
    for Found { place, account, credential } in Prepared(statement).load(c)? {
        *nth(&mut holders, place)? = Some(ops::holders::holder(account, credential)?);
    }
    Ok(holders)
}

/// Reads thousands of them.
pub(crate) fn many_holders_by_login(
    c: &mut Conn,
    logins: &[(String, String)],
) -> Result<Vec<Option<Holder>>, Failure> {
    c.transaction(|c| {
        // A kept plan is one for the sizes of its day: one made while the table was empty read every account of a realm
        // for each login, until the table was next analysed. An import fills it faster than that.
        SimpleConnection::batch_execute(c, "SET LOCAL plan_cache_mode = force_custom_plan")?;
        holders_by_login(c, logins)
    })
}
