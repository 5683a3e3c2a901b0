//! The network of a compiled map, straight from the numbers in its columns.

use crate::model::name::{Family, Flow, Status};
use crate::model::short_iri;
use crate::model::sum::Totals;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Measure;
use crate::model::vocabulary::{common, pm};
use crate::network::columns::{Column, Columns, Kind, NONE};
use crate::network::compiled::{BoardValues, Property, Source, Stop};
use crate::network::from_board::{column, one_of};
use crate::network::named::{EdgeNames, Network, without_circles};
use crate::network::names::Names;
use crate::records::{self, Role};
use indexmap::IndexSet;
use oxigraph::model::NamedNodeRef;
use powermap_graph::Graph;
use powermap_rdf::columns::{TermId, find};
use powermap_rdf::{CompiledStore, ReadStore, StoreError};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

impl Network {
    /// What [`Network::from_board`] gives for the records of a compiled map and the board in it, without reading either:
    /// players and edges are found by their numbers, and only their names and values are decoded.
    ///
    /// Nothing where only records can tell what the text means: records in named graphs, several values of a property
    /// that should have one, more kinds than a network can have.
    ///
    /// O(n log n + m) for n players and m edges.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn from_compiled(store: &CompiledStore) -> Result<Option<Self>, StoreError> {
        match build(store) {
            Ok(network) => Ok(Some(network)),
            Err(Stop::NotPlain) => Ok(None),
            Err(Stop::Store(error)) => Err(error),
        }
    }
}

/// An edge on the board.
struct Row {
    id: TermId,
    family: Family,
    from: TermId,
    to: TermId,
}

fn build(store: &CompiledStore) -> Result<Network, Stop> {
    let mut source = Source::of(store)?;
    let roles = Roles::read(store, &source)?;
    let values = BoardValues::of(&source)?;
    let shown = shown(&source)?;
    let rows = rows(&source, &roles, &values, &shown)?;
    let mut players = roles.players.clone();
    players.retain(|player| !shown.contains_key(player));
    players.extend(shown.values());
    players.extend(rows.iter().flat_map(|row| [row.from, row.to]));
    players.sort_unstable();
    players.dedup();
    let node = |player: TermId| find(&players, player).unwrap_or(0) as u32;
    let mut unnamed: Vec<u32> = roles.unnamed.iter().map(|id| node(*id)).collect();
    unnamed.sort_unstable();
    let sources: Vec<_> = rows.iter().map(|row| node(row.from)).collect();
    let targets: Vec<_> = rows.iter().map(|row| node(row.to)).collect();
    let (graph, order) =
        Graph::from_edges(players.len() as u32, &sources, &targets).map_err(|_| Stop::NotPlain)?;
    let mut names = Vec::with_capacity(players.len());
    for player in players {
        names.push(short_iri::short(source.iri_text(player)?).to_owned());
    }
    let sorted: Vec<_> = order.iter().map(|edge| &rows[*edge as usize]).collect();
    let mut ids = IndexSet::with_capacity(rows.len());
    for row in &rows {
        ids.insert(source.iri(row.id)?);
    }
    let mut shown_ids = FxHashMap::default();
    for (player, one) in shown {
        shown_ids.insert(source.iri(player)?, source.iri(one)?);
    }
    Ok(Network {
        graph,
        players: Names::of_sorted(names.iter().map(String::as_str)),
        columns: columns(&mut source, &sorted, &roles.concepts, &values)?,
        totals: totals(&source, &roles, &sorted)?,
        components: components(&source, &sorted)?,
        unnamed: unnamed.into(),
        shown: shown_ids,
        names: EdgeNames::Records {
            ids,
            of: order.into(),
        },
    })
}

/// The subjects of the classes that a network is about.
struct Roles {
    players: Vec<TermId>,
    /// Groups and anonymous voices.
    unnamed: FxHashSet<TermId>,
    families: FxHashMap<TermId, Family>,
    observations: Vec<TermId>,
    concepts: Vec<TermId>,
}

impl Roles {
    fn read(store: &CompiledStore, source: &Source<'_>) -> Result<Self, Stop> {
        let mut roles = Self {
            players: Vec::new(),
            unnamed: FxHashSet::default(),
            families: FxHashMap::default(),
            observations: Vec::new(),
            concepts: Vec::new(),
        };
        let types = [source.text, source.ontology].map(|g| source.inverse(g, common::TYPE));
        let types: Vec<_> = types.into_iter().collect::<Result<_, _>>()?;
        for (class, role) in records::classes(&store.dataset())? {
            let Some(class) = source.id(class.as_ref())? else {
                continue;
            };
            for id in types.iter().flat_map(|types| types.all(class)) {
                if !source.is_iri(*id)? {
                    continue;
                }
                match role {
                    Role::Player(player_type) => {
                        roles.players.push(*id);
                        // As in records, the last of several classes counts.
                        match player_type.is_named() {
                            true => roles.unnamed.remove(id),
                            false => roles.unnamed.insert(*id),
                        };
                    }
                    Role::Edge(family) => {
                        roles.families.insert(*id, family);
                    }
                    Role::Observation => roles.observations.push(*id),
                    Role::Concept => roles.concepts.push(*id),
                    _ => {}
                }
            }
        }
        roles.concepts.sort_unstable();
        Ok(roles)
    }
}

