//! Which engine runs, and the test before it does.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use argon2::{Algorithm, Version};

use crate::reference::Reference;
use crate::{Costs, Engine, Input, Memory};

/// Which engine an operator wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// RustCrypto's implementation.
    Reference,
    /// The one with wide registers, or a refusal to start.
    Fast,
    /// The fast one where the processor has the registers and the self-test agrees, else the reference.
    #[default]
    Auto,
}

/// The text names no engine.
#[derive(Debug, thiserror::Error)]
#[error("an engine is reference, fast or auto")]
pub struct UnknownChoice;

impl FromStr for Choice {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        match text {
            "reference" => Ok(Self::Reference),
            "fast" => Ok(Self::Fast),
            "auto" => Ok(Self::Auto),
            _ => Err(UnknownChoice),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reference => "reference",
            Self::Fast => "fast",
            Self::Auto => "auto",
        })
    }
}

/// The fast engine cannot be had.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The processor has neither AVX-512 nor AVX2.
    #[error("this processor has neither AVX-512 nor AVX2")]
    Processor,
    /// An answer differed from the reference's, or a known one.
    #[error("the engine {0} failed its self-test")]
    SelfTest(&'static str),
}

/// What a choice came to.
pub struct Selected {
    /// The engine that runs.
    pub engine: Arc<dyn Engine>,
    /// Why it is not a fast one, where that was wanted if it could be had.
    pub shortfall: Option<Unavailable>,
}

/// Returns the engine of a choice. A fast one has passed the [`self_test`], which takes a few milliseconds.
///
/// # Errors
///
/// [`Unavailable`] where the fast engine was asked for by name and cannot be had.
pub fn select(choice: Choice) -> Result<Selected, Unavailable> {
    let reference = |shortfall| Selected { engine: Arc::new(Reference), shortfall };
    match choice {
        Choice::Reference => Ok(reference(None)),
        Choice::Fast => fast().map(|engine| Selected { engine, shortfall: None }),
        Choice::Auto => Ok(fast()
            .map(|engine| Selected { engine, shortfall: None })
            .unwrap_or_else(|reason| reference(Some(reason)))),
    }
}

fn fast() -> Result<Arc<dyn Engine>, Unavailable> {
    let engine = kernels().into_iter().next().ok_or(Unavailable::Processor)?;
    if self_test(&*engine) { Ok(Arc::from(engine)) } else { Err(Unavailable::SelfTest(engine.name())) }
}

/// Returns all fast engines that this processor can run, the fastest first, untested.
pub fn kernels() -> Vec<Box<dyn Engine>> {
    #[cfg(target_arch = "x86_64")]
    let kernels = crate::fast::available();
    #[cfg(not(target_arch = "x86_64"))]
    let kernels = Vec::new();
    kernels
}

/// What libargon2 answers to the test vector of RFC 9106, section 5.3, without its secret and associated data: Argon2id,
/// version 1.3, 32 KiB, 3 passes, 4 lanes, 32 bytes of 0x01 as password and 16 bytes of 0x02 as salt.
const KNOWN: [u8; 32] = [
    0x03, 0xaa, 0xb9, 0x65, 0xc1, 0x20, 0x01, 0xc9, 0xd7, 0xd0, 0xd2, 0xde, 0x33, 0x19, 0x2c, 0x04, 0x94,
    0xb6, 0x84, 0xbb, 0x14, 0x81, 0x96, 0xd7, 0x3c, 0x1d, 0xf1, 0xac, 0xaf, 0x6d, 0x0c, 0x2e,
];

/// Tells whether an engine agrees with a known answer, and with the reference on every algorithm and version with costs
/// that reach each branch: one lane and several, one pass and more, segments of fewer and of more than one address
/// block, tags shorter and longer than one BLAKE2b.
pub fn self_test(engine: &dyn Engine) -> bool {
    let known = Case(Algorithm::Argon2id, Version::V0x13, [32, 3, 4], 32).answer(engine, &[1; 32]);
    known.is_some_and(|tag| tag == KNOWN)
        && CASES.iter().all(|case| {
            let answer = case.answer(engine, b"correct horse battery staple");
            answer.is_some() && answer == case.answer(&Reference, b"correct horse battery staple")
        })
}

struct Case(Algorithm, Version, [u32; 3], usize);

const CASES: [Case; 6] = [
    Case(Algorithm::Argon2id, Version::V0x13, [2_111, 1, 1], 32),
    Case(Algorithm::Argon2id, Version::V0x13, [64, 2, 1], 32),
    Case(Algorithm::Argon2id, Version::V0x13, [100, 3, 3], 64),
    Case(Algorithm::Argon2id, Version::V0x10, [96, 2, 2], 16),
    Case(Algorithm::Argon2i, Version::V0x13, [64, 2, 1], 100),
    Case(Algorithm::Argon2d, Version::V0x13, [40, 2, 1], 65),
];

impl Case {
    fn answer(&self, engine: &dyn Engine, password: &[u8]) -> Option<Vec<u8>> {
        let Self(algorithm, version, [memory_kib, iterations, parallelism], tag_bytes) = *self;
        let costs = Costs { memory_kib, iterations, parallelism };
        let input = Input { algorithm, version, costs, password, salt: &[2; 16] };
        let mut memory = Memory::new(memory_kib as usize).ok()?;
        let mut tag = vec![0; tag_bytes];
        engine.evaluate(&input, &mut memory, &mut tag).ok()?;
        Some(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a right tag with one bit turned.
    struct Wrong;

    impl Engine for Wrong {
        fn name(&self) -> &'static str {
            "wrong"
        }

        fn evaluate(
            &self,
            input: &Input<'_>,
            memory: &mut Memory,
            tag: &mut [u8],
        ) -> Result<(), crate::EngineError> {
            Reference.evaluate(input, memory, tag)?;
            if input.costs.parallelism == 3 {
                tag[5] ^= 1;
            }
            Ok(())
        }
    }

    #[test]
    fn the_self_test_knows_right_from_wrong() {
        assert!(self_test(&Reference));
        assert!(!self_test(&Wrong));
    }

    #[test]
    fn every_kernel_of_this_processor_passes_the_self_test() {
        for kernel in kernels() {
            assert!(self_test(&*kernel), "{}", kernel.name());
        }
    }

    #[test]
    fn a_choice_reads_back_what_it_wrote() {
        for choice in [Choice::Reference, Choice::Fast, Choice::Auto] {
            assert_eq!(choice.to_string().parse::<Choice>().unwrap(), choice);
        }
        assert!("Fast".parse::<Choice>().is_err());
    }

    #[test]
    fn a_choice_is_what_runs() {
        let name = |choice| select(choice).map(|selected| selected.engine.name()).ok();
        let best = kernels().first().map(|kernel| kernel.name());
        assert_eq!(name(Choice::Reference), Some("reference"));
        assert_eq!(name(Choice::Fast), best);
        assert_eq!(name(Choice::Auto), best.or(Some("reference")));
        assert_eq!(select(Choice::Auto).unwrap().shortfall.is_none(), best.is_some());
    }
}
