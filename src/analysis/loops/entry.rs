//! Loops in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{
    LENGTH_USUAL, LOOPS_USUAL, Loop, LoopsOptions, SEARCH_USUAL, count_loops, loops, notes,
};
use crate::analysis::parameter::{
    Arguments, LIMIT, Parameter, ParameterKind, Presence, Usual, parameter, usual,
};
use crate::analysis::position::Position;
use crate::analysis::walk::{amount_cell, flows_cell};
use crate::model::name::Flow;
use crate::model::unit::Measure;
use crate::words::Message;
use oxigraph::model::NamedNode;
use powermap_graph::Ending;
use std::sync::atomic::AtomicBool;

/// The greatest length that can be asked for: of loops, and of walks over a pattern.
const LENGTH_MOST: u64 = 1000;
/// The most loops that can be asked for.
const LOOPS_MOST: u64 = 10_000_000;
/// The seed, unless one is given.
const SEED_USUAL: Usual<u64> = usual!(1);

/// The most players of a loop.
pub(crate) const MAX_LENGTH: Parameter = Parameter {
    presence: Presence::Default(LENGTH_USUAL.text),
    ..parameter(
        "max-length",
        ParameterKind::Integer(2, LENGTH_MOST),
        "The most players of a loop",
    )
};

/// The players that a loop leads through.
pub(crate) const THROUGH: Parameter = Parameter {
    presence: Presence::Repeatable,
    ..parameter(
        "through",
        ParameterKind::Player,
        "Only loops through this player; several: through all of them",
    )
};

/// The number of loops that the search ends after.
pub(crate) const SEARCH_LIMIT: Parameter = Parameter {
    presence: Presence::Default(SEARCH_USUAL.text),
    ..parameter(
        "search-limit",
        ParameterKind::Integer(1, u64::MAX),
        "The most loops that are looked through; the search ends there",
    )
};

/// Whether loops are only counted.
pub(crate) const COUNT: Parameter =
    parameter("count", ParameterKind::Flag, "Only count, by length");

/// The number of random networks that the numbers of cycles are compared with.
pub(crate) const SIGNIFICANCE: Parameter = parameter(
    "significance",
    ParameterKind::Integer(1, 100_000),
    "Compare the numbers of cycles, at any time, with those of this many random networks of the same degrees",
);

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "loops",
    title: Message::LoopsTitle,
    question: Message::LoopsQuestion,
    definition: "Players who send cash, equity or something else to each other in a circle, each loop once. An investment \
        sends what it carries, a supply sends goods or services forward and cash back; the equity that an investor gets \
        for cash is a receipt and no leg. The amount is what can go round: the least hop, each hop the sum of its \
        parallel edges; an unknown hop leaves it open below, and edges without an amount, where parallel ones have one, add \
        nothing, as a note says. The greatest come first, by the greatest figure that is known (up to 100 counts as 100), \
        then the least; loops with a hop of unknown amount come after those without, and those without an amount last. \
        ratio is the least hop over the greatest. Types: \
        round-trip (cash out as an investment, cash back), equity-for-purchase (equity one way, payment for supplies \
        the other), mutual-trade, multi-party (three or more), other. With flow ownership, steps are shares of the \
        capital, and the amount is their product: what each holds of itself through the others. With window, only loops \
        along which time moves on. With near, walks that one more leg would close, from the last player to the first, who \
        are tied otherwise, by any edge but rivalry that is no step of the walk; the amount is that of the legs there are, \
        and the missing leg is the last step.",
    parameters: &[
        MAX_LENGTH,
        THROUGH,
        Parameter {
            presence: Presence::Repeatable,
            ..parameter(
                "flow",
                ParameterKind::Flow,
                "What may flow along a leg; cash and equity unless given",
            )
        },
        parameter(
            "window",
            ParameterKind::Integer(0, 100_000),
            "Only loops whose legs begin one after the other within this number of days",
        ),
        parameter(
            "each-edge",
            ParameterKind::Flag,
            "One loop for each choice of parallel edges",
        ),
        Parameter {
            presence: Presence::Default(LOOPS_USUAL.text),
            ..parameter(
                LIMIT,
                ParameterKind::Integer(1, LOOPS_MOST),
                "The most loops: those of the greatest amount",
            )
        },
        SEARCH_LIMIT,
        parameter(
            "near",
            ParameterKind::Flag,
            "Loops that one more leg would close, between two players who are tied otherwise",
        ),
        COUNT,
        SIGNIFICANCE,
        Parameter {
            presence: Presence::Default(SEED_USUAL.text),
            ..parameter(
                "seed",
                ParameterKind::Integer(0, u64::MAX),
                "Where the random networks begin",
            )
        },
    ],
    columns: &[
        column(
            "loop",
            Message::HeadingLoop,
            ColumnKind::Integer,
            "The number of the loop",
        ),
        column(
            "step",
            Message::HeadingStep,
            ColumnKind::Integer,
            "The number of the hop in the loop",
        ),
        column(
            "from",
            Message::HeadingLoopsFrom,
            ColumnKind::Id,
            "The player that the hop leaves",
        ),
        column(
            "to",
            Message::HeadingLoopsTo,
            ColumnKind::Id,
            "The player that it comes to",
        ),
        column(
            "edges",
            Message::HeadingEdges,
            ColumnKind::Ids("edge"),
            "The edges of the hop; none of a leg that is missing",
        ),
        column(
            "flows",
            Message::HeadingFlows,
            ColumnKind::Text,
            "What flows; missing for the leg that a near loop lacks",
        ),
        column(
            "step_amount",
            Message::HeadingStepAmount,
            ColumnKind::OwnQuantity,
            "The sum of the edges of the hop; of stakes, the share of the capital",
        ),
        column(
            "quantity",
            Message::HeadingLoopsQuantity,
            ColumnKind::Quantity,
            "What can go round in the loop",
        ),
        column(
            "type",
            Message::HeadingType,
            ColumnKind::Text,
            "What kind of loop it is",
        ),
        column(
            "ratio",
            Message::HeadingRatio,
            ColumnKind::Share,
            "The least hop over the greatest",
        ),
        column(
            "ties",
            Message::HeadingTies,
            ColumnKind::Ids("tie"),
            "The edges that tie the two players of a missing leg",
        ),
    ],
    examples: &[
        "powermap loops --through openai",
        "powermap loops --max-length 4 --limit 10 --explain",
        "powermap loops --flow cash --window 365",
        "powermap loops --near --limit 5",
        "powermap loops --flow ownership",
        "powermap loops --count --significance 200",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    let number = |name| {
        arguments
            .integer(name)
            .map(|n| usize::try_from(n).unwrap_or(usize::MAX))
    };
    let flows = arguments.flows("flow");
    let usual = LoopsOptions::default();
    let options = LoopsOptions {
        length_max: arguments
            .integer(MAX_LENGTH.name)
            .map_or(usual.length_max, |n| n as u32),
        through: arguments.ids(THROUGH.name),
        flows: match flows.is_empty() {
            true => usual.flows,
            false => flows,
        },
        window: arguments.integer("window").map(|days| days as u32),
        each_edge: arguments.flag("each-edge"),
        near: arguments.flag("near"),
        loops_max: number(LIMIT).unwrap_or(usual.loops_max),
        search_max: arguments
            .integer(SEARCH_LIMIT.name)
            .unwrap_or(usual.search_max),
    };
    let mut answer = Answer::default();
    if arguments.flag(COUNT.name) {
        counts(position, &options, cancel, &mut answer)?;
    } else {
        let report = loops(position, &options, cancel)?;
        for (place, found) in report.loops.iter().enumerate() {
            add(place + 1, found, &mut answer);
        }
        notes::amounts(&report.loops, &mut answer);
        if report.nothing_flows {
            answer.note(Message::NothingFlows, &[]);
        }
        notes::limits(&report, &mut answer);
    }
    if let Some(samples) = arguments.integer(SIGNIFICANCE.name) {
        let seed = arguments.integer("seed").unwrap_or(SEED_USUAL.value);
        notes::compare(
            position,
            &options,
            (samples as u32, seed),
            cancel,
            &mut answer,
        )?;
    }
    Ok(answer)
}

