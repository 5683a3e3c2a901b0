//! The records of a map as a board shows them: each joined player once.

use crate::model::board::Board;
use crate::model::record::{Player, Records};
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};

impl Board {
    /// Returns the records in which each joined player is one: edges, observations and claims speak of the player that is
    /// shown, which has the names of all that it was joined from. An edge between two that are one is left out.
    ///
    /// O(n) in the records.
    pub(crate) fn seen(&self, records: &Records) -> Records {
        let shown = |player: &mut NamedNode| {
            let one = self.joined.shown(player);
            if one != player {
                *player = one.clone();
            }
        };
        let again: FxHashMap<_, _> = self
            .told_again
            .iter()
            .map(|(id, edge)| (id, edge))
            .collect();
        let counted = |edge: &mut NamedNode| {
            if let Some(one) = again.get(edge) {
                *edge = (*one).clone();
            }
        };
        let mut seen = records.clone();
        seen.edges.retain(|id, edge| {
            if again.contains_key(id) {
                return false;
            }
            edge.part_of_total.iter_mut().for_each(counted);
            edge.components.iter_mut().for_each(counted);
            let was_own = edge.from == edge.to;
            shown(&mut edge.from);
            shown(&mut edge.to);
            was_own || edge.from != edge.to
        });
        for observation in seen.observations.values_mut() {
            shown(&mut observation.subject);
        }
        for identifier in seen.identifiers.values_mut() {
            shown(&mut identifier.player);
        }
        for claim in seen.claims.values_mut() {
            shown(&mut claim.about);
            counted(&mut claim.about);
            let speakers = [&mut claim.asserted_by, &mut claim.attributed_to];
            speakers.into_iter().flatten().for_each(shown);
        }
        for (one, members) in self.joined.groups() {
            let parts: Vec<_> = members
                .iter()
                .filter(|member| *member != one)
                .filter_map(|member| seen.players.swap_remove(member))
                .collect();
            let whole = seen.players.swap_remove(one);
            if let Some(whole) = absorbed(whole.into_iter().chain(parts)) {
                seen.players.insert(one.clone(), whole);
            }
        }
        for (id, player) in &mut seen.players {
            player.part_of.iter_mut().for_each(shown);
            if player.part_of.as_ref() == Some(id) {
                player.part_of = None;
            }
        }
        seen.players.sort_unstable_keys();
        seen
    }
}

/// Returns the first player, which takes over what the others say and it does not itself: names become aliases.
fn absorbed(mut players: impl Iterator<Item = Player>) -> Option<Player> {
    let mut whole = players.next()?;
    let labels = whole.labels.iter().map(|(_, name)| name.to_owned());
    let mut known: FxHashSet<String> = labels.chain(whole.aliases.iter().cloned()).collect();
    let mut aliases = Vec::new();
    for part in players {
        for (tag, name) in part.labels.iter() {
            if whole.labels.exact(tag).is_none() {
                whole.labels.insert(tag, name);
                known.insert(name.to_owned());
            } else if known.insert(name.to_owned()) {
                aliases.push(name.to_owned());
            }
        }
        let others = part.aliases.into_iter();
        aliases.extend(others.filter(|alias| known.insert(alias.clone())));
        whole.note = whole.note.take().or(part.note);
        whole.part_of = whole.part_of.take().or(part.part_of);
    }
    whole.aliases.append(&mut aliases);
    Some(whole)
}
