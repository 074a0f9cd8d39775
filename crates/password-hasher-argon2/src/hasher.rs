//! The port itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2_engine::{Engine, Selected, Unavailable, select};
use async_trait::async_trait;
use password_domain::password::{HistoryTag, Password, PasswordHash};
use password_domain::ports::{HashError, HistoryComparison, Lane, PasswordHasher, Verification};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::config::{Argon2Params, ConfigError, HasherConfig, HistoryKeys, Limits};
use crate::evaluate::evaluate;
use crate::history::{self, Tag};
use crate::pool::{Caller, Length, Pool};
use crate::recipe::{Recipe, SALT_BYTES};
use crate::scratch::{Oversize, Scratch};
use crate::stored::{self, Stored};

type Digest = Zeroizing<Vec<u8>>;

/// Argon2id on a fixed set of threads.
///
/// Each call is one job in the queue, however many evaluations it needs: a comparison with a history runs them one
/// after the other on one worker and stops between two of them where its caller has gone. Dropping the hasher waits for
/// the evaluations that run and abandons the jobs that wait, whose callers get [`HashError::Unexpected`].
///
/// Hashes in the tags of foreign origin are compared with the normalised form alone.
pub struct Argon2Hasher {
    core: Arc<Core>,
    pool: Pool<Scratch>,
}

struct Core {
    engine: Arc<dyn Engine>,
    params: Argon2Params,
    limits: Limits,
    keys: HistoryKeys,
    evaluations: AtomicU64,
}

/// What somebody typed, for a worker.
struct Candidate {
    normalized: Zeroizing<Vec<u8>>,
    /// The typed form, where it is another one.
    typed: Option<Zeroizing<Vec<u8>>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the password is longer than any that could be verified")]
struct TooLong;

impl Argon2Hasher {
    /// Allocates the workers' memory and starts their threads.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the configuration is too weak or makes no sense, or where the engine, memory or threads are
    /// missing.
    pub fn new(config: HasherConfig) -> Result<Self, ConfigError> {
        let sizes = config.sizes()?;
        let HasherConfig { params, limits, history_keys, engine, .. } = config;
        let Selected { engine, shortfall } = select(engine)?;
        if let Some(error @ Unavailable::SelfTest(_)) = shortfall {
            tracing::error!(%error, "the reference hashes instead");
        }
        let oversize = Arc::new(Oversize::new(limits.memory_kib as usize));
        let scratches = (0..sizes.workers)
            .map(|_| Scratch::new(params.memory_kib as usize, Arc::clone(&oversize)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| ConfigError::Memory)?;
        let pool = Pool::new(scratches, Scratch::touch, sizes.capacity, sizes.reserved)?;
        let core =
            Arc::new(Core { engine, params, limits, keys: history_keys, evaluations: AtomicU64::new(0) });
        Ok(Self { core, pool })
    }

    /// Returns the name of the engine that evaluates: `reference`, `avx512` or `avx2`.
    pub fn engine(&self) -> &'static str {
        self.core.engine.name()
    }

    /// Returns how many evaluations have begun since the start.
    pub fn evaluations(&self) -> u64 {
        self.core.evaluations.load(Ordering::Relaxed)
    }

    /// Returns how many jobs wait for a worker.
    pub fn queue_len(&self) -> usize {
        self.pool.waiting()
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password, lane: Lane) -> Result<PasswordHash, HashError> {
        let candidate = Candidate::to_keep(password)?;
        let recipe = Recipe::current(self.core.params, fresh_salt()?);
        let core = Arc::clone(&self.core);
        self.pool.run(lane, Length::Usual, move |scratch, _| core.hash(&recipe, &candidate, scratch)).await
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<PasswordHash>,
        lane: Lane,
    ) -> Result<Verification, HashError> {
        if !password.is_verifiable() {
            return Ok(Verification::Mismatch);
        }
        let stored = hash.map(|hash| self.core.read(hash.as_encoded())).transpose()?;
        let length = self.core.length(stored.iter().map(|stored| &stored.recipe));
        let candidate = Candidate::of(password);
        let core = Arc::clone(&self.core);
        self.pool
            .run(lane, length, move |scratch, caller| {
                core.verify(stored.as_ref(), &candidate, scratch, caller)
            })
            .await
    }

    async fn compare_history(
        &self,
        password: &Password,
        remembered: &[HistoryTag],
        lane: Lane,
    ) -> Result<HistoryComparison, HashError> {
        let candidate = Candidate::to_keep(password)?;
        let entries = remembered.iter().map(|tag| self.core.read_tag(tag)).collect::<Result<Vec<_>, _>>()?;
        let length = self.core.length(entries.iter().map(|entry| &entry.recipe));
        let salt = fresh_salt()?;
        let core = Arc::clone(&self.core);
        self.pool
            .run(lane, length, move |scratch, caller| {
                core.compare(&candidate, &entries, salt, scratch, caller)
            })
            .await
    }

    fn tag_of(&self, hash: &PasswordHash) -> Result<HistoryTag, HashError> {
        let stored = self.core.read(hash.as_encoded())?;
        Ok(history::tag(&stored.recipe, &stored.digest, &self.core.keys))
    }

