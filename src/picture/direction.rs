//! Which way the value goes along an edge.

use crate::analysis::error::AnalysisError;
use crate::analysis::position::Position;
use crate::model::name::Flow;
use crate::network::columns::Kind;
use crate::picture::error::SceneError;
use oxigraph::model::NamedNode;
use std::collections::HashSet;

/// The edges along which the value goes against the edge.
#[derive(Debug, Default)]
pub(crate) struct Backward(HashSet<NamedNode>);

impl Backward {
    /// Looks at all edges of some positions.
    ///
    /// # Errors
    /// Those of the network.
    pub(crate) fn of(positions: &[&Position]) -> Result<Self, SceneError> {
        let mut backward = HashSet::new();
        for position in positions {
            let lens = position.network().map_err(AnalysisError::from)?;
            let columns = &lens.network.columns;
            let graph = &lens.network.graph;
            let ends = |edge: u32| (graph.source(edge), graph.target(edge));
            let of_rights = lens.edges().filter(|edge| {
                let kind = columns.kind_of(*edge);
                is_backward(kind) && kind.returns == Some(Flow::Equity)
            });
            let rights: HashSet<(u32, u32)> = of_rights.map(ends).collect();
            let edges = lens.edges().filter(|edge| {
                let kind = columns.kind_of(*edge);
                // The stake that a right to shares leads to is drawn with the right: they are the same shares.
                is_backward(kind) || (is_held(kind) && rights.contains(&ends(*edge)))
            });
            backward.extend(edges.map(|edge| lens.network.id(edge)));
        }
        Ok(Self(backward))
    }

    /// Returns whether the value goes against an edge.
    pub(crate) fn has(&self, edge: &NamedNode) -> bool {
        self.0.contains(edge)
    }
}

/// Returns whether an edge is a stake that is held, so that nothing moves.
fn is_held(kind: &Kind) -> bool {
    kind.carries == Some(Flow::Ownership)
}

/// Returns whether what is worth most moves from the end to the start: the cash for a supply, or, where nothing else moves,
/// the shares that the holder of a warrant gets.
fn is_backward(kind: &Kind) -> bool {
    match (kind.carries, kind.returns) {
        (Some(Flow::Cash), _) => false,
        (_, Some(Flow::Cash)) => true,
        (None, Some(_)) => true,
        _ => false,
    }
}
