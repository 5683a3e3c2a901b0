//! The arguments of `import`.

use crate::args::map_format;
use clap::Args as ClapArgs;
use powermap::format::csv::Table;
use powermap_rdf::Format;
use std::path::PathBuf;

/// `import`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Import {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are: players, edges, claims, observations, deals or documents, or an RDF format
    #[arg(long = "as", value_name = "KIND", value_parser = kind)]
    pub(crate) kind: Option<Kind>,
    /// The folder of the map; made if it is not there [default: that of --map]
    #[arg(long, value_name = "MAP")]
    pub(crate) into: Option<PathBuf>,
    /// Leave out what is wrong and import the rest
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Put the files in the place of earlier editions: of those of the same name, or of this file of the map (repeatable)
    #[arg(long, value_name = "EARLIER", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) replace: Option<Vec<String>>,
    /// Print a first mapping.toml for a table whose columns are not those of a map, and import nothing
    #[arg(long, conflicts_with_all = ["into", "replace", "keep_going", "kind", "mapping"])]
    pub(crate) suggest: bool,
}

/// What an imported file is, where its name does not say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A table.
    Table(Table),
    /// An RDF format.
    Rdf(Format),
}

fn kind(text: &str) -> Result<Kind, String> {
    let table = Table::ALL.into_iter().find(|table| table.name() == text);
    let rdf = || {
        map_format(text)
            .ok()
            .filter(|format| *format != Format::Csv)
    };
    let found = table.map(Kind::Table).or_else(|| rdf().map(Kind::Rdf));
    found.ok_or_else(|| {
        format!(
            "expected one of {}, turtle, trig, ntriples, nquads, rdfxml, jsonld",
            Table::ALL.map(Table::name).join(", ")
        )
    })
}
