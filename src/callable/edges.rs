//! The edges that a pattern defines, as a graph over terms.

use crate::callable::error::CallError;
use crate::callable::request::Table;
use crate::callable::values::integer;
use oxigraph::model::{Term, Variable};
use powermap_graph::{Graph, GraphError};
use rustc_hash::FxHashMap;

/// The edges that a pattern defines.
pub(crate) struct Edges {
    pub(crate) nodes: Vec<Term>,
    pub(crate) places: FxHashMap<Term, u32>,
    pub(crate) graph: Graph,
    /// The name of each edge of the graph, if they have names.
    pub(crate) names: Vec<Option<Term>>,
}

impl Edges {
    pub(crate) fn new(
        table: &Table,
        from: &Variable,
        to: &Variable,
        edge: Option<&Variable>,
    ) -> Result<Self, CallError> {
        let place = |variable: &Variable| table.variables.iter().position(|v| v == variable);
        let value = |row: &[Option<Term>], variable| row[place(variable)?].clone();
        let mut found: Vec<(Term, Term, Option<Term>)> = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            // What has no end is no edge.
            if let (Some(from), Some(to)) = (value(row, from), value(row, to)) {
                found.push((from, to, edge.and_then(|edge| value(row, edge))));
            }
        }
        let mut nodes: Vec<_> = found.iter().flat_map(|(f, t, _)| [f, t]).cloned().collect();
        nodes.sort_by_cached_key(ToString::to_string);
        nodes.dedup();
        let numbers = nodes.iter().cloned().zip(0..);
        let places: FxHashMap<_, _> = numbers.collect();
        found.sort_by_cached_key(|(from, to, name)| {
            let name = name.as_ref().map(ToString::to_string);
            (places[from], places[to], name)
        });
        found.dedup();
        let end = |term: &Term| places[term];
        let sources: Vec<u32> = found.iter().map(|(from, _, _)| end(from)).collect();
        let targets: Vec<u32> = found.iter().map(|(_, to, _)| end(to)).collect();
        let node_count = u32::try_from(nodes.len()).map_err(|_| GraphError::TooManyEdges)?;
        let (graph, order) = Graph::from_edges(node_count, &sources, &targets)?;
        let names = order.iter().map(|edge| found[*edge as usize].2.clone());
        let names = names.collect();
        Ok(Self {
            nodes,
            places,
            graph,
            names,
        })
    }

    /// Returns the values of the columns of one step.
    pub(crate) fn step(&self, walk: usize, step: usize, ends: [u32; 2]) -> [Vec<Term>; 5] {
        let [from, to] = ends;
        let legs = self.graph.edges_between(from, to);
        [
            vec![integer(walk)],
            vec![integer(step)],
            vec![self.nodes[from as usize].clone()],
            vec![self.nodes[to as usize].clone()],
            legs.filter_map(|edge| self.names[edge as usize].clone())
                .collect(),
        ]
    }
}
