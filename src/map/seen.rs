//! What is read out of the triples of a map, and seen from a view: each when it is first asked for.

use crate::analysis::facts::{Both, Unread};
use crate::analysis::position::Position;
use crate::analysis::source_error::SourceError;
use crate::format::board_graph::board_triples;
use crate::format::quads::record_quads;
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::model::vocabulary::pm;
use crate::network::named::Network;
use crate::records::{self, RecordProblem};
use oxigraph::model::{GraphNameRef, NamedNode, NamedOrBlankNode, Quad, Term};
use powermap_rdf::{CompiledStore, Listener, MemoryStore, Phase, ReadStore, Store, StoreError};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// The most triples of which a second form is made that shows each joined player once.
const SHOWN_QUADS_MAX: u64 = 5_000_000;

/// Something that is worked out once, or the error that it ends with every time.
type Once<T> = Arc<OnceLock<Result<T, Arc<StoreError>>>>;

/// The records, and what stands in the text but cannot be read as one.
#[derive(Debug)]
struct Read {
    records: Arc<Records>,
    problems: Vec<RecordProblem>,
}

/// What was worked out so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Worked {
    read: Once<Read>,
    board: Once<Arc<Board>>,
    /// The triples with the board of the view, as they are read.
    triples: Once<Store>,
    /// The same on columns, for queries.
    store: Once<Store>,
    /// The store with each joined player once, for named queries.
    shown: Once<Store>,
    /// The records and the board as analyses see them.
    position: Once<Position>,
}

impl Worked {
    /// Shares the records only, for another view.
    pub(super) fn for_another_view(&self) -> Self {
        Self {
            read: Arc::clone(&self.read),
            ..Self::default()
        }
    }

    /// Shares the cells computed so far; the rest start empty.
    fn fork(&self) -> Self {
        fn filled<T>(place: &Once<T>) -> Once<T> {
            place
                .get()
                .map_or_else(Once::default, |_| Arc::clone(place))
        }
        Self {
            read: filled(&self.read),
            board: filled(&self.board),
            triples: filled(&self.triples),
            store: filled(&self.store),
            shown: filled(&self.shown),
            position: filled(&self.position),
        }
    }

    /// Shares all cells but the position, which would hold on to itself.
    fn without_position(&self) -> Self {
        Self {
            position: Once::default(),
            ..self.clone()
        }
    }
}

/// Returns what the cell has, or fills it. Never blocks: a rayon worker blocked here could deadlock the pool. May compute
/// twice.
fn once<T>(
    place: &OnceLock<Result<T, Arc<StoreError>>>,
    work: impl FnOnce() -> Result<T, MapError>,
) -> Result<&T, MapError> {
    let found = match place.get() {
        Some(found) => found,
        None => {
            let found = match work() {
                Ok(found) => Ok(found),
                Err(MapError::Store(error)) => Err(Arc::new(error)),
                Err(MapError::Unreadable(error)) => Err(error),
                Err(other) => return Err(other),
            };
            place.get_or_init(|| found)
        }
    };
    found
        .as_ref()
        .map_err(|error| MapError::Unreadable(Arc::clone(error)))
}

impl Map {
    fn read(&self) -> Result<&Read, MapError> {
        once(&self.worked.read, || {
            let (records, problems) = records::read(&self.text.dataset())?;
            Ok(Read {
                records: Arc::new(records),
                problems,
            })
        })
    }

    fn seen(&self) -> Result<&Arc<Board>, MapError> {
        once(&self.worked.board, || {
            let records = &self.read()?.records;
            Ok(Arc::new(Board::resolve(records, self.requested)))
        })
    }

