//! `query`: runs a SPARQL query.

use crate::args::Query;
use crate::command::answer;
use crate::describe::Words;
use crate::evidence;
use crate::exit::Exit;
use crate::footnotes::Footnotes;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::words::Message;
use anyhow::Result;
use powermap::Map;
use powermap::evidence::Question;
use powermap::model::vocabulary::PREFIXES;
use powermap_rdf::table::{Table, TableFormat};
use powermap_rdf::{ReadStore, ResultFormat, Results, results};
use std::io::Write;

pub(crate) fn run(args: &Query, options: &Options, output: &Output) -> Result<Exit> {
    let text = input::query_text(args.text.as_deref(), args.file.as_deref())?;
    let map = input::map(options, output)?;
    evidence::write(options, &map, || Question::Query { text: text.clone() })?;
    if !args.explain {
        let results = map.query(&text)?;
        output.notices(map.query_notices(&text)?);
        return write(results, None, options, output);
    }
    let evaluator = map.evaluator().with_plans();
    let dataset = map.store()?.dataset();
    let results = evaluator.query(dataset, &text, &[])?;
    output.notices(map.query_notices(&text)?);
    explain(&results, output);
    write(results, None, options, output)
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

/// Writes the results; an ASK that is false ends with "no". With a map, a table has the names in it in place of ids.
pub(crate) fn write(
    results: Results<'_>,
    names: Option<&Map>,
    options: &Options,
    output: &Output,
) -> Result<Exit> {
    let format = output.format.unwrap_or_default();
    let is_table = format == ResultFormat::Table && !matches!(results, Results::Boolean(_));
    let write = |out: &mut dyn Write| {
        if !is_table {
            return Ok((results::write(results, format, &PREFIXES, out)?, 0));
        }
        let (table, written) = results::table(results, &PREFIXES)?;
        let left = write_table(table, names, output, out)?;
        anyhow::Ok((written, left))
    };
    let (written, left) = match is_table {
        true => output.text(TableFormat::Table, write)?,
        false => output.data(write)?,
    };
    output.more(left);
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

/// Writes a table as far as the screen has room; returns how many rows it had no room for.
fn write_table(
    mut table: Table,
    names: Option<&Map>,
    output: &Output,
    out: &mut dyn Write,
) -> Result<usize> {
    let rows = table.rows.len();
    table.rows.truncate(output.screen.rows_max(rows));
    let mut notes = Footnotes::default();
    if let Some(map) = names {
        let records = map.records_of(answer::ids(&table))?;
        let words = Words::of(map, &records, output.lang);
        let (text, shown) = output.screen.fit(table.rows.len(), 1, |rows| {
            notes = Footnotes::default();
            answer::for_people(&table, rows, words, &mut notes)
        });
        out.write_all(text.as_bytes())?;
        let list = notes.list(TableFormat::Table, output.screen.columns, output.lang);
        if !list.is_empty() {
            write!(out, "\n{list}")?;
        }
        return Ok(rows - shown);
    }
    if output.screen.is_endless() {
        table.write(TableFormat::Table, out)?;
        return Ok(0);
    }
    let (text, shown) = output.screen.fit(table.rows.len(), 1, |rows| Table {
        columns: table.columns.clone(),
        rows: table.rows[..rows].to_vec(),
    });
    out.write_all(text.as_bytes())?;
    Ok(rows - shown)
}
