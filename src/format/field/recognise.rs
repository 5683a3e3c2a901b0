//! Which format of the field a source is in, by its beginning.

use crate::format::csv::Table;
use crate::format::field::items::Layout;
use crate::format::field::items::input::Input;
use crate::format::field::kind::FieldFormat;
use std::io::{self, Read};
use std::path::Path;

/// How much of a source is looked at.
const HEAD_BYTES: u64 = 1 << 16;

/// Endings of files that hold something else, whatever is in them.
const OTHER_ENDINGS: &[&str] = &[
    "ttl", "trig", "nt", "nq", "rdf", "owl", "jsonld", "pmap", "rdfp", "md", "rq", "svg", "html",
];

/// The elements of XML that are records, by the element that holds them all.
const ELEMENTS: &[(&str, FieldFormat, &[&str])] = &[
    ("edgarSubmission", FieldFormat::Sec, &["edgarSubmission"]),
    // Filings that are told apart from RDF, and not read.
    (
        "ownershipDocument",
        FieldFormat::Sec,
        &["ownershipDocument"],
    ),
    ("informationTable", FieldFormat::Sec, &["infoTable"]),
    ("LEIData", FieldFormat::Gleif, &["LEIHeader", "LEIRecord"]),
    (
        "RelationshipData",
        FieldFormat::Gleif,
        &["Header", "RelationshipRecord"],
    ),
    (
        "ReportingExceptionData",
        FieldFormat::Gleif,
        &["Header", "Exception"],
    ),
];

/// What the headings of tables have that no others have.
const HEADINGS: &[(&[&str], FieldFormat)] = &[
    (&["LEI", "Entity.LegalName"], FieldFormat::Gleif),
    (&["Relationship.StartNode.NodeID"], FieldFormat::Gleif),
    (&["LEI", "Exception.Category"], FieldFormat::Gleif),
    (
        &["CompanyName", "CompanyNumber"],
        FieldFormat::CompaniesHouse,
    ),
    (
        &["node_id_start", "node_id_end", "rel_type"],
        FieldFormat::Icij,
    ),
    (&["node_id", "sourceID"], FieldFormat::Icij),
];

/// What the first record of a source in JSON has, as paths of its fields.
const PATHS: &[(&[&str], FieldFormat)] = &[
    (&["schema", "properties", "id"], FieldFormat::FollowTheMoney),
    (&["statementId", "recordType"], FieldFormat::Bods),
    (&["statementID", "statementType"], FieldFormat::Bods),
    (
        &["company_number", "data", "data.kind"],
        FieldFormat::CompaniesHouse,
    ),
    (
        &["CompanyName", "CompanyNumber"],
        FieldFormat::CompaniesHouse,
    ),
    (
        &["data", "data.kind", "data.etag"],
        FieldFormat::CompaniesHouse,
    ),
    (
        &["data", "data.kind", "data.generated_at"],
        FieldFormat::CompaniesHouse,
    ),
    (&["LEI", "Entity"], FieldFormat::Gleif),
    (&["LEI", "ExceptionCategory"], FieldFormat::Gleif),
    (
        &["Relationship", "Relationship.StartNode"],
        FieldFormat::Gleif,
    ),
    (
        &["type", "id", "labels", "descriptions"],
        FieldFormat::Wikidata,
    ),
    (&["meta", "meta.copyright", "data"], FieldFormat::LittleSis),
    (
        &["type", "attributes", "attributes.entity1_id"],
        FieldFormat::LittleSis,
    ),
    (
        &["type", "attributes", "attributes.primary_ext"],
        FieldFormat::LittleSis,
    ),
];

/// The keys under which a source in JSON may have the list of its records.
const LISTS: &[&str] = &["records", "relations", "exceptions", "statements"];

/// A format, and how its records are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised {
    pub(super) format: FieldFormat,
    pub(super) layout: Layout,
}

