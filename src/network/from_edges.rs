//! A plain edge list to a network.
//!
//! Measured with `examples/edge_list.rs` on lists of `from,to,family,amount` with a tenth as many players as edges, two
//! cores: reading and building, then all flows, strong components, PageRank and cores besides; the peak of the whole.
//!
//! | edges | read | built | analysed | peak |
//! |---|---|---|---|---|
//! | 10⁵ | 0.02 s | 0.03 s | 0.04 s | 18 MiB |
//! | 10⁶ | 0.3 s | 0.4 s | 0.5 s | 82 MiB |
//! | 10⁷ | 4.7 s | 6.1 s | 8.0 s | 747 MiB |

use crate::format::edge_list::EdgeList;
use crate::model::name::Family;
use crate::model::record::Concept;
use crate::model::short_iri;
use crate::model::unit::Measure;
use crate::network::columns::{Column, Columns, Kind, NONE, Values};
use crate::network::error::NetworkError;
use crate::network::named::{EdgeNames, Network};
use crate::network::names::Names;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, Subset};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

impl Network {
    /// The network of a plain edge list: its players are the ends of the edges, sorted by id; each row is an edge.
    ///
    /// What flows along an edge comes from its kind, as the concepts have it. An edge without a kind has the general
    /// flow of its family: cash forward and equity back for an investment, goods forward and cash back for a supply,
    /// nothing for an influence.
    ///
    /// O(n log n + m) for n players and m edges. The list is taken apart column by column, so that no more than one
    /// column is held twice.
    ///
    /// # Errors
    /// More edges than 32 bits can count, more kinds or units than a byte can.
    ///
    /// ```
    /// use indexmap::IndexMap;
    /// use powermap::format::edge_list;
    /// use powermap::model::Flow;
    /// use powermap::network::Network;
    /// let text = b"from,to,family\nnvidia,openai,investment\n";
    /// let list = edge_list::read("edges.csv", text, &IndexMap::new())?;
    /// let network = Network::from_edges(list, &IndexMap::new())?;
    /// assert_eq!(network.columns.kind_of(0).returns, Some(Flow::Equity));
    /// assert_eq!(network.id(0).as_str(), "https://w3id.org/powermap/id/row-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_edges(
        mut list: EdgeList,
        concepts: &IndexMap<NamedNode, Concept>,
    ) -> Result<Self, NetworkError> {
        let mut sorted: Vec<u32> = (0..list.id_count() as u32).collect();
        sorted.par_sort_unstable_by(|a, b| short_iri::order(list.id(*a), list.id(*b)));
        let players = Names::of_sorted(sorted.iter().map(|number| list.id(*number)));
        let mut place = vec![0; sorted.len()];
        for (at, number) in sorted.into_iter().enumerate() {
            place[number as usize] = at as u32;
        }
        let (mut sources, mut targets) = list.take_ends();
        for end in sources.iter_mut().chain(&mut targets) {
            *end = place[*end as usize];
        }
        drop(place);
        let (graph, mut order) = Graph::from_edges(players.len() as u32, &sources, &targets)?;
        drop((sources, targets));
        let columns = columns(&mut list, &order, concepts)?;
        number_rows(&mut order, &list.skipped);
        Ok(Self {
            graph,
            players,
            columns,
            names: EdgeNames::Rows(order.into()),
            totals: BTreeMap::new(),
            components: BTreeMap::new(),
            unnamed: Box::default(),
            shown: FxHashMap::default(),
        })
    }
}

/// Turns places among the rows that were read into the numbers of the rows, from 1.
fn number_rows(places: &mut [u32], skipped: &[u32]) {
    let mut numbers = Vec::new();
    if !skipped.is_empty() {
        let mut skipped = skipped.iter().copied().peekable();
        let mut row = 0;
        while numbers.len() < places.len() {
            row += 1;
            if skipped.next_if_eq(&row).is_none() {
                numbers.push(row);
            }
        }
    }
    for place in places {
        *place = numbers.get(*place as usize).copied().unwrap_or(*place + 1);
    }
}

