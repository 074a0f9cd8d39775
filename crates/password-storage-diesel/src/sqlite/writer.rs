//! The connection that writes, and the thread that it belongs to.
//!
//! SQLite has one writer at a time and is not fair among those who wait; a queue is. A commit waits for the disk, and what
//! is asked for meanwhile is made durable by the next one, all of it together. Where anything of that comes to nothing,
//! all of it is undone, and each unit of work is carried out by itself as if there had been no others.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::connection::TransactionManager;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

use super::Conn;
use crate::error::{Failure, translate};
use crate::work::retrying;

/// The most units that become durable together, so that the first of them does not wait for ever more.
const MOST_TOGETHER: usize = 64;

/// Opens the connection, and opens it again where it was lost.
pub(super) type Open = Box<dyn Fn() -> Result<Conn, Failure> + Send>;

/// Carries out units of work in the order in which they were asked for.
pub(super) struct Writer {
    shared: Arc<Shared>,
    runtime: Handle,
    /// How long a unit that was begun may take.
    deadline: Duration,
    /// Closed when the thread has ended.
    running: watch::Receiver<()>,
}

/// What a unit of work needs around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// A transaction.
    Transaction,
    /// Nothing: it is one statement, which is a transaction by itself.
    Statement,
}

struct Shared {
    queue: Mutex<Queue>,
    wake: Condvar,
    /// How long a unit may wait for its turn, and how long it is tried again.
    patience: Duration,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Unit>>,
    closing: bool,
}

/// Work whose answer's type is its caller's business.
trait Unit: Send {
    /// Begins it, where its caller still waits and has not waited for longer than this.
    fn begin(&self, patience: Duration) -> bool;
    /// Carries it out by itself, again where it lost a race.
    fn alone(&mut self, c: &mut Conn, patience: Duration);
    /// Carries it out in a transaction that is not its own; an error undoes that whole transaction.
    fn among_others(&mut self, c: &mut Conn) -> Result<(), Failure>;
    /// Tells whether it was carried out.
    fn is_done(&self) -> bool;
    /// Tells its caller what came of it.
    fn answer(self: Box<Self>);
    /// Tells its caller that nothing came of it.
    fn refuse(self: Box<Self>, failure: Failure);
}

struct Task<T, F> {
    work: F,
    frame: Frame,
    asked: Instant,
    begun: Arc<AtomicBool>,
    outcome: Option<Result<T, Failure>>,
    reply: oneshot::Sender<Result<T, Failure>>,
}

impl<T, F> Unit for Task<T, F>
where
    T: Send,
    F: FnMut(&mut Conn) -> Result<T, Failure> + Send,
{
    fn begin(&self, patience: Duration) -> bool {
        let begins = !self.reply.is_closed() && self.asked.elapsed() < patience;
        if begins {
            self.begun.store(true, Ordering::Relaxed);
        }
        begins
    }

    fn alone(&mut self, c: &mut Conn, patience: Duration) {
        // What it answered among others was undone.
        self.outcome = None;
        let (frame, work) = (self.frame, &mut self.work);
        self.outcome = Some(retrying(c, patience, &mut |c: &mut Conn| match frame {
            // A transaction that begins with a read cannot always become one that writes.
            Frame::Transaction => c.immediate_transaction(&mut *work),
            Frame::Statement => work(c),
        }));
    }

    fn among_others(&mut self, c: &mut Conn) -> Result<(), Failure> {
        self.outcome = Some(Ok((self.work)(c)?));
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.outcome.is_some()
    }

    fn answer(self: Box<Self>) {
        let lost = || Err(Failure::Unforeseen("a unit of work panicked".to_owned()));
        // Whoever asked may have gone away.
        let _ = self.reply.send(self.outcome.unwrap_or_else(lost));
    }

    fn refuse(self: Box<Self>, failure: Failure) {
        let _ = self.reply.send(Err(failure));
    }
}

impl Writer {
    /// Starts the thread; the connection is opened when it is first needed.
    pub(super) fn start(
        open: Open,
        patience: Duration,
        deadline: Duration,
        runtime: Handle,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { queue: Mutex::default(), wake: Condvar::new(), patience });
        let (runs, running) = watch::channel(());
        let own = Arc::clone(&shared);
        std::thread::Builder::new().name("sqlite-writer".to_owned()).spawn(move || {
            own.serve(&open);
            drop(runs);
        })?;
        Ok(Self { shared, runtime, deadline, running })
    }

    /// Runs `work` to its end, and returns its answer when it is durable. It may be begun again, so it must have no
    /// effects but on its connection.
    pub(super) async fn run<T, F>(&self, frame: Frame, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnMut(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        let (reply, mut answer) = oneshot::channel();
        let begun = Arc::new(AtomicBool::new(false));
        let own = Arc::clone(&begun);
        let asked = Instant::now();
        self.shared.push(Box::new(Task { work, frame, asked, begun: own, outcome: None, reply }));
        for wait in [self.shared.patience, self.deadline] {
            tokio::select! {
                biased;
                answer = &mut answer => return answer.unwrap_or_else(|_| Err(closed())),
                () = self.sleep(wait) => if !begun.load(Ordering::Relaxed) { return Err(late()) }
            }
        }
        Err(Failure::Unreachable("the database does not answer".into()))
    }

    /// Refuses what was not begun, and closes the connection; waits a while for work that was begun.
    pub(super) async fn close(&self) {
        self.shared.close();
        let mut running = self.running.clone();
        tokio::select! {
            _ = running.changed() => {}
            () = self.sleep(self.shared.patience) => {}
        }
    }

    /// Sleeps by the store's clockwork: the caller's own runtime may have none.
    fn sleep(&self, time: Duration) -> tokio::time::Sleep {
        let _timers = self.runtime.enter();
        tokio::time::sleep(time)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The thread ends by itself: who drops this may not be allowed to wait.
        self.shared.close();
    }
}

