//! Texts of claims to the properties that a reader put into them.

use super::Entity;
use crate::format::field::value;

/// What a property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Text,
    Date,
    Country,
    Code,
    Number,
    Url,
}

use Takes::{Code, Country, Date, Number, Text, Url};

const THING: &[(&str, Takes)] = &[
    ("address", Text),
    ("country", Country),
    ("createdAt", Date),
    ("description", Text),
    ("keywords", Text),
    ("modifiedAt", Date),
    ("notes", Text),
    ("program", Text),
    ("programId", Number),
    ("publisher", Text),
    ("publisherUrl", Url),
    ("retrievedAt", Date),
    ("sourceUrl", Url),
    ("summary", Text),
    ("topics", Code),
    ("wikipediaUrl", Url),
];

const LEGAL_ENTITY: &[(&str, Takes)] = &[
    ("classification", Text),
    ("dissolutionDate", Date),
    ("idNumber", Number),
    ("incorporationDate", Date),
    ("innCode", Number),
    ("jurisdiction", Country),
    ("legalForm", Text),
    ("licenseNumber", Number),
    ("mainCountry", Country),
    ("ogrnCode", Number),
    ("okpoCode", Number),
    ("registrationNumber", Number),
    ("sector", Text),
    ("status", Text),
    ("taxNumber", Number),
    ("vatCode", Number),
    ("website", Url),
];

const PERSON: &[(&str, Takes)] = &[
    ("birthCountry", Country),
    ("birthDate", Date),
    ("birthPlace", Text),
    ("citizenship", Country),
    ("deathDate", Date),
    ("education", Text),
    ("fatherName", Text),
    ("firstName", Text),
    ("gender", Code),
    ("lastName", Text),
    ("middleName", Text),
    ("nationality", Country),
    ("passportNumber", Number),
    ("political", Text),
    ("position", Text),
    ("profession", Text),
    ("secondName", Text),
    ("title", Text),
];

const INTERVAL: &[(&str, Takes)] = &[
    ("date", Date),
    ("description", Text),
    ("modifiedAt", Date),
    ("namesMentioned", Text),
    ("publisher", Text),
    ("publisherUrl", Url),
    ("recordId", Text),
    ("retrievedAt", Date),
    ("sourceUrl", Url),
    ("startDate", Date),
    ("endDate", Date),
    ("summary", Text),
];

const INTEREST: &[(&str, Takes)] = &[("role", Text), ("status", Text)];

const OWNERSHIP: &[(&str, Takes)] = &[
    ("legalBasis", Text),
    ("ownershipType", Text),
    ("sharesCurrency", Text),
    ("sharesType", Text),
    ("sharesValue", Text),
];

const PAYMENT: &[(&str, Takes)] = &[
    ("programme", Text),
    ("purpose", Text),
    ("sequenceNumber", Text),
    ("transactionNumber", Text),
];

const SANCTION: &[(&str, Takes)] = &[
    ("authority", Text),
    ("authorityId", Number),
    ("country", Country),
    ("listingDate", Date),
    ("program", Text),
    ("programId", Number),
    ("programUrl", Url),
    ("provisions", Text),
    ("reason", Text),
    ("status", Text),
    ("unscId", Number),
];

/// Returns the properties of a schema that the reader puts into words, in groups.
fn properties(schema: &str) -> &'static [&'static [(&'static str, Takes)]] {
    match schema {
        "Person" => &[THING, LEGAL_ENTITY, PERSON],
        "Company" | "Organization" | "PublicBody" | "LegalEntity" => &[THING, LEGAL_ENTITY],
        "Asset" => &[THING],
        "Ownership" => &[INTERVAL, INTEREST, OWNERSHIP],
        "Payment" => &[INTERVAL, PAYMENT],
        "Debt" => &[INTERVAL],
        "Family" | "Associate" => &[INTERVAL, &[("relationship", Text)]],
        "Sanction" => &[INTERVAL, SANCTION],
        _ => &[INTERVAL, INTEREST],
    }
}

/// Returns whether several values of a property stand together in a text, separated by commas, which these have none of.
pub(in crate::format::field::ftm) fn is_together(schema: &str, property: &str) -> bool {
    let mut all = properties(schema).iter().copied().flatten();
    all.any(|(known, takes)| *known == property && *takes != Text)
}

/// Puts each `property: value` of a text where it belongs, and all else under another property.
pub(super) fn restore(words: &str, otherwise: &str, entity: &mut Entity) {
    let mut rest: Vec<&str> = Vec::new();
    let mut known: Vec<(&'static str, Takes, String)> = Vec::new();
    let mut is_known = false;
    for part in words.split("; ") {
        let found = part.split_once(": ").and_then(|(key, value)| {
            let all = properties(entity.schema).iter().copied().flatten();
            let (key, takes) = all.copied().find(|(property, _)| *property == key)?;
            Some((key, takes, value.to_owned()))
        });
        let begins_another = part.split_once(": ").is_some_and(|(key, _)| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        });
        match found {
            Some(found) => {
                known.push(found);
                is_known = true;
            }
            // What follows a semicolon may still be of the value before it.
            None if is_known && !begins_another => {
                if let Some((_, _, value)) = known.last_mut() {
                    value.push_str("; ");
                    value.push_str(part);
                }
            }
            None => {
                rest.push(part);
                is_known = false;
            }
        }
    }
    for (property, takes, value) in known {
        let values: Vec<_> = match takes {
            Text => vec![value.as_str()],
            _ => value.split(", ").collect(),
        };
        match values.iter().all(|value| fits(takes, value)) {
            true => values.iter().for_each(|value| entity.put(property, *value)),
            false => entity.put(otherwise, format!("{property}: {value}")),
        }
    }
    if !rest.is_empty() {
        entity.put(otherwise, rest.join("; "));
    }
}

/// Returns whether a text is such a value.
fn fits(takes: Takes, text: &str) -> bool {
    let is_code = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '-');
    match takes {
        Text => true,
        Number => !text.is_empty(),
        Date => value::date(text).is_some(),
        Country => (2..=6).contains(&text.len()) && text.chars().all(is_code),
        Code => !text.is_empty() && text.chars().all(is_code),
        Url => text.starts_with("https://") || text.starts_with("http://"),
    }
}
