//! On which lines of a table things stand.

use crate::format::csv::Source;
use crate::format::csv::complete::identity;
use crate::format::csv::rows::{self, Draft};
use crate::format::csv::sheet::Sheet;
use crate::model::record::{Observation, Records};
use oxigraph::model::NamedNode;
use std::collections::HashMap;

/// Returns the things that a table's rows tell of, each with the line of its first row. Rows without an id tell of the
/// edges and observations of the records that they describe; rows that cannot be read tell of nothing.
///
/// Linear in the size of the table and of the records.
pub(crate) fn places(source: &Source<'_>, records: &Records) -> HashMap<NamedNode, u64> {
    let mut found = HashMap::new();
    let Ok(mut sheet) = Sheet::open(source.name, 0, source.bytes, source.table.columns()) else {
        return found;
    };
    let mut edges: HashMap<String, Vec<&NamedNode>> = HashMap::new();
    for (id, edge) in &records.edges {
        edges.entry(identity(edge, records)).or_default().push(id);
    }
    let mut observations: HashMap<_, Vec<&NamedNode>> = HashMap::new();
    for (id, observation) in &records.observations {
        observations
            .entry(figure(observation))
            .or_default()
            .push(id);
    }
    while let Some(row) = sheet.next_row() {
        let Ok(mut row) = row else { continue };
        let line = row.spot().line;
        let ids = match rows::read(source.table, &mut row, &[]) {
            Some(Draft::Player(id, _, _) | Draft::Topic(id, _)) => vec![id],
            Some(Draft::Map(id, _)) => vec![id],
            Some(Draft::Deal(id, _)) => vec![id],
            Some(Draft::Document(id, _)) => vec![id],
            Some(Draft::Identifier(row)) => row.id.into_iter().collect(),
            Some(Draft::Identity(row)) => row.id.into_iter().collect(),
            Some(Draft::Claim(row)) => row.id.into_iter().collect(),
            Some(Draft::Edge(row)) => match row.id {
                Some(id) => vec![id],
                None => told(edges.get(&identity(&row.thing, records))),
            },
            Some(Draft::Observation(row)) => match row.id {
                Some(id) => vec![id],
                None => told(observations.get(&figure(&row.thing))),
            },
            None => Vec::new(),
        };
        for id in ids {
            found.entry(id).or_insert(line);
        }
    }
    found
}

fn told(ids: Option<&Vec<&NamedNode>>) -> Vec<NamedNode> {
    ids.map_or_else(Vec::new, |ids| ids.iter().map(|id| (*id).clone()).collect())
}

/// What makes two rows tell of one observation.
fn figure(observation: &Observation) -> (NamedNode, NamedNode, Option<String>) {
    let period = observation.period.map(|period| period.to_string());
    (
        observation.subject.clone(),
        observation.metric.clone(),
        period,
    )
}
