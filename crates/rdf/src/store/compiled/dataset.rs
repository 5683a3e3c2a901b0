//! A compiled map as the query evaluator sees it.

use crate::store::compiled::graph::GraphRef;
use crate::store::compiled::keys::Keys;
use crate::store::compiled::scan::Scan;
use crate::store::compiled::store::CompiledStore;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::query_term::{Computed, QueryTerm};
use crate::store::read::{ReadDataset, ReadStore};
use crate::store::term_key;
use oxigraph::model::{NamedOrBlankNode, Term};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::cell::RefCell;
use std::rc::Rc;

/// A compiled map during one query evaluation. Cheap to make; stays on one thread.
#[derive(Debug, Clone)]
pub struct CompiledDataset<'a> {
    store: &'a CompiledStore,
    /// Named graphs that the default graph of this view holds too, ascending.
    default_graphs: Rc<[TermId]>,
    computed: Rc<RefCell<Computed>>,
}

impl<'a> CompiledDataset<'a> {
    pub(crate) fn new(store: &'a CompiledStore, default_graphs: &[TermId]) -> Self {
        Self {
            store,
            default_graphs: default_graphs.into(),
            computed: Rc::default(),
        }
    }

    /// Returns the store that is queried.
    pub fn store(&self) -> &'a CompiledStore {
        self.store
    }

    /// Returns the graphs whose union is the default graph.
    pub(crate) fn default_graphs(&self) -> Vec<GraphRef<'a>> {
        let named = self.default_graphs.iter();
        std::iter::once(self.store.default_graph())
            .chain(named.filter_map(|name| self.store.named_graph(*name)))
            .collect()
    }

    /// Returns the term whose key `write` puts into a buffer: the stored one if there is one.
    fn term_of_key(&self, write: impl FnOnce(&mut String)) -> Result<QueryTerm, StoreError> {
        let store = self.store;
        let mut computed = self.computed.borrow_mut();
        computed.term_of_key(write, |key| store.find_key(key))
    }

    /// Puts the keys of some columns of numbers into `keys`, column by column; `u32::MAX` is no term.
    pub(crate) fn keys(&self, columns: &[Vec<u32>], keys: &mut Keys) -> Result<(), StoreError> {
        let (terms, pages) = (self.store.terms(), self.store.pages());
        let mut computed = self.computed.borrow_mut();
        keys.refill(pages, |filling| {
            for numbers in columns {
                terms.add_keys(pages, numbers, filling, |number, filling| {
                    let term = QueryTerm::of_number(number);
                    match term.map(|term| (term, term.id())) {
                        None => filling.push(""),
                        Some((_, Some(id))) => {
                            let key = computed.buffer();
                            self.store.write_key(id, key)?;
                            filling.push(key);
                        }
                        Some((term, None)) => filling.push(computed.key(term)),
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })
    }

    fn with_key<T>(&self, term: QueryTerm, read: impl FnOnce(&str) -> T) -> Result<T, StoreError> {
        let mut computed = self.computed.borrow_mut();
        match term.id() {
            Some(id) => {
                let key = computed.buffer();
                self.store.write_key(id, key)?;
                Ok(read(key))
            }
            None => Ok(read(computed.key(term))),
        }
    }
}

/// The quads of some graphs that fit a pattern.
#[derive(Debug)]
struct QuadScan<'a> {
    pattern: [Option<TermId>; 3],
    /// The graphs, the next one last.
    graphs: Vec<GraphRef<'a>>,
    /// Graphs whose triples were given: each triple of a union counts once.
    read: Option<Vec<GraphRef<'a>>>,
    current: Option<(Scan<'a>, Option<QueryTerm>)>,
}

impl QuadScan<'_> {
    fn was_read(&self, [s, p, o]: [TermId; 3]) -> Result<bool, StoreError> {
        // The last one is the current graph.
        let Some((_, before)) = self.read.as_deref().and_then(<[_]>::split_last) else {
            return Ok(false);
        };
        for &graph in before {
            let mut scan = Scan::new(graph, [Some(s), Some(p), Some(o)]);
            if scan.next().transpose()?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Iterator for QuadScan<'_> {
    type Item = Result<InternalQuad<QueryTerm>, StoreError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = self
                .current
                .as_mut()
                .and_then(|(scan, name)| Some((scan.next()?, *name)));
            let Some((triple, graph_name)) = next else {
                let graph = self.graphs.pop()?;
                let name = match &mut self.read {
                    Some(read) => {
                        read.push(graph);
                        None
                    }
                    None => graph.graph.name.map(QueryTerm::stored),
                };
                self.current = Some((Scan::new(graph, self.pattern), name));
                continue;
            };
            let found = triple.and_then(|triple| Ok((triple, self.was_read(triple)?)));
            return Some(match found {
                Ok((_, true)) => continue,
                Ok((triple, false)) => {
                    let [subject, predicate, object] = triple.map(QueryTerm::stored);
                    Ok(InternalQuad {
                        subject,
                        predicate,
                        object,
                        graph_name,
                    })
                }
                Err(error) => Err(error),
            });
        }
    }
}

impl ReadStore for CompiledStore {
    type Dataset<'a> = CompiledDataset<'a>;

    fn dataset(&self) -> CompiledDataset<'_> {
        CompiledDataset::new(self, &[])
    }

    fn dataset_with_default(&self, graphs: &[NamedOrBlankNode]) -> CompiledDataset<'_> {
        let ids: Vec<TermId> = self
            .named_graphs()
            .map(|graph| graph.graph)
            .filter(|graph| {
                graph
                    .label
                    .as_ref()
                    .is_some_and(|name| graphs.contains(name))
            })
            .filter_map(|graph| graph.name)
            .collect();
        CompiledDataset::new(self, &ids)
    }

    fn quad_count(&self) -> u64 {
        let graphs = std::iter::once(self.default_graph()).chain(self.named_graphs());
        // The numbers of the directory have not been verified yet.
        graphs.fold(0, |sum: u64, graph| sum.saturating_add(graph.graph.triples))
    }

    fn graph_names(&self) -> Vec<NamedOrBlankNode> {
        let graphs = self.named_graphs();
        graphs
            .filter_map(|graph| graph.graph.label.clone())
            .collect()
    }
}

