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

use crate::error::Failure;

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
                if !M::is_alive(c) {
                    // In its place, so that nobody else gets it meanwhile.
                    *c = runtime.block_on(pool.manager().create())?;
                    if reply.is_closed() {
                        // Whoever asked was told that nothing happened, as far as that can be told.
                        return Err(Failure::Unreachable("the connection came back too late".into()));
                    }
                }
                retrying(c, patience, &mut work)
            });
            // Whoever asked may have gone away.
            let _ = reply.send(outcome);
        });
        // A database that is frozen, and not down, keeps no deadline of its own. Its connection comes back when it does.
        let silence = {
            let _timers = self.runtime.enter();
            tokio::time::sleep(self.answer_within)
        };
        tokio::select! {
            biased;
            answer = answer => answer.unwrap_or_else(|_| Err(Failure::Unreachable("the store is closed".into()))),
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
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use deadpool::managed::{Metrics, RecycleResult};
    use diesel::result::{DatabaseErrorKind, Error};
    use tokio::sync::RwLock;

    use super::*;

    /// Stands for a connection that the other side has closed.
    const LOST: usize = usize::MAX;

    /// Makes numbers, each once, while nobody holds the gate.
    #[derive(Default)]
    struct Numbers(AtomicUsize, Arc<RwLock<()>>);

    impl Manager for Numbers {
        type Type = usize;
        type Error = Failure;

        async fn create(&self) -> Result<usize, Failure> {
            let _open = self.1.read().await;
            Ok(self.0.fetch_add(1, Ordering::Relaxed))
        }

        async fn recycle(&self, _: &mut usize, _: &Metrics) -> RecycleResult<Failure> {
            Ok(())
        }
    }

    impl Connects for Numbers {
        // Some are lost, as long as they lie.
        fn is_alive(number: &mut usize) -> bool {
            *number != LOST
        }
    }

    fn lane(patience: Duration) -> (Engine, Lane<Numbers>) {
        let engine = Engine::start("test").unwrap();
        let lane = Lane::new(Numbers::default(), 1, patience, patience, engine.handle().unwrap()).unwrap();
        (engine, lane)
    }

    fn lost_race() -> Failure {
        Failure::Database(Error::DatabaseError(
            DatabaseErrorKind::SerializationFailure,
            Box::new(String::from("lost")),
        ))
    }

    #[tokio::test]
    async fn a_connection_is_used_again() {
        let (_engine, lane) = lane(Duration::from_secs(5));
        for _ in 0..3 {
            assert_eq!(lane.run(|number| Ok(*number)).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn a_connection_that_work_panicked_on_is_never_used_again() {
        let (_engine, lane) = lane(Duration::from_secs(5));
        let outcome = lane.run(|number| if *number == 0 { panic!("on purpose") } else { Ok(()) }).await;
        assert!(matches!(outcome, Err(Failure::Unforeseen(_))));
        assert_eq!(lane.run(|number| Ok(*number)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_connection_that_was_lost_while_it_lay_idle_is_replaced() {
        let (_engine, lane) = lane(Duration::from_secs(5));
        lane.run(|number| {
            *number = LOST;
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(lane.run(|number| Ok(*number)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn work_whose_caller_has_given_up_on_a_lost_connection_is_not_begun() {
        let engine = Engine::start("test").unwrap();
        let numbers = Numbers::default();
        let gate = Arc::clone(&numbers.1);
        let soon = Duration::from_millis(100);
        let lane = Lane::new(numbers, 1, soon, Duration::ZERO, engine.handle().unwrap()).unwrap();
        lane.run(|number| {
            *number = LOST;
            Ok(())
        })
        .await
        .unwrap();

        let shut = gate.write_owned().await;
        let ran = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&ran);
        let late = lane.run(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        assert!(matches!(late.await, Err(Failure::Unreachable(_))));
        drop(shut);
        let number = loop {
            if let Ok(number) = lane.run(|number| Ok(*number)).await {
                break number;
            }
        };
        assert_eq!((number, ran.load(Ordering::Relaxed)), (1, 0));
    }

    #[tokio::test]
    async fn a_short_look_is_taken_where_the_caller_is_and_only_once() {
        let (_engine, lane) = lane(Duration::from_secs(5));
        let here = std::thread::current().id();
        let look = lane.run_here(|number| Ok((*number, std::thread::current().id())));
        assert_eq!(look.await.unwrap(), (0, here));
        let mut tries = 0;
        let lost = lane.run_here(|_| {
            tries += 1;
            Err::<(), _>(lost_race())
        });
        assert!(lost.await.is_err());
        assert_eq!(tries, 1);
        let panicked = lane.run_here(|_| -> Result<(), Failure> { panic!("on purpose") }).await;
        assert!(matches!(panicked, Err(Failure::Unforeseen(_))));
        assert_eq!(lane.run_here(|number| Ok(*number)).await.unwrap(), 1, "never used again");
    }

    #[tokio::test]
    async fn a_lost_race_is_run_again_and_not_forever() {
        let (_engine, lane) = lane(Duration::from_secs(60));
        let mut tries = 0;
        let third = move |_: &mut usize| {
            tries += 1;
            if tries < 3 { Err(lost_race()) } else { Ok(tries) }
        };
        assert_eq!(lane.run(third).await.unwrap(), 3);

        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let never = move |_: &mut usize| -> Result<(), Failure> {
            counted.fetch_add(1, Ordering::Relaxed);
            Err(lost_race())
        };
        assert!(lane.run(never).await.is_err());
        assert_eq!(count.load(Ordering::Relaxed), usize::try_from(MOST_TRIES).unwrap());
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_and_who_went_away_is_skipped() {
        let (_engine, lane) = lane(Duration::from_millis(100));
        let (begun, is_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let lane = Arc::new(lane);
        let first = tokio::spawn({
            let lane = Arc::clone(&lane);
            async move {
                lane.run(move |_| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok(())
                })
                .await
            }
        });
        tokio::task::spawn_blocking(move || is_begun.recv().unwrap()).await.unwrap();

        assert!(matches!(lane.run(|_| Ok(())).await, Err(Failure::Unreachable(_))));
        let ran = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&ran);
        let abandoned = lane.run(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(5), abandoned).await.is_err());

        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        lane.run(|_| Ok(())).await.unwrap();
        assert_eq!(ran.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn work_that_was_begun_is_finished_whoever_went_away() {
        let (_engine, lane) = lane(Duration::from_secs(5));
        let (begun, is_begun) = std::sync::mpsc::channel();
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (finish, finished) = std::sync::mpsc::channel();
        let caller = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        caller.block_on(async {
            let work = lane.run(move |_| {
                begun.send(()).unwrap();
                released.recv().unwrap();
                finish.send(()).unwrap();
                Ok(())
            });
            let left = async { tokio::task::spawn_blocking(move || is_begun.recv().unwrap()).await.unwrap() };
            tokio::select! {
                outcome = work => panic!("it cannot be over: {outcome:?}"),
                () = left => {}
            }
        });
        drop(caller);

        release.send(()).unwrap();
        finished.recv_timeout(Duration::from_secs(10)).unwrap();
        let other = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(other.block_on(lane.run(|number| Ok(*number))).unwrap(), 0, "the connection is whole");
    }
}
