//! The outlines of the pieces, in a box of 100 × 100, so that no font is needed to draw them.

use crate::scene::Piece;

/// Returns the outline of a piece as the data of an SVG path.
pub(crate) fn outline(piece: Piece) -> &'static str {
    match piece {
        Piece::King => concat!(
            "M46 3h8v7h8v8h-8v8h-8v-8h-8v-8h8z",
            "M50 27c16 0 25 5 25 15 0 8-6 13-10 17H35c-4-4-10-9-10-17 0-10 9-15 25-15z",
            "M33 61h34v6H33z",
            "M37 69h26c1 5 4 9 9 13H28c5-4 8-8 9-13z",
            "M23 84h54a2 2 0 0 1 2 2v8H21v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Queen => concat!(
            "M50 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
            "M22 19a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
            "M78 19a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
            "M22 30l14 12 14-24 14 24 14-12-9 29H31z",
            "M33 61h34v6H33z",
            "M37 69h26c1 5 4 9 9 13H28c5-4 8-8 9-13z",
            "M23 84h54a2 2 0 0 1 2 2v8H21v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Rook => concat!(
            "M26 13h12v9h7v-9h10v9h7v-9h12v20l-8 8H34l-8-8z",
            "M36 43h28l3 31H33z",
            "M30 76h40v6H30z",
            "M23 84h54a2 2 0 0 1 2 2v8H21v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Bishop => concat!(
            "M50 5a6 6 0 1 1 0 12 6 6 0 0 1 0-12z",
            "M46 19h8c4 4 8 8 11 13L50 46l5 5 13-12c2 9 0 16-6 21H38c-12-10-7-28 8-41z",
            "M33 62h34v6H33z",
            "M38 70h24c1 5 4 8 9 12H29c5-4 8-7 9-12z",
            "M23 84h54a2 2 0 0 1 2 2v8H21v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Knight => concat!(
            "M33 82c0-17 17-20 16-34-7 6-15 4-19 9-3 4-8 4-11 1-3-4-3-8 0-12 4-6 6-13 12-20l1-13 9 8",
            "C62 18 76 36 74 82z",
            "M23 84h54a2 2 0 0 1 2 2v8H21v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Pawn => concat!(
            "M50 12a15 15 0 0 1 9.500 26.600L68 44v6H60c1 13 5 22 12 32H28c7-10 11-19 12-32H32v-6l8.500-5.400A15 15 0 0 1 50 12z",
            "M25 84h50a2 2 0 0 1 2 2v8H23v-8a2 2 0 0 1 2-2z"
        ),
        Piece::Pawns => concat!(
            "M26 34a9 9 0 0 1 6 15.700L36 53v4h-4c0 9 2 15 7 23H12c5-8 8-14 8-23h-4v-4l4-3.300A9 9 0 0 1 26 34z",
            "M74 34a9 9 0 0 1 6 15.700l4 3.300v4h-4c0 9 3 15 8 23H61c5-8 7-14 7-23h-4v-4l4-3.300A9 9 0 0 1 74 34z",
            "M50 18a12 12 0 0 1 7.500 21.300L64 44v5h-6c1 11 4 19 10 27H32c6-8 9-16 10-27h-6v-5l6.500-4.700A12 12 0 0 1 50 18z",
            "M12 84h76a2 2 0 0 1 2 2v8H10v-8a2 2 0 0 1 2-2z"
        ),
    }
}
