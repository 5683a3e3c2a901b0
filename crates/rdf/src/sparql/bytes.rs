//! Sizes of collections and terms in bytes.

use oxigraph::model::{NamedNode, Quad, Term, TermRef};

/// Returns how many bytes a vector takes once it has room for `wanted` items: a full one doubles.
pub(crate) fn vec_bytes<T>(vec: &Vec<T>, wanted: usize) -> usize {
    room(vec.capacity(), wanted).saturating_mul(size_of::<T>())
}

/// Returns how many bytes a hash table takes whose entries have `entry` bytes each: an eighth of it stays empty, and
/// each place has a byte of its own.
pub(crate) fn table_bytes(capacity: usize, wanted: usize, entry: usize) -> usize {
    room(capacity, wanted).saturating_mul(8) / 7 * (entry + 1)
}

/// Returns how many bytes a hash table grows by to have room for `wanted` entries.
pub(crate) fn table_growth(capacity: usize, wanted: usize, entry: usize) -> usize {
    table_bytes(capacity, wanted, entry) - table_bytes(capacity, 0, entry)
}

fn room(capacity: usize, wanted: usize) -> usize {
    match wanted <= capacity {
        true => capacity,
        false => wanted.max(2 * capacity),
    }
}

/// Returns how many bytes a key of this many term numbers takes in addition to its entry in the table.
pub(crate) fn key_bytes(numbers: usize) -> usize {
    16 + 4 * numbers
}

/// Returns how many bytes a term takes, or the place of one that is not there.
pub(crate) fn term_bytes(term: Option<TermRef<'_>>) -> usize {
    let text = match term {
        Some(TermRef::NamedNode(node)) => node.as_str().len(),
        Some(TermRef::BlankNode(node)) => node.as_str().len(),
        Some(TermRef::Literal(literal)) => {
            literal.value().len() + literal.language().map_or(0, str::len)
        }
        None => 0,
    };
    size_of::<Option<Term>>() + text
}

/// Returns how many bytes a triple takes, or a quad: its subject and its graph are names, most of which are as long as
/// its predicate.
pub(crate) fn triple_bytes(predicate: &NamedNode, object: &Term) -> usize {
    size_of::<Quad>() + 3 * predicate.as_str().len() + term_bytes(Some(object.as_ref()))
}

/// Returns a number of bytes as people read it.
pub(crate) fn in_words(bytes: usize) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut size = bytes as f64;
    let mut unit = "bytes";
    for next in units {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = next;
    }
    let text = format!("{size:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_in_words() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (2 << 30, "2 GiB"),
        ] {
            assert_eq!(in_words(bytes), words);
        }
    }
}
