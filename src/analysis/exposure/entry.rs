//! Exposure in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::exposure::{
    Exposure, ExposureBase, ExposureOptions, ExposureReport, SHOCK_USUAL, exposure,
};
use crate::analysis::parameter::{Arguments, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::position::Position;
use crate::model::unit::Measure;
use crate::words::Message;
use std::sync::atomic::AtomicBool;

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "exposure",
    title: Message::ExposureTitle,
    question: Message::ExposureQuestion,
    definition: "Direct: the money that a counterparty has put into the failing player, lent to it or guaranteed for it, \
        and what the failing player has ordered from it; what is not binding yet counts for the upper bound only. \
        Cascade: the part of its base (market value, else backlog, else revenue) that it loses when distress is handed \
        on (DebtRank). Bounds take what is missing as nothing and as everything; the figure next to them is that of \
        what is known. Missing bases and amounts are listed.",
    parameters: &[
        Parameter {
            presence: Presence::Required,
            is_positional: true,
            ..parameter("of", ParameterKind::Player, "The player that fails")
        },
        Parameter {
            presence: Presence::Default(SHOCK_USUAL.text),
            ..parameter(
                "shock",
                ParameterKind::Number,
                "How much of it is lost, from 0 to 1",
            )
        },
        Parameter {
            presence: Presence::Default(ExposureBase::Any.name()),
            ..parameter(
                "against",
                ParameterKind::Word(&[
                    ExposureBase::Any.name(),
                    ExposureBase::MarketValue.name(),
                    ExposureBase::Backlog.name(),
                    ExposureBase::Revenue.name(),
                ]),
                "What the exposure is measured against",
            )
        },
    ],
    columns: &[
        column(
            "player",
            Message::HeadingPlayer,
            ColumnKind::Id,
            "Who is hurt",
        ),
        column(
            "direct",
            Message::HeadingExposureDirect,
            ColumnKind::Quantity,
            "What it has at stake directly",
        ),
        column(
            "cascade",
            Message::HeadingCascade,
            ColumnKind::Number,
            "The part of its base that it loses, as far as is known",
        ),
        column(
            "cascade_bounds",
            Message::HeadingCascadeBounds,
            ColumnKind::Range,
            "The bounds of that part",
        ),
        column(
            "impact",
            Message::HeadingImpact,
            ColumnKind::Share,
            "The part of the base that is at stake directly",
        ),
        column(
            "base",
            Message::HeadingBase,
            ColumnKind::Id,
            "The observation that the base is taken from",
        ),
    ],
    examples: &[
        "powermap exposure openai",
        "powermap exposure openai --min-status committed --explain",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let mut answer = Answer::default();
    let Some(failing) = arguments.id("of") else {
        return Ok(answer);
    };
    let usual = ExposureOptions::of(failing);
    let against = arguments.text("against");
    let base = ExposureBase::ALL
        .into_iter()
        .find(|base| Some(base.name()) == against);
    let options = ExposureOptions {
        shock: arguments.number("shock").unwrap_or(usual.shock),
        base: base.unwrap_or(usual.base),
        ..usual
    };
    let report = exposure(position, &options, cancel)?;
    for row in &report.rows {
        // Currencies are not summed: each has a row.
        let mut direct = row.direct.iter().map(|q| Some(*q)).collect::<Vec<_>>();
        if direct.is_empty() {
            direct.push(None);
        }
        for quantity in direct {
            let cells = [
                row.player.clone().into(),
                quantity.into(),
                rounded(row.cascade).into(),
                Cell::Range {
                    lower: rounded(row.cascade_bounds.0),
                    upper: rounded(row.cascade_bounds.1),
                },
                row.impact
                    .map_or(Cell::Empty, |(lower, upper)| Cell::Share {
                        lower: Some(lower),
                        upper: Some(upper),
                    }),
                row.base
                    .as_ref()
                    .map(|base| base.observation.clone())
                    .into(),
            ];
            answer.push(cells, support(row));
        }
    }
    notes(position, &report, &mut answer);
    Ok(answer)
}

fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

fn support(row: &Exposure) -> Vec<Support> {
    let measure = Some(Measure::Amount);
    let base = row.base.iter().map(|base| base.observation.clone());
    let ids = row.edges.iter().cloned().chain(base);
    ids.map(|id| Support { id, measure }).collect()
}

fn notes(position: &Position, report: &ExposureReport, answer: &mut Answer) {
    let (known, lower, upper) = report.rank;
    let percent = |part: f64| (part * 1000.0).round() / 10.0;
    answer.note(
        Message::DebtRank,
        &[
            ("known", &percent(known)),
            ("lower", &percent(lower)),
            ("upper", &percent(upper)),
        ],
    );
    for (message, players) in [
        (Message::BaseUnknown, &report.without_base),
        (Message::AmountUnknown, &report.without_amount),
    ] {
        answer.list(position.records(), &message.texts(&[]), players);
    }
}
