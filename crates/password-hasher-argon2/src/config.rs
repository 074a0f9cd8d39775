//! What an operator chooses, and what is refused.

use argon2_engine::{Choice, Costs, Unavailable};
use zeroize::Zeroizing;

/// What one evaluation of Argon2 costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Argon2Params {
    /// Memory in KiB, at least eight for each lane.
    pub memory_kib: u32,
    /// Passes over the memory, at least 1.
    pub iterations: u32,
    /// Lanes, at least 1; computed one after the other.
    pub parallelism: u32,
}

/// OWASP Password Storage Cheat Sheet: combinations of memory (KiB) and passes that are equally strong. What has at
/// least both numbers of one of them is strong enough.
const FLOOR: [(u32, u32); 3] = [(47_104, 1), (19_456, 2), (12_288, 3)];

/// No sane server spends more on one sign-in; beyond it a number is a slip of the pen (1 GiB).
const MOST_MEMORY_KIB: u32 = 1 << 20;
const MOST_ITERATIONS: u32 = 64;
const MOST_PARALLELISM: u32 = 64;
const MOST_WORKERS: usize = 1_024;

/// How many jobs wait for each worker at most, unless the configuration says otherwise: about two seconds of waiting
/// at 15 ms each.
const QUEUE_PER_WORKER: usize = 128;

impl Argon2Params {
    /// Tells whether the costs reach the floor that is safe for passwords.
    pub fn is_strong(&self) -> bool {
        FLOOR.iter().any(|&(memory, passes)| self.memory_kib >= memory && self.iterations >= passes)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let Self { memory_kib, iterations, parallelism } = *self;
        if !(1..=MOST_PARALLELISM).contains(&parallelism) {
            Err(ConfigError::OutOfRange("parallelism", 1, u64::from(MOST_PARALLELISM)))
        } else if !(1..=MOST_ITERATIONS).contains(&iterations) {
            Err(ConfigError::OutOfRange("iterations", 1, u64::from(MOST_ITERATIONS)))
        } else if !(8 * parallelism..=MOST_MEMORY_KIB).contains(&memory_kib) {
            // RFC 9106, section 3.1: at least eight blocks for each lane.
            Err(ConfigError::OutOfRange("memory_kib", u64::from(8 * parallelism), u64::from(MOST_MEMORY_KIB)))
        } else {
            Ok(())
        }
    }
}

impl From<Argon2Params> for Costs {
    fn from(params: Argon2Params) -> Self {
        let Argon2Params { memory_kib, iterations, parallelism } = params;
        Self { memory_kib, iterations, parallelism }
    }
}

impl Default for Argon2Params {
    /// Returns the OWASP minimum of 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

/// The most that a stored or imported hash may cost, so that no row is a memory or time bomb.
///
/// Hashes of at most the current parameters are always within bounds. Before lowering current parameters that were
/// above these numbers, raise these numbers: hashes beyond them are unusable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Argon2 memory of one hash in KiB; also the memory that all evaluations of larger cost than the current one may
    /// hold together. Default 262,144 (256 MiB): libsodium's "moderate", twice Django's 100 MiB.
    pub memory_kib: u32,
    /// Argon2 passes. Default 16.
    pub iterations: u32,
    /// Argon2 lanes. Default 16 (Django uses 8).
    pub parallelism: u32,
    /// Argon2 memory in KiB times passes: what its time depends on. Default 2,097,152, about 1.5 s.
    pub memory_passes: u64,
    /// bcrypt's logarithmic cost. Default 16, about 4 s.
    pub bcrypt_cost: u32,
    /// PBKDF2 iterations. Default 10,000,000, about 5 s (Django 5.2 uses 1,000,000).
    pub pbkdf2_iterations: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_kib: 262_144,
            iterations: 16,
            parallelism: 16,
            memory_passes: 2_097_152,
            bcrypt_cost: 16,
            pbkdf2_iterations: 10_000_000,
        }
    }
}

/// The keys of the digests in the history, from a secret outside the database.
pub struct HistoryKeys {
    pub(crate) current: Zeroizing<[u8; 32]>,
    pub(crate) previous: Vec<Zeroizing<[u8; 32]>>,
}

impl HistoryKeys {
    /// Takes the key that makes new entries, and earlier ones under which older entries are still found.
    pub fn new(current: impl Into<Zeroizing<[u8; 32]>>, previous: Vec<Zeroizing<[u8; 32]>>) -> Self {
        Self { current: current.into(), previous }
    }
}

/// How the hasher works. [`HasherConfig::new`] has the defaults.
pub struct HasherConfig {
    /// Costs of new hashes.
    pub params: Argon2Params,
    /// Accepts costs below the floor; for tests only.
    pub allow_weak: bool,
    /// What evaluates Argon2.
    pub engine: Choice,
    /// Threads, 1 to 1,024; `None` for one per processor that this process may use (a control group's quota counts).
    pub workers: Option<usize>,
    /// Jobs that may wait, at least 1; `None` for 128 for each worker.
    pub queue: Option<usize>,
    /// The share of the queue that is kept for callers who proved something, less than the whole queue; `None` for a
    /// quarter.
    pub reserved: Option<usize>,
    /// Keys of the history's digests.
    pub history_keys: HistoryKeys,
    /// Bounds on stored and imported hashes.
    pub limits: Limits,
}

