//! The formats of results.

use crate::format::Format;
use crate::format::table::{TableFormat, named};
use oxigraph::io::RdfFormat;
use oxigraph::sparql::results::QueryResultsFormat;
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
    /// Every format with its name.
    pub const NAMES: [(&'static str, Self); 12] = [
        (TableFormat::Table.name(), Self::Table),
        (TableFormat::Csv.name(), Self::Csv),
        (TableFormat::Tsv.name(), Self::Tsv),
        (TableFormat::Json.name(), Self::Json),
        ("xml", Self::Xml),
        (TableFormat::Markdown.name(), Self::Markdown),
        ("turtle", Self::Turtle),
        ("ntriples", Self::NTriples),
        ("trig", Self::TriG),
        ("nquads", Self::NQuads),
        ("rdfxml", Self::RdfXml),
        ("jsonld", Self::JsonLd),
    ];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(name, _)| name)
    }

    /// Returns whether it is one of the RDF formats, which hold graphs only.
    pub(crate) fn is_rdf(self) -> bool {
        self.rdf().is_some()
    }

    /// Returns the format of RDF text that it is, if it is one.
    pub(crate) fn rdf(self) -> Option<RdfFormat> {
        let format = match self {
            Self::Turtle => Format::Turtle,
            Self::NTriples => Format::NTriples,
            Self::TriG => Format::TriG,
            Self::NQuads => Format::NQuads,
            Self::RdfXml => Format::RdfXml,
            Self::JsonLd => Format::JsonLd,
            _ => return None,
        };
        format.to_rdf()
    }

    /// Returns the format of the W3C for rows and answers that it is, if it is one.
    pub(crate) fn w3c(self) -> Option<QueryResultsFormat> {
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
        named(text, &Self::NAMES)
    }
}
