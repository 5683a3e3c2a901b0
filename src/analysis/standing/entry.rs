//! Standing in the table of analyses.

use crate::analysis::answer::{Answer, Cell};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{
    Arguments, Parameter, ParameterKind, Presence, measure, parameter,
};
use crate::analysis::position::Position;
use crate::analysis::standing::{ERROR_USUAL, SEED_USUAL, StandingOptions, standing};
use std::sync::atomic::AtomicBool;

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "standing",
    title: "Standing",
    title_zh: "地位",
    question: "Who is player, who is piece?",
    question_zh: "谁是棋手，谁是棋子？",
    definition: "The measures of power of network science for everybody with an edge, the strongest first. score is the \
        mean part of the others that a player is ahead of, over PageRank, betweenness, Bonacich's power of either sign, \
        the room between partners (1 - constraint) and leverage. The first by score is the king, then come queens \
        (n/16), rooks, bishops and knights (n/8 each), and pawns. Leverage is how much more the counterparties need a \
        player than it needs them; all leverages sum to zero.",
    parameters: &[
        Parameter {
            presence: Presence::Default("edges"),
            ..parameter(
                "leverage-by",
                ParameterKind::Word(&["edges", "amount", "capacity", "units"]),
                "What leverage is measured by",
            )
        },
        Parameter {
            presence: Presence::Default(ERROR_USUAL.text),
            ..parameter(
                "error",
                ParameterKind::Number,
                "The error allowed where betweenness is sampled",
            )
        },
        Parameter {
            presence: Presence::Default(SEED_USUAL.text),
            ..parameter(
                "seed",
                ParameterKind::Integer(0, u64::MAX),
                "Where the random numbers of the sample begin",
            )
        },
    ],
    columns: &[
        column("player", "参与者", ColumnKind::Id, "The player"),
        column(
            "piece",
            "棋子",
            ColumnKind::Text,
            "king, queen, rook, bishop, knight or pawn",
        ),
        column(
            "score",
            "得分",
            ColumnKind::Number,
            "The mean part of the others that it is ahead of",
        ),
        column(
            "pagerank",
            "PageRank",
            ColumnKind::Number,
            "With whom things arrive",
        ),
        column(
            "betweenness",
            "中介性",
            ColumnKind::Number,
            "The part of all pairs of others that go through it",
        ),
        column(
            "bonacich",
            "Bonacich 权力",
            ColumnKind::Number,
            "Strong through the strong",
        ),
        column(
            "bonacich_negative",
            "Bonacich 权力（负）",
            ColumnKind::Number,
            "Strong through those that have nobody else",
        ),
        column(
            "constraint",
            "约束",
            ColumnKind::Number,
            "How little room it has between its partners",
        ),
        column(
            "leverage",
            "杠杆",
            ColumnKind::Number,
            "How much more others need it than it needs them",
        ),
        column(
            "core",
            "核数",
            ColumnKind::Integer,
            "How deep it sits in the dense middle",
        ),
    ],
    examples: &[
        "powermap standing",
        "powermap standing --as-of 2025-10-31 --leverage-by amount",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let usual = StandingOptions::default();
    let options = StandingOptions {
        leverage_by: arguments.text("leverage-by").and_then(measure),
        error: arguments.number("error").unwrap_or(usual.error),
        seed: arguments.integer("seed").unwrap_or(usual.seed),
    };
    let report = standing(position, &options, cancel)?;
    let mut answer = Answer::default();
    for row in report.rows {
        let cells = [
            row.player.into(),
            Cell::words(row.piece.name(), row.piece.name(), row.piece.name_zh()),
            rounded(row.score),
            rounded(row.pagerank),
            rounded(row.betweenness),
            rounded(row.bonacich),
            rounded(row.bonacich_negative),
            row.constraint.map_or(Cell::Empty, rounded),
            rounded(row.leverage),
            row.core.into(),
        ];
        answer.push(cells, Vec::new());
    }
    if let Some(error) = report.betweenness_error {
        answer.note(
            format!("betweenness comes from a sample: within {error:.4} with a chance of 99.9 %"),
            format!("中介性来自抽样：误差不超过 {error:.4} 的概率为 99.9 %"),
        );
    }
    Ok(answer)
}

/// Rounds to nine decimals: beyond, it would show whether iterations stop earlier or later.
fn rounded(number: f64) -> Cell {
    Cell::Number((number * 1e9).round() / 1e9 + 0.0)
}