fn counts(
    position: &Position,
    options: &LoopsOptions,
    cancel: &AtomicBool,
    answer: &mut Answer,
) -> Result<(), AnalysisError> {
    let counts = count_loops(position, options, cancel)?;
    for (length, number) in counts.by_length.iter().enumerate().skip(2) {
        answer.note(
            Message::LoopsOfLength,
            &[("length", &length), ("number", number)],
        );
    }
    let total = counts.total();
    answer.note(Message::LoopsInAll, &[("total", &total)]);
    if counts.ending != Ending::Complete {
        answer.is_partial = true;
        answer.note(Message::CountBrokenOff, &[]);
    }
    Ok(())
}

fn add(number: usize, found: &Loop, answer: &mut Answer) {
    let kind = found.loop_type;
    let whole = || {
        [
            found.circulating.into(),
            Cell::message(kind.name(), kind.word()),
            found
                .ratio
                .map_or(Cell::Empty, |(lower, upper)| Cell::Share {
                    lower: Some(lower),
                    upper: Some(upper),
                    excluded: [false; 2],
                }),
        ]
    };
    for (place, hop) in found.hops.iter().enumerate() {
        let is_stake = (hop.flows.iter()).all(|flow| flow.flow == Flow::Ownership);
        let measure = if is_stake {
            Measure::Share
        } else {
            Measure::Amount
        };
        let support = hop.edges.iter().map(|id| Support {
            id: id.clone(),
            measure: Some(measure),
        });
        let mut cells = vec![
            number.into(),
            (place + 1).into(),
            hop.from.clone().into(),
            hop.to.clone().into(),
            hop.edges.clone().into(),
            flows_cell(&hop.flows),
            amount_cell(hop.amount),
        ];
        cells.extend(whole());
        cells.push(Vec::<NamedNode>::new().into());
        answer.push(cells, support.collect());
    }
    if let Some(missing) = &found.missing {
        let support = missing.ties.iter().map(|id| Support {
            id: id.clone(),
            measure: None,
        });
        let mut cells = vec![
            number.into(),
            (found.hops.len() + 1).into(),
            missing.from.clone().into(),
            missing.to.clone().into(),
            Vec::<NamedNode>::new().into(),
            Cell::message("missing", Message::MissingLeg),
            Cell::Empty,
        ];
        cells.extend(whole());
        cells.push(missing.ties.clone().into());
        answer.push(cells, support.collect());
    }
}
