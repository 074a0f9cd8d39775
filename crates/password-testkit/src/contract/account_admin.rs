//! The contract of [`AccountAdmin`](password_domain::ports::AccountAdmin).

use std::collections::{BTreeSet, HashSet};

use password_domain::account::{Account, AccountStatus, EmailKey, LoginKey};
use password_domain::audit::AuditAction;
use password_domain::credential::CredentialVersion;
use password_domain::notice::NoticeKind;
use password_domain::password::HistoryTag;
use password_domain::ports::{AccountUpdate, Added, Applied, Found, Issued, NewAccount, Opened, Pending};

use super::support::{
    NOW, RACERS, add, change_of, claim_pending, credential, entry, hash, later, nobody, race,
    take_audit_lines, version,
};
use crate::Storage;
use crate::builders::{audit, digest, grant, new_account, notice, permission, realm, session};

fn email(address: &str) -> AccountUpdate {
    AccountUpdate { email: Some(address.to_owned()), permissions: None }
}

async fn set_status(storage: &Storage, account: &Account, status: AccountStatus) -> Found {
    let event = audit(account, AuditAction::AccountBlocked, later(1));
    storage.account_admin.set_status(&account.id, status, &event).await.unwrap()
}

async fn delete(storage: &Storage, account: &Account) -> Found {
    let event = audit(account, AuditAction::AccountDeleted, later(1));
    storage.account_admin.delete(&account.id, &event).await.unwrap()
}

pub async fn a_new_account_has_the_first_version_and_its_history(storage: Storage) {
    let tag = HistoryTag::from_encoded("$tag$'1");
    let account =
        add(&storage, new_account("dealer", "alice").hash(hash("$h'1")).history(tag).at(later(7))).await;

    let credential = credential(&storage, &account).await;
    assert!(credential.hash == Some(hash("$h'1")));
    assert_eq!(credential.version, CredentialVersion::FIRST);
    assert_eq!(credential.changed_at, later(7));
    assert!(storage.credentials.history(&account.id, 10).await.unwrap() == [entry(1, "$tag$'1")]);
    assert_eq!(claim_pending(&storage, later(60)).await, [], "creating an account tells nobody");
}

pub async fn an_account_may_begin_without_a_password(storage: Storage) {
    let account = add(&storage, new_account("member", "alice")).await;
    let credential = credential(&storage, &account).await;
    assert!(credential.hash.is_none());
    assert_eq!(credential.version, CredentialVersion::FIRST);
    assert!(storage.credentials.history(&account.id, 10).await.unwrap().is_empty());
}

pub async fn a_taken_login_leaves_the_other_accounts_alone(storage: Storage) {
    let taken = add(&storage, new_account("member", "Jos\u{e9}").hash(hash("before"))).await;
    let new: Vec<NewAccount> = [
        new_account("member", "first"),
        new_account("member", "JOSE\u{301}").hash(hash("after")),
        new_account("user", "jos\u{e9}"),
        new_account("member", "twice").email("one@example.org"),
        new_account("member", "TWICE").email("two@example.org"),
        new_account("member", "last"),
    ]
    .map(NewAccount::from)
    .into();

    let added = storage.account_admin.add(&new).await.unwrap();

    let created: Vec<bool> = added.iter().map(|added| matches!(added, Added::Created(_))).collect();
    assert_eq!(created, [true, false, true, true, false, true], "answers are in order");
    let ids: HashSet<_> = added
        .iter()
        .filter_map(|added| if let Added::Created(id) = added { Some(id.clone()) } else { None })
        .chain([taken.id.clone()])
        .collect();
    assert_eq!(ids.len(), 5, "identities are unique");
    for (added, new) in added.iter().zip(&new) {
        if let Added::Created(id) = added {
            let account = storage.accounts.find_by_id(&new.realm, id).await.unwrap().unwrap();
            assert_eq!((&account.login, &account.email), (&new.login, &new.email));
        }
    }
    let found = storage.accounts.find_by_login(&realm("member"), &LoginKey::of("jos\u{e9}")).await.unwrap();
    assert_eq!(found.as_ref(), Some(&taken));
    assert!(credential(&storage, &taken).await.hash == Some(hash("before")));
}

