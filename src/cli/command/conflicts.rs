//! `conflicts`: what the sources do not agree on.

use crate::analysis::conflicts::{Conflict, Reason};
use crate::cli::args::Options;
use crate::cli::command::query::timed;
use crate::cli::command::{check, finish};
use crate::cli::describe::{Words, empty};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::report::{Report, Value};
use crate::map::Map;
use crate::map::refute::Refuted;
use anyhow::Result;
use oxigraph::model::{NamedNode, Term};

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options)?;
    let words = Words::new(&map, options.lang);
    let report = report(words, &map, options, |_| true)?;
    finish(report, options.limit_rows, output)
}

/// What contradicts each other, and what the check queries refute, about whatever a condition holds of.
pub(crate) fn report(
    words: Words<'_>,
    map: &Map,
    options: &Options,
    keep: impl Fn(&NamedNode) -> bool,
) -> Result<Report> {
    let mut conflicts = map.conflicts();
    conflicts.retain(|conflict| keep(&conflict.about));
    let mut report = stated(words, &conflicts);
    let refuted = map.refuted_with(&timed(map.evaluator(), options))?;
    for refuted in refuted.iter().filter(|refuted| !refuted.claims.is_empty()) {
        if matches!(&refuted.about, Term::NamedNode(about) if keep(about)) {
            add_refuted(&mut report, words, refuted);
        }
    }
    Ok(report)
}

fn add_refuted(report: &mut Report, words: Words<'_>, refuted: &Refuted) {
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

/// The claims that contradict each other as they stand.
fn stated(words: Words<'_>, conflicts: &[Conflict]) -> Report {
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
