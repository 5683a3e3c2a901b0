//! The Global Legal Entity Identifier Foundation: entities (level 1), relationships (level 2) and reporting exceptions, as
//! CSV, XML or JSON.
//!
//! `docs/formats/gleif.md` says what becomes what.

mod entity;
mod exception;
mod relationship;

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, id};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::model::name::Tier;
use crate::model::record::Document;
use crate::model::time::TimeSpan;
use oxigraph::model::NamedNode;
use powermap_rdf::FormatError;

/// Reads records of the register.
pub(super) struct Reader {
    /// The day of the file.
    day: Option<TimeSpan>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { day: None }
    }

    /// Returns where a record stands: the file of its level on its day, apart by how far the register checked it.
    fn source(
        &self,
        title: &str,
        locator: String,
        registration: &mut Fields,
        gather: &mut Gather<'_>,
    ) -> Source {
        let validation = registration.text("ValidationSources");
        let is_checked = validation.as_deref() == Some("FULLY_CORROBORATED");
        let day = self.day.map_or_else(String::new, |day| format!("-{day}"));
        let checked = validation.as_deref().unwrap_or_default().to_lowercase();
        let document = id("gleif", &format!("{title}{day}-{checked}"));
        let document = gather.document(document, || Document {
            title: Some(match &validation {
                Some(validation) => format!("GLEIF: {title} ({validation})"),
                None => format!("GLEIF: {title}"),
            }),
            issued: self.day,
            tier: Some(if is_checked {
                Tier::Primary
            } else {
                Tier::Aggregator
            }),
            ..Document::default()
        });
        Source {
            document,
            locator,
            said: gather.date("Registration", registration, "LastUpdateDate"),
        }
    }
}

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        if item.name.ends_with("Header") {
            self.day = gather.date("Header", &mut fields, "ContentDate");
            gather.left(LeftOutReason::NoPlace, "Header", &fields);
            return Ok(());
        }
        if fields.has("Relationship") {
            return relationship::read(self, fields, gather);
        }
        let Some(lei) = fields.text("LEI") else {
            return Err(gather
                .wrong("the record has no 'LEI', which is a text")
                .with_hint("an entity, a relationship or a reporting exception is expected"));
        };
        match ["ExceptionCategory", "Exception"]
            .iter()
            .any(|key| fields.has(key))
        {
            true => exception::read(self, &lei, fields, gather),
            false => entity::read(self, &lei, fields, gather),
        }
        Ok(())
    }
}

/// Returns the id of the entity with a legal entity identifier.
fn entity_id(lei: &str) -> NamedNode {
    id("lei", &lei.trim().to_ascii_uppercase())
}

/// Takes the objects in a list, of which XML and CSV have each within an element of its own.
fn each_within(fields: &mut Fields, list: &str, one: &str, mut take: impl FnMut(&mut Fields)) {
    let mut is_wrapped = false;
    fields.inside(list, |inner| {
        is_wrapped = inner.has(one) || inner.keys().any(|key| key.parse::<u8>().is_ok());
        let keys: Vec<_> = inner.keys().map(str::to_owned).collect();
        for key in keys
            .iter()
            .filter(|key| *key == one || key.parse::<u8>().is_ok())
        {
            inner.each(key, &mut take);
        }
    });
    if !is_wrapped {
        fields.each(list, take);
    }
}
