//! Entities and persons.

use crate::format::field::bods::{Sort, Statement, party_id};
use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, register};
use crate::model::name::PlayerType;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNode;

/// Reads a statement about an entity or a person.
pub(super) fn read(
    sort: Sort,
    statement: &Statement,
    mut details: Fields,
    gather: &mut Gather<'_>,
) {
    let node = party_id(&statement.record);
    let (player_type, unnamed) = match sort {
        Sort::Person => (PlayerType::Person, person_type(&mut details)),
        _ => entity_type(&mut details),
    };
    let mut names: Vec<_> = details.text("name").into_iter().collect();
    details.each("names", |name| {
        let whole = name.text("fullName").or_else(|| {
            let keys = ["givenName", "patronymicName", "familyName"];
            let parts: Vec<_> = keys.iter().filter_map(|key| name.text(key)).collect();
            Some(parts.join(" ")).filter(|name| !name.is_empty())
        });
        names.extend(whole);
    });
    names.extend(details.texts("alternateNames"));
    if names.is_empty() {
        names.extend(unnamed);
    }
    gather.player(&node, player_type, names);
    identifiers(&node, &mut details, &statement.source, gather);
    details.flag("isComponent");
    gather.describe(details, &node, &statement.source);
}

/// Takes the type of a person; returns what one without a name is called.
fn person_type(details: &mut Fields) -> Option<String> {
    let person_type = details.text("personType")?;
    let reason = ["unspecifiedPersonDetails", "unspecified"]
        .into_iter()
        .find_map(|key| details.inside(key, |inside| inside.peek("reason").map(str::to_owned))?);
    unnamed(details, "personType", &person_type, reason)
}

/// Returns what a party without a name is called: its type and the reason, in the words of the source.
fn unnamed(details: &mut Fields, key: &str, sort: &str, reason: Option<String>) -> Option<String> {
    let is_known = [
        "knownPerson",
        "registeredEntity",
        "legalEntity",
        "arrangement",
        "state",
    ];
    if !is_known.contains(&sort) {
        details.put_back(key, sort);
    }
    Some(match reason {
        Some(reason) => format!("{sort} ({reason})"),
        None => sort.to_owned(),
    })
}

/// Takes the type of an entity; returns it, and what one without a name is called.
fn entity_type(details: &mut Fields) -> (PlayerType, Option<String>) {
    // A text before 0.4, an object with a subtype since.
    let sort = details.text("entityType");
    let sort = sort.or_else(|| {
        details
            .inside("entityType", |inside| inside.text("type"))
            .flatten()
    });
    let sort = sort.unwrap_or_default();
    let reason = ["unspecifiedEntityDetails", "unspecified"]
        .into_iter()
        .find_map(|key| details.inside(key, |inside| inside.peek("reason").map(str::to_owned))?);
    let player_type = match sort.as_str() {
        "state" | "stateBody" => PlayerType::Government,
        "arrangement" => PlayerType::Venture,
        _ => PlayerType::Company,
    };
    let unnamed = unnamed(details, "entityTypeOf", &sort, reason);
    (player_type, unnamed.filter(|_| !sort.is_empty()))
}

/// Takes the identifiers of the schemes that are known; the others stay.
fn identifiers(node: &NamedNode, details: &mut Fields, source: &Source, gather: &mut Gather<'_>) {
    details.each("identifiers", |identifier| {
        let scheme = identifier.peek("scheme").unwrap_or_default();
        let scheme = match scheme {
            "XI-LEI" | "LEI" => Some(pm::LEI.into_owned()),
            "US-SEC" => Some(pm::CIK.into_owned()),
            code => register(code),
        };
        let is_held = scheme.is_some_and(|scheme| {
            let value = identifier.peek("id").unwrap_or_default().to_owned();
            gather.identifier(node, scheme.as_ref(), &value, source)
        });
        if is_held {
            for key in ["scheme", "schemeName", "id", "uri"] {
                identifier.text(key);
            }
        }
    });
}
