//! From quads of many parts to numbered triples: each part has a dictionary of its own while it is
//! read, then they are put together in order, so that numbers follow the first occurrence of each
//! term over all sources, however many threads read them.

use crate::format::Format;
use crate::format::lines::{self, PlainTerm};
use crate::format::rdf::{self, BlankNodeLabels};
use crate::store::dictionary::{self, Dictionary, Layer, MAX_TERMS, TermId};
use crate::store::error::StoreError;
use crate::store::graph_index::GraphIndex;
use crate::store::memory::{MemoryStore, TriplesByGraph, graph_term};
use crate::store::term_key;
use oxigraph::model::vocab::rdf as rdf_terms;
use oxigraph::model::{NamedNode, QuadRef, TermRef};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// One part of a source: its terms in order of first occurrence, and its triples.
pub(crate) struct Part {
    terms: Layer,
    graphs: TriplesByGraph,
    /// The names of the blank nodes so far, when later parts of the source need them.
    labels: Option<BlankNodeLabels>,
    /// Whether blank nodes still have their labels of the text.
    raw_labels: bool,
}

impl Part {
    /// Returns whether a blank node occurs.
    pub(crate) fn has_blank_nodes(&self) -> bool {
        self.terms
            .keys()
            .any(|key| term_key::blank_node_label(key).is_some())
    }

    /// Returns how many quads were read, repetitions counted.
    pub(crate) fn quad_count(&self) -> u64 {
        self.graphs
            .values()
            .map(|triples| triples.len() as u64)
            .sum()
    }
}

/// Returns the IRIs that are the value of an `rdf:type` in some parts, sorted. Linear in their triples.
pub(crate) fn classes(parts: &[Part]) -> Vec<NamedNode> {
    let mut key = String::new();
    term_key::write_key(rdf_terms::TYPE.into(), &mut key);
    let hash = dictionary::hash(&key);
    let mut classes = BTreeSet::new();
    for part in parts {
        let Some(is_a) = part.terms.find(&key, hash).map(|place| place as TermId) else {
            continue;
        };
        let triples = part.graphs.values().flatten();
        let objects = triples.filter(|[_, predicate, _]| *predicate == is_a);
        let objects: BTreeSet<TermId> = objects.map(|[_, _, object]| *object).collect();
        for object in objects {
            if let TermRef::NamedNode(class) = term_key::term_ref(part.terms.key(object as usize)) {
                classes.insert(class.into_owned());
            }
        }
    }
    classes.into_iter().collect()
}

/// Numbers the terms of one part.
pub(crate) struct PartBuilder {
    part: Part,
    key: String,
    /// The subject of the quad before, which is often that of the next.
    subject: (String, TermId),
    /// The last valid datatype, often that of the next literal too.
    datatype: String,
    /// The graph of the quad before, with its triples.
    graph: (Option<TermId>, Vec<[TermId; 3]>),
}

impl PartBuilder {
    pub(crate) fn new() -> Self {
        Self {
            part: Part {
                terms: Layer::new(0),
                graphs: TriplesByGraph::new(),
                labels: None,
                raw_labels: false,
            },
            key: String::new(),
            subject: (String::new(), 0),
            datatype: String::new(),
            graph: (None, Vec::new()),
        }
    }

    fn intern(&mut self, term: TermRef<'_>) -> TermId {
        term_key::write_key(term, &mut self.key);
        self.part.terms.intern(&self.key) as TermId
    }

    pub(crate) fn push(&mut self, quad: QuadRef<'_>) -> Result<(), StoreError> {
        // A quad brings at most four new terms.
        if !self.part.terms.has_room_for(4) {
            return Err(too_many_terms());
        }
        term_key::write_key(quad.subject.into(), &mut self.key);
        if self.key != self.subject.0 {
            let id = self.part.terms.intern(&self.key) as TermId;
            std::mem::swap(&mut self.key, &mut self.subject.0);
            self.subject.1 = id;
        }
        let predicate = self.intern(quad.predicate.into());
        let object = self.intern(quad.object);
        let graph = graph_term(quad.graph_name).map(|name| self.intern(name));
        self.push_triple(graph, [self.subject.1, predicate, object]);
        Ok(())
    }

    fn push_triple(&mut self, graph: Option<TermId>, triple: [TermId; 3]) {
        if graph != self.graph.0 {
            self.put_graph_back();
            self.graph = (graph, self.part.graphs.remove(&graph).unwrap_or_default());
        }
        self.graph.1.push(triple);
    }