/// The players that the board shows as another one, with that one.
fn shown(source: &Source<'_>) -> Result<BTreeMap<TermId, TermId>, Stop> {
    let property = source.property(source.board, pm::SHOWN_AS)?;
    let subjects = property.subjects().iter();
    let shown = subjects.map(|player| Ok((*player, property.of(*player)?.ok_or(Stop::NotPlain)?)));
    shown.collect()
}

/// The edges on the board, by id: those that rest on claims.
fn rows(
    source: &Source<'_>,
    roles: &Roles,
    values: &BoardValues<'_>,
    shown: &BTreeMap<TermId, TermId>,
) -> Result<Vec<Row>, Stop> {
    for name in [pm::FROM, pm::TO] {
        if !source
            .property(source.ontology, name)?
            .subjects()
            .is_empty()
        {
            return Err(Stop::NotPlain);
        }
    }
    let is_both = |id: &TermId| roles.families.contains_key(id);
    if roles.observations.iter().any(is_both) {
        return Err(Stop::NotPlain);
    }
    let ends = Ends::of(source)?;
    let mut rows = Vec::new();
    for id in source.property(source.board, pm::RESTS_ON)?.subjects() {
        let Some(family) = roles.families.get(id) else {
            continue;
        };
        if values.is_value(*id)? {
            return Err(Stop::NotPlain);
        }
        // An edge without both ends is no record.
        if let Some(ends) = ends.get(source, *id)? {
            let [from, to] = <[_; 2]>::from(ends).map(|end| *shown.get(&end).unwrap_or(&end));
            rows.push(Row {
                id: *id,
                family: *family,
                from,
                to,
            });
        }
    }
    Ok(rows)
}

/// The ends of edges.
struct Ends<'a> {
    from: Property<'a>,
    to: Property<'a>,
}

impl<'a> Ends<'a> {
    fn of(source: &Source<'a>) -> Result<Self, Stop> {
        Ok(Self {
            from: source.property(source.text, pm::FROM)?,
            to: source.property(source.text, pm::TO)?,
        })
    }

    /// Both ends of an edge; nothing where one is missing.
    fn get(&self, source: &Source<'_>, edge: TermId) -> Result<Option<(TermId, TermId)>, Stop> {
        let end = |property: &Property<'_>| -> Result<_, Stop> {
            match property.of(edge)? {
                Some(end) if source.is_iri(end)? => Ok(Some(end)),
                _ => Ok(None),
            }
        };
        Ok(end(&self.from)?.zip(end(&self.to)?))
    }
}

fn columns<'a>(
    source: &mut Source<'a>,
    rows: &[&Row],
    concepts: &[TermId],
    values: &BoardValues<'a>,
) -> Result<Columns, Stop> {
    let kind_of = source.property(source.text, pm::KIND)?;
    let status_of = source.property(source.board, pm::STATUS)?;
    let since_of = source.property(source.text, pm::SINCE)?;
    let until_of = source.property(source.text, pm::UNTIL)?;
    let mut kinds = IndexSet::new();
    let mut statuses = FxHashMap::default();
    let (mut kind_numbers, mut status) = (Vec::new(), Vec::new());
    let (mut since, mut until) = (Vec::new(), Vec::new());
    let mut hulls = Measure::ALL.map(|_| Vec::new());
    let mut several = BTreeMap::new();
    let days = |day: Option<Day>, missing| day.map_or(missing, |d| Day::FIRST.days_until(d));
    for (place, row) in rows.iter().enumerate() {
        let concept = match kind_of.of(row.id)? {
            Some(concept) if source.is_iri(concept)? => Some(concept),
            _ => None,
        };
        let family = concept.is_none().then_some(row.family);
        let number = u8::try_from(kinds.insert_full((concept, family)).0).ok();
        kind_numbers.push(number.filter(|n| *n != NONE).ok_or(Stop::NotPlain)?);
        status.push(match status_of.of(row.id)? {
            None => None,
            Some(id) => match statuses.get(&id) {
                Some(status) => Some(*status),
                None => {
                    let name = source.iri_text(id)?;
                    let status = Status::from_iri(name).ok_or(Stop::NotPlain)?;
                    statuses.insert(id, status);
                    Some(status)
                }
            },
        });
        let first = source.day(since_of.of(row.id)?, TimeSpan::earliest)?;
        since.push(days(first, i32::MIN));
        let last = source.day(until_of.of(row.id)?, TimeSpan::latest)?;
        until.push(days(last, i32::MAX));
        for (measure, quantities) in values.hulls(source, row.id)? {
            if let Some(one) = one_of(quantities, (place as u32, measure), &mut several) {
                let hulls: &mut Vec<_> = &mut hulls[measure as usize];
                hulls.resize(place, None);
                hulls.push(Some(one));
            }
        }
    }
    let mut units = IndexSet::new();
    let mut columns = BTreeMap::new();
    for (measure, mut hulls) in Measure::ALL.into_iter().zip(hulls) {
        if !hulls.is_empty() {
            hulls.resize(rows.len(), None);
            let column = column(&hulls, &mut units).map_err(|_| Stop::NotPlain)?;
            columns.insert(measure, column);
        }
    }
    let kinds = kinds.into_iter().map(|(id, family)| match (id, family) {
        (Some(id), _) => kind(source, id, concepts),
        (None, family) => Ok(Kind::of_family(family.unwrap_or(Family::Influence))),
    });
    Ok(Columns {
        family: rows.iter().map(|row| row.family).collect(),
        kind: Column::of(kind_numbers),
        status: Column::of(status),
        since: Column::of(since),
        until: Column::of(until),
        values: columns,
        several,
        kinds: kinds.collect::<Result<_, _>>()?,
        units: units.into_iter().collect(),
    })
}

