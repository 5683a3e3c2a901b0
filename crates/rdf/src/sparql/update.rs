//! SPARQL 1.1 Update on a snapshot: all or nothing.
//!
//! The store keeps no empty graphs, so a graph exists exactly while it holds a triple. As the standard lays down for
//! such stores, `CLEAR` and `DROP` of a graph that is not there succeed, and `CREATE` of one that is not there succeeds
//! and changes nothing; `CREATE` of a graph that holds triples is an error unless it is `SILENT`.

use crate::format::rdf::compare_quads;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluator::{Evaluator, Run};
use crate::sparql::memory::{Holder, triple_bytes};
use crate::sparql::nesting;
use crate::sparql::parameters;
use crate::store::memory::MemoryStore;
use crate::store::read::ReadStore;
use indexmap::IndexMap;
use oxigraph::model::{
    BlankNode, BlankNodeRef, GraphName, GraphNameRef, NamedOrBlankNode, Quad, Term,
};
use oxiri::Iri;
use rustc_hash::FxHashMap;
use spareval::DeleteInsertQuad;
use spargebra::GraphUpdateOperation;
use spargebra::algebra::{GraphPattern, GraphTarget, QueryDataset};
use spargebra::term::{self, GroundQuadPattern, GroundTerm, QuadPattern};

/// What an update did.
#[derive(Debug, Clone)]
pub struct Updated {
    /// The new snapshot.
    pub store: MemoryStore,
    /// The quads that are there now and were not before, sorted by [`compare_quads`].
    pub inserts: Vec<Quad>,
    /// The quads that were there before and are not now, sorted likewise.
    pub deletes: Vec<Quad>,
}

impl Evaluator {
    /// Parses and runs an update on a snapshot, with terms for some variables of its `WHERE` clauses.
    ///
    /// New blank nodes are labelled `update-1`, `update-2`, … as far as the store has no such label, so the same
    /// update on the same store gives the same bytes. Time O(t) for each `WHERE` clause after a change, for the t
    /// triples of the changed graphs, besides evaluating it.
    ///
    /// # Errors
    /// Any [`SparqlError`]; the snapshot is as it was.
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
        let mut update = self.parse_update(text)?;
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

/// One update while it runs.
struct Operations<'a> {
    settings: &'a Evaluator,
    run: Run,
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
                    // A label in the text is none of the store's, even where it looks the same.
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
                let levels = nesting::levels(&pattern);
                nesting::with_room(levels, || {
                    nesting::check(levels)?;
                    self.delete_insert(delete, insert, using, *pattern)
                })?;
            }
            // The standard lets a SILENT operation fail without a word.
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

/// The difference to the snapshot that the update started from.
struct Changes<'a> {
    base: &'a MemoryStore,
    /// For each quad that differs whether it is there now.
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
    /// The last number that was given out; 0 at the start.
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
mod tests {
    use super::*;
    use crate::format::Format;
    use crate::format::rdf;
    use crate::prefixes::tests::prefixes;
    use oxigraph::model::NamedNode;

    fn store(trig: &str) -> MemoryStore {
        let text = format!(
            "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> . {trig}"
        );
        MemoryStore::from_quads(rdf::parse(text.as_bytes(), Format::TriG, "t").unwrap())
    }

    /// Returns the quads of the result without the long names.
    fn lines(quads: &[Quad]) -> Vec<String> {
        quads
            .iter()
            .map(|quad| {
                quad.to_string()
                    .replace("https://w3id.org/powermap/", "")
                    .replace("<id/", "<")
                    .replace("<ns#", "<")
            })
            .collect()
    }

    fn update(store: &MemoryStore, text: &str) -> Updated {
        Evaluator::new()
            .with_prefixes(prefixes())
            .update(store, text, &[])
            .unwrap()
    }

    #[test]
    fn the_difference_is_net() {
        let before = store("id:a pm:x 1 . id:b pm:x 2 . pm:g { id:c pm:x 3 }");
        let updated = update(
            &before,
            "INSERT DATA { id:n pm:x 9 . id:a pm:x 1 } ; DELETE DATA { id:b pm:x 2 . id:none pm:x 0 } ;
             DELETE { ?s pm:x ?o } INSERT { ?s pm:y ?o } WHERE { ?s pm:x ?o FILTER(?o = 9) } ;
             INSERT DATA { id:b pm:x 2 } ; CLEAR GRAPH pm:g ; DROP GRAPH pm:none",
        );
        assert_eq!(
            lines(&updated.inserts),
            ["<n> <y> \"9\"^^<http://www.w3.org/2001/XMLSchema#integer>"]
        );
        assert_eq!(
            lines(&updated.deletes),
            ["<c> <x> \"3\"^^<http://www.w3.org/2001/XMLSchema#integer> <g>"]
        );
        assert_eq!(updated.store.quad_count(), 3);
        assert_eq!(before.quad_count(), 3);
    }