/// Returns whether a file can be in a format of the field, by its name alone.
pub(super) fn may_be(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    let ending = ending.as_deref().unwrap_or_default();
    let is_table_of_ours = ending == "csv" && Table::from_path(path).is_ok();
    !is_table_of_ours && !OTHER_ENDINGS.contains(&ending)
}

/// Reads the beginning of a source.
pub(super) fn head(input: &mut Input<'_>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let read = input.take(HEAD_BYTES).read_to_end(&mut head);
    match read {
        // What is damaged later on has a beginning all the same.
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(head),
    }
}

/// Returns the format of a source by its beginning.
pub(super) fn recognised(head: &[u8]) -> Option<Recognised> {
    if head.starts_with(b"PK\x03\x04") {
        return workbook(head);
    }
    let text = head.trim_ascii_start();
    match text.first()? {
        b'{' | b'[' => json(text),
        b'<' => xml(text),
        _ => table(text),
    }
}

/// Returns whether a packed file is a workbook, by the names of its first parts.
fn workbook(head: &[u8]) -> Option<Recognised> {
    let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    let is_excel = has(b"[Content_Types].xml") && !has(b"word/") && !has(b"ppt/");
    let is_workbook = is_excel || has(b"xl/") || has(b"opendocument.spreadsheet");
    is_workbook.then_some(Recognised {
        format: FieldFormat::Workbook,
        layout: Layout::Lines,
    })
}

fn json(text: &[u8]) -> Option<Recognised> {
    let start = Start::of(text);
    let has = |prefix: &str, path: &str| {
        let mut paths = start.paths.iter();
        paths.any(|known| known.strip_prefix(prefix) == Some(path))
    };
    let found = |prefix: &str| {
        let mut all = PATHS.iter();
        all.find(|(paths, _)| paths.iter().all(|path| has(prefix, path)))
    };
    // That is RDF, whatever else it has.
    if has("", "@context") || has("", "@graph") {
        return None;
    }
    if let Some((_, format)) = found("") {
        let is_lines = !start.is_list && !start.has_line_feed;
        return Some(Recognised {
            format: *format,
            layout: if is_lines {
                Layout::Lines
            } else {
                Layout::Json(None)
            },
        });
    }
    let is_item = |path: &String| {
        let item = path.strip_prefix("entities.Q").unwrap_or_default();
        !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit())
    };
    if start.paths.iter().any(is_item) {
        return Some(Recognised {
            format: FieldFormat::Wikidata,
            layout: Layout::Json(None),
        });
    }
    LISTS.iter().find_map(|list| {
        let (_, format) = found(&format!("{list}."))?;
        Some(Recognised {
            format: *format,
            layout: Layout::Json(Some(list)),
        })
    })
}

/// How a source in JSON begins.
#[derive(Debug, Default)]
struct Start {
    /// Whether the first record stands in a list.
    is_list: bool,
    /// The paths of the fields of the first record, as far as they are seen; lists are no step.
    paths: Vec<String>,
    /// Whether the first record goes over several lines.
    has_line_feed: bool,
}

impl Start {
    /// Reads up to the end of the first object, or of the text.
    fn of(text: &[u8]) -> Self {
        let mut start = Self {
            is_list: text.first() == Some(&b'['),
            ..Self::default()
        };
        // For each open bracket, whether it is that of an object, and how long the path before it is.
        let mut open: Vec<(bool, usize)> = Vec::new();
        let (mut path, mut is_key) = (String::new(), false);
        let mut at = usize::from(start.is_list);
        while let Some(byte) = text.get(at) {
            at += 1;
            match byte {
                b'{' => {
                    open.push((true, path.len()));
                    is_key = true;
                }
                b'[' => open.push((false, path.len())),
                b'}' | b']' => {
                    let Some((_, length)) = open.pop() else { break };
                    path.truncate(length);
                    if open.is_empty() {
                        break;
                    }
                }
                b',' => {
                    let last = open.last().copied();
                    is_key = last.is_some_and(|(is_object, _)| is_object);
                    path.truncate(last.map_or(0, |(_, length)| length));
                }
                b'\n' => start.has_line_feed |= !open.is_empty(),
                b'"' => {
                    let rest = &text[at..];
                    let length = string_length(rest);
                    if std::mem::take(&mut is_key) {
                        if !path.is_empty() {
                            path.push('.');
                        }
                        path += &String::from_utf8_lossy(&rest[..length]);
                        start.paths.push(path.clone());
                    }
                    at += length + 1;
                }
                _ => {}
            }
        }
        start
    }
}

