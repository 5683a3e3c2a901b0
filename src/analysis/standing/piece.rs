//! Which piece a player is drawn as.

use crate::words::Message;

/// A chess piece, the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// One of the many.
    Pawn,
    /// Jumps over others.
    Knight,
    /// Moves along the diagonals.
    Bishop,
    /// Moves along the lines.
    Rook,
    /// Moves everywhere.
    Queen,
    /// The one that the game is about.
    King,
}

impl Piece {
    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pawn => "pawn",
            Self::Knight => "knight",
            Self::Bishop => "bishop",
            Self::Rook => "rook",
            Self::Queen => "queen",
            Self::King => "king",
        }
    }

    pub(crate) fn word(self) -> Message {
        match self {
            Self::Pawn => Message::Pawn,
            Self::Knight => Message::Knight,
            Self::Bishop => Message::Bishop,
            Self::Rook => Message::Rook,
            Self::Queen => Message::Queen,
            Self::King => Message::King,
        }
    }
}

/// Returns the pieces of players with these scores, the best first.
///
/// One king, n/16 queens (one at least), n/8 each of rooks, bishops and knights (two at least), and pawns. Players of one
/// score are one piece, the least that falls to any of them, so that a name decides nothing.
pub(crate) fn pieces<T: PartialEq>(scores: &[T]) -> Vec<Piece> {
    let mut pieces: Vec<_> = pieces_of(scores.len()).collect();
    for place in (1..pieces.len()).rev() {
        if scores[place - 1] == scores[place] {
            pieces[place - 1] = pieces[place];
        }
    }
    pieces
}

fn pieces_of(players: usize) -> impl Iterator<Item = Piece> {
    let (sixteenth, eighth) = ((players / 16).max(1), (players / 8).max(2));
    let few = [
        (Piece::King, 1),
        (Piece::Queen, sixteenth),
        (Piece::Rook, eighth),
        (Piece::Bishop, eighth),
        (Piece::Knight, eighth),
    ];
    few.into_iter()
        .flat_map(|(piece, count)| std::iter::repeat_n(piece, count))
        .chain(std::iter::repeat(Piece::Pawn))
        .take(players)
}

/// Returns the mean, over several measures, of each player's share of the greatest value; a measure without any value
/// above zero does not count.
///
/// O(k n) for k measures of n players.
pub(super) fn score(measures: &[Vec<f64>]) -> Vec<f64> {
    let players = measures.first().map_or(0, Vec::len);
    let mut scores = vec![0.0; players];
    let mut counted = 0.0;
    for measure in measures {
        let greatest = measure.iter().copied().fold(0.0, f64::max);
        if greatest > 0.0 {
            counted += 1.0;
            for (score, value) in scores.iter_mut().zip(measure) {
                *score += value / greatest;
            }
        }
    }
    // What differs in the last digits only, where an iteration stopped, is level.
    let rounded = |value: f64| (value * 1e9).round() / 1e9;
    for score in &mut scores {
        *score = rounded(*score / f64::max(counted, 1.0));
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_players_are_one_side_of_a_game() {
        let scores: Vec<_> = (0..16).collect();
        let names: Vec<_> = pieces(&scores).iter().map(|piece| piece.name()).collect();
        let count = |name| names.iter().filter(|other| **other == name).count();
        assert_eq!(names[0], "king");
        assert_eq!(
            ["queen", "rook", "bishop", "knight", "pawn"].map(count),
            [1, 2, 2, 2, 8]
        );
        assert_eq!(pieces(&[1]), [Piece::King]);
        assert_eq!(pieces::<u32>(&[]), []);
    }

    #[test]
    fn equal_scores_are_equal_pieces() {
        use Piece::{Bishop, King, Knight, Pawn, Queen, Rook};
        assert_eq!(pieces(&[9, 8, 8, 7]), [King, Rook, Rook, Rook]);
        assert_eq!(pieces(&[1; 20]), [Pawn; 20]);
        assert_eq!(pieces(&[2, 2, 1]), [Queen, Queen, Rook]);
        assert_eq!(
            pieces(&[9, 8, 7, 6, 5, 4, 3, 2, 2]),
            [King, Queen, Rook, Rook, Bishop, Bishop, Knight, Pawn, Pawn]
        );
    }

    #[test]
    fn the_score_is_the_mean_share_of_the_greatest() {
        let nobody = vec![0.0; 3];
        let scores = score(&[vec![4.0, 2.0, 1.0], vec![1.0, 1.0, 0.0], nobody]);
        assert_eq!(scores, [1.0, 0.75, 0.125]);
        assert_eq!(score(&[vec![7.0]]), [1.0]);
        assert_eq!(score(&[vec![0.0]]), [0.0]);
        assert_eq!(score(&[]), [0.0; 0]);
    }
}
