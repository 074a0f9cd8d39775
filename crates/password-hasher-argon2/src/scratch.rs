//! A worker's block memory.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use argon2::Block;

/// No memory for an evaluation.
#[derive(Debug, thiserror::Error)]
#[error("no memory for an evaluation")]
pub(crate) struct OutOfMemory;

/// The block memory of one worker: allocated and touched once, reused for every evaluation of current cost.
pub(crate) struct Scratch {
    own: Vec<Block>,
    oversize: Arc<Oversize>,
}

impl Scratch {
    /// Allocates memory for `blocks` blocks of 1 KiB.
    pub(crate) fn new(blocks: usize, oversize: Arc<Oversize>) -> Result<Self, OutOfMemory> {
        Ok(Self { own: allocate(blocks)?, oversize })
    }

    /// Lends memory of at least `blocks` blocks. More than the worker has is allocated for this one evaluation, within
    /// the bound that all workers share; it may wait for another worker's larger evaluation to end.
    pub(crate) fn lend<T>(
        &mut self,
        blocks: usize,
        use_it: impl FnOnce(&mut [Block]) -> T,
    ) -> Result<T, OutOfMemory> {
        if blocks <= self.own.len() {
            return Ok(use_it(&mut self.own));
        }
        let _share = self.oversize.take(blocks)?;
        Ok(use_it(&mut allocate(blocks)?))
    }
}

fn allocate(blocks: usize) -> Result<Vec<Block>, OutOfMemory> {
    let mut memory = Vec::new();
    memory.try_reserve_exact(blocks).map_err(|_| OutOfMemory)?;
    memory.resize(blocks, Block::new());
    Ok(memory)
}

/// The blocks that evaluations of larger cost may hold together.
pub(crate) struct Oversize {
    most: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

impl Oversize {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, free: Mutex::new(most), freed: Condvar::new() }
    }

    fn take(&self, blocks: usize) -> Result<Share<'_>, OutOfMemory> {
        if blocks > self.most {
            return Err(OutOfMemory);
        }
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free =
            self.freed.wait_while(free, |free| *free < blocks).unwrap_or_else(PoisonError::into_inner);
        *free -= blocks;
        Ok(Share { of: self, blocks })
    }
}

struct Share<'a> {
    of: &'a Oversize,
    blocks: usize,
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        *self.of.free.lock().unwrap_or_else(PoisonError::into_inner) += self.blocks;
        self.of.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn larger_memory_is_lent_for_one_evaluation() {
        let oversize = Arc::new(Oversize::new(64));
        let mut scratch = Scratch::new(8, Arc::clone(&oversize)).unwrap();
        assert_eq!(scratch.lend(8, |blocks| blocks.len()).unwrap(), 8);
        assert_eq!(scratch.lend(64, |blocks| blocks.len()).unwrap(), 64);
        assert_eq!(scratch.own.len(), 8);
        assert_eq!(*oversize.free.lock().unwrap(), 64);
    }

    #[test]
    fn more_than_the_bound_is_never_lent() {
        let mut scratch = Scratch::new(8, Arc::new(Oversize::new(64))).unwrap();
        assert!(scratch.lend(65, |_| ()).is_err());
    }

    #[test]
    fn the_bound_holds_for_all_workers_together() {
        let oversize = Arc::new(Oversize::new(64));
        let share = oversize.take(40).unwrap();
        let (done, waiting) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _share = oversize.take(40).unwrap();
                done.send(*oversize.free.lock().unwrap()).unwrap();
            });
            assert!(waiting.try_recv().is_err());
            drop(share);
            assert_eq!(waiting.recv().unwrap(), 24);
        });
    }

    #[test]
    fn a_panic_gives_its_share_back() {
        let oversize = Arc::new(Oversize::new(64));
        let mut scratch = Scratch::new(8, Arc::clone(&oversize)).unwrap();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            scratch.lend(64, |_| panic!("on purpose"))
        }));
        assert!(outcome.is_err());
        assert_eq!(*oversize.free.lock().unwrap(), 64);
    }
}
