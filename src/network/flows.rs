//! What flows between players: each edge as one arc or two, since money comes back for goods and shares for money.

use crate::model::name::Flow;
use crate::network::error::NetworkError;
use crate::network::named::Network;
use powermap_graph::Graph;

/// The flows of a network as a multigraph of arcs.
///
/// An edge whose kind carries something gives an arc from its source to its target; one whose kind returns something
/// gives an arc back. So an equity investment is cash forward and equity back, and a supply is goods forward and cash
/// back. Where ownership is asked for, an investment for shares is that as well, forward. Arcs have the order of [`Graph`],
/// parallel ones in the order of their edges, forward before back.
///
/// Memory: 17 bytes per arc and 8 per node.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// The topology of the arcs; its nodes are those of the network.
    pub graph: Graph,
    /// The edge that each arc belongs to.
    pub edge: Box<[u32]>,
    /// What flows along each arc.
    pub flow: Box<[Flow]>,
}

impl Flows {
    /// The arcs of the edges for which `keep` holds, along which one of `allowed` flows; if that is empty, anything that
    /// moves, which ownership does not.
    ///
    /// O(n + m) time.
    ///
    /// # Errors
    /// More arcs than 32 bits can count.
    ///
    /// ```
    /// use powermap::model::{Board, Records};
    /// use powermap::network::{Flows, Network};
    /// let network = Network::from_board(&Records::default(), &Board::default())?;
    /// assert_eq!(Flows::of(&network, &[], |_| true)?.graph.edge_count(), 0);
    /// # Ok::<(), powermap::network::NetworkError>(())
    /// ```
    pub fn of(
        network: &Network,
        allowed: &[Flow],
        keep: impl Fn(u32) -> bool,
    ) -> Result<Self, NetworkError> {
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        let (mut edges, mut flows) = (Vec::new(), Vec::new());
        let is_allowed = |flow: Flow| match allowed {
            [] => flow != Flow::Ownership,
            _ => allowed.contains(&flow),
        };
        for source in 0..network.graph.node_count() {
            for edge in network.graph.out_edges(source) {
                if !keep(edge) {
                    continue;
                }
                let kind = network.columns.kind_of(edge);
                let target = network.graph.target(edge);
                // Whoever buys shares owns a part of the other from then on.
                let owns = kind.is_purchase_of_shares().then_some(Flow::Ownership);
                let sides = [
                    (kind.carries, source, target),
                    (owns.filter(|_| !allowed.is_empty()), source, target),
                    (kind.returns, target, source),
                ];
                for (flow, from, to) in sides {
                    if let Some(flow) = flow.filter(|flow| is_allowed(*flow)) {
                        sources.push(from);
                        targets.push(to);
                        edges.push(edge);
                        flows.push(flow);
                    }
                }
            }
        }
        let (graph, order) = Graph::from_edges(network.graph.node_count(), &sources, &targets)?;
        Ok(Self {
            graph,
            edge: order.iter().map(|arc| edges[*arc as usize]).collect(),
            flow: order.iter().map(|arc| flows[*arc as usize]).collect(),
        })
    }
}
