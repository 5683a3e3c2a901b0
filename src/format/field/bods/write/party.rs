//! Players to statements about persons and entities.

use super::{REASONS, Statement, Writer, parts, taken};
use crate::model::lang::Lang;
use crate::model::name::PlayerType;
use crate::model::record::{Claim, Player};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::{PM, pm, short_name};
use oxigraph::model::NamedNode;
use serde_json::{Map, Value, json};

/// Types of persons and entities that are not known by name.
const UNNAMED: &[&str] = &[
    "anonymousPerson",
    "unknownPerson",
    "anonymousEntity",
    "unknownEntity",
];

impl<'a> Writer<'a> {
    pub(super) fn party(&mut self, id: &NamedNode, player: &Player) {
        if self.unspecified(id).is_some() {
            return;
        }
        if player.player_type == PlayerType::Product {
            let name = self.writing.records.label(id, Lang::En);
            self.writing.lost("player.product", id, name);
            return;
        }
        let record = self.record(id);
        let mut claims = self.writing.claims(id);
        self.lost_of(&claims, None);
        let mut words = Vec::new();
        for claim in &claims {
            words.extend(claim.text.iter().flat_map(|(_, text)| parts(text)));
            let value = claim.quantity.map(|one| one.to_string());
            let status = claim.status.map(|one| one.to_string());
            for (kind, lost) in [("claim.quantity", value), ("claim.status", status)] {
                if let Some(lost) = lost {
                    self.writing.lost(kind, id, &lost);
                }
            }
        }
        words.extend(player.note.iter().flat_map(|note| parts(note)));
        let (identifiers, is_registered) = self.identifiers(id, &mut claims);
        let mut details = match player.player_type {
            PlayerType::Person => person(id, player, &mut words),
            _ => self.entity(id, player, is_registered, &mut words),
        };
        if let Value::Object(details) = &mut details
            && !identifiers.is_empty()
        {
            details.insert("identifiers".to_owned(), identifiers.into());
        }
        self.other_names(id, player);
        if let Some(whole) = &player.part_of {
            self.writing
                .lost("player.part_of", id, short_name(whole.as_str()));
        }
        let sort = match player.player_type {
            PlayerType::Person => "person",
            _ => "entity",
        };
        let notes = match words.is_empty() {
            true => Vec::new(),
            false => vec![words.join("; ")],
        };
        let statement = Statement {
            record: &record,
            sort,
            subject: &record,
            details,
            notes,
        };
        self.add(id, statement, &claims);
    }

    /// Names have no language in a statement.
    fn other_names(&mut self, id: &NamedNode, player: &Player) {
        let best = player.labels.get(Lang::En);
        for (tag, label) in player.labels.iter() {
            if !tag.is_empty() && best != Some(label) {
                self.writing
                    .lesser(&format!("player.name@{tag}"), id, label);
            }
        }
    }

    /// Returns the identifiers of a player, and whether a register has it; the claims about them are added to its own.
    fn identifiers(&mut self, id: &NamedNode, claims: &mut Vec<&'a Claim>) -> (Vec<Value>, bool) {
        let known = self.identifiers.get(id).cloned().unwrap_or_default();
        let mut is_registered = false;
        let mut values = Vec::with_capacity(known.len());
        for (node, one) in known {
            claims.extend(self.writing.claims(node));
            let name = short_name(one.scheme.as_str());
            if self
                .player(id)
                .is_some_and(|player| player.player_type == PlayerType::Person)
            {
                // A person has passports and tax numbers there, and no others.
                self.writing
                    .lost(&format!("identifier.{name}"), id, &one.value);
                continue;
            }
            let (scheme, register) = match one.scheme.as_ref() {
                pm::LEI => (Some("XI-LEI"), true),
                pm::CIK => (Some("US-SEC"), false),
                scheme => {
                    let local = scheme.as_str().strip_prefix(PM);
                    let code = local.filter(|local| local.as_bytes().get(2) == Some(&b'-'));
                    (code, code.is_some())
                }
            };
            is_registered |= register;
            values.push(match scheme {
                Some(scheme) => json!({"id": one.value, "scheme": scheme}),
                None => json!({"id": one.value, "schemeName": name}),
            });
        }
        (values, is_registered)
    }