impl HasherConfig {
    /// Returns the defaults.
    pub fn new(history_keys: HistoryKeys) -> Self {
        Self {
            params: Argon2Params::default(),
            allow_weak: false,
            engine: Choice::default(),
            workers: None,
            queue: None,
            reserved: None,
            history_keys,
            limits: Limits::default(),
        }
    }

    /// Checks everything and fills in what was left open.
    pub(crate) fn sizes(&self) -> Result<Sizes, ConfigError> {
        self.params.check()?;
        if !self.allow_weak && !self.params.is_strong() {
            return Err(ConfigError::Weak);
        }
        let workers = match self.workers {
            None => std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS),
            Some(workers) if (1..=MOST_WORKERS).contains(&workers) => workers,
            Some(_) => return Err(ConfigError::OutOfRange("workers", 1, MOST_WORKERS as u64)),
        };
        let capacity = self.queue.unwrap_or(workers * QUEUE_PER_WORKER);
        if capacity == 0 {
            return Err(ConfigError::OutOfRange("queue", 1, u64::MAX));
        }
        let reserved = self.reserved.unwrap_or((capacity / 4).max(1).min(capacity - 1));
        if reserved >= capacity {
            return Err(ConfigError::OutOfRange("reserved", 0, capacity as u64 - 1));
        }
        Ok(Sizes { workers, capacity, reserved })
    }
}

/// The sizes of the pool, all decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) workers: usize,
    pub(crate) capacity: usize,
    pub(crate) reserved: usize,
}

/// The reason why a hasher cannot be made from its configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The costs are below 19456/2/1 and its equivalents, and `allow_weak` is not set.
    #[error(
        "memory_kib, iterations and parallelism are below 19456/2/1 (or 47104/1/1, 12288/3/1), which only allow_weak permits"
    )]
    Weak,
    /// A number is outside its range: name, least, most.
    #[error("{0} must be from {1} to {2}")]
    OutOfRange(&'static str, u64, u64),
    /// The workers' block memory could not be allocated.
    #[error("no memory for the hashing workers")]
    Memory,
    /// The engine that was asked for by name cannot be had.
    #[error("no fast engine: {0}")]
    Engine(#[from] Unavailable),
    /// A worker thread could not be started.
    #[error("a hashing worker could not be started")]
    Thread(#[source] std::io::Error),
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn config(memory_kib: u32, iterations: u32, parallelism: u32) -> HasherConfig {
        HasherConfig {
            params: Argon2Params { memory_kib, iterations, parallelism },
            ..HasherConfig::new(HistoryKeys::new([0; 32], Vec::new()))
        }
    }

    #[rstest]
    #[case(19_456, 2, 1)]
    #[case(47_104, 1, 1)]
    #[case(12_288, 3, 1)]
    #[case(65_536, 3, 4)]
    fn what_reaches_the_floor_is_accepted(#[case] memory: u32, #[case] passes: u32, #[case] lanes: u32) {
        config(memory, passes, lanes).sizes().unwrap();
    }

    #[rstest]
    #[case(19_455, 2, 1)]
    #[case(19_456, 1, 1)]
    #[case(47_103, 1, 1)]
    #[case(12_287, 3, 1)]
    #[case(64, 64, 1)]
    fn what_is_weaker_needs_a_word(#[case] memory: u32, #[case] passes: u32, #[case] lanes: u32) {
        let mut config = config(memory, passes, lanes);
        assert!(matches!(config.sizes(), Err(ConfigError::Weak)));
        config.allow_weak = true;
        config.sizes().unwrap();
    }

    #[rstest]
    #[case(19_456, 0, 1)]
    #[case(19_456, 65, 1)]
    #[case(19_456, 2, 0)]
    #[case(19_456, 2, 65)]
    #[case(u32::MAX, 2, 1)]
    #[case(7, 2, 1)]
    #[case(15, 2, 2)]
    fn nonsense_is_refused_whatever_is_allowed(#[case] memory: u32, #[case] passes: u32, #[case] lanes: u32) {
        let config = HasherConfig { allow_weak: true, ..config(memory, passes, lanes) };
        assert!(matches!(config.sizes(), Err(ConfigError::OutOfRange(..))));
    }

    #[test]
    fn what_is_left_open_follows_from_the_workers() {
        let config = HasherConfig { workers: Some(2), ..config(19_456, 2, 1) };
        assert_eq!(config.sizes().unwrap(), Sizes { workers: 2, capacity: 256, reserved: 64 });
    }

    #[test]
    fn sizes_without_a_meaning_are_refused() {
        for (workers, queue, reserved) in
            [(Some(0), None, None), (None, Some(0), None), (None, Some(4), Some(4))]
        {
            let config = HasherConfig { workers, queue, reserved, ..config(19_456, 2, 1) };
            assert!(matches!(config.sizes(), Err(ConfigError::OutOfRange(..))));
        }
    }
}
