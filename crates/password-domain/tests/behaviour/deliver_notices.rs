//! Delivering what waits in the outbox: tokens are born here, and nothing is lost.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use password_domain::account::AccountStatus;
use password_domain::notice::NoticeKind;
use password_domain::ports::{AccountUpdate, Content, EventKind};
use password_domain::use_cases::LEASE;
use password_testkit::DeliveryFailure;
use password_testkit::builders::new_account;
use rstest::rstest;

use crate::scene::{DAY, FIRST, HOUR, SECOND, Scene, THIRD, WRONG, budget, home};

const SECOND_OF_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_token_is_minted_only_when_its_mail_leaves() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    assert_eq!(scene.world.tokens.minted(), 0);
    assert_eq!(scene.house.deliver_notices.run_once().await.unwrap(), 1, "the look-up");
    assert_eq!(scene.world.tokens.minted(), 0);
    assert_eq!(scene.pending(&NoticeKind::ResetRequested), 1);

    scene.tap.take();
    assert_eq!(scene.house.deliver_notices.run_once().await.unwrap(), 1);
    let calls = scene.tap.take();
    let of_interest: Vec<_> = calls
        .into_iter()
        .filter(|call| {
            ["TokenSource::mint", "ResetStore::open", "Mailer::deliver", "Outbox::settle"].contains(call)
        })
        .collect();
    assert_eq!(
        of_interest,
        ["TokenSource::mint", "ResetStore::open", "Mailer::deliver", "Outbox::settle"],
        "the digest is committed before anything leaves"
    );
    assert_eq!(scene.house.deliver_notices.run_once().await.unwrap(), 0);
}

#[tokio::test]
async fn a_reset_mail_says_who_asked_when_and_for_how_long_it_works() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let asked = scene.now();
    scene.request("user", "alice").await;
    scene.advance(HOUR);
    scene.deliver().await;
    let mail = scene.world.mailer.delivered().pop().unwrap();
    assert_eq!((mail.to.as_str(), mail.login.as_str()), ("alice@example.org", "alice"));
    let Content::ResetRequested { user_key, lifetime, requested_at, from, .. } = mail.content else {
        panic!()
    };
    assert_eq!((user_key, lifetime, requested_at), (alice.id, HOUR, asked));
    assert_eq!(from, home().address());
}

#[rstest]
#[case::refused(DeliveryFailure::Refused, false)]
#[case::postponed(DeliveryFailure::Postponed, false)]
#[case::unknown(DeliveryFailure::Unknown, true)]
#[tokio::test]
async fn a_grant_is_voided_only_where_its_mail_certainly_did_not_leave(
    #[case] failure: DeliveryFailure,
    #[case] lives: bool,
) {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.world.mailer.fail_next(failure);
    scene.request("user", "alice").await;
    scene.deliver().await;
    let first = scene.last_token();
    assert_eq!(scene.token_lives("user", &first).await, lives);

    scene.advance(SECOND_OF_TIME);
    scene.deliver().await;
    let tries = scene.world.mailer.attempted().len();
    if failure == DeliveryFailure::Refused {
        assert_eq!(tries, 1, "what is refused for good is not tried again");
        assert_eq!(scene.world.events.count(EventKind::NoticeDropped), 1);
        return;
    }
    assert_eq!(tries, 2);
    let second = scene.last_token();
    assert_ne!(first, second);
    assert!(scene.token_lives("user", &second).await);
    assert_eq!(scene.token_lives("user", &first).await, lives);
    let ids: Vec<String> = scene.world.mailer.attempted().into_iter().map(|mail| mail.id).collect();
    assert_eq!(ids[0], ids[1], "a further try of one notice is the same message");
}

