use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use password_domain::password::{HistoryTag, Password, PasswordHash};
use password_domain::ports::{HashError, HistoryComparison, Lane, PasswordHasher, Verification};

use super::{hexadecimal, lock, stretch};

/// The generation of hashes that came from elsewhere; our own count from 1.
const FOREIGN: u32 = 0;

/// A hasher that is fast, counts what a real one would have cost, and protects nothing.
///
/// Its parameters are a mere number, the generation: [`age`](Self::age) raises it, and every hash made before is
/// outdated. Salts are numbers too. No password can be read from its hashes or from its `Debug` output.
#[derive(Debug)]
pub struct FakeHasher(Mutex<State>);

#[derive(Debug)]
struct State {
    generation: u32,
    salts: u32,
    strangers: usize,
    proved: usize,
    overloaded: Option<Duration>,
}

impl Default for FakeHasher {
    fn default() -> Self {
        Self(Mutex::new(State { generation: 1, salts: 0, strangers: 0, proved: 0, overloaded: None }))
    }
}

impl FakeHasher {
    /// Returns a hasher of the first generation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many evaluations all calls have cost, those of the `…_now` helpers aside.
    pub fn evaluations(&self) -> usize {
        let state = lock(&self.0);
        state.strangers + state.proved
    }

    /// Returns how many evaluations the calls of one lane have cost.
    pub fn evaluations_in(&self, lane: Lane) -> usize {
        let state = lock(&self.0);
        match lane {
            Lane::Stranger => state.strangers,
            Lane::Proved => state.proved,
        }
    }

    /// Starts counting evaluations from 0 again.
    pub fn reset_evaluations(&self) {
        let mut state = lock(&self.0);
        (state.strangers, state.proved) = (0, 0);
    }

    /// Makes every call answer [`HashError::Overloaded`] with this time, or none where it is `None`.
    pub fn overload(&self, retry_after: Option<Duration>) {
        lock(&self.0).overloaded = retry_after;
    }

    /// Gives new hashes new parameters, so that all others are outdated.
    pub fn age(&self) {
        lock(&self.0).generation += 1;
    }

    /// Hashes a password without counting, for preparing accounts.
    pub fn hash_now(&self, password: &str) -> PasswordHash {
        let mut state = lock(&self.0);
        let salt = state.fresh_salt();
        Encoded::evaluate(state.generation, salt, Password::new(password).normalized()).to_hash()
    }

    /// Returns a hash of foreign origin: always outdated, and made of what was typed, unnormalised.
    pub fn foreign_hash_now(&self, typed: &str) -> PasswordHash {
        let salt = lock(&self.0).fresh_salt();
        Encoded::evaluate(FOREIGN, salt, typed).to_hash()
    }

    fn enter(&self) -> Result<(), HashError> {
        match lock(&self.0).overloaded {
            Some(retry_after) => Err(HashError::Overloaded { retry_after }),
            None => Ok(()),
        }
    }
}

impl State {
    fn fresh_salt(&mut self) -> u32 {
        self.salts += 1;
        self.salts
    }

    fn evaluate(&mut self, generation: u32, salt: u32, text: &str, lane: Lane) -> Encoded {
        match lane {
            Lane::Stranger => self.strangers += 1,
            Lane::Proved => self.proved += 1,
        }
        Encoded::evaluate(generation, salt, text)
    }
}

/// What stands in a hash, and with another digest in a history tag.
#[derive(Clone, PartialEq, Eq)]
struct Encoded {
    generation: u32,
    salt: u32,
    digest: String,
}

impl Encoded {
    fn evaluate(generation: u32, salt: u32, text: &str) -> Self {
        let digest = hexadecimal(&stretch(&["hash", &generation.to_string(), &salt.to_string(), text]));
        Self { generation, salt, digest }
    }

    /// Returns the history's form: the digest hashed once more, without an evaluation.
    fn as_history(&self) -> Self {
        Self { digest: hexadecimal(&stretch(&["history", &self.digest])), ..self.clone() }
    }

    fn to_hash(&self) -> PasswordHash {
        PasswordHash::from_encoded(self.write("fake"))
    }

    fn to_tag(&self) -> HistoryTag {
        HistoryTag::from_encoded(self.write("fake-history"))
    }

    fn write(&self, kind: &str) -> String {
        format!("{kind}${}${}${}", self.generation, self.salt, self.digest)
    }

    fn read(kind: &str, text: &str) -> Result<Self, HashError> {
        let parts: Vec<&str> = text.split('$').collect();
        match parts[..] {
            [found, generation, salt, digest] if found == kind && digest.len() == 64 => {
                let number = |text: &str| text.parse().map_err(|_| HashError::Unusable);
                Ok(Self { generation: number(generation)?, salt: number(salt)?, digest: digest.to_owned() })
            }
            _ => Err(HashError::Unusable),
        }
    }
}

