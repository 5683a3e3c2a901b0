//! A snapshot of quads in memory: small, fast to read, and never changed.

use crate::store::dictionary::{Dictionary, Interner, TermId};
use crate::store::graph_index::{GraphIndex, Scan};
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad,
    QuadRef, Term, TermRef, Triple,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An immutable set of quads in memory.
///
/// Terms are numbered in order of first occurrence; each graph is kept in up to three sort orders, so
/// that every triple pattern is one range of one of them: 8 bytes per triple and order and 8 at most per
/// distinct term of its first column, plus the text of the terms. The second and third order are made when
/// a pattern first asks for them, in O(n). Cloning copies three pointers; a changed
/// copy shares the graphs that did not change. Terms stay as they are written: `"01"^^xsd:integer`
/// and `"1"^^xsd:integer` are two terms.
///
/// # Example
/// ```
/// use powermap_rdf::{Format, rdf};
/// use powermap_rdf::MemoryStore;
/// use powermap_rdf::ReadStore;
///
/// let text = b"<http://a.example/nvidia> <http://a.example/funds> <http://a.example/openai> .";
/// let store = MemoryStore::from_quads(rdf::parse(text, Format::Turtle, "one.ttl")?);
/// assert_eq!(store.quad_count(), 1);
/// assert_eq!(store.quads().next().unwrap().subject.to_string(), "<http://a.example/nvidia>");
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    dictionary: Dictionary,
    default_graph: Arc<GraphIndex>,
    /// The named graphs that hold triples, sorted by the number of their name.
    named_graphs: Arc<[(TermId, Arc<GraphIndex>)]>,
}

/// Triples of term numbers by the number of their graph; nothing is the default graph.
pub(crate) type TriplesByGraph = BTreeMap<Option<TermId>, Vec<[TermId; 3]>>;

impl MemoryStore {
    /// Returns a snapshot of these quads; repetitions count once.
    ///
    /// Time O(n) while the numbers are dense, else O(n log n).
    pub fn from_quads(quads: impl IntoIterator<Item = Quad>) -> Self {
        let dictionary = Dictionary::default();
        let mut interner = Interner::new(&dictionary);
        let mut graphs = TriplesByGraph::new();
        for quad in quads {
            let (graph, triple) = intern_quad(&mut interner, quad.as_ref());
            graphs.entry(graph).or_default().push(triple);
        }
        let graphs = graphs
            .into_iter()
            .map(|(graph, triples)| (graph, GraphIndex::from_triples(vec![triples])));
        Self::from_parts(interner.finish(), graphs)
    }

    /// From numbered triples.
    pub(crate) fn from_parts(
        dictionary: Dictionary,
        graphs: impl Iterator<Item = (Option<TermId>, GraphIndex)>,
    ) -> Self {
        let mut default_graph = Arc::default();
        let mut named_graphs = Vec::new();
        for (graph, index) in graphs {
            match graph {
                None => default_graph = Arc::new(index),
                Some(name) if index.len() > 0 => named_graphs.push((name, Arc::new(index))),
                Some(_) => {}
            }
        }
        named_graphs.sort_by_key(|(name, _)| *name);
        Self {
            dictionary,
            default_graph,
            named_graphs: named_graphs.into(),
        }
    }

