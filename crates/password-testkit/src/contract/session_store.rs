//! The contract of [`SessionStore`](password_domain::ports::SessionStore).

use password_domain::account::{Account, AccountId, AccountStatus};
use password_domain::audit::AuditAction;
use password_domain::ports::{Applied, Found, Issued};
use password_domain::session::{Session, SessionKind};
use password_domain::time::Timestamp;

use super::support::{NOW, RACERS, add, change_of, just_before, later, nobody, race, version};
use crate::Storage;
use crate::builders::{audit, digest, new_account, realm, session};

async fn issue(storage: &Storage, session: &Session) -> Issued {
    storage.sessions.issue(session).await.unwrap()
}

async fn find(storage: &Storage, number: u64, now: Timestamp) -> Option<Session> {
    storage.sessions.find(&[digest("session", number)], now).await.unwrap()
}

pub async fn a_session_is_found_by_any_of_its_digests(storage: Storage) {
    let new = new_account("dealer", "alice").permission("password:update").permission("tariff:read");
    let alice = add(&storage, new).await;
    for (number, kind) in (1..).zip([SessionKind::Standard, SessionKind::Panel, SessionKind::Token]) {
        let issued = session(&alice, number).kind(kind).lives(later(1), later(60)).build();
        assert_eq!(issue(&storage, &issued).await, Issued::Yes);

        assert_eq!(
            find(&storage, number, later(2)).await,
            Some(issued.clone()),
            "every field, to the microsecond"
        );
        let digests = [digest("other", 1), issued.digest, digest("other", 2)];
        assert_eq!(storage.sessions.find(&digests, later(2)).await.unwrap(), Some(issued));
    }
    assert_eq!(find(&storage, 9, later(2)).await, None);
    assert_eq!(storage.sessions.find(&[], later(2)).await.unwrap(), None);
}

pub async fn a_session_ends_at_its_time(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    assert_eq!(issue(&storage, &session(&alice, 1).lives(NOW, later(60)).build()).await, Issued::Yes);
    assert!(find(&storage, 1, just_before(later(60))).await.is_some());
    assert_eq!(find(&storage, 1, later(60)).await, None);
    assert_eq!(storage.sessions.list(&alice.id, later(60)).await.unwrap(), []);
}

pub async fn a_renewed_session_lives_longer(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let issued = session(&alice, 1).lives(NOW, later(60)).build();
    assert_eq!(issue(&storage, &issued).await, Issued::Yes);
    assert_eq!(issue(&storage, &session(&alice, 2).lives(NOW, later(60)).build()).await, Issued::Yes);

    assert!(storage.sessions.renew(&issued.digest, later(30), later(90)).await.unwrap());

    let renewed = Session { expires_at: later(90), ..issued };
    assert_eq!(find(&storage, 1, later(60)).await, Some(renewed));
    assert_eq!(find(&storage, 2, later(60)).await, None, "another session stays as it was");
    assert_eq!(find(&storage, 1, later(90)).await, None);
}

pub async fn an_ended_session_is_not_renewed(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for number in [1, 2] {
        assert_eq!(
            issue(&storage, &session(&alice, number).lives(NOW, later(60)).build()).await,
            Issued::Yes
        );
    }
    assert!(storage.sessions.revoke(&digest("session", 2)).await.unwrap());
    assert!(!storage.sessions.renew(&digest("session", 1), later(60), later(90)).await.unwrap(), "expired");
    assert!(!storage.sessions.renew(&digest("session", 2), later(30), later(90)).await.unwrap(), "revoked");
    assert!(!storage.sessions.renew(&digest("session", 3), later(30), later(90)).await.unwrap(), "unknown");
    for number in [1, 2, 3] {
        assert_eq!(find(&storage, number, later(70)).await, None);
    }
}

pub async fn a_revoked_session_is_gone(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for number in [1, 2] {
        assert_eq!(issue(&storage, &session(&alice, number).build()).await, Issued::Yes);
    }
    assert!(storage.sessions.revoke(&digest("session", 1)).await.unwrap());
    assert!(!storage.sessions.revoke(&digest("session", 1)).await.unwrap());
    assert_eq!(find(&storage, 1, later(1)).await, None);
    assert!(find(&storage, 2, later(1)).await.is_some());
}

pub async fn all_sessions_of_an_account_are_revoked_together(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    for number in 1..=3 {
        assert_eq!(issue(&storage, &session(&alice, number).build()).await, Issued::Yes);
    }
    assert_eq!(issue(&storage, &session(&bob, 4).build()).await, Issued::Yes);
    assert_eq!(storage.sessions.revoke_all(&alice.id).await.unwrap(), 3);
    assert_eq!(storage.sessions.revoke_all(&alice.id).await.unwrap(), 0);
    assert_eq!(storage.sessions.list(&alice.id, later(1)).await.unwrap(), []);
    assert!(find(&storage, 4, later(1)).await.is_some());
}

pub async fn sessions_are_listed_oldest_first(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let bob = add(&storage, new_account("user", "bob")).await;
    let of = |account, number| session(account, number).lives(later(number), later(100 * number)).build();
    for issued in [of(&alice, 3), of(&alice, 1), of(&bob, 4), of(&alice, 2)] {
        assert_eq!(issue(&storage, &issued).await, Issued::Yes);
    }
    let list = async |now| storage.sessions.list(&alice.id, now).await.unwrap();
    assert_eq!(list(later(5)).await, [of(&alice, 1), of(&alice, 2), of(&alice, 3)]);
    assert_eq!(list(later(150)).await, [of(&alice, 2), of(&alice, 3)]);
}

