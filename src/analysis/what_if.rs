//! What if: what changes if an edge or a player goes, or an amount is another one?
//!
//! # Definition
//! The other analyses are run on the board as it is and on the board as it would be: without some players (and all their
//! edges), without some edges, or with another amount on one edge. Rows that stand for the same thing are compared: a
//! loop by its players in order, a dependence by player, side, counterparty and basis, a standing by player. Told are
//! the values that differ, and rows that come or go. Nothing is assumed about how the players would react.
//!
//! # Complexity
//! Twice that of the analyses that are compared.

use crate::analysis::answer::{Answer, Cell, Row};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::position::Position;
use crate::analysis::table::find;
use crate::model::quantity::Quantity;
use crate::model::resolve::ResolvedValue;
use crate::model::unit::{Measure, Unit};
use crate::words::Message;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

/// What is to be otherwise.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WhatIf {
    /// Players that are gone, with all their edges.
    pub players: Vec<NamedNode>,
    /// Edges that are gone.
    pub edges: Vec<NamedNode>,
    /// An edge that is worth something else.
    pub amount: Option<(NamedNode, Quantity)>,
}

/// Returns the position after a change.
///
/// O(n) in the edges on the board.
///
/// # Errors
/// Those of the network; an amount on an edge of a plain edge list.
///
/// # Example
/// ```
/// use powermap::analysis::{WhatIf, changed};
/// use powermap::Map;
/// let map = Map::built_in()?;
/// let change = WhatIf { players: vec![map.player("openai")?], ..WhatIf::default() };
/// let position = changed(&map.position()?, &change)?;
/// assert!(position.edges().count() < map.position()?.edges().count());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn changed(position: &Position, change: &WhatIf) -> Result<Position, AnalysisError> {
    let mut changed = position.without(&change.players, &change.edges)?;
    if let Some((edge, quantity)) = &change.amount {
        position.check_claims("another amount")?;
        let mut board = changed.board().clone();
        if let Some(resolution) = board.edges.get_mut(edge) {
            resolution
                .values
                .retain(|value| value.measure != Measure::Amount);
            resolution.values.push(ResolvedValue {
                measure: Measure::Amount,
                quantity: *quantity,
                claims: Vec::new(),
            });
        }
        changed = changed.with_board(board);
    }
    Ok(changed)
}

/// How the rows of an analysis are compared: the columns that say what a row is about, and those that may differ.
struct Compared {
    analysis: &'static str,
    /// The column whose number several rows share that stand for one thing.
    group: Option<&'static str>,
    about: &'static [&'static str],
    values: &'static [&'static str],
}

