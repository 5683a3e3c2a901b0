//! A graph whose nodes have names and whose edges have attributes.

use crate::model::circles::on_circles;
use crate::model::name::{Family, Status};
use crate::model::quantity::Quantity;
use crate::model::record::Edge;
use crate::model::resolve::Resolution;
use crate::model::sum::Edges;
use crate::model::unit::Measure;
use crate::model::vocabulary::ID;
use crate::network::columns::Columns;
use crate::network::from_board::{first_day, last_day, quantities};
use crate::network::names::Names;
use indexmap::IndexSet;
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, Subset};
use rustc_hash::FxHashMap;
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
    /// For an edge that is a part of other edges' totals, the nearest of these.
    pub totals: BTreeMap<u32, u32>,
    /// For an edge that is made of others, all of which are on the board: these. An edge that is made of itself, over however
    /// many others, is none.
    pub components: BTreeMap<u32, Vec<u32>>,
    /// The players that stand for several or for nobody by name, groups and anonymous voices, ascending.
    pub unnamed: Box<[u32]>,
    /// For each player that is shown as another one: that one.
    pub(crate) shown: FxHashMap<NamedNode, NamedNode>,
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

/// Returns the edges that are made of others, without those that are made of themselves.
///
/// O(m log m) for m components.
pub(super) fn without_circles(mut stated: BTreeMap<u32, Vec<u32>>) -> BTreeMap<u32, Vec<u32>> {
    let steps = stated
        .iter()
        .flat_map(|(whole, parts)| parts.iter().map(|part| (*whole, *part)));
    let on_circles = on_circles(steps);
    stated.retain(|whole, _| !on_circles.contains(whole));
    stated
}

impl Network {
    /// The node of a player, also of one that is shown as another.
    pub fn node(&self, player: &NamedNode) -> Option<u32> {
        self.players.node(self.shown.get(player).unwrap_or(player))
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
        Subset::of(self.graph.edge_count(), |edge| {
            filter.passes(&Numbered { columns, edge })
        })
    }
}

impl Edges<u32> for Network {
    fn values(&self, edge: u32, measure: Option<Measure>) -> impl Iterator<Item = Quantity> {
        self.columns.values_of(edge, measure)
    }

    fn are_parallel(&self, one: u32, other: u32) -> bool {
        let arrow = |edge: u32| {
            let (from, to) = (self.graph.source(edge), self.graph.target(edge));
            (from, to, self.columns.family(edge))
        };
        arrow(one) == arrow(other)
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

/// What a filter asks about an edge.
trait Candidate {
    fn family(&self) -> Family;
    fn kind(&self) -> Option<&NamedNode>;
    fn status(&self) -> Option<Status>;
    /// The first and the last day, counted from 0001-01-01.
    fn days(&self) -> (i32, i32);
    fn amounts(&self) -> impl Iterator<Item = Quantity>;
}

/// An edge of a network.
struct Numbered<'a> {
    columns: &'a Columns,
    edge: u32,
}

impl Candidate for Numbered<'_> {
    fn family(&self) -> Family {
        self.columns.family(self.edge)
    }

    fn kind(&self) -> Option<&NamedNode> {
        self.columns.kind_of(self.edge).concept.as_ref()
    }

    fn status(&self) -> Option<Status> {
        self.columns.status(self.edge)
    }

    fn days(&self) -> (i32, i32) {
        (self.columns.since(self.edge), self.columns.until(self.edge))
    }

    fn amounts(&self) -> impl Iterator<Item = Quantity> {
        self.columns.values_of(self.edge, Some(Measure::Amount))
    }
}

impl Candidate for (&Edge, &Resolution) {
    fn family(&self) -> Family {
        self.0.family
    }

    fn kind(&self) -> Option<&NamedNode> {
        self.0.kind.as_ref()
    }

    fn status(&self) -> Option<Status> {
        self.1.status
    }

    fn days(&self) -> (i32, i32) {
        (first_day(self.0), last_day(self.0))
    }

    fn amounts(&self) -> impl Iterator<Item = Quantity> {
        quantities(self.1, Measure::Amount)
    }
}

impl Filter {
    /// Whether an edge on the board passes, by its record and what holds of it.
    pub(crate) fn admits(&self, edge: &Edge, resolution: &Resolution) -> bool {
        self.passes(&(edge, resolution))
    }

    fn passes(&self, edge: &impl Candidate) -> bool {
        let is_held = |day: i32| {
            let (first, last) = edge.days();
            first <= day && day <= last
        };
        // An amount without an upper bound may be any.
        let may_be = |least: f64| {
            edge.amounts()
                .any(|amount| amount.upper.is_none_or(|upper| upper >= least))
        };
        (self.families.is_empty() || self.families.contains(&edge.family()))
            && (self.kinds.is_empty() || edge.kind().is_some_and(|kind| self.kinds.contains(kind)))
            && self
                .status_min
                .is_none_or(|least| edge.status().is_some_and(|status| status >= least))
            && self.day.is_none_or(is_held)
            && self.amount_min.is_none_or(may_be)
    }

    /// Whether it lets everything pass.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}
