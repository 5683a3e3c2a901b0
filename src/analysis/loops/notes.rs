//! The notes on loops.

use crate::analysis::answer::Answer;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{Loop, LoopsOptions, LoopsReport, significance};
use crate::analysis::position::Position;
use crate::words::Message;
use powermap_graph::GraphError;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// Says where an amount is not that of the whole loop.
pub(super) fn amounts(loops: &[Loop], answer: &mut Answer) {
    let left_out: BTreeSet<_> = loops.iter().flat_map(|found| &found.left_out).collect();
    let number = left_out.len();
    match number {
        0 => {}
        1 => answer.note(Message::OneEdgeWithoutAmount, &[]),
        _ => answer.note(Message::EdgesWithoutAmount, &[("number", &number)]),
    }
    let mixed = loops
        .iter()
        .filter(|found| found.has_mixed_currencies)
        .count();
    match mixed {
        0 => {}
        1 => answer.note(Message::OneMixedLoop, &[]),
        _ => answer.note(Message::MixedLoops, &[("number", &mixed)]),
    }
    let has_unknown = |found: &&Loop| found.has_unknown && found.circulating.is_some();
    let open = loops.iter().filter(has_unknown).count();
    match open {
        0 => {}
        1 => answer.note(Message::OneOpenLoop, &[]),
        _ => answer.note(Message::OpenLoops, &[("number", &open)]),
    }
}

/// Says what was not looked at, or not kept.
pub(super) fn limits(report: &LoopsReport, answer: &mut Answer) {
    let (seen, kept) = (report.seen, report.loops.len());
    answer.is_partial |= report.is_cancelled || report.is_search_cut || report.is_cut;
    if report.is_cancelled {
        answer.note(Message::LoopsBrokenOff, &[("seen", &seen)]);
    } else if report.is_search_cut {
        answer.note(Message::LoopsAtLimit, &[("seen", &seen), ("kept", &kept)]);
    } else if report.is_cut {
        answer.note(Message::GreatestLoops, &[("seen", &seen), ("kept", &kept)]);
    }
}

/// Adds a note that compares the numbers of loops with those of random networks, given how many of them and their seed.
pub(super) fn compare(
    position: &Position,
    options: &LoopsOptions,
    (samples, seed): (u32, u64),
    cancel: &AtomicBool,
    answer: &mut Answer,
) -> Result<(), AnalysisError> {
    let rows = match significance(position, options, samples, seed, cancel) {
        // What was found until then stays.
        Err(AnalysisError::Cancelled | AnalysisError::Graph(GraphError::Cancelled)) => {
            answer.is_partial = true;
            answer.note(Message::ComparisonBrokenOff, &[]);
            return Ok(());
        }
        rows => rows?,
    };
    for row in rows {
        let z = row.z.map_or_else(|| "-".to_owned(), |z| format!("{z:.2}"));
        answer.note(
            Message::Comparison,
            &[
                ("length", &row.length),
                ("observed", &row.observed),
                ("mean", &format_args!("{:.1}", row.mean)),
                ("deviation", &format_args!("{:.1}", row.deviation)),
                ("samples", &samples),
                ("z", &z),
                ("p", &format_args!("{:.4}", row.p)),
            ],
        );
    }
    Ok(())
}
