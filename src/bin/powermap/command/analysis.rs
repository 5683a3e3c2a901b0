//! The verbs of the analyses: runs one and writes its rows.

use crate::describe::{Words, empty, time};
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{self, Report, SOURCES, Value};
use crate::story;
use crate::verbs::Call;
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::NamedOrBlankNode;
use powermap::Map;
use powermap::analysis::{
    Analysis, AnalysisError, Answer, Cell as Found, Column, ColumnKind, Position, Row, Support,
    percent, three_decimals,
};
use powermap_rdf::table::{Cell, TableFormat};
use std::borrow::Cow;

pub(crate) fn run(call: &Call, options: &Options, output: &Output) -> Result<Exit> {
    if options.as_of.is_some() && call.analysis.takes_moments() {
        let analysis = call.analysis.name;
        return Err(AnalysisError::OwnDays { analysis }.into());
    }
    let map = input::map(options, output)?;
    let position = match &options.edge_list {
        None => map.position()?,
        Some(path) => Position::of_network(input::edges(path, &map)?),
    };
    let answer = answer(call.analysis, &call.given, &map, &position)?;
    let sentences = match output.table_format()? {
        TableFormat::Table | TableFormat::Markdown => {
            let given = call
                .given
                .iter()
                .map(|(name, value)| (*name, value.as_str()));
            map.change(&position, call.analysis, given, options.lang)?
        }
        _ => Vec::new(),
    };
    // What sentences rest on may stand in no row.
    let records = match call.explain || !sentences.is_empty() {
        true => Cow::Borrowed(map.shown_records()?),
        false => map.records_of(shown(&answer.rows, options.limit_rows))?,
    };
    let words = Words::of(&map, &records, options.lang);
    let mut report = report(words, call.analysis, &answer);
    let is_cut = report.cut(options.limit_rows);
    if call.explain {
        let basis = basis(words, &position, &answer.rows, options.limit_rows);
        report::write_all(&[report, basis], "", output)?;
    } else {
        let is_empty = report.is_empty();
        let columns = output.screen.columns;
        let lead = |notes: &mut _| story::paragraph(&sentences, words, notes, columns);
        report.write_after(lead, output)?;
        if is_empty && answer.notes.is_empty() {
            output.note(Message::NothingFound.text(output.lang));
        }
    }
    for note in &answer.notes {
        output.note(note.text(options.lang));
    }
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(Exit::Done)
}

/// What stands in the rows that are shown.
fn shown(rows: &[Row], limit: Option<usize>) -> impl Iterator<Item = NamedOrBlankNode> {
    let cells = rows.iter().take(limit.unwrap_or(usize::MAX));
    cells
        .flat_map(|row| &row.cells)
        .flat_map(|cell| match cell {
            Found::Id(id) => vec![id.clone().into()],
            Found::Ids(ids) => ids.iter().cloned().map(Into::into).collect(),
            Found::Claims(ids) => ids.clone(),
            _ => Vec::new(),
        })
}

