//! Compares results: rows as bags or lists, graphs up to the names of blank nodes.

use crate::w3c::manifest::{node, object};
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{
    BlankNode, Dataset, Graph, GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, TermRef,
    Triple,
};
use oxigraph::sparql::results::{
    QueryResultsFormat, QueryResultsParser, SliceQueryResultsParserOutput,
};
use std::collections::BTreeMap;
use std::fmt;

const RS: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";

/// The result of a query.
pub(crate) enum Answer {
    Boolean(bool),
    Rows(Vec<Row>),
    Graph(Vec<Quad>),
}

/// One row: the variables that are bound.
pub(crate) type Row = BTreeMap<String, Term>;

impl Answer {
    /// Reads one of the formats of the standard.
    pub(crate) fn parse(text: &str, format: QueryResultsFormat) -> Result<Self, String> {
        let output = QueryResultsParser::from_format(format)
            .for_slice(text)
            .map_err(|error| error.to_string())?;
        match output {
            SliceQueryResultsParserOutput::Boolean(answer) => Ok(Self::Boolean(answer)),
            SliceQueryResultsParserOutput::Solutions(rows) => rows
                .map(|row| {
                    let row = row.map_err(|error| error.to_string())?;
                    let bound = row.iter().map(|(v, t)| (v.as_str().to_owned(), t.clone()));
                    Ok(bound.collect())
                })
                .collect::<Result<_, String>>()
                .map(Self::Rows),
        }
    }

    /// Reads CSV, which tells blank nodes apart from text and nothing else.
    pub(crate) fn parse_csv(text: &str) -> Result<Self, String> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?.clone();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let cells = header.iter().zip(&record).map(|(name, value)| {
                let term = match value.strip_prefix("_:") {
                    Some(label) => BlankNode::new_unchecked(label).into(),
                    None => Literal::from(value).into(),
                };
                (name.to_owned(), term)
            });
            rows.push(cells.collect());
        }
        Ok(Self::Rows(rows))
    }

    /// Reads a graph: a result set of the first test suite, or the result of `CONSTRUCT`.
    pub(crate) fn from_graph(quads: Vec<Quad>) -> Result<Self, String> {
        let graph: Graph = quads.iter().cloned().map(Triple::from).collect();
        let class = NamedNode::new_unchecked(format!("{RS}ResultSet"));
        let Some(set) = graph.subject_for_predicate_object(rdf::TYPE, &class) else {
            return Ok(Self::Graph(quads));
        };
        if let Some(Term::Literal(answer)) = object(&graph, set, RS, "boolean") {
            return Ok(Self::Boolean(answer.value() == "true"));
        }
        let property = |name: &str| NamedNode::new_unchecked(format!("{RS}{name}"));
        let mut rows = Vec::new();
        for solution in graph.objects_for_subject_predicate(set, &property("solution")) {
            let solution = solution.into_owned();
            let solution = node(&solution).ok_or("a solution is a literal")?;
            let index = match object(&graph, solution, RS, "index") {
                Some(Term::Literal(index)) => index.value().parse().unwrap_or(0),
                _ => 0,
            };
            let mut row = Row::new();
            for binding in graph.objects_for_subject_predicate(solution, &property("binding")) {
                let binding = binding.into_owned();
                let binding = node(&binding).ok_or("a binding is a literal")?;
                let variable = object(&graph, binding, RS, "variable");
                let value = object(&graph, binding, RS, "value");
                if let (Some(Term::Literal(variable)), Some(value)) = (variable, value) {
                    row.insert(variable.value().to_owned(), value);
                }
            }
            rows.push((index, row));
        }
        rows.sort_by_key(|(index, _): &(u64, Row)| *index);
        Ok(Self::Rows(rows.into_iter().map(|(_, row)| row).collect()))
    }

    /// Whether two results say the same.
    pub(crate) fn is_same(&self, other: &Self, is_ordered: bool, is_lax: bool) -> bool {
        match (self, other) {
            // The engine writes the numbers that it computes in another way than the files: 100 for 1.0E2.
            (Self::Rows(left), Self::Rows(right)) if !is_lax && left.len() == right.len() => {
                let canonical = |rows: &[Row]| as_graph(&by_value(rows), is_ordered);
                is_isomorphic(&as_graph(left, is_ordered), &as_graph(right, is_ordered))
                    || is_isomorphic(&canonical(left), &canonical(right))
            }
            (Self::Boolean(left), Self::Boolean(right)) => left == right,
            (Self::Graph(left), Self::Graph(right)) => is_isomorphic(left, right),
            (Self::Rows(left), Self::Rows(right)) if is_lax => {
                left.iter().all(|row| right.contains(row))
                    && right.iter().all(|row| left.contains(row))
            }
            _ => false,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(answer) => write!(f, "{answer}"),
            Self::Graph(quads) => quads.iter().try_for_each(|quad| write!(f, "\n  {quad}")),
            Self::Rows(rows) => rows.iter().try_for_each(|row| {
                write!(f, "\n ")?;
                row.iter()
                    .try_for_each(|(name, term)| write!(f, " ?{name} {term}"))
            }),
        }
    }
}

/// Whether two datasets differ in nothing but the names of blank nodes.
pub(crate) fn is_isomorphic(left: &[Quad], right: &[Quad]) -> bool {
    let canonical = |quads: &[Quad]| {
        let mut dataset: Dataset = quads.iter().cloned().collect();
        dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
        dataset
    };
    canonical(left) == canonical(right)
}

/// The rows with one way to write each number of a datatype.
fn by_value(rows: &[Row]) -> Vec<Row> {
    let canonical = |term: &Term| match term {
        Term::Literal(literal) => {
            let text = literal.value();
            let text = match literal.datatype() {
                xsd::DOUBLE => text.parse::<f64>().ok().map(|value| value.to_string()),
                xsd::FLOAT => text.parse::<f32>().ok().map(|value| value.to_string()),
                xsd::DECIMAL if text.contains('.') => {
                    let text = text.trim_end_matches('0');
                    Some(text.trim_end_matches('.').to_owned())
                }
                _ => None,
            };
            match text {
                Some(text) => Literal::new_typed_literal(text, literal.datatype()).into(),
                None => term.clone(),
            }
        }
        term => term.clone(),
    };
    rows.iter()
        .map(|row| {
            row.iter()
                .map(|(v, term)| (v.clone(), canonical(term)))
                .collect()
        })
        .collect()
}

/// Rows as triples, so that one notion of sameness serves both; equal rows are told apart by a count.
fn as_graph(rows: &[Row], is_ordered: bool) -> Vec<Quad> {
    let mut counted: Vec<(&Row, usize)> = Vec::new();
    for row in rows {
        match counted
            .iter_mut()
            .find(|(known, _)| !is_ordered && *known == row)
        {
            Some((_, count)) => *count += 1,
            None => counted.push((row, 1)),
        }
    }
    let mut quads = Vec::new();
    for (index, (row, count)) in counted.into_iter().enumerate() {
        let node = BlankNode::default();
        let number = if is_ordered { index } else { count };
        let number = Literal::new_typed_literal(number.to_string(), xsd::INTEGER);
        let mut add = |property: &str, value: TermRef<'_>| {
            let property = NamedNodeRef::new_unchecked(property);
            let value = value.into_owned();
            quads.push(Quad::new(
                node.clone(),
                property,
                value,
                GraphName::DefaultGraph,
            ));
        };
        add("urn:number", number.as_ref().into());
        for (variable, term) in row {
            add(&format!("urn:variable:{variable}"), term.as_ref());
        }
    }
    quads
}
