//! Writes the results of a query: rows as a table, CSV, TSV, JSON, XML or Markdown, graphs in the RDF formats.

mod cell;
mod format;
mod labels;

pub use crate::sparql::results::cell::cell;
pub use crate::sparql::results::format::ResultFormat;

use crate::format::table::{Cell, Table, TableFormat};
use crate::prefixes::Prefixes;
use crate::sparql::bytes::term_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Holder, Memory};
use crate::sparql::results::labels::Labels;
use crate::sparql::rows::{Results, Rows};
use crate::sparql::service::Notice;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{NamedOrBlankNode, TermRef, Triple, Variable};
use oxigraph::sparql::QueryTripleIter;
use oxigraph::sparql::results::{QueryResultsSerializer, WriterSolutionsSerializer};
use std::io::Write;

/// A summary of what [`write()`] wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The answer of an `ASK` query.
    pub answer: Option<bool>,
    /// The number of rows or triples.
    pub rows: usize,
    /// Whether the row limit left some out.
    pub is_cut: bool,
    /// The notices of the services that the query called.
    pub notices: Vec<Notice>,
}

/// Writes results as they are computed (a table once all rows are known, for its widths).
///
/// `prefixes` go into the formats that have them.
///
/// # Errors
/// Those of the evaluation and of the writer, and [`SparqlError::Format`] where the format does not fit the query.
pub fn write(
    results: Results<'_>,
    format: ResultFormat,
    prefixes: &Prefixes,
    writer: impl Write,
) -> Result<Written, SparqlError> {
    match (results, format.rdf()) {
        (Results::Boolean(answer), None) => {
            write_boolean(answer, format, writer)?;
            Ok(Written {
                answer: Some(answer),
                ..Written::default()
            })
        }
        (Results::Solutions(mut solutions), None) => {
            let variables = solutions.variables().to_vec();
            let mut rows =
                RowWriter::new(&variables, prefixes, format, solutions.memory(), writer)?;
            while let Some(row) = solutions.next_row() {
                rows.write(row?.iter())?;
            }
            Ok(Written {
                answer: None,
                rows: rows.finish()?,
                is_cut: solutions.is_cut(),
                notices: solutions.notices().to_vec(),
            })
        }
        (Results::Graph(mut triples), None) => {
            let variables = ["subject", "predicate", "object"].map(Variable::new_unchecked);
            let mut rows = RowWriter::new(&variables, prefixes, format, triples.memory(), writer)?;
            for triple in triples.by_ref() {
                let triple = triple?;
                let terms: [TermRef<'_>; 3] = [
                    triple.subject.as_ref().into(),
                    triple.predicate.as_ref().into(),
                    triple.object.as_ref(),
                ];
                rows.write(terms.into_iter().map(Some))?;
            }
            Ok(Written {
                answer: None,
                rows: rows.finish()?,
                is_cut: triples.is_cut(),
                notices: triples.notices().to_vec(),
            })
        }
        (Results::Graph(mut triples), Some(rdf)) => Ok(Written {
            answer: None,
            rows: write_graph(&mut triples, rdf, prefixes, writer)?,
            is_cut: triples.is_cut(),
            notices: triples.notices().to_vec(),
        }),
        (Results::Boolean(_), Some(_)) => Err(misfit("yes-or-no (ASK)", format)),
        (Results::Solutions(_), Some(_)) => Err(misfit("row (SELECT)", format)),
    }
}

fn misfit(kind: &'static str, format: ResultFormat) -> SparqlError {
    let expected: Vec<_> = ResultFormat::NAMES
        .iter()
        .filter(|(_, format)| !format.is_rdf())
        .map(|(name, _)| *name)
        .collect();
    SparqlError::Format {
        kind,
        format: format.name(),
        expected: expected.join(", "),
    }
}

fn write_boolean(
    answer: bool,
    format: ResultFormat,
    mut writer: impl Write,
) -> Result<(), SparqlError> {
    match format.w3c() {
        Some(format) => {
            QueryResultsSerializer::from_format(format)
                .serialize_boolean_to_writer(&mut writer, answer)?;
        }
        None => write!(writer, "{answer}")?,
    }
    Ok(writeln!(writer)?)
}

