//! The triples of a compiled map as quads of terms.

use crate::store::compiled::graph::GraphRef;
use crate::store::compiled::scan::Scan;
use crate::store::compiled::store::CompiledStore;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::memory::graph_term;
use oxigraph::model::{
    GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, Term,
    TermRef,
};

impl CompiledStore {
    /// Returns all quads: the default graph first, then the named graphs, each by subject, predicate and object in the
    /// order of the terms' numbers.
    ///
    /// An item is [`StoreError::Damaged`] where the file is not as it was written; it is the last one then.
    pub fn quads(&self) -> impl Iterator<Item = Result<Quad, StoreError>> + use<'_> {
        let graphs = std::iter::once(self.default_graph()).chain(self.named_graphs());
        let scans = graphs.map(|graph| (graph, Scan::new(graph, [None; 3])));
        self.of_scans(scans)
    }

    /// Returns the quads of one graph that fit, in a fixed order. O(log n) and then O(1) per quad; an error is the last
    /// item.
    pub fn matching(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: GraphNameRef<'_>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> + use<'_> {
        let pattern = [
            subject.map(Into::into),
            predicate.map(Into::into),
            object,
            graph_term(graph),
        ];
        let scan = match self.pattern(pattern) {
            Err(error) => Err(Some(error)),
            Ok(None) => Err(None),
            Ok(Some([s, p, o, None])) => Ok(Some((self.default_graph(), [s, p, o]))),
            Ok(Some([s, p, o, Some(name)])) => {
                Ok(self.named_graph(name).map(|graph| (graph, [s, p, o])))
            }
        };
        let (scan, error) = match scan {
            Ok(scan) => (scan, None),
            Err(error) => (None, error),
        };
        let scans = scan.map(|(graph, pattern)| (graph, Scan::new(graph, pattern)));
        error.map(Err).into_iter().chain(self.of_scans(scans))
    }

    /// Returns the numbers of the terms that are given; `None` if one of them does not occur.
    fn pattern(
        &self,
        terms: [Option<TermRef<'_>>; 4],
    ) -> Result<Option<[Option<TermId>; 4]>, StoreError> {
        let mut ids = [None; 4];
        for (id, term) in ids.iter_mut().zip(terms) {
            if let Some(term) = term {
                *id = self.term_id(term)?;
                if id.is_none() {
                    return Ok(None);
                }
            }
        }
        Ok(Some(ids))
    }

    /// Returns the quads of some scans, up to the first error.
    fn of_scans<'a>(
        &'a self,
        scans: impl IntoIterator<Item = (GraphRef<'a>, Scan<'a>)>,
    ) -> impl Iterator<Item = Result<Quad, StoreError>> {
        let mut failed = false;
        scans
            .into_iter()
            .flat_map(|(graph, scan)| scan.map(move |triple| (graph, triple)))
            .map(|(graph, triple)| self.quad(graph, triple?))
            .take_while(move |quad| !std::mem::replace(&mut failed, quad.is_err()))
    }

    fn quad(&self, graph: GraphRef<'_>, [s, p, o]: [TermId; 3]) -> Result<Quad, StoreError> {
        let (Term::NamedNode(predicate), Some(subject)) = (self.term(p)?, node(self.term(s)?))
        else {
            return Err(graph.pages.damaged("a literal stands where a name has to"));
        };
        Ok(Quad {
            subject,
            predicate,
            object: self.term(o)?,
            graph_name: match &graph.graph.label {
                Some(name) => name.clone().into(),
                None => GraphName::DefaultGraph,
            },
        })
    }
}

fn node(term: Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.into()),
        Term::BlankNode(node) => Some(node.into()),
        Term::Literal(_) => None,
    }
}
