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
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::words::Message;
use oxigraph::model::NamedNode;
use std::sync::atomic::AtomicBool;

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "exposure",
    title: Message::ExposureTitle,
    question: Message::ExposureQuestion,
    definition: "stakes: the money that a counterparty has put into the failing player. debts: what it has lent to it or \
        guaranteed for it. direct: both together, what it owns of the failing player. orders: what the failing player has \
        ordered from it and has not yet got; business that may be lost, no asset, so that it is summed with nothing. \
        supplies: what the failing player supplies to it. What is not binding yet counts for the upper bound only. Cascade: \
        the part of its base (market value, else backlog, else revenue) that it loses when losses of stakes and debts are \
        handed on (DebtRank); orders and supplies have no part in it. Its bounds take what is missing as nothing and as \
        everything; the figure next to them is that of what is known. What is not known is an empty cell; missing bases \
        and amounts are listed, and give no number.",
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
            "What it owns of the failing player: stakes and debts",
        ),
        column(
            "stakes",
            Message::HeadingStakes,
            ColumnKind::Amount,
            "The money that it has put into the failing player",
        ),
        column(
            "debts",
            Message::HeadingDebts,
            ColumnKind::Amount,
            "What it has lent to the failing player or guaranteed for it",
        ),
        column(
            "orders",
            Message::HeadingOrders,
            ColumnKind::Amount,
            "What the failing player has ordered from it and not yet got",
        ),
        column(
            "supplies",
            Message::HeadingSupplies,
            ColumnKind::Amount,
            "What the failing player supplies to it",
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
        let of_unit = |amounts: &[Quantity], unit: Option<Unit>| -> Cell {
            let mut amounts = amounts.iter();
            amounts.find(|q| Some(q.unit) == unit).copied().into()
        };
        for unit in units(row) {
            let cells = [
                row.player.clone().into(),
                of_unit(&row.direct, unit),
                of_unit(&row.stakes, unit),
                of_unit(&row.debts, unit),
                of_unit(&row.orders, unit),
                of_unit(&row.supplies, unit),
                row.cascade.map(rounded).into(),
                row.cascade_bounds
                    .map_or(Cell::Empty, |(lower, upper)| Cell::Range {
                        lower: rounded(lower),
                        upper: rounded(upper),
                    }),
                row.impact
                    .map_or(Cell::Empty, |(lower, upper)| Cell::Share {
                        lower: Some(lower),
                        upper: Some(upper),
                        excluded: [false; 2],
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

/// Returns the currencies of a row; one that is not known where no amount is.
fn units(row: &Exposure) -> Vec<Option<Unit>> {
    let columns = [&row.direct, &row.orders, &row.supplies];
    let mut units: Vec<_> = columns
        .into_iter()
        .flatten()
        .map(|q| Some(q.unit))
        .collect();
    units.sort_unstable();
    units.dedup();
    if units.is_empty() {
        units.push(None);
    }
    units
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
    if let Some((known, lower, upper)) = report.rank {
        let percent = |part: f64| (part * 1000.0).round() / 10.0;
        answer.note(
            Message::DebtRank,
            &[
                ("known", &percent(known)),
                ("lower", &percent(lower)),
                ("upper", &percent(upper)),
            ],
        );
    }
    if report.has_several_currencies {
        answer.note(Message::BasesInSeveralCurrencies, &[]);
    }
    let has_amount = |id: &NamedNode| {
        let resolution = position.resolution(id);
        resolution.is_some_and(|found| found.value(Measure::Amount).is_some())
    };
    let without = report.without_amount.iter().cloned();
    let (open, unknown): (Vec<_>, Vec<_>) = without.partition(has_amount);
    for (message, players) in [
        (Message::BaseUnknown, &report.without_base),
        (Message::AmountUnknown, &unknown),
        (Message::AmountNotBound, &open),
        (Message::NoLossOfTheGiver, &report.no_loss),
        (Message::TotalsListedByParts, &report.listed_by_parts),
    ] {
        answer.list(&position.named(players), &message.texts(&[]), players);
    }
}