#[tokio::test]
async fn a_failed_send_is_tried_again_after_pauses_that_grow() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.world.mailer.fail_always(Some(DeliveryFailure::Postponed));
    scene.request("user", "alice").await;
    scene.deliver().await;
    for (tries, pause) in [1_u64, 2, 4, 8, 16].into_iter().enumerate() {
        assert_eq!(scene.world.mailer.attempted().len(), tries + 1);
        scene.advance(Duration::from_secs(pause) - Duration::from_micros(1));
        scene.deliver().await;
        assert_eq!(scene.world.mailer.attempted().len(), tries + 1, "not before {pause} s");
        scene.advance(Duration::from_micros(1));
        scene.deliver().await;
        assert_eq!(scene.world.mailer.attempted().len(), tries + 2, "after {pause} s");
    }
    scene.world.mailer.fail_always(None);
    scene.advance(Duration::from_secs(300));
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 1);
    scene.reset("user", &scene.last_token(), SECOND).await.unwrap();
}

#[tokio::test]
async fn a_change_and_its_notice_do_not_wait_for_the_mail_server() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.world.mailer.fail_always(Some(DeliveryFailure::Postponed));
    scene.change_with_credentials("user", "alice", FIRST, SECOND).await.unwrap();
    scene.deliver().await;
    scene.advance(4 * DAY);
    scene.deliver().await;
    scene.world.mailer.fail_always(None);
    scene.advance(HOUR);
    scene.deliver().await;
    let mails = scene.world.mailer.delivered();
    assert_eq!(mails.len(), 1);
    assert!(matches!(mails[0].content, Content::PasswordChanged { .. }));
    assert_eq!(mails[0].to, "alice@example.org");
}

#[rstest]
#[case::reset(NoticeKind::ResetRequested, DAY)]
#[case::changed(NoticeKind::PasswordChanged, 5 * DAY)]
#[case::attempts(NoticeKind::TooManyAttempts, DAY)]
#[tokio::test]
async fn what_nobody_waits_for_any_more_is_dropped(#[case] kind: NoticeKind, #[case] patience: Duration) {
    let scene = Scene::with_limits(|limits| limits.sign_in.identifier = budget(1));
    scene.add("user", "alice").await;
    scene.world.mailer.fail_always(Some(DeliveryFailure::Postponed));
    match kind {
        NoticeKind::TooManyAttempts => _ = scene.sign_in("user", "alice", WRONG).await.unwrap_err(),
        NoticeKind::PasswordChanged => {
            scene.change_with_credentials("user", "alice", FIRST, SECOND).await.unwrap();
        }
        _ => scene.request("user", "alice").await,
    }
    scene.deliver().await;
    assert_eq!(scene.pending(&kind), 1);
    scene.advance(patience);
    scene.deliver().await;
    assert_eq!(scene.pending(&kind), 1, "still worth a try");
    scene.advance(HOUR);
    scene.world.mailer.fail_always(None);
    scene.deliver().await;
    assert_eq!(scene.pending(&kind), 0);
    assert_eq!(scene.world.mailer.delivered().len(), 0);
}

#[tokio::test]
async fn a_request_that_nobody_looked_up_for_a_day_is_dropped() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    scene.advance(DAY + SECOND_OF_TIME);
    scene.deliver().await;
    assert_eq!((scene.world.store.pending_requests(), scene.reset_mails().len()), (0, 0));
}

#[rstest]
#[case::before_the_look_up(0)]
#[case::after_the_look_up(1)]
#[tokio::test]
async fn a_request_older_than_the_last_change_is_settled_silently(#[case] runs: usize) {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    for _ in 0..runs {
        scene.house.deliver_notices.run_once().await.unwrap();
    }
    scene.advance(SECOND_OF_TIME);
    scene.change_with_credentials("user", "alice", FIRST, SECOND).await.unwrap();
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 0);
    assert_eq!(scene.pending(&NoticeKind::ResetRequested), 0);
    assert_eq!(scene.world.tokens.minted(), 0);

    scene.advance(SECOND_OF_TIME);
    scene.mailed_token("user", "alice").await;
}

#[tokio::test]
async fn three_links_live_and_a_fourth_one_voids_the_oldest() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.add("user", "bob").await;
    let bobs = scene.mailed_token("user", "bob").await;
    let mut tokens = Vec::new();
    for _ in 0..5 {
        scene.advance(SECOND_OF_TIME);
        tokens.push(scene.mailed_token("user", "alice").await);
    }
    let mut live = Vec::new();
    for token in &tokens {
        live.push(scene.token_lives("user", token).await);
    }
    assert_eq!(live, [false, false, true, true, true]);
    assert!(scene.token_lives("user", &bobs).await, "another account's are left alone");
}

