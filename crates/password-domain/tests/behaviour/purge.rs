//! Purging: what lives stays, what is over goes, and nothing depends on it.

use password_domain::use_cases::AUDIT_RETENTION;

use crate::scene::{DAY, FIRST, SECOND, Scene, THIRD, WRONG};

async fn purge(scene: &Scene) -> usize {
    let mut purged = 0;
    loop {
        match scene.house.purge.run_once().await.unwrap() {
            0 => return purged,
            some => purged += some,
        }
    }
}

#[tokio::test]
async fn a_purge_ends_nothing_that_lives_and_forgives_no_guess() {
    let scene = Scene::with_limits(|limits| limits.sign_in.pair = crate::scene::budget(1));
    scene.add("dealer", "alice").await;
    scene.add("dealer", "bob").await;
    let session = scene.sign_in("dealer", "alice", FIRST).await.unwrap();
    let token = scene.mailed_token("dealer", "alice").await;
    scene.sign_in("dealer", "bob", WRONG).await.unwrap_err();

    purge(&scene).await;
    assert!(scene.lives("dealer", &session).await && scene.token_lives("dealer", &token).await);
    let limited = scene.sign_in("dealer", "bob", FIRST).await.unwrap_err();
    assert!(matches!(limited, password_domain::use_cases::SignInError::TooManyAttempts { .. }));

    scene.change_with_credentials("dealer", "alice", FIRST, SECOND).await.unwrap();
    assert!(purge(&scene).await > 0, "the session of an older version");
    scene.change_with_credentials("dealer", "alice", SECOND, FIRST).await.unwrap_err();
    scene.change_with_credentials("dealer", "alice", SECOND, THIRD).await.unwrap();
}

#[tokio::test]
async fn the_audit_log_is_kept_for_a_year() {
    let scene = Scene::new();
    scene.add("user", "alice").await;
    scene.advance(AUDIT_RETENTION);
    purge(&scene).await;
    assert_eq!(scene.world.store.audit().len(), 1);
    scene.advance(DAY);
    purge(&scene).await;
    assert_eq!(scene.world.store.audit().len(), 0);
}