/// Runs an analysis within the limits of the map.
pub(crate) fn answer(
    analysis: &Analysis,
    given: &[(&'static str, String)],
    map: &Map,
    position: &Position,
) -> Result<Answer> {
    let given = given.iter().map(|(name, value)| (*name, value.as_str()));
    Ok(map.answer_on(position, analysis, given)?)
}

/// The rows of an answer, for people and for programs.
pub(crate) fn report(words: Words<'_>, analysis: &Analysis, answer: &Answer) -> Report {
    table(words, analysis, answer, None)
}

/// The rows that an analysis gives for a part of a longer walk through the map, with a column for their sources.
pub(crate) fn section(
    words: Words<'_>,
    map: &Map,
    position: &Position,
    analysis: &Analysis,
    given: &[(&'static str, String)],
) -> Result<Report> {
    let answer = answer(analysis, given, map, position)?;
    Ok(table(words, analysis, &answer, Some(position)))
}

fn table(
    words: Words<'_>,
    analysis: &Analysis,
    answer: &Answer,
    position: Option<&Position>,
) -> Report {
    let lang = words.lang;
    let columns = analysis.columns.iter();
    let columns = columns.map(|column| (column.name, column.heading_in(lang).to_owned()));
    let (sources, heading) = SOURCES;
    let columns = columns.chain(position.map(|_| (sources, heading.text(lang).to_owned())));
    let title = analysis.title_in(lang);
    let mut report = Report::with_headings(lang, analysis.name, title, columns);
    for column in analysis.columns {
        if matches!(
            column.kind,
            ColumnKind::Quantity
                | ColumnKind::OwnQuantity
                | ColumnKind::Amount
                | ColumnKind::Range
                | ColumnKind::Share
        ) {
            report = report.spread(column.name, column.names());
        }
    }
    // A list that is empty everywhere would only take room.
    let is_empty = |place: usize| {
        let mut cells = answer.rows.iter().filter_map(|row| row.cells.get(place));
        cells.all(|cell| matches!(cell, Found::Ids(ids) if ids.is_empty()))
    };
    let lists = analysis.columns.iter().enumerate();
    let lists = lists.filter(|(place, column)| {
        matches!(column.kind, ColumnKind::Ids(_)) && !answer.rows.is_empty() && is_empty(*place)
    });
    report = report.for_programs_only(lists.map(|(_, column)| column.name));
    for row in &answer.rows {
        let cells = analysis.columns.iter().zip(&row.cells);
        let mut values: Vec<_> = cells
            .map(
                |(column, cell)| match (column.kind, cell, row.unit(analysis.columns)) {
                    // The unit is that of all amounts of the row.
                    (ColumnKind::Quantity, Found::Empty, Some(unit)) => Value::Cells {
                        people: Cell::Empty,
                        data: vec![Cell::Empty, Cell::Empty, unit.code().into()],
                    },
                    _ => value(words, column, cell),
                },
            )
            .collect();
        values.extend(position.map(|position| {
            let claims = |support: &Support| position.claims(&support.id, support.measure);
            let mut claims: Vec<_> = row.support.iter().flat_map(claims).collect();
            claims.sort_by_cached_key(ToString::to_string);
            claims.dedup();
            words.sources(&claims)
        }));
        report.push(values);
    }
    report
}

fn value(words: Words<'_>, column: &Column, cell: &Found) -> Value {
    match cell {
        Found::Empty => empty(),
        Found::Id(id) if column.kind == ColumnKind::Concept => words.concept(id),
        Found::Id(id) => words.thing(id),
        Found::Ids(ids) => words.things(ids),
        Found::Claims(ids) => match (column.kind, ids.as_slice()) {
            (ColumnKind::Claims(one), [id]) if one == column.name => words.claim(id),
            _ => words.claims(ids),
        },
        Found::Integer(number) => Value::Plain(Cell::Integer(*number)),
        Found::Number(number) => Value::Cells {
            people: Cell::Number(three_decimals(*number)),
            data: vec![(*number).into()],
        },
        Found::Text(text) => Value::from(text.as_ref()),
        // Not known: no bounds and no unit for programs.
        Found::Words { people, .. } if column.kind == ColumnKind::OwnQuantity => Value::Cells {
            people: people.get(words.lang).into(),
            data: vec![Cell::Empty; column.names().len()],
        },
        Found::Words { data, people } => Value::Words {
            people: people.get(words.lang).to_owned(),
            data: data.clone(),
        },
        Found::Time(when) => time(Some(*when)),
        Found::Quantity(quantity) => Value::Cells {
            people: quantity.display(words.lang).into(),
            data: match column.kind {
                ColumnKind::Amount => vec![quantity.lower.into(), quantity.upper.into()],
                _ => report::bounds(Some(quantity)).into(),
            },
        },
        Found::Range { lower, upper } => Value::Cells {
            people: match (lower, upper) {
                (lower, upper) if lower == upper => Cell::Number(three_decimals(*lower)),
                (lower, upper) => {
                    format!("{}…{}", three_decimals(*lower), three_decimals(*upper)).into()
                }
            },
            data: vec![(*lower).into(), (*upper).into()],
        },
        Found::Share {
            lower,
            upper,
            excluded,
        } => Value::Cells {
            people: percent(*lower, *upper, *excluded, words.lang).into(),
            data: vec![(*lower).into(), (*upper).into()],
        },
    }
}

/// What the numbers of the rows rest on: edges, observations and claims, each row by its number.
fn basis(words: Words<'_>, position: &Position, rows: &[Row], limit: Option<usize>) -> Report {
    let mut report = Report::new(
        words.lang,
        "explain",
        Message::Basis.text(words.lang),
        [
            ("row", Message::HeadingRow),
            ("subject", Message::HeadingSubject),
            ("measure", Message::HeadingMeasure),
            ("values", Message::HeadingValues),
            SOURCES,
            ("claims", Message::HeadingClaims),
        ],
    )
    .for_programs_only(["measure", "claims"]);
    for (number, row) in rows.iter().take(limit.unwrap_or(usize::MAX)).enumerate() {
        for support in &row.support {
            let claims = position.claims(&support.id, support.measure);
            let values = position
                .resolution(&support.id)
                .into_iter()
                .flat_map(|r| &r.values);
            let values = values.filter(|v| support.measure.is_none_or(|m| m == v.measure));
            report.push([
                (number + 1).into(),
                words.thing(&support.id),
                Value::from(support.measure.map(|measure| measure.name())),
                words.quantities(values.map(|value| value.quantity)),
                words.sources(&claims),
                words.claims(&claims),
            ]);
        }
    }
    report
}
