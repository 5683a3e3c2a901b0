//! Identifiers and identities of players when all rows are read: their ids, and what can be checked only then.

use crate::format::csv::complete::{Said, about};
use crate::format::csv::print;
use crate::format::csv::reader::Reader;
use crate::format::csv::sheet::{Fault, Spot};
use crate::model::identifier::scheme_name;
use crate::model::name::PlayerType;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};

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
