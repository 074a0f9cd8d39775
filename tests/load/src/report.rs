//! What people and programs read of it.

use serde_json::{Value, json};

use crate::machine::Usage;
use crate::measure::{Cell, Round, percentile_ms};
use crate::scenario::{CHANGING, FirstAnswer, Light};

/// Everything that was measured on one database.
pub(crate) struct Findings {
    pub(crate) database: String,
    pub(crate) cells: Vec<Cell>,
    pub(crate) light: Option<Light>,
    pub(crate) first: Option<FirstAnswer>,
    pub(crate) evaluations: Evaluations,
}

/// How many evaluations there were.
pub(crate) struct Evaluations {
    /// By the architecture's promise.
    pub(crate) expected: u64,
    /// By the server's own count; `None` where it does not tell.
    pub(crate) counted: Option<u64>,
}

impl Evaluations {
    /// Tells whether the promise was kept.
    pub(crate) fn agree(&self) -> bool {
        self.counted == Some(self.expected)
    }
}

impl Findings {
    /// Returns what was wrong: answers that were not the expected ones, and evaluations that were not promised.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let name = |cell: &Cell| format!("{} with {} clients", cell.operation.label(), cell.clients);
        let cells = self.cells.iter().map(|cell| (name(cell), &cell.tally));
        let light = self.light.iter().flat_map(|light| {
            [("health", &light.health), ("policy check", &light.check), ("user set", &light.changes)]
        });
        let light = light.map(|(name, tally)| (format!("{name}, light requests"), tally));
        let wrong = cells.chain(light).filter(|(_, tally)| tally.errors > 0);
        let mut complaints: Vec<String> = wrong
            .map(|(name, tally)| {
                let example = tally.error.as_deref().unwrap_or_default();
                format!("{name}: {} wrong answers, such as: {example}", tally.errors)
            })
            .collect();
        if !self.evaluations.agree() {
            complaints.push("the server's evaluations are not the expected ones".to_owned());
        }
        complaints
    }

    /// Returns the tables as Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("### {}\n\n", self.database);
        if !self.cells.is_empty() {
            text.push_str(&table(&HEADINGS, &self.cells.iter().map(row).collect::<Vec<_>>()));
        }
        if let Some(light) = &self.light {
            let rows = [("health", &light.health), ("policy check", &light.check)].map(|(name, tally)| {
                let share = |share| figure(percentile_ms(&tally.latencies, share), 2);
                vec![
                    name.to_owned(),
                    tally.sent.to_string(),
                    share(0.5),
                    share(0.99),
                    share(1.0),
                    tally.errors.to_string(),
                ]
            });
            let rate = light.changes.latencies.len() as f64 / light.changes.elapsed.as_secs_f64();
            text.push_str(&format!(
                "\nLight requests while {CHANGING} clients change passwords ({rate:.1} a second, {} errors):\n\n",
                light.changes.errors
            ));
            text.push_str(&table(&["request", "sent", "p50 ms", "p99 ms", "most ms", "errors"], &rows));
        }
        if let Some(first) = &self.first {
            text.push_str(&format!(
                "\nFirst answer {:.0} ms after the start (median); resident memory then {} MiB, without the hashing \
                 threads' {} MiB.\n",
                first.time.as_secs_f64() * 1_000.0,
                figure(first.resident_mib, 1),
                figure(first.without_pool_mib(), 1),
            ));
        }
        let Evaluations { expected, counted } = &self.evaluations;
        let counted = counted.map_or_else(|| "none, it does not tell".to_owned(), |count| count.to_string());
        text.push_str(&format!("\nEvaluations expected: {expected}; counted by the server: {counted}.\n"));
        text
    }

    /// Returns all figures as JSON.
    pub(crate) fn json(&self) -> Value {
        let light = self.light.as_ref().map(|light| {
            json!({
                "clients_changing": CHANGING,
                "changes_per_second": light.changes.latencies.len() as f64 / light.changes.elapsed.as_secs_f64(),
                "errors": light.changes.errors,
                "health": light_json(&light.health),
                "policy_check": light_json(&light.check),
            })
        });
        let first = self.first.as_ref().map(|first| {
            json!({
                "seconds": first.time.as_secs_f64(),
                "resident_mib": first.resident_mib,
                "without_pool_mib": first.without_pool_mib(),
            })
        });
        json!({
            "database": self.database,
            "cells": self.cells.iter().map(cell_json).collect::<Vec<_>>(),
            "light_requests": light,
            "first_answer": first,
            "evaluations": {"expected": self.evaluations.expected, "counted": self.evaluations.counted},
        })
    }
}

const HEADINGS: [&str; 16] = [
    "operation",
    "clients",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "p99/p50",
    "errors",
    "evaluations",
    "server CPU",
    "load CPU",
    "other CPU",
    "peak MiB",
    "faults/eval.",
    "raw/s",
    "drift",
    "ratio",
];

