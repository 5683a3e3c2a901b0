//! Writes the results of a query: rows as a table, CSV, TSV, JSON, XML or Markdown, graphs in the RDF formats.

use crate::format::table::{Cell, Table, TableFormat};
use crate::prefixes::Prefixes;
use crate::sparql::bytes::term_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Holder, Memory};
use crate::sparql::rows::{Results, Rows};
use crate::sparql::service::Notice;
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{
    BlankNode, BlankNodeRef, LiteralRef, NamedOrBlankNode, Term, TermRef, Triple, Variable,
};
use oxigraph::sparql::QueryTripleIter;
use oxigraph::sparql::results::{
    QueryResultsFormat, QueryResultsSerializer, WriterSolutionsSerializer,
};
use std::collections::HashMap;
use std::io::Write;
use std::str::FromStr;

/// The formats of results.
///
/// The first six hold rows and answers, the others graphs. A graph can also be written as rows of `subject`,
/// `predicate` and `object`; rows cannot be written as a graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResultFormat {
    /// Columns aligned for a terminal, IRIs shortened, literals as plain text.
    #[default]
    Table,
    /// [SPARQL 1.1 results as CSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
    Csv,
    /// [SPARQL 1.1 results as TSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
    Tsv,
    /// [SPARQL 1.1 results as JSON](https://www.w3.org/TR/sparql11-results-json/).
    Json,
    /// [SPARQL results as XML](https://www.w3.org/TR/rdf-sparql-XMLres/).
    Xml,
    /// A Markdown table with the cells of [`ResultFormat::Table`].
    Markdown,
    /// Turtle.
    Turtle,
    /// N-Triples.
    NTriples,
    /// TriG.
    TriG,
    /// N-Quads.
    NQuads,
    /// RDF/XML.
    RdfXml,
    /// JSON-LD.
    JsonLd,
}

impl ResultFormat {
    /// Every format with the name that the program uses for it.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("table", Self::Table),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("json", Self::Json),
        ("xml", Self::Xml),
        ("markdown", Self::Markdown),
        ("turtle", Self::Turtle),
        ("ntriples", Self::NTriples),
        ("trig", Self::TriG),
        ("nquads", Self::NQuads),
        ("rdfxml", Self::RdfXml),
        ("jsonld", Self::JsonLd),
    ];

    /// Returns the name that the program uses.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(name, _)| name)
    }

    /// Returns whether it is one of the RDF formats, which hold graphs only.
    pub fn is_rdf(self) -> bool {
        self.rdf().is_some()
    }

    fn rdf(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::NTriples => Some(RdfFormat::NTriples),
            Self::TriG => Some(RdfFormat::TriG),
            Self::NQuads => Some(RdfFormat::NQuads),
            Self::RdfXml => Some(RdfFormat::RdfXml),
            Self::JsonLd => Some(RdfFormat::JsonLd {
                profile: JsonLdProfileSet::empty(),
            }),
            _ => None,
        }
    }

    fn w3c(self) -> Option<QueryResultsFormat> {
        match self {
            Self::Csv => Some(QueryResultsFormat::Csv),
            Self::Tsv => Some(QueryResultsFormat::Tsv),
            Self::Json => Some(QueryResultsFormat::Json),
            Self::Xml => Some(QueryResultsFormat::Xml),
            _ => None,
        }
    }
}

impl FromStr for ResultFormat {
    type Err = String;

    /// Reads a format's name; the error lists the names.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, format)| *format)
            .ok_or_else(|| {
                let names: Vec<_> = Self::NAMES.iter().map(|(name, _)| *name).collect();
                format!(
                    "unknown format {text:?}: expected one of {}",
                    names.join(", ")
                )
            })
    }
}

/// What was written.
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

