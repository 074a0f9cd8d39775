//! Argon2 with the processor's wide registers.
//!
//! | file | what |
//! | --- | --- |
//! | `ends` | the first blocks and the tag, by BLAKE2b |
//! | `fill` | which block is computed from which others |
//! | `avx512`, `avx2` | how one block is computed |

mod avx2;
mod avx512;
mod ends;
mod fill;

use zeroize::Zeroize as _;

use self::avx2::Avx2;
use self::avx512::Avx512;
use self::fill::{Kernel, Shape, Words};
use crate::{Engine, EngineError, Input, Memory};

/// Argon2 with a kernel that this processor has.
pub(crate) struct Fast<K>(K);

/// Returns the engines that this processor can run, the fastest first.
pub(crate) fn available() -> Vec<Box<dyn Engine>> {
    let avx512 = Avx512::detect().map(|kernel| Box::new(Fast(kernel)) as Box<dyn Engine>);
    let avx2 = Avx2::detect().map(|kernel| Box::new(Fast(kernel)) as Box<dyn Engine>);
    avx512.into_iter().chain(avx2).collect()
}

impl Engine for Fast<Avx512> {
    fn name(&self) -> &'static str {
        "avx512"
    }

    fn evaluate(&self, input: &Input<'_>, memory: &mut Memory, tag: &mut [u8]) -> Result<(), EngineError> {
        evaluate(self.0, input, memory, tag)
    }
}

impl Engine for Fast<Avx2> {
    fn name(&self) -> &'static str {
        "avx2"
    }

    fn evaluate(&self, input: &Input<'_>, memory: &mut Memory, tag: &mut [u8]) -> Result<(), EngineError> {
        evaluate(self.0, input, memory, tag)
    }
}

fn evaluate<K: Kernel>(
    kernel: K,
    input: &Input<'_>,
    memory: &mut Memory,
    tag: &mut [u8],
) -> Result<(), EngineError> {
    input.check(tag.len())?;
    let shape = Shape::of(input);
    let blocks = memory.first(shape.blocks()).ok_or(EngineError::TooLittleMemory)?;
    begin(kernel, input, tag.len(), blocks, shape);
    fill::fill(kernel, blocks, shape);
    end(kernel, blocks, shape, tag);
    Ok(())
}

fn begin<K: Kernel>(kernel: K, input: &Input<'_>, tag_bytes: usize, blocks: &mut [K::Block], shape: Shape) {
    let initial = ends::initial(input, tag_bytes);
    for (number, lane) in (0..).zip(blocks.chunks_exact_mut(shape.lane_length())) {
        lane[0] = kernel.block_of(&ends::first_block(&initial, 0, number));
        lane[1] = kernel.block_of(&ends::first_block(&initial, 1, number));
    }
}

fn end<K: Kernel>(kernel: K, blocks: &[K::Block], shape: Shape, tag: &mut [u8]) {
    let mut last: Words = [0; 128];
    for lane in blocks.chunks_exact(shape.lane_length()).take(shape.lanes()) {
        let words = kernel.words_of(&lane[shape.lane_length() - 1]);
        last.iter_mut().zip(words).for_each(|(sum, word)| *sum ^= word);
    }
    ends::tag(&last, tag);
    last.zeroize();
}
