//! Which players are drawn, and which are gathered into "others".

use crate::analysis::position::Position;
use crate::model::record::Edge;
use crate::picture::error::SceneError;
use crate::picture::strength::Strength;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

/// The most players that are drawn one by one, whatever is asked for.
pub const DRAWN_MAX: usize = 256;
/// How many are drawn of the whole board if nothing else is asked for: as many as one side has pieces.
const OF_THE_BOARD: usize = 16;
/// How many are drawn if the players are chosen.
const OF_A_CHOICE: usize = 32;

/// Which players a picture is about. The default is the whole board, the 16 players with the most edges drawn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Whom it is about.
    pub players: Players,
    /// How many are drawn one by one, at most [`DRAWN_MAX`], those of the highest standing; the others are folded into
    /// one. Without a number, those with the most edges are drawn: they have the most to show.
    pub top: Option<usize>,
}

/// Whom a picture is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Players {
    /// Everybody with an edge.
    #[default]
    All,
    /// Everybody with an edge, however many, nobody folded: for files that no one looks at as a picture.
    Unfolded,
    /// These.
    Listed(Vec<NamedNode>),
    /// One and those within this number of edges of it, whichever way they point.
    Around(NamedNode, usize),
}

/// The players of a picture, those of the highest standing first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cast {
    /// Those drawn one by one.
    pub(crate) drawn: IndexSet<NamedNode>,
    /// Those folded into one.
    pub(crate) folded: IndexSet<NamedNode>,
    /// The number of edges at each.
    pub(crate) degrees: IndexMap<NamedNode, usize>,
}

impl Choice {
    /// Picks the players among the ends of the edges of some positions. O(n log n + m) for n players and m edges.
    pub(crate) fn cast(
        &self,
        positions: &[&Position],
        strength: &Strength,
    ) -> Result<Cast, SceneError> {
        let edges: IndexMap<&NamedNode, &Edge> = positions
            .iter()
            .flat_map(|position| position.edges())
            .map(|(id, edge, _)| (id, edge))
            .collect();
        let mut degrees: IndexMap<NamedNode, usize> = IndexMap::new();
        for edge in edges.values() {
            for end in [&edge.from, &edge.to] {
                *degrees.entry(end.clone()).or_default() += 1;
            }
        }
        let players: Vec<NamedNode> = match &self.players {
            Players::All | Players::Unfolded => degrees.keys().cloned().collect(),
            Players::Listed(listed) => listed
                .iter()
                .cloned()
                .collect::<IndexSet<_>>()
                .into_iter()
                .collect(),
            Players::Around(centre, hops) => within(edges.values().copied(), centre, *hops),
        };
        if players.is_empty() {
            return Err(SceneError::NoPlayers);
        }
        // The one in the middle stays, however weak it is.
        let is_centre = |player: &NamedNode| match &self.players {
            Players::Around(centre, _) => player == centre,
            _ => false,
        };
        let degree = |player: &NamedNode| degrees.get(player).copied().unwrap_or_default();
        let by_standing = |a: &NamedNode, b: &NamedNode| {
            let order = is_centre(b).cmp(&is_centre(a));
            let order = order.then(strength.score(b).total_cmp(&strength.score(a)));
            order.then_with(|| a.cmp(b))
        };
        let by_edges = |a: &NamedNode, b: &NamedNode| {
            let order = is_centre(b).cmp(&is_centre(a));
            order.then(degree(b).cmp(&degree(a))).then_with(|| a.cmp(b))
        };
        let mut players = players;
        match self.top {
            Some(_) => players.sort_by(by_standing),
            None => players.sort_by(by_edges),
        }
        let folded = players.split_off(self.drawn(players.len()));
        players.sort_by(by_standing);
        Ok(Cast {
            drawn: players.into_iter().collect(),
            folded: folded.into_iter().collect(),
            degrees,
        })
    }

    /// Returns how many of a number of players are drawn one by one.
    fn drawn(&self, players: usize) -> usize {
        let usual = match &self.players {
            Players::Unfolded => return players,
            Players::All => OF_THE_BOARD,
            Players::Listed(_) | Players::Around(..) => OF_A_CHOICE,
        };
        let top = match self.top {
            Some(top) => top.clamp(1, DRAWN_MAX),
            // One player alone is as soon drawn as folded.
            None if players == usual + 1 => players,
            None => usual,
        };
        top.min(players)
    }
}

/// Returns the players within a number of edges of one, breadth first.
fn within<'a>(
    edges: impl Iterator<Item = &'a Edge>,
    centre: &NamedNode,
    hops: usize,
) -> Vec<NamedNode> {
    let mut neighbours: BTreeMap<&NamedNode, Vec<&NamedNode>> = BTreeMap::new();
    for edge in edges {
        neighbours.entry(&edge.from).or_default().push(&edge.to);
        neighbours.entry(&edge.to).or_default().push(&edge.from);
    }
    let mut found = IndexSet::from([centre]);
    let mut ring = 0..1;
    for _ in 0..hops {
        let end = found.len();
        for place in ring {
            for neighbour in neighbours.get(found[place]).into_iter().flatten() {
                found.insert(neighbour);
            }
        }
        ring = end..found.len();
    }
    found.into_iter().cloned().collect()
}
