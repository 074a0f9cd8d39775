//! The compression function with AVX-512: the whole block in sixteen registers.
//!
//! A block is a matrix of 8 rows with 16 words. Register `4 k + w` holds words `4 w` to `4 w + 3` of row `2 k`, then those of
//! row `2 k + 1`. So two rows, and later two columns, are permuted at once without moving a word between registers:
//! what a row's round calls a, b, c, d are the registers with `w` = 0, 1, 2, 3, and what a column's calls so those with `k` =
//! 0, 1, 2, 3.

#[allow(clippy::wildcard_imports, reason = "the intrinsics are one vocabulary")]
use std::arch::x86_64::*;

use super::fill::{Kernel, Step, Words};

/// Proof that the processor has AVX-512 (foundation).
#[derive(Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Looks at the processor; `None` where it lacks AVX-512.
    pub(super) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }
}

type V = __m512i;
type Block = [V; 16];

impl Kernel for Avx512 {
    type Block = Block;

    #[inline(always)]
    fn compress(self, last: &mut Block, memory: &mut [Block], step: Step) {
        // SAFETY: there is no value of this type on a processor without AVX-512.
        unsafe { compress(last, memory, step) }
    }

    fn block_of(self, words: &Words) -> Block {
        let mut ordered = [0; 128];
        for (to, from) in order() {
            ordered[to] = words[from];
        }
        bytemuck::cast(ordered)
    }

    fn words_of(self, block: &Block) -> Words {
        let ordered: Words = bytemuck::cast(*block);
        let mut words = [0; 128];
        for (from, to) in order() {
            words[to] = ordered[from];
        }
        words
    }
}

/// Pairs each word's place here with its place in the specification.
fn order() -> impl Iterator<Item = (usize, usize)> {
    (0..128).map(|here| {
        let (register, lane) = (here / 8, here % 8);
        let row = 2 * (register / 4) + lane / 4;
        (here, 16 * row + 4 * (register % 4) + lane % 4)
    })
}

#[inline]
#[target_feature(enable = "avx512f")]
#[allow(
    clippy::needless_range_loop,
    clippy::manual_memcpy,
    reason = "an iterator over arrays of registers copies them to memory and back, which takes as long as the rest"
)]
fn compress(last: &mut Block, memory: &mut [Block], Step { reference, current, over }: Step) {
    let reference = &memory[reference];
    for (word, other) in last.iter_mut().zip(reference) {
        *word = _mm512_xor_si512(*word, *other);
    }
    let mixed = *last;
    let words = |w: usize| -> [V; 4] { std::array::from_fn(|k| mixed[4 * k + w]) };
    let (mut a, mut b, mut c, mut d) = (words(0), words(1), words(2), words(3));
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    // Rows: a word moves within its half of a register. The b are the last to be ready, so they stay where they are.
    for i in 0..4 {
        a[i] = _mm512_permutex_epi64::<0x93>(a[i]);
        c[i] = _mm512_permutex_epi64::<0x39>(c[i]);
        d[i] = _mm512_permutex_epi64::<0x4e>(d[i]);
    }
    quarter_rounds(&mut a, &mut b, &mut c, &mut d);
    for i in 0..4 {
        a[i] = _mm512_permutex_epi64::<0x39>(a[i]);
        c[i] = _mm512_permutex_epi64::<0x93>(c[i]);
        d[i] = _mm512_permutex_epi64::<0x4e>(d[i]);
    }
    // Columns: the same registers under other names. A column's four words are two neighbours in each half.
    let [mut p, mut q, mut r, mut s] = [
        [a[0], b[0], c[0], d[0]],
        [a[1], b[1], c[1], d[1]],
        [a[2], b[2], c[2], d[2]],
        [a[3], b[3], c[3], d[3]],
    ];
    let left = _mm512_setr_epi64(1, 4, 3, 6, 5, 0, 7, 2);
    let right = _mm512_setr_epi64(5, 0, 7, 2, 1, 4, 3, 6);
    quarter_rounds(&mut p, &mut q, &mut r, &mut s);
    for i in 0..4 {
        p[i] = _mm512_permutexvar_epi64(right, p[i]);
        r[i] = _mm512_permutexvar_epi64(left, r[i]);
        s[i] = _mm512_shuffle_i64x2::<0x4e>(s[i], s[i]);
    }
    quarter_rounds(&mut p, &mut q, &mut r, &mut s);
    for i in 0..4 {
        p[i] = _mm512_permutexvar_epi64(left, p[i]);
        r[i] = _mm512_permutexvar_epi64(right, r[i]);
        s[i] = _mm512_shuffle_i64x2::<0x4e>(s[i], s[i]);
    }
    let permuted = [p, q, r, s];
    for i in 0..16 {
        last[i] = _mm512_xor_si512(last[i], permuted[i / 4][i % 4]);
    }
    let target = &mut memory[current];
    if over {
        for i in 0..16 {
            last[i] = _mm512_xor_si512(last[i], target[i]);
        }
    }
    for i in 0..16 {
        target[i] = last[i];
    }
}

/// The function GB of RFC 9106, section 3.6, on the words of four registers each, one operation at a time on all, so that
/// none waits for itself.
#[inline]
#[target_feature(enable = "avx512f")]
fn quarter_rounds(a: &mut [V; 4], b: &mut [V; 4], c: &mut [V; 4], d: &mut [V; 4]) {
    half::<32, 24>(a, b, c, d);
    half::<16, 63>(a, b, c, d);
}

#[inline]
#[target_feature(enable = "avx512f")]
fn half<const FIRST: i32, const SECOND: i32>(a: &mut [V; 4], b: &mut [V; 4], c: &mut [V; 4], d: &mut [V; 4]) {
    add_product(a, b);
    for i in 0..4 {
        d[i] = _mm512_ror_epi64::<FIRST>(_mm512_xor_si512(d[i], a[i]));
    }
    add_product(c, d);
    for i in 0..4 {
        b[i] = _mm512_ror_epi64::<SECOND>(_mm512_xor_si512(b[i], c[i]));
    }
}

/// Adds to each word of `x` that of `y`, and twice the product of their lower halves.
#[inline]
#[target_feature(enable = "avx512f")]
fn add_product(x: &mut [V; 4], y: &[V; 4]) {
    for i in 0..4 {
        let product = _mm512_mul_epu32(x[i], y[i]);
        let sum = _mm512_add_epi64(x[i], y[i]);
        x[i] = _mm512_add_epi64(_mm512_add_epi64(product, product), sum);
    }
}
