use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use deadpool::managed::{Metrics, RecycleResult};
use diesel::result::{DatabaseErrorKind, Error};
use password_domain::ports::StoreError;
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

/// Questions that are answered by their doubles; seen is what was asked together, each time.
type Doubles = Together<usize, usize, usize>;

fn doubles(
    fails: impl Fn(&mut usize, &[usize]) -> Result<(), Failure> + Send + Sync + 'static,
) -> (Doubles, Arc<Mutex<Vec<Vec<usize>>>>) {
    let seen: Arc<Mutex<Vec<Vec<usize>>>> = Arc::default();
    let sees = Arc::clone(&seen);
    let kind = Together::new(move |c: &mut usize, asked: &[usize]| {
        sees.lock().unwrap().push(asked.to_vec());
        fails(c, asked)?;
        Ok(asked.iter().map(|number| number * 2).collect())
    });
    (kind, seen)
}

#[tokio::test]
async fn what_is_asked_before_a_connection_is_free_is_answered_together() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) = doubles(|_, _| Ok(()));
    let busy = lane.connection().await.unwrap();
    let (one, two, three, ()) =
        tokio::join!(lane.ask(&kind, 1), lane.ask(&kind, 2), lane.ask(&kind, 3), async { drop(busy) });
    assert_eq!([one.unwrap(), two.unwrap(), three.unwrap()], [2, 4, 6]);
    assert_eq!(lane.ask(&kind, 4).await.unwrap(), 8, "and what is asked later finds somebody who comes, too");
    assert_eq!(*seen.lock().unwrap(), [vec![1, 2, 3], vec![4]]);
}

#[tokio::test]
async fn what_fails_together_is_asked_one_by_one() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) =
        doubles(|_, asked| if asked.contains(&2) { Err(Failure::Corrupt("two".to_owned())) } else { Ok(()) });
    let busy = lane.connection().await.unwrap();
    let (one, two, three, ()) =
        tokio::join!(lane.ask(&kind, 1), lane.ask(&kind, 2), lane.ask(&kind, 3), async { drop(busy) });
    assert_eq!([one.unwrap(), three.unwrap()], [2, 6]);
    assert!(matches!(two, Err(Failure::Corrupt(place)) if place == "two"));
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0], [1, 2, 3]);
    assert!(seen.len() == 4 && seen[1..].iter().all(|asked| asked.len() == 1), "{seen:?}");
}

#[tokio::test]
async fn a_question_that_loses_a_race_is_asked_again_and_another_failure_is_told_at_once() {
    let (_engine, lane) = lane(Duration::from_secs(60));
    let tries = AtomicUsize::new(0);
    let (kind, _) =
        doubles(
            move |_, _| {
                if tries.fetch_add(1, Ordering::Relaxed) < 3 { Err(lost_race()) } else { Ok(()) }
            },
        );
    assert_eq!(lane.ask(&kind, 1).await.unwrap(), 2);

    let (kind, seen) = doubles(|_, _| Err(Failure::Corrupt("all".to_owned())));
    assert!(matches!(lane.ask(&kind, 1).await, Err(Failure::Corrupt(_))));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_nobody_knows_the_end_of_is_told_to_all_and_never_tried_again() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) = doubles(|_, _| {
        Err(Failure::Database(Error::DatabaseError(
            DatabaseErrorKind::UnableToSendCommand,
            Box::new(String::from("connection closed")),
        )))
    });
    let busy = lane.connection().await.unwrap();
    let (one, two, ()) = tokio::join!(lane.ask(&kind, 1), lane.ask(&kind, 2), async { drop(busy) });
    for outcome in [one, two] {
        assert!(matches!(crate::error::translate(outcome.unwrap_err()), StoreError::Unavailable(_)));
    }
    assert_eq!(*seen.lock().unwrap(), [[1, 2]]);
}

#[tokio::test]
async fn a_panic_is_told_to_all_who_asked_and_its_connection_never_used_again() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, _) = doubles(|c, _| if *c == 0 { panic!("on purpose") } else { Ok(()) });
    let busy = lane.connection().await.unwrap();
    let (one, two, ()) = tokio::join!(lane.ask(&kind, 1), lane.ask(&kind, 2), async { drop(busy) });
    assert!(matches!((one, two), (Err(Failure::Unreachable(_)), Err(Failure::Unreachable(_)))));
    assert_eq!(lane.ask(&kind, 3).await.unwrap(), 6);
}

#[tokio::test]
async fn whoever_goes_away_is_not_asked_for_and_leaves_nobody_waiting() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) = doubles(|_, _| Ok(()));
    let busy = lane.connection().await.unwrap();
    let stayed = {
        let (mut first, mut second) = (Box::pin(lane.ask(&kind, 1)), Box::pin(lane.ask(&kind, 2)));
        // The first one has called a thread when it goes away.
        assert!(tokio::time::timeout(Duration::ZERO, &mut first).await.is_err());
        assert!(tokio::time::timeout(Duration::ZERO, &mut second).await.is_err());
        drop(first);
        second
    };
    drop(busy);
    assert_eq!(stayed.await.unwrap(), 4);
    assert_eq!(*seen.lock().unwrap(), [[2]]);
}

#[tokio::test]
async fn who_waits_for_a_connection_too_long_is_told_and_the_others_ask_by_themselves() {
    let (_engine, lane) = lane(Duration::from_millis(200));
    let (kind, seen) = doubles(|_, _| Ok(()));
    let busy = lane.connection().await.unwrap();
    let first = async {
        let told = lane.ask(&kind, 1).await;
        drop(busy);
        told
    };
    let (one, two) = tokio::join!(first, lane.ask(&kind, 2));
    assert!(matches!(one, Err(Failure::Unreachable(_))));
    assert_eq!(two.unwrap(), 4);
    assert_eq!(*seen.lock().unwrap(), [[2]]);
}

#[tokio::test]
async fn where_nobody_comes_all_are_told_and_the_next_one_calls_again() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) = doubles(|_, _| Ok(()));
    let ((one, first), (two, second)) = (oneshot::channel(), oneshot::channel());
    let turn = kind.push(1, one);
    assert!(turn.is_some() && kind.push(2, two).is_none(), "one comes for both");
    drop(turn);
    assert!(first.await.is_err() && second.await.is_err());
    assert_eq!(lane.ask(&kind, 3).await.unwrap(), 6);
    assert_eq!(*seen.lock().unwrap(), [[3]]);
}

#[tokio::test]
async fn a_lane_that_is_closed_answers_nothing() {
    let (_engine, lane) = lane(Duration::from_secs(5));
    let (kind, seen) = doubles(|_, _| Ok(()));
    lane.close().await;
    assert!(matches!(lane.ask(&kind, 1).await, Err(Failure::Unreachable(_))));
    assert!(seen.lock().unwrap().is_empty());
}
