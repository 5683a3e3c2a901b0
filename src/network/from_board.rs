//! The board to a network.

use crate::model::board::Board;
use crate::model::name::Family;
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::sum::{Totals, hulls};
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::{Measure, Unit};
use crate::network::columns::{Column, Columns, Kind, NONE, Values};
use crate::network::error::NetworkError;
use crate::network::named::{EdgeNames, Network, without_circles};
use crate::network::names::Names;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, Subset};
use std::collections::{BTreeMap, HashMap};

/// An edge on the board: its id, its record and what holds of it.
type Row<'a> = (&'a NamedNode, &'a Edge, &'a Resolution);

impl Network {
    /// The network of a board: its players are all players of the records and all ends of edges, each joined player once,
    /// sorted by id; its edges are those on the board.
    ///
    /// Where the policy leaves an edge several values in one unit, the network has the interval that holds them all.
    ///
    /// O(n log n + m) for n players and m edges.
    ///
    /// # Errors
    /// More edges than 32 bits can count, more kinds or units than a byte can.
    ///
    /// ```
    /// use powermap::model::{Board, Records};
    /// use powermap::network::Network;
    /// let network = Network::from_board(&Records::default(), &Board::default())?;
    /// assert_eq!(network.graph.node_count(), 0);
    /// # Ok::<(), powermap::network::NetworkError>(())
    /// ```
    pub fn from_board(records: &Records, board: &Board) -> Result<Self, NetworkError> {
        let on_board: Vec<Row<'_>> = board
            .edges
            .iter()
            .filter_map(|(id, resolution)| Some((id, records.edges.get(id)?, resolution)))
            .collect();
        let ends = on_board.iter().flat_map(|(_, e, _)| [&e.from, &e.to]);
        let all = records.players.keys().chain(ends);
        let joined = &board.joined;
        let players = Names::of(all.map(|player| joined.shown(player)).cloned());
        let place = |player: &NamedNode| players.node(joined.shown(player)).unwrap_or(0);
        let sources: Vec<_> = on_board.iter().map(|(_, e, _)| place(&e.from)).collect();
        let targets: Vec<_> = on_board.iter().map(|(_, e, _)| place(&e.to)).collect();
        let (graph, order) = Graph::from_edges(players.len() as u32, &sources, &targets)?;
        let rows: Vec<_> = order.iter().map(|edge| on_board[*edge as usize]).collect();
        let unnamed = records
            .players
            .iter()
            .filter(|(_, p)| !p.player_type.is_named());
        let mut unnamed: Vec<u32> = unnamed.filter_map(|(id, _)| players.node(id)).collect();
        unnamed.sort_unstable();
        Ok(Self {
            graph,
            unnamed: unnamed.into(),
            players,
            columns: columns(&rows, records)?,
            totals: totals(records, &rows),
            components: components(&rows),
            shown: board.joined.all_shown().clone(),
            names: EdgeNames::Records {
                ids: on_board.iter().map(|(id, ..)| (*id).clone()).collect(),
                of: order.into(),
            },
        })
    }
}

