//! A fixed set of threads behind one bounded first-in-first-out queue.
//!
//! The pool knows nothing of passwords: a job is a closure that gets its worker's own state.
//!
//! Giving an answer wakes whoever goes on with it, and what they need is no longer in the processor's caches: a job has
//! been through all of them. So while others wait for every worker, a few answers are given together.

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

/// The most answers that are given together, and about how long one is held for that: a time that nobody notices who
/// stood in a queue. Of eight clients at two workers, four leave two at work and two that wait.
const MOST_TOGETHER: u32 = 4;
const LONGEST_HOLD: Duration = Duration::from_millis(10);

/// How long a job takes, as far as it is known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// About as long as most others.
    Usual,
    /// As long as a foreign hash, or several, may take.
    Unknown,
}

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
    /// Those whose answers are still to be given.
    finished: Vec<Box<dyn Job<W>>>,
    /// How long a job takes, as a moving average.
    usual: Duration,
    closing: bool,
}

trait Job<W>: Send {
    fn is_abandoned(&self) -> bool;
    fn length(&self) -> Length;
    fn run(&mut self, worker: &mut W);
    fn answer(self: Box<Self>);
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
    length: Length,
    /// Until it is run.
    work: Option<F>,
    /// From then on.
    outcome: Option<Result<T, HashError>>,
    caller: oneshot::Sender<Result<T, HashError>>,
}

impl<W, T, F> Job<W> for Task<T, F>
where
    T: Send,
    F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn length(&self) -> Length {
        self.length
    }

    fn run(&mut self, worker: &mut W) {
        let Some(work) = self.work.take() else { return };
        let caller = &self.caller;
        // A worker's state is scratch memory, which no panic can leave in a shape that matters.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(worker, &Caller(&|| caller.is_closed()))));
        self.outcome = Some(outcome.unwrap_or_else(|_| {
            tracing::error!("a hashing job panicked");
            Err(PoolError::Panicked.into())
        }));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // The caller may have gone meanwhile.
            let _ = self.caller.send(outcome);
        }
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
        let state = State::new(Duration::ZERO);
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
    pub(crate) async fn run<T, F>(&self, lane: Lane, length: Length, work: F) -> Result<T, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send + 'static,
    {
        let outcome = self.start(lane, length, work)?;
        outcome.await.unwrap_or_else(|_| Err(PoolError::ShutDown.into()))
    }

    fn start<T, F>(
        &self,
        lane: Lane,
        length: Length,
        work: F,
    ) -> Result<oneshot::Receiver<Result<T, HashError>>, HashError>
    where
        T: Send + 'static,
        F: FnOnce(&mut W, &Caller<'_>) -> Result<T, HashError> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        self.shared.enqueue(lane, Box::new(Task { length, work: Some(work), outcome: None, caller }))?;
        Ok(answer)
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

impl<W> State<W> {
    fn new(usual: Duration) -> Self {
        Self { waiting: VecDeque::new(), finished: Vec::new(), usual, closing: false }
    }

    fn finish(&mut self, job: Box<dyn Job<W>>, took: Duration) {
        self.usual = if self.usual.is_zero() { took } else { (self.usual * 7 + took) / 8 };
        self.finished.push(job);
    }

    /// Takes the job that waited longest, and drops those before it that nobody waits for.
    fn take(&mut self) -> Option<Box<dyn Job<W>>> {
        while let Some(job) = self.waiting.pop_front() {
            if !job.is_abandoned() {
                return Some(job);
            }
        }
        None
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

    /// Tells whether the answers that are there may wait for further ones, while a worker does this job `next`.
    fn may_hold(&self, state: &State<W>, next: &dyn Job<W>) -> bool {
        let workers = u32::try_from(self.workers).unwrap_or(u32::MAX);
        let within_the_hold = LONGEST_HOLD.saturating_mul(workers).as_nanos() / state.usual.as_nanos().max(1);
        let most = within_the_hold.saturating_add(1).min(u128::from(MOST_TOGETHER));
        // Every worker has its next job, so nobody idles who could do what the held ones ask for next.
        next.length() == Length::Usual
            && state.waiting.len() + 1 >= self.workers
            && (state.finished.len() as u128) < most
    }

    /// Waits for the next job; `None` where the pool closes. Gives the answers that are there, or holds them for a while.
    fn next<'a>(&'a self, mut state: MutexGuard<'a, State<W>>) -> Option<Box<dyn Job<W>>> {
        loop {
            let next = state.take();
            let hold = next.as_deref().is_some_and(|next| self.may_hold(&state, next));
            if !hold && !state.finished.is_empty() {
                let finished = std::mem::take(&mut state.finished);
                drop(state);
                finished.into_iter().for_each(|job| job.answer());
                if next.is_some() {
                    return next;
                }
                state = self.lock();
            } else if next.is_some() {
                return next;
            } else if state.closing {
                return None;
            } else {
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn work(&self, mut worker: W) {
        let mut state = self.lock();
        while let Some(mut job) = self.next(state) {
            let started = Instant::now();
            job.run(&mut worker);
            let took = started.elapsed();
            state = self.lock();
            state.finish(job, took);
        }
    }
}

#[cfg(test)]
mod tests;
