//! The block memory of one evaluation at a time.

use bytemuck::Pod;
use memmap2::{MmapMut, MmapOptions};

const BLOCK_BYTES: usize = 1_024;
/// A huge page on x86-64, and on AArch64 with pages of 4 KiB.
const HUGE_PAGE_BYTES: usize = 2 << 20;

/// No memory for an evaluation.
#[derive(Debug, thiserror::Error)]
#[error("no memory for an evaluation")]
pub struct OutOfMemory;

/// The block memory of one evaluation at a time, made to be used again.
///
/// Asks the system for huge pages where it gives them: Argon2 jumps about in its memory, and walking page tables
/// for every jump costs it some percent of its time. Costs nothing resident until it is [touched](Self::touch) or used.
/// Not wiped between evaluations: no password can be read from the blocks of one.
pub struct Memory {
    map: MmapMut,
    start: usize,
    bytes: usize,
}

impl Memory {
    /// Reserves `kib` KiB, rounded up to at least one block of 1 KiB.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`] where the system has no such room.
    pub fn new(kib: usize) -> Result<Self, OutOfMemory> {
        let bytes = kib.max(1).checked_mul(BLOCK_BYTES).ok_or(OutOfMemory)?;
        // Room to begin at the bound of a huge page; what is never touched costs nothing.
        let length = bytes.checked_add(HUGE_PAGE_BYTES).ok_or(OutOfMemory)?;
        let map = MmapOptions::new().len(length).map_anon().map_err(|_| OutOfMemory)?;
        let start = map.as_ptr().addr().wrapping_neg() % HUGE_PAGE_BYTES;
        // The tail has no huge page, which would hold more memory than was asked for.
        let huge = bytes - bytes % HUGE_PAGE_BYTES;
        #[cfg(target_os = "linux")]
        if huge > 0 {
            // A system without huge pages refuses and works nevertheless.
            let _ = map.advise_range(memmap2::Advice::HugePage, start, huge);
        }
        Ok(Self { map, start, bytes })
    }

    /// Writes all of the memory once, so that no later evaluation waits for the system to provide it.
    pub fn touch(&mut self) {
        self.map[self.start..self.start + self.bytes].fill(0);
    }

    /// Returns how many blocks of 1 KiB there are.
    pub fn blocks(&self) -> usize {
        self.bytes / BLOCK_BYTES
    }

    /// Returns the first `count` blocks; `None` where there are fewer.
    pub(crate) fn first<B: Pod>(&mut self, count: usize) -> Option<&mut [B]> {
        const { assert!(size_of::<B>() == BLOCK_BYTES) };
        let bytes = &mut self.map[self.start..self.start + self.bytes];
        // Begins at the bound of a huge page, so it is aligned for every block.
        bytemuck::cast_slice_mut(bytes).get_mut(..count)
    }

    /// Returns the first `count` blocks as RustCrypto's type; `None` where there are fewer.
    pub(crate) fn first_for_reference(&mut self, count: usize) -> Option<&mut [argon2::Block]> {
        const { assert!(size_of::<argon2::Block>() == BLOCK_BYTES) };
        const { assert!(align_of::<argon2::Block>() <= HUGE_PAGE_BYTES) };
        let words = self.first::<[u64; 128]>(count)?;
        // SAFETY: the block is one array of 128 words and nothing else (its size, asserted above, leaves no room), so
        // every value of the words is a block; they are aligned for it, and borrowed for as long as the result.
        Some(unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), words.len()) })
    }
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").field("blocks", &self.blocks()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_blocks_as_were_asked_for() {
        for kib in [1, 8, 2_047, 2_048, 2_049, 19_456] {
            let mut memory = Memory::new(kib).unwrap();
            memory.touch();
            assert_eq!(memory.blocks(), kib);
            assert_eq!(memory.first::<[u64; 128]>(kib).unwrap().len(), kib);
            assert!(memory.first_for_reference(kib + 1).is_none());
        }
    }

    #[test]
    fn more_than_any_machine_has_is_refused() {
        assert!(Memory::new(usize::MAX).is_err());
        assert!(Memory::new(usize::MAX / BLOCK_BYTES).is_err());
    }
}
