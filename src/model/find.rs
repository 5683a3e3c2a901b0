//! Finding a player by what a person types.

use crate::model::record::Records;
use crate::model::vocabulary::{expand, short_name};
use oxigraph::model::NamedNode;
use powermap_rdf::{Hint, nearest};
use thiserror::Error;

/// A player that is not in the map.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no player '{name}'")]
pub struct UnknownPlayer {
    /// The name as given.
    pub name: String,
    /// The ids of the players whose names are nearest to it.
    pub near: Vec<String>,
}

impl UnknownPlayer {
    /// Returns what to try about it.
    pub fn hint(&self) -> Hint {
        match self.near.as_slice() {
            [] => Hint::NamedQuery("players"),
            near => format!("did you mean {}?", near.join(", or ")).into(),
        }
    }
}

impl Records {
    /// Returns the player of an id, an IRI, a name in any language or an alias; names are compared without regard to
    /// case.
    ///
    /// # Errors
    /// [`UnknownPlayer`] with the nearest names. Linear in the number of players.
    ///
    /// ```
    /// use powermap::model::Records;
    /// assert!(Records::default().find_player("nvidia").is_err());
    /// ```
    pub fn find_player(&self, name: &str) -> Result<NamedNode, UnknownPlayer> {
        let players = &self.players;
        if let Some(id) = expand(name).filter(|id| players.contains_key(id)) {
            return Ok(id);
        }
        let wanted = name.trim().to_lowercase();
        let names = |id: &NamedNode| {
            let player = &players[id];
            let mut names: Vec<_> = player
                .labels
                .iter()
                .map(|(_, n)| n.to_lowercase())
                .collect();
            names.extend(player.aliases.iter().map(|n| n.to_lowercase()));
            names.push(short_name(id.as_str()).to_lowercase());
            names
        };
        if let Some(id) = players.keys().find(|id| names(id).contains(&wanted)) {
            return Ok(id.clone());
        }
        let all: Vec<_> = players
            .keys()
            .flat_map(|id| names(id).into_iter().map(move |name| (name, id)))
            .collect();
        let mut near: Vec<_> = nearest(&wanted, all.iter().map(|(name, _)| name.as_str()))
            .into_iter()
            .filter_map(|name| all.iter().find(|(other, _)| other == name))
            .map(|(_, id)| short_name(id.as_str()).to_owned())
            .collect();
        near.dedup();
        Err(UnknownPlayer {
            name: name.to_owned(),
            near,
        })
    }

    /// Returns whether a player is at an end of an edge, the subject of an observation, or either of these in a deal.
    ///
    /// Linear in the number of edges and observations for a deal, else O(1).
    pub fn takes_part(&self, player: &NamedNode, subject: &NamedNode) -> bool {
        let at_edge = |id: &NamedNode| {
            let edge = self.edges.get(id);
            edge.is_some_and(|edge| edge.from == *player || edge.to == *player)
        };
        let observed = |id: &NamedNode| {
            let observation = self.observations.get(id);
            observation.is_some_and(|observation| observation.subject == *player)
        };
        if !self.deals.contains_key(subject) {
            return at_edge(subject) || observed(subject);
        }
        let (edges, observations) = (self.edges.iter(), self.observations.iter());
        edges
            .filter(|(_, edge)| edge.deal.as_ref() == Some(subject))
            .any(|(id, _)| at_edge(id))
            || observations
                .filter(|(_, observation)| observation.deal.as_ref() == Some(subject))
                .any(|(id, _)| observed(id))
    }
}
