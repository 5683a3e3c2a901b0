//! Ids made from what a thing says: the same on every machine and in every version.

use crate::model::vocabulary::ID;
use oxigraph::model::NamedNode;

/// Returns the id of something that has none, from the word in front of it and the texts that make it what it is.
pub(crate) fn content_id(word: &str, parts: &[&str]) -> NamedNode {
    let mut key = String::new();
    for part in parts {
        key.push_str(part);
        key.push('\u{1e}');
    }
    NamedNode::new_unchecked(format!("{ID}{word}-{:016x}", fnv1a(key.as_bytes())))
}

/// Returns a hash that stays the same on every machine and in every version: 64-bit FNV-1a.
///
/// # Reference
/// G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, *The FNV Non-Cryptographic Hash Algorithm*, IETF draft.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_reference() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn parts_are_kept_apart() {
        assert_ne!(content_id("x", &["a", "bc"]), content_id("x", &["ab", "c"]));
    }
}
