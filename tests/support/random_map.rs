//! Small random maps for the tests of the analyses.

use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::analysis::Position;
use powermap::model::{
    Board, Claim, Concept, Edge, Family, Labels, Player, PlayerType, Quantity, Records, Status,
    Unit,
};
use powermap::{Map, View};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::{Arc, OnceLock};

/// The kinds that random edges have, and the unit of their values.
pub(crate) const KINDS: &[(Family, &str, &str)] = &[
    (Family::Investment, "Equity", "USD"),
    (Family::Investment, "Loan", "USD"),
    (Family::Investment, "Warrant", "percent"),
    (Family::Investment, "Ownership", "percent"),
    (Family::Investment, "Guarantee", "USD"),
    (Family::Supply, "Chips", "USD"),
    (Family::Supply, "Cloud", "GW"),
    (Family::Influence, "Backing", "USD"),
];

/// An edge of a random map.
#[derive(Debug, Clone)]
pub(crate) struct RandomEdge {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) kind: usize,
    /// Bounds from 0 to 100; none where nothing is known.
    pub(crate) lower: Option<f64>,
    pub(crate) upper: Option<f64>,
    pub(crate) status: Status,
}

fn bound() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 3 => (0..20_u32).prop_map(|n| Some(f64::from(n) * 5.0))]
}

/// Up to eight players and twenty edges, with loops and parallel edges among them, sometimes none.
pub(crate) fn random_edges() -> impl Strategy<Value = (u32, Vec<RandomEdge>)> {
    let statuses = prop_oneof![
        Just(Status::Committed),
        Just(Status::Planned),
        Just(Status::Completed)
    ];
    (1_u32..9).prop_flat_map(move |n| {
        let edge = (
            0..n,
            0..n,
            0..KINDS.len(),
            bound(),
            bound(),
            statuses.clone(),
        );
        let edge = edge.prop_map(|(from, to, kind, a, b, status)| {
            let (lower, upper) = match (a, b) {
                (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                bounds => bounds,
            };
            RandomEdge {
                from,
                to,
                kind,
                lower,
                upper,
                status,
            }
        });
        (Just(n), vec(edge, 0..20))
    })
}

fn id(name: &str) -> NamedNode {
    NamedNode::new(format!("https://w3id.org/powermap/id/{name}")).unwrap()
}

/// The id of a player.
pub(crate) fn player(number: u32) -> NamedNode {
    id(&format!("p{number}"))
}

/// The id of an edge.
pub(crate) fn edge_id(number: usize) -> NamedNode {
    id(&format!("e{number:03}"))
}

fn concepts() -> &'static IndexMap<NamedNode, Concept> {
    static CONCEPTS: OnceLock<IndexMap<NamedNode, Concept>> = OnceLock::new();
    CONCEPTS.get_or_init(|| Map::built_in().unwrap().records().unwrap().concepts.clone())
}

/// The position of a map with these players and edges; `name` gives each player its id.
pub(crate) fn position_named(
    players: u32,
    edges: &[RandomEdge],
    name: impl Fn(u32) -> NamedNode,
) -> Position {
    let mut records = Records {
        concepts: concepts().clone(),
        ..Records::default()
    };
    for number in 0..players {
        let player = Player {
            player_type: PlayerType::Company,
            labels: Labels::default(),
            aliases: Vec::new(),
            note: None,
            part_of: None,
        };
        records.players.insert(name(number), player);
    }
    for (number, edge) in edges.iter().enumerate() {
        let (family, kind, unit) = KINDS[edge.kind];
        let unit: Unit = unit.parse().unwrap();
        let record = Edge {
            family,
            kind: Some(NamedNode::new(format!("https://w3id.org/powermap/ns#{kind}")).unwrap()),
            from: name(edge.from),
            to: name(edge.to),
            deal: None,
            since: None,
            until: None,
            part_of_total: None,
            components: Vec::new(),
            labels: Labels::default(),
        };
        records.edges.insert(edge_id(number), record);
        let mut claim = Claim::about(edge_id(number));
        claim.status = Some(edge.status);
        if edge.lower.is_some() || edge.upper.is_some() {
            claim.quantity = Some(Quantity::new(edge.lower, edge.upper, unit, false).unwrap());
        }
        let claim_id: NamedOrBlankNode = id(&format!("c{number:03}")).into();
        records.claims.insert(claim_id, claim);
    }
    records.sort();
    let board = Board::resolve(&records, View::default());
    Position::new(Arc::new(records), Arc::new(board))
}

/// The same position, its edges begun on these days of one month, from 0; none where no day is known.
pub(crate) fn dated(position: &Position, days: &[Option<u32>]) -> Position {
    let mut records = position.records().clone();
    for (number, day) in days.iter().enumerate() {
        if let (Some(edge), Some(day)) = (records.edges.get_mut(&edge_id(number)), day) {
            let day = format!("2025-03-{:02}", 1 + day);
            edge.since = Some(day.parse().unwrap());
        }
    }
    let view = View {
        as_of: "2026-01-01".parse().ok(),
        ..View::default()
    };
    let board = Board::resolve(&records, view);
    Position::new(Arc::new(records), Arc::new(board))
}

/// The position of a map with these players and edges.
pub(crate) fn position(players: u32, edges: &[RandomEdge]) -> Position {
    position_named(players, edges, player)
}
