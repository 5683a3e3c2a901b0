//! The notes on loops.

use crate::analysis::answer::Answer;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{Loop, LoopsOptions, significance};
use crate::analysis::position::Position;
use powermap_graph::GraphError;
use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

/// Says where an amount is not that of the whole loop.
pub(super) fn amounts(loops: &[Loop], answer: &mut Answer) {
    let left_out: BTreeSet<_> = loops.iter().flat_map(|found| &found.left_out).collect();
    let number = left_out.len();
    match number {
        0 => {}
        1 => answer.note(
            "1 edge has no amount in the currency of the edges parallel to it: it adds nothing to what goes round",
            "有 1 条关系与有金额的关系并列，但没有该货币的金额：不计入循环金额",
        ),
        _ => answer.note(
            format!("{number} edges have no amount in the currency of the edges parallel to them: they add nothing to what goes round"),
            format!("有 {number} 条关系与有金额的关系并列，但没有该货币的金额：不计入循环金额"),
        ),
    }
    let mixed = loops
        .iter()
        .filter(|found| found.has_mixed_currencies)
        .count();
    match mixed {
        0 => {}
        1 => answer.note(
            "1 loop has no amount because its hops do not have one currency in common",
            "有 1 个循环因各步没有唯一的共同货币而没有金额",
        ),
        _ => answer.note(
            format!(
                "{mixed} loops have no amount because their hops do not have one currency in common"
            ),
            format!("有 {mixed} 个循环因各步没有唯一的共同货币而没有金额"),
        ),
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
            answer.note(
                "broken off before all random networks were compared",
                "尚未比较完所有随机网络即已中断",
            );
            return Ok(());
        }
        rows => rows?,
    };
    for row in rows {
        let z = row.z.map_or_else(|| "-".to_owned(), |z| format!("{z:.2}"));
        answer.note(
            format!(
                "length {}: {} cycles; {:.1} ± {:.1} in {samples} random networks of the same degrees (z = {z}, p = {:.4})",
                row.length, row.observed, row.mean, row.deviation, row.p
            ),
            format!(
                "长度 {}：{} 个循环；{samples} 个同度随机网络中为 {:.1} ± {:.1}（z = {z}，p = {:.4}）",
                row.length, row.observed, row.mean, row.deviation, row.p
            ),
        );
    }
    Ok(())
}