/// Returns the cell that shows a term in a table: IRIs shortened, literals as plain text, numbers as numbers.
///
/// ```
/// use oxigraph::model::{Literal, NamedNode};
/// use powermap_rdf::table::Cell;
/// use powermap_rdf::Prefixes;
/// use powermap_rdf::results::cell;
///
/// let prefixes = Prefixes::from_iter([("ex", "http://example.com/")]);
/// let sam = NamedNode::new("http://example.com/sam").unwrap();
/// assert_eq!(cell(&sam, &prefixes), Cell::Text("ex:sam".into()));
/// assert_eq!(cell(&Literal::from(7), &prefixes), Cell::Integer(7));
/// let chip = Literal::new_language_tagged_literal("芯片", "zh").unwrap();
/// assert_eq!(cell(&chip, &prefixes), Cell::Text("芯片".into()));
/// ```
pub fn cell<'t>(term: impl Into<TermRef<'t>>, prefixes: &Prefixes) -> Cell {
    match term.into() {
        TermRef::NamedNode(iri) => {
            let short = prefixes.compact(iri.as_str());
            Cell::Text(if short.starts_with('<') {
                iri.as_str().to_owned()
            } else {
                short
            })
        }
        TermRef::Literal(literal) => literal_cell(literal),
        term => Cell::Text(term.to_string()),
    }
}

/// Returns a number only where the cell would say the same as the literal; else its text as it stands.
fn literal_cell(literal: LiteralRef<'_>) -> Cell {
    let text = literal.value();
    let datatype = literal.datatype();
    let number = if datatype == xsd::INTEGER || is_derived_integer(datatype.as_str()) {
        text.parse().ok().map(Cell::Integer)
    } else if datatype == xsd::DECIMAL {
        text.parse()
            .ok()
            .map(Cell::Number)
            .filter(|cell| is_same_decimal(&cell.text(), text))
    } else if datatype == xsd::DOUBLE || datatype == xsd::FLOAT {
        text.parse().ok().map(Cell::Number)
    } else if datatype == xsd::BOOLEAN {
        match text {
            "true" | "1" => Some(Cell::Bool(true)),
            "false" | "0" => Some(Cell::Bool(false)),
            _ => None,
        }
    } else {
        None
    };
    number.unwrap_or_else(|| Cell::Text(text.to_owned()))
}

fn is_derived_integer(datatype: &str) -> bool {
    datatype
        .strip_prefix("http://www.w3.org/2001/XMLSchema#")
        .is_some_and(|name| {
            matches!(
                name,
                "byte"
                    | "short"
                    | "int"
                    | "long"
                    | "unsignedByte"
                    | "unsignedShort"
                    | "unsignedInt"
                    | "unsignedLong"
                    | "positiveInteger"
                    | "nonNegativeInteger"
                    | "negativeInteger"
                    | "nonPositiveInteger"
            )
        })
}

/// Returns whether two decimals differ in nothing but a plus sign and zeros at the ends.
fn is_same_decimal(left: &str, right: &str) -> bool {
    fn parts(text: &str) -> (bool, &str, &str) {
        let negative = text.starts_with('-');
        let text = text.trim_start_matches(['+', '-']);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (
            negative,
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        )
    }
    parts(left) == parts(right)
}

/// Gives blank nodes labels in the order in which they appear.
///
/// The evaluator labels the ones that it makes at random, and the output must not differ from run to run.
#[derive(Default)]
struct Labels(HashMap<String, BlankNode>);

impl Labels {
    fn node(&mut self, node: BlankNodeRef<'_>) -> &BlankNode {
        let next = self.0.len() + 1;
        self.0
            .entry(node.as_str().to_owned())
            .or_insert_with(|| BlankNode::new_unchecked(format!("b{next}")))
    }

    /// Returns a term with the label that was given to it, if it is a blank node.
    fn of<'t>(&'t self, term: TermRef<'t>) -> TermRef<'t> {
        match term {
            TermRef::BlankNode(node) => match self.0.get(node.as_str()) {
                Some(node) => node.as_ref().into(),
                None => term,
            },
            term => term,
        }
    }

    fn term(&mut self, term: Term) -> Term {
        match term {
            Term::BlankNode(node) => self.node(node.as_ref()).clone().into(),
            term => term,
        }
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
    /// What is held until its widths are known.
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

    /// Ends what was written; gives the number of rows.
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
