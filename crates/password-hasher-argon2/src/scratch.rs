//! A worker's block memory.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use argon2_engine::{Memory, OutOfMemory};

/// The block memory of one worker: reserved and touched once, reused for every evaluation of current cost.
pub(crate) struct Scratch {
    own: Memory,
    oversize: Arc<Oversize>,
}

impl Scratch {
    /// Reserves memory for `blocks` blocks of 1 KiB, which costs nothing resident yet.
    pub(crate) fn new(blocks: usize, oversize: Arc<Oversize>) -> Result<Self, OutOfMemory> {
        Ok(Self { own: Memory::new(blocks)?, oversize })
    }

    /// Takes the memory from the system, so that the first evaluation is as fast as all others.
    pub(crate) fn touch(&mut self) {
        self.own.touch();
    }

    /// Lends memory of at least `blocks` blocks. More than the worker has is allocated for this one evaluation, within
    /// the bound that all workers share; it may wait for another worker's larger evaluation to end.
    pub(crate) fn lend<T>(
        &mut self,
        blocks: usize,
        use_it: impl FnOnce(&mut Memory) -> T,
    ) -> Result<T, OutOfMemory> {
        if blocks <= self.own.blocks() {
            return Ok(use_it(&mut self.own));
        }
        let _share = self.oversize.take(blocks)?;
        Ok(use_it(&mut Memory::new(blocks)?))
    }
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
        assert_eq!(scratch.lend(8, |memory| memory.blocks()).unwrap(), 8);
        assert_eq!(scratch.lend(64, |memory| memory.blocks()).unwrap(), 64);
        assert_eq!(scratch.own.blocks(), 8);
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
