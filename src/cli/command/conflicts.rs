//! `conflicts`: what the sources do not agree on.

use crate::analysis::conflicts::{Conflict, Reason};
use crate::cli::args::Options;
use crate::cli::command::{check, finish};
use crate::cli::describe::{Words, empty};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::report::{Report, Value};
use anyhow::Result;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options)?;
    let words = Words::new(&map, options.lang);
    let mut report = report(words, &map.conflicts());
    let refuted = map.refuted()?;
    for refuted in refuted.iter().filter(|refuted| !refuted.claims.is_empty()) {
        let metric = refuted.metric.as_ref();
        let claim = |place: usize| {
            let claim = refuted.claims.get(place);
            claim.map_or_else(empty, |claim| words.claim(claim))
        };
        report.push([
            check::about(words, &refuted.about),
            metric.map_or_else(empty, |metric| words.concept(metric)),
            claim(0),
            claim(1),
            Value::Words {
                people: check::reason(words, refuted),
                data: format!("{}: {}", refuted.query, refuted.reason),
            },
        ]);
    }
    finish(report, options.limit_rows, output)
}

/// The report of some conflicts.
pub(crate) fn report(words: Words<'_>, conflicts: &[Conflict]) -> Report {
    let mut report = Report::new(
        "conflicts",
        words.lang.pick("Contradictions", "相互矛盾的说法"),
        [
            ("about", "对象"),
            ("metric", "指标"),
            ("claim_a", "说法甲"),
            ("claim_b", "说法乙"),
            ("reason", "原因"),
        ],
    );
    for conflict in conflicts {
        let metric = conflict.metric.as_ref();
        report.push([
            words.thing(&conflict.about),
            metric.map_or_else(empty, |metric| words.concept(metric)),
            words.claim(&conflict.claim_a),
            words.claim(&conflict.claim_b),
            reason(words, conflict.reason),
        ]);
    }
    report
}

fn reason(words: Words<'_>, reason: Reason) -> Value {
    let people = match reason {
        Reason::DisjointValues => words.lang.pick("the values exclude each other", "数值互斥"),
        Reason::StatusClash => words.lang.pick("the statuses clash", "状态冲突"),
        Reason::Contested => words.lang.pick("one contests the other", "一方质疑另一方"),
    };
    Value::Words {
        people: people.to_owned(),
        data: reason.to_string(),
    }
}
