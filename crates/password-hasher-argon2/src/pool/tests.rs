use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};

use super::*;

type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, HashError>> + 'a>>;

fn pool(workers: usize, capacity: usize, reserved: usize) -> Pool<()> {
    Pool::new(vec![(); workers], |()| (), capacity, reserved).unwrap()
}

/// Polls once, which puts the job into the queue.
fn submit<'a, T>(mut pending: Pending<'a, T>) -> Result<Pending<'a, T>, HashError> {
    match pending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => Err(error),
        Poll::Ready(Ok(_)) => panic!("answered before it could be"),
        Poll::Pending => Ok(pending),
    }
}

fn wait<T>(pending: Pending<'_, T>) -> Result<T, HashError> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(pending)
}

/// Keeps one worker busy until told otherwise.
struct Gate<'a> {
    open: mpsc::Sender<()>,
    job: Pending<'a, ()>,
}

impl<'a> Gate<'a> {
    fn close(pool: &'a Pool<()>) -> Self {
        let (open, opened) = mpsc::channel();
        let (entered, inside) = mpsc::channel();
        let job = submit(Box::pin(pool.run(Lane::Proved, move |(), _| {
            entered.send(()).unwrap();
            opened.recv().unwrap();
            Ok(())
        })));
        inside.recv().unwrap();
        Self { open, job: job.unwrap() }
    }

    fn open(self) {
        self.open.send(()).unwrap();
        wait(self.job).unwrap();
    }
}

fn noop<'a>(pool: &'a Pool<()>, lane: Lane) -> Pending<'a, ()> {
    Box::pin(pool.run(lane, |(), _| Ok(())))
}

#[test]
fn jobs_run_in_the_order_of_their_arrival_whatever_their_lane() {
    let pool = pool(1, 16, 4);
    let gate = Gate::close(&pool);
    let order = Arc::new(Mutex::new(Vec::new()));
    let jobs: Vec<_> = (0..8)
        .map(|number| {
            let order = Arc::clone(&order);
            let lane = if number % 2 == 0 { Lane::Stranger } else { Lane::Proved };
            submit(Box::pin(pool.run(lane, move |(), _| {
                order.lock().unwrap().push(number);
                Ok(())
            })))
            .unwrap()
        })
        .collect();
    assert_eq!(pool.waiting(), 8);
    gate.open();
    for job in jobs {
        wait(job).unwrap();
    }
    assert_eq!(*order.lock().unwrap(), (0..8).collect::<Vec<_>>());
    assert_eq!(pool.waiting(), 0);
}

#[test]
fn a_full_queue_answers_at_once_and_keeps_a_share_for_the_proved() {
    let pool = pool(1, 4, 2);
    let gate = Gate::close(&pool);
    let strangers: Vec<_> = (0..2).map(|_| submit(noop(&pool, Lane::Stranger)).unwrap()).collect();
    let Err(HashError::Overloaded { retry_after }) = submit(noop(&pool, Lane::Stranger)) else {
        panic!("a stranger got into the reserved share")
    };
    assert!(retry_after >= Duration::from_secs(1));
    let proved: Vec<_> = (0..2).map(|_| submit(noop(&pool, Lane::Proved)).unwrap()).collect();
    assert!(matches!(submit(noop(&pool, Lane::Proved)), Err(HashError::Overloaded { .. })));
    gate.open();
    for job in strangers.into_iter().chain(proved) {
        wait(job).unwrap();
    }
    wait(noop(&pool, Lane::Stranger)).unwrap();
}

#[test]
fn a_job_whose_caller_went_away_never_runs() {
    let pool = pool(1, 4, 0);
    let gate = Gate::close(&pool);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = |runs: &Arc<AtomicUsize>| {
        let runs = Arc::clone(runs);
        submit(Box::pin(pool.run(Lane::Stranger, move |(), _| {
            runs.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })))
        .unwrap()
    };
    let stays = counted(&runs);
    drop(counted(&runs));
    drop(counted(&runs));
    gate.open();
    wait(stays).unwrap();
    wait(noop(&pool, Lane::Stranger)).unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[test]
fn those_who_left_keep_nobody_out() {
    let pool = pool(1, 2, 0);
    let gate = Gate::close(&pool);
    let gone: Vec<_> = (0..2).map(|_| submit(noop(&pool, Lane::Stranger)).unwrap()).collect();
    drop(gone);
    assert_eq!(pool.waiting(), 2);
    let job = submit(noop(&pool, Lane::Stranger)).unwrap();
    assert_eq!(pool.waiting(), 1);
    gate.open();
    wait(job).unwrap();
}

#[test]
fn a_job_of_several_steps_learns_that_its_caller_went_away() {
    let pool = pool(1, 4, 0);
    let (entered, inside) = mpsc::channel();
    let (go_on, told) = mpsc::channel();
    let (say, heard) = mpsc::channel();
    let job = submit(Box::pin(pool.run(Lane::Stranger, move |(), caller| {
        entered.send(caller.still_waits().is_ok()).unwrap();
        told.recv().unwrap();
        say.send(caller.still_waits().is_ok()).unwrap();
        Ok(())
    })))
    .unwrap();
    assert!(inside.recv().unwrap());
    drop(job);
    go_on.send(()).unwrap();
    assert!(!heard.recv().unwrap());
}

#[test]
fn a_panic_is_an_answer_and_its_worker_lives_on() {
    let pool = pool(1, 4, 0);
    let job: Pending<'_, ()> = Box::pin(pool.run(Lane::Stranger, |(), _| panic!("on purpose")));
    assert!(matches!(wait(job), Err(HashError::Unexpected(_))));
    wait(noop(&pool, Lane::Stranger)).unwrap();
}

#[test]
fn workers_run_side_by_side() {
    let pool = pool(2, 4, 0);
    let gate = Gate::close(&pool);
    wait(noop(&pool, Lane::Stranger)).unwrap();
    gate.open();
}

#[test]
fn closing_ends_running_jobs_abandons_waiting_ones_and_joins() {
    let pool = pool(1, 4, 0);
    let (entered, inside) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let running = pool.start(Lane::Stranger, move |(), _| {
        entered.send(()).unwrap();
        told.recv().unwrap();
        Ok("ended")
    });
    inside.recv().unwrap();
    let waiting = pool.start(Lane::Stranger, |(), _| Ok(()));
    let shared = Arc::downgrade(&pool.shared);
    let closing = std::thread::spawn(move || drop(pool));
    assert!(waiting.unwrap().blocking_recv().is_err());
    go_on.send(()).unwrap();
    closing.join().unwrap();
    assert_eq!(running.unwrap().blocking_recv().unwrap().unwrap(), "ended");
    assert!(shared.upgrade().is_none(), "a thread outlived its pool");
}

#[test]
fn the_wait_that_is_told_follows_from_queue_and_measured_time() {
    let pool = pool(2, 100, 0);
    let mut state = State { waiting: VecDeque::new(), usual: Duration::from_millis(500), closing: false };
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(1));
    for _ in 0..9 {
        let work = |_: &mut (), _: &Caller<'_>| Ok(());
        state.waiting.push_back(Box::new(Task { work, answer: oneshot::channel().0 }));
    }
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(3));
    state.usual = Duration::from_secs(3_600);
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(60));
}
