//! Floor 6: the analyses inside SPARQL, as `SERVICE call:NAME { … }`.
//!
//! The triples of one node in the block, most simply `[]`, are the call. A property is a parameter where it has a
//! constant or a variable with `VALUES` in the block, and otherwise a column, whose cell is bound to the variable or has
//! to be the constant:
//!
//! ```sparql
//! SELECT ?supplier ?least WHERE {
//!   SERVICE call:dependence { [] call:player id:openai ; call:side "supply" ;
//!       call:counterparty ?supplier ; call:shareLower ?least }
//!   FILTER(?least > 0.1)
//! }
//! ```
//!
//! - Names are those of the [table of analyses](crate::analysis::table::all) in camel case: `max-length` is
//!   `call:maxLength`, the column `share` is `call:shareLower` and `call:shareUpper`, a column of several ids has its
//!   singular and a row for each. Every analysis has `call:claim`, a row for each claim that the numbers of a row rest
//!   on, and `call:row`, the number of the row.
//! - The variable of an empty cell stays unbound. A variable that occurs twice joins.
//! - `VALUES` inside of the block runs the analysis once for each of its rows; `UNDEF` leaves the parameter out. The
//!   evaluator passes no values in from outside of the block. `FILTER` and `BIND` may stand in the block.
//! - Ids are IRIs, numbers are what the board graph makes of them, whole numbers `xsd:integer`, words plain literals.
//! - An answer that is not complete is an error, unless the call says `call:partial true` or names the limit itself
//!   (`call:limit`). The notes of an analysis on its rows are in
//!   [`Rows::notices`](powermap_rdf::Rows::notices). No call gives more than a million rows:
//!   more are an error. `LIMIT` and the row limit of the evaluator reach into a call that is all of the query.
//! - `call:loops` and `call:paths` also take a pattern that says what an edge is, over any RDF.
//!
//! In an update, a call looks at the map as it was before the update.

mod analysis;
mod block;
mod context;
mod edges;
pub(crate) mod error;
pub(crate) mod pattern;
pub(crate) mod request;
mod signature;
mod values;
mod walker;

pub use crate::callable::error::CallError;

use crate::analysis::position::Position;
use crate::analysis::source_error::SourceError;
use crate::analysis::table;
use crate::callable::analysis::AnalysisService;
use crate::callable::context::Context;
use crate::model::board::Board;
use crate::model::view::View;
use crate::model::vocabulary::CALL;
use crate::records;
use oxigraph::model::NamedNode;
use powermap_rdf::{Evaluator, ReadStore, StoreError};
use std::error::Error;
use std::sync::Arc;

/// Adds a service for each analysis to an evaluator: over a position and, for patterns in the blocks, a store.
///
/// Cheap: nothing is computed until a query calls.
///
/// ```
/// use powermap::analysis::Position;
/// use powermap::callable::register;
/// use powermap::model::vocabulary::PREFIXES;
/// use powermap_rdf::{Evaluator, Results};
/// use powermap_rdf::{MemoryStore, ReadStore};
/// use std::sync::Arc;
///
/// let store = MemoryStore::default();
/// let position = Position::new(Arc::default(), Arc::default());
/// let evaluator = Evaluator::new().with_prefixes(PREFIXES.clone());
/// let evaluator = register(evaluator, &position, &store);
/// let query = "SELECT * { SERVICE call:timeline { [] call:when ?when ; call:subject ?what } }";
/// let Results::Solutions(mut rows) = evaluator.query(store.dataset(), query, &[])? else {
///     unreachable!("SELECT gives rows")
/// };
/// assert!(rows.next().is_none());
/// # Ok::<(), powermap_rdf::SparqlError>(())
/// ```
#[must_use]
pub fn register<S>(evaluator: Evaluator, position: &Position, store: &S) -> Evaluator
where
    S: ReadStore + Clone + 'static,
{
    let position = position.clone();
    let store = store.clone();
    register_lazy(
        evaluator,
        move || Ok(position.clone()),
        move || Ok(store.clone()),
    )
}

/// Adds the services to an evaluator, with a position and a store that are only made when a query calls.
///
/// An error of either is one of the call that needed it.
#[must_use]
pub(crate) fn register_lazy<S>(
    evaluator: Evaluator,
    position: impl Fn() -> Result<Position, SourceError> + Send + Sync + 'static,
    store: impl Fn() -> Result<S, SourceError> + Send + Sync + 'static,
) -> Evaluator
where
    S: ReadStore + 'static,
{
    let context = Arc::new(Context {
        position: Box::new(position),
        store: Box::new(store),
        evaluator: evaluator.clone(),
    });
    table::all().iter().fold(evaluator, |evaluator, analysis| {
        let iri = NamedNode::new_unchecked(format!("{CALL}{}", analysis.name));
        let service = AnalysisService::new(analysis, Arc::clone(&context));
        evaluator.with_service(&iri, Arc::new(service))
    })
}

/// Adds the services to an evaluator for any store: its records, in whatever graph, as seen from the default view.
///
/// # Errors
/// [`CallError::Records`], if the store cannot be read. What is no record in it is passed over.
pub fn register_store<S>(evaluator: Evaluator, store: &S) -> Result<Evaluator, CallError>
where
    S: ReadStore + Clone + 'static,
{
    let (records, _) = records::read(&store.dataset()).map_err(|error| {
        let hint = (&error as &dyn Error)
            .downcast_ref()
            .and_then(StoreError::hint);
        CallError::Records(SourceError::new(error, hint))
    })?;
    let board = Board::resolve(&records, View::default());
    let position = Position::new(Arc::new(records), Arc::new(board));
    Ok(register(evaluator, &position, store))
}
