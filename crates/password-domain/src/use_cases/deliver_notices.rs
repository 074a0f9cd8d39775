use std::time::Duration;

use super::House;
use super::request_reset::MAX_ACCOUNTS_PER_ADDRESS;
use crate::account::Account;
use crate::credential::Credential;
use crate::notice::{Notice, NoticeKind, ResetRequest};
use crate::ports::{
    Claim, Content, DeliveryError, EventKind, Message, Opened, Pending, PortError, Settlement,
};
use crate::reset::{MAX_LIVE_GRANTS, ResetGrant};
use crate::source::Source;
use crate::time::Timestamp;
use crate::token::{TokenDigest, TokenPurpose};

/// How long a worker holds what it has claimed.
pub const LEASE: Duration = Duration::from_secs(120);

/// How long after its claim a worker still begins a send, so that even one that takes as long as a mailer may (30 s)
/// ends within [`LEASE`]. What it has not begun by then it gives back.
const TIME_TO_BEGIN: Duration = Duration::from_secs(60);

/// How many entries a worker claims at a time. Several, because a store writes each claim and each settlement durably.
pub const CLAIMS: usize = 16;

/// How long what was handled may wait to be settled together with more of it: until the first send that ends after this.
/// A server killed meanwhile sends those mails a second time, under the same `Message-ID`.
const SETTLED_WITHIN: Duration = Duration::from_secs(1);

/// The first pause after a failed send; every further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// How long a reset is worth delivering: who still waits after a day asks again.
const RESET_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long any other notice is worth delivering (RFC 5321, section 4.5.4.1: at least 4 to 5 days).
const PATIENCE: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// How long it is worth telling that somebody tries passwords: who goes on doing so is told of again after a day.
const ATTEMPTS_PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Delivers what waits in the outbox. Any number of workers may do so at once, on any number of servers.
#[derive(Clone)]
pub struct DeliverNotices(pub(super) House);

enum Outcome {
    Delivered,
    Dropped,
    Failed,
    Replaced(Vec<Notice>),
}

impl DeliverNotices {
    /// Claims up to [`CLAIMS`] entries that are due, and delivers them one after the other. Returns how many were
    /// claimed; 0 means that nothing is due.
    ///
    /// A reset token is born here: minted, its digest stored and committed, then sent. It never lies anywhere in clear,
    /// and its lifetime starts when its mail leaves.
    ///
    /// # Errors
    ///
    /// [`PortError`] where the outbox cannot be read. What goes wrong with one entry postpones that entry.
    pub async fn run_once(&self) -> Result<usize, PortError> {
        self.run_while(&|| true).await
    }

    /// Does what [`run_once`](Self::run_once) does, and gives back what it has not begun when `goes_on` says no: for a
    /// worker that is to end, so that another one need not wait for the end of its lease.
    ///
    /// # Errors
    ///
    /// As [`run_once`](Self::run_once).
    pub async fn run_while(&self, goes_on: &(dyn Fn() -> bool + Sync)) -> Result<usize, PortError> {
        let ports = &self.0.ports;
        let begun = ports.clock.now();
        let claims = ports.outbox.claim(begun, begun.plus(LEASE), CLAIMS).await?;
        let count = claims.len();
        let (mut handled, mut settled_at, mut failure) = (Vec::new(), begun, None);
        for claim in claims {
            let settlement = if goes_on() && begun.until(ports.clock.now()) < TIME_TO_BEGIN {
                let (settlement, error) = self.handle(&claim).await;
                failure = error.or(failure);
                settlement
            } else {
                Settlement::Released
            };
            // What takes a request's place must not wait for the mails of others.
            let at_once = matches!(settlement, Settlement::Replaced(_));
            handled.push((claim, settlement));
            if at_once || settled_at.until(ports.clock.now()) >= SETTLED_WITHIN {
                failure = self.settle(&mut handled).await.err().or(failure);
                settled_at = ports.clock.now();
            }
        }
        failure = self.settle(&mut handled).await.err().or(failure);
        failure.map_or(Ok(count), Err)
    }

    async fn settle(&self, handled: &mut Vec<(Claim, Settlement)>) -> Result<(), PortError> {
        let settled = std::mem::take(handled);
        if settled.is_empty() {
            return Ok(());
        }
        Ok(self.0.ports.outbox.settle(&settled, self.0.ports.clock.now()).await?)
    }

    async fn handle(&self, claim: &Claim) -> (Settlement, Option<PortError>) {
        let handled = match &claim.pending {
            Pending::Request(request) => self.look_up(claim, request).await,
            Pending::Notice(notice) => self.deliver(claim, notice).await,
        };
        let later = || Settlement::Postponed(self.0.ports.clock.now().plus(pause(claim.attempt)));
        match handled {
            Ok(Outcome::Delivered | Outcome::Dropped) => (Settlement::Done, None),
            Ok(Outcome::Replaced(notices)) => (Settlement::Replaced(notices), None),
            Ok(Outcome::Failed) => (later(), None),
            Err(error) => (later(), Some(error)),
        }
    }

    /// Turns a typed name into a notice for each account that it means. Here, and not where the request was made,
    /// because nobody watches how long it takes.
    async fn look_up(&self, claim: &Claim, request: &ResetRequest) -> Result<Outcome, PortError> {
        if self.is_hopeless(claim, RESET_PATIENCE) {
            return Ok(Outcome::Dropped);
        }
        let found = self.0.accounts_named(&request.realm, &request.login, &request.email).await?;
        let notices: Vec<Notice> = found
            .into_iter()
            .take(MAX_ACCOUNTS_PER_ADDRESS)
            .filter(Account::is_active)
            .map(|account| Notice {
                realm: account.realm,
                account: account.id,
                kind: NoticeKind::ResetRequested,
                at: request.at,
                from: request.from,
            })
            .collect();
        Ok(if notices.is_empty() { Outcome::Dropped } else { Outcome::Replaced(notices) })
    }