#[tokio::test]
async fn a_request_that_arrives_while_an_earlier_one_is_delivered_is_not_lost() {
    for held_at in ["Accounts::find_by_login", "Mailer::deliver"] {
        let scene = Scene::new();
        let alice = scene.add("user", "alice").await;
        scene.request("user", "alice").await;
        let held = scene.tap.hold(held_at);
        let worker = tokio::spawn({
            let scene = scene.clone();
            async move { scene.deliver().await }
        });
        held.reached().await;
        scene.advance(SECOND_OF_TIME);
        let again = scene.now();
        if held_at == "Mailer::deliver" {
            // The notice itself is renewed, and another one is queued by name.
            scene.house.manage_accounts.send_reset(&alice.realm, "alice").await.unwrap();
        } else {
            scene.request("user", "alice").await;
        }
        held.release();
        worker.await.unwrap();
        scene.deliver().await;
        let mails = scene.reset_mails();
        let newest = mails.iter().filter_map(|mail| match mail.content {
            Content::ResetRequested { requested_at, .. } => Some(requested_at),
            _ => None,
        });
        assert_eq!(newest.max(), Some(again), "{held_at}");
        assert!(scene.token_lives("user", &scene.last_token()).await, "{held_at}");
    }
}

#[tokio::test]
async fn a_new_address_gets_the_pending_mail_and_ends_the_tokens_in_the_old_inbox() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    let old = scene.mailed_token("user", "alice").await;
    scene.request("user", "alice").await;
    scene.house.deliver_notices.run_once().await.unwrap();
    let update = AccountUpdate { email: Some("new@example.org".into()), ..AccountUpdate::default() };
    scene.house.manage_accounts.update(&alice, &update).await.unwrap();
    scene.deliver().await;

    assert_eq!(scene.reset_mails().pop().unwrap().to, "new@example.org");
    assert!(!scene.token_lives("user", &old).await);
    scene.reset("user", &scene.last_token(), SECOND).await.unwrap();
}

#[tokio::test]
async fn a_new_address_while_the_mail_is_under_way_ends_its_token_too() {
    let update = AccountUpdate { email: Some("new@example.org".into()), ..AccountUpdate::default() };
    for held_at in ["Accounts::find_by_id", "CredentialStore::read", "ResetStore::open", "Mailer::deliver"] {
        let scene = Scene::new();
        let alice = scene.add("user", "alice").await;
        scene.request("user", "alice").await;
        scene.house.deliver_notices.run_once().await.unwrap();
        let held = scene.tap.hold(held_at);
        let worker = tokio::spawn({
            let scene = scene.clone();
            async move { scene.house.deliver_notices.run_once().await.unwrap() }
        });
        held.reached().await;
        scene.house.manage_accounts.update(&alice, &update).await.unwrap();
        held.release();
        worker.await.unwrap();
        for mail in scene.reset_mails() {
            let Content::ResetRequested { token, .. } = &mail.content else { continue };
            let to_old = mail.to == "alice@example.org";
            assert!(!(to_old && scene.token_lives("user", token.expose()).await), "{held_at}");
        }
    }
}

#[rstest]
#[case::blocked(AccountStatus::Blocked)]
#[case::inactive(AccountStatus::Inactive)]
#[tokio::test]
async fn an_account_that_was_shut_out_meanwhile_gets_no_reset_mail(#[case] status: AccountStatus) {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    scene.house.deliver_notices.run_once().await.unwrap();
    scene.house.manage_accounts.set_status(&alice, status).await.unwrap();
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 0);
    assert_eq!(scene.pending(&NoticeKind::ResetRequested), 0);
}

