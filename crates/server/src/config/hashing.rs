//! `[hashing]`: what one evaluation costs, and how many run at once.

use password_hasher_argon2::{Argon2Params, EngineChoice, HasherConfig, HistoryKeys};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::problem::Problems;

/// What hashing costs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hashing {
    /// Memory of one evaluation in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Accepts costs below the floor; for tests only.
    pub allow_weak: bool,
    /// What evaluates Argon2: `reference`, `fast` or `auto`.
    #[serde(deserialize_with = "engine")]
    pub engine: EngineChoice,
    /// Threads that hash; `None` for one per processor.
    pub workers: Option<usize>,
    /// How many may wait; `None` for 128 for each thread.
    pub queue: Option<usize>,
}

impl Default for Hashing {
    fn default() -> Self {
        let Argon2Params { memory_kib, iterations, parallelism } = Argon2Params::default();
        Self {
            memory_kib,
            iterations,
            parallelism,
            allow_weak: false,
            engine: EngineChoice::default(),
            workers: None,
            queue: None,
        }
    }
}

impl Hashing {
    fn params(&self) -> Argon2Params {
        Argon2Params {
            memory_kib: self.memory_kib,
            iterations: self.iterations,
            parallelism: self.parallelism,
        }
    }

    /// Returns what the hasher needs.
    pub fn hasher(&self, keys: HistoryKeys) -> HasherConfig {
        HasherConfig {
            params: self.params(),
            allow_weak: self.allow_weak,
            engine: self.engine,
            workers: self.workers,
            queue: self.queue,
            ..HasherConfig::new(keys)
        }
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        // The hasher refuses all of this too; here it is told without allocating a worker's memory.
        problems.require(
            (1..=64).contains(&self.parallelism),
            "hashing.parallelism",
            "it must be from 1 to 64",
        );
        problems.require(
            (1..=64).contains(&self.iterations),
            "hashing.iterations",
            "it must be from 1 to 64",
        );
        problems.require(
            (8 * u64::from(self.parallelism)..=1 << 20).contains(&u64::from(self.memory_kib)),
            "hashing.memory_kib",
            "it must be from 8 for each lane to 1048576",
        );
        problems.require(
            self.allow_weak || self.params().is_strong(),
            "hashing",
            "memory_kib, iterations and parallelism are below 19456, 2 and 1, which only allow_weak = true permits, \
             for tests",
        );
        problems.require(
            self.workers.is_none_or(|workers| (1..=1_024).contains(&workers)),
            "hashing.workers",
            "it must be from 1 to 1024",
        );
        problems.require(self.queue.is_none_or(|queue| queue > 0), "hashing.queue", "it must be at least 1");
    }
}

fn engine<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EngineChoice, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}