/// Which edges are made of which others, where all of these are on the board.
fn components(rows: &[Row<'_>]) -> BTreeMap<u32, Vec<u32>> {
    if rows.iter().all(|(_, edge, _)| edge.components.is_empty()) {
        return BTreeMap::new();
    }
    let places = rows.iter().zip(0..).map(|((id, ..), place)| (*id, place));
    let places: HashMap<&NamedNode, u32> = places.collect();
    let stated = rows.iter().zip(0..).filter_map(|((_, edge, _), place)| {
        let parts = edge.components.iter().map(|part| places.get(part).copied());
        let parts: Vec<u32> = parts.collect::<Option<_>>()?;
        (!parts.is_empty()).then_some((place, parts))
    });
    without_circles(stated.collect())
}

fn columns(rows: &[Row<'_>], records: &Records) -> Result<Columns, NetworkError> {
    let mut kinds = IndexMap::new();
    let kind: Vec<u8> = rows
        .iter()
        .map(|(_, edge, _)| {
            let family = edge.kind.is_none().then_some(edge.family);
            let (number, _) = kinds.insert_full((edge.kind.clone(), family), ());
            u8::try_from(number)
                .ok()
                .filter(|number| *number != NONE)
                .ok_or(NetworkError::TooManyKinds)
        })
        .collect::<Result<_, _>>()?;
    let mut units = IndexSet::new();
    let mut values = BTreeMap::new();
    let mut several = BTreeMap::new();
    for measure in Measure::ALL {
        let hulls = rows.iter().zip(0..).map(|((_, _, resolution), place)| {
            let hulls = hulls(quantities(resolution, measure));
            one_of(hulls, (place, measure), &mut several)
        });
        let hulls: Vec<_> = hulls.collect();
        if hulls.iter().any(Option::is_some) {
            values.insert(measure, column(&hulls, &mut units)?);
        }
    }
    Ok(Columns {
        family: Column::of(rows.iter().map(|(_, edge, _)| edge.family).collect()),
        kind: Column::of(kind),
        status: Column::of(rows.iter().map(|(_, _, r)| r.status).collect()),
        since: rows.iter().map(|(_, edge, _)| first_day(edge)).collect(),
        until: rows.iter().map(|(_, edge, _)| last_day(edge)).collect(),
        values,
        several,
        kinds: kinds
            .into_keys()
            .map(|(concept, family)| match concept {
                None => Kind::of_family(family.unwrap_or(Family::Influence)),
                Some(concept) => {
                    let known = records.concepts.get(&concept);
                    Kind::of_concept(concept, known)
                }
            })
            .collect(),
        units: units.into_iter().collect(),
    })
}

/// The first day of an edge, counted from 0001-01-01; `i32::MIN` where it is not known.
pub(super) fn first_day(edge: &Edge) -> i32 {
    let first = edge.since.and_then(TimeSpan::earliest);
    first.map_or(i32::MIN, |day| Day::FIRST.days_until(day))
}

/// The last day of an edge, counted from 0001-01-01; `i32::MAX` where it is not known.
pub(super) fn last_day(edge: &Edge) -> i32 {
    let last = edge.until.and_then(TimeSpan::latest);
    last.map_or(i32::MAX, |day| Day::FIRST.days_until(day))
}

/// The values of one measure.
pub(super) fn quantities(
    resolution: &Resolution,
    measure: Measure,
) -> impl Iterator<Item = Quantity> {
    let values = resolution.values.iter();
    values
        .filter(move |value| value.measure == measure)
        .map(|value| value.quantity)
}

/// The one value of an edge, for the columns; several are put by its number and measure.
pub(super) fn one_of(
    hulls: Vec<Quantity>,
    place: (u32, Measure),
    several: &mut BTreeMap<(u32, Measure), Vec<Quantity>>,
) -> Option<Quantity> {
    match hulls[..] {
        [] => None,
        [one] => Some(one),
        _ => {
            several.insert(place, hulls);
            None
        }
    }
}

/// The values of one measure.
pub(super) fn column(
    hulls: &[Option<Quantity>],
    units: &mut IndexSet<Unit>,
) -> Result<Values, NetworkError> {
    let bound = |bound: Option<f64>, open| bound.unwrap_or(open);
    let unit = hulls
        .iter()
        .map(|hull| match hull {
            None => Ok(NONE),
            Some(hull) => u8::try_from(units.insert_full(hull.unit).0)
                .ok()
                .filter(|number| *number != NONE)
                .ok_or(NetworkError::TooManyUnits),
        })
        .collect::<Result<_, _>>()?;
    let lower = hulls
        .iter()
        .map(|q| bound(q.and_then(|q| q.lower), f64::NEG_INFINITY));
    let upper = hulls
        .iter()
        .map(|q| bound(q.and_then(|q| q.upper), f64::INFINITY));
    let approximate = Subset::of(hulls.len() as u32, |edge| {
        hulls[edge as usize].is_some_and(|hull| hull.approximate)
    });
    Ok(Values::new(
        lower.collect(),
        Some(upper.collect()),
        unit,
        approximate,
        exclusive(hulls),
    ))
}

/// Returns the edges with exclusive lower and upper bounds, if there are any.
fn exclusive(hulls: &[Option<Quantity>]) -> Option<[Subset; 2]> {
    let sides: [fn(Quantity) -> bool; 2] = [|q| q.lower_exclusive, |q| q.upper_exclusive];
    let any =
        |is_exclusive: &fn(Quantity) -> bool| hulls.iter().flatten().any(|q| is_exclusive(*q));
    sides.iter().any(any).then(|| {
        sides.map(|is_exclusive| {
            Subset::of(hulls.len() as u32, |edge| {
                hulls[edge as usize].is_some_and(is_exclusive)
            })
        })
    })
}

/// Which edges on the board are parts of which others.
fn totals(records: &Records, rows: &[Row<'_>]) -> BTreeMap<u32, u32> {
    let stated = records.stated_totals();
    if stated.is_empty() {
        return BTreeMap::new();
    }
    let places = rows.iter().zip(0..).map(|((id, ..), place)| (*id, place));
    let places: HashMap<&NamedNode, u32> = places.collect();
    let totals = Totals::new(&stated, |edge| places.contains_key(edge));
    let by_part = totals.by_part().iter();
    by_part
        .filter_map(|(part, total)| Some((*places.get(part)?, *places.get(total)?)))
        .collect()
}