impl<'a> ReadDataset<'a> for CompiledDataset<'a> {
    fn compiled(&self) -> Option<CompiledDataset<'a>> {
        Some(self.clone())
    }

    fn computed_bytes(&self) -> usize {
        self.computed.borrow().bytes()
    }
}

impl<'a> QueryableDataset<'a> for CompiledDataset<'a> {
    type InternalTerm = QueryTerm;
    type Error = StoreError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, StoreError>> + use<'a> {
        let mut graphs = match graph_name {
            Some(None) => self.default_graphs(),
            Some(Some(name)) => {
                let graph = name.id().and_then(|name| self.store.named_graph(name));
                graph.into_iter().collect()
            }
            None => self.store.named_graphs().collect(),
        };
        graphs.reverse();
        let mut pattern = [None; 3];
        for (slot, term) in pattern.iter_mut().zip([subject, predicate, object]) {
            if let Some(term) = term {
                *slot = term.id();
                // A term that the store does not hold occurs in no quad.
                if slot.is_none() {
                    graphs.clear();
                }
            }
        }
        QuadScan {
            pattern,
            graphs,
            read: (graph_name == Some(None)).then(Vec::new),
            current: None,
        }
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<QueryTerm, StoreError>> + use<'a> {
        let graphs = self.store.named_graphs();
        graphs.filter_map(|graph| graph.graph.name.map(|name| Ok(QueryTerm::stored(name))))
    }

    fn contains_internal_graph_name(&self, graph_name: &QueryTerm) -> Result<bool, StoreError> {
        let graph = graph_name.id().and_then(|id| self.store.named_graph(id));
        Ok(graph.is_some())
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, StoreError> {
        self.term_of_key(|key| term_key::write_key(term.as_ref(), key))
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, StoreError> {
        if let Some(id) = term.id() {
            return self.store.term(id);
        }
        self.with_key(term, term_key::term)
    }

    fn externalize_expression_term(&self, term: QueryTerm) -> Result<ExpressionTerm, StoreError> {
        self.with_key(term, term_key::expression_term)
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<QueryTerm, StoreError> {
        self.term_of_key(|key| term_key::write_expression_key(&term, key))
    }
}
