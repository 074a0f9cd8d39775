//! The history against a model: exactly the last passwords are refused, however they came in.

use password_domain::account::{AccountId, Realm};
use password_domain::policy::{Policy, Rule};
use password_domain::ports::AccountUpdate;
use password_domain::use_cases::{
    AccountDraft, ChangeError, Difference, FirstPassword, ResetError, SetPasswordError,
};
use proptest::prelude::*;

use crate::scene::{NotReset, Scene, home, nth, pw};

/// The three ways to set a password.
#[derive(Clone, Copy, Debug)]
enum Route {
    Change,
    Reset,
    Operator,
}

#[derive(Clone, Debug)]
enum Step {
    /// Somebody tries to set one of a few passwords.
    Set(Route, usize),
    /// An operator sets one and skips the policy.
    Force(usize),
    /// The owner signs in, which may replace an outdated hash.
    SignIn,
    /// New hashes get new parameters.
    Age,
    /// Something else raises the credential version.
    NewAddress,
    /// The policy gets another depth; 0 is no history.
    Depth(usize),
}

/// How the account came to its first password.
#[derive(Clone, Copy, Debug)]
enum Origin {
    Added,
    Imported,
}

/// What the contract says: which of the passwords so far count.
struct Model {
    depth: usize,
    /// Oldest first, the current one last.
    remembered: Vec<usize>,
}

impl Model {
    fn refuses(&self, password: usize) -> bool {
        let counted = self.remembered.len().min(self.depth);
        self.remembered[self.remembered.len() - counted..].contains(&password)
    }

    fn set(&mut self, password: usize) {
        self.remembered.push(password);
        // What a policy does not ask for is not kept, but for the current password, whose hash is always there.
        let surplus = self.remembered.len().saturating_sub(self.depth.max(1));
        self.remembered.drain(..surplus);
    }

    fn current(&self) -> usize {
        *self.remembered.last().unwrap()
    }
}

struct Play {
    scene: Scene,
    model: Model,
    id: AccountId,
    addresses: usize,
}

impl Play {
    async fn begin(origin: Origin, depth: usize) -> Self {
        let scene = Scene::with(|settings| {
            let policy = Policy::new(history_of(depth)).unwrap();
            settings.realms.get_mut(&Realm::dealer()).unwrap().policy = policy;
        });
        let password = match origin {
            Origin::Added => FirstPassword::Checked(pw(&nth(0))),
            Origin::Imported => {
                FirstPassword::Foreign(scene.world.hasher.foreign_hash_now(&nth(0)).as_encoded().to_owned())
            }
        };
        let draft = AccountDraft {
            realm: Realm::dealer(),
            login: "alice".into(),
            email: "alice@example.org".into(),
            first_name: String::new(),
            last_name: String::new(),
            locale: None,
            active: true,
            demo: false,
            permissions: Default::default(),
            password,
        };
        let id = scene.house.manage_accounts.add(draft).await.unwrap();
        Self { scene, model: Model { depth, remembered: vec![0] }, id, addresses: 0 }
    }

    async fn step(&mut self, step: &Step) {
        match *step {
            Step::Set(route, password) => {
                let done = self.set(route, password).await;
                assert_eq!(done, !self.model.refuses(password), "{step:?} after {:?}", self.model.remembered);
                if done {
                    self.model.set(password);
                }
            }
            Step::Force(password) => {
                // The history refuses an operator too, unless they skip the policy.
                let accounts = &self.scene.house.manage_accounts;
                accounts.set_password(&Realm::dealer(), "alice", &pw(&nth(password)), true).await.unwrap();
                self.model.set(password);
            }
            Step::SignIn => {
                self.scene.sign_in("dealer", "alice", &nth(self.model.current())).await.unwrap();
            }
            Step::Age => self.scene.world.hasher.age(),
            Step::NewAddress => {
                self.addresses += 1;
                let accounts = &self.scene.house.manage_accounts;
                let alice = accounts.find(&Realm::dealer(), "alice").await.unwrap().unwrap();
                let email = Some(format!("alice{}@example.org", self.addresses));
                accounts.update(&alice, &AccountUpdate { email, ..AccountUpdate::default() }).await.unwrap();
            }
            Step::Depth(depth) => {
                self.model.depth = depth;
                self.scene = self.scene.reconfigured(|settings| {
                    let policy = Policy::new(history_of(depth)).unwrap();
                    settings.realms.get_mut(&Realm::dealer()).unwrap().policy = policy;
                });
            }
        }
        let kept = self.scene.history_length(&self.id).await;
        assert!(kept <= 12, "{kept} entries");
    }

