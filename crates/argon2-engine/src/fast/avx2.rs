//! The compression function with AVX2: blocks lie as in the specification, four words to a register.

#[allow(clippy::wildcard_imports, reason = "the intrinsics are one vocabulary")]
use std::arch::x86_64::*;

use super::fill::{Kernel, Step, Words};

/// Proof that the processor has AVX2.
#[derive(Clone, Copy)]
pub(super) struct Avx2(());

impl Avx2 {
    /// Looks at the processor; `None` where it lacks AVX2.
    pub(super) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }
}

type V = __m256i;
type Block = [V; 32];

impl Kernel for Avx2 {
    type Block = Block;

    #[inline(always)]
    fn compress(self, last: &mut Block, memory: &mut [Block], step: Step) {
        // SAFETY: there is no value of this type on a processor without AVX2.
        unsafe { compress(last, memory, step) }
    }

    fn block_of(self, words: &Words) -> Block {
        bytemuck::cast(*words)
    }

    fn words_of(self, block: &Block) -> Words {
        bytemuck::cast(*block)
    }
}

#[inline]
#[target_feature(enable = "avx2")]
#[allow(clippy::needless_range_loop, clippy::manual_memcpy, reason = "as in `avx512`")]
fn compress(last: &mut Block, memory: &mut [Block], Step { reference, current, over }: Step) {
    for (word, other) in last.iter_mut().zip(&memory[reference]) {
        *word = _mm256_xor_si256(*word, *other);
    }
    let mut state = *last;
    // All eight rows at once: more than there are registers, but an operation takes two or three cycles, so with fewer
    // most of the time is spent waiting for the one before.
    let words = |word: usize| -> [V; 8] { std::array::from_fn(|row| state[4 * row + word]) };
    let (mut a, mut b, mut c, mut d) = (words(0), words(1), words(2), words(3));
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    // The b are the last to be ready, so they stay where they are.
    for i in 0..8 {
        a[i] = _mm256_permute4x64_epi64::<0x93>(a[i]);
        c[i] = _mm256_permute4x64_epi64::<0x39>(c[i]);
        d[i] = _mm256_permute4x64_epi64::<0x4e>(d[i]);
    }
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    for i in 0..8 {
        state[4 * i] = _mm256_permute4x64_epi64::<0x39>(a[i]);
        state[4 * i + 1] = b[i];
        state[4 * i + 2] = _mm256_permute4x64_epi64::<0x93>(c[i]);
        state[4 * i + 3] = _mm256_permute4x64_epi64::<0x4e>(d[i]);
    }
    // All columns at once, two in a register. A column's four words are the neighbours in two registers, one from each of
    // two rows, which stand side by side here.
    let place = |rows: usize, i: usize| 8 * rows + 4 * (i % 2) + i / 2;
    let columns = |rows: usize| -> [V; 8] { std::array::from_fn(|i| state[place(rows, i)]) };
    let (mut a, mut b, mut c, mut d) = (columns(0), columns(1), columns(2), columns(3));
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    (a, c, d) = (right(a), left(c), swap(d));
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    (a, c, d) = (left(a), right(c), swap(d));
    let words = [a, b, c, d];
    for rows in 0..4 {
        for i in 0..8 {
            state[place(rows, i)] = words[rows][i];
        }
    }
    for i in 0..32 {
        last[i] = _mm256_xor_si256(last[i], state[i]);
    }
    let target = &mut memory[current];
    if over {
        for i in 0..32 {
            last[i] = _mm256_xor_si256(last[i], target[i]);
        }
    }
    for i in 0..32 {
        target[i] = last[i];
    }
}

/// Moves each column's four words one place on, the last to the front.
#[inline]
#[target_feature(enable = "avx2")]
fn right(x: [V; 8]) -> [V; 8] {
    std::array::from_fn(|i| _mm256_alignr_epi8::<8>(x[i], x[i ^ 1]))
}

/// Moves each column's four words one place back, the first to the end.
#[inline]
#[target_feature(enable = "avx2")]
fn left(x: [V; 8]) -> [V; 8] {
    std::array::from_fn(|i| _mm256_alignr_epi8::<8>(x[i ^ 1], x[i]))
}

/// Moves each column's four words two places on.
fn swap(x: [V; 8]) -> [V; 8] {
    std::array::from_fn(|i| x[i ^ 1])
}

/// The function GB of RFC 9106, section 3.6, on the words of eight registers each, one operation at a time on all, so that
/// none waits for itself.
#[inline]
#[target_feature(enable = "avx2")]
fn quarter_rounds(a: &mut [V; 8], b: &mut [V; 8], c: &mut [V; 8], d: &mut [V; 8]) {
    // Bytes of a word, rotated to the right by 24 and by 16 bits.
    let by_24 = _mm256_setr_epi8(
        3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8,
        9, 10,
    );
    let by_16 = _mm256_setr_epi8(
        2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15,
        8, 9,
    );
    add_product(a, b);
    for i in 0..8 {
        d[i] = _mm256_shuffle_epi32::<0xb1>(_mm256_xor_si256(d[i], a[i]));
    }
    add_product(c, d);
    for i in 0..8 {
        b[i] = _mm256_shuffle_epi8(_mm256_xor_si256(b[i], c[i]), by_24);
    }
    add_product(a, b);
    for i in 0..8 {
        d[i] = _mm256_shuffle_epi8(_mm256_xor_si256(d[i], a[i]), by_16);
    }
    add_product(c, d);
    for i in 0..8 {
        let word = _mm256_xor_si256(b[i], c[i]);
        b[i] = _mm256_xor_si256(_mm256_srli_epi64::<63>(word), _mm256_add_epi64(word, word));
    }
}

/// Adds to each word of `x` that of `y`, and twice the product of their lower halves.
#[inline]
#[target_feature(enable = "avx2")]
fn add_product(x: &mut [V; 8], y: &[V; 8]) {
    for i in 0..8 {
        let product = _mm256_mul_epu32(x[i], y[i]);
        let sum = _mm256_add_epi64(x[i], y[i]);
        x[i] = _mm256_add_epi64(_mm256_add_epi64(product, product), sum);
    }
}
