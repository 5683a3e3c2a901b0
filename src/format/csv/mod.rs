//! Comma-separated tables to records, and back.
//!
//! Eight tables hold a map; each may be missing, and a file with the three columns `from`, `to` and `family` is a map
//! already. The order of columns is free. A column that is not known is an error, since it is most likely a
//! misspelt one.
//!
//! Cells are separated by commas; or by semicolons, tabs or bars, where the first line has these and no comma, or names one
//! as spreadsheets do (`sep=;`).
//!
//! | table | required columns | optional columns |
//! |---|---|---|
//! | `players.csv` | `id`, `type` | `name_en`, `name_zh`, `alias`, `note`, `part_of`, `identifier` |
//! | `identifiers.csv` | `player`, `scheme`, `value` | `id`, and of one claim about the identifier: `document`, `locator`, `asserted_by`, `attributed_to`, `said`, `status`, `modality`, `stance`, `qualifies`, `text`, `text_zh`, `holds_from`, `as_printed`, `fact_id` |
//! | `identities.csv` | `a`, `b`, `same` | as `identifiers.csv` |
//! | `edges.csv` | `from`, `to`, `family` | `id`, `kind`, `deal`, `since`, `until`, `part_of_total`, `components`, `label_en`, `label_zh`, and of one claim about the edge: `lower`, `upper`, `amount`, `unit`, `status`, `document`, `locator`, `asserted_by`, `attributed_to`, `said`, `approximate`, `modality`, `stance`, `as_printed`, `fact_id`, `text`, `text_zh` |
//! | `claims.csv` | `about`, `document` | `id`, `locator`, `asserted_by`, `attributed_to`, `said`, `lower`, `upper`, `amount`, `unit`, `approximate`, `status`, `same`, `modality`, `stance`, `qualifies`, `text`, `text_zh`, `period`, `holds_from`, `as_printed`, `fact_id` |
//! | `observations.csv` | `subject`, `metric`, `document` | `id`, `period`, `deal`, `part_of_total`, `label_en`, `label_zh`, and all others of `claims.csv` |
//! | `deals.csv` | `id` | `label_en`, `label_zh`, `announced`, `event`, `note` |
//! | `documents.csv` | `id` | `title`, `label_en`, `label_zh`, `issued`, `url`, `tier` |
//!
//! What a cell can hold:
//! - an id: the local part of an `id:` IRI, a prefixed name such as `cur:USD`, or a full IRI; in `from` and `to`, also the
//!   name of a player, of which a warning says whom it is read as;
//! - a type, family, kind, metric, status, modality, stance or tier: its name in kebab case, a prefixed name or a
//!   full IRI. The type of a player may also be `topic`, for what claims can be about and that is no player;
//! - a number: digits, with `.` for the decimal point, in the unit of the column `unit`, which may have a scale:
//!   `USD_bn`. `amount` sets both bounds, `lower` and `upper` one each. Thousands may be apart: `1,500`; in a table whose cells
//!   are separated by semicolons, `1.500,25`. `$5bn` has its unit with it, where the column `unit` is empty;
//! - a time: `2025-09-22`, `2025-09`, `2025-Q3`, `2026-H2`, `2025`, `2019/2025`, `../2029`, `2026/..`; `31.12.2024`, and
//!   `31/12/2024` where it can be one day only;
//! - a truth value: `true` or `false`, `yes` or `no`, `1` or `0`;
//! - an identifier: the name of a scheme, a colon and a value, such as `lei:549300S4KLFTLO7GSQ80`, `wikidata:Q21708200` or,
//!   with the code of a register, `GB-COH:03977902`;
//! - a list (`alias`, `identifier`, `fact_id`): texts separated by `;`, where `\;` is a semicolon that is part of a text;
//! - text in other languages: columns such as `name_ja`, and `name_und` for no language at all.
//!
//! Cells in quotes keep their outer spaces where they hold text; all others lose them. Rows without anything in them
//! are passed over.
//!
//! Ids that are not given are made, the same on every reading: `nvidia-openai-equity-2025-09-22` for an edge (`-2`
//! for the second of its kind), `openai-revenue-2025` for an observation, `claim-` and a hash of its content for a
//! claim. Rows that share the id of an edge or an observation are claims about one thing, and must not disagree
//! about it. A row that says word for word what another says is an error, since it is most likely a slip and
//! would count twice.
//!
//! Identifiers and identities are of players that are defined, or stand at the end of an edge. An identifier without a
//! claim counts as known; an identity has a claim, which says by `same` whether the two players are one.
//!
//! Every edge has a claim: that of its row; or, where the row says nothing of one and there is none in
//! `claims.csv`, the claim of the table itself, whose locator is the line. Players, deals and documents that are
//! only referred to are made from their ids, with a warning each.

