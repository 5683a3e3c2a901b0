//! Prefixes of IRIs: the short names that a query may use without declaring them, and that output is written with.

use std::collections::BTreeMap;

/// Prefixes and their namespaces, in alphabetical order.
///
/// ```
/// use powermap_rdf::Prefixes;
/// let prefixes = Prefixes::from_iter([("ex", "http://example.com/")]);
/// assert_eq!(prefixes.compact("http://example.com/x"), "ex:x");
/// assert_eq!(prefixes.compact("http://example.org/x"), "<http://example.org/x>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prefixes(BTreeMap<String, String>);

impl Prefixes {
    /// Adds a prefix, or replaces its namespace.
    pub fn insert(&mut self, prefix: impl Into<String>, namespace: impl Into<String>) {
        self.0.insert(prefix.into(), namespace.into());
    }

    /// Returns the namespace of a prefix.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        self.0.get(prefix).map(String::as_str)
    }

    /// Lists the pairs of a prefix and its namespace.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str()))
    }

    /// Writes an IRI as `prefix:local` where a prefix fits, else in angle brackets. O(p) for p prefixes.
    pub fn compact(&self, iri: &str) -> String {
        let short = self.iter().find_map(|(prefix, namespace)| {
            let local = iri.strip_prefix(namespace)?;
            is_local_name(local).then(|| format!("{prefix}:{local}"))
        });
        short.unwrap_or_else(|| format!("<{iri}>"))
    }
}

impl<P: Into<String>, N: Into<String>> FromIterator<(P, N)> for Prefixes {
    fn from_iter<I: IntoIterator<Item = (P, N)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(p, n)| (p.into(), n.into())).collect())
    }
}

/// Returns whether a local part can follow a prefix without escapes.
fn is_local_name(local: &str) -> bool {
    !local.ends_with('.')
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Prefixes;

    /// Prefixes for the tests of this crate.
    pub(crate) fn prefixes() -> Prefixes {
        Prefixes::from_iter([
            ("call", "https://w3id.org/powermap/call#"),
            ("foaf", "http://xmlns.com/foaf/0.1/"),
            ("pm", "https://w3id.org/powermap/ns#"),
            ("id", "https://w3id.org/powermap/id/"),
            ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
            ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
            ("xsd", "http://www.w3.org/2001/XMLSchema#"),
            ("sh", "http://www.w3.org/ns/shacl#"),
        ])
    }

    #[test]
    fn writes_a_prefix_only_where_the_rest_is_a_local_name() {
        let prefixes = prefixes();
        assert_eq!(
            prefixes.compact("https://w3id.org/powermap/ns#Claim"),
            "pm:Claim"
        );
        assert_eq!(prefixes.compact("https://w3id.org/powermap/ns#"), "pm:");
        for iri in [
            "https://w3id.org/powermap/ns#a/b",
            "https://w3id.org/powermap/ns#a.",
            "x:y",
        ] {
            assert_eq!(prefixes.compact(iri), format!("<{iri}>"));
        }
        assert_eq!(
            prefixes.namespace("id"),
            Some("https://w3id.org/powermap/id/")
        );
        assert_eq!(prefixes.namespace("ex"), None);
    }
}
