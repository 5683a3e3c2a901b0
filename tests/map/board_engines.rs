//! The layouts of Graphviz: every arrow runs from piece to piece.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::outside;
use powermap::Map;
use powermap::picture::{self, SceneOptions};
use powermap_picture::{Drawing, PlacedPiece, Point, Rect};
use std::time::Duration;

/// How far a point is from a piece or its name, whichever is nearer.
fn distance(piece: &PlacedPiece, at: Point) -> f64 {
    let from = |rect: &Rect| {
        let off = |at: f64, start: f64, size: f64| (start - at).max(at - start - size).max(0.0);
        let (x, y) = (
            off(at.x, rect.x, rect.width),
            off(at.y, rect.y, rect.height),
        );
        (x * x + y * y).sqrt()
    };
    from(&piece.glyph).min(from(&piece.name))
}

#[test]
fn arrows_run_from_piece_to_piece() {
    let position = Map::built_in().unwrap().position().unwrap();
    for engine in ["dot", "circo", "neato", "fdp"] {
        if outside::find("graphviz", "the ends of arrows that Graphviz lays out").is_none() {
            return;
        }
        let scene = picture::scene(&position, &SceneOptions::default()).unwrap();
        let drawing = Drawing::graphviz(scene, engine, Duration::from_secs(60)).unwrap();
        for (arrow, placed) in drawing.scene.arrows().iter().zip(&drawing.arrows) {
            let line = placed.line();
            let ends = [(arrow.from, line[0]), (arrow.to, *line.last().unwrap())];
            for (player, at) in ends {
                let off = distance(&drawing.pieces[player], at);
                let name = &drawing.scene.players()[player].name;
                assert!(off < 6.0, "{engine}: {off} from {name}");
            }
            let length: f64 = line
                .windows(2)
                .map(|w| (w[1].x - w[0].x).hypot(w[1].y - w[0].y))
                .sum();
            assert!(length > 25.0, "{engine}: an arrow of {length}");
        }
    }
}