/// A kind, and what flows along it if it is a concept.
fn kind(source: &mut Source<'_>, id: TermId, concepts: &[TermId]) -> Result<Kind, Stop> {
    let mut kind = Kind::of_concept(source.iri(id)?, None);
    if concepts.binary_search(&id).is_ok() {
        kind.carries = flow(source, id, pm::CARRIES)?;
        kind.returns = flow(source, id, pm::RETURNS)?;
        kind.mutual = is_mutual(source, id)?;
    }
    Ok(kind)
}

fn is_mutual(source: &Source<'_>, concept: TermId) -> Result<bool, Stop> {
    let said = said_of(source, concept, pm::MUTUAL)?;
    let text = said.map(|said| source.literal(said)).transpose()?.flatten();
    Ok(matches!(text.as_deref(), Some("true" | "1")))
}

fn flow(
    source: &mut Source<'_>,
    concept: TermId,
    property: NamedNodeRef<'_>,
) -> Result<Option<Flow>, Stop> {
    match said_of(source, concept, property)? {
        Some(flow) if source.is_iri(flow)? => Ok(Flow::from_iri(source.iri_text(flow)?)),
        _ => Ok(None),
    }
}

/// What the text or the ontology says of a concept.
fn said_of(
    source: &Source<'_>,
    concept: TermId,
    property: NamedNodeRef<'_>,
) -> Result<Option<TermId>, Stop> {
    let in_text = source.property(source.text, property)?.of(concept)?;
    let in_ontology = source.property(source.ontology, property)?.of(concept)?;
    match (in_text, in_ontology) {
        (Some(one), Some(other)) if one != other => Err(Stop::NotPlain),
        (said, other) => Ok(said.or(other)),
    }
}

/// Which edges are made of which others, where all of these are on the board.
fn components(source: &Source<'_>, rows: &[&Row]) -> Result<BTreeMap<u32, Vec<u32>>, Stop> {
    let part_of = source.property(source.text, pm::COMPONENT)?;
    if part_of.subjects().is_empty() {
        return Ok(BTreeMap::new());
    }
    let places = rows.iter().zip(0..).map(|(row, place)| (row.id, place));
    let places: FxHashMap<TermId, u32> = places.collect();
    let stated = rows.iter().zip(0..).filter_map(|(row, place)| {
        let parts = part_of
            .all(row.id)
            .iter()
            .map(|part| places.get(part).copied());
        let parts: Vec<u32> = parts.collect::<Option<_>>()?;
        (!parts.is_empty()).then_some((place, parts))
    });
    Ok(without_circles(stated.collect()))
}

/// Which edges on the board are parts of which others.
fn totals(source: &Source<'_>, roles: &Roles, rows: &[&Row]) -> Result<BTreeMap<u32, u32>, Stop> {
    let total_of = source.property(source.text, pm::PART_OF_TOTAL)?;
    let ends = Ends::of(source)?;
    let is_edge = |id: TermId| -> Result<bool, Stop> {
        Ok(roles.families.contains_key(&id) && ends.get(source, id)?.is_some())
    };
    let mut stated = BTreeMap::new();
    for part in total_of.subjects().iter().copied() {
        if is_edge(part)?
            && let Some(total) = total_of.of(part)?
            && is_edge(total)?
        {
            stated.insert(part, total);
        }
    }
    if stated.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places = rows.iter().zip(0..).map(|(row, place)| (row.id, place));
    let places: FxHashMap<TermId, u32> = places.collect();
    let totals = Totals::new(&stated, |edge| places.contains_key(&edge));
    let by_part = totals.by_part().iter();
    Ok(by_part
        .filter_map(|(part, total)| Some((*places.get(part)?, *places.get(total)?)))
        .collect())
}
