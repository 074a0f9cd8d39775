use async_trait::async_trait;
use diesel::prelude::*;
use password_domain::ports::{Housekeeping, StoreError};
use password_domain::time::Timestamp;

use super::{Conn, Store};
use crate::error::Failure;
use crate::rows::limit;
use crate::schema::{attempts, audit, remembered, reset_grants, sessions};

#[async_trait]
impl Housekeeping for Store {
    async fn purge(
        &self,
        now: Timestamp,
        audit_before: Option<Timestamp>,
        most: usize,
    ) -> Result<usize, StoreError> {
        let (now, most) = (now.as_micros(), limit(most));
        // One transaction for each kind: nobody should wait for all of it.
        let mut deleted = self.write(move |c| expired_sessions(c, now, most)).await?;
        // Those of an older version went when it was raised, or go now, because they expire.
        let expired = self.write(move |c| expired_grants(c, now, most)).await?;
        let used = self.write(move |c| used_grants(c, most - limit(expired))).await?;
        deleted += expired + used;
        deleted += self.write(move |c| whole_budgets(c, now, most)).await?;
        deleted += self.write(move |c| remembered(c, now, most)).await?;
        if let Some(before) = audit_before {
            deleted += self.write(move |c| audit(c, before.as_micros(), most)).await?;
        }
        Ok(deleted)
    }
}

/// Deletes rows of a table by a condition, at most so many. DELETE knows no LIMIT on either database.
macro_rules! delete_some {
    ($c:ident, $table:ident.$key:ident, $most:ident, |$some:ident| $condition:expr, $order:ident) => {{
        let $some = diesel::alias!($table as some);
        diesel::delete(
            $table::table.filter(
                $table::$key.eq_any(
                    $some
                        .filter($condition)
                        .order($some.field($table::$order))
                        .limit($most)
                        .select($some.field($table::$key)),
                ),
            ),
        )
        .execute($c)
        .map_err(Failure::from)
    }};
}

fn expired_sessions(c: &mut Conn, now: i64, most: i64) -> Result<usize, Failure> {
    delete_some!(c, sessions.id, most, |some| some.field(sessions::expires_at).le(now), expires_at)
}

fn expired_grants(c: &mut Conn, now: i64, most: i64) -> Result<usize, Failure> {
    delete_some!(c, reset_grants.id, most, |some| some.field(reset_grants::expires_at).le(now), expires_at)
}

fn used_grants(c: &mut Conn, most: i64) -> Result<usize, Failure> {
    // In these words, which are those of the index `reset_grants_used`.
    delete_some!(
        c,
        reset_grants.id,
        most,
        |some| some
            .field(reset_grants::spent_at)
            .is_not_null()
            .or(some.field(reset_grants::voided_at).is_not_null()),
        id
    )
}

fn whole_budgets(c: &mut Conn, now: i64, most: i64) -> Result<usize, Failure> {
    delete_some!(c, attempts.digest, most, |some| some.field(attempts::debt_until).le(now), debt_until)
}

fn remembered(c: &mut Conn, now: i64, most: i64) -> Result<usize, Failure> {
    delete_some!(
        c,
        remembered.digest,
        most,
        |some| some.field(remembered::remembered_until).le(now),
        remembered_until
    )
}

fn audit(c: &mut Conn, before: i64, most: i64) -> Result<usize, Failure> {
    delete_some!(c, audit.id, most, |some| some.field(audit::at).lt(before), at)
}