pub async fn adding_nothing_is_no_error(storage: Storage) {
    assert_eq!(storage.account_admin.add(&[]).await.unwrap(), []);
}

pub async fn many_accounts_can_be_added_at_once(storage: Storage) {
    let new: Vec<NewAccount> = (0..300).map(|n| new_account("member", &format!("m{n}")).into()).collect();
    let added = storage.account_admin.add(&new).await.unwrap();
    assert_eq!(added.iter().filter(|added| matches!(added, Added::Created(_))).count(), 300);
    assert_eq!(storage.account_admin.list(&realm("member"), None, 1_000).await.unwrap().len(), 300);
}

pub async fn of_racing_accounts_with_one_login_one_is_created(storage: Storage) {
    let added = race(RACERS, |n| {
        let admin = storage.account_admin.clone();
        // Each batch also has an account of its own, which must not go down with the taken one.
        let batch =
            [new_account("member", "wanted").build(), new_account("member", &format!("own {n}")).build()];
        async move { admin.add(&batch).await.unwrap() }
    })
    .await;
    assert!(added.iter().all(|added| matches!(added[1], Added::Created(_))));
    assert_eq!(added.iter().filter(|added| matches!(added[0], Added::Created(_))).count(), 1);
    assert_eq!(storage.account_admin.list(&realm("member"), None, 100).await.unwrap().len(), RACERS + 1);
}

pub async fn many_logins_are_looked_up_at_once(storage: Storage) {
    let jose = add(&storage, new_account("member", "Jos\u{e9}").hash(hash("h"))).await;
    let alice = add(&storage, new_account("dealer", "alice").permission("password:update")).await;
    let logins = [
        ("dealer", "ALICE"),
        ("member", "alice"),
        ("member", "JOSE\u{301}"),
        ("member", "nobody"),
        ("unheard-of", "alice"),
        ("member", "no\0body"),
        ("dealer", "alice"),
    ]
    .map(|(at, login)| (realm(at), LoginKey::of(login)));

    let found = storage.account_admin.find_many(&logins).await.unwrap();

    assert_eq!(found, [Some(alice.clone()), None, Some(jose), None, None, None, Some(alice)], "in order");
    assert_eq!(storage.account_admin.find_many(&[]).await.unwrap(), []);
}

pub async fn a_new_address_is_found_and_ends_everything(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice").hash(hash("h"))).await;
    assert_eq!(storage.resets.open(&grant(&alice, 1).build(), 3).await.unwrap(), Opened::Yes);
    let event = audit(&alice, AuditAction::AccountUpdated, later(1));

    let found =
        storage.account_admin.update(&alice.id, &email("New@example.org"), &[], &event).await.unwrap();

    assert_eq!(found, Found::Yes);
    let changed = Account { email: "New@example.org".to_owned(), ..alice.clone() };
    assert_eq!(storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(changed.clone()));
    let find = async |address| {
        storage.accounts.find_by_email(&alice.realm, &EmailKey::of(address), 9).await.unwrap()
    };
    assert_eq!(find("new@example.org").await, [changed]);
    assert_eq!(find(&alice.email).await, []);
    let credential = credential(&storage, &alice).await;
    assert_eq!(credential.version, version(2));
    assert_eq!(credential.changed_at, NOW, "the password is still the old one");
    assert!(credential.hash == Some(hash("h")));
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "n")).await.unwrap(), Applied::Conflict);
    assert_eq!(storage.sessions.issue(&session(&alice, 1).build()).await.unwrap(), Issued::Stale);
    assert_eq!(storage.resets.open(&grant(&alice, 2).build(), 3).await.unwrap(), Opened::Stale);
}

pub async fn racing_new_addresses_each_raise_the_version(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    race(RACERS, |n| {
        let (admin, alice) = (storage.account_admin.clone(), alice.clone());
        async move {
            let event = audit(&alice, AuditAction::AccountUpdated, later(1));
            let update = email(&format!("new{n}@example.org"));
            assert_eq!(admin.update(&alice.id, &update, &[], &event).await.unwrap(), Found::Yes);
        }
    })
    .await;
    assert_eq!(credential(&storage, &alice).await.version, version(1 + RACERS as i64));
    let last = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap().unwrap();
    let found = storage.accounts.find_by_email(&alice.realm, &EmailKey::of(&last.email), 9).await.unwrap();
    assert_eq!(found, [last], "address and key are of one update");
}

