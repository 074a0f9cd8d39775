//! The contract of [`Accounts`](password_domain::ports::Accounts).

use std::collections::BTreeSet;

use password_domain::account::{AccountId, AccountStatus, EmailKey, LoginKey};
use password_domain::ports::{Added, NewAccount};

use super::support::{add, hostile_texts, nobody};
use crate::Storage;
use crate::builders::{new_account, permission, realm};

pub async fn an_account_is_found_by_identity_login_and_address(storage: Storage) {
    let alice = add(&storage, new_account("member", "Alice").email("Alice.A@Example.ORG")).await;
    let accounts = &storage.accounts;

    assert_eq!(accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(alice.clone()));
    let by_login = accounts.find_by_login(&alice.realm, &LoginKey::of("ALICE")).await.unwrap();
    assert_eq!(by_login, Some(alice.clone()));
    let by_email =
        accounts.find_by_email(&alice.realm, &EmailKey::of("alice.a@EXAMPLE.org"), 2).await.unwrap();
    assert_eq!(by_email, [alice]);
}

pub async fn an_account_comes_back_as_it_was_stored(storage: Storage) {
    let new = new_account("dealer", "MiXeD Case")
        .email("MiXeD@Example.ORG")
        .names("Ann\u{e9}", "O'Neill")
        .locale("de-CH")
        .permission("password:update")
        .permission("tariff:read")
        .demo();
    for (login, builder, status) in [
        ("active", new.clone(), AccountStatus::Active),
        ("inactive", new.clone().inactive(), AccountStatus::Inactive),
        ("blocked", new.clone().blocked(), AccountStatus::Blocked),
    ] {
        let account = add(&storage, NewAccount { login: login.to_owned(), ..builder.build() }).await;
        assert_eq!(account.realm, realm("dealer"));
        assert_eq!(account.login, login);
        assert_eq!(account.email, "MiXeD@Example.ORG");
        assert_eq!((&*account.first_name, &*account.last_name), ("Ann\u{e9}", "O'Neill"));
        assert_eq!(account.locale.as_deref(), Some("de-CH"));
        assert_eq!(account.status, status);
        assert!(account.demo);
        let permissions = BTreeSet::from([permission("password:update"), permission("tariff:read")]);
        assert_eq!(account.permissions, permissions);
    }
    let plain = add(&storage, new_account("dealer", "plain")).await;
    assert_eq!((&*plain.first_name, &*plain.last_name, plain.locale), ("", "", None));
    assert!(!plain.demo && plain.permissions.is_empty());
}

pub async fn hostile_and_long_texts_survive(storage: Storage) {
    for text in hostile_texts() {
        let email =
            format!("{}@x", text.chars().filter(|c| !c.is_whitespace()).take(252).collect::<String>());
        let new = new_account("member", &text).email(&email).names(&text, &text);
        let account = add(&storage, new).await;
        assert_eq!(
            (&account.login, &account.email, &account.first_name, &account.last_name),
            (&text, &email, &text, &text)
        );
        let by_login = storage.accounts.find_by_login(&account.realm, &LoginKey::of(&text)).await.unwrap();
        assert_eq!(by_login.as_ref(), Some(&account));
        let by_email =
            storage.accounts.find_by_email(&account.realm, &EmailKey::of(&email), 2).await.unwrap();
        assert_eq!(by_email, [account]);
    }
}

pub async fn an_identity_of_another_realm_finds_nobody(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(storage.accounts.find_by_id(&realm("user"), &alice.id).await.unwrap(), None);
    assert_eq!(storage.accounts.find_by_id(&realm("unheard-of"), &alice.id).await.unwrap(), None);
}

pub async fn an_identity_written_otherwise_finds_nobody(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let id = alice.id.as_str();
    let gone = nobody(&storage).await;
    let others = [
        format!("0{id}"),
        format!("+{id}"),
        format!("-{id}"),
        format!("{id}.0"),
        format!("{id}x"),
        gone.as_str().to_owned(),
        "x".to_owned(),
        "';--".to_owned(),
        "9".repeat(64),
        i64::MIN.to_string(),
    ];
    for other in others {
        let found =
            storage.accounts.find_by_id(&alice.realm, &AccountId::new(&*other).unwrap()).await.unwrap();
        assert_eq!(found, None, "{other}");
    }
}

