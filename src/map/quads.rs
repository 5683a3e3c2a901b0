//! The triples of a map, for export.

use crate::map::Map;
use crate::model::vocabulary::pm;
use crate::store::read::ReadStore;
use oxigraph::model::{GraphName, GraphNameRef, Quad};

impl Map {
    /// The triples of the text alone, without the ontology and the board, in a fixed order.
    pub fn quads(&self) -> impl Iterator<Item = Quad> + '_ {
        let ontology = GraphName::from(pm::ONTOLOGY.into_owned());
        let quads = self.text.quads();
        quads.filter(move |quad| quad.graph_name != ontology)
    }

    /// The triples of the board, in the graph `pm:board`, in a fixed order.
    pub fn board_quads(&self) -> impl Iterator<Item = Quad> + '_ {
        let board = GraphNameRef::NamedNode(pm::BOARD);
        self.store.matching(None, None, None, board)
    }
}