pub async fn an_update_queues_its_notices(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let tell = |to: &str| notice(&alice, NoticeKind::EmailChanged { to: to.to_owned() }, later(1));
    let notices = [tell("old'@example.org"), tell("new@example.org")];
    let event = audit(&alice, AuditAction::AccountUpdated, later(1));

    let found =
        storage.account_admin.update(&alice.id, &email("new@example.org"), &notices, &event).await.unwrap();

    assert_eq!(found, Found::Yes);
    let pending = claim_pending(&storage, later(60)).await;
    assert_eq!(pending.len(), 2);
    for notice in notices {
        assert!(pending.contains(&Pending::Notice(notice)));
    }
}

pub async fn new_permissions_replace_all_others_and_end_nothing(storage: Storage) {
    let alice =
        add(&storage, new_account("dealer", "alice").permission("tariff:read").permission("user:read")).await;
    let event = audit(&alice, AuditAction::AccountUpdated, later(1));
    for permissions in
        [BTreeSet::from([permission("password:update"), permission("user:read")]), BTreeSet::new()]
    {
        let update = AccountUpdate { email: None, permissions: Some(permissions.clone()) };
        assert_eq!(storage.account_admin.update(&alice.id, &update, &[], &event).await.unwrap(), Found::Yes);
        let found = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap().unwrap();
        assert_eq!(found, Account { permissions, ..alice.clone() });
    }
    assert_eq!(credential(&storage, &alice).await.version, CredentialVersion::FIRST);
}

pub async fn an_update_of_nothing_changes_nothing(storage: Storage) {
    let alice = add(&storage, new_account("dealer", "alice").permission("tariff:read")).await;
    let event = audit(&alice, AuditAction::AccountUpdated, later(1));
    let found =
        storage.account_admin.update(&alice.id, &AccountUpdate::default(), &[], &event).await.unwrap();
    assert_eq!(found, Found::Yes);
    assert_eq!(storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(alice.clone()));
    assert_eq!(credential(&storage, &alice).await.version, CredentialVersion::FIRST);
}

pub async fn another_status_ends_everything(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice").hash(hash("h"))).await;
    assert_eq!(storage.resets.open(&grant(&alice, 1).build(), 3).await.unwrap(), Opened::Yes);
    let mut expected = 1;
    for status in
        [AccountStatus::Blocked, AccountStatus::Active, AccountStatus::Inactive, AccountStatus::Active]
    {
        assert_eq!(set_status(&storage, &alice, status).await, Found::Yes);
        expected += 1;
        let credential = credential(&storage, &alice).await;
        assert_eq!(credential.version, version(expected));
        assert_eq!(credential.changed_at, NOW, "the password is still the old one");
        let found = storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap().unwrap();
        assert_eq!(found, Account { status, ..alice.clone() });
    }
    // Unblocked again, nothing of before comes back to life.
    assert_eq!(storage.credentials.apply(&change_of(&alice, 1, "n")).await.unwrap(), Applied::Conflict);
    assert_eq!(storage.sessions.issue(&session(&alice, 1).build()).await.unwrap(), Issued::Stale);
    assert_eq!(storage.resets.open(&grant(&alice, 2).build(), 3).await.unwrap(), Opened::Stale);
}

pub async fn the_same_status_again_writes_nothing(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice").blocked()).await;
    take_audit_lines(&storage).await;
    assert_eq!(set_status(&storage, &alice, AccountStatus::Blocked).await, Found::Yes);
    assert_eq!(credential(&storage, &alice).await.version, CredentialVersion::FIRST);
    assert_eq!(take_audit_lines(&storage).await, 0);
}

pub async fn racing_changes_of_status_raise_the_version_once(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let found = race(RACERS, |_| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move { set_status(&storage, &alice, AccountStatus::Blocked).await }
    })
    .await;
    assert!(found.iter().all(|found| *found == Found::Yes));
    assert_eq!(credential(&storage, &alice).await.version, version(2));
}

