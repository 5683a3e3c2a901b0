//! The sheet around a board: how large the board is, and where the words around it stand.

use crate::layout::flow::Flow;
use crate::layout::geometry::{Rect, point};
use crate::layout::{PlacedText, Sample};
use crate::scene::{Scene, Sheet};
use crate::text::width;

/// The margin of the sheet.
pub(crate) const MARGIN: f64 = 44.0;
/// The margin of the narrowest sheet.
const MARGIN_NARROW: f64 = 20.0;
/// The room between board and panel.
const GUTTER: f64 = 30.0;
/// The narrowest panel beside a board.
const PANEL_MIN: f64 = 230.0;
/// The least side of a square.
const SIDE_MIN: f64 = 84.0;
/// How much more it is where players have one arrow more than usual, or several.
const SIDE_CROWDED: f64 = 30.0;
const ARROWS_USUAL: f64 = 1.6;
/// The least side where a sheet is drawn larger, because little stands on it.
const SIDE_LARGE: f64 = 128.0;
/// The part of a sheet's usual width that it has at least.
const LEAST: f64 = 0.55;
/// By how much a board shrinks, and a sheet grows, until everything fits.
const SMALLER: f64 = 0.97;
const WIDER: f64 = 1.03;
/// The room that the words above and below a board may take before they are set.
const WORDS: f64 = 250.0;

/// The sheet around a board.
#[derive(Debug, Clone, Default)]
pub(crate) struct Panel {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Where the board stands.
    pub(crate) board: Rect,
    pub(crate) texts: Vec<PlacedText>,
    pub(crate) samples: Vec<Sample>,
}

/// What stands in the middle of a sheet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Board {
    /// Columns and rows of squares, as large as the sheet has room for.
    Squares([usize; 2]),
    /// A drawing of a width and a height.
    Fixed(f64, f64),
    /// A board that stands already, with the number of its columns.
    Kept(Rect, usize),
}

impl Board {
    /// The room under the board, for the names of the columns.
    fn foot(self) -> f64 {
        match self {
            Self::Squares(_) | Self::Kept(_, 1..) => 24.0,
            Self::Fixed(..) | Self::Kept(..) => 8.0,
        }
    }
}

fn margin(sheet: Sheet) -> f64 {
    match sheet {
        Sheet::Column => MARGIN_NARROW,
        _ => MARGIN,
    }
}

/// Returns how many columns and rows of squares a sheet has room for, so that there are at least `least` squares, as large as
/// they can be.
pub(crate) fn squares_for(sheet: Sheet, least: usize) -> [usize; 2] {
    let inner = sheet.width() - 2.0 * margin(sheet);
    let beside = match sheet.has_side_panel() {
        true => GUTTER + PANEL_MIN,
        false => 0.0,
    };
    let wide = inner - beside;
    let rows_for = |columns: usize| least.div_ceil(columns);
    let Some(ratio) = sheet.ratio() else {
        let columns = ((wide / SIDE_MIN) as usize).max(1);
        return [columns, rows_for(columns)];
    };
    let below = match sheet.has_side_panel() {
        true => WORDS,
        false => 2.0 * WORDS,
    };
    let high = sheet.width() / ratio - 2.0 * MARGIN - below;
    let side = |columns: usize| (wide / columns as f64).min(high / rows_for(columns) as f64);
    let columns = (1..=least).max_by(|a, b| side(*a).total_cmp(&side(*b)));
    let columns = columns.unwrap_or(1);
    // Rows that fit without smaller squares are for arrows.
    let rows = (high / side(columns)) as usize;
    [columns, rows.max(rows_for(columns))]
}

