//! Loops in the table of analyses.

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{
    LENGTH_USUAL, LOOPS_USUAL, Loop, LoopsOptions, count_loops, loops, notes,
};
use crate::analysis::parameter::{
    Arguments, LIMIT, Parameter, ParameterKind, Presence, Usual, parameter, usual,
};
use crate::analysis::position::Position;
use crate::model::unit::Measure;
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

/// The number of loops of the greatest amount that are kept.
pub(crate) const TOP: Parameter = parameter(
    "top",
    ParameterKind::Integer(1, LOOPS_MOST),
    "Search through all loops and keep this many with the greatest amount: by the greatest figure, then the least",
);

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
    title: "Loops",
    title_zh: "循环",
    question: "Where does the money go round?",
    question_zh: "钱在哪里兜圈子？",
    definition: "Players who send cash, equity or something else to each other in a circle, each loop once. An investment \
        sends what it carries, a supply sends goods or services forward and cash back; the equity that an investor gets \
        for cash is a receipt and no leg. The amount is what can go round: the least hop, each hop the sum of its \
        parallel edges; an unknown hop leaves it open below, and edges without an amount, where parallel ones have one, add \
        nothing, as a note says. ratio is the least hop over the greatest. Types: \
        round-trip (cash out as an investment, cash back), equity-for-purchase (equity one way, payment for supplies \
        the other), mutual-trade, multi-party (three or more), other. With window, only loops along which time moves on.",
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
                "The most loops; the search ends there",
            )
        },
        TOP,
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
            "循环",
            ColumnKind::Integer,
            "The number of the loop",
        ),
        column(
            "step",
            "步",
            ColumnKind::Integer,
            "The number of the hop in the loop",
        ),
        column(
            "from",
            "从",
            ColumnKind::Id,
            "The player that the hop leaves",
        ),
        column("to", "到", ColumnKind::Id, "The player that it comes to"),
        column(
            "edges",
            "关系",
            ColumnKind::Ids("edge"),
            "The edges of the hop",
        ),
        column(
            "quantity",
            "循环金额",
            ColumnKind::Quantity,
            "What can go round in the loop",
        ),
        column("type", "类型", ColumnKind::Text, "What kind of loop it is"),
        column(
            "ratio",
            "比率",
            ColumnKind::Share,
            "The least hop over the greatest",
        ),
    ],
    examples: &[
        "powermap loops --through openai",
        "powermap loops --max-length 4 --top 10 --explain",
        "powermap loops --flow cash --window 365",
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
        loops_max: number(TOP.name)
            .or(number(LIMIT))
            .unwrap_or(usual.loops_max),
        greatest: number(TOP.name).is_some(),
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
            answer.note(
                "nothing that is asked for flows along any edge: what flows follows from the kind of an edge, or else its family",
                "没有任何关系带有所问的流动：流动由关系的种类决定，没有种类时由其类别决定",
            );
        }
        let (seen, kept) = (report.seen, report.loops.len());
        if report.is_cancelled {
            answer.is_partial = true;
            answer.note(
                format!("the search was broken off: {seen} loops were found until then"),
                format!("搜索已中断：至此找到 {seen} 个循环"),
            );
        } else if report.is_cut && options.greatest {
            answer.note(
                format!("{seen} loops in all; these are the {kept} with the greatest amount"),
                format!("共有 {seen} 个循环；此处列出金额最大的 {kept} 个"),
            );
        } else if report.is_cut {
            answer.is_partial = true;
            answer.note(
                format!("the search ended at the limit of {kept} loops: there are more; count counts them, top finds the greatest"),
                format!("搜索在 {kept} 个循环的上限处结束，还有更多；count 可计数，top 可找出金额最大的"),
            );
        }
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
            format!("length {length}: {number} loops"),
            format!("长度 {length}：{number} 个循环"),
        );
    }
    let total = counts.total();
    answer.note(format!("{total} in all"), format!("共 {total} 个"));
    if counts.ending != Ending::Complete {
        answer.is_partial = true;
        answer.note("broken off before all were counted", "尚未数完即已中断");
    }
    Ok(())
}

fn add(number: usize, found: &Loop, answer: &mut Answer) {
    for (place, hop) in found.hops.iter().enumerate() {
        let support = hop.edges.iter().map(|id| Support {
            id: id.clone(),
            measure: Some(Measure::Amount),
        });
        let kind = found.loop_type;
        let cells = [
            number.into(),
            (place + 1).into(),
            hop.from.clone().into(),
            hop.to.clone().into(),
            hop.edges.clone().into(),
            found.circulating.into(),
            Cell::words(kind.name(), kind.name().replace('-', " "), kind.name_zh()),
            found
                .ratio
                .map_or(Cell::Empty, |(lower, upper)| Cell::Share {
                    lower: Some(lower),
                    upper: Some(upper),
                }),
        ];
        answer.push(cells, support.collect());
    }
}
