//! The triples of a map, for export.

use crate::format::csv::{self, Written};
use crate::format::quads::record_quads;
use crate::map::Map;
use crate::model::vocabulary::{compact, pm};
use oxigraph::model::{GraphName, GraphNameRef, Quad};
use std::collections::{BTreeMap, HashMap};

impl Map {
    /// The triples of the text alone, without the ontology and the board, in a fixed order.
    pub fn quads(&self) -> impl Iterator<Item = Quad> + '_ {
        let ontology = GraphName::from(pm::ONTOLOGY.into_owned());
        let quads = self.text.quads();
        quads.filter(move |quad| quad.graph_name != ontology)
    }

    /// The records as six tables, and what these cannot hold.
    ///
    /// What is no part of a record, such as a link to another data set, is named there too.
    pub fn tables(&self) -> Written {
        let mut written = csv::write(self.records());
        let mut held: HashMap<_, usize> = HashMap::new();
        for quad in record_quads(self.records()) {
            *held.entry((quad.subject, quad.predicate)).or_default() += 1;
        }
        let mut lost: BTreeMap<String, usize> = BTreeMap::new();
        for quad in self.quads().filter(|quad| quad.subject.is_named_node()) {
            let predicate = compact(quad.predicate.as_str());
            match held.get_mut(&(quad.subject, quad.predicate)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => *lost.entry(predicate).or_default() += 1,
            }
        }
        let sentences = lost
            .into_iter()
            .map(|(predicate, count)| format!("{count} triples with {predicate}"));
        written.left_out.extend(sentences);
        written
    }

    /// The triples of the board, in the graph `pm:board`, in a fixed order.
    pub fn board_quads(&self) -> impl Iterator<Item = Quad> + '_ {
        let board = GraphNameRef::NamedNode(pm::BOARD);
        self.store.matching(None, None, None, board)
    }
}
