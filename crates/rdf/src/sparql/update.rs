//! SPARQL 1.1 Update on a snapshot: all or nothing.
//!
//! The store keeps no empty graphs, so a graph exists exactly while it holds a triple. As the standard lays down for
//! such stores, `CLEAR` and `DROP` of a graph that is not there succeed, and `CREATE` of one that is not there succeeds
//! and changes nothing; `CREATE` of a graph that holds triples is an error unless it is `SILENT`.

use crate::format::rdf::compare_quads;
use crate::sparql::bytes::triple_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluation::Evaluation;
use crate::sparql::evaluator::Evaluator;
use crate::sparql::memory::Holder;
use crate::sparql::nesting;
use crate::sparql::parameters;
use crate::sparql::zero_length;
use crate::store::memory::MemoryStore;
use crate::store::read::ReadStore;
use indexmap::IndexMap;
use oxigraph::model::{
    BlankNode, BlankNodeRef, GraphName, GraphNameRef, NamedOrBlankNode, Quad, Term,
};
use oxiri::Iri;
use rustc_hash::FxHashMap;
use spareval::DeleteInsertQuad;
use spargebra::algebra::{GraphPattern, GraphTarget, QueryDataset};
use spargebra::term::{self, GroundQuadPattern, GroundTerm, QuadPattern};
use spargebra::{GraphUpdateOperation, Update};

/// A summary of an update.
#[derive(Debug, Clone)]
pub struct Updated {
    /// The new snapshot.
    pub store: MemoryStore,
    /// The quads that the update added, sorted by [`compare_quads`].
    pub inserts: Vec<Quad>,
    /// The quads that the update removed, sorted likewise.
    pub deletes: Vec<Quad>,
}

impl Evaluator {
    /// Parses and runs an update on a snapshot, with terms for some variables of its `WHERE` clauses.
    ///
    /// New blank nodes are labelled `update-1`, `update-2`, … as far as the store has no such label, so the same
    /// update on the same store gives the same bytes. Time O(t) for each `WHERE` clause after a change, for the t
    /// triples of the changed graphs, in addition to evaluating it.
    ///
    /// # Errors
    /// Any [`SparqlError`]; the snapshot stays unchanged.
    ///
    /// # Example
    /// ```
    /// use powermap_rdf::Evaluator;
    /// use powermap_rdf::MemoryStore;
    ///
    /// let updated = Evaluator::new().update(
    ///     &MemoryStore::default(),
    ///     "INSERT DATA { <x:amd> a <x:Company> . <x:xai> a <x:Company> } ;
    ///      DELETE { ?x a <x:Company> } WHERE { ?x a <x:Company> FILTER(?x = <x:xai>) }",
    ///     &[],
    /// )?;
    /// assert_eq!(updated.inserts.len(), 1);
    /// assert!(updated.deletes.is_empty());
    /// # Ok::<(), powermap_rdf::SparqlError>(())
    /// ```
    pub fn update(
        &self,
        store: &MemoryStore,
        text: &str,
        parameters: &[(String, Term)],
    ) -> Result<Updated, SparqlError> {
        self.run_update(store, self.parse_update(text)?, parameters)
    }

    /// Runs a parsed update; see [`Evaluator::update`].
    ///
    /// # Errors
    /// Any [`SparqlError`] but a syntax error; the snapshot stays unchanged.
    pub fn run_update(
        &self,
        store: &MemoryStore,
        mut update: Update,
        parameters: &[(String, Term)],
    ) -> Result<Updated, SparqlError> {
        parameters::bind_update(&mut update, parameters)?;
        let mut run = Operations {
            settings: self,
            run: self.start()?,
            base_iri: update.base_iri.take(),
            changes: Changes::new(store),
            labels: Labels::default(),
        };
        run.run.guard.watch()?;
        for operation in update.operations {
            run.operation(operation)?;
        }
        Ok(run.changes.finish())
    }
}

/// An update in progress.
struct Operations<'a> {
    settings: &'a Evaluator,
    run: Evaluation,
    base_iri: Option<Iri<String>>,
    changes: Changes<'a>,
    labels: Labels,
}

