//! A table without some of its rows, every other byte as it was.

use crate::format::csv::scan::Scanner;
use std::collections::BTreeSet;

/// The text of a table without the rows that stand on one of these lines; nothing if the header is among them.
///
/// Time O(n log l) for a text of n bytes and l lines.
///
/// # Example
/// ```
/// use powermap::format::csv::without_rows;
///
/// let text = b"id,type\nada,person\n\"b\nob\",person\n";
/// let kept = without_rows(text, &[4].into()).unwrap();
/// assert_eq!(kept, b"id,type\nada,person\n");
/// assert_eq!(without_rows(text, &[1].into()), None);
/// ```
pub fn without_rows(bytes: &[u8], lines: &BTreeSet<u64>) -> Option<Vec<u8>> {
    let mut scanner = Scanner::new(bytes);
    let mut kept = Vec::with_capacity(bytes.len());
    let mut is_header = true;
    loop {
        let (start, first_line) = scanner.position();
        let row = scanner.next_row();
        let (end, next_line) = scanner.position();
        // A last row without a line end ends on the line that it is on.
        let past = next_line.max(first_line + 1);
        let is_bad = lines.range(first_line..past).next().is_some();
        if is_bad && is_header {
            return None;
        }
        if !is_bad {
            kept.extend_from_slice(bytes.get(start..end).unwrap_or_default());
        }
        is_header = false;
        if row.is_none() || end >= bytes.len() {
            return Some(kept);
        }
    }
}
