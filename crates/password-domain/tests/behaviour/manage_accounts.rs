//! What an operator does with accounts.

use std::collections::BTreeSet;

use password_domain::account::{Account, AccountStatus, Permission, Realm};
use password_domain::audit::{Actor, AuditAction};
use password_domain::notice::NoticeKind;
use password_domain::policy::{Policy, Rule};
use password_domain::ports::{AccountUpdate, Accounts, Content};
use password_domain::use_cases::{AccountDraft, AccountError, FirstPassword, SetPasswordError, SignInError};
use password_testkit::builders::{new_account, realm};
use rstest::rstest;

use crate::scene::{FIRST, SECOND, SHORT, Scene, THIRD, pw};

fn draft(at: &str, login: &str, password: FirstPassword) -> AccountDraft {
    AccountDraft {
        realm: realm(at),
        login: login.into(),
        email: format!("{login}@example.org"),
        first_name: String::new(),
        last_name: String::new(),
        locale: None,
        active: true,
        demo: false,
        permissions: BTreeSet::new(),
        password,
    }
}

async fn add(scene: &Scene, draft: AccountDraft) -> Result<Account, AccountError> {
    let at = draft.realm.clone();
    let id = scene.house.manage_accounts.add(draft).await?;
    Ok(scene.world.store.find_by_id(&at, &id).await.unwrap().unwrap())
}

fn codes(refused: Result<Account, AccountError>) -> Vec<&'static str> {
    let Err(AccountError::Policy(violations)) = refused else { panic!("{refused:?}") };
    violations.iter().map(|violation| violation.code()).collect()
}

#[tokio::test]
async fn a_new_account_can_sign_in_and_is_mailed_nothing() {
    let scene = Scene::new();
    for at in ["user", "dealer", "member"] {
        let alice = add(&scene, draft(at, "alice", FirstPassword::Checked(pw(FIRST)))).await.unwrap();
        scene.sign_in(at, "alice", FIRST).await.unwrap();
        assert_eq!(scene.history_length(&alice.id).await, usize::from(at == "dealer"));
    }
    scene.deliver().await;
    assert_eq!(scene.world.mailer.attempted().len(), 0);
    assert_eq!(scene.audited(AuditAction::AccountAdded), 3);
}

#[tokio::test]
async fn a_first_password_meets_the_policy_unless_the_operator_skips_it() {
    let scene = Scene::new();
    assert_eq!(
        codes(add(&scene, draft("user", "alice", FirstPassword::Checked(pw(SHORT)))).await),
        ["too_short"]
    );
    let similar = FirstPassword::Checked(pw("Beatrice-1!"));
    assert_eq!(codes(add(&scene, draft("member", "beatrice", similar)).await), ["similar"]);

    let account = draft("user", "alice", FirstPassword::Unchecked(pw(SHORT)));
    add(&scene, account).await.unwrap();
    scene.sign_in("user", "alice", SHORT).await.unwrap();
}

#[rstest]
#[case::nothing("", "too_short")]
#[case::endless(&"a".repeat(1_025), "too_long")]
#[tokio::test]
async fn not_even_an_operator_sets_what_nobody_can_type(#[case] password: &str, #[case] code: &str) {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    let skipped = draft("user", "bob", FirstPassword::Unchecked(pw(password)));
    assert_eq!(codes(add(&scene, skipped).await), [code]);
    let set = scene.house.manage_accounts.set_password(&Realm::user(), "alice", &pw(password), true).await;
    assert!(matches!(set, Err(SetPasswordError::Policy(_))));
}

#[tokio::test]
async fn an_account_without_a_password_can_only_be_recovered() {
    let scene = Scene::new();
    add(&scene, draft("user", "alice", FirstPassword::None)).await.unwrap();
    for password in ["", FIRST] {
        assert!(matches!(scene.sign_in("user", "alice", password).await, Err(SignInError::Rejected)));
    }
    let token = scene.mailed_token("user", "alice").await;
    scene.reset("user", &token, FIRST).await.unwrap();
}

#[tokio::test]
async fn a_foreign_hash_signs_in_is_upgraded_and_counts_as_one_of_the_last_passwords() {
    let scene = Scene::new();
    let foreign = scene.world.hasher.foreign_hash_now(FIRST).as_encoded().to_owned();
    let alice = add(&scene, draft("dealer", "alice", FirstPassword::Foreign(foreign))).await.unwrap();
    let (entered, evaluations) = scene.counted(scene.sign_in("dealer", "alice", FIRST)).await;
    entered.unwrap();
    assert_eq!(evaluations, 2, "verified and hashed anew");
    let (entered, evaluations) = scene.counted(scene.sign_in("dealer", "alice", FIRST)).await;
    entered.unwrap();
    assert_eq!(evaluations, 1);

    scene.change_with_credentials("dealer", "alice", FIRST, SECOND).await.unwrap();
    scene.change_with_credentials("dealer", "alice", SECOND, FIRST).await.unwrap_err();
    assert_eq!(scene.version(&alice.id).await, 2);
}