pub async fn realms_share_no_logins_and_no_addresses(storage: Storage) {
    let of_user = add(&storage, new_account("user", "same").email("same@example.org")).await;
    let of_member = add(&storage, new_account("member", "same").email("same@example.org")).await;
    assert_ne!(of_user.id, of_member.id);
    for account in [of_user, of_member] {
        let by_login = storage.accounts.find_by_login(&account.realm, &LoginKey::of("same")).await.unwrap();
        assert_eq!(by_login.as_ref(), Some(&account));
        let by_email = storage
            .accounts
            .find_by_email(&account.realm, &EmailKey::of("same@example.org"), 9)
            .await
            .unwrap();
        assert_eq!(by_email, [account]);
    }
}

pub async fn keys_are_compared_byte_by_byte(storage: Storage) {
    // Each of these is one key to some collation, and all of them are different keys to the domain.
    let logins = [
        "strasse",
        "stra\u{df}e",
        "id",
        "\u{131}d",
        "resume",
        "r\u{e9}sum\u{e9}",
        "bob",
        "bob ",
        " bob",
        "b.ob",
    ];
    for login in logins {
        let _ =
            add(&storage, new_account("member", login).email(&format!("{}@example.org", login.trim()))).await;
    }
    for login in logins {
        let found = storage.accounts.find_by_login(&realm("member"), &LoginKey::of(login)).await.unwrap();
        assert_eq!(found.map(|account| account.login).as_deref(), Some(login));
    }
    let key = EmailKey::of("\u{131}d@example.org");
    let found = storage.accounts.find_by_email(&realm("member"), &key, 9).await.unwrap();
    let logins: Vec<&str> = found.iter().map(|account| &*account.login).collect();
    assert_eq!(logins, ["\u{131}d"]);
}

pub async fn wildcards_find_nobody(storage: Storage) {
    add(&storage, new_account("member", "alice")).await;
    for wild in ["%", "al%", "_lice", "alic_", "*", "al*", "a.ice", "", "alice%"] {
        let found = storage.accounts.find_by_login(&realm("member"), &LoginKey::of(wild)).await.unwrap();
        assert_eq!(found, None, "{wild}");
        let key = EmailKey::of(&format!("{wild}@example.org"));
        assert_eq!(storage.accounts.find_by_email(&realm("member"), &key, 9).await.unwrap(), [], "{wild}");
    }
}

pub async fn a_shared_address_finds_all_in_the_order_of_identities(storage: Storage) {
    // Twelve, so that decimal identities have more than one length.
    let new: Vec<NewAccount> = (0..12)
        .map(|n| new_account("member", &format!("sharer {n}")).email("Shared@example.org").build())
        .collect();
    let added = storage.account_admin.add(&new).await.unwrap();
    assert!(added.iter().all(|added| matches!(added, Added::Created(_))));
    add(&storage, new_account("member", "somebody else")).await;

    let find = async |limit| {
        storage
            .accounts
            .find_by_email(&realm("member"), &EmailKey::of("shared@example.org"), limit)
            .await
            .unwrap()
    };
    let all = find(100).await;
    assert_eq!(all.len(), 12);
    let mut listed = storage.account_admin.list(&realm("member"), None, 100).await.unwrap();
    listed.retain(|account| account.email == "Shared@example.org");
    assert_eq!(all, listed, "both are in the order of identities");
    assert_eq!(find(2).await, all[..2]);
    assert_eq!(find(0).await, []);
}

cases! {
    ($) accounts:
    /// Expands to the tests of [`Accounts`](password_domain::ports::Accounts); takes the path of a factory of `Storage`.
    accounts_contract as accounts {
        an_account_is_found_by_identity_login_and_address,
        an_account_comes_back_as_it_was_stored,
        hostile_and_long_texts_survive,
        an_identity_of_another_realm_finds_nobody,
        an_identity_written_otherwise_finds_nobody,
        realms_share_no_logins_and_no_addresses,
        keys_are_compared_byte_by_byte,
        wildcards_find_nobody,
        a_shared_address_finds_all_in_the_order_of_identities,
    }
}
