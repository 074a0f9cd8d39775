//! An operator's colour, and what can be read on it and beside it (WCAG 2.2, 1.4.3 and 1.4.11).

use std::fmt;
use std::str::FromStr;

/// A colour in sRGB; as text `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// A text is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written #rrggbb")]
pub struct ColourError;

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0; 3]);

/// The darkest ground of the light pages and the lightest one of the dark pages, as `pages.css` has them: what can be
/// read there can be read on the others.
const LIGHT_GROUND: Colour = Colour([0xf5, 0xf6, 0xf8]);
const DARK_GROUND: Colour = Colour([0x1f, 0x22, 0x28]);

/// The least contrast of a text (WCAG 2.2, level AA).
const READABLE: f64 = 4.5;

impl Default for Colour {
    /// Returns a blue.
    fn default() -> Self {
        Self([0x1d, 0x4e, 0xd8])
    }
}

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(ColourError);
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| ColourError);
        Ok(Self([part(0)?, part(2)?, part(4)?]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// Returns the style sheet that brings the colour onto the pages: buttons have it as it is, links and outlines as much
    /// darker or lighter as their ground asks for; on dark pages the lightened one does for all.
    pub(super) fn stylesheet(self) -> String {
        let light = self.readable_on(LIGHT_GROUND, BLACK);
        let dark = self.readable_on(DARK_GROUND, WHITE);
        let rules = |button: Self, accent: Self| {
            format!(":root {{ --button: {button}; --on-button: {}; --accent: {accent}; }}", button.text())
        };
        format!("{}\n@media (prefers-color-scheme: dark) {{\n{}\n}}\n", rules(self, light), rules(dark, dark))
    }

    /// Returns white or black, whichever can be read better on this colour; one of them always has over 4.5:1.
    fn text(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// Returns the colour, mixed with as little of another as makes it readable on a ground.
    fn readable_on(self, ground: Self, other: Self) -> Self {
        let mixed = |share: u16| {
            let mut parts = self.0;
            for (part, other) in parts.iter_mut().zip(other.0) {
                let sum = u16::from(*part) * (32 - share) + u16::from(other) * share;
                *part = u8::try_from(sum / 32).unwrap_or(u8::MAX);
            }
            Self(parts)
        };
        (0..=32).map(mixed).find(|colour| colour.contrast(ground) >= READABLE).unwrap_or(other)
    }

    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// The relative luminance of WCAG 2.2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!("#1D4ed8".parse(), Ok(Colour::default()));
        assert_eq!(Colour::default().to_string(), "#1d4ed8");
        for bad in
            ["", "#", "1d4ed8", "#1d4ed", "#1d4ed80", "#1d4edg", "#+1+2+3", "red", "#\u{e9}\u{e9}\u{e9}"]
        {
            assert_eq!(bad.parse::<Colour>(), Err(ColourError), "{bad}");
        }
    }

    #[test]
    fn every_colour_can_be_read_in_both_schemes() {
        let steps = [0u8, 40, 80, 120, 160, 200, 255];
        for red in steps {
            for green in steps {
                for blue in steps {
                    let colour = Colour([red, green, blue]);
                    let light = colour.readable_on(LIGHT_GROUND, BLACK);
                    let dark = colour.readable_on(DARK_GROUND, WHITE);
                    for (one, two) in [
                        (light, LIGHT_GROUND),
                        (light, WHITE),
                        (dark, DARK_GROUND),
                        (dark, dark.text()),
                        (colour, colour.text()),
                    ] {
                        assert!(one.contrast(two) >= READABLE, "{one} on {two}, from {colour}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_readable_colour_stays_as_it_is() {
        assert_eq!(Colour::default().readable_on(WHITE, BLACK), Colour::default());
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let style = include_str!("../../assets/pages.css");
        assert!(style.contains(&LIGHT_GROUND.to_string()) && style.contains(&DARK_GROUND.to_string()));
    }
}
