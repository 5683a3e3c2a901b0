//! Identifiers and identities of players: their rows, their ids, and what can be checked when all rows are read.

use crate::format::csv::cells;
use crate::format::csv::claim;
use crate::format::csv::complete::{Said, about};
use crate::format::csv::ids::own;
use crate::format::csv::print;
use crate::format::csv::reader::Reader;
use crate::format::csv::rows::{Claimed, Draft};
use crate::format::csv::sheet::{Fault, Row, Spot};
use crate::model::identifier::{normal_value, scheme, scheme_name};
use crate::model::name::PlayerType;
use crate::model::record::{Identifier, Identity};
use crate::model::vocabulary::{compact, expand, short_name};
use oxigraph::model::NamedNode;
use powermap_rdf::nearest;
use rustc_hash::{FxHashMap, FxHashSet};

/// Reads the cell of a scheme; any code is right where no schemes are known.
fn scheme_cell(text: &str, schemes: &[NamedNode]) -> Result<NamedNode, Fault> {
    if text.contains(':') {
        let iri = expand(text).filter(|iri| schemes.is_empty() || schemes.contains(iri));
        return iri.ok_or_else(|| unknown_scheme(text, &[]));
    }
    scheme(text, schemes.iter()).map_err(|names| unknown_scheme(text, &names))
}

fn unknown_scheme(text: &str, names: &[String]) -> Fault {
    let fault = Fault::new(format!(
        "'{text}' is no scheme of identifiers: expected lei, cik, isin, wikidata, opencorporates, opensanctions, \
         littlesis, icij, or the code of a register such as GB-COH"
    ));
    let near = nearest(text, names.iter().map(String::as_str));
    match near.first() {
        Some(near) => fault.with_hint(format!("did you mean '{near}'?")),
        None => fault.with_hint("add a scheme of your own as a concept with pm:identifies"),
    }
}

/// Returns the shortest text that reads back as a scheme; `None` where there is none.
pub(super) fn scheme_text(iri: &NamedNode) -> Option<String> {
    let reads_back = |text: &String| {
        let read = scheme_cell(text, &[]);
        read.is_ok_and(|read| read == *iri)
    };
    [scheme_name(iri), compact(iri.as_str())]
        .into_iter()
        .find(reads_back)
        .or_else(|| Some(format!("<{}>", iri.as_str())).filter(reads_back))
}

/// Returns an identifier as it stands in the list of a player's, as in `lei:549300S4KLFTLO7GSQ80`; `None` where the scheme
/// has no name without a colon.
pub(super) fn listed_text(identifier: &Identifier) -> Option<String> {
    let scheme = scheme_text(&identifier.scheme).filter(|text| !text.contains(':'))?;
    Some(format!("{scheme}:{}", identifier.value))
}

/// Reads the list of identifiers of a player: `lei:549300S4KLFTLO7GSQ80;wikidata:Q21708200`.
pub(super) fn listed(
    row: &mut Row<'_, '_>,
    player: Option<&NamedNode>,
    schemes: &[NamedNode],
) -> Vec<Identifier> {
    let Some(text) = row.text("identifier") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for part in cells::list(&text) {
        match one_listed(&part, schemes) {
            Ok((scheme, value)) => found.extend(player.map(|player| Identifier {
                player: player.clone(),
                scheme,
                value,
            })),
            Err(fault) => row.reject("identifier", fault),
        }
    }
    found
}

fn one_listed(part: &str, schemes: &[NamedNode]) -> Result<(NamedNode, String), Fault> {
    let Some((name, value)) = part.split_once(':') else {
        return Err(Fault::new(format!(
            "'{part}' has no scheme: expected a scheme, a colon and a value, such as lei:549300S4KLFTLO7GSQ80"
        )));
    };
    let scheme = scheme_cell(name.trim(), schemes)?;
    let value = normal_value(&scheme, value)?;
    Ok((scheme, value))
}