const COMPARED: &[Compared] = &[
    Compared {
        analysis: "loops",
        group: Some("loop"),
        about: &["from"],
        values: &["quantity", "type"],
    },
    Compared {
        analysis: "dependence",
        group: None,
        about: &["player", "side", "counterparty", "basis"],
        values: &["share_headline", "share", "hhi", "asymmetry"],
    },
    Compared {
        analysis: "standing",
        group: None,
        about: &["player"],
        values: &[
            "piece",
            "score",
            "pagerank",
            "betweenness",
            "constraint",
            "leverage",
        ],
    },
];

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "what-if",
    title: Message::WhatIfTitle,
    question: Message::WhatIfQuestion,
    definition: "Runs other analyses on the board as it is and on the board without some players or edges, or with another \
        amount on one edge, and lists what differs once it is rounded as people read it. Nothing is assumed about how the players would react.",
    parameters: &[
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "without",
                ParameterKind::Player,
                "A player that is gone, with all its edges",
            )
        },
        Parameter {
            presence: Presence::Repeatable,
            ..parameter("without-edge", ParameterKind::Edge, "An edge that is gone")
        },
        parameter(
            "edge",
            ParameterKind::Edge,
            "An edge that is worth another amount",
        ),
        parameter(
            "amount",
            ParameterKind::Number,
            "What the edge is worth instead",
        ),
        Parameter {
            presence: Presence::Default("USD"),
            ..parameter(
                "currency",
                ParameterKind::Text,
                "The currency of the amount",
            )
        },
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "compare",
                ParameterKind::Word(&["loops", "dependence", "standing"]),
                "Compare this analysis only",
            )
        },
    ],
    columns: &[
        column(
            "analysis",
            Message::HeadingAnalysis,
            ColumnKind::Text,
            "The analysis whose answer changes",
        ),
        column(
            "player",
            Message::HeadingPlayer,
            ColumnKind::Id,
            "The player that the row is about",
        ),
        column(
            "about",
            Message::HeadingAbout,
            ColumnKind::Text,
            "What else the row is about",
        ),
        column(
            "measure",
            Message::HeadingMeasure,
            ColumnKind::Text,
            "The column that changes; row for a row that comes or goes",
        ),
        column(
            "before",
            Message::HeadingBefore,
            ColumnKind::Text,
            "As it is",
        ),
        column(
            "after",
            Message::HeadingAfter,
            ColumnKind::Text,
            "As it would be",
        ),
    ],
    examples: &[
        "powermap what-if --without nvidia",
        "powermap what-if --without-edge amd-openai-2025-10-chips --compare dependence",
        "powermap what-if --edge microsoft-openai-2025-10-cloud --amount 50e9",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let change = change(arguments)?;
    let after = changed(position, &change)?;
    let asked: Vec<&str> = arguments.texts("compare").collect();
    let mut answer = Answer::default();
    for compared in COMPARED {
        let is_asked = asked.is_empty() || asked.contains(&compared.analysis);
        let Some(analysis) = find(compared.analysis).filter(|_| is_asked) else {
            continue;
        };
        let on = |position: &Position| {
            let arguments = analysis.arguments([], position)?;
            (analysis.run)(position, &arguments, cancel)
        };
        let sides = [on(position)?, on(&after)?];
        compare(position, compared, analysis, &sides, &mut answer);
    }
    Ok(answer)
}

/// Returns what the arguments ask to be otherwise.
pub(crate) fn change(arguments: &Arguments) -> Result<WhatIf, AnalysisError> {
    let amount = match (arguments.id("edge"), arguments.number("amount")) {
        (Some(edge), Some(amount)) => {
            let unit: Unit = arguments.text("currency").unwrap_or("USD").parse()?;
            Some((edge, Quantity::exact(amount, unit)))
        }
        (None, None) => None,
        (edge, _) => {
            return Err(AnalysisError::Missing {
                analysis: ANALYSIS.name,
                name: if edge.is_some() { "amount" } else { "edge" }.to_owned(),
                help: "edge and amount belong together",
            });
        }
    };
    let change = WhatIf {
        players: arguments.ids("without"),
        edges: arguments.ids("without-edge"),
        amount,
    };
    if change == WhatIf::default() {
        return Err(AnalysisError::Missing {
            analysis: ANALYSIS.name,
            name: "without".to_owned(),
            help: "name a player (without), an edge (without-edge), or an edge and its amount",
        });
    }
    Ok(change)
}

/// What a row is about: the player, and the other cells that say so as programs read them.
type Key = (Option<NamedNode>, Vec<String>);

/// A row, and the cells that say what it is about beside the player.
type Told<'a> = (&'a Row, Vec<&'a Cell>);

/// Returns the rows of an answer by what they are about, in the order of the answer for rows about the same.
fn rows<'a>(
    compared: &Compared,
    analysis: &Analysis,
    answer: &'a Answer,
) -> BTreeMap<Key, Told<'a>> {
    let group = |row: &Row| {
        compared
            .group
            .and_then(|name| cell(analysis, row, name).map(Cell::data))
    };
    let mut rows = BTreeMap::new();
    let mut left = &answer.rows[..];
    while let Some(first) = left.first() {
        let together = match group(first) {
            Some(number) => left
                .iter()
                .take_while(|row| group(row).as_ref() == Some(&number))
                .count(),
            None => 1,
        };
        let (members, rest) = left.split_at(together);
        left = rest;
        let mut key: Key = (None, Vec::new());
        let mut about = Vec::new();
        for (row, name) in members
            .iter()
            .flat_map(|row| compared.about.iter().map(move |n| (row, n)))
        {
            match cell(analysis, row, name) {
                Some(Cell::Id(id)) if key.0.is_none() && *name == "player" => {
                    key.0 = Some(id.clone());
                }
                Some(cell) => {
                    key.1.push(cell.data());
                    about.push(cell);
                }
                None => {}
            }
        }
        rows.entry(key).or_insert((first, about));
    }
    rows
}

