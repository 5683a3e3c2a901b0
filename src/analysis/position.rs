//! The position that an analysis looks at: the board, its records, and the network of both.

use crate::analysis::checks::{Checks, Refuted};
use crate::analysis::error::AnalysisError;
use crate::analysis::facts::{Facts, Unread};
use crate::analysis::source_error::SourceError;
use crate::model::board::Board;
use crate::model::find::UnknownPlayer;
use crate::model::name::{Policy, Status};
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::short_id::of_short_id;
use crate::model::sum::{self, Sums, Totals};
use crate::model::time::Day;
use crate::model::unit::{Measure, Unit};
use crate::model::view::View;
use crate::model::vocabulary::{PM, compact, expand, short_name, to_kebab};
use crate::network::error::NetworkError;
use crate::network::named::{Filter, Network};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_graph::Subset;
use powermap_rdf::nearest;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// A board, the records that it was resolved from, and the edges of it that count.
///
/// The network is built when it is first asked for, and shared by all clones.
#[derive(Clone)]
pub struct Position {
    facts: Arc<Facts>,
    network: Arc<OnceLock<Network>>,
    filter: Filter,
    subset: Arc<OnceLock<Subset>>,
    /// The totals among the edges that count.
    totals: Arc<OnceLock<Totals<u32>>>,
    checks: Option<Arc<Checks>>,
    /// Whether the network never had records.
    is_plain: bool,
    /// The edges of a network without records that are not gone, whatever the filter; all if `None`.
    left: Option<Arc<Subset>>,
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Position")
            .field("view", &self.view())
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}

impl Position {
    /// Returns the position of a board and the records that it was resolved from; all edges count.
    pub fn new(records: Arc<Records>, board: Arc<Board>) -> Self {
        Self::of_facts(Facts::given(records, board))
    }

    /// Returns the position of a board with this view, its days filled in; `source` is read when first needed.
    pub fn unread(view: View, source: Box<dyn Unread>) -> Self {
        Self::of_facts(Facts::unread(view, source))
    }

    fn of_facts(facts: Facts) -> Self {
        Self {
            facts: Arc::new(facts),
            network: Arc::default(),
            filter: Filter::default(),
            subset: Arc::default(),
            totals: Arc::default(),
            checks: None,
            is_plain: false,
            left: None,
        }
    }

    /// Returns the position of a network that never had records: a plain edge list.
    pub fn of_network(network: Network) -> Self {
        Self {
            network: Arc::new(OnceLock::from(network)),
            is_plain: true,
            ..Self::new(Arc::default(), Arc::default())
        }
    }

    /// Sets the check queries of a map.
    #[must_use]
    pub(crate) fn with_checks(self, checks: Arc<Checks>) -> Self {
        Self {
            checks: Some(checks),
            ..self
        }
    }

    /// Returns the position with only the edges that pass a filter. O(1): edges are filtered when first needed.
    #[must_use]
    pub fn filtered(&self, filter: Filter) -> Self {
        Self {
            filter,
            subset: Arc::default(),
            totals: Arc::default(),
            ..self.clone()
        }
    }

    /// Returns the position of the records as seen from another view. The filter stays.
    ///
    /// O(c log c) in the number of claims. A network without records stays as it is.
    #[must_use]
    pub fn at(&self, view: View) -> Self {
        if !self.has_claims() {
            return self.clone();
        }
        self.with_board(Board::resolve(&self.facts.read().0, view))
    }

    /// Replaces the board by another one of the same records. The filter stays.
    #[must_use]
    pub fn with_board(&self, board: Board) -> Self {
        Self {
            facts: Arc::new(self.facts.with_board(Arc::new(board))),
            network: Arc::default(),
            subset: Arc::default(),
            totals: Arc::default(),
            is_plain: false,
            left: None,
            ..self.clone()
        }
    }