    async fn set(&self, route: Route, password: usize) -> bool {
        let (scene, dealer) = (&self.scene, Realm::dealer());
        let (current, new) = (nth(self.model.current()), nth(password));
        match route {
            Route::Change => {
                let session = scene.sign_in("dealer", "alice", &current).await.unwrap();
                let caller = scene.recognise("dealer", &session).await.unwrap();
                let change = scene.house.change_password.begin(caller, None).unwrap();
                match change.carry_out(&pw(&current), &pw(&new), Difference::NotRequired, &home()).await {
                    Ok(()) => true,
                    Err(ChangeError::RecentlyUsed) => false,
                    Err(other) => panic!("{other:?}"),
                }
            }
            Route::Reset => {
                let token = scene.mailed_token("dealer", "alice").await;
                match scene.reset("dealer", &token, &new).await {
                    Ok(()) => true,
                    Err(NotReset::Password(ResetError::RecentlyUsed)) => false,
                    Err(other) => panic!("{other:?}"),
                }
            }
            Route::Operator => {
                match scene.house.manage_accounts.set_password(&dealer, "alice", &pw(&new), false).await {
                    Ok(()) => true,
                    Err(SetPasswordError::RecentlyUsed) => false,
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    }
}

fn history_of(depth: usize) -> Vec<Rule> {
    if depth == 0 { Vec::new() } else { vec![Rule::History { depth }] }
}

fn play(origin: Origin, depth: usize, steps: &[Step]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut play = Play::begin(origin, depth).await;
        for step in steps {
            play.step(step).await;
        }
    });
}

fn route() -> impl Strategy<Value = Route> {
    prop_oneof![Just(Route::Change), Just(Route::Reset), Just(Route::Operator)]
}

fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![Just(Origin::Added), Just(Origin::Imported)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (route(), 0_usize..14).prop_map(|(route, password)| Step::Set(route, password)),
        1 => (0_usize..14).prop_map(Step::Force),
        1 => Just(Step::SignIn),
        1 => Just(Step::Age),
        1 => Just(Step::NewAddress),
    ]
}

fn step_or_depth() -> impl Strategy<Value = Step> {
    prop_oneof![8 => step(), 1 => (0_usize..=12).prop_map(Step::Depth)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn exactly_the_last_10_passwords_are_refused(
        origin in origin(),
        steps in prop::collection::vec(step(), 1..60),
    ) {
        play(origin, 10, &steps);
    }

    #[test]
    fn a_policy_whose_depth_changes_refuses_exactly_what_is_remembered(
        origin in origin(),
        depth in 0_usize..=12,
        steps in prop::collection::vec(step_or_depth(), 1..60),
    ) {
        play(origin, depth, &steps);
    }
}

#[test]
fn the_first_password_may_be_used_again_after_ten_further_changes_and_not_before() {
    for origin in [Origin::Added, Origin::Imported] {
        let mut steps = Vec::new();
        for password in 1..=10 {
            steps.push(Step::Set(Route::Change, 0));
            steps.push(Step::Set(Route::Change, password));
        }
        steps.push(Step::Set(Route::Change, 0));
        play(origin, 10, &steps);
        // And the model agrees that the last step is the one that succeeds.
        let mut model = Model { depth: 10, remembered: vec![0] };
        (1..=10).for_each(|password| model.set(password));
        assert!(!model.refuses(0) && model.refuses(1));
    }
}

#[test]
fn a_history_that_is_switched_on_later_counts_the_current_password() {
    for origin in [Origin::Added, Origin::Imported] {
        play(
            origin,
            0,
            &[
                Step::Set(Route::Change, 0),
                Step::Set(Route::Change, 1),
                Step::Depth(10),
                Step::Set(Route::Change, 1),
                Step::Set(Route::Reset, 0),
                Step::Set(Route::Operator, 1),
                Step::Set(Route::Operator, 0),
            ],
        );
    }
}

#[test]
fn lowering_the_depth_and_raising_it_again_brings_nothing_back_but_loses_nothing_meanwhile() {
    let mut steps: Vec<Step> = (1..=9).map(|password| Step::Set(Route::Change, password)).collect();
    // Lowered and raised without a change between them: all ten still count.
    steps.extend([Step::Depth(2), Step::Depth(10)]);
    steps.extend((0..=9).map(|password| Step::Set(Route::Operator, password)));
    // Lowered for one change: older ones are gone for good.
    steps.extend([Step::Depth(2), Step::Set(Route::Change, 10), Step::Depth(10)]);
    steps.extend([Step::Set(Route::Reset, 9), Step::Set(Route::Reset, 10), Step::Set(Route::Reset, 8)]);
    play(Origin::Added, 10, &steps);
}