/// Writes rows in one of the formats that have them.
struct RowWriter<'v, W: Write> {
    variables: &'v [Variable],
    prefixes: &'v Prefixes,
    form: Form<W>,
    labels: Labels,
    count: usize,
}

enum Form<W: Write> {
    /// A format of the W3C, and whether its last line has no end of its own.
    Stream(WriterSolutionsSerializer<W>, bool),
    /// A table, held until its widths are known.
    Table(Table, TableFormat, W, Memory),
}

impl<'v, W: Write> RowWriter<'v, W> {
    fn new(
        variables: &'v [Variable],
        prefixes: &'v Prefixes,
        format: ResultFormat,
        memory: Memory,
        writer: W,
    ) -> Result<Self, SparqlError> {
        let form = match format.w3c() {
            Some(w3c) => Form::Stream(
                QueryResultsSerializer::from_format(w3c)
                    .serialize_solutions_to_writer(writer, variables.to_vec())?,
                matches!(format, ResultFormat::Json | ResultFormat::Xml),
            ),
            None => {
                let table = Table::new(variables.iter().map(Variable::as_str));
                let format = match format {
                    ResultFormat::Markdown => TableFormat::Markdown,
                    _ => TableFormat::Table,
                };
                Form::Table(table, format, writer, memory)
            }
        };
        Ok(Self {
            variables,
            prefixes,
            form,
            labels: Labels::default(),
            count: 0,
        })
    }

    fn write<'t>(
        &mut self,
        row: impl Iterator<Item = Option<TermRef<'t>>>,
    ) -> Result<(), SparqlError> {
        self.count += 1;
        // Labels are given before the row is written, and looked up while it is.
        let row: Vec<Option<TermRef<'t>>> = row.collect();
        for term in row.iter().flatten() {
            if let TermRef::BlankNode(node) = term {
                self.labels.node(*node);
            }
        }
        let labels = &self.labels;
        let row = row.into_iter().map(|term| term.map(|term| labels.of(term)));
        match &mut self.form {
            Form::Stream(serializer, _) => {
                let cells = self.variables.iter().zip(row);
                serializer.serialize(cells.filter_map(|(name, term)| Some((name, term?))))?;
            }
            Form::Table(table, _, _, memory) => {
                let row: Vec<_> = row.collect();
                memory.keep(
                    Holder::Result,
                    row.iter().map(|term| term_bytes(*term)).sum(),
                )?;
                let cells = row
                    .into_iter()
                    .map(|term| term.map(|term| cell(term, self.prefixes)).into());
                table.push(cells.collect::<Vec<Cell>>());
            }
        }
        Ok(())
    }

    /// Ends the output; returns the number of rows.
    fn finish(self) -> Result<usize, SparqlError> {
        match self.form {
            Form::Stream(serializer, is_open) => {
                let mut writer = serializer.finish()?;
                if is_open {
                    writeln!(writer)?;
                }
            }
            Form::Table(table, format, writer, _) => table.write(format, writer)?,
        }
        Ok(self.count)
    }
}

fn write_graph(
    triples: &mut Rows<QueryTripleIter<'_>>,
    format: RdfFormat,
    prefixes: &Prefixes,
    writer: impl Write,
) -> Result<usize, SparqlError> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, iri) in prefixes.iter() {
        serializer =
            serializer
                .with_prefix(prefix, iri)
                .map_err(|error| SparqlError::InvalidIri {
                    what: format!("prefix {prefix}:"),
                    text: iri.to_owned(),
                    reason: error.to_string(),
                })?;
    }
    let mut serializer = serializer.for_writer(writer);
    let mut labels = Labels::default();
    let mut count = 0;
    for triple in triples {
        let triple = triple?;
        let subject = match triple.subject {
            NamedOrBlankNode::BlankNode(node) => labels.node(node.as_ref()).clone().into(),
            subject => subject,
        };
        let object = labels.term(triple.object);
        serializer.serialize_triple(&Triple::new(subject, triple.predicate, object))?;
        count += 1;
    }
    serializer.finish()?;
    Ok(count)
}

#[cfg(test)]
mod tests;
