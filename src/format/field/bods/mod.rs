//! The Beneficial Ownership Data Standard: statements of version 0.4, and of 0.2 and 0.3 before it.
//!
//! `docs/formats/bods.md` says what becomes what.

mod interest;
mod party;
mod relationship;
pub(super) mod write;

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, id, id_of};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::model::name::Tier;
use crate::model::record::Document;
use crate::model::time::TimeSpan;
use oxigraph::model::NamedNode;
use powermap_rdf::FormatError;
use rustc_hash::FxHashMap;

/// Reads statements.
pub(super) struct Reader {
    /// The edges that the last statement about each relationship told of.
    edges: FxHashMap<String, Vec<NamedNode>>,
    /// The edges that are made of a relationship that no statement has told of yet.
    awaiting: FxHashMap<String, Vec<NamedNode>>,
    /// In versions before 0.4: the first statement of the line that each statement replaces.
    first: FxHashMap<String, String>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            edges: FxHashMap::default(),
            awaiting: FxHashMap::default(),
            first: FxHashMap::default(),
        }
    }

    /// Returns the record that a statement of an older version is about: the first one that it replaces, or itself.
    fn first_of(&self, statement: &str) -> String {
        let first = self.first.get(statement);
        first.map_or_else(|| statement.to_owned(), Clone::clone)
    }
}

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Entity,
    Person,
    Relationship,
}

impl Sort {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "entity" | "entityStatement" => Self::Entity,
            "person" | "personStatement" => Self::Person,
            "relationship" | "ownershipOrControlStatement" => Self::Relationship,
            _ => return None,
        })
    }
}

/// A statement apart from what it says.
struct Statement {
    /// The record, of which there may be further statements.
    record: String,
    source: Source,
    is_closed: bool,
}

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        let own = fields
            .text("statementId")
            .or_else(|| fields.text("statementID"));
        let sort = fields
            .text("recordType")
            .or_else(|| fields.text("statementType"));
        let (Some(own), Some(sort)) = (own, sort) else {
            return Err(gather
                .wrong("a statement has a 'statementId' and a 'recordType', which are texts")
                .with_hint("in versions before 0.4, 'statementID' and 'statementType'"));
        };
        let Some(sort) = Sort::of(&sort) else {
            let error = gather.wrong(format!("'{sort}' is no type of record"));
            return Err(error.with_hint("entity, person or relationship are expected"));
        };
        let record = fields.text("recordId").unwrap_or_else(|| {
            for replaced in fields.texts("replacesStatements") {
                let first = self.first_of(&replaced);
                self.first.insert(own.clone(), first);
            }
            self.first_of(&own)
        });
        let status = fields.text("recordStatus");
        let mut source = source(&mut fields, &own, gather);
        source.locator = own;
        let mut details = Fields::default();
        match fields.has("recordDetails") {
            true => {
                fields.inside("recordDetails", |inside| details = std::mem::take(inside));
            }
            // Before 0.4, what is said stands beside who says it.
            false => details = std::mem::take(&mut fields),
        }
        if let Some(status) = status.as_deref().filter(|status| *status != "new") {
            details.put_back("recordStatus", status);
        }
        // Whose declaration it is part of, who asserted it, and notes on it are told with the rest.
        for key in ["declaration", "declarationSubject", "source", "annotations"] {
            if let Some(field) = fields.split_off(key) {
                details.merge(field);
            }
        }
        let statement = Statement {
            record,
            source,
            is_closed: status.as_deref() == Some("closed"),
        };
        gather.left(LeftOutReason::NoPlace, "", &fields);
        match sort {
            Sort::Entity | Sort::Person => party::read(sort, &statement, details, gather),
            Sort::Relationship => relationship::read(self, &statement, details, gather),
        }
        Ok(())
    }
}

/// Returns where a statement comes from: its publisher, and that one's source.
fn source(fields: &mut Fields, own: &str, gather: &mut Gather<'_>) -> Source {
    let (mut publisher, mut published) = (None, None);
    fields.inside("publicationDetails", |details| {
        publisher = details
            .inside("publisher", |publisher| publisher.text("name"))
            .flatten();
        published = gather.date("publicationDetails", details, "publicationDate");
        gather.no_place(
            "publicationDetails",
            details,
            &["bodsVersion", "license", "publisher"],
        );
    });
    let (mut types, mut url, mut description) = (Vec::new(), None, None);
    fields.inside("source", |source| {
        types = source.texts("type");
        url = source.text("url");
        description = source.text("description");
    });
    let publisher = publisher.unwrap_or_else(|| gather.source_name().to_owned());
    let parts = [
        publisher.as_str(),
        &types.join(" "),
        url.as_deref().unwrap_or_default(),
    ];
    let document = gather.document(id_of("bods-source", &parts), || Document {
        title: Some(match &description {
            Some(description) => format!("{publisher}: {description}"),
            None => publisher.clone(),
        }),
        tier: tier(&types),
        url: url
            .clone()
            .filter(|url| NamedNode::new(url.as_str()).is_ok()),
        ..Document::default()
    });
    let said = gather.date("", fields, "statementDate");
    Source {
        document,
        locator: own.to_owned(),
        said: said.or(published),
    }
}

/// Returns how near to the facts a source is, by its types.
fn tier(types: &[String]) -> Option<Tier> {
    let has = |name: &str| types.iter().any(|known| known == name);
    if has("officialRegister") || has("selfDeclaration") || has("verified") {
        return Some(Tier::Primary);
    }
    (has("thirdParty") || has("primaryResearch")).then_some(Tier::Aggregator)
}

/// Returns the id of the player that a record is about.
fn party_id(record: &str) -> NamedNode {
    id("bods", record)
}

/// Returns the time that the text of a field states: the day of a moment.
fn day(word: &str, fields: &mut Fields, key: &str, gather: &mut Gather<'_>) -> Option<TimeSpan> {
    gather.date(word, fields, key)
}
