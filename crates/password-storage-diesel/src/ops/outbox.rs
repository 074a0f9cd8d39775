use std::sync::atomic::Ordering;

use async_trait::async_trait;
use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;
use password_domain::notice::{Notice, ResetRequest};
use password_domain::ports::{Claim, Outbox, Settlement, StoreError};
use password_domain::time::Timestamp;

use super::{Conn, Store, claimable, hold_existing};
use crate::error::Failure;
use crate::prepared::Prepared;
use crate::rows::{NO_LEASE, NewOutboxRow, OutboxRow, limit, row_id};
use crate::schema::outbox;

#[async_trait]
impl Outbox for Store {
    async fn request_reset(&self, request: &ResetRequest) -> Result<(), StoreError> {
        let request = request.clone();
        self.write_one(move |c| enqueue(c, &NewOutboxRow::request(&request))).await
    }

    async fn queue(&self, notices: &[Notice]) -> Result<(), StoreError> {
        let notices = notices.to_vec();
        self.write(move |c| enqueue_notices(c, &notices, None)).await
    }

    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        most: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        // By turns, so that a worker that claims one at a time serves both.
        let requests_first = self.requests_first.fetch_xor(true, Ordering::Relaxed);
        let rows = self
            .write(move |c| claim(c, now.as_micros(), lease_until.as_micros(), most, requests_first))
            .await?;
        let mut claims = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.id;
            match Claim::try_from(row) {
                Ok(claim) => claims.push(claim),
                // One bad row must not stop all mail; it comes back, and into the log, when its lease ends.
                Err(failure) => tracing::error!(entry = id, ?failure, "an entry of the outbox is unreadable"),
            }
        }
        Ok(claims)
    }

    async fn settle(&self, settled: &[(Claim, Settlement)], now: Timestamp) -> Result<(), StoreError> {
        let mut settled = settled.to_vec();
        // In one order, and what is queued after that in one order too, so that those who settle the same hardly ever wait
        // for each other in a circle.
        settled.sort_by_key(|(claim, _)| claim.id);
        self.write(move |c| {
            let mut notices = Vec::new();
            for (claim, settlement) in &settled {
                if let (true, Settlement::Replaced(with)) =
                    (settle(c, claim, settlement, now.as_micros())?, settlement)
                {
                    notices.extend_from_slice(with);
                }
            }
            notices.sort_by_key(|notice| row_id(&notice.account));
            enqueue_notices(c, &notices, None)
        })
        .await
    }
}

#[diesel::dsl::auto_type]
pub(crate) fn due<'a>(requests: bool, now: i64, taken: &'a [i64], limit: i64) -> _ {
    outbox::table
        .filter(outbox::is_request.eq(requests))
        .filter(outbox::due_at.le(now))
        .filter(outbox::lease_until.le(now))
        .filter(outbox::id.ne_all(taken))
        .order((outbox::due_at, outbox::id))
        .limit(limit)
        .select(outbox::id)
}

/// Puts an entry into the outbox, or renews the one that is pending for the same.
fn enqueue(c: &mut Conn, row: &NewOutboxRow) -> Result<(), Failure> {
    let later = || excluded(outbox::at).ge(outbox::at);
    let renewed = diesel::insert_into(outbox::table)
        .values(row)
        .on_conflict(outbox::dedup_key)
        .do_update()
        // An entry that is neither leased nor postponed is due already.
        .set((
            outbox::generation.eq(outbox::generation + 1),
            outbox::email_key
                .eq(case_when(later(), excluded(outbox::email_key)).otherwise(outbox::email_key)),
            outbox::from_address
                .eq(case_when(later(), excluded(outbox::from_address)).otherwise(outbox::from_address)),
            outbox::at.eq(case_when(later(), excluded(outbox::at)).otherwise(outbox::at)),
        ));
    Prepared(renewed.returning(outbox::id)).touch(c)?;
    Ok(())
}

/// Puts notices into the outbox; those to accounts that are gone have no reader. `held` is an account that this
/// transaction has a lock on.
pub(crate) fn enqueue_notices(c: &mut Conn, notices: &[Notice], held: Option<i64>) -> Result<(), Failure> {
    let mut ids: Vec<i64> = notices.iter().filter_map(|notice| row_id(&notice.account)).collect();
    ids.retain(|id| Some(*id) != held);
    ids.sort_unstable();
    ids.dedup();
    let mut existing = if ids.is_empty() { Vec::new() } else { hold_existing(c, &ids)? };
    existing.extend(held);
    for notice in notices {
        if let Some(id) = row_id(&notice.account).filter(|id| existing.contains(id)) {
            enqueue(c, &NewOutboxRow::notice(id, notice))?;
        }
    }
    Ok(())
}

fn claim(
    c: &mut Conn,
    now: i64,
    lease_until: i64,
    most: usize,
    requests_first: bool,
) -> Result<Vec<OutboxRow>, Failure> {
    // Half for one kind, the rest for the other, and what that leaves for the first again. Never more than `most`
    // are locked, because others skip what is locked.
    let mut ids = claimable(c, requests_first, now, &[], limit(most.div_ceil(2)))?;
    for requests in [!requests_first, requests_first] {
        if ids.len() < most {
            let more = claimable(c, requests, now, &ids, limit(most - ids.len()))?;
            ids.extend(more);
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let leased = diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)))
        .set((outbox::lease_until.eq(lease_until), outbox::attempt.eq(outbox::attempt + 1)))
        .returning((outbox::due_at, OutboxRow::as_returning()));
    let mut rows: Vec<(i64, OutboxRow)> = Prepared(leased).load(c)?;
    rows.sort_by_key(|(due_at, row)| (*due_at, row.id));
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Settles a claim. Returns whether it was still this worker's.
fn settle(c: &mut Conn, claim: &Claim, settlement: &Settlement, now: i64) -> Result<bool, Failure> {
    let mine = outbox::table.filter(outbox::id.eq(claim.id)).filter(outbox::attempt.eq(claim.attempt));
    let unchanged = mine.filter(outbox::generation.le(claim.generation));
    let free_at = |at: i64| (outbox::due_at.eq(at), outbox::lease_until.eq(NO_LEASE));
    let settled = match settlement {
        Settlement::Done | Settlement::Replaced(_) => diesel::delete(unchanged).execute(c)?,
        Settlement::Postponed(until) => {
            let free = diesel::update(unchanged).set(free_at(until.as_micros())).returning(outbox::id);
            Prepared(free).touch(c)?
        }
        Settlement::Released => {
            let free = diesel::update(unchanged).set(outbox::lease_until.eq(NO_LEASE)).returning(outbox::id);
            Prepared(free).touch(c)?
        }
    };
    // Not settled: renewed meanwhile, or no longer this worker's.
    let free = diesel::update(mine).set(free_at(now)).returning(outbox::id);
    Ok(settled > 0 || Prepared(free).touch(c)? > 0)
}
