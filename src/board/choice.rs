//! Which players are drawn, and which are gathered into "others".

use crate::analysis::position::Position;
use crate::board::error::BoardError;
use crate::model::record::Edge;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The most players that are drawn one by one, whatever is asked for.
pub const DRAWN_MAX: usize = 256;
/// How many are drawn of the whole board if nothing else is asked for: as many as one side has pieces.
const OF_THE_BOARD: usize = 16;
/// How many are drawn if the players are chosen.
const OF_A_CHOICE: usize = 32;

/// Which players a picture is about. The default is the whole board, its 16 strongest players drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// Whom it is about.
    pub players: Players,
    /// How many are drawn one by one, at most [`DRAWN_MAX`]; the others are folded into one.
    pub top: Option<usize>,
    /// How strong players are. Those that are not in it count with their number of edges, so that it decides alone
    /// only if it holds everybody. Empty by default; the measure of standing can be given here.
    pub strength: BTreeMap<NamedNode, f64>,
}

/// Whom a picture is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Players {
    /// Everybody with an edge.
    #[default]
    All,
    /// These.
    Listed(Vec<NamedNode>),
    /// One and those within so many edges of it, whichever way they point.
    Around(NamedNode, usize),
}

/// The players of a picture, the strongest first.
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
    /// Picks the players. O(n log n + m) for n players and m edges.
    pub(crate) fn cast(&self, positions: &[&Position]) -> Result<Cast, BoardError> {
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
        let mut players: Vec<NamedNode> = match &self.players {
            Players::All => degrees.keys().cloned().collect(),
            Players::Listed(listed) => listed
                .iter()
                .cloned()
                .collect::<IndexSet<_>>()
                .into_iter()
                .collect(),
            Players::Around(centre, hops) => within(edges.values().copied(), centre, *hops),
        };
        if players.is_empty() {
            return Err(BoardError::NoPlayers);
        }
        let strength = |player: &NamedNode| {
            let degree = degrees.get(player).copied().unwrap_or_default() as f64;
            self.strength.get(player).copied().unwrap_or(degree)
        };
        // The one in the middle stays, however weak it is.
        let centre = match &self.players {
            Players::Around(centre, _) => Some(centre),
            _ => None,
        };
        players.sort_by(|a, b| {
            let rank = |player| {
                (
                    Reverse(Some(player) == centre),
                    Reverse(Bits(strength(player))),
                )
            };
            rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))
        });
        let usual = match &self.players {
            Players::All => OF_THE_BOARD,
            _ => OF_A_CHOICE,
        };
        let top = self.top.unwrap_or(usual).clamp(1, DRAWN_MAX);
        // One player alone is as soon drawn as folded.
        let top = if players.len() == top + 1 && top < DRAWN_MAX && self.top.is_none() {
            top + 1
        } else {
            top
        };
        let folded = players.split_off(top.min(players.len()));
        Ok(Cast {
            drawn: players.into_iter().collect(),
            folded: folded.into_iter().collect(),
            degrees,
        })
    }
}

/// Numbers in their order, so that they can be part of a key.
#[derive(PartialEq)]
struct Bits(f64);

impl Eq for Bits {}

impl PartialOrd for Bits {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bits {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The players within so many edges of one, breadth first.
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
