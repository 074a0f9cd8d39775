use async_trait::async_trait;

use super::StoreError;
use crate::notice::{Notice, ResetRequest};
use crate::time::Timestamp;

/// What waits in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    /// A request to reset a password, not yet looked up.
    Request(ResetRequest),
    /// A notice to an account.
    Notice(Notice),
}

/// An entry of the outbox that one worker holds until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The entry; never given to another one.
    pub id: i64,
    /// Counts how often the entry was renewed by a further request before it was settled, from 0.
    pub generation: i64,
    /// Counts how often the entry was claimed, this time included, from 1.
    pub attempt: i64,
    /// When the entry was first queued.
    pub queued_at: Timestamp,
    /// What it asks for.
    pub pending: Pending,
}

/// What a worker says of a claim when it lets go of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Done with, delivered or not: the entry goes away, and with it whatever somebody typed.
    Done,
    /// The entry goes away, and these notices take its place.
    Replaced(Vec<Notice>),
    /// Not done: the entry is due again at this time.
    Postponed(Timestamp),
    /// Not begun: the entry keeps its place among those that are due.
    Released,
}

/// Holds notices until they are delivered, and requests until they are looked up.
///
/// At most one [`ResetRequest`] is pending for a realm and folded login, and at most one notice
/// [`ResetRequested`](crate::notice::NoticeKind::ResetRequested) for an account: a further one renews the pending entry, which MUST then carry
/// the later time and source and a higher generation, and MUST be due at once unless it is leased or postponed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Records a request. MUST do the same work whether or not such an account exists.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was recorded.
    async fn request_reset(&self, request: &ResetRequest) -> Result<(), StoreError>;

    /// Queues notices, due at once. One to an account that does not exist MUST be no error, whether it is kept or not.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was queued.
    async fn queue(&self, notices: &[Notice]) -> Result<(), StoreError>;

    /// Claims up to `limit` entries that are due at `now` and under no lease, the longest due first, and leases them
    /// until `lease_until`. No two claims of one lease's time MUST hold the same entry, on any number of servers.
    /// Where both wait, requests and notices MUST each get a share, so that a flood of unknown names holds nobody up.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then nothing was claimed.
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Claim>, StoreError>;

    /// Lets go of claims. Where another worker has claimed an entry since (its attempt is higher), nothing happens to it.
    /// Where an entry was renewed since (its generation is higher), it stays and is due at once, whatever the
    /// settlement says; notices of [`Settlement::Replaced`] are queued all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where the store fails; then none is settled, and each claim ends with its lease.
    async fn settle(&self, settled: &[(Claim, Settlement)], now: Timestamp) -> Result<(), StoreError>;
}