    fn accept_foreign(&self, encoded: &str) -> Result<PasswordHash, HashError> {
        let stored = self.core.read(encoded)?;
        Ok(PasswordHash::from_encoded(stored.as_foreign(encoded)))
    }
}

impl Candidate {
    fn of(password: &Password) -> Self {
        let (normalized, typed) = (password.normalized(), password.typed());
        Self {
            normalized: Zeroizing::new(normalized.as_bytes().to_vec()),
            typed: (typed != normalized).then(|| Zeroizing::new(typed.as_bytes().to_vec())),
        }
    }

    /// Refuses what could never be verified afterwards.
    fn to_keep(password: &Password) -> Result<Self, HashError> {
        if password.is_verifiable() {
            Ok(Self::of(password))
        } else {
            Err(HashError::Unexpected(Box::new(TooLong)))
        }
    }
}

impl Core {
    fn read(&self, encoded: &str) -> Result<Stored, HashError> {
        let stored = Stored::parse(encoded).ok_or(HashError::Unusable)?;
        self.bounded(&stored.recipe)?;
        Ok(stored)
    }

    fn read_tag(&self, tag: &HistoryTag) -> Result<Tag, HashError> {
        let tag = Tag::parse(tag.as_encoded()).ok_or(HashError::Unusable)?;
        self.bounded(&tag.recipe)?;
        Ok(tag)
    }

    fn bounded(&self, recipe: &Recipe) -> Result<(), HashError> {
        if recipe.is_within(&self.limits, self.params) { Ok(()) } else { Err(HashError::Unusable) }
    }

    /// Tells whether comparing with what was made by these recipes takes about one evaluation of the current cost.
    fn length<'a>(&self, mut recipes: impl Iterator<Item = &'a Recipe>) -> Length {
        let Some(first) = recipes.next() else { return Length::Usual };
        if first.is_current(self.params) && recipes.all(|recipe| recipe == first) {
            Length::Usual
        } else {
            Length::Unknown
        }
    }

    fn evaluate(
        &self,
        recipe: &Recipe,
        password: &[u8],
        scratch: &mut Scratch,
    ) -> Result<Option<Digest>, HashError> {
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        evaluate(&*self.engine, recipe, password, scratch)
            .map_err(|error| HashError::Unexpected(Box::new(error)))
    }

    fn hash(
        &self,
        recipe: &Recipe,
        candidate: &Candidate,
        scratch: &mut Scratch,
    ) -> Result<PasswordHash, HashError> {
        let digest = self.evaluate(recipe, &candidate.normalized, scratch)?;
        match (recipe, digest) {
            (Recipe::Argon2(recipe), Some(digest)) => {
                Ok(PasswordHash::from_encoded(stored::encode(recipe, &digest)))
            }
            _ => Err(HashError::Unusable),
        }
    }

    fn verify(
        &self,
        stored: Option<&Stored>,
        candidate: &Candidate,
        scratch: &mut Scratch,
        caller: &Caller<'_>,
    ) -> Result<Verification, HashError> {
        let Some(stored) = stored else {
            // The same work as for an account of today, so that time tells nobody who has one.
            let recipe = Recipe::current(self.params, [0; SALT_BYTES]);
            std::hint::black_box(self.evaluate(&recipe, &candidate.normalized, scratch)?);
            return Ok(Verification::Mismatch);
        };
        let mut matches = |password: &[u8]| -> Result<bool, HashError> {
            let digest = self.evaluate(&stored.recipe, password, scratch)?;
            Ok(digest.is_some_and(|digest| digest.ct_eq(&stored.digest).into()))
        };
        let mut found = matches(&candidate.normalized)?;
        // Other systems may have hashed what was typed as it was.
        if !found
            && stored.foreign
            && let Some(typed) = &candidate.typed
        {
            caller.still_waits()?;
            found = matches(typed)?;
        }
        Ok(if found {
            Verification::Match { outdated: stored.is_outdated(self.params) }
        } else {
            Verification::Mismatch
        })
    }

    fn compare(
        &self,
        candidate: &Candidate,
        entries: &[Tag],
        salt: [u8; SALT_BYTES],
        scratch: &mut Scratch,
        caller: &Caller<'_>,
    ) -> Result<HistoryComparison, HashError> {
        let mut groups: Vec<(&Recipe, Option<Digest>)> = Vec::new();
        let mut reused = Choice::from(0);
        for entry in entries {
            // Histories are short, so looking through the groups beats a map. All are evaluated whatever is found.
            let known = groups.iter().position(|(recipe, _)| **recipe == entry.recipe);
            let group = match known {
                Some(group) => group,
                None => {
                    caller.still_waits()?;
                    groups
                        .push((&entry.recipe, self.evaluate(&entry.recipe, &candidate.normalized, scratch)?));
                    groups.len() - 1
                }
            };
            if let (_, Some(digest)) = &groups[group] {
                reused |= entry.is_of(digest, &self.keys);
            }
        }
        // The newest entry's group came first.
        let tag = match groups.first() {
            Some((recipe, Some(digest))) if recipe.is_current(self.params) => {
                history::tag(recipe, digest, &self.keys)
            }
            _ => {
                caller.still_waits()?;
                let recipe = Recipe::current(self.params, salt);
                let digest = self.evaluate(&recipe, &candidate.normalized, scratch)?;
                history::tag(&recipe, &digest.ok_or(HashError::Unusable)?, &self.keys)
            }
        };
        Ok(HistoryComparison { reused: reused.into(), tag })
    }
}

fn fresh_salt() -> Result<[u8; SALT_BYTES], HashError> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(|error| HashError::Unexpected(Box::new(error)))?;
    Ok(salt)
}
