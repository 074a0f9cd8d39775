use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, Sender, channel};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use crate::work::Engine;

const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(50);

struct Desk {
    writer: Arc<Writer>,
    /// How often the connection was opened.
    opened: Arc<AtomicUsize>,
    file: std::path::PathBuf,
    _folder: TempDir,
    _engine: Engine,
}

/// A writer at a table of numbers.
fn desk(patience: Duration) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("numbers.db");
    let engine = Engine::start("test").unwrap();
    let opened = Arc::new(AtomicUsize::new(0));
    let (path, count) = (file.clone(), Arc::clone(&opened));
    let open = move || {
        count.fetch_add(1, Ordering::Relaxed);
        let mut c = Conn::establish(path.to_str().unwrap()).unwrap();
        c.batch_execute(
            "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS numbers (number INTEGER UNIQUE)",
        )
        .unwrap();
        Ok(c)
    };
    let writer = Writer::start(Box::new(open), patience, LONG, engine.handle().unwrap()).unwrap();
    Desk { writer: Arc::new(writer), opened, file, _folder: folder, _engine: engine }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn insert(c: &mut Conn, number: i64) -> Result<(), Failure> {
    diesel::sql_query("INSERT INTO numbers VALUES (?)").bind::<BigInt, _>(number).execute(c)?;
    Ok(())
}

fn count(c: &mut Conn) -> i64 {
    diesel::sql_query("SELECT count(*) AS number FROM numbers").get_result::<Number>(c).unwrap().number
}

/// Tells whether a transaction is open around the work.
fn is_framed(c: &mut Conn) -> bool {
    let status = <Conn as Connection>::TransactionManager::transaction_manager_status_mut(c);
    status.transaction_depth().unwrap().is_some()
}

impl Desk {
    /// What is durable, as somebody else sees it.
    fn numbers(&self) -> Vec<i64> {
        let mut c = Conn::establish(self.file.to_str().unwrap()).unwrap();
        let rows: Vec<Number> =
            diesel::sql_query("SELECT number FROM numbers ORDER BY number").load(&mut c).unwrap();
        rows.into_iter().map(|row| row.number).collect()
    }

    /// Keeps the thread busy until it is told otherwise.
    fn hold(&self) -> Held {
        let (entered, inside) = channel();
        let (go_on, told) = channel::<()>();
        let writer = Arc::clone(&self.writer);
        let work = tokio::spawn(async move {
            let work = move |_: &mut Conn| {
                entered.send(()).unwrap();
                told.recv().unwrap();
                Ok(())
            };
            writer.run(Frame::Statement, work).await
        });
        Held { work, inside, go_on }
    }

    fn spawn<T: Send + 'static>(
        &self,
        frame: Frame,
        work: impl FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> JoinHandle<Result<T, Failure>> {
        let writer = Arc::clone(&self.writer);
        tokio::spawn(async move { writer.run(frame, work).await })
    }

    /// Waits until so many units of work are in the queue.
    async fn waiting(&self, count: usize) {
        while self.writer.shared.lock().waiting.len() < count {
            tokio::task::yield_now().await;
        }
    }
}

struct Held {
    work: JoinHandle<Result<(), Failure>>,
    inside: Receiver<()>,
    go_on: Sender<()>,
}

impl Held {
    /// Waits until the thread is busy with it.
    async fn begun(self) -> Self {
        tokio::task::spawn_blocking(move || {
            self.inside.recv().unwrap();
            self
        })
        .await
        .unwrap()
    }

