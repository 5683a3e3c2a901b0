//! Changing a map.

use crate::map::base::{Map, ontology};
use crate::map::error::MapError;
use crate::model::vocabulary::{compact, pm};
use oxigraph::model::{GraphNameRef, NamedNodeRef, Quad};
use powermap_rdf::Store;
use spargebra::algebra::GraphTarget;
use spargebra::{GraphUpdateOperation, Update};
use std::sync::Arc;

/// What an update changes in the text of a map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapChange {
    /// The quads that are there now and were not before.
    pub inserts: Vec<Quad>,
    /// The quads that were there before and are not now.
    pub deletes: Vec<Quad>,
}

impl MapChange {
    /// Fails where it would write to what is derived.
    ///
    /// # Errors
    /// [`MapError::DerivedGraph`].
    pub fn check(&self) -> Result<(), MapError> {
        let mut quads = self.inserts.iter().chain(&self.deletes);
        match quads.find_map(derived) {
            Some(graph) => Err(MapError::DerivedGraph {
                graph: compact(graph.as_str()),
            }),
            None => Ok(()),
        }
    }
}

/// Returns the derived graph that a quad stands in.
fn derived(quad: &Quad) -> Option<NamedNodeRef<'_>> {
    match quad.graph_name.as_ref() {
        GraphNameRef::NamedNode(graph) => [pm::BOARD, pm::ONTOLOGY, pm::NOTICES]
            .contains(&graph)
            .then_some(graph),
        _ => None,
    }
}

/// Returns whether an operation clears all graphs, or all that have a name.
fn is_clearing_all(operation: &GraphUpdateOperation) -> bool {
    use GraphUpdateOperation::{Clear, Drop};
    let (Clear { graph, .. } | Drop { graph, .. }) = operation else {
        return false;
    };
    matches!(graph, GraphTarget::AllGraphs | GraphTarget::NamedGraphs)
}

impl Map {
    /// What a SPARQL update would do, without doing it.
    ///
    /// Its patterns see what a query sees: the text, the board and the ontology. `CLEAR ALL` and the like leave the board and
    /// the ontology, which are derived, out.
    ///
    /// # Errors
    /// Those of the update's text and evaluation; [`MapError::DerivedGraph`] if it would write to the board or the
    /// ontology; [`MapError::Compiled`] for a compiled map.
    pub fn plan_update(&self, text: &str) -> Result<MapChange, MapError> {
        self.plan_parsed_update(self.evaluator().parse_update(text)?)
    }

    /// Returns what a parsed update would do; see [`Map::plan_update`].
    ///
    /// # Errors
    /// As [`Map::plan_update`], save for those of a text.
    pub fn plan_parsed_update(&self, update: Update) -> Result<MapChange, MapError> {
        let Store::Memory(store) = self.triples()? else {
            return Err(MapError::Compiled);
        };
        let clears_all = update.operations.iter().any(is_clearing_all);
        let mut updated = self.evaluator().run_update(store, update, &[])?;
        if clears_all {
            // What is derived is made again from what is left.
            updated.deletes.retain(|quad| derived(quad).is_none());
        }
        let change = MapChange {
            inserts: updated.inserts,
            deletes: updated.deletes,
        };
        change.check()?;
        Ok(change)
    }

    /// Applies a change: to the file of updates beside the text if the map is on disk, all or nothing even if the
    /// process is killed, and to this map and its board.
    ///
    /// # Errors
    /// When the change cannot be written, or another process changed the map since it was opened; nothing has changed
    /// then.
    pub fn apply(&mut self, change: &MapChange) -> Result<(), MapError> {
        let Store::Memory(text) = &self.text else {
            return Err(MapError::Compiled);
        };
        let mut source = self.source.clone();
        let text = match &mut source {
            Some(source) => {
                source.commit(&change.inserts, &change.deletes)?;
                source.store().clone()
            }
            None => text.apply(&change.inserts, &change.deletes),
        };
        *self = Self {
            source,
            warnings: Arc::clone(&self.warnings),
            table_notices: Arc::clone(&self.table_notices),
            requested: self.requested,
            limits: self.limits,
            ..Self::of(text, ontology()?)
        };
        Ok(())
    }

    /// Returns the map as a change would make it, in memory: nothing is written, wherever the text comes from.
    ///
    /// # Errors
    /// [`MapError::Compiled`] for a compiled map; those of [`MapChange::check`].
    ///
    /// ```
    /// use powermap::Map;
    /// let map = Map::built_in()?;
    /// let change = map.plan_update("INSERT DATA { id:ada a pm:Person ; rdfs:label 'Ada'@en }")?;
    /// assert!(map.with_change(&change)?.player("Ada").is_ok() && map.player("Ada").is_err());
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn with_change(&self, change: &MapChange) -> Result<Self, MapError> {
        change.check()?;
        let mut map = self.clone();
        map.source = None;
        map.apply(change)?;
        Ok(map)
    }

    /// Runs a SPARQL update and applies what it does.
    ///
    /// # Errors
    /// As [`Map::plan_update`] and [`Map::apply`].
    ///
    /// ```
    /// use powermap::Map;
    /// let mut map = Map::built_in()?;
    /// map.update("INSERT DATA { id:ada a pm:Person ; rdfs:label 'Ada'@en }")?;
    /// assert!(map.player("Ada").is_ok());
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn update(&mut self, text: &str) -> Result<MapChange, MapError> {
        let change = self.plan_update(text)?;
        self.apply(&change)?;
        Ok(change)
    }
}
