//! Durations and points in time in words.

use std::time::Duration;

use password_domain::time::Timestamp;
use password_locales::{Locale, Value};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Returns a duration in its two largest units, rounded down, so that a promise is never too long.
pub(crate) fn lifetime(locale: Locale, duration: Duration) -> String {
    let seconds = duration.as_secs();
    let parts = [
        (seconds / DAY, "mail-days"),
        (seconds % DAY / HOUR, "mail-hours"),
        (seconds % HOUR / MINUTE, "mail-minutes"),
        (seconds % MINUTE, "mail-seconds"),
    ];
    let words = |(count, key): &(u64, &str)| {
        locale.text(key, &[("count", Value::Number(i64::try_from(*count).unwrap_or(i64::MAX)))])
    };
    let Some(first) = parts.iter().position(|(count, _)| *count > 0) else { return words(&parts[3]) };
    let larger = words(&parts[first]);
    match parts.get(first + 1) {
        Some(part) if part.0 > 0 => {
            let smaller = words(part);
            locale.text(
                "mail-two-units",
                &[("larger", Value::Text(&larger)), ("smaller", Value::Text(&smaller))],
            )
        }
        _ => larger,
    }
}

/// Returns a point in time to the minute, in UTC.
pub(crate) fn moment(locale: Locale, at: Timestamp) -> String {
    let Ok(at) = jiff::Timestamp::from_microsecond(at.as_micros()) else {
        return locale.text("mail-moment-unknown", &[]);
    };
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    locale.text(
        "mail-moment",
        &[
            ("day", Value::Number(at.day().into())),
            ("month", Value::Number(at.month().into())),
            ("year", Value::Text(&at.year().to_string())),
            ("time", Value::Text(&at.strftime("%H:%M").to_string())),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_language(tag: &str) -> Locale {
        Locale::for_tag(Some(tag))
    }

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
            assert_eq!(lifetime(Locale::ENGLISH, Duration::from_secs(seconds)), words);
        }
        for (tag, words) in [
            ("de", "1 Stunde und 30 Minuten"),
            ("es", "1 hora y 30 minutos"),
            ("fr", "1 heure et 30 minutes"),
            ("pt", "1 hora e 30 minutos"),
            ("ru", "1 час и 30 минут"),
            ("ja", "1時間30分"),
        ] {
            assert_eq!(lifetime(in_language(tag), Duration::from_secs(5400)), words);
        }
    }

    #[test]
    fn a_moment_is_told_in_utc() {
        let at = Timestamp::from_micros(1_795_321_800_000_000);
        for (tag, words) in [
            ("en", "22 November 2026 at 04:30 UTC"),
            ("de", "22. November 2026 um 04:30 Uhr (UTC)"),
            ("es", "22 de noviembre de 2026, 04:30 UTC"),
            ("fr", "22 novembre 2026 à 04:30 UTC"),
            ("pt", "22 de novembro de 2026, 04:30 UTC"),
            ("ru", "22 ноября 2026 г., 04:30 UTC"),
            ("ja", "2026年11月22日 04:30（UTC）"),
        ] {
            assert_eq!(moment(in_language(tag), at), words);
        }
        assert_eq!(moment(Locale::ENGLISH, Timestamp::from_micros(i64::MAX)), "an unknown day");
        for month in 0..12 {
            let at = Timestamp::from_micros((month * 31 + 15) * 86_400_000_000);
            for locale in Locale::ALL {
                assert!(moment(locale, at).contains("1970"), "{locale}");
            }
        }
    }
}