    /// Returns the position without some players and edges: the board as if they were gone. The filter stays.
    ///
    /// O(n) in the edges on the board.
    ///
    /// # Errors
    /// Those of the network.
    pub fn without(
        &self,
        players: &[NamedNode],
        edges: &[NamedNode],
    ) -> Result<Self, NetworkError> {
        let is_gone = |id: &NamedNode, from: &NamedNode, to: &NamedNode| {
            players.contains(from) || players.contains(to) || edges.contains(id)
        };
        if self.has_claims() {
            let mut board = self.board().clone();
            let records = self.records();
            let is_gone = |id: &NamedNode| {
                let edge = records.edges.get(id);
                edge.is_some_and(|edge| is_gone(id, &edge.from, &edge.to))
            };
            let gone: BTreeSet<_> = board
                .edges
                .keys()
                .filter(|id| is_gone(id))
                .cloned()
                .collect();
            board.remove(&gone, &records.stated_totals());
            return Ok(self.with_board(board));
        }
        let network = self.network()?.network;
        let player = |node: u32| network.player(node);
        let left = Subset::of(network.graph.edge_count(), |edge| {
            let (from, to) = (network.graph.source(edge), network.graph.target(edge));
            self.is_left(edge) && !is_gone(&network.id(edge), &player(from), &player(to))
        });
        Ok(Self {
            subset: Arc::default(),
            totals: Arc::default(),
            left: Some(Arc::new(left)),
            ..self.clone()
        })
    }

    /// Returns whether an edge is not gone from a network without records.
    fn is_left(&self, edge: u32) -> bool {
        self.left.as_ref().is_none_or(|left| left.contains(edge))
    }

    /// Returns the records as the board shows them: a player that was joined from several is one. Empty where they could not
    /// be read; see [`Position::problem`].
    pub fn records(&self) -> &Records {
        self.facts.seen()
    }

