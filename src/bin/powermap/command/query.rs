//! `query`: runs a SPARQL query.

use crate::args::{Options, Query};
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use anyhow::Result;
use powermap_rdf::{Evaluator, Results, results};

pub(crate) fn run(args: &Query, options: &Options, output: &Output) -> Result<Exit> {
    let text = input::query_text(args.text.as_deref(), args.file.as_deref())?;
    let map = input::map(options, output)?;
    let mut evaluator = limited(map.evaluator(), options);
    if args.explain {
        evaluator = evaluator.with_plans();
    }
    let results = map.query_with(&evaluator, &text)?;
    if args.explain {
        explain(&results, output);
    }
    write(results, &evaluator, options, output)
}

/// Says how results are made.
fn explain(results: &Results<'_>, output: &Output) {
    let plan = match results {
        Results::Solutions(rows) => rows.plan(),
        Results::Graph(triples) => triples.plan(),
        Results::Boolean(_) => &[],
    };
    if plan.is_empty() {
        output.note(output.lang.pick(
            "no plan: only SELECT queries on a compiled map have one (powermap compile)",
            "没有执行计划：只有在编译后的地图上运行的 SELECT 查询才有（powermap compile）",
        ));
    }
    for line in plan {
        output.note(line);
    }
}

/// The evaluator within the limits of the options.
pub(crate) fn limited(evaluator: Evaluator, options: &Options) -> Evaluator {
    let evaluator = watched(evaluator, options);
    match options.limit_rows {
        Some(rows) => evaluator.with_row_limit(rows),
        None => evaluator,
    }
}

/// The evaluator within the limits of time and memory only.
pub(crate) fn watched(evaluator: Evaluator, options: &Options) -> Evaluator {
    let evaluator = evaluator.with_memory_limit(options.memory);
    match options.timeout {
        Some(time) => evaluator.with_timeout(time),
        None => evaluator,
    }
}

/// Writes the results; an ASK that is false ends with "no".
pub(crate) fn write(
    results: Results<'_>,
    evaluator: &Evaluator,
    options: &Options,
    output: &Output,
) -> Result<Exit> {
    let written = output.data(|out| {
        Ok(results::write(
            results,
            output.format.unwrap_or_default(),
            evaluator.prefixes(),
            out,
        )?)
    })?;
    for notice in &written.notices {
        output.note(output.lang.pick(&notice.en, &notice.zh));
    }
    if written.is_cut {
        output.cut(options.limit_rows);
    }
    Ok(match written.answer {
        Some(false) => Exit::No,
        _ => Exit::Done,
    })
}
