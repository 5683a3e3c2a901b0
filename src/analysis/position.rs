//! The position that an analysis looks at: the board, the records behind it, and the network of both.

use crate::analysis::conflicts::Refuted;
use crate::analysis::error::AnalysisError;
use crate::analysis::facts::{Facts, ReadError, Unread};
use crate::model::board::Board;
use crate::model::find::UnknownPlayer;
use crate::model::name::{Policy, Status};
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::time::Day;
use crate::model::unit::Measure;
use crate::model::view::View;
use crate::model::vocabulary::expand;
use crate::network::error::NetworkError;
use crate::network::named::{Filter, Network};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_graph::Subset;
use std::error::Error;
use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

/// What the check queries refute as seen from a view; a floor that knows SPARQL can give it.
pub type Checks =
    dyn Fn(View, &AtomicBool) -> Result<Vec<Refuted>, Box<dyn Error + Send + Sync>> + Send + Sync;

/// A board, the records that it was resolved from, and the edges of it that count.
///
/// The network is built when it is first asked for, and shared by all clones.
#[derive(Clone)]
pub struct Position {
    facts: Arc<Facts>,
    network: Arc<OnceLock<Network>>,
    filter: Filter,
    subset: Arc<OnceLock<Subset>>,
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
    /// The position of a board and the records that it was resolved from; all edges count.
    pub fn new(records: Arc<Records>, board: Arc<Board>) -> Self {
        Self::of_facts(Facts::given(records, board))
    }

    /// The position of a board whose view this is, its days filled in; what is behind it is read when it is asked for.
    pub fn unread(view: View, source: Box<dyn Unread>) -> Self {
        Self::of_facts(Facts::unread(view, source))
    }

    fn of_facts(facts: Facts) -> Self {
        Self {
            facts: Arc::new(facts),
            network: Arc::default(),
            filter: Filter::default(),
            subset: Arc::default(),
            checks: None,
            is_plain: false,
            left: None,
        }
    }

    /// The position of a network that never had records: a plain edge list.
    pub fn of_network(network: Network) -> Self {
        Self {
            network: Arc::new(OnceLock::from(network)),
            is_plain: true,
            ..Self::new(Arc::default(), Arc::default())
        }
    }

    /// The same with the check queries of a map.
    #[must_use]
    pub fn with_checks(self, checks: Arc<Checks>) -> Self {
        Self {
            checks: Some(checks),
            ..self
        }
    }

    /// The same with only the edges that pass a filter. O(1); the edges are looked through when they are asked for.
    #[must_use]
    pub fn filtered(&self, filter: Filter) -> Self {
        Self {
            filter,
            subset: Arc::default(),
            ..self.clone()
        }
    }

    /// The same records looked at from another view, with the same filter.
    ///
    /// O(c log c) in the number of claims. A network without records stays as it is.
    #[must_use]
    pub fn at(&self, view: View) -> Self {
        if !self.has_claims() {
            return self.clone();
        }
        self.with_board(Board::resolve(self.records(), view))
    }

    /// The same records with another board of them, with the same filter.
    #[must_use]
    pub fn with_board(&self, board: Board) -> Self {
        Self {
            facts: Arc::new(self.facts.with_board(Arc::new(board))),
            network: Arc::default(),
            subset: Arc::default(),
            is_plain: false,
            left: None,
            ..self.clone()
        }
    }