fn cell<'a>(analysis: &Analysis, row: &'a Row, name: &str) -> Option<&'a Cell> {
    let place = analysis
        .columns
        .iter()
        .position(|column| column.name == name)?;
    row.cells.get(place)
}

/// Returns whether two numbers or shares read the same once they are rounded, so that nothing differs worth telling.
fn reads_the_same(one: Option<&Cell>, other: Option<&Cell>) -> bool {
    let read = |cell: Option<&Cell>| match cell?.as_words() {
        Cell::Words { people, .. } => Some(people),
        _ => None,
    };
    let is_rounded =
        |cell: Option<&Cell>| matches!(cell, Some(Cell::Number(_) | Cell::Share { .. }));
    is_rounded(one) && is_rounded(other) && read(one) == read(other)
}

fn compare(
    position: &Position,
    compared: &Compared,
    analysis: &Analysis,
    [before, after]: &[Answer; 2],
    answer: &mut Answer,
) {
    let (before, after) = (
        rows(compared, analysis, before),
        rows(compared, analysis, after),
    );
    let told = before.values().chain(after.values());
    let ids = told.flat_map(|(_, about)| about.iter());
    let ids: Vec<NamedNode> = ids
        .filter_map(|cell| match cell {
            Cell::Id(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let named = position.named(&ids);
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (old, new) = (before.get(key), after.get(key));
        let cells = old.or(new).map_or(&[][..], |(_, about)| about.as_slice());
        let about = Cell::words(key.1.join(" "), |lang| {
            let word = |cell: &&Cell| match cell {
                Cell::Id(id) => named.label(id, lang).to_owned(),
                Cell::Words { people, .. } => people.get(lang).to_owned(),
                other => other.data(),
            };
            let words: Vec<_> = cells.iter().map(word).collect();
            // The players of a group of rows are its way.
            match compared.group {
                Some(_) => words.join(" → "),
                None => words.join(Message::StoryListSeparator.text(lang)),
            }
        });
        let (old, new) = (old.map(|told| told.0), new.map(|told| told.0));
        let support: BTreeSet<_> = [old, new]
            .into_iter()
            .flatten()
            .flat_map(|row| row.support.clone())
            .collect();
        let mut push = |measure: Cell, old: Option<&Cell>, new: Option<&Cell>| {
            let words = |cell: Option<&Cell>| cell.map_or(Cell::Empty, Cell::as_words);
            let cells = [
                Cell::message(compared.analysis, analysis.title),
                key.0.clone().into(),
                about.clone(),
                measure,
                words(old),
                words(new),
            ];
            answer.push(cells, support.iter().cloned().collect());
        };
        let (Some(old), Some(new)) = (old, new) else {
            let there = Cell::message("there", Message::There);
            let is_there = |row: Option<&Row>| row.map(|_| &there);
            let whole = Cell::message("row", Message::WholeRow);
            push(whole, is_there(old), is_there(new));
            continue;
        };
        for name in compared.values {
            let (old, new) = (cell(analysis, old, name), cell(analysis, new, name));
            if old.map(Cell::data) != new.map(Cell::data) && !reads_the_same(old, new) {
                let column = analysis.columns.iter().find(|c| c.name == *name);
                let measure = Cell::words(*name, |lang| {
                    column.map_or(*name, |c| c.heading_in(lang)).to_owned()
                });
                push(measure, old, new);
            }
        }
    }
}
