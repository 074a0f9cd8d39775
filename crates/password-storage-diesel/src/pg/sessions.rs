//! Sessions, any number at once.

use diesel::RunQueryDsl;
use diesel::sql_types::{Array, BigInt, Binary, Text};

use super::{Conn, Place, column, nth};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::SessionRow;

/// Inserts sessions, each where its account is active and of its version. Returns of each whether that was so. The lock
/// keeps changes out: a change waits for this statement, or this one waits for the change and looks at what it left.
pub(crate) fn insert_sessions(c: &mut Conn, rows: &[SessionRow]) -> Result<Vec<bool>, Failure> {
    let statement = diesel::sql_query(
        "WITH held AS MATERIALIZED (\
           SELECT wanted.* \
           FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], \
             $8::bigint[]) WITH ORDINALITY \
             AS wanted (digest, kind, account_id, realm, version, permissions, issued_at, expires_at, place) \
           JOIN accounts ON accounts.id = wanted.account_id AND accounts.realm = wanted.realm \
             AND accounts.credential_version = wanted.version AND accounts.status = 'active' \
           ORDER BY accounts.id FOR SHARE OF accounts), \
         issued AS (\
           INSERT INTO sessions (digest, kind, account_id, realm, version, permissions, issued_at, expires_at) \
           SELECT digest, kind, account_id, realm, version, permissions, issued_at, expires_at FROM held) \
         SELECT place FROM held",
    )
    .bind::<Array<Binary>, _>(column(rows, |row| row.digest.as_slice()))
    .bind::<Array<Text>, _>(column(rows, |row| row.kind.as_str()))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.account_id))
    .bind::<Array<Text>, _>(column(rows, |row| row.realm.as_str()))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.version))
    .bind::<Array<Text>, _>(column(rows, |row| row.permissions.as_str()))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.issued_at))
    .bind::<Array<BigInt>, _>(column(rows, |row| row.expires_at));
    let mut inserted = vec![false; rows.len()];
    for Place { place } in Prepared(statement).load(c)? {
        *nth(&mut inserted, place)? = true;
    }
    Ok(inserted)
}
