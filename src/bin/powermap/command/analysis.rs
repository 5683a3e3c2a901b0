//! The verbs of the analyses: runs one and writes its rows.

use crate::describe::{Words, empty, time};
use crate::evidence;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{self, Report, SOURCES, Value};
use crate::story;
use crate::verbs::Call;
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::analysis::{
    Analysis, AnalysisError, Answer, Cell as Found, Column, ColumnKind, Position, Row, percent,
    three_decimals,
};
use powermap::evidence::Question;
use powermap::model::Measure;
use powermap_rdf::table::{Cell, TableFormat};
use std::borrow::Cow;
use std::collections::BTreeMap;

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
    evidence::write(options, &map, || question(call))?;
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
    let is_usual_day = options.as_of.is_none() && !call.analysis.takes_moments();
    if let Some(day) = position.day().filter(|_| is_usual_day) {
        let day = day.to_string();
        output.note(&Message::ViewOf.filled(output.lang, &[("as_of", &day)]));
    }
    for note in &answer.notes {
        output.note(note.text(options.lang));
    }
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(Exit::Done)
}

/// The call as a question that can be asked again.
fn question(call: &Call) -> Question {
    let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &call.given {
        let values = parameters.entry((*name).to_owned()).or_default();
        values.push(value.clone());
    }
    Question::Analysis {
        name: call.analysis.name.to_owned(),
        parameters,
    }
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

/// The rows of an answer with the claims that each rests on.
pub(crate) fn evident(
    words: Words<'_>,
    position: &Position,
    analysis: &Analysis,
    answer: &Answer,
) -> Report {
    let without_sources = Rest {
        position,
        has_column: false,
    };
    table(words, analysis, answer, Some(without_sources))
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
    let with_sources = Rest {
        position,
        has_column: true,
    };
    Ok(table(words, analysis, &answer, Some(with_sources)))
}

/// What rows rest on, and whether a column tells of it.
#[derive(Clone, Copy)]
struct Rest<'a> {
    position: &'a Position,
    has_column: bool,
}

impl Rest<'_> {
    /// Returns the claims that a row rests on, each once: those of its support and those in its cells; where there are none,
    /// those of the edges and figures that it names.
    fn claims(self, row: &Row) -> Vec<NamedOrBlankNode> {
        let of = |id: &NamedNode, measure: Option<Measure>| {
            let found = self.position.claims(id, measure);
            if !found.is_empty() || self.position.resolution(id).is_some() {
                return found;
            }
            // It is not on this board: what anybody says about it.
            let claims = self.position.records().claims.iter();
            let about = claims.filter(|(_, claim)| claim.about == *id);
            about.map(|(claim, _)| claim.clone()).collect()
        };
        let support = row.support.iter();
        let mut claims: Vec<_> = support.flat_map(|s| of(&s.id, s.measure)).collect();
        for cell in &row.cells {
            if let Found::Claims(ids) = cell {
                claims.extend(ids.iter().cloned());
            }
        }
        if claims.is_empty() {
            let records = self.position.records();
            let has_claims = |id: &&NamedNode| {
                records.edges.contains_key(*id) || records.observations.contains_key(*id)
            };
            for cell in &row.cells {
                let ids = match cell {
                    Found::Id(id) => std::slice::from_ref(id),
                    Found::Ids(ids) => ids.as_slice(),
                    _ => &[],
                };
                claims.extend(ids.iter().filter(has_claims).flat_map(|id| of(id, None)));
            }
        }
        claims.sort_by_cached_key(ToString::to_string);
        claims.dedup();
        claims
    }
}

fn table(words: Words<'_>, analysis: &Analysis, answer: &Answer, rest: Option<Rest<'_>>) -> Report {
    let lang = words.lang;
    let columns = analysis.columns.iter();
    let columns = columns.map(|column| (column.name, column.heading_in(lang).to_owned()));
    let (sources, heading) = SOURCES;
    let with_sources = rest.filter(|rest| rest.has_column);
    let columns = columns.chain(with_sources.map(|_| (sources, heading.text(lang).to_owned())));
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
                        excluded: [false; 2],
                    },
                    _ => value(words, column, cell),
                },
            )
            .collect();
        let claims = rest.map_or_else(Vec::new, |rest| rest.claims(row));
        values.extend(with_sources.map(|_| words.sources(&claims)));
        report.push_on(values, claims);
    }
    report
}

fn value(words: Words<'_>, column: &Column, cell: &Found) -> Value {
    match cell {
        Found::Empty => empty(),
        Found::Id(id) if column.kind == ColumnKind::Concept => words.concept(id),
        Found::Id(id) => words.thing(id),
        // The ends stand beside it.
        Found::Ids(ids) if column.kind == ColumnKind::Ids("edge") => words.edges_between(ids),
        Found::Ids(ids) => words.things(ids),
        Found::Claims(ids) => match (column.kind, ids.as_slice()) {
            (ColumnKind::Claims(one), [id]) if one == column.name => words.claim(id),
            _ => words.claims(ids),
        },
        Found::Integer(number) => Value::Plain(Cell::Integer(*number)),
        Found::Number(number) => Value::Cells {
            people: Cell::Number(three_decimals(*number)),
            data: vec![(*number).into()],
            excluded: [false; 2],
        },
        Found::Text(text) => Value::from(text.as_ref()),
        // Not known: no bounds and no unit for programs.
        Found::Words { people, .. } if column.kind == ColumnKind::OwnQuantity => Value::Cells {
            people: people.get(words.lang).into(),
            data: vec![Cell::Empty; column.names().len()],
            excluded: [false; 2],
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
            excluded: cell.excluded(),
        },
        Found::Range { lower, upper } => Value::Cells {
            people: match (lower, upper) {
                (lower, upper) if lower == upper => Cell::Number(three_decimals(*lower)),
                (lower, upper) => {
                    format!("{}…{}", three_decimals(*lower), three_decimals(*upper)).into()
                }
            },
            data: vec![(*lower).into(), (*upper).into()],
            excluded: cell.excluded(),
        },
        Found::Share { lower, upper, .. } => Value::Cells {
            people: percent(*lower, *upper, cell.excluded(), words.lang).into(),
            data: vec![(*lower).into(), (*upper).into()],
            excluded: cell.excluded(),
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