    /// The same without some players and edges: what the board would be if they were gone. The filter stays.
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
            board.edges.retain(|id, _| {
                let edge = self.records().edges.get(id);
                edge.is_none_or(|edge| !is_gone(id, &edge.from, &edge.to))
            });
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
            left: Some(Arc::new(left)),
            ..self.clone()
        })
    }

    /// Whether an edge is not gone from a network without records.
    fn is_left(&self, edge: u32) -> bool {
        self.left.as_ref().is_none_or(|left| left.contains(edge))
    }

    /// The records. Empty where they could not be read; see [`Position::problem`].
    pub fn records(&self) -> &Records {
        &self.facts.read().0
    }

    /// The board. Its edges are all that are on it, whatever the filter; see [`Position::edges`].
    pub fn board(&self) -> &Board {
        &self.facts.read().1
    }

    /// Why something that was asked for could not be read, if it could not: nothing that was worked out counts then.
    pub fn problem(&self) -> Option<&ReadError> {
        self.facts.problem()
    }

    /// The filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The edges that count, with their records and what holds of them, sorted by id. O(n) in the edges on the board.
    pub fn edges(&self) -> impl Iterator<Item = (&NamedNode, &Edge, &Resolution)> {
        self.board().edges.iter().filter_map(|(id, resolution)| {
            let edge = self.records().edges.get(id)?;
            self.admits(edge, resolution)
                .then_some((id, edge, resolution))
        })
    }

    /// Whether an edge with this record and resolution passes the filter.
    pub fn admits(&self, edge: &Edge, resolution: &Resolution) -> bool {
        let filter = &self.filter;
        let amount = |least: f64| {
            let mut amounts = resolution
                .values
                .iter()
                .filter(|v| v.measure == Measure::Amount);
            amounts.any(|value| value.quantity.upper.is_none_or(|upper| upper >= least))
        };
        (filter.families.is_empty() || filter.families.contains(&edge.family))
            && (filter.kinds.is_empty()
                || edge
                    .kind
                    .as_ref()
                    .is_some_and(|kind| filter.kinds.contains(kind)))
            && filter
                .status_min
                .is_none_or(|least| resolution.status.is_some_and(|status| status >= least))
            && filter.amount_min.is_none_or(amount)
    }

    /// The network with the edges that count.
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
        let subset = || self.subset.get_or_init(chosen);
        Ok(Lens {
            network,
            subset: (!is_open).then(subset),
        })
    }

    /// Whether it is a position of records, in which claims can be, rather than of a plain edge list.
    pub fn has_claims(&self) -> bool {
        !self.is_plain
    }

    /// Fails for a network without claims.
    ///
    /// # Errors
    /// [`AnalysisError::NoClaims`].
    pub fn check_claims(&self, analysis: &'static str) -> Result<(), AnalysisError> {
        if self.has_claims() {
            return Ok(());
        }
        Err(AnalysisError::NoClaims { analysis })
    }

    /// What the check queries refute here; nothing where none were given.
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

    /// The player that a person means by a name.
    ///
    /// # Errors
    /// [`UnknownPlayer`] with the nearest names.
    pub fn player(&self, name: &str) -> Result<NamedNode, UnknownPlayer> {
        if let Some(network) = self.network.get()
            && let Some(id) = expand(name).filter(|id| network.node(id).is_some())
        {
            return Ok(id);
        }
        let known = self.records().find_player(name);
        // A player may occur at the end of an edge only.
        known.or_else(|unknown| {
            let id = expand(name).ok_or_else(|| unknown.clone())?;
            let at_an_end = self
                .edges()
                .any(|(_, edge, _)| edge.from == id || edge.to == id);
            if at_an_end { Ok(id) } else { Err(unknown) }
        })
    }

    /// The edge on the board that has this id.
    pub fn edge(&self, text: &str) -> Option<NamedNode> {
        expand(text).filter(|id| self.board().edges.contains_key(id))
    }

    /// What holds of an edge or an observation.
    pub fn resolution(&self, id: &NamedNode) -> Option<&Resolution> {
        let board = self.board();
        board.edges.get(id).or_else(|| board.observations.get(id))
    }

    /// The claims that an edge or an observation rests on: those of one of its values, or all that count.
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

    /// The view, its days filled in.
    pub fn view(&self) -> View {
        self.facts.view
    }

    /// The day that is looked at.
    pub fn day(&self) -> Option<Day> {
        self.view().as_of
    }

    /// The rule that picks one value where claims disagree.
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
}

impl<'a> Lens<'a> {
    /// Whether an edge counts.
    #[inline]
    pub fn keeps(&self, edge: u32) -> bool {
        self.subset.is_none_or(|subset| subset.contains(edge))
    }

    /// The edges that count.
    pub fn edges(self) -> impl Iterator<Item = u32> + 'a {
        (0..self.network.graph.edge_count()).filter(move |edge| self.keeps(*edge))
    }

    /// The status of an edge.
    #[inline]
    pub fn status(&self, edge: u32) -> Option<Status> {
        self.network.columns.status(edge)
    }
}
