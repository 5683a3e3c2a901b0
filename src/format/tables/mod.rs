//! Tables of a map as Apache Parquet and Arrow.
//!
//! Eight tables hold the records of a map, and a map that is written and read again has the same records; two more are
//! derived from it. `docs/tables.md` describes every column. Each file names its table and the version of its schema in its
//! metadata.
//!
//! Bounds are two numbers, each with a flag that says whether it is excluded. Times stand as the source gives them, beside
//! the first and the last day that they can mean. What is not known is null, never zero.

mod board;
pub(crate) mod columns;
pub(in crate::format) mod file;
pub(in crate::format) mod frame;
mod read;
mod write;

pub use board::board;
pub use file::{is_parquet, parquet};
pub use read::read;
pub use write::write;
pub(crate) use write::{concept as concept_text, id as id_text, node as node_text};

/// The version of the schemas, in the metadata of each file under [`SCHEMA_KEY`].
pub const SCHEMA_VERSION: &str = "1";

/// The key of the version of the schema.
pub const SCHEMA_KEY: &str = "powermap.schema";

/// The key of the name of the table.
pub const TABLE_KEY: &str = "powermap.table";

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArrowTable {
    /// Players, topics, and what the map says of itself.
    Players,
    /// What registers call the players.
    Identifiers,
    /// Pairs of players that claims say to be one, or not to be.
    Identities,
    /// Agreements and events.
    Deals,
    /// Relations between two players.
    Edges,
    /// Figures about players and products.
    Observations,
    /// What sources say, with values.
    Claims,
    /// The texts that claims stand in.
    Documents,
    /// The edges of the board, with what holds of them: derived.
    Board,
    /// Where the money goes round on the board: derived.
    Loops,
}

impl ArrowTable {
    /// The tables that hold records, in the order in which they are written.
    pub const RECORDS: [Self; 8] = [
        Self::Players,
        Self::Identifiers,
        Self::Identities,
        Self::Deals,
        Self::Edges,
        Self::Observations,
        Self::Claims,
        Self::Documents,
    ];

    /// The tables that are derived from the records; a map that is read passes over them.
    pub const DERIVED: [Self; 2] = [Self::Board, Self::Loops];

    /// Returns the name, which is also that of the file without its ending.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Players => "players",
            Self::Identifiers => "identifiers",
            Self::Identities => "identities",
            Self::Deals => "deals",
            Self::Edges => "edges",
            Self::Observations => "observations",
            Self::Claims => "claims",
            Self::Documents => "documents",
            Self::Board => "board",
            Self::Loops => "loops",
        }
    }

    /// Returns the table of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        let mut all = Self::RECORDS.into_iter().chain(Self::DERIVED);
        all.find(|table| table.name() == name)
    }
}