    /// Returns a new snapshot without `deletes` and then with `inserts`, as in SPARQL `DELETE`/`INSERT`.
    ///
    /// Graphs that no given quad names are shared. Time O(t) for the t triples of the other
    /// graphs, plus O(c log c) for the c given quads; a few changes in a graph of a million triples
    /// take tens of milliseconds. Terms that no quad uses any more keep their number.
    ///
    /// # Example
    /// ```
    /// use oxigraph::model::{GraphName, NamedNode, Quad};
    /// use powermap_rdf::MemoryStore;
    /// use powermap_rdf::ReadStore;
    ///
    /// let node = NamedNode::new("http://a.example/a")?;
    /// let quad = Quad::new(node.clone(), node.clone(), node, GraphName::DefaultGraph);
    /// let one = MemoryStore::default().apply([&quad], []);
    /// let none = one.apply([], [&quad]);
    /// assert_eq!((one.quad_count(), none.quad_count()), (1, 0));
    /// # Ok::<(), oxigraph::model::IriParseError>(())
    /// ```
    pub fn apply<'a>(
        &self,
        inserts: impl IntoIterator<Item = &'a Quad>,
        deletes: impl IntoIterator<Item = &'a Quad>,
    ) -> Self {
        let mut interner = Interner::new(&self.dictionary);
        let mut changes: BTreeMap<Option<TermId>, [Vec<[TermId; 3]>; 2]> = BTreeMap::new();
        for quad in inserts {
            let (graph, triple) = intern_quad(&mut interner, quad.as_ref());
            changes.entry(graph).or_default()[0].push(triple);
        }
        for quad in deletes {
            // A quad with an unknown term is not in the store.
            if let Some((graph, triple)) = self.find_quad(quad.as_ref()) {
                changes.entry(graph).or_default()[1].push(triple);
            }
        }
        let mut result = self.clone();
        result.dictionary = interner.finish();
        for (graph, mut lists) in changes {
            for list in &mut lists {
                list.sort_unstable();
                list.dedup();
            }
            let [inserts, deletes] = &lists;
            let index = match graph.map_or(Some(&*self.default_graph), |g| self.named_index(g)) {
                Some(index) => index.apply(inserts, deletes),
                None => GraphIndex::default().apply(inserts, deletes),
            };
            result.set_graph(graph, index);
        }
        result
    }

    /// Returns a new snapshot in which one named graph holds exactly these triples; no triples, no graph.
    ///
    /// All other graphs are shared. Time O(t log t) for the t given triples, whatever the size of
    /// the store.
    pub fn with_graph(&self, graph: NamedNode, triples: impl IntoIterator<Item = Triple>) -> Self {
        let mut interner = Interner::new(&self.dictionary);
        let name = intern(&mut interner, graph.as_ref().into());
        let triples = triples
            .into_iter()
            .map(|triple| intern_quad(&mut interner, triple.as_ref().in_graph(graph.as_ref())).1)
            .collect();
        let mut result = self.clone();
        result.dictionary = interner.finish();
        result.set_graph(Some(name), GraphIndex::from_triples(vec![triples]));
        result
    }

    fn set_graph(&mut self, graph: Option<TermId>, index: GraphIndex) {
        let Some(name) = graph else {
            self.default_graph = Arc::new(index);
            return;
        };
        let mut graphs = self.named_graphs.to_vec();
        let place = graphs.binary_search_by_key(&name, |(name, _)| *name);
        match (place, index.len()) {
            (Ok(place), 0) => {
                graphs.remove(place);
            }
            (Ok(place), _) => graphs[place].1 = Arc::new(index),
            (Err(_), 0) => {}
            (Err(place), _) => graphs.insert(place, (name, Arc::new(index))),
        }
        self.named_graphs = graphs.into();
    }

    /// Returns whether the store holds a quad. O(log n).
    pub fn contains(&self, quad: QuadRef<'_>) -> bool {
        self.find_quad(quad)
            .is_some_and(|(graph, [s, p, o])| self.count(graph, Some(s), Some(p), Some(o)) > 0)
    }

    /// Returns the quads of one graph that fit, in a fixed order. O(log n) and then O(1) per quad.
    ///
    /// # Example
    /// ```
    /// use oxigraph::model::GraphNameRef;
    /// use powermap_rdf::MemoryStore;
    ///
    /// let store = MemoryStore::default();
    /// assert_eq!(store.matching(None, None, None, GraphNameRef::DefaultGraph).count(), 0);
    /// ```
    pub fn matching(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: GraphNameRef<'_>,
    ) -> impl Iterator<Item = Quad> + use<'_> {
        // Outer nothing: the term occurs nowhere, so no quad fits.
        let id = |term: Option<TermRef<'_>>| match term {
            Some(term) => self.term_id(term).map(Some),
            None => Some(None),
        };
        let found = (|| {
            let scan = self.scan(
                id(graph_term(graph))?,
                id(subject.map(Into::into))?,
                id(predicate.map(Into::into))?,
                id(object)?,
            );
            Some((graph.into_owned(), scan))
        })();
        found
            .into_iter()
            .flat_map(move |(graph, scan)| scan.map(move |triple| self.quad(triple, graph.clone())))
    }

    /// Returns the number of a term, if it occurs in the dictionary of this snapshot. O(1).
    pub fn term_id(&self, term: TermRef<'_>) -> Option<TermId> {
        self.dictionary.find(term)
    }

    /// Returns the term of a number that this snapshot, or one that it was made from, gave out.
    ///
    /// # Panics
    /// When the number was never given out.
    pub fn term(&self, id: TermId) -> Term {
        self.dictionary.term(id)
    }

    /// Returns how many terms have a number: those of the quads, and those of snapshots this one was made
    /// from. Numbers run from 0 up to this.
    pub fn term_count(&self) -> u32 {
        self.dictionary.len()
    }

    /// Returns the triples of one graph (nothing: the default graph) that fit, as term numbers (subject,
    /// predicate, object), sorted: by subject, predicate, object when all or only the subject or
    /// the subject and predicate are given, by predicate, object, subject when the predicate but
    /// not the subject is, and by object, subject, predicate when the object but not the predicate
    /// is. O(log n), then O(1) per triple, and once O(n) for each order; a graph that is not there has no triples.
    pub fn scan(
        &self,
        graph: Option<TermId>,
        subject: Option<TermId>,
        predicate: Option<TermId>,
        object: Option<TermId>,
    ) -> Scan<'_> {
        match graph.map_or(Some(&*self.default_graph), |g| self.named_index(g)) {
            Some(index) => index.scan(subject, predicate, object),
            None => self.no_triples(),
        }
    }

    /// Returns all triples of one graph (nothing: the default graph) by subject, in `count` parts of about the same
    /// length.
    pub(crate) fn parts(&self, graph: Option<TermId>, count: usize) -> Vec<Scan<'_>> {
        let index = graph.map_or(Some(&*self.default_graph), |g| self.named_index(g));
        index.map_or(Vec::new(), |index| index.parts(count))
    }

    /// Returns how many triples of one graph (nothing: the default graph) fit, exactly. O(log n).
    pub fn count(
        &self,
        graph: Option<TermId>,
        subject: Option<TermId>,
        predicate: Option<TermId>,
        object: Option<TermId>,
    ) -> usize {
        self.scan(graph, subject, predicate, object).len()
    }

    /// Returns the numbers of the names of the named graphs, ascending.
    pub fn graph_ids(&self) -> impl ExactSizeIterator<Item = TermId> + use<'_> {
        self.named_graphs.iter().map(|(name, _)| *name)
    }

    /// Returns the number of the name of the named graph at this place in that order.
    pub(crate) fn graph_id(&self, place: usize) -> Option<TermId> {
        self.named_graphs.get(place).map(|(name, _)| *name)
    }

    /// Returns all quads: the default graph first, then the named graphs, in a fixed order.
    pub fn quads(&self) -> impl Iterator<Item = Quad> + '_ {
        self.indexes().flat_map(move |(name, index)| {
            let graph = name.map_or(GraphName::DefaultGraph, |id| self.node(id).into());
            index
                .scan(None, None, None)
                .map(move |triple| self.quad(triple, graph.clone()))
        })
    }

    pub(crate) fn no_triples(&self) -> Scan<'_> {
        Scan::empty(&self.default_graph)
    }

    pub(crate) fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Returns the index of each graph by the number of its name, the default graph first.
    pub(crate) fn indexes(&self) -> impl Iterator<Item = (Option<TermId>, &GraphIndex)> {
        let named = self.named_graphs.iter();
        std::iter::once((None, &*self.default_graph))
            .chain(named.map(|(name, index)| (Some(*name), &**index)))
    }

    fn named_index(&self, name: TermId) -> Option<&GraphIndex> {
        let place = self
            .named_graphs
            .binary_search_by_key(&name, |(name, _)| *name);
        place.ok().map(|place| &*self.named_graphs[place].1)
    }

    /// Returns the numbers of a quad whose terms all occur.
    fn find_quad(&self, quad: QuadRef<'_>) -> Option<(Option<TermId>, [TermId; 3])> {
        let graph = match graph_term(quad.graph_name) {
            Some(term) => Some(self.term_id(term)?),
            None => None,
        };
        let subject = self.term_id(quad.subject.into())?;
        let predicate = self.term_id(quad.predicate.into())?;
        Some((graph, [subject, predicate, self.term_id(quad.object)?]))
    }

    fn quad(&self, [s, p, o]: [TermId; 3], graph: GraphName) -> Quad {
        Quad {
            subject: self.node(s),
            predicate: match self.term(p) {
                Term::NamedNode(node) => node,
                // Only IRIs are ever numbered for this column.
                other => NamedNode::new_unchecked(other.to_string()),
            },
            object: self.term(o),
            graph_name: graph,
        }
    }

    /// Returns the IRI or blank node of a number.
    pub(crate) fn node(&self, id: TermId) -> NamedOrBlankNode {
        match self.term(id) {
            Term::NamedNode(node) => node.into(),
            Term::BlankNode(node) => node.into(),
            // Only IRIs and blank nodes are ever numbered for this column.
            other => NamedNode::new_unchecked(other.to_string()).into(),
        }
    }
}

impl FromIterator<Quad> for MemoryStore {
    fn from_iter<I: IntoIterator<Item = Quad>>(quads: I) -> Self {
        Self::from_quads(quads)
    }
}

/// Returns the name of a graph as a term; `None` for the default graph.
pub(crate) fn graph_term(graph: GraphNameRef<'_>) -> Option<TermRef<'_>> {
    match graph {
        GraphNameRef::DefaultGraph => None,
        GraphNameRef::NamedNode(node) => Some(node.into()),
        GraphNameRef::BlankNode(node) => Some(node.into()),
    }
}

fn intern(interner: &mut Interner<'_>, term: TermRef<'_>) -> TermId {
    interner
        .intern(term)
        .expect("quads that are all in memory have fewer than 2^31 terms")
}

fn intern_quad(interner: &mut Interner<'_>, quad: QuadRef<'_>) -> (Option<TermId>, [TermId; 3]) {
    let subject = intern(interner, quad.subject.into());
    let predicate = intern(interner, quad.predicate.into());
    let object = intern(interner, quad.object);
    let graph = graph_term(quad.graph_name).map(|name| intern(interner, name));
    (graph, [subject, predicate, object])
}