#[tokio::test]
async fn a_hash_of_unknown_format_is_refused() {
    let scene = Scene::new();
    for encoded in ["", "$1$md5$nothing", "plain"] {
        let refused = add(&scene, draft("user", "alice", FirstPassword::Foreign(encoded.into()))).await;
        assert!(matches!(refused, Err(AccountError::UnusableHash)), "{encoded}");
    }
}

#[tokio::test]
async fn names_that_cannot_be_names_are_refused() {
    let scene = Scene::new();
    let attempt = async |change: &dyn Fn(&mut AccountDraft)| {
        let mut account = draft("user", "alice", FirstPassword::None);
        change(&mut account);
        add(&scene, account).await.unwrap_err()
    };
    let refusals = [
        attempt(&|account| account.login = String::new()).await,
        attempt(&|account| account.login = "a\r\nBcc: b".into()).await,
        attempt(&|account| account.login = "a".repeat(255)).await,
        attempt(&|account| account.email = "alice".into()).await,
        attempt(&|account| account.email = "a@b\r\nBcc: c@d".into()).await,
        attempt(&|account| account.first_name = "A\nB".into()).await,
        attempt(&|account| account.last_name = "a".repeat(255)).await,
    ];
    for refused in refusals {
        assert!(matches!(refused, AccountError::Name(_)), "{refused:?}");
    }
    let elsewhere = attempt(&|account| account.realm = realm("elsewhere")).await;
    assert!(matches!(elsewhere, AccountError::UnknownRealm(_)));
    assert_eq!(scene.world.store.audit(), []);
}

#[tokio::test]
async fn a_login_is_taken_in_every_capitalisation_and_unicode_form() {
    let scene = Scene::new();
    add(&scene, draft("user", "Jos\u{e9}", FirstPassword::None)).await.unwrap();
    for login in ["jos\u{e9}", "JOSE\u{301}"] {
        let mut other = draft("user", login, FirstPassword::None);
        other.email = "other@example.org".into();
        assert!(matches!(add(&scene, other).await, Err(AccountError::LoginTaken)), "{login}");
    }
    add(&scene, draft("dealer", "Jos\u{e9}", FirstPassword::None)).await.unwrap();
}

#[tokio::test]
async fn a_bad_row_of_many_leaves_the_others_alone() {
    let scene = Scene::new();
    let drafts = vec![
        draft("user", "alice", FirstPassword::Checked(pw(FIRST))),
        draft("user", "bob", FirstPassword::Checked(pw(SHORT))),
        draft("user", "ALICE", FirstPassword::None),
        draft("member", "carol", FirstPassword::None),
    ];
    let results = scene.house.manage_accounts.add_many(drafts).await.unwrap();
    assert!(matches!(
        results[..],
        [Ok(_), Err(AccountError::Policy(_)), Err(AccountError::LoginTaken), Ok(_)]
    ));
    scene.sign_in("user", "alice", FIRST).await.unwrap();
}

#[tokio::test]
async fn a_password_set_by_an_operator_is_a_change_like_any_other() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let set = async |new: &str, skip: bool| {
        scene.house.manage_accounts.set_password(&alice.realm, "Alice", &pw(new), skip).await
    };
    assert!(matches!(set(SHORT, false).await, Err(SetPasswordError::Policy(_))));
    assert!(matches!(set(FIRST, false).await, Err(SetPasswordError::RecentlyUsed)));
    let (done, evaluations) = scene.counted(set(SECOND, false)).await;
    done.unwrap();
    assert_eq!(evaluations, 2);

    scene.sign_in("dealer", "alice", SECOND).await.unwrap();
    assert_eq!(scene.pending(&NoticeKind::PasswordChanged), 1);
    let line = scene.world.store.audit().pop().unwrap();
    assert_eq!((line.action, line.actor), (AuditAction::PasswordSet, Actor::Operator));
}

#[tokio::test]
async fn a_password_that_skips_the_policy_joins_the_history() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let house = &scene.house.manage_accounts;
    house.set_password(&alice.realm, "alice", &pw(SHORT), true).await.unwrap();
    assert_eq!(scene.history_length(&alice.id).await, 2);
    scene.change_with_credentials("dealer", "alice", SHORT, SECOND).await.unwrap();
    let history_alone = scene.reconfigured(|settings| {
        let policy = Policy::new(vec![Rule::History { depth: 10 }]).unwrap();
        settings.realms.get_mut(&Realm::dealer()).unwrap().policy = policy;
    });
    let reused = history_alone.change_with_credentials("dealer", "alice", SECOND, SHORT).await;
    assert_eq!(format!("{:?}", reused.unwrap_err()), "RecentlyUsed");
}

