//! A store in memory or in a compiled file, for floors above that need not distinguish them.

use crate::store::compiled::dataset::CompiledDataset;
use crate::store::compiled::store::CompiledStore;
use crate::store::dataset::MemoryDataset;
use crate::store::error::StoreError;
use crate::store::memory::MemoryStore;
use crate::store::query_term::QueryTerm;
use crate::store::read::{ReadDataset, ReadStore};
use oxigraph::model::{
    GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, Term,
    TermRef, Triple,
};
use rayon::iter::Either;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::borrow::Cow;

/// A snapshot in memory or a compiled file. Cheap to clone.
///
/// ```
/// use powermap_rdf::{CompiledStore, MemoryStore, ReadStore, Store};
///
/// let memory = MemoryStore::default();
/// let compiled = CompiledStore::in_memory(&memory)?;
/// for store in [Store::from(memory), Store::from(compiled)] {
///     assert_eq!(store.quads().count(), 0);
/// }
/// # Ok::<(), powermap_rdf::StoreError>(())
/// ```
#[derive(Debug, Clone)]
pub enum Store {
    /// In memory.
    Memory(MemoryStore),
    /// A compiled file, perhaps with graphs in memory over it.
    Compiled(CompiledStore),
}

impl Default for Store {
    fn default() -> Self {
        Self::Memory(MemoryStore::default())
    }
}

impl From<MemoryStore> for Store {
    fn from(store: MemoryStore) -> Self {
        Self::Memory(store)
    }
}

impl From<CompiledStore> for Store {
    fn from(store: CompiledStore) -> Self {
        Self::Compiled(store)
    }
}

impl Store {
    /// Returns the store with one named graph that holds exactly these triples; no triples, no graph. All else is
    /// shared.
    ///
    /// # Errors
    /// The errors of [`CompiledStore::with_graph`].
    pub fn with_graph(
        &self,
        graph: NamedNode,
        triples: impl IntoIterator<Item = Triple>,
    ) -> Result<Self, StoreError> {
        Ok(match self {
            Self::Memory(store) => store.with_graph(graph, triples).into(),
            Self::Compiled(store) => store.with_graph(graph, triples)?.into(),
        })
    }

    /// Returns all quads: the default graph first, then the named graphs, in a fixed order. An error is the last item.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad, StoreError>> + '_ {
        match self {
            Self::Memory(store) => Either::Left(store.quads().map(Ok)),
            Self::Compiled(store) => Either::Right(store.quads()),
        }
    }

    /// Returns the quads of one graph that fit, in a fixed order. An error is the last item.
    pub fn matching(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: GraphNameRef<'_>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> + use<'_> {
        match self {
            Self::Memory(store) => {
                Either::Left(store.matching(subject, predicate, object, graph).map(Ok))
            }
            Self::Compiled(store) => {
                Either::Right(store.matching(subject, predicate, object, graph))
            }
        }
    }

    /// Returns the quads as a store in memory.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn in_memory(&self) -> Result<Cow<'_, MemoryStore>, StoreError> {
        Ok(match self {
            Self::Memory(store) => Cow::Borrowed(store),
            Self::Compiled(store) => Cow::Owned(store.quads().collect::<Result<_, _>>()?),
        })
    }
}

impl ReadStore for Store {
    type Dataset<'a> = StoreDataset<'a>;

    fn dataset(&self) -> StoreDataset<'_> {
        match self {
            Self::Memory(store) => StoreDataset::Memory(store.dataset()),
            Self::Compiled(store) => StoreDataset::Compiled(store.dataset()),
        }
    }

    fn dataset_with_default(&self, graphs: &[NamedOrBlankNode]) -> StoreDataset<'_> {
        match self {
            Self::Memory(store) => StoreDataset::Memory(store.dataset_with_default(graphs)),
            Self::Compiled(store) => StoreDataset::Compiled(store.dataset_with_default(graphs)),
        }
    }

    fn quad_count(&self) -> u64 {
        match self {
            Self::Memory(store) => store.quad_count(),
            Self::Compiled(store) => store.quad_count(),
        }
    }

    fn graph_names(&self) -> Vec<NamedOrBlankNode> {
        match self {
            Self::Memory(store) => store.graph_names(),
            Self::Compiled(store) => store.graph_names(),
        }
    }
}

/// A [`Store`] during one query evaluation. Cheap to make; stays on one thread.
#[derive(Debug, Clone)]
pub enum StoreDataset<'a> {
    /// In memory.
    Memory(MemoryDataset<'a>),
    /// A compiled file.
    Compiled(CompiledDataset<'a>),
}

impl<'a> ReadDataset<'a> for StoreDataset<'a> {
    fn compiled(&self) -> Option<CompiledDataset<'a>> {
        match self {
            Self::Memory(_) => None,
            Self::Compiled(dataset) => Some(dataset.clone()),
        }
    }

    fn computed_bytes(&self) -> usize {
        match self {
            Self::Memory(dataset) => dataset.computed_bytes(),
            Self::Compiled(dataset) => dataset.computed_bytes(),
        }
    }
}

impl<'a> QueryableDataset<'a> for StoreDataset<'a> {
    type InternalTerm = QueryTerm;
    type Error = StoreError;

    #[inline]
    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, StoreError>> + use<'a> {
        match self {
            Self::Memory(dataset) => Either::Left(
                dataset.internal_quads_for_pattern(subject, predicate, object, graph_name),
            ),
            Self::Compiled(dataset) => Either::Right(
                dataset.internal_quads_for_pattern(subject, predicate, object, graph_name),
            ),
        }
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<QueryTerm, StoreError>> + use<'a> {
        match self {
            Self::Memory(dataset) => Either::Left(dataset.internal_named_graphs()),
            Self::Compiled(dataset) => Either::Right(dataset.internal_named_graphs()),
        }
    }

    fn contains_internal_graph_name(&self, graph_name: &QueryTerm) -> Result<bool, StoreError> {
        match self {
            Self::Memory(dataset) => dataset.contains_internal_graph_name(graph_name),
            Self::Compiled(dataset) => dataset.contains_internal_graph_name(graph_name),
        }
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, StoreError> {
        match self {
            Self::Memory(dataset) => dataset.internalize_term(term),
            Self::Compiled(dataset) => dataset.internalize_term(term),
        }
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, StoreError> {
        match self {
            Self::Memory(dataset) => dataset.externalize_term(term),
            Self::Compiled(dataset) => dataset.externalize_term(term),
        }
    }

    fn externalize_expression_term(&self, term: QueryTerm) -> Result<ExpressionTerm, StoreError> {
        match self {
            Self::Memory(dataset) => dataset.externalize_expression_term(term),
            Self::Compiled(dataset) => dataset.externalize_expression_term(term),
        }
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<QueryTerm, StoreError> {
        match self {
            Self::Memory(dataset) => dataset.internalize_expression_term(term),
            Self::Compiled(dataset) => dataset.internalize_expression_term(term),
        }
    }
}
