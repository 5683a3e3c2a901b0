//! `query`: runs a SPARQL query.

use crate::args::{Options, Query};
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::words::Message;
use anyhow::Result;
use powermap::model::vocabulary::PREFIXES;
use powermap_rdf::{ReadStore, Results, results};

pub(crate) fn run(args: &Query, options: &Options, output: &Output) -> Result<Exit> {
    let text = input::query_text(args.text.as_deref(), args.file.as_deref())?;
    let map = input::map(options, output)?;
    if !args.explain {
        let results = map.query(&text)?;
        output.notices(map.query_notice(&text)?);
        return write(results, options, output);
    }
    let evaluator = map.evaluator().with_plans();
    let dataset = map.store()?.dataset();
    let results = evaluator.query(dataset, &text, &[])?;
    output.notices(map.query_notice(&text)?);
    explain(&results, output);
    write(results, options, output)
}

/// Says how results are made.
fn explain(results: &Results<'_>, output: &Output) {
    let plan = match results {
        Results::Solutions(rows) => rows.plan(),
        Results::Graph(triples) => triples.plan(),
        Results::Boolean(_) => &[],
    };
    if plan.is_empty() {
        output.note(Message::NoPlan.text(output.lang));
    }
    for line in plan {
        output.note(line);
    }
}

/// Writes the results; an ASK that is false ends with "no".
pub(crate) fn write(results: Results<'_>, options: &Options, output: &Output) -> Result<Exit> {
    let written = output.data(|out| {
        Ok(results::write(
            results,
            output.format.unwrap_or_default(),
            &PREFIXES,
            out,
        )?)
    })?;
    for notice in &written.notices {
        output.note(notice.text(output.lang.tag()));
    }
    if written.is_cut {
        output.cut(options.limit_rows);
    }
    Ok(match written.answer {
        Some(false) => Exit::No,
        _ => Exit::Done,
    })
}
