//! How Argon2 begins and ends: H0, and the hash of any length H' (RFC 9106, sections 3.2 and 3.3).

use blake2::digest::block_api::{UpdateCore, VariableOutputCore};
use blake2::digest::block_buffer::LazyBuffer;
use blake2::{Blake2b512, Blake2bVarCore, Digest};
use zeroize::{Zeroize as _, Zeroizing};

use super::fill::Words;
use crate::Input;

/// What BLAKE2b gives at once, and how much of it H' takes at a time.
const WHOLE: usize = 64;
const HALF: usize = WHOLE / 2;

/// H0: the digest of everything that goes in.
pub(super) fn initial(input: &Input<'_>, tag_bytes: usize) -> Zeroizing<[u8; WHOLE]> {
    let mut hash = Blake2b512::new();
    let costs = input.costs;
    let algorithm = input.algorithm as u32;
    for number in [
        costs.parallelism,
        tag_bytes as u32,
        costs.memory_kib,
        costs.iterations,
        input.version.into(),
        algorithm,
    ] {
        hash.update(number.to_le_bytes());
    }
    // Neither a secret nor associated data, whose lengths are told nevertheless.
    for text in [input.password, input.salt, &[], &[]] {
        hash.update((text.len() as u32).to_le_bytes());
        hash.update(text);
    }
    let mut output = hash.finalize();
    let mut initial = Zeroizing::new([0; WHOLE]);
    initial.copy_from_slice(&output);
    output.zeroize();
    initial
}

/// The `number`-th block of a lane, 0 or 1.
pub(super) fn first_block(initial: &[u8; WHOLE], number: u32, lane: u32) -> Words {
    let mut seed = Zeroizing::new([0; WHOLE + 8]);
    seed[..WHOLE].copy_from_slice(initial);
    seed[WHOLE..WHOLE + 4].copy_from_slice(&number.to_le_bytes());
    seed[WHOLE + 4..].copy_from_slice(&lane.to_le_bytes());
    let mut bytes = [0; 1_024];
    long(&*seed, &mut bytes);
    std::array::from_fn(|i| u64::from_le_bytes(std::array::from_fn(|byte| bytes[8 * i + byte])))
}

/// The tag, from the last blocks of all lanes, added up by exclusive or.
pub(super) fn tag(last: &Words, tag: &mut [u8]) {
    let mut bytes = Zeroizing::new([0; 1_024]);
    for (bytes, word) in bytes.chunks_exact_mut(8).zip(last) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    long(&*bytes, tag);
}

/// H': a digest of any length.
fn long(input: &[u8], output: &mut [u8]) {
    let length = (output.len() as u32).to_le_bytes();
    if output.len() <= WHOLE {
        short(&[&length, input], output);
        return;
    }
    let mut last = Zeroizing::new([0; WHOLE]);
    short(&[&length, input], &mut *last);
    let (first, mut rest) = output.split_at_mut(HALF);
    first.copy_from_slice(&last[..HALF]);
    while rest.len() > WHOLE {
        let previous = last.clone();
        short(&[&*previous], &mut *last);
        let (next, others) = rest.split_at_mut(HALF);
        next.copy_from_slice(&last[..HALF]);
        rest = others;
    }
    short(&[&*last], rest);
}

/// BLAKE2b with an output of 1 to 64 bytes.
fn short(inputs: &[&[u8]], output: &mut [u8]) {
    #[allow(
        clippy::expect_used,
        reason = "every length from 1 to 64 bytes has a BLAKE2b; callers ask for no other"
    )]
    let mut hash = Blake2bVarCore::new(output.len()).expect("a length of BLAKE2b");
    let mut buffer = LazyBuffer::new(&[]);
    for input in inputs {
        buffer.digest_blocks(input, |blocks| hash.update_blocks(blocks));
    }
    let mut whole = Default::default();
    hash.finalize_variable_core(&mut buffer, &mut whole);
    output.copy_from_slice(&whole[..output.len()]);
    whole.zeroize();
}
