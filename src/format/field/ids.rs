//! Ids of what comes from a source.

use crate::model::content_id::content_id;
use crate::model::vocabulary::{ID, PM};
use oxigraph::model::NamedNode;
use std::fmt::Write as _;

/// Returns the id of a thing from a word that says whose id it is, and the id: letters, digits, `-` and `_` as they are,
/// others as their codes.
pub(super) fn id(word: &str, text: &str) -> NamedNode {
    let mut iri = format!("{ID}{word}-");
    for byte in text.trim().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => iri.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => _ = write!(iri, "~{byte:02x}"),
        }
    }
    NamedNode::new_unchecked(iri)
}

/// The registers of companies that the ontology knows, by their codes at org-id.guide.
const REGISTERS: &[&str] = &[
    "GB-COH",
    "GB-CHC",
    "US-EIN",
    "DE-CR",
    "FR-RCS",
    "NL-KVK",
    "BE-BCE_KBO",
    "LU-RCS",
    "CH-FDJP",
    "AT-FB",
    "IE-CRO",
    "DK-CVR",
    "NO-BRC",
    "FI-PRO",
    "IT-RI",
    "PL-KRS",
    "CZ-ICO",
    "UA-EDR",
    "AU-ABN",
    "IN-MCA",
    "JP-JCN",
    "CN-SAIC",
    "HK-CR",
    "IL-ROC",
    "ZA-CIP",
    "BR-CNPJ",
];

/// Returns the scheme of a register by its code.
pub(super) fn register(code: &str) -> Option<NamedNode> {
    let found = REGISTERS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(code))?;
    Some(NamedNode::new_unchecked(format!("{PM}{found}")))
}

/// Returns the id of something that its source does not number, from what it is.
pub(super) fn id_of(word: &str, parts: &[&str]) -> NamedNode {
    content_id(word, parts)
}
