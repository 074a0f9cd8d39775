//! Runs units of work: one closure on one connection on one blocking thread, whoever waits for it. A short look may be
//! taken on the caller's own thread instead, where nothing is left half done by whoever goes away.
//!
//! A handler's runtime may be single-threaded, may drop the call at any await, and may end before the work does. So the
//! work belongs to a runtime of the store's own: once begun it commits or rolls back, and its connection is back in
//! the pool only then.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use deadpool::managed::{Manager, Object, Pool, PoolError, QueueMode};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::oneshot;

use self::together::{Answered, Told};
pub(crate) use self::together::{Together, only};
use crate::error::Failure;

mod together;

/// The most times that one unit of work is begun, where it keeps losing races.
const MOST_TRIES: u32 = 10;

/// A runtime that ends without waiting for anybody.
pub(crate) struct Engine(Option<Runtime>);

impl Engine {
    pub(crate) fn start(name: &str) -> std::io::Result<Self> {
        // One worker drives timers; work is done on blocking threads, as many as there are connections.
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(name)
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    /// A runtime that only runs while somebody blocks on it.
    pub(crate) fn without_workers() -> std::io::Result<Self> {
        tokio::runtime::Builder::new_current_thread().enable_all().build().map(|runtime| Self(Some(runtime)))
    }

    pub(crate) fn runtime(&self) -> Option<&Runtime> {
        self.0.as_ref()
    }

    pub(crate) fn handle(&self) -> Option<Handle> {
        self.0.as_ref().map(|runtime| runtime.handle().clone())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A plain drop waits for its threads, which panics inside an async context.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Makes connections of one kind.
pub(crate) trait Connects: Manager<Error = Failure> {
    /// Tells whether a connection that lay idle is still good. May block for a moment.
    fn is_alive(_connection: &mut Self::Type) -> bool {
        true
    }
}

/// Connections of one kind, and the way to work with one.
pub(crate) struct Lane<M: Manager> {
    pool: Pool<M>,
    runtime: Handle,
    /// How long work may wait for a connection, and how long it is tried again.
    patience: Duration,
    /// How long a caller waits for an answer at all.
    answer_within: Duration,
}

impl<M> Lane<M>
where
    M: Connects + 'static,
    M::Type: Send + 'static,
{
    /// `deadline` is how long the database itself may take for one statement, after which it gives up.
    pub(crate) fn new(
        manager: M,
        size: usize,
        patience: Duration,
        deadline: Duration,
        runtime: Handle,
    ) -> Result<Self, String> {
        let pool = Pool::builder(manager)
            .max_size(size.max(1))
            // The connection that was used last still has its pages at hand.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .recycle_timeout(Some(patience))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { pool, runtime, patience, answer_within: patience + deadline })
    }

    /// Runs `work` to its end. It is begun again where it lost a race, so it must have no effects but on its
    /// connection.
    pub(crate) async fn run<T, F>(&self, mut work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnMut(&mut M::Type) -> Result<T, Failure> + Send + 'static,
    {
        let connection = self.connection().await?;
        let (reply, answer) = oneshot::channel();
        let (pool, runtime, patience) = (self.pool.clone(), self.runtime.clone(), self.patience);
        self.runtime.spawn_blocking(move || {
            let outcome = guarded(connection, |c| {
                if restored::<M>(c, &pool, &runtime)? && reply.is_closed() {
                    // Whoever asked was told that nothing happened, as far as that can be told.
                    return Err(Failure::Unreachable("the connection came back too late".into()));
                }
                retrying(c, patience, &mut work)
            });
            // Whoever asked may have gone away.
            let _ = reply.send(outcome);
        });
        self.patiently(answer).await?
    }

    /// Answers a question together with those of its kind that are asked before a thread has a connection for them. Where
    /// that fails and nothing of it is left, each is asked by itself.
    pub(crate) async fn ask<Q, A>(&self, kind: &Together<M::Type, Q, A>, question: Q) -> Result<A, Failure>
    where
        Q: Send + 'static,
        A: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if let Some(turn) = kind.push(question, reply) {
            let (pool, runtime) = (self.pool.clone(), self.runtime.clone());
            // Not the caller's to wait for a connection: it may go away, and the others still wait.
            self.runtime.spawn_blocking(move || {
                let connection = runtime.block_on(pool.get()).map_err(unreachable);
                let whole = connection.and_then(|mut c| restored::<M>(&mut c, &pool, &runtime).map(|_| c));
                let answered = match whole {
                    Ok(connection) => guarded(connection, |c| Ok(turn.answer(c, M::is_alive))),
                    Err(failure) => Ok(turn.refuse(failure)),
                };
                // Nothing after a panic; then whoever asked hears that nobody is left to answer.
                answered.into_iter().for_each(Answered::tell);
            });
        }
        match self.patiently(answer).await? {
            Told::Answer(outcome) => outcome,
            Told::Alone(question) => self.run(kind.alone(question)).await,
        }
    }

    /// Waits for what a thread has to say.
    async fn patiently<T>(&self, answer: oneshot::Receiver<T>) -> Result<T, Failure> {
        // A database that is frozen, and not down, keeps no deadline of its own. Its connection comes back when it does.
        let silence = {
            let _timers = self.runtime.enter();
            tokio::time::sleep(self.answer_within)
        };
        tokio::select! {
            biased;
            answer = answer => answer.map_err(|_| Failure::Unreachable("the work was dropped".into())),
            () = silence => Err(Failure::Unreachable("the database does not answer".into())),
        }
    }

    /// Runs `work` once, on the caller's own thread: for what takes some ten microseconds, less than waking another
    /// thread and being woken by it.
    pub(crate) async fn run_here<T>(
        &self,
        work: impl FnOnce(&mut M::Type) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        guarded(self.connection().await?, work)
    }

    async fn connection(&self) -> Result<Object<M>, Failure> {
        Within { runtime: &self.runtime, future: pin!(self.pool.get()) }.await.map_err(unreachable)
    }

    /// Closes the lane; waits a while for work that was begun.
    pub(crate) async fn close(&self) {
        self.pool.close();
        let pool = self.pool.clone();
        let patience = self.patience;
        let waiting = self.runtime.spawn(async move {
            let begun = Instant::now();
            // The pool tells nobody when a connection comes back after it was closed.
            while pool.status().size > 0 && begun.elapsed() < patience {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        let _ = waiting.await;
    }
}

/// Runs on whatever polls it, with the timers and threads of the store's runtime: what it opens outlives the caller's
/// runtime, and no thread has to be woken for it.
struct Within<'a, F> {
    runtime: &'a Handle,
    future: Pin<&'a mut F>,
}

impl<F: Future> Future for Within<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _runtime = self.runtime.enter();
        self.future.as_mut().poll(context)
    }
}

/// Puts a new connection in the place of one that was lost while it lay idle, so that nobody else gets it meanwhile.
/// Returns whether that was so.
fn restored<M: Connects>(c: &mut M::Type, pool: &Pool<M>, runtime: &Handle) -> Result<bool, Failure> {
    let lost = !M::is_alive(c);
    if lost {
        *c = runtime.block_on(pool.manager().create())?;
    }
    Ok(lost)
}

fn guarded<M, T>(
    mut connection: Object<M>,
    work: impl FnOnce(&mut M::Type) -> Result<T, Failure>,
) -> Result<T, Failure>
where
    M: Manager,
{
    match catch_unwind(AssertUnwindSafe(|| work(&mut *connection))) {
        Ok(outcome) => {
            // Back in the pool before the answer is out, so that the next call finds it.
            drop(connection);
            outcome
        }
        Err(_) => {
            // Nobody knows what state the connection is in.
            drop(Object::take(connection));
            Err(Failure::Unforeseen("a unit of work panicked".to_owned()))
        }
    }
}

/// Does work again where it lost a race, for so long.
pub(crate) fn retrying<C, T>(
    connection: &mut C,
    patience: Duration,
    work: &mut impl FnMut(&mut C) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let begun = Instant::now();
    let mut tries = 0;
    loop {
        tries += 1;
        match work(connection) {
            Err(failure) if failure.is_transient() && tries < MOST_TRIES && begun.elapsed() < patience => {
                tracing::debug!(tries, "a transaction lost a race and is tried again");
                std::thread::sleep(pause(tries));
            }
            outcome => return outcome,
        }
    }
}

/// Returns a random time that doubles its range from 2 ms to 128 ms, so that those who collided do not collide again.
fn pause(tries: u32) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let range = 2_000_u64 << tries.min(7).saturating_sub(1);
    Duration::from_micros(RandomState::new().hash_one(tries) % range)
}

fn unreachable(error: PoolError<Failure>) -> Failure {
    match error {
        PoolError::Backend(failure) => failure,
        PoolError::Timeout(_) => Failure::Unreachable("no connection became free in time".into()),
        PoolError::Closed => Failure::Unreachable("the store is closed".into()),
        PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            Failure::Unforeseen("the pool is set up wrongly".to_owned())
        }
    }
}

#[cfg(test)]
mod tests;
