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
use crate::words::Message;
use std::sync::atomic::AtomicBool;

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "standing",
    title: Message::StandingTitle,
    question: Message::StandingQuestion,
    definition: "The measures of power of network science for everybody with an edge, the strongest first. score is the \
        mean share of the greatest value, over PageRank along and against the edges, betweenness, Bonacich's power (above \
        zero) and the money that goes through a player's hands, on the whole board of the day: a filter changes the \
        measures, never the score. The first by score is the king, then come queens (n/16), rooks, bishops and knights \
        (n/8 each), and pawns; equal scores are equal pieces, the least that falls to any of them; groups and anonymous \
        voices are no pieces. Constraint and leverage stand beside it: \
        leverage is how much more the counterparties need a player than it needs them; all leverages sum to zero.",
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
        column(
            "player",
            Message::HeadingPlayer,
            ColumnKind::Id,
            "The player",
        ),
        column(
            "piece",
            Message::HeadingPiece,
            ColumnKind::Text,
            "king, queen, rook, bishop, knight or pawn; empty for groups and voices",
        ),
        column(
            "score",
            Message::HeadingScore,
            ColumnKind::Number,
            "The mean share of the greatest value; empty for groups and voices",
        ),
        column(
            "pagerank",
            Message::HeadingPagerank,
            ColumnKind::Number,
            "With whom things arrive",
        ),
        column(
            "pagerank_reverse",
            Message::HeadingPagerankReverse,
            ColumnKind::Number,
            "From whom things come",
        ),
        column(
            "betweenness",
            Message::HeadingBetweenness,
            ColumnKind::Number,
            "The part of all pairs of others that go through it",
        ),
        column(
            "bonacich",
            Message::HeadingBonacich,
            ColumnKind::Number,
            "Strong through the strong",
        ),
        column(
            "bonacich_negative",
            Message::HeadingBonacichNegative,
            ColumnKind::Number,
            "Strong through those that have nobody else",
        ),
        column(
            "money",
            Message::HeadingMoney,
            ColumnKind::Quantity,
            "What it pays and is paid, in the currency in which most deal",
        ),
        column(
            "constraint",
            Message::HeadingConstraint,
            ColumnKind::Number,
            "How little room it has between its partners",
        ),
        column(
            "leverage",
            Message::HeadingLeverage,
            ColumnKind::Number,
            "How much more others need it than it needs them",
        ),
        column(
            "core",
            Message::HeadingCore,
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
            row.piece.map_or(Cell::Empty, |piece| {
                Cell::message(piece.name(), piece.word())
            }),
            row.score.map_or(Cell::Empty, rounded),
            rounded(row.pagerank),
            rounded(row.pagerank_reverse),
            rounded(row.betweenness),
            rounded(row.bonacich),
            rounded(row.bonacich_negative),
            row.money.into(),
            row.constraint.map_or(Cell::Empty, rounded),
            rounded(row.leverage),
            row.core.into(),
        ];
        answer.push(cells, Vec::new());
    }
    if !report.money_left_out.is_empty() {
        let units: Vec<_> = report
            .money_left_out
            .iter()
            .map(|unit| unit.code())
            .collect();
        answer.note(Message::MoneyLeftOut, &[("units", &units.join(", "))]);
    }
    if let Some(error) = report.betweenness_error {
        answer.note(
            Message::BetweennessSampled,
            &[("error", &format_args!("{error:.4}"))],
        );
    }
    Ok(answer)
}

/// Rounds to nine decimals: beyond, it would show whether iterations stop earlier or later.
fn rounded(number: f64) -> Cell {
    Cell::Number((number * 1e9).round() / 1e9 + 0.0)
}