pub async fn a_deleted_account_leaves_nothing_but_its_audit_log(storage: Storage) {
    let new = || new_account("member", "alice").hash(hash("h")).history(HistoryTag::from_encoded("t"));
    let alice = add(&storage, new()).await;
    let bob = add(&storage, new_account("member", "bob")).await;
    for account in [&alice, &bob] {
        let number = if account.id == alice.id { 1 } else { 2 };
        assert_eq!(storage.sessions.issue(&session(account, number).build()).await.unwrap(), Issued::Yes);
        assert_eq!(storage.resets.open(&grant(account, number).build(), 3).await.unwrap(), Opened::Yes);
        let key = storage.api_keys.create(&account.id, &digest("key", number), NOW).await.unwrap();
        assert!(key.is_some());
        let notices =
            [NoticeKind::ResetRequested, NoticeKind::PasswordChanged].map(|kind| notice(account, kind, NOW));
        storage.outbox.queue(&notices).await.unwrap();
    }
    take_audit_lines(&storage).await;

    assert_eq!(delete(&storage, &alice).await, Found::Yes);

    assert_eq!(storage.accounts.find_by_id(&alice.realm, &alice.id).await.unwrap(), None);
    assert_eq!(storage.accounts.find_by_login(&alice.realm, &LoginKey::of("alice")).await.unwrap(), None);
    assert!(storage.credentials.read(&alice.id).await.unwrap().is_none());
    assert!(storage.credentials.history(&alice.id, 10).await.unwrap().is_empty());
    for (number, lives) in [(1, false), (2, true)] {
        let of_session = storage.sessions.find(&[digest("session", number)], later(1)).await.unwrap();
        let of_grant = storage.resets.find(&[digest("grant", number)], later(1)).await.unwrap();
        let of_key = storage.api_keys.find(&[digest("key", number)]).await.unwrap();
        assert_eq!((of_session.is_some(), of_grant.is_some(), of_key.is_some()), (lives, lives, lives));
    }
    assert_eq!(storage.sessions.list(&alice.id, later(1)).await.unwrap(), []);
    assert_eq!(storage.api_keys.list(&alice.id).await.unwrap(), []);
    let pending = claim_pending(&storage, later(60)).await;
    assert_eq!(pending.len(), 2, "the other's");
    assert!(
        pending.iter().all(|pending| matches!(pending, Pending::Notice(notice) if notice.account == bob.id))
    );
    // Last, because counting purges what was left behind.
    assert_eq!(take_audit_lines(&storage).await, 1, "that it was deleted");

    let again = add(&storage, new()).await;
    assert_ne!(again.id, alice.id, "an identity is never given twice");
}

pub async fn an_account_deleted_meanwhile_is_gone_and_no_error(storage: Storage) {
    let alice = add(&storage, new_account("user", "alice").hash(hash("h"))).await;
    race(2 * RACERS, |n| {
        let (storage, alice) = (storage.clone(), alice.clone());
        async move {
            let number = n as u64;
            match n % 8 {
                0 => _ = delete(&storage, &alice).await,
                1 | 5 => _ = storage.sessions.issue(&session(&alice, number).build()).await.unwrap(),
                2 | 6 => _ = storage.resets.open(&grant(&alice, number).build(), 3).await.unwrap(),
                3 | 7 => _ = storage.api_keys.create(&alice.id, &digest("key", number), NOW).await.unwrap(),
                _ => _ = storage.credentials.apply(&change_of(&alice, 1, "new")).await.unwrap(),
            }
        }
    })
    .await;
    assert!(storage.credentials.read(&alice.id).await.unwrap().is_none());
    assert_eq!(storage.sessions.list(&alice.id, later(1)).await.unwrap(), []);
    assert_eq!(storage.api_keys.list(&alice.id).await.unwrap(), []);
    for number in 0..2 * RACERS as u64 {
        assert_eq!(storage.resets.find(&[digest("grant", number)], later(1)).await.unwrap(), None);
    }
    assert_eq!(claim_pending(&storage, later(60)).await, []);
}

pub async fn the_log_of_a_deleted_account_stays(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(set_status(&storage, &alice, AccountStatus::Blocked).await, Found::Yes);
    assert_eq!(delete(&storage, &alice).await, Found::Yes);
    assert_eq!(take_audit_lines(&storage).await, 3, "added, blocked, deleted");
}