pub(in crate::format) mod cells;
mod claim;
pub(in crate::format) mod columns;
mod complete;
mod headings;
mod identities;
mod ids;
mod local;
mod missing;
pub(in crate::format) mod names;
pub(crate) mod places;
pub(in crate::format) mod print;
mod prune;
mod reader;
mod rows;
pub(in crate::format) mod scan;
pub(in crate::format) mod scheme;
pub(in crate::format) mod sheet;
pub(in crate::format) mod taken_ids;
mod write;

pub use crate::format::csv::prune::without_rows;

use crate::format::csv::columns::Columns;
use crate::format::csv::reader::Reader;
use crate::model::record::Records;
use powermap_rdf::{FormatError, SyntaxProblem};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

pub use crate::format::csv::write::{Written, write};

/// One of the eight tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Players and topics.
    Players,
    /// What registers call players, each with at most one claim.
    Identifiers,
    /// Which players are one, or are not, each with at most one claim.
    Identities,
    /// Deals and events.
    Deals,
    /// Edges, each with at most one claim.
    Edges,
    /// Observations, each with one claim.
    Observations,
    /// Claims about anything.
    Claims,
    /// Documents.
    Documents,
}

impl Table {
    /// All tables, in the order of the things that refer to each other.
    pub const ALL: [Self; 8] = [
        Self::Players,
        Self::Identifiers,
        Self::Identities,
        Self::Deals,
        Self::Edges,
        Self::Observations,
        Self::Claims,
        Self::Documents,
    ];

    /// The name on the command line and the name of the file without its ending.
    pub fn name(self) -> &'static str {
        match self {
            Self::Players => "players",
            Self::Identifiers => "identifiers",
            Self::Identities => "identities",
            Self::Deals => "deals",
            Self::Edges => "edges",
            Self::Observations => "observations",
            Self::Claims => "claims",
            Self::Documents => "documents",
        }
    }

    /// The table that a file holds by its name: the last word of it, as in `players.csv` or `2025-players.csv`.
    ///
    /// # Errors
    /// [`FormatError::UnknownFormat`], which lists the names that are known.
    ///
    /// # Example
    /// ```
    /// use powermap::format::csv::Table;
    /// use std::path::Path;
    ///
    /// assert_eq!(Table::from_path(Path::new("data/chips_edges.csv"))?, Table::Edges);
    /// assert!(Table::from_path(Path::new("data.csv")).is_err());
    /// # Ok::<(), powermap_rdf::FormatError>(())
    /// ```
    pub fn from_path(path: &Path) -> Result<Self, FormatError> {
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("");
        let last = stem
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or(stem);
        Self::ALL
            .into_iter()
            .find(|table| table.name().eq_ignore_ascii_case(last))
            .ok_or_else(|| FormatError::UnknownFormat {
                source_name: path.display().to_string(),
                expected: format!(
                    "{}; or say which table it is, or by a mapping.toml what its columns are",
                    file_names()
                ),
            })
    }

    pub(in crate::format) fn columns(self) -> &'static Columns {
        match self {
            Self::Players => &columns::PLAYERS,
            Self::Identifiers => &columns::IDENTIFIERS,
            Self::Identities => &columns::IDENTITIES,
            Self::Deals => &columns::DEALS,
            Self::Edges => &columns::EDGES,
            Self::Observations => &columns::OBSERVATIONS,
            Self::Claims => &columns::CLAIMS,
            Self::Documents => &columns::DOCUMENTS,
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn file_names() -> String {
    Table::ALL
        .map(|table| format!("{}.csv", table.name()))
        .join(", ")
}

impl FromStr for Table {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Self, FormatError> {
        Self::ALL
            .into_iter()
            .find(|table| table.name() == text)
            .ok_or_else(|| FormatError::UnknownFormat {
                source_name: text.to_owned(),
                expected: Self::ALL.map(Self::name).join(", "),
            })
    }
}

/// A table to be read.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its name, which errors begin with and the document of its claims is called after.
    pub name: &'a str,
    /// Which table it is.
    pub table: Table,
    /// Its text.
    pub bytes: &'a [u8],
}

