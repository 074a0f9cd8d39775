//! One cell of the table: one operation, one number of clients.

use std::time::Duration;

use crate::drive::{Bounds, Feed, Tally, drive};
use crate::interrupt;
use crate::machine::{RawHashing, forget_peak, memory_mib, processors};
use crate::operation::Operation;
use crate::site::Site;
use crate::supply::Supply;

/// How long the machine's own speed is measured before and after each round.
const LONGEST_BURST: Duration = Duration::from_millis(1_000);

/// How long a cell is driven between two such measurements: a shared machine changes its speed within seconds.
const LONGEST_ROUND: Duration = Duration::from_secs(4);

/// What is left of a cell's time is not worth another pause.
const SHORTEST_ROUND: Duration = Duration::from_millis(100);

/// More is prepared than is expected to be sent.
const MARGIN: f64 = 1.2;

/// What one cell shows.
pub(crate) struct Cell {
    pub(crate) operation: Operation,
    pub(crate) clients: usize,
    pub(crate) tally: Tally,
    pub(crate) rounds: Vec<Round>,
    /// The server's peak of resident memory in MiB.
    pub(crate) peak_mib: Option<f64>,
}

/// What one round of a cell shows.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    /// Right answers a second.
    pub(crate) rate: f64,
    /// Raw hashes a second before and after; `None` where the operation hashes nothing.
    pub(crate) raw: Option<[f64; 2]>,
    /// p99 against p50; `None` where nothing was answered.
    pub(crate) spread: Option<f64>,
}

impl Round {
    fn raw_rate(&self) -> Option<f64> {
        self.raw.map(|[before, after]| f64::midpoint(before, after))
    }
}

impl Cell {
    /// Returns how many right answers came a second.
    pub(crate) fn rate(&self) -> f64 {
        self.tally.latencies.len() as f64 / self.tally.elapsed.as_secs_f64()
    }

    /// Returns the machine's raw hashes a second, the median of all rounds.
    pub(crate) fn raw_rate(&self) -> Option<f64> {
        median(self.rounds.iter().filter_map(Round::raw_rate))
    }

    /// Returns by how much the machine's own speed changed meanwhile, as a share of its slowest.
    pub(crate) fn drift(&self) -> Option<f64> {
        let raw = || self.rounds.iter().filter_map(|round| round.raw).flatten();
        Some(raw().reduce(f64::max)? / raw().reduce(f64::min)? - 1.0)
    }

    /// Returns the share of the machine's hashing that the server made use of: the median of all rounds, each against
    /// what the machine did right before and after it.
    pub(crate) fn ratio(&self) -> Option<f64> {
        let evaluations = f64::from(self.operation.evaluations());
        median(self.rounds.iter().filter_map(|round| Some(round.rate * evaluations / round.raw_rate()?)))
    }

    /// Returns p99 against p50, the median of all rounds.
    pub(crate) fn spread(&self) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| round.spread))
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

/// Returns the value in the middle; of two, the mean. `None` where there is none.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(f64::midpoint(lower, upper))
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
        LONGEST_BURST.min(self.time / 4)
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
    let (mut tally, mut rounds) = (Tally::default(), Vec::new());
    while rounds.is_empty() || goes_on(&tally, effort) {
        let time = effort.time.saturating_sub(tally.elapsed).min(LONGEST_ROUND);
        let bounds = Bounds { clients, time, requests: effort.requests - tally.sent };
        let wanted = expected(raw.latest(), clients, evaluations, time).min(bounds.requests);
        let feed = feed(supply, site, wanted)?;
        let before = (evaluations > 0).then(|| raw.rate(effort.burst()));
        if rounds.is_empty() {
            forget_peak(server);
        }
        let round = drive(&site.server.address, server, &feed, bounds);
        let after = (evaluations > 0).then(|| raw.rate(effort.burst()));
        site.evaluations += round.sent as u64 * u64::from(evaluations);
        sent(supply, round.sent);
        let share = |share| percentile_ms(&round.latencies, share);
        rounds.push(Round {
            rate: round.latencies.len() as f64 / round.elapsed.as_secs_f64(),
            raw: before.zip(after).map(<[f64; 2]>::from),
            spread: share(0.99).zip(share(0.5)).map(|(p99, p50)| p99 / p50),
        });
        tally.add(round);
        interrupt::check()?;
    }
    let peak_mib = memory_mib(server, "VmHWM");
    Ok(Cell { operation, clients, tally, rounds, peak_mib })
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
        let round = |rate, raw, spread| Round { rate, raw: Some(raw), spread: Some(spread) };
        let rounds = vec![
            round(45.0, [110.0, 90.0], 1.1),
            round(20.0, [50.0, 50.0], 1.3),
            round(1.0, [80.0, 80.0], 9.0),
        ];
        let cell = Cell { operation: Operation::UserSet, clients: 8, tally, rounds, peak_mib: None };
        assert_eq!((cell.rate(), cell.raw_rate(), cell.ratio()), (45.0, Some(80.0), Some(0.8)));
        assert_eq!((cell.spread(), cell.drift()), (Some(1.3), Some(110.0 / 50.0 - 1.0)));
        let light = Round { rate: 9.0, raw: None, spread: None };
        let light = Cell { operation: Operation::Health, rounds: vec![light], ..cell };
        assert_eq!((light.ratio(), light.drift(), light.spread()), (None, None, None));
    }

    #[test]
    fn a_median_of_an_even_number_lies_between_two() {
        assert_eq!(median([4.0, 1.0, 9.0, 2.0].into_iter()), Some(3.0));
        assert_eq!(median(std::iter::empty()), None);
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
