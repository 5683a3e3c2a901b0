//! Named graphs in memory that replace those of a compiled file.

use crate::store::compiled::columns::held_graph;
use crate::store::compiled::named::{Held, NamedGraph};
use crate::store::compiled::pages::Pages;
use crate::store::compiled::store::CompiledStore;
use crate::store::dictionary::{Layer, MAX_TERMS, TermId};
use crate::store::error::StoreError;
use crate::store::term_key;
use oxigraph::model::{NamedNode, TermRef, Triple};
use std::sync::Arc;

impl CompiledStore {
    /// Returns the same file with one named graph that holds exactly these triples, in memory; no triples, no graph.
    ///
    /// Time O(t log t) for the t given triples, plus a pass over 8 bytes for each term; memory for the triples and for
    /// the terms that the file lacks.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the file's dictionary cannot be read, [`StoreError::TooLarge`] for too many terms.
    ///
    /// ```
    /// use oxigraph::model::{NamedNode, Triple};
    /// use powermap_rdf::{CompiledStore, MemoryStore, ReadStore};
    ///
    /// let node = NamedNode::new("http://a.example/a")?;
    /// let triple = Triple::new(node.clone(), node.clone(), node.clone());
    /// let empty = CompiledStore::in_memory(&MemoryStore::default())?;
    /// let one = empty.with_graph(node, [triple])?;
    /// assert_eq!((empty.quad_count(), one.quad_count()), (0, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_graph(
        &self,
        name: NamedNode,
        triples: impl IntoIterator<Item = Triple>,
    ) -> Result<Self, StoreError> {
        let mut numbers = Numbers {
            store: self,
            added: (*self.added).clone(),
            key: String::new(),
            seen: Layer::default(),
            ids: Vec::new(),
        };
        let id = numbers.of(name.as_ref().into())?;
        let triples = triples
            .into_iter()
            .map(|triple| {
                Ok([
                    numbers.of(triple.subject.as_ref().into())?,
                    numbers.of(triple.predicate.as_ref().into())?,
                    numbers.of(triple.object.as_ref())?,
                ])
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let mut result = self.clone();
        result.added = Arc::new(numbers.added);
        let mut named = self.named.to_vec();
        let place = result.named_place(id);
        if triples.is_empty() {
            if let Ok(place) = place {
                named.remove(place);
            }
        } else {
            let terms = result.term_count();
            let (graph, bytes) = held_graph((id, name.into()), triples, terms)
                .map_err(|error| StoreError::io("make the graph", "(memory)", error))?;
            let pages = Pages::owned(&bytes)?;
            let held = NamedGraph::Held(Arc::new(Held { graph, pages }));
            match place {
                Ok(place) => named[place] = held,
                Err(place) => named.insert(place, held),
            }
        }
        result.named = named.into();
        Ok(result)
    }
}

/// Finds the numbers of terms, and assigns numbers to new ones.
struct Numbers<'a> {
    store: &'a CompiledStore,
    added: Layer,
    key: String,
    /// The terms seen so far, with their numbers: most repeat, and searching the file is slow.
    seen: Layer,
    ids: Vec<TermId>,
}

impl Numbers<'_> {
    fn of(&mut self, term: TermRef<'_>) -> Result<TermId, StoreError> {
        term_key::write_key(term, &mut self.key);
        let place = self.seen.intern(&self.key);
        if let Some(id) = self.ids.get(place) {
            return Ok(*id);
        }
        let id = match self.store.find_key(&self.key)? {
            Some(id) => id,
            None => self.add()?,
        };
        self.ids.push(id);
        Ok(id)
    }

    fn add(&mut self) -> Result<TermId, StoreError> {
        let id = self.store.terms().len() as usize + self.added.intern(&self.key);
        if id >= MAX_TERMS {
            return Err(StoreError::TooLarge {
                what: "terms",
                limit: MAX_TERMS,
            });
        }
        Ok(id as TermId)
    }
}