    async fn release(self) {
        self.go_on.send(()).unwrap();
        self.work.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn what_is_asked_for_while_another_is_written_becomes_durable_together() {
    let desk = desk(LONG);
    assert!(!desk.spawn(Frame::Statement, |c| Ok(is_framed(c))).await.unwrap().unwrap());
    let held = desk.hold().begun().await;
    let frames = [(1, Frame::Transaction), (2, Frame::Statement), (3, Frame::Transaction)];
    let tasks = frames.map(|(number, frame)| {
        desk.spawn(frame, move |c| {
            insert(c, number)?;
            Ok((is_framed(c), count(c)))
        })
    });
    desk.waiting(3).await;
    held.release().await;
    let mut seen = Vec::new();
    for task in tasks {
        seen.push(task.await.unwrap().unwrap());
    }
    assert_eq!(seen, [(true, 1), (true, 2), (true, 3)], "in their order, in one transaction");
    assert_eq!((desk.numbers(), desk.opened.load(Ordering::Relaxed)), (vec![1, 2, 3], 1));
}

#[tokio::test]
async fn what_comes_to_nothing_takes_nothing_else_with_it() {
    let desk = desk(LONG);
    let held = desk.hold().begun().await;
    let first = desk.spawn(Frame::Transaction, |c| insert(c, 1));
    let given_up = desk.spawn(Frame::Transaction, |c| {
        insert(c, 2)?;
        Err::<(), _>(Failure::Abandoned)
    });
    let refused = desk.spawn(Frame::Transaction, |c| {
        insert(c, 3)?;
        insert(c, 1)
    });
    let panicked = desk.spawn(Frame::Transaction, |c| -> Result<(), Failure> {
        insert(c, 4)?;
        panic!("on purpose")
    });
    let last = desk.spawn(Frame::Statement, |c| insert(c, 5));
    desk.waiting(5).await;
    held.release().await;
    first.await.unwrap().unwrap();
    assert!(matches!(given_up.await.unwrap(), Err(Failure::Abandoned)));
    assert!(matches!(refused.await.unwrap(), Err(Failure::Database(_))));
    assert!(matches!(panicked.await.unwrap(), Err(Failure::Unforeseen(_))));
    last.await.unwrap().unwrap();
    assert_eq!(desk.numbers(), [1, 5]);
}

#[tokio::test]
async fn an_answer_that_was_undone_is_not_given() {
    let desk = desk(LONG);
    let held = desk.hold().begun().await;
    let mut tries = 0;
    let fickle = desk.spawn(Frame::Transaction, move |c| {
        tries += 1;
        insert(c, 1)?;
        if tries > 1 { panic!("on purpose") } else { Ok(()) }
    });
    let spoiler = desk.spawn(Frame::Transaction, |_| Err::<(), _>(Failure::Abandoned));
    desk.waiting(2).await;
    held.release().await;
    assert!(matches!(fickle.await.unwrap(), Err(Failure::Unforeseen(_))));
    assert!(matches!(spoiler.await.unwrap(), Err(Failure::Abandoned)));
    assert_eq!(desk.numbers(), [0; 0]);
}

#[tokio::test]
async fn a_connection_that_work_panicked_on_is_never_used_again() {
    let desk = desk(LONG);
    let panicked = desk.spawn(Frame::Statement, |_| -> Result<(), Failure> { panic!("on purpose") });
    assert!(matches!(panicked.await.unwrap(), Err(Failure::Unforeseen(_))));
    desk.spawn(Frame::Statement, |c| insert(c, 1)).await.unwrap().unwrap();
    assert_eq!(desk.opened.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_everybody_in_it() {
    let desk = desk(LONG);
    let held = desk.hold().begun().await;
    let deferred = desk.spawn(Frame::Transaction, |c| {
        // Found out when it is committed, and not before.
        c.batch_execute(
            "PRAGMA defer_foreign_keys = ON; CREATE TABLE parts (of REFERENCES numbers (number)); INSERT INTO parts VALUES (7)",
        )?;
        Ok(())
    });
    let other = desk.spawn(Frame::Transaction, |c| insert(c, 1));
    desk.waiting(2).await;
    held.release().await;
    for task in [deferred, other] {
        assert!(matches!(task.await.unwrap(), Err(Failure::Unreachable(_))));
    }
    assert_eq!(desk.numbers(), [0; 0]);
    desk.spawn(Frame::Transaction, |c| insert(c, 2)).await.unwrap().unwrap();
    assert_eq!(desk.numbers(), [2]);
}

#[tokio::test]
async fn a_database_that_somebody_else_holds_is_waited_for() {
    let desk = desk(LONG);
    desk.spawn(Frame::Statement, |c| insert(c, 1)).await.unwrap().unwrap();
    let mut other = Conn::establish(desk.file.to_str().unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let held = desk.hold().begun().await;
    let (tried, is_tried) = channel();
    let tasks = [2, 3].map(|number| {
        let tried = tried.clone();
        desk.spawn(Frame::Statement, move |c| {
            let _ = tried.send(());
            insert(c, number)
        })
    });
    desk.waiting(2).await;
    held.release().await;
    // Together they did not even begin; now one tries by itself.
    tokio::task::spawn_blocking(move || is_tried.recv().unwrap()).await.unwrap();
    other.batch_execute("ROLLBACK").unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(desk.numbers(), [1, 2, 3]);
}

#[tokio::test]
async fn who_waits_too_long_is_told_and_who_went_away_is_skipped() {
    let desk = desk(SHORT);
    let held = desk.hold().begun().await;
    let late = desk.writer.run(Frame::Statement, |c| insert(c, 1)).await;
    assert!(matches!(late, Err(Failure::Unreachable(_))));
    let gone = desk.spawn(Frame::Statement, |c| insert(c, 2));
    desk.waiting(2).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    held.release().await;
    desk.spawn(Frame::Statement, |c| insert(c, 3)).await.unwrap().unwrap();
    assert_eq!(desk.numbers(), [3]);
}

#[tokio::test]
async fn work_that_was_begun_is_finished_whoever_went_away() {
    let desk = desk(LONG);
    let (entered, inside) = channel();
    let (go_on, told) = channel::<()>();
    let task = desk.spawn(Frame::Transaction, move |c| {
        entered.send(()).unwrap();
        told.recv().unwrap();
        insert(c, 1)
    });
    tokio::task::spawn_blocking(move || inside.recv().unwrap()).await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    // In the queue behind it.
    desk.spawn(Frame::Statement, |_| Ok(())).await.unwrap().unwrap();
    assert_eq!(desk.numbers(), [1]);
}

#[tokio::test]
async fn closing_finishes_what_was_begun_and_refuses_the_rest() {
    let desk = desk(LONG);
    let held = desk.hold().begun().await;
    let waiting = desk.spawn(Frame::Statement, |c| insert(c, 1));
    desk.waiting(1).await;
    let closing = tokio::spawn({
        let writer = Arc::clone(&desk.writer);
        async move { writer.close().await }
    });
    assert!(matches!(waiting.await.unwrap(), Err(Failure::Unreachable(_))));
    assert!(!closing.is_finished());
    held.release().await;
    closing.await.unwrap();
    assert!(matches!(
        desk.writer.run(Frame::Statement, |c| insert(c, 2)).await,
        Err(Failure::Unreachable(_))
    ));
    desk.writer.close().await;
}
