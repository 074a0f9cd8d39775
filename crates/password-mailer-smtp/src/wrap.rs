//! Breaks the paragraphs of a text part into lines.

/// The columns of a line; RFC 5322, section 2.1.1, asks for at most 78.
const COLUMNS: usize = 76;

/// What never begins a line in Japanese: closing marks, small letters and the long vowel.
const NOT_FIRST: &str = "、。，．・：；？！）」』】〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// What never ends a line in Japanese: opening marks.
const NOT_LAST: &str = "（「『【〔";

/// Breaks one paragraph at blanks, and between wide letters, which have none between them. What fits nowhere stays whole.
pub(crate) fn wrap(paragraph: &str) -> String {
    let mut out = String::with_capacity(paragraph.len() + paragraph.len() / COLUMNS + 1);
    let mut column = 0;
    for (blank, piece) in pieces(paragraph) {
        let width: usize = piece.chars().map(width).sum();
        if column > 0 && column + usize::from(blank) + width > COLUMNS {
            out.push('\n');
            column = 0;
        } else if blank && column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(piece);
        column += width;
    }
    out
}

/// Returns what must not be broken, each with whether a blank stands before it.
fn pieces(paragraph: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
        let mut start = 0;
        let mut before = None;
        for (at, c) in word.char_indices() {
            if before.is_some_and(|before| is_break(before, c)) {
                pieces.push((start == 0, &word[start..at]));
                start = at;
            }
            before = Some(c);
        }
        pieces.push((start == 0, &word[start..]));
    }
    pieces
}

fn is_break(before: char, after: char) -> bool {
    width(before) == 2 && width(after) == 2 && !NOT_LAST.contains(before) && !NOT_FIRST.contains(after)
}

/// Two columns for the letters of East Asia and their punctuation, none for marks that only isolate.
fn width(c: char) -> usize {
    match c {
        '\u{2066}'..='\u{2069}' => 0,
        '\u{3000}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff01}'..='\u{ff60}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_broken_at_blanks() {
        let wrapped = wrap(&"word ".repeat(40));
        assert!(wrapped.lines().all(|line| line.len() <= COLUMNS && !line.ends_with(' ')), "{wrapped}");
        assert_eq!(wrapped.lines().count(), 3);
        assert_eq!(wrapped.replace('\n', " "), "word ".repeat(40).trim());
        assert_eq!(wrap("short"), "short");
        assert_eq!(wrap(""), "");
    }

    #[test]
    fn a_word_stays_whole() {
        let long = "x".repeat(200);
        assert_eq!(wrap(&format!("a {long} b")), format!("a\n{long}\nb"));
        let bound = format!("{}\u{a0}: b", "x".repeat(COLUMNS));
        assert_eq!(wrap(&bound), format!("{}\u{a0}:\nb", "x".repeat(COLUMNS)));
    }

    #[test]
    fn japanese_is_broken_between_letters_but_not_before_a_full_stop() {
        let wrapped = wrap(&format!("{}。{}", "あ".repeat(COLUMNS / 2), "い".repeat(50)));
        let lines: Vec<_> = wrapped.lines().collect();
        assert_eq!(lines[0].chars().count(), COLUMNS / 2 - 1);
        assert!(lines[1].starts_with("あ。い") && lines.len() == 3, "{wrapped}");
        assert!(wrap(&format!("{} id.example.org の", "あ".repeat(35))).contains("\nid.example.org の"));
    }
}
