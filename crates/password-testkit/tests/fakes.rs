//! What the fakes can do beyond their contracts.

use std::time::Duration;

use password_domain::account::AccountId;
use password_domain::audit::AuditAction;
use password_domain::password::Password;
use password_domain::ports::{
    AccessClaims, AccessTokenKind, AccessTokens, Accounts, Clock, Content, CredentialStore, DeliveryError,
    Lane, Mailer, Message, Outbox, StoreError,
};
use password_domain::token::{Token, TokenForm};
use password_testkit::builders::{new_account, notice, reset_request, session};
use password_testkit::{DeliveryFailure, START, World};

#[tokio::test]
async fn an_account_added_with_a_password_has_a_history_where_its_realm_has_one() {
    let world = World::new();
    let ports = world.ports();
    for (realm, entries) in [("user", 0), ("dealer", 1), ("member", 0)] {
        let account = world.add_with_password(new_account(realm, "alice"), "Abcdefgh1234!").await;
        let hash = world.store.read(&account.id).await.unwrap().unwrap().hash;
        let verified =
            ports.hasher.verify(&Password::new("Abcdefgh1234!"), hash, Lane::Stranger).await.unwrap();
        assert!(verified.is_match());
        assert_eq!(world.store.history(&account.id, 9).await.unwrap().len(), entries, "{realm}");
    }
    assert_eq!(world.hasher.evaluations(), 3, "only verifying was counted");
}

#[tokio::test]
async fn the_store_shows_its_audit_log_and_its_outbox() {
    let world = World::new();
    let alice = world.add(new_account("member", "alice")).await;
    let told = notice(&alice, password_domain::notice::NoticeKind::PasswordChanged, START);
    world.store.queue(std::slice::from_ref(&told)).await.unwrap();
    world.store.request_reset(&reset_request("member", "alice", START)).await.unwrap();

    assert_eq!(world.store.pending_notices(), [told]);
    assert_eq!(world.store.pending_requests(), 1);
    let audit = world.store.audit();
    assert_eq!(audit.len(), 1);
    assert_eq!((audit[0].action, audit[0].account.as_ref()), (AuditAction::AccountAdded, Some(&alice.id)));
}

#[tokio::test]
async fn a_store_that_was_down_has_lost_nothing() {
    let world = World::new();
    let alice = world.add(new_account("member", "alice")).await;
    world.store.go_down();
    let refused = world.store.find_by_id(&alice.realm, &alice.id).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    world.store.come_back();
    assert_eq!(world.store.find_by_id(&alice.realm, &alice.id).await.unwrap(), Some(alice));
}

#[tokio::test]
async fn the_mailer_fails_as_it_is_told_and_keeps_the_last_token() {
    let world = World::new();
    let alice = world.add(new_account("member", "alice")).await;
    let content = Content::ResetRequested {
        token: Token::new("secret"),
        user_key: alice.id.clone(),
        lifetime: Duration::from_secs(3_600),
        requested_at: START,
        from: None,
    };
    let message = Message::to_account(&alice, "1".to_owned(), content);
    world.mailer.fail_next(DeliveryFailure::Refused);
    world.mailer.fail_next(DeliveryFailure::Unknown);
    assert!(matches!(world.mailer.deliver(&message).await, Err(DeliveryError::Refused(_))));
    assert!(matches!(world.mailer.deliver(&message).await, Err(DeliveryError::Unknown(_))));
    assert_eq!((world.mailer.attempted().len(), world.mailer.delivered().len()), (2, 0));

    world.mailer.deliver(&message).await.unwrap();
    assert_eq!(world.mailer.delivered().len(), 1);
    assert_eq!(world.mailer.last_token().unwrap().expose(), "secret");

    world.mailer.fail_always(Some(DeliveryFailure::Postponed));
    for _ in 0..2 {
        assert!(matches!(world.mailer.deliver(&message).await, Err(DeliveryError::Postponed(_))));
    }
}

#[test]
fn the_clock_moves_only_when_told() {
    let world = World::new();
    assert_eq!(world.clock.now(), START);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.clock.now(), START.plus(Duration::from_secs(1)));
}

#[tokio::test]
async fn an_access_token_is_read_until_its_second_ends_or_its_key_is_forgotten() {
    let world = World::new();
    let alice = world.add(new_account("member", "alice")).await;
    let session = session(&alice, 1).build();
    let claims = AccessClaims {
        kind: AccessTokenKind::Access,
        realm: alice.realm.clone(),
        account: alice.id.clone(),
        version: session.version,
        session: Token::new("session"),
        issued_at: START,
        expires_at: START.plus(Duration::from_secs(60)),
    };
    let token = world.access_tokens.issue(&claims).unwrap();
    let read = |seconds| world.access_tokens.read(token.expose(), START.plus(Duration::from_secs(seconds)));
    assert_eq!(read(59).map(|claims| claims.account), Some(alice.id));
    assert!(read(60).is_none());
    assert!(world.access_tokens.read("forged", START).is_none());
    world.access_tokens.forget_keys();
    assert!(read(1).is_none());
}

#[tokio::test]
async fn no_fake_prints_a_secret() {
    let world = World::new();
    let _ = world.add_with_password(new_account("dealer", "alice"), "hunter2hunter2").await;
    let token = world.ports().tokens.mint(TokenForm::Key).unwrap();
    let id = AccountId::from(1);
    let hash = world.store.read(&id).await.unwrap().unwrap().hash.unwrap();
    let printed = format!("{world:?}");
    for secret in ["hunter2", token.expose(), hash.as_encoded()] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
