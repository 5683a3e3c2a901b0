#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod format;
mod hint;
mod prefixes;
mod sparql;
mod spelling;
mod store;

pub use crate::format::error::{FormatError, SyntaxProblem};
pub use crate::format::places::each_with_line;
pub use crate::format::{Format, rdf, rdf_patch, table};
pub use crate::hint::Hint;
pub use crate::prefixes::Prefixes;
pub use crate::sparql::cancellation::Cancellation;
pub use crate::sparql::error::SparqlError;
pub use crate::sparql::evaluator::Evaluator;
pub use crate::sparql::results::{self, ResultFormat};
pub use crate::sparql::rows::{Results, Rows};
pub use crate::sparql::service::{Call, Notice, Service, ServiceAnswer};
pub use crate::sparql::shapes::{Severity, Shapes, ShapesError, ValidationResult};
pub use crate::sparql::solutions::{Row, Solutions};
pub use crate::sparql::syntax::SyntaxError;
pub use crate::sparql::update::Updated;
pub use crate::sparql::watchdog::Watchdog;
pub use crate::spelling::nearest;
pub use crate::store::any::Store;
pub use crate::store::atomic::{
    TemporaryPath, remove_temporaries, write_file, write_file_with, write_files,
};
pub use crate::store::cache::{Cache, CacheProblem};
pub use crate::store::compiled::store::CompiledStore;
pub use crate::store::error::StoreError;
pub use crate::store::files::IsForeign;
pub use crate::store::load::{
    ForeignSource, Listener, Loaded, LoadedSource, Loader, Phase, Progress, TableSource,
};
pub use crate::store::memory::MemoryStore;
pub use crate::store::query_term::QueryTerm;
pub use crate::store::read::{ReadDataset, ReadStore};
pub use crate::store::source::{SourceMap, blank_nodes};

/// What a query is made of: its tokens, its patterns and their variables.
pub mod algebra {
    pub use crate::sparql::algebra::{in_scope_variables, visit};
    pub use crate::sparql::parameters::{free_variables, read_variables};
    pub use crate::sparql::tokens::{Token, TokenKind, tokens};
}

/// The sorted columns of a compiled file, for code that walks whole predicates.
pub mod columns {
    pub use crate::store::compiled::graph::{GraphRef, Pairs, Predicate, find};
    pub use crate::store::dictionary::TermId;
}
