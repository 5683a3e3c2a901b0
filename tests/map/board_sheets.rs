//! The sheets of a picture: the layout takes their shape, fills them, and is set in letters that can be read in print.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap::Map;
use powermap::model::Lang;
use powermap::picture::{self, SceneOptions};
use powermap_picture::{Drawing, Role, Sheet};

fn drawn(sheet: Sheet) -> Drawing {
    let position = Map::built_in().unwrap().position().unwrap();
    let options = SceneOptions {
        money: true,
        ..SceneOptions::default()
    };
    let mut scene = picture::scene(&position, &options).unwrap();
    scene.sheet = sheet;
    Drawing::chess(scene)
}

/// The smallest letters of a drawing besides raised numbers, in points of the printed sheet.
fn smallest(drawing: &Drawing) -> f64 {
    let texts = drawing.texts.iter().map(|text| text.size);
    let labels = drawing.labels.iter().map(|label| label.size);
    let names = drawing.pieces.iter().map(|piece| piece.size);
    let least = texts.chain(labels).chain(names).fold(f64::MAX, f64::min);
    least * drawing.scene.sheet.width_mm() * 72.0 / 25.4 / drawing.width
}

#[test]
fn letters_are_of_seven_points_in_print_on_every_sheet() {
    for sheet in Sheet::ALL.iter().copied() {
        let drawing = drawn(sheet);
        let found = smallest(&drawing);
        assert!(found > 6.9, "{}: {found}", sheet.name());
        assert_eq!(drawing.quality.overlaps, 0, "{}", sheet.name());
        assert_eq!((drawing.quality.astray, drawing.quality.swallowed), (0, 0));
        // What has no figure may lack its label where there is no room.
        assert!(drawing.labels_left_out <= 1, "{}", sheet.name());
        let figures = drawing.scene.arrows().iter().enumerate();
        for (number, _) in figures.filter(|(_, arrow)| arrow.main_value().is_some()) {
            assert!(drawing.labels.iter().any(|label| label.arrow == number));
        }
    }
}

#[test]
fn the_board_takes_the_shape_of_its_sheet_and_fills_it() {
    let shape = |sheet| {
        let [columns, rows] = drawn(sheet).squares;
        columns as f64 / rows as f64
    };
    let [column, square, wide] = [Sheet::Column, Sheet::A4, Sheet::Wide].map(shape);
    assert!(
        column < 0.6 && square > 1.2 && wide > square,
        "{column} {square} {wide}"
    );
    for sheet in [Sheet::A4, Sheet::A3, Sheet::Wide, Sheet::Square] {
        let drawing = drawn(sheet);
        let ratio = drawing.width / drawing.height;
        assert!((ratio - sheet.ratio().unwrap()).abs() < 1e-9);
        let ends = |role: &Role| matches!(role, Role::Note | Role::Footnote);
        let lowest = drawing.texts.iter().filter(|text| ends(&text.role));
        let lowest = lowest.map(|text| text.at.y).fold(0.0, f64::max);
        assert!(lowest > 0.88 * drawing.height, "{}: {lowest}", sheet.name());
        let area = drawing.board.width * drawing.board.height;
        let share = area / (drawing.width * drawing.height);
        assert!(share > 0.32, "{}: {share}", sheet.name());
        let legend = drawing.samples.iter().map(|sample| sample.rect.x);
        assert!(legend.fold(0.0, f64::max) > 0.7 * drawing.width);
    }
}

/// The label in the middle of three parallel arrows cannot but touch the others; hardly any other one does.
#[test]
fn labels_lie_across_no_arrow_but_their_own() {
    let position = Map::built_in().unwrap().position().unwrap();
    for (money, most) in [(true, 3), (false, 1)] {
        for lang in [Lang::En, Lang::Zh] {
            let options = SceneOptions {
                money,
                lang,
                ..SceneOptions::default()
            };
            let scene = picture::scene(&position, &options).unwrap();
            let quality = Drawing::chess(scene).quality;
            assert!(quality.across <= most, "{money}: {quality:?}");
            assert_eq!((quality.overlaps, quality.astray), (0, 0));
        }
    }
}