#[async_trait]
impl PasswordHasher for FakeHasher {
    async fn hash(&self, password: &Password, lane: Lane) -> Result<PasswordHash, HashError> {
        self.enter()?;
        let mut state = lock(&self.0);
        let (generation, salt) = (state.generation, state.fresh_salt());
        Ok(state.evaluate(generation, salt, password.normalized(), lane).to_hash())
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<PasswordHash>,
        lane: Lane,
    ) -> Result<Verification, HashError> {
        self.enter()?;
        let mut state = lock(&self.0);
        let Some(hash) = hash else {
            let generation = state.generation;
            state.evaluate(generation, 0, password.normalized(), lane);
            return Ok(Verification::Mismatch);
        };
        let stored = Encoded::read("fake", hash.as_encoded())?;
        let mut matches =
            |text: &str| state.evaluate(stored.generation, stored.salt, text, lane).digest == stored.digest;
        let right = matches(password.normalized())
            || (stored.generation == FOREIGN
                && password.typed() != password.normalized()
                && matches(password.typed()));
        let outdated = stored.generation != state.generation;
        Ok(if right { Verification::Match { outdated } } else { Verification::Mismatch })
    }

    async fn compare_history(
        &self,
        password: &Password,
        remembered: &[HistoryTag],
        lane: Lane,
    ) -> Result<HistoryComparison, HashError> {
        self.enter()?;
        let remembered = remembered
            .iter()
            .map(|tag| Encoded::read("fake-history", tag.as_encoded()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut state = lock(&self.0);
        let mut candidates: Vec<Encoded> = Vec::new();
        for tag in &remembered {
            if !candidates.iter().any(|known| (known.generation, known.salt) == (tag.generation, tag.salt)) {
                let candidate = state.evaluate(tag.generation, tag.salt, password.normalized(), lane);
                candidates.push(candidate.as_history());
            }
        }
        let reused = candidates.iter().any(|candidate| remembered.contains(candidate));
        // The first candidate belongs to the newest entry's group.
        let own = match candidates.into_iter().next() {
            Some(newest) if newest.generation == state.generation => newest,
            _ => {
                let (generation, salt) = (state.generation, state.fresh_salt());
                state.evaluate(generation, salt, password.normalized(), lane).as_history()
            }
        };
        Ok(HistoryComparison { reused, tag: own.to_tag() })
    }

    fn tag_of(&self, hash: &PasswordHash) -> Result<HistoryTag, HashError> {
        Ok(Encoded::read("fake", hash.as_encoded())?.as_history().to_tag())
    }

    fn accept_foreign(&self, encoded: &str) -> Result<PasswordHash, HashError> {
        Ok(Encoded::read("fake", encoded)?.to_hash())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_history_of_one_group_costs_one_evaluation() {
        let hasher = FakeHasher::new();
        let mut remembered = Vec::new();
        for password in ["one", "two", "three"] {
            let found =
                hasher.compare_history(&Password::new(password), &remembered, Lane::Proved).await.unwrap();
            assert!(!found.reused);
            remembered.insert(0, found.tag);
        }
        assert_eq!(hasher.evaluations_in(Lane::Proved), 3);

        hasher.age();
        hasher.reset_evaluations();
        let found = hasher.compare_history(&Password::new("one"), &remembered, Lane::Proved).await.unwrap();
        assert!(found.reused);
        assert_eq!(hasher.evaluations(), 2, "the outdated group, and a fresh salt for the new entry");
    }

    #[tokio::test]
    async fn an_unknown_account_costs_one_evaluation() {
        let hasher = FakeHasher::new();
        let verified = hasher.verify(&Password::new("guess"), None, Lane::Stranger).await.unwrap();
        assert_eq!(verified, Verification::Mismatch);
        assert_eq!(hasher.evaluations_in(Lane::Stranger), 1);
    }

    #[tokio::test]
    async fn hashes_of_older_parameters_and_of_foreign_origin_are_outdated() {
        let hasher = FakeHasher::new();
        let (own, foreign) = (hasher.hash_now("cafe\u{301}"), hasher.foreign_hash_now("cafe\u{301}"));
        let verify = async |hash: &PasswordHash| {
            hasher.verify(&Password::new("cafe\u{301}"), Some(hash.clone()), Lane::Stranger).await.unwrap()
        };
        assert_eq!(verify(&own).await, Verification::Match { outdated: false });
        assert_eq!(verify(&foreign).await, Verification::Match { outdated: true });
        assert_eq!(hasher.evaluations(), 3, "the typed form costs one more");

        hasher.age();
        assert_eq!(verify(&own).await, Verification::Match { outdated: true });
    }

    #[tokio::test]
    async fn an_overloaded_hasher_does_no_work() {
        let hasher = FakeHasher::new();
        hasher.overload(Some(Duration::from_secs(2)));
        let refused = hasher.hash(&Password::new("x"), Lane::Stranger).await;
        assert!(matches!(refused, Err(HashError::Overloaded { retry_after }) if retry_after.as_secs() == 2));
        assert_eq!(hasher.evaluations(), 0);
    }
}