    #[test]
    fn new_blank_nodes_get_the_next_free_labels() {
        let before = store("_:update-1 pm:x id:a .");
        let text = "INSERT DATA { _:update-1 pm:y [] . _:update-1 pm:y id:b } ;
                    INSERT { ?s pm:z [ pm:of ?s ] } WHERE { ?s pm:y id:b }";
        let once = update(&before, text);
        assert_eq!(lines(&once.inserts), lines(&update(&before, text).inserts));
        assert_eq!(
            lines(&once.inserts),
            [
                "_:update-1 <y> <b>",
                "_:update-1 <y> _:update-2",
                "_:update-1 <z> _:update-3",
                "_:update-3 <of> _:update-1",
            ]
        );
        // The next update goes on after them, and keeps those of the store.
        let again = update(&once.store, "INSERT { ?s pm:w [] } WHERE { ?s pm:y id:b }");
        assert_eq!(lines(&again.inserts), ["_:update-1 <w> _:update-4"]);
        assert_eq!(again.store.quad_count(), 6);
    }

    #[test]
    fn graphs_without_triples_do_not_exist() {
        let before = store("pm:g { id:c pm:x 3 }");
        let run = |text: &str| {
            Evaluator::new()
                .with_prefixes(prefixes())
                .update(&before, text, &[])
        };
        assert!(run("CREATE GRAPH pm:new ; CREATE SILENT GRAPH pm:g ; CLEAR GRAPH pm:new").is_ok());
        assert!(matches!(
            run("CREATE GRAPH pm:g"),
            Err(SparqlError::GraphExists(_))
        ));
        assert!(run("DROP GRAPH pm:g ; CREATE GRAPH pm:g").is_ok());
        assert_eq!(run("CLEAR ALL").unwrap().store.quad_count(), 0);
        assert_eq!(run("MOVE pm:g TO DEFAULT").unwrap().inserts.len(), 1);
        assert_eq!(run("CLEAR DEFAULT ; DROP NAMED").unwrap().deletes.len(), 1);
    }

    #[test]
    fn nothing_is_loaded() {
        let load = |silent| {
            let text = format!("LOAD {silent} <file:///etc/hostname>");
            Evaluator::new()
                .with_prefixes(prefixes())
                .update(&MemoryStore::default(), &text, &[])
        };
        let error = load("").unwrap_err().to_string();
        assert!(
            error.starts_with("LOAD <file:///etc/hostname> is refused"),
            "{error}"
        );
        assert_eq!(load("SILENT").unwrap().store.quad_count(), 0);
    }

    #[test]
    fn an_error_leaves_the_snapshot_as_it_was() {
        let before = store("id:a pm:x 1 .");
        let text = "DELETE DATA { id:a pm:x 1 } ; LOAD <http://example.com/>";
        assert!(
            Evaluator::new()
                .with_prefixes(prefixes())
                .update(&before, text, &[])
                .is_err()
        );
        assert_eq!(before.quad_count(), 1);
    }

    #[test]
    fn parameters_reach_patterns_and_templates() {
        let before = store("id:a pm:x 1 . id:b pm:x 1 .");
        let text =
            "DELETE { ?who pm:x ?o } INSERT { GRAPH ?g { ?who ?p ?o } } WHERE { ?who pm:x ?o }";
        let iri = |name: &str| -> Term {
            NamedNode::new(format!("https://w3id.org/powermap/{name}"))
                .unwrap()
                .into()
        };
        let given = |name: &str, term: Term| (name.to_owned(), term);
        let parameters = [
            given("who", iri("id/a")),
            given("g", iri("ns#g")),
            given("p", iri("ns#y")),
        ];
        let updated = Evaluator::new()
            .with_prefixes(prefixes())
            .update(&before, text, &parameters)
            .unwrap();
        let number = "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>";
        assert_eq!(lines(&updated.deletes), [format!("<a> <x> {number}")]);
        assert_eq!(lines(&updated.inserts), [format!("<a> <y> {number} <g>")]);
        let error = Evaluator::new()
            .with_prefixes(prefixes())
            .update(&before, text, &[given("x", iri("id/a"))])
            .unwrap_err();
        assert!(error.to_string().contains("?g, ?o, ?p, ?who"), "{error}");
    }

    #[test]
    fn time_is_limited() {
        // Hours of work that need no memory, so that it does not matter how late the clock is looked at.
        let triples: String = (0..100_000)
            .map(|n| format!("id:p{n} pm:x {n} . "))
            .collect();
        let before = store(&triples);
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(std::time::Duration::from_millis(30));
        let text = "DELETE { ?a pm:x ?d } WHERE { ?a pm:x ?b . ?c pm:x ?d
            FILTER(CONCAT(STR(?a), STR(?c)) = \"\") }";
        let error = evaluator.update(&before, text, &[]).unwrap_err();
        assert!(matches!(error, SparqlError::Timeout { .. }), "{error}");
    }
}
