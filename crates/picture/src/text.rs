//! Text that is safe to draw, and how wide it is.
//!
//! A writer does not know which font the reader has. Widths are those of Helvetica and of the fonts with the
//! same metrics (Arial, Liberation Sans), with some room to spare, so that a box measured here is wide enough in most
//! fonts.

use unicode_width::UnicodeWidthChar;

/// The widths of the printable ASCII characters in thousandths of the font size (Adobe's metrics of Helvetica).
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// How much wider than Helvetica a font may be.
const ROOM: f64 = 1.08;
/// The most combining marks that may follow each other; more of them would climb over other lines.
const MARKS_MAX: usize = 3;

/// Returns a text without whatever could break a picture: control characters, marks of direction, invisible characters, towers
/// of combining marks; white space becomes single spaces; text of more than `chars_max` characters is cut with an
/// ellipsis.
///
/// ```
/// use powermap_picture::clean_text;
///
/// assert_eq!(clean_text(" Open\u{0}\u{202e}AI\n Inc. ", 20), "OpenAI Inc.");
/// assert_eq!(clean_text("abcdef", 4), "abc…");
/// ```
pub fn clean_text(text: &str, chars_max: usize) -> String {
    let mut cleaned = String::new();
    let (mut marks, mut count) = (0, 0);
    let mut chars = text.chars().filter(|c| !is_unsafe(*c)).peekable();
    while let Some(character) = chars.next() {
        let character = if character.is_whitespace() {
            ' '
        } else {
            character
        };
        if character == ' ' && (cleaned.is_empty() || cleaned.ends_with(' ')) {
            continue;
        }
        let is_mark = character.width() == Some(0);
        marks = if is_mark { marks + 1 } else { 0 };
        if marks > MARKS_MAX {
            continue;
        }
        if !is_mark {
            count += 1;
        }
        if count >= chars_max && !is_mark && chars.peek().is_some() {
            cleaned.truncate(cleaned.trim_end().len());
            cleaned.push('…');
            return cleaned;
        }
        cleaned.push(character);
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// Returns whether a character is not drawn, not allowed in XML, or turns the direction of what follows.
fn is_unsafe(character: char) -> bool {
    (character.is_control() && !character.is_whitespace())
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        || (character as u32) & 0xfffe == 0xfffe
}

/// Returns the width of a text at a font size.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size * ROOM
}

fn advance(character: char) -> f64 {
    let place = (character as usize).wrapping_sub(' ' as usize);
    if let Some(width) = ASCII.get(place) {
        return f64::from(*width) / 1000.0;
    }
    match character.width() {
        None | Some(0) => 0.0,
        // A full width is a square; with the room to spare it is a bit more than that.
        Some(2) => 1.0 / ROOM * 1.02,
        Some(_) if matches!(character, '≤' | '≥' | '≈' | '×' | '−') => 0.584,
        Some(_) if matches!(character, '…' | '—' | '→') => 1.0,
        Some(_) if character.is_uppercase() => 0.74,
        Some(_) => 0.6,
    }
}

/// Breaks a text into lines no wider than `width_max`; what does not fit on `lines_max` lines ends in an ellipsis.
///
/// Lines break at spaces, after hyphens, between wide characters, and inside a word that is wider than a line; never inside
/// a day, or between a number and its unit.
pub(crate) fn wrap(text: &str, size: f64, width_max: f64, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let candidate = format!("{line}{piece}");
        if width(candidate.trim_end(), size) <= width_max {
            line = candidate;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
        }
        line = piece.trim_start().to_owned();
        while width(line.trim_end(), size) > width_max && line.chars().count() > 1 {
            let rest = split_off(&mut line, size, width_max);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            while width(last, size) + width("…", size) > width_max && last.chars().count() > 1 {
                last.pop();
            }
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

/// Cuts a line where it is full and returns the rest.
fn split_off(line: &mut String, size: f64, width_max: f64) -> String {
    let mut used = 0.0;
    for (at, character) in line.char_indices() {
        used += advance(character) * size * ROOM;
        if used > width_max && at > 0 {
            return line.split_off(at);
        }
    }
    String::new()
}

/// Splits a text into parts that a line may end after.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    while let Some((at, character)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let last = before.replace(character);
        if last.is_some_and(|last| keeps_together(last, character, next)) {
            continue;
        }
        let is_wide = |c: char| c.width() == Some(2);
        let closes = |c: char| matches!(c, '）' | '，' | '。' | '、' | '”' | '》' | '；' | '：');
        let breaks = matches!(character, ' ' | '-' | '–' | '/')
            || (is_wide(character) && character != '（' && next.is_some_and(|n| !closes(n)))
            || next.is_some_and(|n| is_wide(n) && !closes(n) && character != '（');
        if breaks {
            let end = at + character.len_utf8();
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Returns whether a line must not end at a character: at the space between a sign, a number and a unit, at the hyphens of
/// a day and the dash of a span, and before a currency.
fn keeps_together(last: char, character: char, next: Option<char>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    match character {
        ' ' => is_digit(last) || matches!(last, '≤' | '≥' | '≈'),
        '-' | '–' => is_digit(last) && next.is_some_and(is_digit),
        '亿' | '万' => is_digit(last) || last == ' ',
        _ if next == Some('元') => true,
        _ => false,
    }
}

/// Returns whether an address is one of the web; only these become links, since a script has no business in a picture.
pub(crate) fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Returns whether any of a text is written from right to left.
pub(crate) fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towers_of_marks_are_cut_down() {
        let tower = format!("a{}b", "\u{301}".repeat(10_000));
        assert_eq!(clean_text(&tower, 10), "a\u{301}\u{301}\u{301}b");
        assert_eq!(clean_text(&"字".repeat(10_000), 5).chars().count(), 5);
    }

    #[test]
    fn lines_fit() {
        for text in [
            "甲骨文与软银集团控股公司",
            "Donaudampfschifffahrtsgesellschaft AG",
            "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        ] {
            for line in wrap(text, 12.0, 60.0, 3) {
                assert!(width(&line, 12.0) <= 61.0, "{line}");
            }
            assert!(wrap(text, 12.0, 60.0, 3).len() <= 3);
        }
        assert_eq!(
            wrap("Amazon Web Services", 12.0, 80.0, 2),
            ["Amazon Web", "Services"]
        );
        let amounts = [
            ("up to $500 bn can", "$500 bn"),
            ("came on 2025-10-28 or", "2025-10-28"),
            ("about $13–44 bn more", "$13–44 bn"),
            ("can be ≤ $9 bn", "≤ $9 bn"),
            ("一共有 1,300 亿美元可以", "1,300 亿美元"),
        ];
        for (text, whole) in amounts {
            for room in 50..120 {
                let lines = wrap(text, 12.0, f64::from(room), 9);
                let has_room = width(whole, 12.0) <= f64::from(room);
                let is_whole = lines.iter().any(|line| line.contains(whole));
                assert!(is_whole || !has_room, "{room}: {lines:?}");
            }
        }
        assert_eq!(wrap("", 12.0, 60.0, 2), Vec::<String>::new());
        assert!(!wrap("字", 12.0, 0.0, 2).is_empty());
    }
}
