//! The contract of [`Holders`](password_domain::ports::Holders).

use std::time::Duration;

use password_domain::account::{Account, LoginKey};
use password_domain::credential::Credential;
use password_domain::password::PasswordHash;
use password_domain::ports::{Holder, Issued, Opened};

use super::support::{RACERS, add, hostile_texts, race};
use crate::builders::{digest, grant, new_account, realm, session};
use crate::{START, Storage};

/// Checks that a holder is this account with the credential that it has.
async fn assert_is(storage: &Storage, holder: &Holder, account: &Account) {
    let credential = storage.credentials.read(&account.id).await.unwrap().unwrap();
    let encoded = |credential: &Credential| credential.hash.as_ref().map(|hash| hash.as_encoded().to_owned());
    assert_eq!(holder.account, *account);
    assert_eq!(encoded(&holder.credential), encoded(&credential));
    assert_eq!(
        (holder.credential.version, holder.credential.changed_at),
        (credential.version, credential.changed_at)
    );
}

pub async fn a_holder_is_an_account_with_its_credential(storage: Storage) {
    for new in [
        new_account("member", "Alice").hash(PasswordHash::from_encoded("h")).email("alice@example.org"),
        new_account("member", "bob").blocked(),
    ] {
        let account = add(&storage, new).await;
        let found = storage.holders.by_login(&account.realm, &LoginKey::of(&account.login)).await.unwrap();
        assert_is(&storage, &found.unwrap(), &account).await;
    }
}

pub async fn a_login_that_is_nobodys_finds_nobody(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let holders = &storage.holders;
    let login = LoginKey::of("alice");
    assert!(holders.by_login(&realm("user"), &login).await.unwrap().is_none());
    for text in hostile_texts().iter().map(String::as_str).chain(["alic", "alice2", "ali\0ce", "%", ""]) {
        assert!(holders.by_login(&alice.realm, &LoginKey::of(text)).await.unwrap().is_none(), "{text:?}");
    }
}

pub async fn a_session_is_found_with_its_holder(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice").hash(PasswordHash::from_encoded("h"))).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    let of_alice = session(&alice, 1).build();
    assert_eq!(storage.sessions.issue(&of_alice).await.unwrap(), Issued::Yes);
    assert_eq!(storage.sessions.issue(&session(&bob, 2).build()).await.unwrap(), Issued::Yes);
    let holders = &storage.holders;

    let digests = [digest("session", 9), digest("session", 1)];
    let (found, holder) = holders.by_session(&alice.realm, &digests, START).await.unwrap().unwrap();
    assert_eq!(found, of_alice);
    assert_is(&storage, &holder, &alice).await;

    assert!(holders.by_session(&realm("user"), &digests, START).await.unwrap().is_none(), "another realm's");
    assert!(
        holders.by_session(&alice.realm, &digests, of_alice.expires_at).await.unwrap().is_none(),
        "ended"
    );
    assert!(holders.by_session(&alice.realm, &[digest("session", 9)], START).await.unwrap().is_none());
    assert!(holders.by_session(&alice.realm, &[], START).await.unwrap().is_none());
    assert!(storage.sessions.revoke(&of_alice.digest).await.unwrap());
    assert!(holders.by_session(&alice.realm, &digests, START).await.unwrap().is_none(), "revoked");
}

pub async fn a_grant_is_found_with_its_holder(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice").hash(PasswordHash::from_encoded("h"))).await;
    let of_alice = grant(&alice, 1).build();
    assert_eq!(storage.resets.open(&of_alice, 3).await.unwrap(), Opened::Yes);
    let holders = &storage.holders;

    let digests = [digest("grant", 9), digest("grant", 1)];
    let (found, holder) = holders.by_grant(&alice.realm, &digests, START).await.unwrap().unwrap();
    assert_eq!(found, of_alice);
    assert_is(&storage, &holder, &alice).await;

    assert!(holders.by_grant(&realm("user"), &digests, START).await.unwrap().is_none(), "another realm's");
    let ended = of_alice.expires_at.plus(Duration::from_secs(1));
    assert!(holders.by_grant(&alice.realm, &digests, ended).await.unwrap().is_none(), "ended");
    assert!(holders.by_grant(&alice.realm, &[digest("grant", 9)], START).await.unwrap().is_none());
    storage.resets.void(&of_alice.digest).await.unwrap();
    assert!(holders.by_grant(&alice.realm, &digests, START).await.unwrap().is_none(), "voided");
}

pub async fn many_who_ask_at_once_are_each_told_their_own(storage: Storage) {
    let mut accounts = Vec::new();
    for number in 0..RACERS {
        // Two realms share each login.
        let (realm, login) = (["user", "member"][number % 2], format!("account {}", number / 2));
        let new = new_account(realm, &login).hash(PasswordHash::from_encoded(format!("h{number}")));
        let account = add(&storage, new).await;
        // They end one after the other.
        let ends = START.plus(Duration::from_secs(10 * number as u64 + 5));
        let issued = session(&account, number as u64).lives(START, ends).build();
        assert_eq!(storage.sessions.issue(&issued).await.unwrap(), Issued::Yes);
        accounts.push(account);
    }

    let by_login = race(2 * RACERS, |number| {
        let (holders, account) = (storage.holders.clone(), accounts[number % RACERS].clone());
        // Half of them ask for nobody.
        let login = if number < RACERS { account.login } else { format!("nobody {number}") };
        async move { holders.by_login(&account.realm, &LoginKey::of(&login)).await.unwrap() }
    })
    .await;
    for (number, account) in accounts.iter().enumerate() {
        assert_is(&storage, by_login[number].as_ref().unwrap(), account).await;
    }
    assert!(by_login[RACERS..].iter().all(Option::is_none));

    // A session that two show, each at another time; one that is shown in another realm; and one that is nobody's.
    let shown =
        |number: usize| (number % RACERS, START.plus(Duration::from_secs(80 * (number / RACERS) as u64)));
    let by_session = race(2 * RACERS, |number| {
        let holders = storage.holders.clone();
        let (place, now) = shown(number);
        let of = if place == 3 { realm("dealer") } else { accounts[place].realm.clone() };
        let digests = [digest("session", if place == 5 { 999 } else { place as u64 }), digest("other", 1)];
        async move { holders.by_session(&of, &digests, now).await.unwrap() }
    })
    .await;
    for (number, found) in by_session.iter().enumerate() {
        let (place, now) = shown(number);
        let lives = START.plus(Duration::from_secs(10 * place as u64 + 5)) > now;
        match found {
            Some((session, holder)) => {
                assert!(lives && ![3, 5].contains(&place), "{number}");
                assert_eq!(session.digest, digest("session", place as u64));
                assert_is(&storage, holder, &accounts[place]).await;
            }
            None => assert!(!lives || [3, 5].contains(&place), "{number}"),
        }
    }
}

cases! {
    ($) holders:
    /// Expands to the tests of [`Holders`](password_domain::ports::Holders); takes the path of a factory of `Storage`.
    holders_contract as holders {
        a_holder_is_an_account_with_its_credential,
        a_login_that_is_nobodys_finds_nobody,
        a_session_is_found_with_its_holder,
        a_grant_is_found_with_its_holder,
        many_who_ask_at_once_are_each_told_their_own,
    }
}
