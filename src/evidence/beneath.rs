//! The claims beneath the rows of a query: those about what a row names.

use crate::analysis::position::Position;
use crate::map::Map;
use crate::map::MapError;
use crate::model::record::Records;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::{HashMap, HashSet};

/// Finds the claims beneath rows that name things of a map.
pub struct Beneath {
    position: Position,
    /// The edges on the board between two players.
    edges: HashMap<(NamedNode, NamedNode), Vec<NamedNode>>,
    /// The claims about deals, players and all else that has no value of its own.
    about: HashMap<NamedNode, Vec<NamedOrBlankNode>>,
    /// The players that the question names.
    asked: Vec<NamedNode>,
}

impl std::fmt::Debug for Beneath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beneath")
            .field("position", &self.position)
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

impl Beneath {
    /// Reads the board of a map. `asked` are the things that the question names, the players among which belong to each
    /// row. O(n log n) in the size of the board.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn new(map: &Map, asked: impl IntoIterator<Item = NamedNode>) -> Result<Self, MapError> {
        let position = map.position()?;
        let (mut edges, mut about): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for (id, edge, _) in position.edges() {
            let ends = (edge.from.clone(), edge.to.clone());
            edges.entry(ends).or_default().push(id.clone());
        }
        let records = position.records();
        for id in &position.board().claims {
            if let Some(claim) = records.claims.get(id)
                && position.resolution(&claim.about).is_none()
            {
                about
                    .entry(claim.about.clone())
                    .or_default()
                    .push(id.clone());
            }
        }
        let asked = asked.into_iter();
        let asked = asked
            .filter(|id| records.players.contains_key(id))
            .collect();
        if let Some(problem) = position.problem() {
            return Err(MapError::Position(problem.clone()));
        }
        Ok(Self {
            position,
            edges,
            about,
            asked,
        })
    }

    /// Returns the records that the claims are among.
    pub fn records(&self) -> &Records {
        self.position.records()
    }

    /// Returns the claims about the things that a row names, each once: claims themselves, and those that edges, figures
    /// and deals rest on; where a row names none of these, those of the edges between the players that the row and the
    /// question name, and else those about the players.
    pub fn claims<'i>(
        &self,
        named: impl IntoIterator<Item = &'i NamedOrBlankNode>,
    ) -> Vec<NamedOrBlankNode> {
        let (mut found, mut players) = (Vec::new(), Vec::new());
        let records = self.records();
        for id in named {
            if records.claims.contains_key(id) {
                found.push(id.clone());
                continue;
            }
            let NamedOrBlankNode::NamedNode(id) = id else {
                continue;
            };
            if records.players.contains_key(id) {
                players.push(id);
                continue;
            }
            found.extend(self.position.claims(id, None));
            found.extend(self.about.get(id).into_iter().flatten().cloned());
        }
        if found.is_empty() {
            found = self.between(&players);
        }
        let mut seen = HashSet::new();
        found.retain(|id| seen.insert(id.clone()));
        found
    }

    fn between(&self, players: &[&NamedNode]) -> Vec<NamedOrBlankNode> {
        let mut found = Vec::new();
        for (place, one) in players.iter().enumerate() {
            let others = players[place + 1..].iter().copied().chain(&self.asked);
            for other in others {
                for ends in [(one, &other), (&other, one)] {
                    let ends = ((*ends.0).clone(), (*ends.1).clone());
                    for edge in self.edges.get(&ends).into_iter().flatten() {
                        found.extend(self.position.claims(edge, None));
                    }
                }
            }
        }
        if found.is_empty() {
            let about = players.iter().filter_map(|player| self.about.get(*player));
            found.extend(about.flatten().cloned());
        }
        found
    }
}
