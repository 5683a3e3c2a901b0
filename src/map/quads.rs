//! The triples of a map, for export.

use crate::format::csv::{self, Written};
use crate::format::quads::record_quads;
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::record::Records;
use crate::model::vocabulary::{compact, pm};
use oxigraph::model::{GraphName, GraphNameRef, Quad};
use std::collections::{BTreeMap, HashMap};

impl Map {
    /// The triples of the text alone, without the ontology and the board, in a fixed order.
    ///
    /// # Errors
    /// When the map is a compiled one that is damaged; likewise for the methods below.
    pub fn quads(&self) -> Result<Vec<Quad>, MapError> {
        let derived =
            [pm::ONTOLOGY, pm::BOARD, pm::NOTICES].map(|graph| GraphName::from(graph.into_owned()));
        let is_text = |quad: &Quad| !derived.contains(&quad.graph_name);
        let quads = self.text.quads();
        let quads = quads.filter(|quad| quad.as_ref().map_or(true, is_text));
        Ok(quads.collect::<Result<_, _>>()?)
    }

    /// The records as eight tables, and what these cannot hold.
    ///
    /// What is no part of a record, such as a link to another data set, is named there too.
    ///
    /// # Errors
    /// As [`Map::quads`].
    pub fn tables(&self) -> Result<Written, MapError> {
        let records = self.records()?;
        let mut written = csv::write(records);
        written.left_out.extend(self.no_records(records)?);
        Ok(written)
    }

    /// Returns what the text says that is no part of a record, a sentence each.
    pub(super) fn no_records(&self, records: &Records) -> Result<Vec<String>, MapError> {
        let mut held: HashMap<_, usize> = HashMap::new();
        for quad in record_quads(records) {
            *held.entry((quad.subject, quad.predicate)).or_default() += 1;
        }
        let mut lost: BTreeMap<String, usize> = BTreeMap::new();
        let quads = self.quads()?.into_iter();
        for quad in quads.filter(|quad| quad.subject.is_named_node()) {
            let predicate = compact(quad.predicate.as_str());
            match held.get_mut(&(quad.subject, quad.predicate)) {
                Some(left) if *left > 0 => *left -= 1,
                _ => *lost.entry(predicate).or_default() += 1,
            }
        }
        let sentences = lost
            .into_iter()
            .map(|(predicate, count)| format!("{count} triples with {predicate}"));
        Ok(sentences.collect())
    }

    /// The triples of the board, in the graph `pm:board`, in a fixed order.
    ///
    /// # Errors
    /// As [`Map::quads`].
    pub fn board_quads(&self) -> Result<Vec<Quad>, MapError> {
        let board = GraphNameRef::NamedNode(pm::BOARD);
        let quads = self.triples()?.matching(None, None, None, board);
        Ok(quads.collect::<Result<_, _>>()?)
    }
}