impl Operations<'_> {
    fn operation(&mut self, operation: GraphUpdateOperation) -> Result<(), SparqlError> {
        if let Some(timeout) = self.run.guard.expired() {
            return Err(timeout);
        }
        match operation {
            GraphUpdateOperation::InsertData { data } => {
                let mut renamed = FxHashMap::default();
                for quad in data {
                    let quad = Quad::new(
                        quad.subject,
                        quad.predicate,
                        quad.object,
                        target_graph(quad.graph_name),
                    );
                    // A label in the text never refers to a blank node of the store, even if they look the same.
                    let quad = map_blank_nodes(quad, |node| {
                        let fresh = || self.labels.fresh(self.changes.base);
                        renamed.entry(node).or_insert_with(fresh).clone()
                    });
                    self.changes.insert(quad);
                }
            }
            GraphUpdateOperation::DeleteData { data } => {
                for quad in data {
                    let object = match quad.object {
                        GroundTerm::NamedNode(node) => Term::from(node),
                        GroundTerm::Literal(literal) => literal.into(),
                    };
                    let quad = Quad::new(
                        quad.subject,
                        quad.predicate,
                        object,
                        target_graph(quad.graph_name),
                    );
                    self.changes.delete(quad);
                }
            }
            GraphUpdateOperation::DeleteInsert {
                delete,
                insert,
                using,
                pattern,
            } => {
                let levels = nesting::levels_in_general(&pattern);
                nesting::with_room(levels, || {
                    nesting::check(levels)?;
                    self.delete_insert(delete, insert, using, *pattern)
                })?;
            }
            // The standard lets a SILENT operation fail without an error.
            GraphUpdateOperation::Load { silent: true, .. } => {}
            GraphUpdateOperation::Load { source, .. } => {
                return Err(SparqlError::Load {
                    iri: source.into_string(),
                });
            }
            GraphUpdateOperation::Create { silent, graph } => {
                let name = GraphNameRef::from(&graph);
                if !silent && self.changes.holds_graph(name) {
                    return Err(SparqlError::GraphExists(graph));
                }
            }
            GraphUpdateOperation::Clear { graph, .. }
            | GraphUpdateOperation::Drop { graph, .. } => {
                self.changes.clear(&graph);
            }
        }
        Ok(())
    }

    fn delete_insert(
        &mut self,
        delete: Vec<GroundQuadPattern>,
        insert: Vec<QuadPattern>,
        using: Option<QueryDataset>,
        mut pattern: GraphPattern,
    ) -> Result<(), SparqlError> {
        let current = self.changes.current().clone();
        let dataset = self
            .settings
            .dataset(current.dataset(), using.as_ref(), &self.run)?;
        let named = using.as_ref().and_then(|using| using.named.clone());
        self.settings.answer_services(&mut pattern, &mut self.run)?;
        zero_length::fill_in(&mut pattern, &dataset, named.as_deref())?;
        self.settings
            .finish_pattern(&mut pattern, &dataset, named)?;
        let mut prepared = self.run.evaluator.prepare_delete_insert(
            delete,
            insert,
            self.base_iri.clone(),
            using,
            &pattern,
        );
        prepared
            .dataset_mut()
            .set_default_graph(vec![GraphName::DefaultGraph]);
        let memory = self.run.guard.memory();
        let mut mutations = Vec::new();
        let found = prepared.execute(dataset);
        for mutation in found.map_err(|error| self.run.guard.explain(error))? {
            let mutation = mutation.map_err(|error| self.run.guard.explain(error))?;
            let (DeleteInsertQuad::Delete(quad) | DeleteInsertQuad::Insert(quad)) = &mutation;
            memory.keep(Holder::Changes, triple_bytes(&quad.predicate, &quad.object))?;
            mutations.push(mutation);
        }
        // All solutions are known before anything changes, and deletions come first.
        let mut inserts = Vec::new();
        for mutation in mutations {
            match mutation {
                DeleteInsertQuad::Delete(quad) => self.changes.delete(quad),
                DeleteInsertQuad::Insert(quad) => inserts.push(quad),
            }
        }
        let mut renamed = FxHashMap::default();
        for quad in inserts {
            let quad = map_blank_nodes(quad, |node| {
                if current.term_id(node.as_ref().into()).is_some() {
                    return node;
                }
                let fresh = || self.labels.fresh(self.changes.base);
                renamed.entry(node).or_insert_with(fresh).clone()
            });
            self.changes.insert(quad);
        }
        Ok(())
    }
}

/// The difference from the snapshot that the update started from.
struct Changes<'a> {
    base: &'a MemoryStore,
    /// The quads that differ, with whether the store holds them now.
    net: IndexMap<Quad, bool>,
    /// The snapshot with all changes, while it is up to date.
    current: Option<MemoryStore>,
}

