//! What happens without a request: mails are delivered, and what no longer matters is deleted.

use std::time::Duration;

use password_domain::ports::PortError;
use password_domain::use_cases::{CLAIMS, DeliverNotices, Purge, UseCases};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::failure::with_causes;

/// Two, so that one slow mail server's timeout does not hold up everything.
const OUTBOX_WORKERS: usize = 2;

/// How often an empty outbox is looked at. Mails may be queued by other servers and by commands, so looking is simpler
/// than being told; one look is one short transaction, which writes nothing where nothing is due.
const OUTBOX_POLL: Duration = Duration::from_millis(300);

/// Between two looks while mails come in, so that many are claimed and settled by one commit each.
const OUTBOX_PAUSE: Duration = Duration::from_millis(100);

/// How long a worker waits at most where the outbox cannot be read.
const MOST_BACKOFF: Duration = Duration::from_secs(30);

/// How often what has expired is deleted.
const PURGE_EVERY: Duration = Duration::from_secs(5 * 60);

/// Between two batches, so that a large purge leaves most of the database's time to requests. A million rows take some
/// minutes.
const PURGE_PAUSE: Duration = Duration::from_millis(20);

/// How long workers may finish what they hold; a mailer answers within 30 s. What is left is delivered by the next
/// server when its lease ends.
const FINISH: Duration = Duration::from_secs(32);

type Stop = watch::Receiver<bool>;

/// The tasks behind a server.
pub(super) struct Background {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts all of them.
    pub(super) fn start(use_cases: &UseCases) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut tasks: Vec<_> = (0..OUTBOX_WORKERS)
            .map(|_| tokio::spawn(deliver(use_cases.deliver_notices.clone(), stopped.clone())))
            .collect();
        tasks.push(tokio::spawn(purge(use_cases.purge.clone(), stopped)));
        Self { stop, tasks }
    }

    /// Lets each task finish what it is at, without waiting.
    pub(super) fn begin_to_stop(&self) {
        // Tasks that have ended listen no more.
        let _ = self.stop.send(true);
    }

    /// Lets each task finish what it is at, and waits for that.
    pub(super) async fn stop(self) {
        self.begin_to_stop();
        let deadline = tokio::time::Instant::now() + FINISH;
        for mut task in self.tasks {
            match tokio::time::timeout_at(deadline, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a background task failed"),
                Err(_) => {
                    task.abort();
                    tracing::warn!("a background task did not finish in time");
                }
            }
        }
    }
}

async fn deliver(notices: DeliverNotices, mut stop: Stop) {
    let mut backoff = OUTBOX_POLL;
    while !*stop.borrow() {
        let goes_on = stop.clone();
        match notices.run_while(&|| !*goes_on.borrow()).await {
            Ok(claimed) => {
                backoff = OUTBOX_POLL;
                match claimed {
                    0 => wait(&mut stop, OUTBOX_POLL).await,
                    CLAIMS.. => {}
                    _ => wait(&mut stop, OUTBOX_PAUSE).await,
                }
            }
            Err(error) => {
                report("the outbox", &error);
                wait(&mut stop, backoff).await;
                backoff = (backoff * 2).min(MOST_BACKOFF);
            }
        }
    }
}

async fn purge(purge: Purge, mut stop: Stop) {
    // A server that has just started has better things to do.
    wait(&mut stop, PURGE_EVERY).await;
    while !*stop.borrow() {
        match purge.run_once().await {
            Ok(0) => wait(&mut stop, PURGE_EVERY).await,
            Ok(_) => wait(&mut stop, PURGE_PAUSE).await,
            Err(error) => {
                report("the purge", &error);
                wait(&mut stop, PURGE_EVERY).await;
            }
        }
    }
}

/// Waits, but not beyond the end.
async fn wait(stop: &mut Stop, duration: Duration) {
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
}

fn report(what: &str, error: &PortError) {
    tracing::warn!(error = %with_causes(error), "{what} will be tried again");
}
