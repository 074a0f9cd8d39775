//! Checking a password without an account.

use password_domain::account::Realm;
use password_domain::policy::{Attributes, Policy};
use password_testkit::builders::realm;

use crate::scene::{FIRST, SHORT, Scene};

#[tokio::test]
async fn a_check_names_every_violation_and_asks_no_port() {
    let scene = Scene::with_limits(|_| {});
    let check = &scene.house.check_password;
    let bad = check.check("member", "1234567", &Attributes::none()).unwrap();
    let codes: Vec<_> = bad.violations.iter().map(|violation| violation.code()).collect();
    assert_eq!((codes, bad.score), (vec!["too_short", "numeric", "classes"], 0));
    let common = check.check("member", " PASSW0RD! ", &Attributes::none()).unwrap();
    assert!(common.violations.iter().any(|violation| violation.code() == "common"));
    let good = check.check("dealer", FIRST, &Attributes::none()).unwrap();
    assert_eq!(good.violations, []);
    assert!(good.score >= 3);
    assert_eq!(scene.tap.take(), [""; 0]);
    assert_eq!(scene.world.hasher.evaluations(), 0);
}

#[tokio::test]
async fn attributes_count_and_a_policy_that_is_not_there_says_nothing() {
    let scene = Scene::new();
    let check = &scene.house.check_password;
    let beatrice = Attributes { login: "beatrice".into(), ..Attributes::none() };
    let similar = check.check("member", "Beatrice-1!", &beatrice).unwrap();
    assert_eq!(similar.violations.len(), 1);
    assert_eq!(check.check("nobody's", SHORT, &beatrice), None);
    assert_eq!(check.policy_of(&Realm::dealer()), Some(&Policy::dealer()));
    assert_eq!(check.policy_of(&realm("elsewhere")), None);
    let names: Vec<_> = check.policies().map(|(name, _)| name).collect();
    assert_eq!(names, ["dealer", "member", "user"]);
}