    fn entity(
        &mut self,
        id: &NamedNode,
        player: &Player,
        is_registered: bool,
        words: &mut Vec<String>,
    ) -> Value {
        let mut details = Map::new();
        details.insert("isComponent".to_owned(), false.into());
        let named = names(id, player);
        let unnamed = unnamed(player).filter(|(sort, _)| sort.ends_with("Entity"));
        let sort = match player.player_type {
            _ if unnamed.is_some() => unnamed.map_or("", |(sort, _)| sort),
            PlayerType::Government => "stateBody",
            _ if self.arrangements.contains_key(id) => "arrangement",
            PlayerType::Venture => "arrangement",
            PlayerType::Voice => "anonymousEntity",
            _ if is_registered => "registeredEntity",
            _ => "legalEntity",
        };
        let subtype = taken(words, "entityType.subtype");
        let subtype = subtype.or(self.arrangements.get(id).map(|one| (*one).to_owned()));
        let entity_type = match subtype.filter(|one| may_be(sort, one)) {
            Some(subtype) => json!({"type": sort, "subtype": subtype}),
            None => json!({"type": sort}),
        };
        details.insert("entityType".to_owned(), entity_type);
        taken(words, "entityTypeOf");
        if let PlayerType::Fund | PlayerType::Bank | PlayerType::Group = player.player_type {
            self.writing
                .lesser("player.type", id, player.player_type.name());
        }
        match unnamed {
            Some((_, Some(reason))) => {
                details.insert(
                    "unspecifiedEntityDetails".to_owned(),
                    json!({"reason": reason}),
                );
            }
            Some(_) => {}
            None => {
                details.insert("name".to_owned(), named[0].clone().into());
                if named.len() > 1 {
                    details.insert("alternateNames".to_owned(), named[1..].into());
                }
            }
        }
        for (key, date) in [
            ("foundingDate", "foundingDate"),
            ("foundingDate", "incorporationDate"),
            ("dissolutionDate", "dissolutionDate"),
        ] {
            date_of(&mut details, key, date, 10..=10, words);
        }
        Value::Object(details)
    }
}

/// Returns whether an entity of a type can be of a subtype.
fn may_be(sort: &str, subtype: &str) -> bool {
    match sort {
        "arrangement" => matches!(subtype, "trust" | "nomination" | "other"),
        "legalEntity" => matches!(subtype, "trust" | "other"),
        "stateBody" => matches!(subtype, "governmentDepartment" | "stateAgency" | "other"),
        _ => subtype == "other",
    }
}

fn person(id: &NamedNode, player: &Player, words: &mut Vec<String>) -> Value {
    let mut details = Map::new();
    details.insert("isComponent".to_owned(), false.into());
    taken(words, "personType");
    match unnamed(player).filter(|(sort, _)| sort.ends_with("Person")) {
        Some((sort, reason)) => {
            details.insert("personType".to_owned(), sort.into());
            if let Some(reason) = reason {
                details.insert(
                    "unspecifiedPersonDetails".to_owned(),
                    json!({"reason": reason}),
                );
            }
        }
        None => {
            details.insert("personType".to_owned(), "knownPerson".into());
            let names = names(id, player).into_iter();
            let names: Vec<_> = names.map(|name| json!({"fullName": name})).collect();
            details.insert("names".to_owned(), names.into());
        }
    }
    for key in ["birthDate", "deathDate"] {
        date_of(&mut details, key, key, 4..=10, words);
    }
    Value::Object(details)
}

/// Takes a date from the words about a party.
fn date_of(
    details: &mut Map<String, Value>,
    key: &str,
    word: &str,
    chars: std::ops::RangeInclusive<usize>,
    words: &mut Vec<String>,
) {
    let Some(text) = taken(words, word) else {
        return;
    };
    let is_date = text.parse::<TimeSpan>().is_ok()
        && chars.contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    match is_date && !details.contains_key(key) {
        true => {
            details.insert(key.to_owned(), text.into());
        }
        false => words.push(format!("{word}: {text}")),
    }
}

/// Returns the names of a player, the best first; its id where it has none.
fn names(id: &NamedNode, player: &Player) -> Vec<String> {
    let best = player.labels.get(Lang::En);
    let best = best.unwrap_or(short_name(id.as_str()));
    let mut names = vec![best.to_owned()];
    let labels = player.labels.iter().map(|(_, label)| label);
    for name in labels.chain(player.aliases.iter().map(String::as_str)) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Returns the type and the reason that a party without a name is called by.
fn unnamed(player: &Player) -> Option<(&'static str, Option<&'static str>)> {
    let label = player.labels.exact("")?;
    let (sort, reason) = match label.split_once(" (") {
        Some((sort, rest)) => (sort, Some(rest.strip_suffix(')')?)),
        None => (label, None),
    };
    let sort = UNNAMED.iter().find(|known| **known == sort)?;
    let reason = match reason {
        Some(reason) => Some(*REASONS.iter().find(|known| **known == reason)?),
        None => None,
    };
    Some((sort, reason))
}
