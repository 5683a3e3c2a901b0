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
            let edges = lens
                .edges()
                .filter(|edge| is_backward(columns.kind_of(*edge)));
            backward.extend(edges.map(|edge| lens.network.id(edge)));
        }
        Ok(Self(backward))
    }

    /// Returns whether the value goes against an edge.
    pub(crate) fn has(&self, edge: &NamedNode) -> bool {
        self.0.contains(edge)
    }
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
