//! Bytes to quads and back: one file per format; never sees a store.

mod entities;
pub(crate) mod error;
mod json;
pub(crate) mod lines;
pub(crate) mod places;
pub mod rdf;
pub mod rdf_patch;
pub mod table;

use crate::format::error::FormatError;
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use std::path::Path;

/// The formats that a map can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// [Turtle](https://www.w3.org/TR/turtle/), `.ttl`.
    Turtle,
    /// [TriG](https://www.w3.org/TR/trig/), `.trig`.
    TriG,
    /// [N-Triples](https://www.w3.org/TR/n-triples/), `.nt`.
    NTriples,
    /// [N-Quads](https://www.w3.org/TR/n-quads/), `.nq`.
    NQuads,
    /// [JSON-LD](https://www.w3.org/TR/json-ld/), `.jsonld` or `.json`.
    JsonLd,
    /// [RDF/XML](https://www.w3.org/TR/rdf-syntax-grammar/), `.rdf`, `.owl` or `.xml`.
    RdfXml,
    /// Comma-separated tables, `.csv`.
    Csv,
    /// A format that the embedder reads: see [`Loader::with_foreign`](crate::Loader::with_foreign). No ending stands for it.
    Foreign,
}

/// Each file name ending and the format that it stands for, the usual ending of a format first.
const EXTENSIONS: &[(&str, Format)] = &[
    ("ttl", Format::Turtle),
    ("trig", Format::TriG),
    ("nt", Format::NTriples),
    ("nq", Format::NQuads),
    ("jsonld", Format::JsonLd),
    ("json", Format::JsonLd),
    ("rdf", Format::RdfXml),
    ("owl", Format::RdfXml),
    ("xml", Format::RdfXml),
    ("csv", Format::Csv),
];

impl Format {
    /// Returns the format of a file name extension, ignoring case.
    ///
    /// # Example
    /// ```
    /// use powermap_rdf::Format;
    ///
    /// assert_eq!(Format::from_extension("TTL"), Some(Format::Turtle));
    /// assert_eq!(Format::from_extension("docx"), None);
    /// ```
    pub fn from_extension(extension: &str) -> Option<Self> {
        EXTENSIONS
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(extension))
            .map(|(_, format)| *format)
    }

    /// Returns the format of a path by its extension.
    ///
    /// # Errors
    /// [`FormatError::UnknownFormat`], which lists the endings that are known.
    pub fn from_path(path: &Path) -> Result<Self, FormatError> {
        path.extension()
            .and_then(|extension| extension.to_str())
            .and_then(Self::from_extension)
            .ok_or_else(|| FormatError::UnknownFormat {
                source_name: path.display().to_string(),
                expected: EXTENSIONS
                    .iter()
                    .map(|(extension, _)| format!(".{extension}"))
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }

    /// Returns the name of the format, as its specification spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Turtle => "Turtle",
            Self::TriG => "TriG",
            Self::NTriples => "N-Triples",
            Self::NQuads => "N-Quads",
            Self::JsonLd => "JSON-LD",
            Self::RdfXml => "RDF/XML",
            Self::Csv => "CSV",
            Self::Foreign => "another format",
        }
    }

    /// Returns the usual file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        EXTENSIONS
            .iter()
            .find(|(_, format)| *format == self)
            .map_or("", |(extension, _)| extension)
    }

    /// Returns whether the format can hold more than one graph.
    pub fn holds_named_graphs(self) -> bool {
        matches!(self, Self::TriG | Self::NQuads | Self::JsonLd)
    }

    /// Returns the format as the RDF parsers name it; `None` for tables and foreign formats.
    pub(crate) fn to_rdf(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::TriG => Some(RdfFormat::TriG),
            Self::NTriples => Some(RdfFormat::NTriples),
            Self::NQuads => Some(RdfFormat::NQuads),
            Self::JsonLd => Some(RdfFormat::JsonLd {
                profile: JsonLdProfileSet::empty(),
            }),
            Self::RdfXml => Some(RdfFormat::RdfXml),
            Self::Csv | Self::Foreign => None,
        }
    }
}