/// Reads a row of `identifiers.csv`.
pub(super) fn identifier(row: &mut Row<'_, '_>, schemes: &[NamedNode]) -> Option<Draft> {
    let player = row.required_reference("player", "the id of the player who has it");
    let scheme = row.required("scheme", "a scheme such as lei", |text| {
        scheme_cell(text, schemes)
    });
    let value = row.required("value", "the identifier", |text| match &scheme {
        Some(scheme) => Ok(normal_value(scheme, text)?),
        None => Ok(text.to_owned()),
    });
    let id = row.read("id", cells::id);
    let is_said = claim::is_said(row);
    let claim = claim::read(row, own("x"));
    let thing = Identifier {
        player: player?,
        scheme: scheme?,
        value: value?,
    };
    Some(Draft::Identifier(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}

/// Reads a row of `identities.csv`.
pub(super) fn identity(row: &mut Row<'_, '_>) -> Option<Draft> {
    let one = row.required_reference("a", "the id of a player");
    let other = row.required_reference("b", "the id of another player");
    let id = row.read("id", cells::id);
    let is_said = row.has("same") || claim::is_said(row);
    if is_said && !row.has("same") {
        row.required("same", "yes or no", cells::boolean);
    }
    let claim = claim::read(row, own("x"));
    let (one, other) = (one?, other?);
    let Some(thing) = Identity::between(one.clone(), other) else {
        let name = print::id_or_iri(&one);
        let fault = Fault::new(format!("'{name}' is the player in the column 'a' too"));
        row.reject(
            "b",
            fault.with_hint("give the other player, or remove the row"),
        );
        return None;
    };
    Some(Draft::Identity(Claimed {
        spot: row.spot(),
        id,
        thing,
        claim,
        is_said,
    }))
}

impl Reader<'_> {
    /// Gives every identifier an id, and returns the claims about them.
    pub(super) fn number_identifiers(&mut self) -> Vec<Said> {
        let mut seen = FxHashMap::default();
        let rows = std::mem::take(&mut self.identifiers);
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            // A list of identifiers may say what the table says.
            if row.is_said && self.is_repeated(&mut seen, &row, print::identifier(&row.thing)) {
                continue;
            }
            let id = row.id.clone();
            let id = id.unwrap_or_else(|| row.thing.content_id());
            let known = self.records.identifiers.get(&id);
            if known.is_some_and(|known| *known != row.thing) {
                self.disagree(row.spot, &id, "value");
                continue;
            }
            self.identified.push((row.spot, row.thing.clone()));
            self.records
                .identifiers
                .insert(id.clone(), row.thing.clone());
            said.push(about(row, id));
        }
        said
    }

    /// Gives every identity an id, and returns the claims about them.
    pub(super) fn number_identities(&mut self) -> Vec<Said> {
        let mut seen = FxHashMap::default();
        let rows = std::mem::take(&mut self.identities);
        let mut said = Vec::with_capacity(rows.len());
        for row in rows {
            if self.is_repeated(&mut seen, &row, print::identity(&row.thing)) {
                continue;
            }
            let id = row.id.clone();
            let id = id.unwrap_or_else(|| row.thing.content_id());
            let known = self.records.identities.get(&id);
            if known.is_some_and(|known| *known != row.thing) {
                self.disagree(row.spot, &id, "b");
                continue;
            }
            self.records
                .identities
                .insert(id.clone(), row.thing.clone());
            said.push(about(row, id));
        }
        said
    }

    /// Leaves out what speaks of players that are nowhere, with all that is said of it; the rows are rejected elsewhere.
    pub(super) fn drop_unknown(&mut self, unknown: &FxHashSet<NamedNode>) {
        let mut dropped = FxHashSet::default();
        self.records.identifiers.retain(|id, identifier| {
            let is_known = !unknown.contains(&identifier.player);
            if !is_known {
                dropped.insert(id.clone());
            }
            is_known
        });
        self.records.identities.retain(|id, identity| {
            let is_known = !identity
                .players
                .iter()
                .any(|player| unknown.contains(player));
            if !is_known {
                dropped.insert(id.clone());
            }
            is_known
        });
        let claims = &mut self.records.claims;
        claims.retain(|_, claim| !dropped.contains(&claim.about));
    }

    /// Warns of identifiers that a person shares with something else, which are followed by nobody.
    pub(super) fn warn_of_unlike(&mut self) {
        let mut first: FxHashMap<(NamedNode, String), (Option<Spot>, NamedNode)> =
            FxHashMap::default();
        for identifier in self.known.identifiers.values() {
            let key = (identifier.scheme.clone(), identifier.value.clone());
            first.insert(key, (None, identifier.player.clone()));
        }
        for (spot, identifier) in std::mem::take(&mut self.identified) {
            let concept = self.known.concepts.get(&identifier.scheme);
            if concept.and_then(|concept| concept.identifies) == Some(false) {
                continue;
            }
            let key = (identifier.scheme.clone(), identifier.value.clone());
            let own = (Some(spot), identifier.player.clone());
            let (place, other) = first.entry(key).or_insert(own).clone();
            let types = [&other, &identifier.player].map(|player| self.player_type(player));
            let [Some(of_other), Some(of_this)] = types else {
                continue;
            };
            if (of_other == PlayerType::Person) == (of_this == PlayerType::Person) {
                continue;
            }
            let at = place.map_or_else(String::new, |spot| format!(", {}", self.place(spot)));
            let fault = Fault::new(format!(
                "{} {} is an identifier of '{}', a {of_this}, and of '{}', a {of_other}{at}: they are not shown as one",
                scheme_name(&identifier.scheme),
                identifier.value,
                short_name(identifier.player.as_str()),
                short_name(other.as_str()),
            ));
            self.warn(
                spot,
                fault.with_hint("correct one of the identifiers or types"),
            );
        }
    }

    fn player_type(&self, player: &NamedNode) -> Option<PlayerType> {
        let records = [&self.records, self.known].into_iter();
        let mut found = records.filter_map(|records| records.players.get(player));
        found.next().map(|player| player.player_type)
    }
}
