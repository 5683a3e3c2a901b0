//! The board to a network.

use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Measure;
use crate::network::columns::{Columns, Kind, NONE};
use crate::network::error::NetworkError;
use crate::network::graph::Graph;
use crate::network::named::Network;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;

impl Network {
    /// The network of a board: its players are all players of the records and all ends of edges, sorted by id; its
    /// edges are those on the board.
    ///
    /// O(n log n + m) for n players and m edges.
    ///
    /// # Errors
    /// More edges than 32 bits can count.
    ///
    /// ```
    /// use powermap::model::{board::Board, record::Records};
    /// use powermap::network::named::Network;
    /// let network = Network::from_board(&Records::default(), &Board::default())?;
    /// assert_eq!(network.graph.node_count(), 0);
    /// # Ok::<(), powermap::network::error::NetworkError>(())
    /// ```
    pub fn from_board(records: &Records, board: &Board) -> Result<Self, NetworkError> {
        let on_board: Vec<_> = board
            .edges
            .iter()
            .filter_map(|(id, resolution)| Some((id, records.edges.get(id)?, resolution)))
            .collect();
        let mut players: IndexSet<NamedNode> = records.players.keys().cloned().collect();
        for (_, edge, _) in &on_board {
            players.insert(edge.from.clone());
            players.insert(edge.to.clone());
        }
        players.sort_unstable();
        let place = |player: &NamedNode| players.get_index_of(player).unwrap_or(0) as u32;
        let sources: Vec<_> = on_board.iter().map(|(_, e, _)| place(&e.from)).collect();
        let targets: Vec<_> = on_board.iter().map(|(_, e, _)| place(&e.to)).collect();
        let (graph, order) = Graph::from_edges(players.len() as u32, &sources, &targets)?;

        let mut kinds = IndexMap::new();
        let mut units = IndexSet::new();
        let first_day = Day::FIRST;
        let day = |day: Option<Day>, missing| day.map_or(missing, |d| first_day.days_until(d));
        let rows: Vec<_> = order.iter().map(|edge| &on_board[*edge as usize]).collect();
        let kind: Vec<u8> = rows
            .iter()
            .map(|(_, edge, _)| {
                let (number, _) = kinds.insert_full(edge.kind.clone(), ());
                u8::try_from(number).map_err(|_| NetworkError::TooManyKinds)
            })
            .collect::<Result<_, _>>()?;
        let amounts: Vec<_> = rows
            .iter()
            .map(|(_, _, resolution)| resolution.value(Measure::Amount).map(|v| v.quantity))
            .collect();
        let columns = Columns {
            family: rows.iter().map(|(_, edge, _)| edge.family).collect(),
            kind: kind.into(),
            status: rows
                .iter()
                .map(|(_, _, resolution)| resolution.status)
                .collect(),
            since: rows
                .iter()
                .map(|(_, e, _)| day(e.since.and_then(TimeSpan::earliest), i32::MIN))
                .collect(),
            until: rows
                .iter()
                .map(|(_, e, _)| day(e.until.and_then(TimeSpan::latest), i32::MAX))
                .collect(),
            lower: amounts
                .iter()
                .map(|a| a.and_then(|a| a.lower).unwrap_or(f64::NEG_INFINITY))
                .collect(),
            upper: amounts
                .iter()
                .map(|a| a.and_then(|a| a.upper).unwrap_or(f64::INFINITY))
                .collect(),
            unit: amounts
                .iter()
                .map(|a| a.map_or(NONE, |a| units.insert_full(a.unit.code()).0 as u8))
                .collect(),
            kinds: kinds
                .into_keys()
                .map(|concept| {
                    let known = concept.as_ref().and_then(|c| records.concepts.get(c));
                    Kind {
                        carries: known.and_then(|k| k.carries),
                        returns: known.and_then(|k| k.returns),
                        concept,
                    }
                })
                .collect(),
            units: units.into_iter().collect(),
        };
        Ok(Self {
            graph,
            players,
            columns,
            records: on_board.iter().map(|(id, ..)| (*id).clone()).collect(),
            record_of: order.into(),
        })
    }
}
