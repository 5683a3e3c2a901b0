//! How strong players are, and which pieces they are.

use crate::analysis::position::Position;
use crate::analysis::standing::{self, Piece as Kind, pieces, standing};
use crate::picture::error::SceneError;
use oxigraph::model::NamedNode;
use powermap_picture::{Piece, Ranking};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;

/// Up to this number of steps, players times edges, pieces go by [`mod@standing`]; on larger boards, where that would take longer
/// than the picture, by the number of edges.
pub(crate) const STANDING_MAX: u64 = 1 << 24;

/// The score and the piece of each player.
pub(crate) struct Strength {
    of: HashMap<NamedNode, (f64, Piece)>,
    /// What they go by.
    pub(crate) ranking: Ranking,
}

impl Strength {
    /// The strength of all players of some positions; where one is in several, the first decides.
    ///
    /// # Errors
    /// Those of the kernels of standing.
    pub(crate) fn of(positions: &[&Position]) -> Result<Self, SceneError> {
        let mut strength = Self {
            of: HashMap::new(),
            ranking: Ranking::Standing,
        };
        for position in positions {
            let degrees = degrees(position);
            let edges: usize = degrees.values().sum::<usize>() / 2;
            let ranked: Vec<(NamedNode, f64)> =
                if degrees.len() as u64 * edges as u64 > STANDING_MAX {
                    strength.ranking = Ranking::Edges;
                    let degree =
                        |(player, degree): (&NamedNode, usize)| (player.clone(), degree as f64);
                    let mut ranked: Vec<_> = degrees.into_iter().collect();
                    ranked.sort_by_key(|(player, degree)| (Reverse(*degree), *player));
                    ranked.into_iter().map(degree).collect()
                } else {
                    let options = standing::StandingOptions::default();
                    let report = standing(position, &options, &AtomicBool::new(false))?;
                    report
                        .rows
                        .into_iter()
                        .map(|row| (row.player, row.score))
                        .collect()
                };
            let kinds = pieces(ranked.len());
            for ((player, score), kind) in ranked.into_iter().zip(kinds) {
                strength.of.entry(player).or_insert((score, piece(kind)));
            }
        }
        Ok(strength)
    }

    /// The higher the stronger; below all others for a player without any edge.
    pub(crate) fn score(&self, player: &NamedNode) -> f64 {
        self.of.get(player).map_or(-1.0, |(score, _)| *score)
    }

    /// The piece of a player; a pawn without any edge.
    pub(crate) fn piece(&self, player: &NamedNode) -> Piece {
        self.of.get(player).map_or(Piece::Pawn, |(_, piece)| *piece)
    }
}

fn degrees(position: &Position) -> BTreeMap<&NamedNode, usize> {
    let mut degrees = BTreeMap::new();
    for (_, edge, _) in position.edges() {
        for end in [&edge.from, &edge.to] {
            *degrees.entry(end).or_default() += 1;
        }
    }
    degrees
}

fn piece(kind: Kind) -> Piece {
    match kind {
        Kind::King => Piece::King,
        Kind::Queen => Piece::Queen,
        Kind::Rook => Piece::Rook,
        Kind::Bishop => Piece::Bishop,
        Kind::Knight => Piece::Knight,
        Kind::Pawn => Piece::Pawn,
    }
}
