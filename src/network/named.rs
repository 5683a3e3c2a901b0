//! A graph whose nodes have names and whose edges have attributes.

use crate::model::name::{Family, Status};
use crate::model::unit::Measure;
use crate::model::vocabulary::ID;
use crate::network::columns::{Columns, NONE};
use crate::network::names::Names;
use indexmap::IndexSet;
use oxigraph::model::NamedNode;
use powermap_graph::Graph;
use powermap_graph::Subset;
use std::collections::BTreeMap;

/// The board as a multigraph.
///
/// Edges have the order of [`Graph`]; [`Network::id`] leads from an edge to the record that it stands for, and so to
/// its claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// The topology.
    pub graph: Graph,
    /// The players, in the order of their ids; a player's place is its node.
    pub players: Names,
    /// The attributes of the edges.
    pub columns: Columns,
    /// What the edges are called.
    pub names: EdgeNames,
    /// For an edge that is a part of another edge's total, the edge of the total.
    pub totals: BTreeMap<u32, u32>,
}

/// What the edges of a network are called.
#[derive(Debug, Clone, PartialEq)]
pub enum EdgeNames {
    /// Each stands for a record.
    Records {
        /// The records.
        ids: IndexSet<NamedNode>,
        /// The record of each edge, as a place in `ids`.
        of: Box<[u32]>,
    },
    /// Each stands for a row of a table: its number, from 1.
    Rows(Box<[u32]>),
}

impl Network {
    /// The node of a player.
    pub fn node(&self, player: &NamedNode) -> Option<u32> {
        self.players.node(player)
    }

    /// The player of a node.
    pub fn player(&self, node: u32) -> NamedNode {
        self.players.iri(node)
    }

    /// The name of an edge: the id of its record, or `id:row-N` for row N of a table.
    pub fn id(&self, edge: u32) -> NamedNode {
        match &self.names {
            EdgeNames::Records { ids, of } => ids[of[edge as usize] as usize].clone(),
            EdgeNames::Rows(rows) => {
                NamedNode::new_unchecked(format!("{ID}row-{}", rows[edge as usize]))
            }
        }
    }

    /// The edges that pass a filter, in one pass over the columns that it asks for.
    pub fn subset(&self, filter: &Filter) -> Subset {
        let columns = &self.columns;
        let amounts = columns.values.get(&Measure::Amount);
        Subset::of(self.graph.edge_count(), |edge| {
            (filter.families.is_empty() || filter.families.contains(&columns.family(edge)))
                && (filter.kinds.is_empty()
                    || columns
                        .kind_of(edge)
                        .concept
                        .as_ref()
                        .is_some_and(|kind| filter.kinds.contains(kind)))
                && filter
                    .status_min
                    .is_none_or(|least| columns.status(edge).is_some_and(|status| status >= least))
                && filter
                    .day
                    .is_none_or(|day| columns.since(edge) <= day && day <= columns.until(edge))
                && filter.amount_min.is_none_or(|least| {
                    amounts.is_some_and(|a| a.unit.get(edge) != NONE && a.upper(edge) >= least)
                })
        })
    }
}

/// Which edges count. What is not given lets everything pass.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Only these families.
    pub families: Vec<Family>,
    /// Only these kinds.
    pub kinds: Vec<NamedNode>,
    /// At least this firm.
    pub status_min: Option<Status>,
    /// Held on this day, counted from 0001-01-01.
    pub day: Option<i32>,
    /// Possibly at least this much money.
    pub amount_min: Option<f64>,
}

impl Filter {
    /// Whether it lets everything pass.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}
