//! JSON that is no RDF: JSON-LD reads any JSON, and finds nothing in what has no context.

use crate::format::error::FormatError;
use std::collections::BTreeSet;

/// How much of a file is looked at to say what it is.
const LOOKED_AT: usize = 1 << 16;

/// How many names of members a message lists.
const LISTED: usize = 4;

/// Formats of JSON by names of members that their records have.
const OTHERS: [(&str, &[&str]); 5] = [
    (
        "BODS (Beneficial Ownership Data Standard)",
        &["statementId"],
    ),
    (
        "BODS (Beneficial Ownership Data Standard)",
        &["statementID"],
    ),
    ("FollowTheMoney", &["schema", "properties"]),
    ("Wikidata entities", &["claims", "labels"]),
    ("GeoJSON", &["geometry", "properties"]),
];

/// Refuses JSON without a single statement of RDF, unless it has no members either.
///
/// # Errors
/// What the file looks like, and what JSON-LD needs.
pub(super) fn check_is_rdf(bytes: &[u8], source_name: &str) -> Result<(), FormatError> {
    let names = names(&bytes[..bytes.len().min(LOOKED_AT)]);
    let is_empty = names.iter().all(|name| name.starts_with('@'));
    if is_empty {
        return Ok(());
    }
    let has = |name: &&str| names.contains(*name);
    let other = OTHERS.iter().find(|(_, members)| members.iter().all(&has));
    let looks = match other {
        Some((format, _)) => format!("it looks like {format}"),
        None => {
            let listed: Vec<_> = names.iter().take(LISTED).map(String::as_str).collect();
            format!("it has members such as {}", listed.join(", "))
        }
    };
    let message = format!("the file is JSON without a single statement of RDF: {looks}");
    let hint = "JSON-LD has an @context that says which IRIs its members stand for";
    Err(FormatError::syntax(source_name, message).with_hint(hint))
}

/// Returns the names of members in the first part of a JSON text. Strings that cannot be told from names are few, and only
/// make a message longer.
fn names(bytes: &[u8]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut start, mut is_escaped) = (None, false);
    for (at, byte) in bytes.iter().enumerate() {
        match (start, byte) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(first), b'"') => {
                let is_name =
                    bytes[at + 1..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
                if let (true, Ok(name)) = (is_name, std::str::from_utf8(&bytes[first..at])) {
                    names.insert(name.to_owned());
                }
                start = None;
            }
            (None, b'"') => start = Some(at + 1),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_json_is_named() {
        let message =
            |text: &str| check_is_rdf(text.as_bytes(), "x.json").map_err(|e| e.to_string());
        let bods = message(r#"[{"statementId":"s1","recordType":"entity"}]"#).unwrap_err();
        assert!(
            bods.starts_with("x.json: ") && bods.contains("BODS"),
            "{bods}"
        );
        let ftm = message(r#"{"schema": "Company", "properties": {"name": ["A"]}}"#).unwrap_err();
        assert!(ftm.contains("FollowTheMoney"), "{ftm}");
        let other = message(r#"{"a\"b": {"c" : "d"}}"#).unwrap_err();
        assert!(other.contains("members such as a\\\"b, c"), "{other}");
        for nothing in [
            "[]",
            "{}",
            "",
            r#"{"@context": {}, "@graph": []}"#,
            r#"["a"]"#,
        ] {
            assert_eq!(message(nothing), Ok(()), "{nothing}");
        }
    }
}
