//! Paths in the table of analyses.

use crate::analysis::answer::{Answer, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, LIMIT, Parameter, ParameterKind, Presence, parameter};
use crate::analysis::paths::{HOPS_USUAL, PATHS_USUAL, PathsOptions, paths};
use crate::analysis::position::Position;
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

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "paths",
    title: Message::PathsTitle,
    question: Message::PathsQuestion,
    definition: "The paths with the fewest hops from a source to a target over different players, along the edges or \
        either way; among equals, those that come first by the names of their players. Parallel edges are legs of one \
        hop. One row for each hop.",
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
        parameter(
            "either-way",
            ParameterKind::Flag,
            "Walk edges against their direction too",
        ),
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
    ],
    examples: &[
        "powermap paths satya-nadella sam-altman --as-of 2023-11-30",
        "powermap paths nvidia sam-altman --either-way --max-hops 3 --limit 5",
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
        either_way: arguments.flag("either-way"),
        ..usual
    };
    let report = paths(position, &options, cancel)?;
    for (path, steps) in report.paths.iter().enumerate() {
        for (number, step) in steps.iter().enumerate() {
            let support = step.edges.iter().map(|id| Support {
                id: id.clone(),
                measure: None,
            });
            let cells = [
                (path + 1).into(),
                (number + 1).into(),
                step.from.clone().into(),
                step.to.clone().into(),
                step.edges.clone().into(),
            ];
            answer.push(cells, support.collect());
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
