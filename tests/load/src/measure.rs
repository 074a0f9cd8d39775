//! One cell of the table: one operation, one number of clients.

use std::time::Duration;

use crate::drive::{Bounds, Feed, Tally, drive};
use crate::interrupt;
use crate::machine::{RawHashing, forget_peak, memory_mib, processors};
use crate::operation::Operation;
use crate::site::Site;
use crate::supply::Supply;

/// How long the machine's own speed is measured before and after a cell.
const LONGEST_BURST: Duration = Duration::from_millis(1_500);

/// What is left of a cell's time is not worth another pause.
const SHORTEST_ROUND: Duration = Duration::from_millis(100);

/// More is prepared than is expected to be sent.
const MARGIN: f64 = 1.2;

/// What one cell shows.
pub(crate) struct Cell {
    pub(crate) operation: Operation,
    pub(crate) clients: usize,
    pub(crate) tally: Tally,
    /// Raw hashes a second before and after; `None` where the operation hashes nothing.
    pub(crate) raw: Option<[f64; 2]>,
    /// The server's peak of resident memory in MiB.
    pub(crate) peak_mib: Option<f64>,
}

impl Cell {
    /// Returns how many right answers came a second.
    pub(crate) fn rate(&self) -> f64 {
        self.tally.latencies.len() as f64 / self.tally.elapsed.as_secs_f64()
    }

    /// Returns the machine's raw hashes a second, as the mean of before and after.
    pub(crate) fn raw_rate(&self) -> Option<f64> {
        self.raw.map(|[before, after]| f64::midpoint(before, after))
    }

    /// Returns how much the machine's own speed changed meanwhile, as a share.
    pub(crate) fn drift(&self) -> Option<f64> {
        self.raw.map(|[before, after]| after / before - 1.0)
    }

    /// Returns the share of the machine's hashing that the server made use of.
    pub(crate) fn ratio(&self) -> Option<f64> {
        Some(self.rate() * f64::from(self.operation.evaluations()) / self.raw_rate()?)
    }

    /// Returns a latency in milliseconds that `share` of all answers did not exceed; `None` where there was none.
    pub(crate) fn latency_ms(&self, share: f64) -> Option<f64> {
        percentile_ms(&self.tally.latencies, share)
    }
}

/// Returns the value in milliseconds that `share` of the values in microseconds do not exceed (nearest rank); `None`
/// where there is none.
pub(crate) fn percentile_ms(micros: &[u32], share: f64) -> Option<f64> {
    let mut sorted = micros.to_vec();
    sorted.sort_unstable();
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).map(|micros| f64::from(*micros) / 1_000.0)
}

/// How long and how much each cell is driven.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) time: Duration,
    pub(crate) requests: usize,
}

impl Effort {
    /// Returns how long the machine's own speed is measured.
    pub(crate) fn burst(self) -> Duration {
        LONGEST_BURST.min(self.time / 2)
    }
}

/// Measures one cell.
///
/// # Errors
///
/// What the server says to a request that is not measured.
pub(crate) fn cell(
    operation: Operation,
    supply: &mut Supply,
    clients: usize,
    effort: Effort,
    site: &mut Site,
    raw: &mut RawHashing,
) -> Result<Cell, String> {
    let server = site.server.process_id();
    let evaluations = operation.evaluations();
    let mut before = None;
    let mut tally = Tally::default();
    while before.is_none() || goes_on(&tally, effort) {
        let time = effort.time.saturating_sub(tally.elapsed);
        let bounds = Bounds { clients, time, requests: effort.requests - tally.sent };
        let wanted = expected(raw.latest(), clients, evaluations, time).min(bounds.requests);
        let feed = feed(supply, site, wanted)?;
        if before.is_none() {
            before = Some(if evaluations > 0 { raw.rate(effort.burst()) } else { raw.latest() });
            forget_peak(server);
        }
        let round = drive(&site.server.address, server, &feed, bounds);
        site.evaluations += round.sent as u64 * u64::from(evaluations);
        sent(supply, round.sent);
        tally.add(round);
        interrupt::check()?;
    }
    let peak_mib = memory_mib(server, "VmHWM");
    let raw = before.filter(|_| evaluations > 0).map(|before| [before, raw.rate(effort.burst())]);
    Ok(Cell { operation, clients, tally, raw, peak_mib })
}