    /// Returns records in which some things have their names: those of [`Position::records`], or, of a compiled map of which
    /// nothing was read, as many of them as that takes.
    pub(crate) fn named(&self, ids: &[NamedNode]) -> Cow<'_, Records> {
        self.facts.named(ids)
    }

    /// Returns records and a board in which all observations are: those of [`Position::records`] and [`Position::board`], or, of
    /// a compiled map of which nothing was read, as much of them as that takes.
    pub(crate) fn observed(&self) -> (&Records, &Board) {
        self.facts.observed()
    }

    /// Returns the board. Its edges are all that are on it, whatever the filter; see [`Position::edges`].
    pub fn board(&self) -> &Board {
        &self.facts.read().1
    }

    /// Returns the day of the board and how many edges without a start it leaves out; `None` if it leaves none out.
    pub(crate) fn unknown_starts(&self) -> Option<(Day, usize)> {
        let count = self.has_claims().then(|| self.board().unknown_starts)?;
        Some((self.day()?, count)).filter(|(_, count)| *count > 0)
    }

    /// Returns why records could not be read, if they could not; what was computed without them must not be used.
    pub fn problem(&self) -> Option<&SourceError> {
        self.facts.problem()
    }

    /// Returns the filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Returns the edges that count, with their records and what holds of them, sorted by id. O(n) in the edges on the
    /// board.
    pub fn edges(&self) -> impl Iterator<Item = (&NamedNode, &Edge, &Resolution)> {
        self.board().edges.iter().filter_map(|(id, resolution)| {
            let edge = self.records().edges.get(id)?;
            self.admits(edge, resolution)
                .then_some((id, edge, resolution))
        })
    }

    /// Returns whether an edge with this record and resolution passes the filter.
    pub(crate) fn admits(&self, edge: &Edge, resolution: &Resolution) -> bool {
        self.filter.admits(edge, resolution)
    }

    /// Returns the network with the edges that count.
    ///
    /// O(n log n + m) the first time, O(1) after it.
    ///
    /// # Errors
    /// Those of [`Network::from_board`].
    pub fn network(&self) -> Result<Lens<'_>, NetworkError> {
        let network = match self.network.get() {
            Some(network) => network,
            None => {
                let built = match self.facts.network() {
                    Some(network) => network,
                    None => Network::from_board(self.records(), self.board())?,
                };
                self.network.get_or_init(|| built)
            }
        };
        let is_open = self.filter.is_open() && self.left.is_none();
        let chosen = || {
            let passing = network.subset(&self.filter);
            if self.left.is_none() {
                return passing;
            }
            Subset::of(network.graph.edge_count(), |edge| {
                passing.contains(edge) && self.is_left(edge)
            })
        };
        let subset = (!is_open).then(|| self.subset.get_or_init(chosen));
        let counts = |edge: u32| subset.is_none_or(|subset| subset.contains(edge));
        let totals = || Totals::new(&network.totals, counts);
        Ok(Lens {
            network,
            subset,
            totals: self.totals.get_or_init(totals),
        })
    }

    /// Returns whether it is a position of records, in which claims can be, rather than of a plain edge list.
    pub fn has_claims(&self) -> bool {
        !self.is_plain
    }

    /// Fails for a network without claims.
    ///
    /// # Errors
    /// [`AnalysisError::NoClaims`].
    pub(crate) fn check_claims(&self, analysis: &'static str) -> Result<(), AnalysisError> {
        if self.has_claims() {
            return Ok(());
        }
        Err(AnalysisError::NoClaims { analysis })
    }

    /// Returns what the check queries refute here; nothing where none were given.
    ///
    /// # Errors
    /// [`AnalysisError::Checks`].
    pub fn refuted(&self, cancel: &AtomicBool) -> Result<Vec<Refuted>, AnalysisError> {
        let found = self
            .checks
            .as_ref()
            .map(|checks| checks(self.view(), cancel));
        found
            .unwrap_or_else(|| Ok(Vec::new()))
            .map_err(AnalysisError::Checks)
    }

    /// Returns the player that a person means by a name.
    ///
    /// # Errors
    /// [`UnknownPlayer`] with the nearest names.
    pub fn player(&self, name: &str) -> Result<NamedNode, UnknownPlayer> {
        let network = match self.facts.is_read() {
            true => self.network.get(),
            // Its players come without the records.
            false => self.network().ok().map(|lens| lens.network),
        };
        if let Some(network) = network
            && let Some(node) = expand(name).and_then(|id| network.node(&id))
        {
            return Ok(network.player(node));
        }
        if let Some(records) = self.facts.players() {
            return records.find_player(name);
        }
        let joined = &self.board().joined;
        let known = self.facts.read().0.find_shown(name, joined);
        // A player may occur at the end of an edge only.
        known.or_else(|unknown| {
            let id = expand(name).ok_or_else(|| unknown.clone())?;
            let id = joined.shown(&id);
            let at_an_end = self
                .edges()
                .any(|(_, edge, _)| edge.from == *id || edge.to == *id);
            if at_an_end {
                Ok(id.clone())
            } else {
                Err(unknown)
            }
        })
    }

    /// Returns whether edges can be of a kind: an edge is, or the map or the ontology defines it. If not, the error has the
    /// names of the nearest kinds.
    pub(super) fn check_kind(&self, kind: &NamedNode) -> Result<(), Vec<String>> {
        // Of a compiled map, the records are read only where no edge on the board is of the kind.
        let network = match self.facts.is_read() {
            true => self.network.get(),
            false => self.network().ok().map(|lens| lens.network),
        };
        let used = network.map_or(&[][..], |network| network.columns.kinds.as_slice());
        let used = used.iter().filter_map(|kind| kind.concept.as_ref());
        if used.clone().any(|concept| concept == kind) {
            return Ok(());
        }
        let records = self.records();
        let mut edges = records.edges.values();
        if records.concepts.contains_key(kind) || edges.any(|edge| edge.kind.as_ref() == Some(kind))
        {
            return Ok(());
        }
        let names: BTreeSet<String> = used
            .chain(records.concepts.keys())
            .map(|concept| match concept.as_str().strip_prefix(PM) {
                Some(local) => to_kebab(local),
                None => compact(concept.as_str()),
            })
            .collect();
        let wanted = to_kebab(short_name(kind.as_str()));
        let near = nearest(&wanted, names.iter().map(String::as_str));
        Err(near.into_iter().map(str::to_owned).collect())
    }

    /// Returns the edge on the board that has this id, or this short id (see [`short_id`](crate::model::short_id())).
    ///
    /// # Errors
    /// The edges that have this short id: none, or several.
    pub fn edge(&self, text: &str) -> Result<NamedNode, Vec<NamedNode>> {
        let edges = &self.board().edges;
        if let Some(id) = expand(text).filter(|id| edges.contains_key(id)) {
            return Ok(id);
        }
        match of_short_id(text, edges.keys()).as_slice() {
            [only] => Ok((*only).clone()),
            several => Err(several.iter().copied().cloned().collect()),
        }
    }

    /// Returns what holds of an edge or an observation.
    pub fn resolution(&self, id: &NamedNode) -> Option<&Resolution> {
        let board = self.board();
        board.edges.get(id).or_else(|| board.observations.get(id))
    }

    /// Returns the claims that an edge or an observation rests on: those of one of its values, or all that count.
    pub fn claims(&self, id: &NamedNode, measure: Option<Measure>) -> Vec<NamedOrBlankNode> {
        let Some(resolution) = self.resolution(id) else {
            return Vec::new();
        };
        let values = resolution.values.iter();
        let of_value = values.filter(|value| Some(value.measure) == measure);
        let mut claims: Vec<_> = of_value.flat_map(|value| value.claims.clone()).collect();
        if claims.is_empty() {
            claims.clone_from(&resolution.claims);
        }
        claims.dedup();
        claims
    }

    /// Returns the view, its days filled in.
    pub fn view(&self) -> View {
        self.facts.view
    }

    /// Returns the day that is looked at.
    pub fn day(&self) -> Option<Day> {
        self.view().as_of
    }

    /// Returns the rule that picks one value where claims disagree.
    pub fn policy(&self) -> Policy {
        self.view().policy
    }
}

