//! A fixed set of threads behind one bounded first-in-first-out queue.
//!
//! The pool knows nothing of passwords: a job is a closure that gets its worker's own state.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use password_domain::ports::{HashError, Lane};
use tokio::sync::oneshot;

use crate::config::ConfigError;

/// The longest wait that a refused caller is told.
const MOST_RETRY_SECONDS: u64 = 60;

/// Something went wrong that no caller can do anything about.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PoolError {
    #[error("a hashing job panicked")]
    Panicked,
    #[error("the hasher was shut down")]
    ShutDown,
    #[error("the caller has gone")]
    Abandoned,
}

impl From<PoolError> for HashError {
    fn from(error: PoolError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

/// Threads that own a `W` each.
///
/// Dropping the pool lets running jobs end, abandons waiting ones and joins the threads.
pub(crate) struct Pool<W> {
    shared: Arc<Shared<W>>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared<W> {
    state: Mutex<State<W>>,
    wake: Condvar,
    workers: usize,
    capacity: usize,
    reserved: usize,
}

struct State<W> {
    waiting: VecDeque<Box<dyn Job<W>>>,
    /// How long a job takes, as a moving average.
    usual: Duration,
    closing: bool,
}

trait Job<W>: Send {
    fn is_abandoned(&self) -> bool;
    fn run(self: Box<Self>, worker: &mut W);
}

/// Who waits for a job's answer.
pub(crate) struct Caller<'a>(&'a dyn Fn() -> bool);

impl Caller<'_> {
    /// Stops a job of several steps where nobody waits for its answer any more.
    pub(crate) fn still_waits(&self) -> Result<(), HashError> {
        if (self.0)() { Err(PoolError::Abandoned.into()) } else { Ok(()) }
    }
}

struct Task<T, F> {
    work: F,
    answer: oneshot::Sender<Result<T, HashError>>,
}

impl<W, T, F> Job<W> for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(self: Box<Self>, worker: &mut W) {
        let Self { work, answer } = *self;
        // A worker's state is scratch memory, which no panic can leave in a shape that matters.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(worker, &Caller(&|| answer.is_closed()))));
        let outcome = outcome.unwrap_or_else(|_| {
            tracing::error!("a hashing job panicked");
            Err(PoolError::Panicked.into())
        });
        // The caller may have gone meanwhile.
        let _ = answer.send(outcome);
    }
}

impl<W: Send + 'static> Pool<W> {
    /// Starts one thread for each state, which it prepares first.
    pub(crate) fn new(
        states: Vec<W>,
        prepare: fn(&mut W),
        capacity: usize,
        reserved: usize,
    ) -> Result<Self, ConfigError> {
        let state = State { waiting: VecDeque::new(), usual: Duration::ZERO, closing: false };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            wake: Condvar::new(),
            workers: states.len().max(1),
            capacity,
            reserved,
        });
        let mut pool = Self { shared, threads: Vec::new() };
        for (number, mut state) in states.into_iter().enumerate() {
            let shared = Arc::clone(&pool.shared);
            let thread = std::thread::Builder::new()
                .name(format!("hasher-{number}"))
                .spawn(move || {
                    prepare(&mut state);
                    shared.work(state);
                })
                .map_err(ConfigError::Thread)?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// Returns the number of jobs that wait for a worker.
    pub(crate) fn waiting(&self) -> usize {
        self.shared.lock().waiting.len()
    }

    /// Runs a job on a worker and returns its answer. Where the returned future is dropped before a worker took the
    /// job, the job never runs.
    pub(crate) async fn run<T, F>(&self, lane: Lane, work: F) -> Result<T, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send + 'static,
    {
        let outcome = self.start(lane, work)?;
        outcome.await.unwrap_or_else(|_| Err(PoolError::ShutDown.into()))
    }

    fn start<T, F>(&self, lane: Lane, work: F) -> Result<oneshot::Receiver<Result<T, HashError>>, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send + 'static,
    {
        let (answer, outcome) = oneshot::channel();
        self.shared.enqueue(lane, Box::new(Task { work, answer }))?;
        Ok(outcome)
    }
}

impl<W> Drop for Pool<W> {
    fn drop(&mut self) {
        let abandoned = {
            let mut state = self.shared.lock();
            state.closing = true;
            std::mem::take(&mut state.waiting)
        };
        self.shared.wake.notify_all();
        drop(abandoned);
        for thread in self.threads.drain(..) {
            // Jobs cannot unwind out of their thread, so there is nothing to learn from the result.
            let _ = thread.join();
        }
    }
}

impl<W> Shared<W> {
    // No job runs under the lock, so a poisoned one guards a whole state nevertheless.
    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enqueue(&self, lane: Lane, job: Box<dyn Job<W>>) -> Result<(), HashError> {
        let room = match lane {
            Lane::Stranger => self.capacity - self.reserved,
            Lane::Proved => self.capacity,
        };
        let mut state = self.lock();
        if state.waiting.len() >= room {
            // Those who left must not keep others out.
            state.waiting.retain(|job| !job.is_abandoned());
        }
        if state.waiting.len() >= room {
            return Err(HashError::Overloaded { retry_after: self.retry_after(&state) });
        }
        state.waiting.push_back(job);
        drop(state);
        self.wake.notify_one();
        Ok(())
    }

    /// Returns the time that the queue takes to empty, in whole seconds.
    fn retry_after(&self, state: &State<W>) -> Duration {
        let rounds = state.waiting.len().div_ceil(self.workers);
        let wait = state.usual.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX));
        Duration::from_secs(wait.as_millis().div_ceil(1_000).clamp(1, u128::from(MOST_RETRY_SECONDS)) as u64)
    }

    fn next(&self) -> Option<Box<dyn Job<W>>> {
        let mut state = self
            .wake
            .wait_while(self.lock(), |state| state.waiting.is_empty() && !state.closing)
            .unwrap_or_else(PoisonError::into_inner);
        state.waiting.pop_front()
    }

    fn work(&self, mut worker: W) {
        while let Some(job) = self.next() {
            if job.is_abandoned() {
                continue;
            }
            let started = Instant::now();
            job.run(&mut worker);
            let took = started.elapsed();
            let mut state = self.lock();
            state.usual = if state.usual.is_zero() { took } else { (state.usual * 7 + took) / 8 };
        }
    }
}

#[cfg(test)]
mod tests;
