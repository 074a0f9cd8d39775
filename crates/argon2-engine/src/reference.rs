//! RustCrypto's implementation, in memory that is used again.

use argon2::{Argon2, Params};

use crate::{Costs, Engine, EngineError, Input, Memory};

/// RustCrypto's Argon2.
pub(crate) struct Reference;

impl Engine for Reference {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn evaluate(&self, input: &Input<'_>, memory: &mut Memory, tag: &mut [u8]) -> Result<(), EngineError> {
        input.check(tag.len())?;
        let Costs { memory_kib, iterations, parallelism } = input.costs;
        let params = Params::new(memory_kib, iterations, parallelism, Some(tag.len()))
            .map_err(|_| EngineError::Input)?;
        let blocks = memory.first_for_reference(params.block_count()).ok_or(EngineError::TooLittleMemory)?;
        Argon2::new(input.algorithm, input.version, params)
            .hash_password_into_with_memory(input.password, input.salt, tag, blocks)
            .map_err(|_| EngineError::Input)
    }
}
