//! Paths in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, LIMIT, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::paths::{
    FoundPath, HOPS_USUAL, PATHS_USUAL, PathStep, PathWeight, PathsOptions, Tie, paths,
};
use crate::analysis::position::Position;
use crate::analysis::walk::{amount_cell, flows_cell};
use crate::model::name::{Family, Flow};
use crate::model::unit::Measure;
use crate::words::Message;
use std::sync::atomic::AtomicBool;

/// Where the paths begin.
pub(crate) const SOURCE: Parameter = Parameter {
    presence: Presence::Required,
    is_positional: true,
    ..parameter("source", ParameterKind::Player, "Where the paths begin")
};

/// Where the paths end.
pub(crate) const TARGET: Parameter = Parameter {
    presence: Presence::Required,
    is_positional: true,
    ..parameter("target", ParameterKind::Player, "Where they end")
};

/// The most hops of a path.
pub(crate) const MAX_HOPS: Parameter = Parameter {
    presence: Presence::Default(HOPS_USUAL.text),
    ..parameter(
        "max-hops",
        ParameterKind::Integer(1, 1000),
        "The most hops of a path",
    )
};

/// The words for what makes a path better than another.
const WEIGHTS: [&str; 2] = ["hops", "amount"];

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "paths",
    title: Message::PathsTitle,
    question: Message::PathsQuestion,
    definition: "The paths with the fewest hops from a source to a target over different players; among equals, those that \
        come first by the names of their players. With flow, a hop leads the way that it flows, as in loops: cash runs from \
        a customer to its supplier. Without, along edges of any family, either way, but for rivalry. Parallel edges make \
        one hop. By amount, the widest paths: those through which the most can go, the least hop of each, by the greatest \
        figure that is known, in the currency of the most edges; then by hops; paths with a hop of unknown amount come \
        last. With flow ownership, amounts are shares of the capital, and that of a path is their product. One row for each \
        hop.",
    parameters: &[
        SOURCE,
        TARGET,
        MAX_HOPS,
        Parameter {
            presence: Presence::Default(PATHS_USUAL.text),
            ..parameter(
                LIMIT,
                ParameterKind::Integer(1, 1_000_000),
                "The most paths",
            )
        },
        parameter(
            "shortest",
            ParameterKind::Flag,
            "Only the paths with the least number of hops",
        ),
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "flow",
                ParameterKind::Flow,
                "Walk the way that this flows; either way along any edge unless given",
            )
        },
        Parameter {
            presence: Presence::Default(WEIGHTS[0]),
            ..parameter(
                "weight",
                ParameterKind::Word(&WEIGHTS),
                "What the best paths have: the fewest hops, or the greatest amount that can go through",
            )
        },
    ],
    columns: &[
        column(
            "path",
            Message::HeadingPath,
            ColumnKind::Integer,
            "The number of the path, the best first",
        ),
        column(
            "step",
            Message::HeadingStep,
            ColumnKind::Integer,
            "The number of the hop in the path",
        ),
        column(
            "from",
            Message::HeadingPathsFrom,
            ColumnKind::Id,
            "The player that the hop leaves",
        ),
        column(
            "to",
            Message::HeadingPathsTo,
            ColumnKind::Id,
            "The player that it comes to",
        ),
        column(
            "edges",
            Message::HeadingEdges,
            ColumnKind::Ids("edge"),
            "The edges of the hop",
        ),
        column(
            "ties",
            Message::HeadingTies,
            ColumnKind::Text,
            "What ties the two: investment, supply, influence; with a minus sign where it points against the hop",
        ),
        column(
            "flows",
            Message::HeadingFlows,
            ColumnKind::Text,
            "What flows, where that is asked for",
        ),
        column(
            "step_amount",
            Message::HeadingStepAmount,
            ColumnKind::OwnQuantity,
            "The sum of the edges of the hop, where flows or amounts are asked for; of stakes, the share of the capital",
        ),
        column(
            "quantity",
            Message::HeadingPathsQuantity,
            ColumnKind::Quantity,
            "What can go through the path, where flows or amounts are asked for",
        ),
    ],
    examples: &[
        "powermap paths satya-nadella sam-altman --as-of 2023-11-30",
        "powermap paths microsoft oracle --flow cash --max-hops 3",
        "powermap paths softbank nvidia --flow cash --weight amount --limit 5",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let mut answer = Answer::default();
    let (Some(source), Some(target)) = (arguments.id(SOURCE.name), arguments.id(TARGET.name))
    else {
        return Ok(answer);
    };
    let usual = PathsOptions::between(source, target);
    let options = PathsOptions {
        hops_max: arguments
            .integer(MAX_HOPS.name)
            .map_or(usual.hops_max, |n| n as u32),
        paths_max: arguments
            .integer(LIMIT)
            .map_or(usual.paths_max, |n| n as usize),
        only_shortest: arguments.flag("shortest"),
        flows: arguments.flows("flow"),
        weight: match arguments.text("weight") {
            Some(word) if word == WEIGHTS[1] => PathWeight::Amount,
            _ => usual.weight,
        },
        ..usual
    };
    let report = paths(position, &options, cancel)?;
    let with_amounts = options.with_amounts();
    for (number, path) in report.paths.iter().enumerate() {
        for (place, step) in path.steps.iter().enumerate() {
            add(
                (number + 1, path),
                (place + 1, step),
                with_amounts,
                &mut answer,
            );
        }
    }
    let found = report.paths.len();
    answer.is_partial = report.is_partial || report.is_cut;
    if report.is_partial {
        answer.note(Message::PathsBrokenOff, &[("found", &found)]);
    } else if report.is_cut {
        answer.note(Message::PathsAtLimit, &[("found", &found)]);
    }
    Ok(answer)
}

fn add(
    (number, path): (usize, &FoundPath),
    (place, step): (usize, &PathStep),
    with_amounts: bool,
    answer: &mut Answer,
) {
    let is_stake = |flow: Flow| flow == Flow::Ownership;
    let is_stakes = !step.flows.is_empty() && step.flows.iter().all(|one| is_stake(one.flow));
    let measure = step.amount.map(|_| match is_stakes {
        true => Measure::Share,
        false => Measure::Amount,
    });
    let support = step.edges.iter().map(|id| Support {
        id: id.clone(),
        measure,
    });
    let cells = [
        number.into(),
        place.into(),
        step.from.clone().into(),
        step.to.clone().into(),
        step.edges.clone().into(),
        ties(&step.ties),
        flows_cell(&step.flows),
        match with_amounts {
            true => amount_cell(step.amount),
            false => Cell::Empty,
        },
        path.amount.into(),
    ];
    answer.push(cells, support.collect());
}

/// Returns what ties two players as words.
fn ties(ties: &[Tie]) -> Cell {
    Cell::joined(ties.iter().map(|tie| {
        let sign = if tie.is_against { "-" } else { "" };
        Cell::words(format!("{sign}{}", tie.family.name()), |lang| {
            let family = match tie.family {
                Family::Investment => Message::TieInvestment,
                Family::Supply => Message::TieSupply,
                Family::Influence => Message::TieInfluence,
            };
            let family = family.text(lang);
            match tie.is_against {
                true => Message::TieAgainst.filled(lang, &[("tie", &family)]),
                false => family.to_owned(),
            }
        })
    }))
}