pub async fn racing_revocations_end_a_session_once(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    assert_eq!(issue(&storage, &session(&alice, 1).build()).await, Issued::Yes);
    let revoked = race(RACERS, |_| {
        let sessions = storage.sessions.clone();
        async move { sessions.revoke(&digest("session", 1)).await.unwrap() }
    })
    .await;
    assert_eq!(revoked.into_iter().filter(|revoked| *revoked).count(), 1);
}

pub async fn a_renewal_never_brings_a_revoked_session_back(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    assert_eq!(issue(&storage, &session(&alice, 1).build()).await, Issued::Yes);
    race(RACERS, |n| {
        let sessions = storage.sessions.clone();
        async move {
            let digest = digest("session", 1);
            if n == RACERS / 2 {
                assert!(sessions.revoke(&digest).await.unwrap());
            } else {
                sessions.renew(&digest, later(1), later(7_200)).await.unwrap();
            }
        }
    })
    .await;
    assert_eq!(find(&storage, 1, later(2)).await, None);
}

pub async fn a_session_of_another_version_is_stale(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    assert_eq!(issue(&storage, &session(&alice, 1).version(version(2)).build()).await, Issued::Stale);
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "h")).await.unwrap(), Applied::Done);
    assert_eq!(issue(&storage, &session(&alice, 1).build()).await, Issued::Stale);
    assert_eq!(find(&storage, 1, later(2)).await, None);
    assert_eq!(issue(&storage, &session(&alice, 1).version(version(2)).build()).await, Issued::Yes);
    assert!(find(&storage, 1, later(2)).await.is_some());
}

pub async fn sessions_of_many_accounts_at_once_are_each_their_own(storage: Storage) {
    let mut accounts = Vec::new();
    for number in 0..RACERS {
        let realm = ["user", "member"][number % 2];
        accounts.push(add(&storage, new_account(realm, &format!("account {number}"))).await);
    }
    // Every third is of a version that its account has not.
    let is_stale = |number| number % 3 == 0;
    let of = |number: usize| {
        let version = version(if is_stale(number) { 2 } else { 1 });
        let (from, until) = (later(number as u64), later(1_000 + number as u64));
        session(&accounts[number], number as u64).version(version).lives(from, until).build()
    };
    let issued = race(RACERS, |number| {
        let (storage, session) = (storage.clone(), of(number));
        async move { issue(&storage, &session).await }
    })
    .await;
    for (number, issued) in issued.into_iter().enumerate() {
        let (expected, stored) =
            if is_stale(number) { (Issued::Stale, None) } else { (Issued::Yes, Some(of(number))) };
        assert_eq!(issued, expected, "{number}");
        assert_eq!(find(&storage, number as u64, later(60)).await, stored);
    }
}

pub async fn a_session_for_nobody_is_stale(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    for id in [nobody(&storage).await, AccountId::new("x").unwrap()] {
        let ghost = Account { id, ..alice.clone() };
        assert_eq!(issue(&storage, &session(&ghost, 1).build()).await, Issued::Stale);
    }
    let elsewhere = Account { realm: realm("member"), ..alice };
    assert_eq!(issue(&storage, &session(&elsewhere, 1).build()).await, Issued::Stale);
    assert_eq!(find(&storage, 1, later(2)).await, None);
}

pub async fn a_session_for_an_account_that_is_not_active_is_stale(storage: Storage) {
    for builder in [new_account("user", "blocked").blocked(), new_account("user", "inactive").inactive()] {
        let account = add(&storage, builder).await;
        assert_eq!(issue(&storage, &session(&account, 1).build()).await, Issued::Stale);
    }
    assert_eq!(find(&storage, 1, later(2)).await, None);
}

pub async fn no_session_passes_a_change_or_a_block_unseen(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice")).await;
    let issued = race(RACERS, |n| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move {
            match n {
                4 => {
                    // Blocked first, the change finds another version.
                    let _ = storage.credentials.apply(&change_of(&alice, 1, "h")).await.unwrap();
                    None
                }
                9 => {
                    let event = audit(&alice, AuditAction::AccountBlocked, later(1));
                    let found =
                        storage.account_admin.set_status(&alice.id, AccountStatus::Blocked, &event).await;
                    assert_eq!(found.unwrap(), Found::Yes);
                    None
                }
                _ => Some(issue(&storage, &session(&alice, n as u64).build()).await),
            }
        }
    })
    .await;
    // Whatever was issued is of the version before, and says so.
    for (number, issued) in (0..).zip(issued) {
        let found = find(&storage, number, later(1)).await;
        assert!(found.is_none_or(|session| issued == Some(Issued::Yes) && session.version == version(1)));
    }
    assert_eq!(issue(&storage, &session(&alice, 99).build()).await, Issued::Stale);
}

cases! {
    ($) session_store:
    /// Expands to the tests of [`SessionStore`](password_domain::ports::SessionStore) that every implementation must
    /// pass; takes the path of a factory of `Storage`.
    session_store_contract as session_store {
        a_session_is_found_by_any_of_its_digests,
        a_session_ends_at_its_time,
        a_renewed_session_lives_longer,
        an_ended_session_is_not_renewed,
        a_revoked_session_is_gone,
        all_sessions_of_an_account_are_revoked_together,
        sessions_are_listed_oldest_first,
        racing_revocations_end_a_session_once,
        a_renewal_never_brings_a_revoked_session_back,
    }
    /// Expands to the tests of [`SessionStore`](password_domain::ports::SessionStore) for implementations that share a
    /// database with the credentials; takes the path of a factory of `Storage`.
    session_store_shared_contract as session_store_shared {
        a_session_of_another_version_is_stale,
        sessions_of_many_accounts_at_once_are_each_their_own,
        a_session_for_nobody_is_stale,
        a_session_for_an_account_that_is_not_active_is_stale,
        no_session_passes_a_change_or_a_block_unseen,
    }
}