/// A network and which of its edges count.
#[derive(Debug, Clone, Copy)]
pub struct Lens<'a> {
    /// The network.
    pub network: &'a Network,
    subset: Option<&'a Subset>,
    totals: &'a Totals<u32>,
}

impl<'a> Lens<'a> {
    /// Returns whether an edge has no value in any measure, and is no part of a total, which would have its value.
    pub(crate) fn is_silent(self, edge: u32) -> bool {
        let mut values = self.network.columns.values_of(edge, None);
        values.next().is_none() && self.total_of(edge).is_none()
    }

    /// Returns the nearest total that an edge is a part of.
    pub(crate) fn total_of(self, edge: u32) -> Option<u32> {
        self.totals.total_of(edge)
    }

    /// Returns whether an edge counts.
    #[inline]
    pub fn keeps(&self, edge: u32) -> bool {
        self.subset.is_none_or(|subset| subset.contains(edge))
    }

    /// Returns the edges that count.
    pub fn edges(self) -> impl Iterator<Item = u32> + 'a {
        (0..self.network.graph.edge_count()).filter(move |edge| self.keeps(*edge))
    }

    /// Returns the sums of some edges, each given once, in one measure: a total never with its parts.
    pub fn sums(self, edges: &[u32], measure: Measure) -> Sums<u32> {
        sum::sums(self.network, self.totals, edges, Some(measure))
    }

    /// Returns the quantities of [`Lens::sums`], without what they are made of.
    pub fn quantities(self, edges: &[u32], measure: Measure) -> BTreeMap<Unit, Quantity> {
        sum::quantities(self.network, self.totals, edges, measure)
    }

    /// Returns the status of an edge.
    #[inline]
    pub fn status(&self, edge: u32) -> Option<Status> {
        self.network.columns.status(edge)
    }
}
