//! What no single number of requests a second shows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use acceptance::Server;

use crate::client::{Connection, Request};
use crate::drive::{Bounds, Feed, Tally, drive, trickle};
use crate::interrupt;
use crate::machine::{MEMORY_KIB, RawHashing, memory_mib, processors};
use crate::measure::{Effort, expected};
use crate::operation::Operation;
use crate::site::Site;
use crate::supply::{Supply, health, policy_check};

/// How many change passwords meanwhile.
pub(crate) const CHANGING: usize = 64;

/// How long a client of the light requests rests between two.
const PAUSE: Duration = Duration::from_millis(20);

/// How often a server is started.
const STARTS: usize = 10;

/// A server that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(20);

/// How light requests fare while many change passwords.
#[derive(Default)]
pub(crate) struct Light {
    pub(crate) health: Tally,
    pub(crate) check: Tally,
    pub(crate) changes: Tally,
}

/// Sends light requests at a modest pace while 64 clients change passwords.
///
/// # Errors
///
/// What the server says to a request that is not measured.
pub(crate) fn light_requests(effort: Effort, site: &mut Site, raw: &RawHashing) -> Result<Light, String> {
    let Supply::Changes(mut changes) = Supply::new(Operation::LightRequests, site, CHANGING)? else {
        return Err("light requests go beside changes".to_owned());
    };
    let (server, cost) = (site.server.process_id(), Operation::UserSet.evaluations());
    let wanted = expected(raw.latest(), CHANGING, cost, effort.time).min(effort.requests);
    let feed = Feed::Once(changes.take(site, wanted)?);
    let bounds = Bounds { clients: CHANGING, time: effort.time, requests: effort.requests };
    let (address, stop) = (site.server.address.as_str(), AtomicBool::new(false));
    let light = std::thread::scope(|scope| {
        let beside = |request: Request| {
            let stop = &stop;
            scope.spawn(move || trickle(address, &request, PAUSE, stop))
        };
        let (health, check) = (beside(health()), beside(policy_check()));
        let changes = drive(address, server, &feed, bounds);
        stop.store(true, Ordering::Relaxed);
        let [health, check] = [health, check].map(|thread| thread.join().expect("a client does not panic"));
        Light { health, check, changes }
    });
    site.evaluations += light.changes.sent as u64 * u64::from(cost);
    interrupt::check()?;
    Ok(light)
}

/// How a server starts.
pub(crate) struct FirstAnswer {
    /// The median from the start of the process to its first answer.
    pub(crate) time: Duration,
    /// The process's resident memory then, in MiB (median).
    pub(crate) resident_mib: Option<f64>,
}

impl FirstAnswer {
    /// Returns the resident memory without that of the hashing threads, in MiB.
    pub(crate) fn without_pool_mib(&self) -> Option<f64> {
        Some(self.resident_mib? - processors() as f64 * f64::from(MEMORY_KIB) / 1_024.0)
    }
}

/// Starts a server again and again on a database that is there, and waits for its first answer.
///
/// # Errors
///
/// Where there is none.
pub(crate) fn first_answer(server: &mut Server) -> Result<FirstAnswer, String> {
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        interrupt::check()?;
        server.terminate();
        let began = Instant::now();
        server.spawn();
        while !answers(&server.address) {
            if began.elapsed() > PATIENCE {
                return Err("a server that was started again does not answer".to_owned());
            }
            std::thread::yield_now();
        }
        times.push(began.elapsed());
        sizes.extend(memory_mib(server.process_id(), "VmRSS"));
    }
    server.terminate();
    times.sort_unstable();
    sizes.sort_unstable_by(f64::total_cmp);
    let (time, resident_mib) = (times[times.len() / 2], sizes.get(sizes.len() / 2).copied());
    Ok(FirstAnswer { time, resident_mib })
}

fn answers(address: &str) -> bool {
    let request = health();
    let answer = |mut connection: Connection| Some(request.is_answered_by(&connection.send(&request).ok()?));
    Connection::open(address).ok().and_then(answer).unwrap_or(false)
}