/// What came of reading tables: all rows that are right, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The records of the rows that are right, sorted by id. Concepts are never among them.
    pub records: Records,
    /// Why the other rows are left out, in the order of the text.
    pub problems: Vec<SyntaxProblem>,
    /// What was made up or looks wrong in rows that are used, in the order of the text.
    pub warnings: Vec<SyntaxProblem>,
    /// Those of the warnings that something is left out for.
    pub unused: Vec<SyntaxProblem>,
}

impl Reading {
    /// The records and the warnings, if there is no problem at all.
    ///
    /// # Errors
    /// [`FormatError::Rows`] with every problem.
    pub fn strict(self) -> Result<(Records, Vec<SyntaxProblem>), FormatError> {
        if self.problems.is_empty() {
            Ok((self.records, self.warnings))
        } else {
            Err(FormatError::Rows(self.problems))
        }
    }
}

/// Reads tables that belong together.
///
/// `known` is what the map has already: what it holds is not made up again, and its concepts are what kinds and
/// metrics are checked against. The order of the sources and rows matters only where several edges would get the same
/// id and are numbered.
///
/// Time and space are linear in the size of the text, but for each id that is not defined a pass over all ids looks
/// for one that is spelt alike.
///
/// # Example
/// ```
/// use powermap::format::csv::{self, Source, Table};
/// use powermap::model::Records;
///
/// let edges = Source {
///     name: "edges.csv",
///     table: Table::Edges,
///     bytes: b"from,to,family,kind,upper,unit\nnvidia,openai,investment,equity,100,USD_bn\n",
/// };
/// let (records, warnings) = csv::read(&[edges], &Records::default()).strict()?;
/// assert_eq!(records.edges[0].from.as_str(), "https://w3id.org/powermap/id/nvidia");
/// assert_eq!(records.claims[0].quantity.unwrap().upper, Some(1e11));
/// assert_eq!(warnings.len(), 2, "both players are made from their ids");
///
/// let wrong = Source { bytes: b"from,to,family\nnvidia,openai,investmnet\n", ..edges };
/// let reading = csv::read(&[wrong], &Records::default());
/// assert_eq!(
///     reading.problems[0].to_string(),
///     "edges.csv:2:15: column 3 'family': 'investmnet' is not a family: expected one of investment, supply, \
///      influence (did you mean 'investment'?)"
/// );
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn read(sources: &[Source<'_>], known: &Records) -> Reading {
    let mut reader = Reader::new(known, sources);
    // Players first: the other tables may call them by their names.
    let is_players = |source: &Source<'_>| source.table == Table::Players;
    for (number, source) in sources
        .iter()
        .enumerate()
        .filter(|(_, one)| is_players(one))
    {
        reader.table(number, source);
    }
    reader.name_players();
    for (number, source) in sources
        .iter()
        .enumerate()
        .filter(|(_, one)| !is_players(one))
    {
        reader.table(number, source);
    }
    reader.complete();
    reader.make_missing();
    reader.finish()
}