fn closed() -> Failure {
    Failure::Unreachable("the store is closed".into())
}

fn late() -> Failure {
    Failure::Unreachable("the turn to write did not come in time".into())
}

impl Shared {
    // No work is done under the lock, so a poisoned one guards a whole queue nevertheless.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, unit: Box<dyn Unit>) {
        let mut queue = self.lock();
        if queue.closing {
            drop(queue);
            return unit.refuse(closed());
        }
        queue.waiting.push_back(unit);
        drop(queue);
        self.wake.notify_one();
    }

    fn close(&self) {
        let waiting = {
            let mut queue = self.lock();
            queue.closing = true;
            std::mem::take(&mut queue.waiting)
        };
        self.wake.notify_one();
        waiting.into_iter().for_each(|unit| unit.refuse(closed()));
    }

    /// Waits for work and takes it from the queue; nothing where the queue is closed.
    fn next(&self) -> Vec<Box<dyn Unit>> {
        let idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.closing;
        let mut queue = self.wake.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        let count = queue.waiting.len().min(MOST_TOGETHER);
        queue.waiting.drain(..count).collect()
    }

    fn serve(&self, open: &Open) {
        let mut connection = None;
        loop {
            let mut units = self.next();
            if units.is_empty() {
                return;
            }
            if units.len() > 1 {
                units = self.together(units, &mut connection, open);
            }
            for unit in units {
                self.alone(unit, &mut connection, open);
            }
        }
    }

    /// Tells of a unit whether it was begun; of one that was not, its caller.
    fn begun(&self, unit: Box<dyn Unit>) -> Option<Box<dyn Unit>> {
        if unit.begin(self.patience) {
            Some(unit)
        } else {
            unit.refuse(late());
            None
        }
    }

    /// Carries out all of it in one transaction, or nothing. Returns what is still to be done.
    fn together(
        &self,
        units: Vec<Box<dyn Unit>>,
        connection: &mut Option<Conn>,
        open: &Open,
    ) -> Vec<Box<dyn Unit>> {
        let mut units: Vec<_> = units.into_iter().filter_map(|unit| self.begun(unit)).collect();
        let Ok(c) = opened(connection, open) else { return units };
        let all = |c: &mut Conn| units.iter_mut().try_for_each(|unit| unit.among_others(c));
        match catch_unwind(AssertUnwindSafe(|| c.immediate_transaction(all))) {
            Ok(Ok(())) => units.drain(..).for_each(|unit| unit.answer()),
            // Nobody knows what a commit that failed has left.
            Ok(Err(failure)) if units.iter().all(|unit| unit.is_done()) && !failure.is_transient() => {
                tracing::warn!(error = %translate(failure), units = units.len(), "a commit failed");
                for unit in units.drain(..) {
                    unit.refuse(Failure::Unreachable("the commit failed".into()));
                }
            }
            Ok(Err(_)) => {}
            Err(_) => *connection = None,
        }
        units
    }

    fn alone(&self, unit: Box<dyn Unit>, connection: &mut Option<Conn>, open: &Open) {
        let Some(mut unit) = self.begun(unit) else { return };
        match opened(connection, open) {
            Ok(c) => {
                let carried_out = catch_unwind(AssertUnwindSafe(|| unit.alone(c, self.patience)));
                if carried_out.is_err() {
                    // Nobody knows what state the connection is in.
                    *connection = None;
                }
                unit.answer();
            }
            Err(failure) => unit.refuse(failure),
        }
    }
}

/// Returns the connection, which is opened where there is none, or none that is whole.
fn opened<'a>(connection: &'a mut Option<Conn>, open: &Open) -> Result<&'a mut Conn, Failure> {
    type Transactions = <Conn as Connection>::TransactionManager;
    match connection.take_if(|c| !Transactions::is_broken_transaction_manager(c)) {
        Some(whole) => Ok(connection.insert(whole)),
        None => Ok(connection.insert(open()?)),
    }
}

#[cfg(test)]
mod tests;
