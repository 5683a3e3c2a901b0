//! Short ids of edges, for people who type them.

use crate::model::content_id::fnv1a;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use std::borrow::Cow;

/// An id of so few characters is short as it is.
const SHORT_MAX: usize = 8;
/// What stands before the characters of a hash.
const MARK: &str = "e-";
/// How many characters of the hash are shown: two of a hundred thousand edges share them with a chance of one in 300.
const LENGTH: usize = 5;
/// Digits and letters without those that look like others (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Returns a short id of an edge, the same in every map: its own where that is short, else some letters of its hash.
///
/// ```
/// use powermap::model::short_id;
/// use powermap::model::vocabulary::expand;
/// let edge = expand("id:nvidia-openai-2025-09-equity").unwrap();
/// assert_eq!(short_id(&edge).len(), 7);
/// assert_eq!(short_id(&expand("id:e1").unwrap()), "e1");
/// ```
pub fn short_id(edge: &NamedNode) -> Cow<'_, str> {
    let own = short_name(edge.as_str());
    if own.len() <= SHORT_MAX {
        return Cow::Borrowed(own);
    }
    let hash = fnv1a(edge.as_str().as_bytes());
    // The last bytes of a text change the lower bits most, those before them the upper ones.
    let mut bits = hash ^ (hash >> 32);
    let mut short = MARK.to_owned();
    for _ in 0..LENGTH {
        short.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
    Cow::Owned(short)
}

/// Returns the edges that have this short id. O(n).
pub(crate) fn of_short_id<'a>(
    text: &str,
    edges: impl Iterator<Item = &'a NamedNode>,
) -> Vec<&'a NamedNode> {
    match text.starts_with(MARK) && text.len() == MARK.len() + LENGTH {
        true => edges.filter(|edge| short_id(edge) == text).collect(),
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::expand;

    #[test]
    fn short_ids_are_found_again() {
        let edges: Vec<_> = (0..2_000)
            .map(|number| expand(&format!("id:buyer-seller-supply-{number}")).unwrap())
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for edge in &edges {
            let short = short_id(edge);
            assert!(of_short_id(&short, edges.iter()).contains(&edge));
            seen.insert(short.into_owned());
        }
        // They share none, or next to none.
        assert!(seen.len() > 1_995, "{}", seen.len());
        assert!(of_short_id("buyer-seller-supply-1", edges.iter()).is_empty());
    }
}
