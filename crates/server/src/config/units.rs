//! Lengths of time and sizes, written with their unit.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// A length of time such as `30d`, `24h`, `15m`, `90s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span(pub Duration);

/// A number of bytes such as `1MiB`, `512KiB`, `100B`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub usize);

const SECONDS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)];
const BYTES: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        number_with_unit(text, &SECONDS).map(|seconds| Self(Duration::from_secs(seconds))).ok_or_else(|| {
            format!("{text:?} is not a length of time such as \"30d\", \"24h\", \"15m\" or \"90s\"")
        })
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        number_with_unit(text, &BYTES)
            .and_then(|bytes| usize::try_from(bytes).ok().map(Self))
            .ok_or_else(|| format!("{text:?} is not a size such as \"1MiB\", \"512KiB\" or \"100B\""))
    }
}

fn number_with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("30d", 30 * 86_400)]
    #[case("24h", 86_400)]
    #[case("15m", 900)]
    #[case("90s", 90)]
    #[case("0s", 0)]
    fn a_length_of_time_has_a_number_and_a_unit(#[case] text: &str, #[case] seconds: u64) {
        assert_eq!(text.parse(), Ok(Span(Duration::from_secs(seconds))));
    }

    #[rstest]
    #[case("1MiB", 1 << 20)]
    #[case("512KiB", 512 << 10)]
    #[case("100B", 100)]
    fn a_size_has_a_number_and_a_unit(#[case] text: &str, #[case] bytes: usize) {
        assert_eq!(text.parse(), Ok(Size(bytes)));
    }

    #[rstest]
    fn anything_else_is_refused(
        #[values(
            "",
            "d",
            "1",
            "-1d",
            "1.5h",
            "1 h",
            "1w",
            "1D",
            "99999999999999999999d",
            "9999999999999999999d",
            "1h30m"
        )]
        text: &str,
    ) {
        assert!(text.parse::<Span>().unwrap_err().contains("is not a length of time such as \"30d\""));
        assert!(text.parse::<Size>().unwrap_err().contains("is not a size such as \"1MiB\""));
    }
}
