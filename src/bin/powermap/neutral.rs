//! Text that a terminal shows and does not obey: names come from files of others.

use std::io::{self, Write};

/// Returns what stands for a character that a terminal would obey, or that reorders the text around it: escape and other
/// control characters, and the marks that embed or override a direction. Line ends and tabs stay.
fn replacement(character: char) -> Option<char> {
    match character {
        '\n' | '\t' => None,
        // The pictures of control characters stand in their order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('␡'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// Returns a text with nothing in it that a terminal obeys.
pub(crate) fn neutral(text: &str) -> String {
    let shown = text.chars().map(|c| replacement(c).unwrap_or(c));
    shown.collect()
}

/// A writer that passes text on with nothing in it that a terminal obeys.
pub(crate) struct Neutral<W> {
    inner: W,
    /// The beginning of a character whose other bytes have not come yet.
    begun: Vec<u8>,
}

impl<W: Write> Neutral<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            begun: Vec::new(),
        }
    }
}

impl<W: Write> Write for Neutral<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        let all = std::mem::take(&mut self.begun);
        for chunk in all.utf8_chunks() {
            let valid = chunk.valid();
            match valid.chars().any(|c| replacement(c).is_some()) {
                true => self.inner.write_all(neutral(valid).as_bytes())?,
                false => self.inner.write_all(valid.as_bytes())?,
            }
            let rest = chunk.invalid();
            // At the end, a character may only be cut in two.
            let is_last = all.as_ptr_range().end == rest.as_ptr_range().end;
            match is_last
                && rest.len() < 4
                && std::str::from_utf8(rest).is_err_and(|e| e.error_len().is_none())
            {
                true => self.begun = rest.to_vec(),
                false if !rest.is_empty() => self.inner.write_all("\u{fffd}".as_bytes())?,
                false => {}
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_passes() {
        let text = "\u{1b}]0;owned\u{7}a\u{9b}31m\u{202e}b\u{7f}\tc\r\n奥特曼";
        assert_eq!(
            neutral(text),
            "␛]0;owned␇a\u{fffd}31m\u{fffd}b␡\tc␍\n奥特曼"
        );
        // However the bytes come.
        for step in 1..7 {
            let mut out = Vec::new();
            let mut writer = Neutral::new(&mut out);
            for part in text.as_bytes().chunks(step) {
                writer.write_all(part).unwrap();
            }
            assert_eq!(String::from_utf8(out).unwrap(), neutral(text), "{step}");
        }
        let mut out = Vec::new();
        Neutral::new(&mut out).write_all(b"a\xffb").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a\u{fffd}b");
    }
}
