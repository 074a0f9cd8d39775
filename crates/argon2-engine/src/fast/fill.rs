//! The order in which Argon2 fills its memory (RFC 9106, section 3.4), for any kernel.

use argon2::{Algorithm, Version};
use bytemuck::Pod;

use crate::Input;

/// Slices of a pass, between which lanes wait for each other.
const SLICES: usize = 4;
/// How many positions one address block holds.
const ADDRESSES: usize = 128;
/// How many steps before a block is read it is asked for, where that can be known.
const AHEAD: usize = 2;

/// A block as words, in the order of the specification.
pub(super) type Words = [u64; 128];

/// An implementation of Argon2's compression function G, and the shape in which it keeps blocks.
pub(super) trait Kernel: Copy {
    /// A block in the kernel's own order of words; its first word is the specification's first word.
    type Block: Pod;

    /// Makes `last` the block after it and writes that to `step.current`.
    fn compress(self, last: &mut Self::Block, memory: &mut [Self::Block], step: Step);

    /// Brings a block into the kernel's order.
    fn block_of(self, words: &Words) -> Self::Block;

    /// Brings a block into the order of the specification.
    fn words_of(self, block: &Self::Block) -> Words;
}

/// What one step reads beside the block before, and what it writes.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) reference: usize,
    pub(super) current: usize,
    /// Keeps what the block held before, by exclusive or.
    pub(super) over: bool,
}

/// The numbers that decide the order of steps.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    algorithm: Algorithm,
    version: Version,
    passes: usize,
    lanes: usize,
    lane_length: usize,
    segment_length: usize,
}

impl Shape {
    /// Reads the shape from costs that were checked.
    pub(super) fn of(input: &Input<'_>) -> Self {
        let lanes = input.costs.parallelism as usize;
        let segment_length = input.costs.memory_kib as usize / (SLICES * lanes);
        Self {
            algorithm: input.algorithm,
            version: input.version,
            passes: input.costs.iterations as usize,
            lanes,
            lane_length: segment_length * SLICES,
            segment_length,
        }
    }

    /// Returns how many blocks are used, which may be a few less than were asked for.
    pub(super) fn blocks(&self) -> usize {
        self.lanes * self.lane_length
    }

    pub(super) fn lanes(&self) -> usize {
        self.lanes
    }

    pub(super) fn lane_length(&self) -> usize {
        self.lane_length
    }

    fn is_independent(&self, pass: usize, slice: usize) -> bool {
        match self.algorithm {
            Algorithm::Argon2d => false,
            Algorithm::Argon2i => true,
            Algorithm::Argon2id => pass == 0 && slice < SLICES / 2,
        }
    }
}

/// Fills a memory whose first two blocks of each lane are there.
pub(super) fn fill<K: Kernel>(kernel: K, memory: &mut [K::Block], shape: Shape) {
    for pass in 0..shape.passes {
        for slice in 0..SLICES {
            for lane in 0..shape.lanes {
                fill_segment(kernel, memory, &Segment { shape, pass, slice, lane });
            }
        }
    }
}

fn fill_segment<K: Kernel>(kernel: K, memory: &mut [K::Block], segment: &Segment) {
    let &Segment { shape: Shape { lane_length, segment_length, version, .. }, pass, slice, lane } = segment;
    let over = pass > 0 && version == Version::V0x13;
    let start = lane * lane_length + slice * segment_length;
    let first = if pass == 0 && slice == 0 { 2 } else { 0 };
    let before = if slice == 0 && first == 0 { start + lane_length - 1 } else { start + first - 1 };
    let mut last = memory[before];
    let mut addresses = segment.shape.is_independent(pass, slice).then(|| Addresses::new(segment));
    for index in first..segment_length {
        let reference = match &mut addresses {
            Some(addresses) => {
                let reference = segment.reference(index, addresses.at(kernel, index));
                let ahead = index + AHEAD;
                if ahead < segment_length
                    && let Some(random) = addresses.there(ahead)
                {
                    prefetch(&memory[segment.reference(ahead, random)]);
                }
                reference
            }
            None => segment.reference(index, first_word(&last)),
        };
        kernel.compress(&mut last, memory, Step { reference, current: start + index, over });
    }
}

/// Returns a block's first word, which every kernel keeps first.
#[inline(always)]
fn first_word<B: Pod>(block: &B) -> u64 {
    bytemuck::cast_slice(std::slice::from_ref(block))[0]
}

/// Asks for a block's cache lines.
#[inline(always)]
fn prefetch<B: Pod>(block: &B) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    for line in bytemuck::bytes_of(block).chunks_exact(64) {
        // SAFETY: every x86-64 processor has this instruction, which changes nothing that a program can see.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) }
    }
}

struct Segment {
    shape: Shape,
    pass: usize,
    slice: usize,
    lane: usize,
}

impl Segment {
    /// Maps a pseudo-random word to the block that is read (RFC 9106, section 3.4.1.3).
    #[inline(always)]
    fn reference(&self, index: usize, random: u64) -> usize {
        let Self { shape: Shape { lanes, lane_length, segment_length, .. }, pass, slice, lane } = *self;
        // The next block waits for this, a division is slow, and most hashes have one lane.
        let from = match lanes {
            1 => 0,
            _ if pass == 0 && slice == 0 => lane,
            _ => (random >> 32) as usize % lanes,
        };
        let finished = if pass == 0 { slice * segment_length } else { lane_length - segment_length };
        let area = if from == lane { finished + index - 1 } else { finished - usize::from(index == 0) };
        let low = random & u64::from(u32::MAX);
        let back = (area as u64 * ((low * low) >> 32)) >> 32;
        let position = area - 1 - back as usize;
        let start = if pass == 0 || slice == SLICES - 1 { 0 } else { (slice + 1) * segment_length };
        let wrapped = start + position;
        from * lane_length + if wrapped >= lane_length { wrapped - lane_length } else { wrapped }
    }
}

/// Positions that do not depend on the password, made 128 at a time (RFC 9106, section 3.4.1.2).
struct Addresses {
    input: Words,
    words: Words,
    /// Which 128 are there.
    made: Option<usize>,
}

impl Addresses {
    fn new(segment: &Segment) -> Self {
        let Segment { shape, pass, slice, lane } = segment;
        let mut input = [0; 128];
        let known = [*pass, *lane, *slice, shape.blocks(), shape.passes, shape.algorithm as usize];
        for (word, known) in input.iter_mut().zip(known) {
            *word = known as u64;
        }
        Self { input, words: [0; 128], made: None }
    }

    /// Returns the random word of a step.
    #[inline(always)]
    fn at<K: Kernel>(&mut self, kernel: K, index: usize) -> u64 {
        if self.made != Some(index / ADDRESSES) {
            self.make(kernel, index / ADDRESSES);
        }
        self.words[index % ADDRESSES]
    }

    /// Returns the random word of a later step, where it is there already.
    #[inline(always)]
    fn there(&self, index: usize) -> Option<u64> {
        (self.made == Some(index / ADDRESSES)).then(|| self.words[index % ADDRESSES])
    }

    #[inline(never)]
    fn make<K: Kernel>(&mut self, kernel: K, number: usize) {
        self.input[6] = number as u64 + 1;
        let zero = kernel.block_of(&[0; 128]);
        let mut scratch = [kernel.block_of(&self.input), zero, zero];
        for (reference, current) in [(0, 1), (1, 2)] {
            kernel.compress(&mut zero.clone(), &mut scratch, Step { reference, current, over: false });
        }
        self.words = kernel.words_of(&scratch[2]);
        self.made = Some(number);
    }
}