    /// The records of some things as the board shows them, with all that their names and sources take; all records where they
    /// are there already.
    ///
    /// On a compiled map whose records were not read, linear in what is read of it.
    ///
    /// # Errors
    /// [`MapError::Unreadable`], which says what is wrong with which file.
    pub fn records_of(
        &self,
        ids: impl IntoIterator<Item = NamedOrBlankNode>,
    ) -> Result<Cow<'_, Records>, MapError> {
        let is_read = self.worked.read.get().is_some();
        match &self.text {
            Store::Compiled(store) if !is_read && !self.has_joined()? => {
                Ok(Cow::Owned(records::read_some(&store.dataset(), ids)?))
            }
            _ => Ok(Cow::Borrowed(self.shown_records()?)),
        }
    }

    /// Reads a part of a compiled map of which nothing is read yet; `None` where all has to be read, as players are joined or
    /// the board is not in the file.
    pub(super) fn part<T>(
        &self,
        read: impl FnOnce(&CompiledStore) -> Result<T, MapError>,
    ) -> Result<Option<T>, MapError> {
        match &self.text {
            Store::Compiled(store)
                if self.worked.read.get().is_none() && self.is_whole() && !self.has_joined()? =>
            {
                read(store).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Whether the board shows any player as another one.
    fn has_joined(&self) -> Result<bool, MapError> {
        let board = GraphNameRef::NamedNode(pm::BOARD);
        let mut shown = (self.triples()?).matching(None, Some(pm::SHOWN_AS), None, board);
        Ok(shown.next().transpose()?.is_some())
    }

    /// Returns the records as the board shows them: a player that was joined from several is one, with all their names,
    /// and edges and claims speak of it. These are [`Map::records`] where no two players are one.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn shown_records(&self) -> Result<&Records, MapError> {
        let records = self.records()?;
        if records.identities.is_empty() && records.identifiers.is_empty() {
            return Ok(records);
        }
        let position = self.bare_position()?;
        let shown = position.records();
        match position.problem() {
            Some(problem) => Err(MapError::Position(problem.clone())),
            None => Ok(shown),
        }
    }

    /// The triples as a compiled file has them: with the board of the default view.
    ///
    /// Records are several times as large as their triples; those that nobody asked for yet are gone when this is done.
    pub(super) fn store_to_compile(&self, listener: &Listener<'_>) -> Result<Store, MapError> {
        listener.tell(Phase::Resolving, self.text.quad_count());
        let map = self.with_view(View::default());
        let fork = Self {
            worked: map.worked.fork(),
            ..map
        };
        let store = fork.triples()?.clone();
        // A compiled map has its notices already.
        let notices = match &fork.text {
            Store::Memory(_) => fork.notice_triples()?,
            Store::Compiled(_) => Vec::new(),
        };
        match notices.is_empty() {
            true => Ok(store),
            false => Ok(store.with_graph(pm::NOTICES.into_owned(), notices)?),
        }
    }

    /// Whether the board of the view is in the file already.
    fn is_whole(&self) -> bool {
        self.has_board && self.requested == View::default() && self.has_usual_policy()
    }

    /// Whether the board in the file is by the policy that is usual now: an older version had another one. What cannot be
    /// read is an error where it is needed.
    fn has_usual_policy(&self) -> bool {
        let graph = GraphNameRef::NamedNode(pm::BOARD);
        let board = Some(pm::BOARD.into());
        let mut policies = self.text.matching(board, Some(pm::POLICY), None, graph);
        match policies.next() {
            Some(Ok(quad)) => quad.object == Term::from(View::default().policy.iri()),
            _ => true,
        }
    }

    /// The records and the board without the checks of the map; those of a file are read when they are asked for.
    pub(super) fn bare_position(&self) -> Result<&Position, MapError> {
        once(&self.worked.position, || {
            if self.is_whole() {
                let source = Self {
                    worked: self.worked.without_position(),
                    ..self.clone()
                };
                let view = board_view(&self.text)?;
                return Ok(Position::unread(view, Box::new(Source(source))));
            }
            let records = Arc::clone(&self.read()?.records);
            Ok(Position::new(records, Arc::clone(self.seen()?)))
        })
    }

    /// Returns the players, deals, edges, observations, claims and documents of the map.
    ///
    /// Reads them the first time: O(n log n) for n triples.
    ///
    /// # Errors
    /// [`MapError::Unreadable`], which says what is wrong with which file. Only a compiled map can fail here: its file is
    /// checked where it is read. The same holds for the methods below.
    pub fn records(&self) -> Result<&Records, MapError> {
        Ok(&self.read()?.records)
    }

    /// Returns what stands in the text but cannot be read as a record, or not wholly.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn problems(&self) -> Result<&[RecordProblem], MapError> {
        Ok(&self.read()?.problems)
    }

    /// Returns the board of the map's view. Resolves it the first time: O(c log c) for c claims.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn board(&self) -> Result<&Board, MapError> {
        Ok(self.seen()?)
    }

    /// Returns the triples with the board of the view: in memory where the text is, for what reads or changes them one
    /// pattern at a time.
    pub(super) fn triples(&self) -> Result<&Store, MapError> {
        if self.is_whole() {
            return Ok(&self.text);
        }
        once(&self.worked.triples, || {
            let triples = board_triples(&self.read()?.records, self.seen()?);
            Ok(self.text.with_graph(pm::BOARD.into_owned(), triples)?)
        })
    }

    /// Returns the triples: the text, the ontology in `pm:ontology` and the board in `pm:board`, on columns, so that a query
    /// costs the same on a map of text as on a compiled one.
    ///
    /// Resolves the board and builds the columns the first time: O(n log n) for n triples.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn store(&self) -> Result<&Store, MapError> {
        let triples = self.triples()?;
        match triples {
            Store::Compiled(_) => Ok(triples),
            Store::Memory(memory) => once(&self.worked.store, || {
                Ok(CompiledStore::in_memory(memory)?.into())
            }),
        }
    }

    /// Returns the triples of [`Map::store`] in which edges, figures and claims speak of the player that is shown, where
    /// several are one.
    ///
    /// On more than five million triples, these are the ones of the text.
    pub(super) fn shown_store(&self) -> Result<&Store, MapError> {
        if !self.has_joined()? || self.triples()?.quad_count() > SHOWN_QUADS_MAX {
            return self.store();
        }
        once(&self.worked.shown, || {
            let told: FxHashSet<Quad> = record_quads(self.records()?).into_iter().collect();
            let shown: FxHashSet<Quad> = record_quads(self.shown_records()?).into_iter().collect();
            let mut quads = Vec::with_capacity(told.len());
            for quad in self.triples()?.quads() {
                let quad = quad?;
                if shown.contains(&quad) || !told.contains(&quad) {
                    quads.push(quad);
                }
            }
            // Sorted, so that the same map gives the same rows.
            let mut new: Vec<Quad> = shown.difference(&told).cloned().collect();
            new.sort_by_cached_key(Quad::to_string);
            quads.extend(new);
            let memory = MemoryStore::from_quads(quads);
            Ok(CompiledStore::in_memory(&memory)?.into())
        })
    }
}

