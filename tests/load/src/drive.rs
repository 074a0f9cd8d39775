//! Many clients at once, each a thread with one connection.

use std::io;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::{Connection, Request};
use crate::interrupt;
use crate::machine::Usage;

/// A thread that waits for answers needs little room.
const STACK_BYTES: usize = 128 << 10;

/// How many clients prepare what is measured afterwards: enough that no processor is idle.
const PREPARING: usize = 16;

/// What the clients send.
pub(crate) enum Feed {
    /// Each client sends its own request again and again.
    Repeat(Vec<Request>),
    /// Each request is sent once, by whichever client is free.
    Once(Vec<Request>),
}

/// Where it ends: at whichever comes first.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// How many clients there are.
    pub(crate) clients: usize,
    /// How long they begin new requests.
    pub(crate) time: Duration,
    /// How many requests they begin together.
    pub(crate) requests: usize,
}

/// What became of the requests.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// How many were sent.
    pub(crate) sent: usize,
    /// How long each answer took, in microseconds; of the right ones alone.
    pub(crate) latencies: Vec<u32>,
    /// How many answers were not the expected ones, or did not come.
    pub(crate) errors: usize,
    /// One of those.
    pub(crate) error: Option<String>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// What was spent meanwhile; `None` where the system keeps no books.
    pub(crate) usage: Option<Usage>,
}

impl Tally {
    /// Adds what came after.
    pub(crate) fn add(&mut self, later: Self) {
        let first = self.sent == 0;
        self.merge(later.sent, later.latencies, later.errors, later.error);
        self.elapsed += later.elapsed;
        self.usage = match (self.usage, later.usage) {
            (None, usage) if first => usage,
            (Some(early), Some(late)) => Some(early.plus(late)),
            _ => None,
        };
    }

    fn merge(&mut self, sent: usize, latencies: Vec<u32>, errors: usize, error: Option<String>) {
        self.sent += sent;
        self.latencies.extend(latencies);
        self.errors += errors;
        self.error = self.error.take().or(error);
    }

    fn count(&mut self, began: Instant, problem: Option<String>) {
        self.sent += 1;
        match problem {
            None => self.latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX)),
            Some(problem) => {
                self.errors += 1;
                self.error.get_or_insert(problem);
            }
        }
    }

    /// Sends a request and counts what comes. Returns whether the connection still serves.
    fn send(&mut self, connection: &mut Connection, request: &Request) -> bool {
        let began = Instant::now();
        match connection.send(request) {
            Ok(answer) if request.is_answered_by(&answer) => self.count(began, None),
            Ok(answer) => {
                let body = String::from_utf8_lossy(answer.body).into_owned();
                self.count(began, Some(format!("{} {body}", answer.status)));
            }
            Err(error) => {
                self.count(began, Some(error.to_string()));
                return false;
            }
        }
        true
    }
}

/// Lets the clients loose on a server.
pub(crate) fn drive(address: &str, server: u32, feed: &Feed, bounds: Bounds) -> Tally {
    let (start, next) = (Barrier::new(bounds.clients + 1), AtomicUsize::new(0));
    let client = |number: usize| {
        let connection = Connection::open(address);
        start.wait();
        run(connection, number, feed, bounds, &next)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..bounds.clients)
            .map(|number| {
                let client = &client;
                let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
                thread.spawn_scoped(scope, move || client(number)).expect("a thread for each client")
            })
            .collect();
        let before = Usage::now(server);
        start.wait();
        let began = Instant::now();
        let mut all = Tally::default();
        for thread in threads {
            let one = thread.join().expect("a client does not panic");
            all.merge(one.sent, one.latencies, one.errors, one.error);
        }
        all.elapsed = began.elapsed();
        all.usage = before.zip(Usage::now(server)).map(|(before, after)| after.since(before));
        all
    })
}

fn run(
    connection: io::Result<Connection>,
    number: usize,
    feed: &Feed,
    bounds: Bounds,
    next: &AtomicUsize,
) -> Tally {
    let mut tally = Tally::default();
    let began = Instant::now();
    let mut connection = match connection {
        Ok(connection) => connection,
        Err(error) => {
            tally.count(began, Some(error.to_string()));
            return tally;
        }
    };
    while began.elapsed() < bounds.time && !interrupt::is_asked() {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        if turn >= bounds.requests {
            break;
        }
        let request = match feed {
            Feed::Repeat(requests) => &requests[number % requests.len()],
            Feed::Once(requests) => match requests.get(turn) {
                Some(request) => request,
                None => break,
            },
        };
        if !tally.send(&mut connection, request) {
            break;
        }
    }
    tally
}

/// Sends a request now and then, until it is told to stop.
pub(crate) fn trickle(address: &str, request: &Request, pause: Duration, stop: &AtomicBool) -> Tally {
    let mut tally = Tally::default();
    let began = Instant::now();
    match Connection::open(address) {
        Ok(mut connection) => {
            while !stop.load(Ordering::Relaxed) && tally.send(&mut connection, request) {
                std::thread::park_timeout(pause);
            }
        }
        Err(error) => tally.count(began, Some(error.to_string())),
    }
    tally.elapsed = began.elapsed();
    tally
}

/// Sends every request once, as preparation, and returns the answers' bodies in their order.
///
/// # Errors
///
/// The first answer that was not the expected one.
pub(crate) fn collect(address: &str, requests: &[Request]) -> Result<Vec<Value>, String> {
    let next = AtomicUsize::new(0);
    let clients = PREPARING.min(requests.len());
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..clients).map(|_| scope.spawn(|| collect_some(address, requests, &next))).collect();
        let some = threads.into_iter().map(|thread| thread.join().expect("a client does not panic"));
        some.collect::<Result<Vec<_>, _>>()
    })?;
    let mut all: Vec<(usize, Value)> = answers.into_iter().flatten().collect();
    all.sort_by_key(|(turn, _)| *turn);
    Ok(all.into_iter().map(|(_, value)| value).collect())
}

fn collect_some(
    address: &str,
    requests: &[Request],
    next: &AtomicUsize,
) -> Result<Vec<(usize, Value)>, String> {
    let mut connection = Connection::open(address).map_err(|error| error.to_string())?;
    let mut answers = Vec::new();
    loop {
        let turn = next.fetch_add(1, Ordering::Relaxed);
        let Some(request) = requests.get(turn) else { return Ok(answers) };
        interrupt::check()?;
        let answer = connection.send(request).map_err(|error| error.to_string())?;
        if !request.is_answered_by(&answer) {
            return Err(format!("{} {}", answer.status, String::from_utf8_lossy(answer.body)));
        }
        answers.push((turn, serde_json::from_slice(answer.body).map_err(|error| error.to_string())?));
    }
}
