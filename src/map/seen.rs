//! What is read out of the triples of a map, and seen from a view: each when it is first asked for.

use crate::analysis::facts::{Both, ReadError, Unread};
use crate::analysis::position::Position;
use crate::format::board_graph::board_triples;
use crate::map::Map;
use crate::map::error::MapError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::model::vocabulary::pm;
use crate::network::named::Network;
use crate::store::any::Store;
use crate::store::error::StoreError;
use crate::store::load::{Listener, Phase};
use crate::store::read::ReadStore;
use crate::store::records::{self, RecordProblem};
use oxigraph::model::{NamedOrBlankNode, Term};
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

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
    /// The triples with the board of the view.
    store: Once<Store>,
    /// The records and the board as analyses see them.
    position: Once<Position>,
}

impl Worked {
    /// The same records, to be seen from another view.
    pub(super) fn elsewhere(&self) -> Self {
        Self {
            read: Arc::clone(&self.read),
            ..Self::default()
        }
    }

    /// What is there so far; what is not will be worked out for this one alone.
    fn aside(&self) -> Self {
        fn aside<T>(place: &Once<T>) -> Once<T> {
            place
                .get()
                .map_or_else(Once::default, |_| Arc::clone(place))
        }
        Self {
            read: aside(&self.read),
            board: aside(&self.board),
            store: aside(&self.store),
            position: aside(&self.position),
        }
    }

    /// The same without the position, which would hold on to itself.
    fn behind_position(&self) -> Self {
        Self {
            position: Once::default(),
            ..self.clone()
        }
    }
}

/// What is there already, or what this gives. Nobody waits while it is worked out: a thread of a pool that waited could
/// be the one that is waited for.
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

    /// The records of some things, with all that their names and sources take; all records where they are there already.
    ///
    /// On a compiled map whose records were not read, linear in what is read of it; see [`Map::prepare`].
    ///
    /// # Errors
    /// [`MapError::Unreadable`], which says what is wrong with which file.
    pub fn records_of(
        &self,
        ids: impl IntoIterator<Item = NamedOrBlankNode>,
    ) -> Result<Cow<'_, Records>, MapError> {
        let is_read = self.worked.read.get().is_some();
        match &self.text {
            Store::Compiled(store) if !is_read => {
                Ok(Cow::Owned(records::read_some(&store.dataset(), ids)?))
            }
            _ => Ok(Cow::Borrowed(self.read_records()?)),
        }
    }

    /// The records, or why there are none.
    pub(super) fn read_records(&self) -> Result<&Records, MapError> {
        Ok(&self.read()?.records)
    }

    /// The triples, or why there are none.
    pub(super) fn whole_store(&self) -> Result<&Store, MapError> {
        if self.is_whole() {
            return Ok(&self.text);
        }
        once(&self.worked.store, || {
            let triples = board_triples(&self.read()?.records, self.seen()?);
            Ok(self.text.with_graph(pm::BOARD.into_owned(), triples)?)
        })
    }

    /// The triples as a compiled file has them: with the board of the default view.
    ///
    /// Records are several times as large as their triples; those that nobody asked for yet are gone when this is done.
    pub(super) fn store_to_compile(&self, listener: &Listener<'_>) -> Result<Store, MapError> {
        listener.tell(Phase::Resolving, self.text.quad_count());
        let map = self.with_view(View::default());
        let aside = Self {
            worked: map.worked.aside(),
            ..map
        };
        Ok(aside.whole_store()?.clone())
    }

    /// Whether the board of the view is in the file already.
    fn is_whole(&self) -> bool {
        self.has_board && self.requested == View::default()
    }

    /// The records and the board without the checks of the map; those of a file are read when they are asked for.
    pub(super) fn bare_position(&self) -> Result<&Position, MapError> {
        once(&self.worked.position, || {
            if self.is_whole() {
                let behind = Self {
                    worked: self.worked.behind_position(),
                    ..self.clone()
                };
                let view = board_view(&self.text)?;
                return Ok(Position::unread(view, Box::new(Behind(behind))));
            }
            let records = Arc::clone(&self.read()?.records);
            Ok(Position::new(records, Arc::clone(self.seen()?)))
        })
    }

    /// Reads the records, resolves the board and puts it beside the text, unless that was done: what the methods that
    /// cannot fail show.
    ///
    /// Only a compiled map can fail here. Its file is checked where it is read, and damage is found then. Afterwards
    /// [`Map::records`], [`Map::problems`], [`Map::board`], [`Map::position`] and [`Map::store`] have what they say;
    /// without it, those of a damaged file are empty. Methods that give a result need no call of this one.
    ///
    /// # Errors
    /// [`MapError::Unreadable`], which says what is wrong with which file.
    pub fn prepare(&self) -> Result<(), MapError> {
        self.seen()?;
        self.whole_store()?;
        Ok(())
    }

    /// The players, deals, edges, observations, claims and documents of the map; see [`Map::prepare`].
    pub fn records(&self) -> &Records {
        static NONE: LazyLock<Records> = LazyLock::new(Records::default);
        self.read().map_or(&NONE, |read| &read.records)
    }

    /// What stands in the text but cannot be read as a record, or not wholly; see [`Map::prepare`].
    pub fn problems(&self) -> &[RecordProblem] {
        self.read().map_or(&[], |read| &read.problems)
    }

    /// The board of the map's view; see [`Map::prepare`].
    pub fn board(&self) -> &Board {
        static NONE: LazyLock<Board> = LazyLock::new(Board::default);
        self.seen().map_or(&NONE, |board| board)
    }

    /// The triples: the text, the ontology in `pm:ontology` and the board in `pm:board`; see [`Map::prepare`].
    pub fn store(&self) -> &Store {
        static NONE: LazyLock<Store> = LazyLock::new(Store::default);
        self.whole_store().unwrap_or(&NONE)
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

/// A compiled map behind a position.
struct Behind(Map);

impl Unread for Behind {
    fn read(&self) -> Result<Both, ReadError> {
        let records = Arc::clone(&self.0.read()?.records);
        Ok((records, Arc::clone(self.0.seen()?)))
    }

    fn network(&self) -> Result<Option<Network>, ReadError> {
        match &self.0.text {
            Store::Compiled(store) => Ok(Network::from_compiled(store)?),
            Store::Memory(_) => Ok(None),
        }
    }
}

/// A position that cannot be read.
pub(super) struct Broken(pub(super) MapError);

impl Broken {
    fn again(&self) -> ReadError {
        match &self.0 {
            MapError::Unreadable(error) => MapError::Unreadable(Arc::clone(error)).into(),
            other => other.to_string().into(),
        }
    }
}

impl Unread for Broken {
    fn read(&self) -> Result<Both, ReadError> {
        Err(self.again())
    }

    fn network(&self) -> Result<Option<Network>, ReadError> {
        Err(self.again())
    }
}
