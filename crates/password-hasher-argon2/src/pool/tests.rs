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
        let job = submit(Box::pin(pool.run(Lane::Proved, Length::Usual, move |(), _| {
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
    Box::pin(pool.run(lane, Length::Usual, |(), _| Ok(())))
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
            submit(Box::pin(pool.run(lane, Length::Usual, move |(), _| {
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
        submit(Box::pin(pool.run(Lane::Stranger, Length::Usual, move |(), _| {
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
    let job = submit(Box::pin(pool.run(Lane::Stranger, Length::Usual, move |(), caller| {
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
    let job: Pending<'_, ()> =
        Box::pin(pool.run(Lane::Stranger, Length::Usual, |(), _| panic!("on purpose")));
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
    let running = pool.start(Lane::Stranger, Length::Usual, move |(), _| {
        entered.send(()).unwrap();
        told.recv().unwrap();
        Ok("ended")
    });
    inside.recv().unwrap();
    let waiting = pool.start(Lane::Stranger, Length::Usual, |(), _| Ok(()));
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
    let mut state = State::new(Duration::from_millis(500));
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(1));
    for _ in 0..9 {
        state.waiting.push_back(task(Length::Usual));
    }
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(3));
    state.usual = Duration::from_secs(3_600);
    assert_eq!(pool.shared.retry_after(&state), Duration::from_secs(60));
}

fn task(length: Length) -> Box<dyn Job<()>> {
    let work = |_: &mut (), _: &Caller<'_>| Ok(());
    Box::new(Task { length, work: Some(work), outcome: None, caller: oneshot::channel().0 })
}

/// Tells how many answers are given together, where so many jobs wait and take so long; with 0 and 1 each is at once.
fn held(workers: usize, waiting: usize, usual: Duration, next: Length) -> usize {
    let pool = pool(workers, 100, 0);
    let mut state = State::new(usual);
    state.waiting.extend((0..waiting).map(|_| task(Length::Usual)));
    while pool.shared.may_hold(&state, &*task(next)) {
        state.finished.push(task(Length::Usual));
    }
    state.finished.len()
}

#[test]
fn a_few_answers_are_held_while_every_worker_has_work_and_none_for_long() {
    let short = Duration::from_millis(5);
    assert_eq!(held(2, 9, short, Length::Usual), 4);
    assert_eq!(held(2, 1, short, Length::Usual), 4, "this job and one for the other worker");
    assert_eq!(held(2, 0, short, Length::Usual), 0, "the other worker would idle");
    assert_eq!(held(1, 0, short, Length::Usual), 3, "two further jobs are as long as anybody is held");
    assert_eq!(held(2, 9, short, Length::Unknown), 0);
    assert_eq!(held(2, 9, Duration::from_millis(15), Length::Usual), 2);
    assert_eq!(held(2, 9, Duration::from_millis(100), Length::Usual), 1);
    assert_eq!(held(2, 9, Duration::ZERO, Length::Usual), 4);
}

#[test]
fn no_answer_is_kept_when_those_who_waited_have_left() {
    let pool = pool(1, 16, 0);
    pool.shared.lock().usual = Duration::from_nanos(1);
    let gate = Gate::close(&pool);
    let jobs: Vec<_> = (0..3).map(|_| submit(noop(&pool, Lane::Stranger)).unwrap()).collect();
    let left = submit(noop(&pool, Lane::Stranger)).unwrap();
    drop(left);
    gate.open();
    for job in jobs {
        wait(job).unwrap();
    }
    assert!(pool.shared.lock().finished.is_empty());
}

#[test]
fn answers_that_are_held_are_given_when_the_pool_closes() {
    let pool = pool(1, 16, 0);
    let (entered, inside) = mpsc::channel();
    let (go_on, told) = mpsc::channel::<()>();
    let held = pool.start(Lane::Stranger, Length::Usual, |(), _| Ok("held")).unwrap();
    let running = pool.start(Lane::Stranger, Length::Usual, move |(), _| {
        entered.send(()).unwrap();
        told.recv().unwrap();
        Ok("ended")
    });
    inside.recv().unwrap();
    let closing = std::thread::spawn(move || drop(pool));
    go_on.send(()).unwrap();
    closing.join().unwrap();
    assert_eq!(held.blocking_recv().unwrap().unwrap(), "held");
    assert_eq!(running.unwrap().blocking_recv().unwrap().unwrap(), "ended");
}
