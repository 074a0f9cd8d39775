//! Entries of the outbox.

use std::net::IpAddr;

use diesel::{Insertable, Queryable, Selectable};
use password_domain::account::{AccountId, EmailKey, LoginKey, Realm};
use password_domain::notice::{Notice, NoticeKind, ResetRequest};
use password_domain::ports::{Claim, Pending};
use password_domain::time::Timestamp;
use sha2::{Digest, Sha256};

use super::{address, unreadable};
use crate::error::Failure;
use crate::schema::outbox;

/// The kind of a pending [`ResetRequest`]; notices have the names of their kinds.
const REQUEST: &str = "reset_request";

/// A lease that has always been over.
pub(crate) const NO_LEASE: i64 = i64::MIN;

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
pub(crate) struct OutboxRow {
    pub(crate) id: i64,
    kind: String,
    realm: String,
    account_id: Option<i64>,
    login_key: Option<String>,
    email_key: Option<String>,
    send_to: Option<String>,
    from_address: Option<String>,
    at: i64,
    generation: i64,
    attempt: i64,
    queued_at: i64,
}

impl TryFrom<OutboxRow> for Claim {
    type Error = Failure;

    fn try_from(row: OutboxRow) -> Result<Self, Failure> {
        let bad = |column| unreadable("outbox", column, row.id);
        let realm = Realm::new(row.realm).map_err(|_| bad("realm"))?;
        let at = Timestamp::from_micros(row.at);
        let from = address(row.from_address.as_deref()).map_err(|()| bad("from_address"))?;
        let pending = if row.kind == REQUEST {
            Pending::Request(ResetRequest {
                realm,
                login: LoginKey::from_stored(row.login_key.ok_or_else(|| bad("login_key"))?),
                email: EmailKey::from_stored(row.email_key.ok_or_else(|| bad("email_key"))?),
                at,
                from,
            })
        } else {
            let kind = match row.kind.as_str() {
                "reset_requested" => NoticeKind::ResetRequested,
                "password_changed" => NoticeKind::PasswordChanged,
                "email_changed" => {
                    NoticeKind::EmailChanged { to: row.send_to.ok_or_else(|| bad("send_to"))? }
                }
                "too_many_attempts" => NoticeKind::TooManyAttempts,
                _ => return Err(bad("kind")),
            };
            let account = AccountId::from(row.account_id.ok_or_else(|| bad("account_id"))?);
            Pending::Notice(Notice { realm, account, kind, at, from })
        };
        Ok(Self {
            id: row.id,
            generation: row.generation,
            attempt: row.attempt,
            queued_at: Timestamp::from_micros(row.queued_at),
            pending,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false)]
pub(crate) struct NewOutboxRow {
    kind: &'static str,
    is_request: bool,
    realm: String,
    account_id: Option<i64>,
    login_key: Option<String>,
    email_key: Option<String>,
    send_to: Option<String>,
    dedup_key: Option<Vec<u8>>,
    from_address: Option<String>,
    at: i64,
    generation: i64,
    attempt: i64,
    due_at: i64,
    lease_until: i64,
    queued_at: i64,
}

impl NewOutboxRow {
    pub(crate) fn request(request: &ResetRequest) -> Self {
        // PostgreSQL's text holds no NUL, and no account has one in its login or address.
        let storable = |text: &str| text.replace('\0', "\u{fffd}");
        let login_key = storable(request.login.as_str());
        Self {
            dedup_key: Some(one_pending(REQUEST, request.realm.as_str(), &login_key)),
            login_key: Some(login_key),
            email_key: Some(storable(request.email.as_str())),
            is_request: true,
            ..Self::blank(REQUEST, &request.realm, request.at, request.from)
        }
    }

    pub(crate) fn notice(account_id: i64, notice: &Notice) -> Self {
        let kind = notice.kind.as_str();
        let (send_to, dedup_key) = match &notice.kind {
            NoticeKind::ResetRequested => {
                (None, Some(one_pending(kind, notice.realm.as_str(), notice.account.as_str())))
            }
            NoticeKind::PasswordChanged | NoticeKind::TooManyAttempts => (None, None),
            NoticeKind::EmailChanged { to } => (Some(to.clone()), None),
        };
        Self {
            account_id: Some(account_id),
            send_to,
            dedup_key,
            ..Self::blank(kind, &notice.realm, notice.at, notice.from)
        }
    }

    fn blank(kind: &'static str, realm: &Realm, at: Timestamp, from: Option<IpAddr>) -> Self {
        Self {
            kind,
            is_request: false,
            realm: realm.as_str().to_owned(),
            account_id: None,
            login_key: None,
            email_key: None,
            send_to: None,
            dedup_key: None,
            from_address: from.map(|address| address.to_string()),
            at: at.as_micros(),
            generation: 0,
            attempt: 0,
            due_at: at.as_micros(),
            lease_until: NO_LEASE,
            queued_at: at.as_micros(),
        }
    }
}

/// Names what at most one entry may be pending for.
fn one_pending(kind: &str, realm: &str, whom: &str) -> Vec<u8> {
    Sha256::new()
        .chain_update(kind)
        .chain_update([0])
        .chain_update(realm)
        .chain_update([0])
        .chain_update(whom)
        .finalize()
        .to_vec()
}
