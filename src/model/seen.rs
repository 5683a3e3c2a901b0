//! The records of a map as a board shows them: each joined player once.

use crate::model::board::Board;
use crate::model::record::{Player, Records};
use oxigraph::model::NamedNode;

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
        let mut seen = records.clone();
        seen.edges.retain(|_, edge| {
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
            let speakers = [&mut claim.asserted_by, &mut claim.attributed_to];
            speakers.into_iter().flatten().for_each(shown);
        }
        for (member, one) in self.joined.pairs() {
            let Some(player) = seen.players.swap_remove(member) else {
                continue;
            };
            match seen.players.get_mut(one) {
                Some(whole) => absorb(whole, player),
                None => {
                    seen.players.insert(one.clone(), player);
                }
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

/// Takes over what another record of the same player says and its own does not: names become aliases.
fn absorb(whole: &mut Player, part: Player) {
    for (tag, name) in part.labels.iter() {
        let is_new = whole.labels.iter().all(|(known, _)| known != tag);
        if is_new {
            whole.labels.insert(tag, name);
        } else {
            add_alias(whole, name);
        }
    }
    for alias in &part.aliases {
        add_alias(whole, alias);
    }
    whole.note = whole.note.take().or(part.note);
    whole.part_of = whole.part_of.take().or(part.part_of);
}

fn add_alias(player: &mut Player, name: &str) {
    let is_known = player.labels.iter().any(|(_, label)| label == name)
        || player.aliases.iter().any(|alias| alias == name);
    if !is_known {
        player.aliases.push(name.to_owned());
    }
}