/// The view that the triples of a board tell, its days filled in.
fn board_view(store: &Store) -> Result<View, MapError> {
    let board = pm::BOARD;
    let mut view = View::default();
    for quad in store.matching(Some(board.into()), None, None, board.into()) {
        let quad = quad?;
        if let (true, Term::Literal(day)) = (quad.predicate == pm::AS_OF, &quad.object) {
            view.as_of = day.value().parse().ok();
        }
    }
    Ok(view)
}

/// The compiled map that a position is read from, once it is asked for more than its network.
struct Source(Map);

impl Unread for Source {
    fn read(&self) -> Result<Both, SourceError> {
        let both = || {
            let records = Arc::clone(&self.0.read()?.records);
            Ok((records, Arc::clone(self.0.seen()?)))
        };
        both().map_err(|error: MapError| error.into())
    }

    fn named(&self, ids: &[NamedNode]) -> Result<Option<Records>, SourceError> {
        let found = self.0.part(|store| {
            let ids = ids.iter().cloned().map(Into::into);
            Ok(records::read_some(&store.dataset(), ids)?)
        });
        Ok(found?)
    }

    fn players(&self) -> Result<Option<Records>, SourceError> {
        let found = (self.0).part(|store| Ok(records::read_players(&store.dataset())?));
        Ok(found?)
    }

    fn observed(&self) -> Result<Option<Both>, SourceError> {
        let found = self.0.part(|store| {
            let records = records::read_observations(&store.dataset())?;
            let board = Board::resolve(&records, board_view(&self.0.text)?);
            Ok((Arc::new(records), Arc::new(board)))
        });
        Ok(found?)
    }

    fn network(&self) -> Result<Option<Network>, SourceError> {
        match &self.0.text {
            Store::Compiled(store) => {
                Network::from_compiled(store).map_err(|error| MapError::from(error).into())
            }
            Store::Memory(_) => Ok(None),
        }
    }
}
