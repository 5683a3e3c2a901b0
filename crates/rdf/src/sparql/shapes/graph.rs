//! The shapes graph as the reader of shapes sees it.

use crate::prefixes::Prefixes;
use crate::sparql::shapes::sh::{FIRST, NIL, REST};
use indexmap::IndexMap;
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

/// The triples of shapes, and the prefixes that their terms are written with.
#[derive(Debug, Default)]
pub(crate) struct ShapesGraph {
    /// Predicates and objects by subject, in the order in which they were given.
    subjects: IndexMap<NamedOrBlankNode, Vec<(NamedNode, Term)>>,
    pub(crate) prefixes: Prefixes,
}

impl ShapesGraph {
    /// Returns all triples, whatever graph they stand in.
    pub(crate) fn new(quads: impl Iterator<Item = Quad>, prefixes: Prefixes) -> Self {
        let mut subjects: IndexMap<_, Vec<_>> = IndexMap::new();
        for quad in quads {
            let pairs = subjects.entry(quad.subject).or_default();
            let pair = (quad.predicate, quad.object);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        Self { subjects, prefixes }
    }

    /// Returns the nodes that are the subject of a triple.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &NamedOrBlankNode> {
        self.subjects.keys()
    }

    /// Returns the predicates and objects of a node.
    pub(crate) fn pairs(&self, node: &Term) -> &[(NamedNode, Term)] {
        let subject = match node {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => node.clone().into(),
            _ => return &[],
        };
        self.subjects.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// Returns the objects of a node's triples with a predicate.
    pub(crate) fn objects<'a>(
        &'a self,
        node: &Term,
        predicate: NamedNodeRef<'a>,
    ) -> impl Iterator<Item = &'a Term> {
        self.pairs(node)
            .iter()
            .filter(move |(p, _)| p.as_ref() == predicate)
            .map(|(_, object)| object)
    }

    /// Returns the subjects of the triples with a predicate and an object.
    pub(crate) fn subjects_of<'a>(
        &'a self,
        predicate: &'a NamedNode,
        object: &'a Term,
    ) -> impl Iterator<Item = Term> + 'a {
        self.subjects
            .iter()
            .filter(move |(_, pairs)| pairs.iter().any(|(p, o)| p == predicate && o == object))
            .map(|(subject, _)| subject.clone().into())
    }

    /// Returns whether a node has one of these types, or a direct subclass of one.
    pub(crate) fn has_type(&self, node: &Term, classes: &[NamedNodeRef<'_>]) -> bool {
        let is_one = |class: &Term| matches!(class, Term::NamedNode(class) if classes.contains(&class.as_ref()));
        self.objects(node, rdf::TYPE)
            .any(|class| is_one(class) || self.objects(class, rdfs::SUB_CLASS_OF).any(is_one))
    }

    /// Returns the members of a list; `None` if the node is no well-formed list.
    pub(crate) fn list(&self, head: &Term) -> Option<Vec<Term>> {
        let mut members = Vec::new();
        let mut node = head;
        // A list without a cycle has no more cells than there are subjects.
        for _ in 0..=self.subjects.len() {
            if matches!(node, Term::NamedNode(node) if node.as_ref() == NIL) {
                return Some(members);
            }
            let mut first = self.objects(node, FIRST);
            let mut rest = self.objects(node, REST);
            members.push(first.next()?.clone());
            node = rest.next()?;
            if first.next().is_some() || rest.next().is_some() {
                return None;
            }
        }
        None
    }

    /// Writes a term as a person would.
    pub(crate) fn written(&self, term: &Term) -> String {
        written(term, &self.prefixes)
    }
}

/// Returns a term as a person would write it.
pub(crate) fn written(term: &Term, prefixes: &Prefixes) -> String {
    match term {
        Term::NamedNode(node) => prefixes.compact(node.as_str()),
        Term::BlankNode(_) => "a blank node".to_owned(),
        other => other.to_string(),
    }
}