/// Returns the length of a string up to its closing quote, or of the text.
fn string_length(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let is_end = |byte: &u8| {
        let is_quote = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_quote
    };
    text.iter().position(is_end).unwrap_or(text.len())
}

fn xml(text: &[u8]) -> Option<Recognised> {
    let text = String::from_utf8_lossy(text);
    // Declarations and comments begin otherwise.
    let mut tags = text.split('<').skip(1);
    let first = tags.find(|tag| tag.starts_with(|c: char| c.is_alphabetic()))?;
    let name = first
        .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        .next()?;
    let local = name.rsplit(':').next()?;
    let (_, format, names) = ELEMENTS.iter().find(|(known, ..)| *known == local)?;
    Some(Recognised {
        format: *format,
        layout: Layout::Xml(names),
    })
}

fn table(text: &[u8]) -> Option<Recognised> {
    let line = text.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    [b',', b';', b'\t'].into_iter().find_map(|separator| {
        let cells = line.split(char::from(separator));
        let headings: Vec<_> = cells.map(|cell| cell.trim().trim_matches('"')).collect();
        let (_, format) = HEADINGS
            .iter()
            .find(|(needed, _)| needed.iter().all(|one| headings.contains(one)))?;
        Some(Recognised {
            format: *format,
            layout: Layout::Table(separator),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(FieldFormat, Layout)> {
        recognised(text.as_bytes()).map(|found| (found.format, found.layout))
    }

    #[test]
    fn sources_are_known_by_their_first_record() {
        use FieldFormat::{Bods, CompaniesHouse, FollowTheMoney, Gleif};
        let ftm = r#"{"id":"a","properties":{"name":["x\"}"]},"schema":"Company"}"#;
        assert_eq!(told(ftm), Some((FollowTheMoney, Layout::Lines)));
        assert_eq!(
            told(&format!("[\n{ftm}]")),
            Some((FollowTheMoney, Layout::Json(None)))
        );
        let bods = "[{\"statementId\":\"1\",\n\"recordType\":\"entity\"}]";
        assert_eq!(told(bods), Some((Bods, Layout::Json(None))));
        let psc = r#"{"company_number":"1","data":{"kind":"x"}}"#;
        assert_eq!(told(psc), Some((CompaniesHouse, Layout::Lines)));
        let lei = r#"{"records":[{"LEI":{"$":"x"},"Entity":{}}]}"#;
        assert_eq!(told(lei), Some((Gleif, Layout::Json(Some("records")))));
        let xml = "<?xml version=\"1.0\"?><!-- <LEIData> --><lei:LEIData xmlns:lei=\"x\">";
        let names: &[&str] = &["LEIHeader", "LEIRecord"];
        assert!(matches!(told(xml), Some((Gleif, Layout::Xml(found))) if found == names));
        assert_eq!(
            told("LEI;Entity.LegalName\nx;y\n"),
            Some((Gleif, Layout::Table(b';')))
        );
        for other in [
            "",
            "{}",
            "[]",
            r#"{"@context":{},"@graph":[{"id":1}]}"#,
            r#"{"@context":"x","id":"a","schema":"b","properties":{}}"#,
            "from,to,family\n",
            "<rdf:RDF>",
            r#"{"id":"a","schema":"x""#,
            "{{{{",
            "\"",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
