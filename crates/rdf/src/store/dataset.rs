//! A snapshot as the query evaluator sees it.

use crate::store::compiled::dataset::CompiledDataset;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::graph_index::Scan;
use crate::store::memory::MemoryStore;
use crate::store::query_term::{Computed, QueryTerm};
use crate::store::read::{ReadDataset, ReadStore};
use crate::store::term_key;
use oxigraph::model::{NamedOrBlankNode, Term};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::cell::RefCell;
use std::rc::Rc;

/// A snapshot during one query evaluation. Cheap to make; stays on one thread.
#[derive(Debug, Clone)]
pub struct MemoryDataset<'a> {
    store: &'a MemoryStore,
    /// Named graphs that the default graph of this view holds too, ascending.
    default_graphs: Rc<[TermId]>,
    computed: Rc<RefCell<Computed>>,
}

impl<'a> MemoryDataset<'a> {
    pub(crate) fn new(store: &'a MemoryStore, default_graphs: &[TermId]) -> Self {
        Self {
            store,
            default_graphs: default_graphs.into(),
            computed: Rc::default(),
        }
    }

    /// Returns the store that is queried.
    pub fn store(&self) -> &'a MemoryStore {
        self.store
    }

    /// Returns the term whose key `write` puts into a buffer: the stored one if there is one.
    fn term_of_key(&self, write: impl FnOnce(&mut String)) -> Result<QueryTerm, StoreError> {
        let mut computed = self.computed.borrow_mut();
        computed.term_of_key(write, |key| Ok(self.store.dictionary().find_key(key)))
    }

    fn with_key<T>(&self, term: QueryTerm, read: impl FnOnce(&str) -> T) -> T {
        match term.id() {
            Some(id) => read(self.store.dictionary().key(id)),
            None => read(self.computed.borrow().key(term)),
        }
    }

    fn quads(&self, graphs: Graphs, [s, p, o]: [Option<&QueryTerm>; 3]) -> QuadScan<'a> {
        let mut scan = QuadScan {
            store: self.store,
            pattern: [None; 3],
            graphs,
            next_graph: 0,
            graph_name: None,
            current: self.store.no_triples(),
        };
        for (slot, term) in scan.pattern.iter_mut().zip([s, p, o]) {
            if let Some(term) = term {
                match term.id() {
                    Some(id) => *slot = Some(id),
                    // A term that the store does not hold occurs in no quad.
                    None => scan.graphs = Graphs::Nowhere,
                }
            }
        }
        scan
    }
}

/// The graphs that a scan visits.
#[derive(Debug)]
enum Graphs {
    /// None: a term of the pattern does not occur.
    Nowhere,
    /// The union of the default graph and these, each triple once.
    Union(Rc<[TermId]>),
    /// The named graph of this name.
    One(TermId),
    /// All named graphs.
    AllNamed,
}

/// The quads that fit a pattern.
#[derive(Debug)]
struct QuadScan<'a> {
    store: &'a MemoryStore,
    pattern: [Option<TermId>; 3],
    graphs: Graphs,
    /// The place of the graph after the current one; in a union, 0 is the default graph.
    next_graph: usize,
    graph_name: Option<QueryTerm>,
    current: Scan<'a>,
}

impl QuadScan<'_> {
    /// Goes on to the next graph; false when there is none.
    fn open_next_graph(&mut self) -> bool {
        let place = self.next_graph;
        let named = match &self.graphs {
            Graphs::Nowhere => return false,
            Graphs::Union(_) if place == 0 => None,
            Graphs::Union(names) => names.get(place - 1).copied(),
            Graphs::One(name) => (place == 0).then_some(*name),
            Graphs::AllNamed => self.store.graph_id(place),
        };
        match (&self.graphs, named) {
            (Graphs::Union(_), None) if place > 0 => return false,
            (Graphs::Union(_), _) => {}
            (_, None) => return false,
            (_, Some(name)) => self.graph_name = Some(QueryTerm::stored(name)),
        }
        let [s, p, o] = self.pattern;
        self.current = self.store.scan(named, s, p, o);
        self.next_graph = place + 1;
        true
    }

    /// Returns whether a triple of the current graph of a union was in a graph before it.
    fn seen(&self, [s, p, o]: [TermId; 3]) -> bool {
        let Graphs::Union(names) = &self.graphs else {
            return false;
        };
        // The current graph is at `next_graph - 1`, that is `names[next_graph - 2]`.
        let Some(current) = self.next_graph.checked_sub(2) else {
            return false;
        };
        let before = names[..current].iter().map(|name| Some(*name));
        std::iter::once(None)
            .chain(before)
            .any(|graph| self.store.count(graph, Some(s), Some(p), Some(o)) > 0)
    }
}

impl Iterator for QuadScan<'_> {
    type Item = Result<InternalQuad<QueryTerm>, StoreError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(triple) = self.current.next() else {
                if self.open_next_graph() {
                    continue;
                }
                return None;
            };
            if self.next_graph > 1 && self.seen(triple) {
                continue;
            }
            let [subject, predicate, object] = triple.map(QueryTerm::stored);
            return Some(Ok(InternalQuad {
                subject,
                predicate,
                object,
                graph_name: self.graph_name,
            }));
        }
    }
}

impl ReadStore for MemoryStore {
    type Dataset<'a> = MemoryDataset<'a>;

    fn dataset(&self) -> MemoryDataset<'_> {
        MemoryDataset::new(self, &[])
    }

    fn dataset_with_default(&self, graphs: &[NamedOrBlankNode]) -> MemoryDataset<'_> {
        let mut ids: Vec<TermId> = graphs
            .iter()
            .filter_map(|name| self.term_id(name.as_ref().into()))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        MemoryDataset::new(self, &ids)
    }

    fn quad_count(&self) -> u64 {
        self.indexes().map(|(_, index)| index.len() as u64).sum()
    }

    fn graph_names(&self) -> Vec<NamedOrBlankNode> {
        self.graph_ids().map(|id| self.node(id)).collect()
    }
}

impl<'a> ReadDataset<'a> for MemoryDataset<'a> {
    fn compiled(&self) -> Option<CompiledDataset<'a>> {
        None
    }

    fn computed_bytes(&self) -> usize {
        self.computed.borrow().bytes()
    }
}

impl<'a> QueryableDataset<'a> for MemoryDataset<'a> {
    type InternalTerm = QueryTerm;
    type Error = StoreError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, StoreError>> + use<'a> {
        let graphs = match graph_name {
            Some(None) => Graphs::Union(Rc::clone(&self.default_graphs)),
            Some(Some(name)) => name.id().map_or(Graphs::Nowhere, Graphs::One),
            None => Graphs::AllNamed,
        };
        self.quads(graphs, [subject, predicate, object])
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<QueryTerm, StoreError>> + use<'a> {
        self.store.graph_ids().map(|id| Ok(QueryTerm::stored(id)))
    }

    fn contains_internal_graph_name(&self, graph_name: &QueryTerm) -> Result<bool, StoreError> {
        Ok(graph_name
            .id()
            .is_some_and(|id| self.store.count(Some(id), None, None, None) > 0))
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, StoreError> {
        self.term_of_key(|key| term_key::write_key(term.as_ref(), key))
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, StoreError> {
        Ok(self.with_key(term, term_key::term))
    }

    fn externalize_expression_term(&self, term: QueryTerm) -> Result<ExpressionTerm, StoreError> {
        Ok(self.with_key(term, term_key::expression_term))
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<QueryTerm, StoreError> {
        self.term_of_key(|key| term_key::write_expression_key(&term, key))
    }
}