pub async fn every_change_writes_one_audit_line(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    assert_eq!(take_audit_lines(&storage).await, 1);
    let event = audit(&alice, AuditAction::AccountUpdated, later(1));
    let update = email("new@example.org");
    assert_eq!(storage.account_admin.update(&alice.id, &update, &[], &event).await.unwrap(), Found::Yes);
    assert_eq!(take_audit_lines(&storage).await, 1);
    assert_eq!(set_status(&storage, &alice, AccountStatus::Blocked).await, Found::Yes);
    assert_eq!(take_audit_lines(&storage).await, 1);
    let batch = ["alice", "bob", "carol"].map(|login| new_account("member", login).build());
    assert_eq!(storage.account_admin.add(&batch).await.unwrap()[0], Added::LoginTaken);
    assert_eq!(take_audit_lines(&storage).await, 2, "one for each that was created");
}

pub async fn nothing_is_written_about_an_account_that_is_not_there(storage: Storage) {
    let alice = add(&storage, new_account("member", "alice")).await;
    let ghost = Account { id: nobody(&storage).await, ..alice.clone() };
    take_audit_lines(&storage).await;

    let event = audit(&ghost, AuditAction::AccountUpdated, later(1));
    let notices = [notice(&ghost, NoticeKind::PasswordChanged, NOW)];
    let update = email("new@example.org");
    assert_eq!(storage.account_admin.update(&ghost.id, &update, &notices, &event).await.unwrap(), Found::No);
    assert_eq!(set_status(&storage, &ghost, AccountStatus::Blocked).await, Found::No);
    assert_eq!(delete(&storage, &ghost).await, Found::No);

    assert_eq!(take_audit_lines(&storage).await, 0);
    assert_eq!(claim_pending(&storage, later(60)).await, []);
    assert_eq!(storage.account_admin.list(&realm("member"), None, 9).await.unwrap(), [alice]);
}

pub async fn pages_hold_every_account_of_the_realm_once(storage: Storage) {
    // Twelve of each, so that decimal identities have more than one length.
    for n in 0..12 {
        add(&storage, new_account("member", &format!("m{n}"))).await;
        add(&storage, new_account("user", &format!("u{n}"))).await;
    }
    let member = realm("member");
    let all = storage.account_admin.list(&member, None, 100).await.unwrap();
    assert_eq!(all.len(), 12);
    assert!(all.iter().all(|account| account.realm == member));

    let mut paged: Vec<Account> = Vec::new();
    loop {
        let after = paged.last().map(|account| account.id.clone());
        let page = storage.account_admin.list(&member, after, 5).await.unwrap();
        assert!(page.len() <= 5);
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert_eq!(storage.account_admin.list(&realm("unheard-of"), None, 9).await.unwrap(), []);
}

cases! {
    ($) account_admin:
    /// Expands to the tests of [`AccountAdmin`](password_domain::ports::AccountAdmin); takes the path of a factory of
    /// `Storage`.
    account_admin_contract as account_admin {
        a_new_account_has_the_first_version_and_its_history,
        an_account_may_begin_without_a_password,
        a_taken_login_leaves_the_other_accounts_alone,
        adding_nothing_is_no_error,
        many_accounts_can_be_added_at_once,
        of_racing_accounts_with_one_login_one_is_created,
        many_logins_are_looked_up_at_once,
        a_new_address_is_found_and_ends_everything,
        racing_new_addresses_each_raise_the_version,
        an_update_queues_its_notices,
        new_permissions_replace_all_others_and_end_nothing,
        an_update_of_nothing_changes_nothing,
        another_status_ends_everything,
        the_same_status_again_writes_nothing,
        racing_changes_of_status_raise_the_version_once,
        a_deleted_account_leaves_nothing_but_its_audit_log,
        an_account_deleted_meanwhile_is_gone_and_no_error,
        the_log_of_a_deleted_account_stays,
        every_change_writes_one_audit_line,
        nothing_is_written_about_an_account_that_is_not_there,
        pages_hold_every_account_of_the_realm_once,
    }
}