#[tokio::test]
async fn an_account_that_is_gone_gets_nothing() {
    let scene = Scene::new();
    let alice = scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    scene.house.manage_accounts.delete(&alice).await.unwrap();
    scene.deliver().await;
    assert_eq!(scene.world.mailer.attempted().len(), 0);
    assert_eq!(scene.world.store.pending_requests(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_on_many_servers_deliver_each_notice_once() {
    let scene = Scene::new();
    for number in 0..20 {
        let login = format!("account{number}");
        scene.add("user", &login).await;
        scene.request("user", &login).await;
    }
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let scene = scene.clone();
            tokio::spawn(async move { scene.deliver().await })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    scene.deliver().await;
    let mut to: Vec<String> = scene.reset_mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to.len(), 20);
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 20);
}

#[tokio::test]
async fn what_a_dead_worker_held_is_delivered_after_its_lease() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.request("user", "alice").await;
    let held = scene.tap.hold("Accounts::find_by_login");
    let worker = tokio::spawn({
        let scene = scene.clone();
        async move { scene.deliver().await }
    });
    held.reached().await;
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());

    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 0, "the lease holds");
    scene.advance(LEASE);
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 1);
}

#[tokio::test]
async fn a_worker_that_is_to_end_gives_back_what_it_has_not_begun() {
    let scene = Scene::new();
    for login in ["alice", "bob", "carol"] {
        scene.add("user", login).await;
        scene.change_with_credentials("user", login, FIRST, THIRD).await.unwrap();
    }
    let asked = AtomicUsize::new(0);
    let goes_on = || asked.fetch_add(1, Ordering::Relaxed) == 0;
    assert_eq!(scene.house.deliver_notices.run_while(&goes_on).await.unwrap(), 3);
    assert_eq!(scene.world.mailer.delivered().len(), 1);

    scene.deliver().await;
    assert_eq!(scene.world.mailer.delivered().len(), 3, "at once, and each one once");
}

#[tokio::test]
async fn a_slow_mailer_costs_no_mail_its_lease() {
    let scene = Scene::new();
    for number in 0..5 {
        let login = format!("user{number}");
        scene.add("user", &login).await;
        scene.change_with_credentials("user", &login, FIRST, THIRD).await.unwrap();
    }
    let pending = Mutex::new(Vec::new());
    let slow = || {
        pending.lock().unwrap().push(scene.pending(&NoticeKind::PasswordChanged));
        scene.advance(Duration::from_secs(25));
        true
    };
    assert_eq!(scene.house.deliver_notices.run_while(&slow).await.unwrap(), 5);
    assert_eq!(scene.world.mailer.delivered().len(), 2, "what cannot be begun in time is given back");
    assert_eq!(*pending.lock().unwrap(), [5, 4, 3, 3, 3], "what was sent long ago is settled");
    scene.deliver().await;
    assert_eq!(scene.world.mailer.delivered().len(), 5, "each one once");
}

#[tokio::test]
async fn a_flood_of_unknown_names_holds_nobody_up() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    for number in 0..500 {
        scene.request("user", &format!("stranger{number}")).await;
    }
    scene.advance(SECOND_OF_TIME);
    scene.change_with_credentials("user", "alice", FIRST, THIRD).await.unwrap();
    scene.house.deliver_notices.run_once().await.unwrap();
    assert_eq!(scene.world.mailer.delivered().len(), 1);
}

#[tokio::test]
async fn one_entry_that_cannot_be_handled_holds_no_other_up() {
    let scene = Scene::new();
    for login in ["alice", "bob"] {
        scene.add("user", login).await;
        scene.request("user", login).await;
    }
    scene.house.deliver_notices.run_once().await.unwrap();
    scene.world.tokens.set_exhausted(true);
    scene.house.deliver_notices.run_once().await.unwrap_err();
    assert_eq!(scene.pending(&NoticeKind::ResetRequested), 2, "postponed, not lost");
    scene.world.tokens.set_exhausted(false);
    scene.advance(SECOND_OF_TIME);
    scene.deliver().await;
    assert_eq!(scene.reset_mails().len(), 2);
}

#[tokio::test]
async fn a_demo_account_gets_its_mail() {
    let scene = Scene::new();
    scene.add_built(new_account("user", "demo").demo()).await;
    scene.mailed_token("user", "demo").await;
}
