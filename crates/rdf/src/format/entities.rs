//! Entities of RDF/XML: what they stand for is plain text, and cannot grow beyond bounds.
//!
//! A parser puts the text of an entity in the place of each of its names. Entities that name other entities double with
//! every level, so a few lines would take all memory ("billion laughs"); a long one that is named often does so too. Real
//! files declare namespaces, `<!ENTITY xsd "http://www.w3.org/2001/XMLSchema#">`, which is neither.

use crate::format::error::FormatError;
use memchr::memmem;
use rustc_hash::FxHashMap;

const DECLARATION: &[u8] = b"<!ENTITY";
/// How long a text may become by its entities: this many times its own length, and this many bytes more.
const GROWTH: usize = 16;
const GROWTH_BYTES: usize = 1 << 20;
/// Entities that XML itself declares.
const PREDEFINED: [&[u8]; 5] = [b"amp", b"lt", b"gt", b"apos", b"quot"];

/// Refuses a text whose entities name other entities, or that would become too long by them. O(n).
///
/// Declarations count wherever they stand: the parser reads those in comments of the document type too.
///
/// # Errors
/// [`FormatError::Syntax`] at the declaration, or at the entity with which the text becomes too long.
pub(crate) fn check(bytes: &[u8], source_name: &str) -> Result<(), FormatError> {
    let mut lengths: FxHashMap<&[u8], usize> = FxHashMap::default();
    for start in memmem::find_iter(bytes, DECLARATION) {
        let rest = &bytes[start + DECLARATION.len()..];
        // The parser takes a declaration to end before the next `<`.
        let rest = &rest[..memchr::memchr(b'<', rest).unwrap_or(rest.len())];
        let mut parts = rest.splitn(3, |byte| *byte == b'"');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
            continue;
        };
        if let Some((_, inner)) = names(value).next() {
            let (name, inner) = (in_words(name), in_words(inner));
            let message = format!("the entity {name} refers to the entity &{inner};");
            return Err(FormatError::syntax(source_name, message)
                .at_byte(bytes, start)
                .with_hint(
                    "write out what it stands for: entities inside of entities are not read",
                ));
        }
        let length = lengths.entry(trimmed(name)).or_default();
        *length = value.len().max(*length);
    }
    if lengths.is_empty() {
        return Ok(());
    }
    let most = bytes
        .len()
        .saturating_mul(GROWTH)
        .saturating_add(GROWTH_BYTES);
    let mut total: usize = 0;
    for (at, name) in names(bytes) {
        total = total.saturating_add(lengths.get(name).copied().unwrap_or(0));
        if total > most {
            let message = format!(
                "its entities make it longer than {GROWTH} times its {} bytes",
                bytes.len()
            );
            return Err(FormatError::syntax(source_name, message)
                .at_byte(bytes, at)
                .with_hint("use entities for namespaces only"));
        }
    }
    Ok(())
}

/// Returns the name of a declaration, which a `%` may stand before.
fn trimmed(name: &[u8]) -> &[u8] {
    let name = name.trim_ascii();
    name.strip_prefix(b"%").unwrap_or(name).trim_ascii()
}

fn in_words(name: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(trimmed(name));
    text.chars().take(LONGEST).collect()
}

/// Returns the places of `&` in a text with the names after them, save those that XML declares and single characters.
fn names(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    memchr::memchr_iter(b'&', text).filter_map(|at| {
        let rest = &text[at + 1..];
        let end = memchr::memchr2(b'&', b';', rest).filter(|end| rest[*end] == b';')?;
        let name = &rest[..end];
        let is_declared = !name.starts_with(b"#") && !PREDEFINED.contains(&name);
        is_declared.then_some((at, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_plain_text_of_bounded_length() {
        let head = "<?xml version=\"1.0\"?>\n<!DOCTYPE rdf:RDF [\n";
        let fine = format!(
            "{head}<!ENTITY xsd \"http://a.example/x#&#65;&amp;\">]><r a=\"&xsd;int\">&xsd;</r>"
        );
        assert!(check(fine.as_bytes(), "fine.rdf").is_ok());
        let nested = format!("{head}<!ENTITY a \"ha\"><!ENTITY % b \"&a;&a;\">]>");
        let error = check(nested.as_bytes(), "nested.rdf").unwrap_err();
        assert_eq!(
            error.to_string(),
            "nested.rdf:3:17: the entity b refers to the entity &a;"
        );
        // One long text, named often.
        let (long, often) = ("x".repeat(50_000), "&a;".repeat(50_000));
        let text = format!("{head}<!ENTITY a \"{long}\">]><r>\n{often}</r>");
        let error = check(text.as_bytes(), "long.rdf").unwrap_err();
        assert!(error.to_string().starts_with("long.rdf:4:"), "{error}");
        assert!(error.to_string().contains("16 times"), "{error}");
        // Names that nothing declares stand for nothing.
        let unknown = format!("{head}]><r>{often}</r>");
        assert!(check(unknown.as_bytes(), "unknown.rdf").is_ok());
    }
}