/// Sets the words around a board: headline above, loops below, legend and sources beside it or under the loops. Squares are
/// as large as they can be; where even small ones have no room, the sheet grows, and a board that is no squares with it.
pub(crate) fn set(scene: &Scene, board: Board) -> Panel {
    let usual = scene.sheet.width();
    // Many arrows need room for their labels.
    let more = scene.arrows.len() as f64 / scene.players.len().max(1) as f64 - ARROWS_USUAL;
    let mut width = match board {
        Board::Squares(_) => usual * LEAST,
        _ => usual,
    };
    loop {
        let side_min = match width < usual {
            true => SIDE_LARGE,
            false => SIDE_MIN + SIDE_CROWDED * more.clamp(0.0, 1.0),
        };
        if let Some(panel) = fit(scene, board, width, side_min) {
            return panel;
        }
        let is_usual = width < usual && width * WIDER > usual;
        width = if is_usual { usual } else { width * WIDER };
    }
}

/// Sets the words on a sheet of a width, if everything has room.
fn fit(scene: &Scene, board: Board, width: f64, side_min: f64) -> Option<Panel> {
    let margin = margin(scene.sheet);
    let inner = width - 2.0 * margin;
    let mut header = Flow::new(point(margin, margin - 18.0), inner, scene.sheet);
    header.header(scene);
    let top = match board {
        Board::Kept(kept, _) => kept.y,
        _ => header.at + 16.0,
    };
    let is_beside = scene.sheet.has_side_panel();
    let room = match is_beside {
        true => inner - GUTTER - PANEL_MIN,
        false => inner,
    };
    let height = scene.sheet.ratio().map(|ratio| width / ratio);
    let high = height.map_or(f64::INFINITY, |height| height - top - margin);
    let attempt = |board_width: f64, board_height: f64| -> Option<Panel> {
        let left = match (board, is_beside) {
            (Board::Kept(kept, _), _) => kept.x,
            (_, true) => margin,
            (_, false) => margin + (inner - board_width) / 2.0,
        };
        let rect = Rect {
            x: left,
            y: top,
            width: board_width,
            height: board_height,
        };
        around(scene, header.clone(), rect, board.foot(), [width, margin])
    };
    match board {
        Board::Kept(Rect { width, height, .. }, _) | Board::Fixed(width, height) => {
            (width <= room).then(|| attempt(width, height)).flatten()
        }
        Board::Squares([columns, rows]) => {
            let (columns, rows) = (columns as f64, rows as f64);
            let mut side = (room / columns).min(high / rows);
            while side >= side_min {
                if let Some(panel) = attempt(columns * side, rows * side) {
                    return Some(panel);
                }
                side *= SMALLER;
            }
            None
        }
    }
}

/// Sets the words below and beside a board, if everything has room.
fn around(
    scene: &Scene,
    mut flow: Flow,
    board: Rect,
    foot: f64,
    [width, margin]: [f64; 2],
) -> Option<Panel> {
    let inner = width - 2.0 * margin;
    let is_beside = scene.sheet.has_side_panel();
    let height = scene.sheet.ratio().map(|ratio| width / ratio);
    let bottom = height.unwrap_or(f64::INFINITY) - margin + 14.0;
    flow.at = board.y + board.height + foot;
    if is_beside {
        flow.width = board.width;
    }
    flow.loops(scene);
    let below = flow.at;
    if below > bottom {
        return None;
    }
    if is_beside {
        flow.left = board.x + board.width + GUTTER;
        flow.width = width - margin - flow.left;
        flow.at = board.y - 24.0;
    } else {
        flow.width = inner;
    }
    flow.legend(scene);
    flow.sources(scene, bottom);
    flow.fits.then(|| Panel {
        width,
        height: height.unwrap_or(flow.lowest.max(below) + margin - 14.0),
        board,
        texts: flow.texts,
        samples: flow.samples,
    })
}

/// Returns how wide the raised numbers of sources are.
pub(crate) fn notes_width(notes: &str, size: f64) -> f64 {
    if notes.is_empty() {
        0.0
    } else {
        width(notes, size * NOTE_SIZE) + 2.0
    }
}

/// The size of raised numbers, as a share of the letters next to them.
pub(crate) const NOTE_SIZE: f64 = 0.75;