    /// Adds a quad in the pieces that the scanner cut; false, and no quad, when one is not right.
    ///
    /// Terms in the dictionary are valid, so only new ones are checked.
    pub(crate) fn push_plain(
        &mut self,
        [subject, predicate, object]: [PlainTerm<'_>; 3],
        graph: Option<PlainTerm<'_>>,
        mut labels: Option<&mut BlankNodeLabels>,
    ) -> Result<bool, StoreError> {
        if !self.part.terms.has_room_for(4) {
            return Err(too_many_terms());
        }
        term_key::write_plain_key(subject, labels.as_deref_mut(), &mut self.key);
        if self.key != self.subject.0 {
            let Some(id) = self.intern_plain(subject) else {
                return Ok(false);
            };
            std::mem::swap(&mut self.key, &mut self.subject.0);
            self.subject.1 = id;
        }
        let mut intern = |term| {
            term_key::write_plain_key(term, labels.as_deref_mut(), &mut self.key);
            self.intern_plain(term)
        };
        let (Some(predicate), Some(object)) = (intern(predicate), intern(object)) else {
            return Ok(false);
        };
        let graph = match graph {
            None => None,
            Some(name) => match intern(name) {
                None => return Ok(false),
                id => id,
            },
        };
        self.push_triple(graph, [self.subject.1, predicate, object]);
        Ok(true)
    }

    /// Returns the number of the term whose key is in the buffer; `None` when it is new and not right.
    fn intern_plain(&mut self, term: PlainTerm<'_>) -> Option<TermId> {
        let hash = dictionary::hash(&self.key);
        if let Some(place) = self.part.terms.find(&self.key, hash) {
            return Some(place as TermId);
        }
        let right = match term {
            PlainTerm::Iri(iri) => lines::is_iri(iri),
            PlainTerm::Typed(_, datatype) => {
                self.datatype == datatype || lines::is_datatype(datatype)
            }
            PlainTerm::BlankNode(_) | PlainTerm::Text(_) | PlainTerm::Tagged(..) => true,
        };
        if let PlainTerm::Typed(_, datatype) = term
            && right
            && self.datatype != datatype
        {
            datatype.clone_into(&mut self.datatype);
        }
        right.then(|| self.part.terms.push(&self.key, hash) as TermId)
    }

    fn put_graph_back(&mut self) {
        let triples = std::mem::take(&mut self.graph.1);
        if !triples.is_empty() {
            self.part.graphs.insert(self.graph.0, triples);
        }
    }

    fn finish(mut self) -> Part {
        self.put_graph_back();
        self.part
    }

    /// Returns the part of a source that was read in several: with the names of its blank nodes so far, or
    /// without them when they are as in the text.
    pub(crate) fn finish_part(self, labels: Option<BlankNodeLabels>) -> Part {
        let mut part = self.finish();
        part.raw_labels = labels.is_none();
        part.labels = labels;
        part
    }
}

fn too_many_terms() -> StoreError {
    StoreError::TooLarge {
        what: "terms",
        limit: MAX_TERMS,
    }
}

/// Number of quads between two reports of progress.
pub(crate) const COUNT_STEP: u64 = 1 << 16;

/// Reads a whole text as one part; calls `count` with each number of quads more.
pub(crate) fn read_whole(
    bytes: &[u8],
    format: Format,
    source_name: &str,
    count: &impl Fn(u64),
) -> Result<Part, StoreError> {
    let mut labels = BlankNodeLabels::new(source_name);
    let mut builder = PartBuilder::new();
    let mut result = Ok(());
    let mut quads = 0;
    rdf::parse_each(bytes, format, source_name, |quad| {
        if result.is_ok() {
            result = builder.push(labels.rename(quad).as_ref());
        }
        quads += 1;
        if quads == COUNT_STEP {
            count(std::mem::take(&mut quads));
        }
    })?;
    count(quads);
    result?;
    Ok(builder.finish())
}

/// Merges all parts into one dictionary.
pub(crate) struct Merged {
    terms: Layer,
    graphs: Vec<(Option<TermId>, Lists)>,
}

/// The triples of one graph as the parts gave them.
type Lists = Vec<Vec<[TermId; 3]>>;

/// Puts the parts of all sources together, in order.
pub(crate) fn merge(
    sources: Vec<Vec<Part>>,
    source_names: &[String],
) -> Result<Merged, StoreError> {
    let mut terms: Option<Layer> = None;
    let mut chunks = Vec::new();
    for (parts, name) in sources.into_iter().zip(source_names) {
        let mut labels = BlankNodeLabels::new(name);
        for part in parts {
            if let Some(given) = part.labels {
                labels = given;
            }
            // The very first dictionary becomes that of the store; its numbers stay.
            let Some(all) = &mut terms else {
                terms = Some(part.terms);
                chunks.push((None, part.graphs));
                continue;
            };
            let labels = part.raw_labels.then_some(&mut labels);
            let numbers = merge_terms(all, &part.terms, labels)?;
            chunks.push((Some(numbers), part.graphs));
        }
    }
    let graphs = renumber(chunks);
    for (_, lists) in &graphs {
        if lists.iter().map(Vec::len).sum::<usize>() > u32::MAX as usize {
            return Err(StoreError::TooLarge {
                what: "triples in one graph",
                limit: u32::MAX as usize,
            });
        }
    }
    Ok(Merged {
        terms: terms.unwrap_or_default(),
        graphs,
    })
}

/// Adds the terms of a part to those of the store: which number each one has there.
///
/// All threads look for the terms that are there already; the others are added in order.
fn merge_terms(
    all: &mut Layer,
    part: &Layer,
    mut labels: Option<&mut BlankNodeLabels>,
) -> Result<Vec<TermId>, StoreError> {
    let is_renamed = labels.is_some();
    let label = |key| term_key::blank_node_label(key).filter(|_| is_renamed);
    let find = |all: &Layer, key: &str| {
        let hash = dictionary::hash(key);
        all.find(key, hash).ok_or(hash)
    };
    let found: Vec<Result<u32, u32>> = (0..part.len())
        .into_par_iter()
        .map(|place| match label(part.key(place)) {
            Some(_) => Err(0),
            None => find(all, part.key(place)).map(|place| place as TermId),
        })
        .collect();
    let mut key = String::new();
    let mut hashes = Vec::new();
    let mut numbers = Vec::with_capacity(part.len());
    // The terms of a part are distinct, renamed or not, so added ones need not be found while the part is merged.
    for (part_key, found) in part.keys().zip(found) {
        let (key, found) = match (label(part_key), &mut labels) {
            (Some(label), Some(labels)) => {
                term_key::write_blank_node_key(&labels.label(label), &mut key);
                (key.as_str(), find(all, &key).map(|place| place as TermId))
            }
            _ => (part_key, found),
        };
        numbers.push(found.unwrap_or_else(|hash| {
            hashes.push(hash);
            all.append(key) as TermId
        }));
        if !all.has_room_for(0) {
            return Err(too_many_terms());
        }
    }
    all.index(&hashes);
    Ok(numbers)
}

type Chunk = (Option<Vec<TermId>>, TriplesByGraph);

/// Gives the triples of all parts the numbers of the store.
fn renumber(chunks: Vec<Chunk>) -> Vec<(Option<TermId>, Lists)> {
    let renumbered: Vec<TriplesByGraph> = chunks
        .into_par_iter()
        .map(|(numbers, graphs)| {
            let Some(numbers) = numbers else {
                return graphs;
            };
            let new = |id: TermId| numbers[id as usize];
            graphs
                .into_iter()
                .map(|(graph, mut triples)| {
                    triples
                        .par_iter_mut()
                        .for_each(|triple| *triple = triple.map(new));
                    (graph.map(new), triples)
                })
                .collect()
        })
        .collect();
    let mut graphs: BTreeMap<Option<TermId>, Lists> = BTreeMap::new();
    for (graph, triples) in renumbered.into_iter().flatten() {
        graphs.entry(graph).or_default().push(triples);
    }
    graphs.into_iter().collect()
}

impl Merged {
    /// Sorts the triples and builds the snapshot.
    pub(crate) fn into_store(self) -> MemoryStore {
        let graphs: Vec<(Option<TermId>, GraphIndex)> = self
            .graphs
            .into_par_iter()
            .map(|(graph, lists)| (graph, GraphIndex::from_triples(lists)))
            .collect();
        MemoryStore::from_parts(
            Dictionary::default().with_layer(self.terms),
            graphs.into_iter(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::Hint;
    use oxigraph::model::{GraphNameRef, NamedNodeRef};

    /// Returns a layer whose first number is so far below the limit.
    fn nearly_full(room: usize) -> Layer {
        Layer::new((MAX_TERMS - room) as TermId)
    }

    fn quad<'a>(names: [&'a str; 3]) -> QuadRef<'a> {
        let [s, p, o] = names.map(NamedNodeRef::new_unchecked);
        QuadRef::new(s, p, o, GraphNameRef::DefaultGraph)
    }

    #[test]
    fn more_terms_than_numbers_are_an_error() {
        let mut builder = PartBuilder::new();
        builder.part.terms = nearly_full(6);
        builder.push(quad(["x:a", "x:b", "x:c"])).unwrap();
        let error = builder.push(quad(["x:a", "x:b", "x:d"])).unwrap_err();
        let expected = "the data has too many terms for one map: the limit is 2147483647";
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.hint(), Some(Hint::from("split it into several maps")));
        let plain = [PlainTerm::Iri("x:a"); 3];
        assert!(builder.push_plain(plain, None, None).is_err());
    }

    #[test]
    fn parts_that_fit_one_by_one_may_be_too_many_terms_together() {
        let mut part = Layer::new(0);
        for key in ["Ix:a", "Ix:b", "Ix:c"] {
            part.intern(key);
        }
        assert_eq!(
            merge_terms(&mut nearly_full(3), &part, None).unwrap(),
            [0, 1, 2]
        );
        assert!(merge_terms(&mut nearly_full(2), &part, None).is_err());
        let mut known = nearly_full(2);
        known.intern("Ix:b");
        let error = merge_terms(&mut known, &part, None).unwrap_err();
        assert!(error.to_string().contains("too many terms"), "{error}");
    }
}
