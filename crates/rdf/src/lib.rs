#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

pub mod format;
pub mod prefixes;
pub mod sparql;
pub mod spelling;
pub mod store;

pub use crate::format::error::{FormatError, SyntaxProblem};
pub use crate::format::{Format, rdf, rdf_patch};
pub use crate::prefixes::Prefixes;
pub use crate::sparql::cancellation::Cancellation;
pub use crate::sparql::error::SparqlError;
pub use crate::sparql::evaluator::Evaluator;
pub use crate::sparql::results::{self, ResultFormat};
pub use crate::sparql::rows::{Results, Rows};
pub use crate::sparql::service::{Call, Notice, Service, ServiceAnswer};
pub use crate::sparql::shapes::{Finding, Severity, Shapes, ShapesError};
pub use crate::sparql::solutions::{Row, Solutions};
pub use crate::sparql::syntax::SyntaxError;
pub use crate::sparql::update::Updated;
pub use crate::spelling::nearest;
pub use crate::store::any::Store;
pub use crate::store::cache::{Cache, CacheProblem};
pub use crate::store::compiled::CompiledStore;
pub use crate::store::error::StoreError;
pub use crate::store::load::{Loaded, Loader, Phase, Progress};
pub use crate::store::memory::MemoryStore;
pub use crate::store::read::{ReadDataset, ReadStore};
pub use crate::store::source::SourceMap;
