//! Argon2 in memory that is used again, by two engines that give the same answers.
//!
//! [`select`] returns an [`Engine`]: the *reference* is RustCrypto's `argon2`; the *fast* one computes a block in AVX-512 or AVX2
//! registers and is taken only after it has agreed with the reference on known answers ([`self_test`]). Both work in
//! [`Memory`], which is reserved once for each thread, in huge pages where the system has them.
//!
//! | file | what |
//! | --- | --- |
//! | `memory` | block memory, and the only casts of the crate |
//! | `reference` | RustCrypto's implementation |
//! | `fast` | ours: order of blocks, first blocks and tag, one kernel for each kind of register |
//! | `choice` | which engine runs, and the test before it does |
//!
//! # Unsafe code
//!
//! This is the only crate of the house that has any: one cast to RustCrypto's block type, the call into each kernel
//! after the processor was asked for its instructions, and the prefetch: four blocks. The kernels themselves are safe code. The
//! decision record 0010 tells how they were checked.
//!
//! # What never belongs here
//!
//! Passwords as such, accounts, threads, queues, encodings of hashes. No secret key and no associated data: this house
//! has no use for them.
//!
//! # To add a kernel
//!
//! Implement `fast::fill::Kernel` for a type that exists only where the processor has the instructions, and name it in
//! `fast::available`. The property tests then compare it with the reference.

mod choice;
#[cfg(target_arch = "x86_64")]
mod fast;
mod memory;
mod reference;

pub use argon2::{Algorithm, Version};
pub use choice::{Choice, Selected, Unavailable, UnknownChoice, kernels, select, self_test};
pub use memory::{Memory, OutOfMemory};

/// The shortest salt in bytes (RFC 9106, section 3.1, leaves it open; RustCrypto and libargon2 want eight).
pub const MIN_SALT_BYTES: usize = argon2::MIN_SALT_LEN;

/// What one evaluation costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Memory in KiB, at least eight for each lane.
    pub memory_kib: u32,
    /// Passes over the memory, at least 1.
    pub iterations: u32,
    /// Lanes, at least 1; computed one after the other.
    pub parallelism: u32,
}

/// Everything that goes into one evaluation.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// How blocks are chosen.
    pub algorithm: Algorithm,
    /// The version of Argon2.
    pub version: Version,
    /// What it costs.
    pub costs: Costs,
    /// The password, of any length.
    pub password: &'a [u8],
    /// The salt, at least 8 bytes.
    pub salt: &'a [u8],
}

/// The reason why an evaluation was refused. Says nothing of what went in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// Costs, salt or tag are outside the ranges of RFC 9106, section 3.1.
    #[error("costs, salt or tag are no input for Argon2")]
    Input,
    /// The memory has fewer blocks than the costs name.
    #[error("the memory is too small for these costs")]
    TooLittleMemory,
}

/// A way to evaluate Argon2.
pub trait Engine: Send + Sync {
    /// Returns the engine's name, for logs: `reference`, `avx512` or `avx2`.
    fn name(&self) -> &'static str;

    /// Evaluates Argon2 and writes the tag, whose length is a part of the input: 4 bytes or more.
    ///
    /// # Errors
    ///
    /// [`EngineError`] where the input is none for Argon2, or the memory is too small for it; then nothing is written.
    fn evaluate(&self, input: &Input<'_>, memory: &mut Memory, tag: &mut [u8]) -> Result<(), EngineError>;
}

impl<'a> Input<'a> {
    /// Returns the input of Argon2id, version 1.3.
    pub fn argon2id(costs: Costs, password: &'a [u8], salt: &'a [u8]) -> Self {
        Self { algorithm: Algorithm::Argon2id, version: Version::V0x13, costs, password, salt }
    }

    /// Refuses what is outside the ranges of RFC 9106, section 3.1.
    fn check(&self, tag_bytes: usize) -> Result<(), EngineError> {
        let Costs { memory_kib, iterations, parallelism } = self.costs;
        let fits = |length: usize| u32::try_from(length).is_ok();
        let right = (1..1 << 24).contains(&parallelism)
            && iterations >= 1
            && u64::from(memory_kib) >= 8 * u64::from(parallelism)
            && self.salt.len() >= MIN_SALT_BYTES
            && tag_bytes >= 4
            && [self.password.len(), self.salt.len(), tag_bytes].into_iter().all(fits);
        if right { Ok(()) } else { Err(EngineError::Input) }
    }
}

// No part of a password in a log.
impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("costs", &self.costs).finish_non_exhaustive()
    }
}
