//! Inserts of many rows: one parameter for each column, an array, whatever the number of rows. A VALUES list of that many
//! parameters takes PostgreSQL longer to parse than to carry out.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::{Conn, ops};
use crate::rows::{AuditRow, HistoryRow, NewAccountRow};

#[derive(QueryableByName)]
struct Created {
    #[diesel(sql_type = Text)]
    realm: String,
    #[diesel(sql_type = Text)]
    login_key: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Inserts accounts; returns the identity of each whose login was free, in order.
pub(crate) fn insert_accounts(c: &mut Conn, rows: &[NewAccountRow]) -> QueryResult<Vec<Option<i64>>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let created: Vec<Created> = diesel::sql_query(
        "INSERT INTO accounts (realm, login, login_key, email, email_key, first_name, last_name, locale, status, demo, \
         permissions, password_hash, credential_version, password_changed_at, created_at) \
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], \
         $8::text[], $9::text[], $10::bool[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[]) \
         ON CONFLICT (realm, login_key) DO NOTHING RETURNING realm, login_key, id",
    )
    .bind::<Array<Text>, _>(column(rows, |row| &*row.realm))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.login))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.login_key))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.email))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.email_key))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.first_name))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.last_name))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.locale.as_deref()))
    .bind::<Array<Text>, _>(column(rows, |row| row.status))
    .bind::<Array<Bool>, _>(column(rows, |row| row.demo))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.permissions))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.password_hash.as_deref()))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.credential_version))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.password_changed_at))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.created_at))
    .load(c)?;
    let created: Vec<_> = created.into_iter().map(|row| (row.realm, row.login_key, row.id)).collect();
    Ok(ops::identities(rows, &created))
}

/// Inserts entries of histories.
pub(crate) fn insert_history(c: &mut Conn, rows: &[HistoryRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO password_history (account_id, version, tag) \
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[])",
    )
    .bind::<Array<BigInt>, _>(column(rows, |row| row.account_id))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.version))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.tag))
    .execute(c)
    .map(drop)
}

/// Appends lines to the audit log.
pub(crate) fn insert_audit(c: &mut Conn, rows: &[AuditRow]) -> QueryResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO audit (at, realm, account_id, action, actor, from_address) \
         SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])",
    )
    .bind::<Array<BigInt>, _>(column(rows, |row| row.at))
    .bind::<Array<Text>, _>(column(rows, |row| &*row.realm))
    .bind::<Array<Nullable<BigInt>>, _>(column(rows, |row| row.account_id))
    .bind::<Array<Text>, _>(column(rows, |row| row.action))
    .bind::<Array<Text>, _>(column(rows, |row| row.actor))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.from_address.as_deref()))
    .execute(c)
    .map(drop)
}

fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}