/// Tells whether a cell needs another round. One that fails shows nothing more by going on.
fn goes_on(tally: &Tally, effort: Effort) -> bool {
    tally.errors == 0
        && tally.sent < effort.requests
        && effort.time.saturating_sub(tally.elapsed) > SHORTEST_ROUND
}

/// Returns how many requests the clients may come to send.
pub(crate) fn expected(raw: f64, clients: usize, evaluations: u32, time: Duration) -> usize {
    // One client keeps one processor busy.
    let busy = clients.min(processors()) as f64 / processors() as f64;
    clients + (raw * busy * time.as_secs_f64() / f64::from(evaluations.max(1)) * MARGIN) as usize
}

fn feed(supply: &mut Supply, site: &mut Site, wanted: usize) -> Result<Feed, String> {
    Ok(match supply {
        Supply::Repeated(requests) => Feed::Repeat(requests.clone()),
        Supply::Changes(changes) => Feed::Once(changes.take(site, wanted)?),
        Supply::Tokens(tokens) => Feed::Once(tokens.take(site, wanted)?),
    })
}

fn sent(supply: &mut Supply, count: usize) {
    match supply {
        Supply::Repeated(_) => {}
        Supply::Changes(changes) => changes.sent(count),
        Supply::Tokens(tokens) => tokens.sent(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let micros: Vec<u32> = (1..=100).rev().map(|number| number * 1_000).collect();
        assert_eq!(percentile_ms(&micros, 0.5), Some(50.0));
        assert_eq!(percentile_ms(&micros, 0.99), Some(99.0));
        assert_eq!(percentile_ms(&micros, 1.0), Some(100.0));
        assert_eq!(percentile_ms(&[7_500], 0.01), Some(7.5));
        assert_eq!(percentile_ms(&[], 0.5), None);
    }

    #[test]
    fn a_ratio_compares_evaluations_with_raw_hashes() {
        let tally = Tally { latencies: vec![1_000; 90], elapsed: Duration::from_secs(2), ..Tally::default() };
        let cell = Cell {
            operation: Operation::UserSet,
            clients: 8,
            tally,
            raw: Some([110.0, 90.0]),
            peak_mib: None,
        };
        assert_eq!((cell.rate(), cell.raw_rate(), cell.ratio()), (45.0, Some(100.0), Some(0.9)));
        assert!(cell.drift().is_some_and(|drift| (drift + 2.0 / 11.0).abs() < 1e-9));
        let light = Cell { operation: Operation::Health, raw: None, ..cell };
        assert_eq!((light.ratio(), light.drift()), (None, None));
    }

    #[test]
    fn a_cell_ends_by_time_by_count_and_by_an_error() {
        let effort = Effort { time: Duration::from_secs(5), requests: 100 };
        let tally = |seconds, sent, errors| Tally {
            elapsed: Duration::from_secs(seconds),
            sent,
            errors,
            ..Tally::default()
        };
        assert!(goes_on(&tally(3, 99, 0), effort));
        assert!(!goes_on(&tally(5, 99, 0), effort));
        assert!(!goes_on(&tally(3, 100, 0), effort));
        assert!(!goes_on(&tally(3, 99, 1), effort));
    }

    #[test]
    fn every_client_finds_something_to_send() {
        assert!(expected(0.0, 64, 2, Duration::ZERO) >= 64);
        assert!(expected(100.0, processors(), 2, Duration::from_secs(2)) >= 100);
    }
}