#[tokio::test]
async fn skipping_the_policy_skips_the_history_too() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let set = scene.house.manage_accounts.set_password(&alice.realm, "alice", &pw(FIRST), true).await;
    set.unwrap();
    assert_eq!(scene.version(&alice.id).await, 2);
}

#[tokio::test]
async fn an_operator_sets_passwords_of_blocked_and_demo_accounts() {
    let scene = Scene::new();
    let alice = scene.add_built(new_account("user", "alice").demo()).await;
    let accounts = &scene.house.manage_accounts;
    accounts.set_status(&alice, AccountStatus::Blocked).await.unwrap();
    accounts.set_password(&alice.realm, "alice", &pw(SECOND), false).await.unwrap();
    assert!(matches!(scene.sign_in("user", "alice", SECOND).await, Err(SignInError::Blocked)));
    let nobody = accounts.set_password(&alice.realm, "nobody", &pw(SECOND), false).await;
    assert!(matches!(nobody, Err(SetPasswordError::NotFound)));
}

#[tokio::test]
async fn a_new_address_is_told_to_the_old_and_to_the_new_one() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let update = async |account: &Account, email: &str| {
        let update = AccountUpdate { email: Some(email.into()), ..AccountUpdate::default() };
        scene.house.manage_accounts.update(account, &update).await
    };
    update(&alice, "alice@example.org").await.unwrap();
    assert!(scene.lives("user", &session).await, "the same address ends nothing");
    for bad in ["", "alice", "a@b\r\nBcc: c@d"] {
        assert!(matches!(update(&alice, bad).await, Err(AccountError::Name(_))), "{bad:?}");
    }
    update(&alice, "new@example.org").await.unwrap();
    assert!(!scene.lives("user", &session).await);
    scene.deliver().await;
    let mails = scene.world.mailer.delivered();
    assert!(mails.iter().all(|mail| matches!(mail.content, Content::EmailChanged { .. })));
    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["alice@example.org", "new@example.org"]);
}

#[tokio::test]
async fn new_permissions_end_no_session() {
    let scene = Scene::new();
    let alice = scene.add("dealer", "alice").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let permissions = Some(BTreeSet::from([Permission::new("tag:read").unwrap()]));
    let update = AccountUpdate { permissions, ..AccountUpdate::default() };
    scene.house.manage_accounts.update(&alice, &update).await.unwrap();
    assert!(scene.lives("dealer", &session).await);
    assert_eq!(scene.world.store.pending_notices(), []);
}

#[tokio::test]
async fn the_status_that_an_account_has_already_ends_nothing() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    scene.house.manage_accounts.set_status(&alice, AccountStatus::Active).await.unwrap();
    assert!(scene.lives("user", &session).await);
    assert_eq!(scene.version(&alice.id).await, 1);
}

#[tokio::test]
async fn a_deleted_account_is_unknown_everywhere() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let session = scene.sign_in("user", "alice", FIRST).await.unwrap();
    let token = scene.mailed_token("user", "alice").await;
    let caller = scene.recognise("user", &session).await.unwrap();
    let accounts = &scene.house.manage_accounts;
    accounts.delete(&alice).await.unwrap();

    assert!(!scene.lives("user", &session).await && !scene.token_lives("user", &token).await);
    assert!(matches!(scene.sign_in("user", "alice", FIRST).await, Err(SignInError::Rejected)));
    scene.change(caller, FIRST, SECOND).await.unwrap_err();
    assert!(matches!(accounts.delete(&alice).await, Err(AccountError::NotFound)));
    assert!(matches!(accounts.send_reset(&alice.realm, "alice").await, Err(AccountError::NotFound)));
    assert!(matches!(accounts.set_status(&alice, AccountStatus::Blocked).await, Err(AccountError::NotFound)));
    assert_eq!(scene.audited(AuditAction::AccountDeleted), 1);
}

#[tokio::test]
async fn an_operator_sends_a_reset() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.house.manage_accounts.send_reset(&alice.realm, "ALICE").await.unwrap();
    scene.deliver().await;
    scene.reset("user", &scene.last_token(), THIRD).await.unwrap();
}

#[tokio::test]
async fn accounts_are_listed_in_pages() {
    let scene = Scene::new();
    for number in 0..5 {
        scene.add("user", &format!("account{number}")).await;
    }
    scene.add("dealer", "other").await;
    let mut logins = Vec::new();
    let mut after = None;
    loop {
        let page = scene.house.manage_accounts.list(&Realm::user(), after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2);
        after = Some(last.id.clone());
        logins.extend(page.into_iter().map(|account| account.login));
    }
    assert_eq!(logins, ["account0", "account1", "account2", "account3", "account4"]);
}
