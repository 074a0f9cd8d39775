//! Durations and points in time in words. English; another language gets functions of its own.

use std::time::Duration;

use password_domain::time::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns a duration in its two largest units, rounded down, so that a promise is never too long.
pub(crate) fn lifetime(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / DAY, "day"),
        (seconds % DAY / HOUR, "hour"),
        (seconds % HOUR / MINUTE, "minute"),
        (seconds % MINUTE, "second"),
    ];
    let Some(first) = parts.iter().position(|(count, _)| *count > 0) else { return "0 seconds".to_owned() };
    parts[first..]
        .iter()
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| if *count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") })
        .collect::<Vec<_>>()
        .join(" and ")
}

/// Returns a point in time to the minute, in UTC.
pub(crate) fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.as_micros())
        .map_or_else(|_| "an unknown day".to_owned(), |at| at.strftime("%-d %B %Y at %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_told_in_words() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (90, "1 minute and 30 seconds"),
            (900, "15 minutes"),
            (3600, "1 hour"),
            (3599, "59 minutes and 59 seconds"),
            (5400, "1 hour and 30 minutes"),
            (86_400, "1 day"),
            (2 * 86_400 + 5, "2 days"),
        ] {
            assert_eq!(lifetime(Duration::from_secs(seconds)), words);
        }
    }

    #[test]
    fn a_moment_is_told_in_utc() {
        assert_eq!(moment(Timestamp::from_micros(1_795_321_800_000_000)), "22 November 2026 at 04:30 UTC");
        assert_eq!(moment(Timestamp::from_micros(i64::MAX)), "an unknown day");
    }
}