fn row(cell: &Cell) -> Vec<String> {
    let spent = Spent::of(cell);
    vec![
        cell.operation.label().to_owned(),
        cell.clients.to_string(),
        format!("{:.1}", cell.rate()),
        figure(cell.latency_ms(0.5), 2),
        figure(cell.latency_ms(0.99), 2),
        figure(cell.spread(), 2),
        cell.tally.errors.to_string(),
        cell.operation.evaluations().to_string(),
        figure(spent.server, 2),
        figure(spent.load, 2),
        figure(spent.others, 2),
        figure(cell.peak_mib, 1),
        figure(spent.faults, 1),
        figure(cell.raw_rate(), 1),
        cell.drift().map_or_else(absent, |drift| format!("{:.0}%", drift * 100.0)),
        figure(cell.ratio(), 3),
    ]
}

fn cell_json(cell: &Cell) -> Value {
    let spent = Spent::of(cell);
    json!({
        "operation": cell.operation.label(),
        "clients": cell.clients,
        "sent": cell.tally.sent,
        "seconds": cell.tally.elapsed.as_secs_f64(),
        "requests_per_second": cell.rate(),
        "p50_ms": cell.latency_ms(0.5),
        "p99_ms": cell.latency_ms(0.99),
        "errors": cell.tally.errors,
        "error": cell.tally.error,
        "evaluations": cell.operation.evaluations(),
        "server_cpu": spent.server,
        "load_cpu": spent.load,
        "other_cpu": spent.others,
        "peak_mib": cell.peak_mib,
        "faults_per_evaluation": spent.faults,
        "p99_to_p50": cell.spread(),
        "rounds": cell.rounds.iter().map(round_json).collect::<Vec<_>>(),
        "ratio": cell.ratio(),
    })
}

fn round_json(round: &Round) -> Value {
    json!({
        "requests_per_second": round.rate,
        "raw_before": round.raw.map(|raw| raw[0]),
        "raw_after": round.raw.map(|raw| raw[1]),
        "p99_to_p50": round.spread,
    })
}

fn light_json(tally: &crate::drive::Tally) -> Value {
    let share = |share| percentile_ms(&tally.latencies, share);
    json!({"sent": tally.sent, "p50_ms": share(0.5), "p99_ms": share(0.99), "most_ms": share(1.0),
        "errors": tally.errors, "error": tally.error})
}

/// What a cell cost: processors kept busy, and page faults for each evaluation.
#[derive(Default)]
struct Spent {
    server: Option<f64>,
    load: Option<f64>,
    /// Above all the database's server and the kernel's own threads.
    others: Option<f64>,
    faults: Option<f64>,
}

impl Spent {
    fn of(cell: &Cell) -> Self {
        let Some(Usage { server, load, machine, faults }) = cell.tally.usage else { return Self::default() };
        let seconds = cell.tally.elapsed.as_secs_f64();
        let evaluations = cell.tally.sent as f64 * f64::from(cell.operation.evaluations());
        Self {
            server: Some(server / seconds),
            load: Some(load / seconds),
            others: Some((machine - server - load).max(0.0) / seconds),
            faults: (evaluations > 0.0).then(|| faults / evaluations),
        }
    }
}

fn figure(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(absent, |value| format!("{value:.digits$}"))
}

fn absent() -> String {
    "-".to_owned()
}

/// Writes an aligned Markdown table: the first column to the left, numbers to the right.
fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(String::len);
        cells.chain([headings[column].len(), 4]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let rules = widths.iter().enumerate().map(|(column, &width)| {
        if column == 0 { "-".repeat(width) } else { format!("{}:", "-".repeat(width - 1)) }
    });
    let mut text = line(&headings.iter().map(|&heading| heading.to_owned()).collect::<Vec<_>>());
    text.push_str(&line(&rules.collect::<Vec<_>>()));
    rows.iter().for_each(|row| text.push_str(&line(row)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_markdown() {
        let rows = [vec!["sign-in".to_owned(), "1".to_owned()], vec!["x".to_owned(), "12345".to_owned()]];
        let expected = "\
| name    |  n/s |
| ------- | ---: |
";
        assert!(table(&["name", "n/s"], &rows[..1]).starts_with(expected));
        assert!(table(&["name", "n/s"], &rows).ends_with("| x       | 12345 |\n"));
    }

    #[test]
    fn a_server_that_does_not_tell_does_not_agree() {
        assert!(Evaluations { expected: 7, counted: Some(7) }.agree());
        assert!(!Evaluations { expected: 7, counted: Some(8) }.agree());
        assert!(!Evaluations { expected: 7, counted: None }.agree());
    }
}
