//! The options that every verb takes.

use crate::number::{self, whole};
use crate::picture::OutputFormat;
use clap::Args as ClapArgs;
use powermap::model::{Day, Lang, Policy};
use powermap::{Limits, View};
use std::path::PathBuf;
use std::time::Duration;

/// The options that every verb takes.
#[derive(Debug, ClapArgs)]
#[command(next_help_heading = "Options of every verb")]
pub(crate) struct Options {
    /// The map: a folder, a file, or a compiled map; without it, the built-in map of Silicon Valley
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) map: Option<PathBuf>,

    /// What the columns of the file are, where they are not those of a map [default: mapping.toml next to it]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "edge_list")]
    pub(crate) mapping: Option<PathBuf>,

    /// A plain edge list (CSV or Parquet, with the columns from and to) as the network, instead of a map
    #[arg(long, global = true, value_name = "FILE", conflicts_with_all = ["map", "as_of", "known_by"])]
    pub(crate) edge_list: Option<PathBuf>,

    /// The day the board is looked at, such as 2025-10-15
    #[arg(long, global = true, value_name = "DAY")]
    pub(crate) as_of: Option<Day>,

    /// Count only the claims known by this day
    #[arg(long, global = true, value_name = "DAY")]
    pub(crate) known_by: Option<Day>,

    /// Which claim wins: weighed, latest, lowest, highest, most-trusted, or all of them
    #[arg(long, global = true, value_name = "POLICY", default_value = "weighed")]
    pub(crate) policy: Policy,

    /// The language of reports: en or zh
    #[arg(long, global = true, value_name = "LANG", default_value = "en")]
    pub(crate) lang: Lang,

    /// table, csv, tsv, json or markdown; for queries also xml, turtle, ntriples, trig, nquads,
    /// rdfxml or jsonld; for the board svg, png, pdf, html, dot, mermaid, graphml, gexf or json [default: table, svg]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) format: Option<OutputFormat>,

    /// Write to this file instead of stdout, whole or not at all; a folder for tour and export
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// In CSV, write cells that a spreadsheet would take for formulas as text
    #[arg(long, global = true)]
    pub(crate) spreadsheet: bool,

    /// Write the answer with everything that it rests on to this file, for powermap verify
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "edge_list")]
    pub(crate) evidence: Option<PathBuf>,

    /// Fit tables to this many columns [default: those of the terminal]
    #[arg(
        long,
        global = true,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<usize>(10, 10_000, "100")
    )]
    pub(crate) width: Option<usize>,

    /// Print tables as wide as they are, whatever the terminal
    #[arg(long, global = true, conflicts_with = "width")]
    pub(crate) wide: bool,

    /// Print everything: all rows rather than a screenful, every finding of check, the tables of tour
    #[arg(long, global = true)]
    pub(crate) all: bool,

    /// Stop a query after this many seconds
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        allow_negative_numbers = true,
        value_parser = number::seconds
    )]
    pub(crate) timeout: Option<Duration>,

    /// Stop after this many rows, and say so on stderr
    #[arg(
        long,
        global = true,
        value_name = "N",
        allow_negative_numbers = true,
        value_parser = whole::<usize>(0, u64::MAX, "100")
    )]
    pub(crate) limit_rows: Option<usize>,

    /// Stop a query before it holds more memory than this, such as 512MiB or 8GiB
    #[arg(
        long,
        global = true,
        value_name = "SIZE",
        default_value = "2GiB",
        allow_negative_numbers = true,
        value_parser = number::bytes
    )]
    pub(crate) memory: usize,

    /// Read the text of a large map, and keep no compiled form of it
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,

    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Options {
    /// From where the map is looked at.
    pub(crate) fn view(&self) -> View {
        View {
            as_of: self.as_of,
            known_by: self.known_by,
            policy: self.policy,
        }
    }

    /// Returns what each query and each analysis may take.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::new().with_memory(self.memory);
        if let Some(time) = self.timeout {
            limits = limits.with_time(time);
        }
        if let Some(rows) = self.limit_rows {
            limits = limits.with_rows(rows);
        }
        limits
    }
}