fn columns(
    list: &mut EdgeList,
    order: &[u32],
    concepts: &IndexMap<NamedNode, Concept>,
) -> Result<Columns, NetworkError> {
    let given = &mut list.attributes;
    let family = column(given.family.take(), order, Family::Influence);
    let (kind, kinds) = kinds(given.kind.take(), &given.kinds, &family, order, concepts)?;
    let mut columns = Columns {
        status: column(given.status.take(), order, None),
        since: column(given.since.take(), order, i32::MIN),
        until: column(given.until.take(), order, i32::MAX),
        family,
        kind,
        kinds,
        values: BTreeMap::new(),
        several: BTreeMap::new(),
        units: Vec::new(),
    };
    let (Some(lower), Some(unit)) = (given.lower.take(), given.unit.take()) else {
        return Ok(columns);
    };
    let mut lower = arranged(lower, order);
    let mut upper = given.upper.take().map(|upper| arranged(upper, order));
    let unit = arranged(unit, order);
    let measures = Measure::ALL.into_iter();
    let measures: Vec<_> = measures
        .filter(|m| given.units.iter().any(|unit| unit.measure() == *m))
        .collect();
    let mut units = IndexSet::new();
    for (at, measure) in measures.iter().enumerate() {
        let is_last = at + 1 == measures.len();
        let numbers = unit
            .iter()
            .map(|number| match given.units.get(*number as usize) {
                Some(unit) if unit.measure() == *measure => {
                    let number = u8::try_from(units.insert_full(*unit).0).ok();
                    number
                        .filter(|number| *number != NONE)
                        .ok_or(NetworkError::TooManyUnits)
                }
                _ => Ok(NONE),
            });
        let numbers: Vec<_> = numbers.collect::<Result<_, _>>()?;
        if numbers.iter().all(|number| *number == NONE) {
            continue;
        }
        let (mut least, mut most) = match is_last {
            true => (std::mem::take(&mut lower), upper.take()),
            false => (lower.clone(), upper.clone()),
        };
        // As where a value is missing, whatever the other measures have.
        for (edge, _) in numbers.iter().enumerate().filter(|(_, n)| **n == NONE) {
            least[edge] = f64::NEG_INFINITY;
            if let Some(most) = &mut most {
                most[edge] = f64::INFINITY;
            }
        }
        let approximate = Subset::of(numbers.len() as u32, |_| false);
        let values = Values::new(least, most, numbers, approximate, None);
        columns.values.insert(*measure, values);
    }
    columns.units = units.into_iter().collect();
    Ok(columns)
}

/// The kinds of the edges. An edge without one has that of its family, which has no concept.
fn kinds(
    given: Option<Vec<u8>>,
    names: &[NamedNode],
    family: &Column<Family>,
    order: &[u32],
    concepts: &IndexMap<NamedNode, Concept>,
) -> Result<(Column<u8>, Vec<Kind>), NetworkError> {
    let mut given = given.map(|given| arranged(given, order));
    let mut kinds: IndexMap<(Option<&NamedNode>, Option<Family>), Kind> = IndexMap::new();
    let mut number = |edge: u32, given: u8| {
        let name = names.get(given as usize);
        let family = name.is_none().then(|| family.get(edge));
        let entry = kinds.entry((name, family));
        let number = entry.index();
        entry.or_insert_with(|| match (name, family) {
            (Some(name), _) => Kind::of_concept(name.clone(), concepts.get(name)),
            (None, family) => Kind::of_family(family.unwrap_or(Family::Influence)),
        });
        let number = u8::try_from(number).ok().filter(|number| *number != NONE);
        number.ok_or(NetworkError::TooManyKinds)
    };
    let column = match (&mut given, family) {
        (None, Column::Same(_)) if !order.is_empty() => Column::Same(number(0, NONE)?),
        (None, _) => {
            let edges = 0..order.len() as u32;
            Column::of(
                edges
                    .map(|edge| number(edge, NONE))
                    .collect::<Result<_, _>>()?,
            )
        }
        (Some(given), _) => {
            for (edge, kind) in given.iter_mut().enumerate() {
                *kind = number(edge as u32, *kind)?;
            }
            Column::of(std::mem::take(given))
        }
    };
    Ok((column, kinds.into_values().collect()))
}

fn column<T: Copy + PartialEq>(given: Option<Vec<T>>, order: &[u32], missing: T) -> Column<T> {
    match given {
        None => Column::Same(missing),
        Some(given) => Column::of(arranged(given, order)),
    }
}

/// A column in the order of the edges of the graph.
fn arranged<T: Copy>(given: Vec<T>, order: &[u32]) -> Vec<T> {
    order.iter().map(|row| given[*row as usize]).collect()
}
