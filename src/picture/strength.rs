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
            if degrees.len() as u64 * edges as u64 > STANDING_MAX {
                strength.ranking = Ranking::Edges;
                let mut ranked: Vec<_> = degrees.into_iter().collect();
                ranked.sort_by_key(|(player, degree)| (Reverse(*degree), *player));
                let counts: Vec<_> = ranked.iter().map(|(_, degree)| *degree).collect();
                for ((player, degree), kind) in ranked.iter().zip(pieces(&counts)) {
                    strength.add((*player).clone(), *degree as f64, piece(kind));
                }
            } else {
                let options = standing::StandingOptions::default();
                let report = standing(position, &options, &AtomicBool::new(false))?;
                for row in report.rows {
                    // What has no piece of its own stands for several.
                    let piece = row.piece.map_or(Piece::Pawns, piece);
                    strength.add(row.player, row.score.unwrap_or(-1.0), piece);
                }
            }
        }
        Ok(strength)
    }

    fn add(&mut self, player: NamedNode, score: f64, piece: Piece) {
        self.of.entry(player).or_insert((score, piece));
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