impl<'a> Changes<'a> {
    fn new(base: &'a MemoryStore) -> Self {
        Self {
            base,
            net: IndexMap::new(),
            current: Some(base.clone()),
        }
    }

    fn insert(&mut self, quad: Quad) {
        self.set(quad, true);
    }

    fn delete(&mut self, quad: Quad) {
        self.set(quad, false);
    }

    fn set(&mut self, quad: Quad, is_there: bool) {
        if self.base.contains(quad.as_ref()) == is_there {
            if self.net.swap_remove(&quad).is_some() {
                self.current = None;
            }
        } else if self.net.insert(quad, is_there).is_none() {
            self.current = None;
        }
    }

    fn current(&mut self) -> &MemoryStore {
        let Self { base, net, current } = self;
        current.get_or_insert_with(|| base.apply(quads(net, true), quads(net, false)))
    }

    fn holds_graph(&mut self, graph: GraphNameRef<'_>) -> bool {
        self.current()
            .matching(None, None, None, graph)
            .next()
            .is_some()
    }

    fn clear(&mut self, target: &GraphTarget) {
        let named = |store: &MemoryStore| store.graph_names().into_iter().map(graph_name);
        let graphs: Vec<GraphName> = match target {
            GraphTarget::NamedNode(graph) => vec![graph.clone().into()],
            GraphTarget::DefaultGraph => vec![GraphName::DefaultGraph],
            GraphTarget::NamedGraphs => named(self.current()).collect(),
            GraphTarget::AllGraphs => named(self.current())
                .chain([GraphName::DefaultGraph])
                .collect(),
        };
        let current = self.current().clone();
        for graph in graphs {
            for quad in current.matching(None, None, None, graph.as_ref()) {
                self.delete(quad);
            }
        }
    }

    fn finish(mut self) -> Updated {
        let store = self.current().clone();
        let sorted = |is_there| {
            let mut quads: Vec<_> = quads(&self.net, is_there).cloned().collect();
            quads.sort_by(compare_quads);
            quads
        };
        Updated {
            store,
            inserts: sorted(true),
            deletes: sorted(false),
        }
    }
}

fn quads(net: &IndexMap<Quad, bool>, is_there: bool) -> impl Iterator<Item = &Quad> {
    net.iter()
        .filter(move |(_, now)| **now == is_there)
        .map(|(quad, _)| quad)
}

/// Returns the graph of a quad that stands in the text.
fn target_graph(name: term::GraphName) -> GraphName {
    match name {
        term::GraphName::NamedNode(node) => node.into(),
        term::GraphName::DefaultGraph => GraphName::DefaultGraph,
    }
}

fn graph_name(name: NamedOrBlankNode) -> GraphName {
    match name {
        NamedOrBlankNode::NamedNode(node) => node.into(),
        NamedOrBlankNode::BlankNode(node) => node.into(),
    }
}

/// Labels for new blank nodes.
#[derive(Default)]
struct Labels {
    /// The last number assigned; 0 at the start.
    last: u64,
}

impl Labels {
    fn fresh(&mut self, base: &MemoryStore) -> BlankNode {
        let label = |number: u64| format!("update-{number}");
        let is_used = |number: u64| {
            let label = label(number);
            base.term_id(BlankNodeRef::new_unchecked(&label).into())
                .is_some()
        };
        if self.last == 0 {
            // Earlier updates used numbers from 1 on: double until past them, then halve back.
            let mut free = 1;
            while is_used(free) {
                free *= 2;
            }
            let mut used = free / 2;
            while free - used > 1 {
                let middle = used + (free - used) / 2;
                if is_used(middle) {
                    used = middle;
                } else {
                    free = middle;
                }
            }
            self.last = used;
        }
        self.last += 1;
        while is_used(self.last) {
            self.last += 1;
        }
        BlankNode::new_unchecked(label(self.last))
    }
}

fn map_blank_nodes(quad: Quad, mut map: impl FnMut(BlankNode) -> BlankNode) -> Quad {
    let subject = match quad.subject {
        NamedOrBlankNode::BlankNode(node) => map(node).into(),
        subject => subject,
    };
    let object = match quad.object {
        Term::BlankNode(node) => map(node).into(),
        object => object,
    };
    let graph_name = match quad.graph_name {
        GraphName::BlankNode(node) => map(node).into(),
        graph_name => graph_name,
    };
    Quad::new(subject, quad.predicate, object, graph_name)
}

#[cfg(test)]
mod tests;