    async fn deliver(&self, claim: &Claim, notice: &Notice) -> Result<Outcome, PortError> {
        let patience = match notice.kind {
            NoticeKind::ResetRequested => RESET_PATIENCE,
            NoticeKind::PasswordChanged | NoticeKind::EmailChanged { .. } => PATIENCE,
            NoticeKind::TooManyAttempts => ATTEMPTS_PATIENCE,
        };
        // Before the account: what changes its address raises the version, so that a grant of this version never goes to
        // an address that is no longer the account's.
        let credential = self.0.ports.credentials.read(&notice.account).await?;
        let account = self.0.ports.accounts.find_by_id(&notice.realm, &notice.account).await?;
        let outcome = match account.zip(credential) {
            Some((account, credential)) if !self.is_hopeless(claim, patience) => {
                // A further try of one notice is the same message; a renewed request is another one.
                let id = format!("{}-{}", claim.id, claim.generation);
                let outcome = match &notice.kind {
                    NoticeKind::ResetRequested => {
                        self.deliver_reset(id, notice, &account, &credential).await?
                    }
                    NoticeKind::PasswordChanged => {
                        let content = Content::PasswordChanged { at: notice.at, from: notice.from };
                        self.send(&Message::to_account(&account, id, content)).await.outcome
                    }
                    NoticeKind::EmailChanged { to } => {
                        let content = Content::EmailChanged { at: notice.at };
                        let mut message = Message::to_account(&account, id, content);
                        message.to.clone_from(to);
                        self.send(&message).await.outcome
                    }
                    // Nobody gets into it, and its owner can do nothing about it.
                    NoticeKind::TooManyAttempts if !account.is_active() => Outcome::Dropped,
                    NoticeKind::TooManyAttempts => {
                        let content = Content::TooManyAttempts { at: notice.at, from: notice.from };
                        self.send(&Message::to_account(&account, id, content)).await.outcome
                    }
                };
                self.note(&outcome, notice, Some(&account));
                return Ok(outcome);
            }
            Some(_) | None => Outcome::Dropped,
        };
        self.note(&outcome, notice, None);
        Ok(outcome)
    }

    async fn deliver_reset(
        &self,
        id: String,
        notice: &Notice,
        account: &Account,
        credential: &Credential,
    ) -> Result<Outcome, PortError> {
        let house = &self.0;
        // Whoever has changed the password since does not need this mail any more.
        if notice.at < credential.changed_at || !account.is_active() {
            return Ok(Outcome::Dropped);
        }
        let realm = house.realm(&account.realm)?;
        let token = house.ports.tokens.mint(realm.reset_token)?;
        let now = house.ports.clock.now();
        let grant = ResetGrant {
            digest: house.ports.tokens.digest(TokenPurpose::Reset, token.expose()),
            realm: account.realm.clone(),
            account: account.id.clone(),
            version: credential.version,
            opened_at: now,
            expires_at: now.plus(realm.reset_ttl),
        };
        if house.ports.resets.open(&grant, MAX_LIVE_GRANTS).await? == Opened::Stale {
            return Ok(Outcome::Failed);
        }
        let content = Content::ResetRequested {
            token,
            user_key: account.id.clone(),
            lifetime: realm.reset_ttl,
            requested_at: notice.at,
            from: notice.from,
        };
        let sent = self.send(&Message::to_account(account, id, content)).await;
        if sent.certainly_not {
            self.void(&grant.digest).await?;
        }
        Ok(sent.outcome)
    }

    async fn send(&self, message: &Message) -> Sent {
        match self.0.ports.mailer.deliver(message).await {
            Ok(()) => Sent { outcome: Outcome::Delivered, certainly_not: false },
            Err(DeliveryError::Refused(_)) => Sent { outcome: Outcome::Dropped, certainly_not: true },
            Err(DeliveryError::Postponed(_)) => Sent { outcome: Outcome::Failed, certainly_not: true },
            // The link may be in the inbox: it must go on working beside the one that the next try sends.
            Err(DeliveryError::Unknown(_)) => Sent { outcome: Outcome::Failed, certainly_not: false },
        }
    }

    async fn void(&self, digest: &TokenDigest) -> Result<(), PortError> {
        Ok(self.0.ports.resets.void(digest).await?)
    }

    fn is_hopeless(&self, claim: &Claim, patience: Duration) -> bool {
        let asked: Timestamp = match &claim.pending {
            Pending::Request(request) => request.at,
            Pending::Notice(notice) => notice.at,
        };
        asked.plus(patience) < self.0.ports.clock.now()
    }

    fn note(&self, outcome: &Outcome, notice: &Notice, account: Option<&Account>) {
        let kind = match outcome {
            Outcome::Delivered => EventKind::NoticeDelivered,
            Outcome::Dropped => EventKind::NoticeDropped,
            Outcome::Failed => EventKind::NoticePostponed,
            Outcome::Replaced(_) => return,
        };
        self.0.record(kind, &notice.realm, account, &Source::unknown());
    }
}

struct Sent {
    outcome: Outcome,
    certainly_not: bool,
}

fn pause(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 16)).unwrap_or(16);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let pauses: Vec<u64> =
            [1, 2, 3, 9, 10, 1_000].into_iter().map(|attempt| pause(attempt).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 256, 300, 300]);
    }
}
