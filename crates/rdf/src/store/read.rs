//! The traits of stores that can be queried.

use crate::store::compiled::dataset::CompiledDataset;
use oxigraph::model::{Dataset, NamedOrBlankNode};
use spareval::QueryableDataset;

/// A view of triples for one query evaluation.
pub trait ReadDataset<'a>: QueryableDataset<'a> {
    /// The compiled map that it is a view of, if it is one: queries on that are answered from its columns.
    fn compiled(&self) -> Option<CompiledDataset<'a>>;

    /// Returns how many bytes the terms take that queries on this view computed.
    ///
    /// A view of another view has to forward this: a limit on memory counts what is returned here.
    fn computed_bytes(&self) -> usize;
}

impl<'a> ReadDataset<'a> for &'a Dataset {
    fn compiled(&self) -> Option<CompiledDataset<'a>> {
        None
    }

    /// Returns 0: a [`Dataset`] keeps no computed terms, each stands where it is used.
    fn computed_bytes(&self) -> usize {
        0
    }
}

/// A place with triples that can be read and queried, and that does not change while it is read.
///
/// Each reading thread takes its own [`ReadStore::dataset`].
pub trait ReadStore: Send + Sync {
    /// A view for one query evaluation.
    type Dataset<'a>: ReadDataset<'a>
    where
        Self: 'a;

    /// A view for one query evaluation, with room for the terms that the query computes. O(1).
    fn dataset(&self) -> Self::Dataset<'_>;

    /// Returns a view whose default graph is the union of the default graph and these
    /// named graphs; a triple that is in several of them occurs once. Names of graphs that are not
    /// there add nothing.
    fn dataset_with_default(&self, graphs: &[NamedOrBlankNode]) -> Self::Dataset<'_>;

    /// Returns the number of quads in all graphs.
    fn quad_count(&self) -> u64;

    /// The names of the named graphs that hold at least one triple, in a fixed order.
    fn graph_names(&self) -> Vec<NamedOrBlankNode>;
}
