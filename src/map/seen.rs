//! What is read out of the triples of a map, and seen from a view: each when it is first asked for.

use crate::analysis::position::Position;
use crate::format::board_graph::board_triples;
use crate::map::Map;
use crate::map::error::MapError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::model::vocabulary::pm;
use crate::store::any::Store;
use crate::store::error::StoreError;
use crate::store::read::ReadStore;
use crate::store::records::{self, RecordProblem};
use std::sync::{Arc, LazyLock, OnceLock};

/// Something that is worked out once, or the error that it ends with every time.
type Once<T> = Arc<OnceLock<Result<T, Arc<StoreError>>>>;

/// The records, and what stands in the text but cannot be read as one.
#[derive(Debug)]
struct Read {
    records: Arc<Records>,
    problems: Vec<RecordProblem>,
}

/// The records and the board as analyses see them.
#[derive(Debug)]
struct Seen {
    board: Arc<Board>,
    position: Position,
}

/// What was worked out so far. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Worked {
    read: Once<Read>,
    seen: Once<Seen>,
    /// The triples with the board of the view.
    store: Once<Store>,
}

impl Worked {
    /// The same records, to be seen from another view.
    pub(super) fn elsewhere(&self) -> Self {
        Self {
            read: Arc::clone(&self.read),
            ..Self::default()
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

    fn seen(&self) -> Result<&Seen, MapError> {
        once(&self.worked.seen, || {
            let records = &self.read()?.records;
            let board = Arc::new(Board::resolve(records, self.requested));
            Ok(Seen {
                position: Position::new(Arc::clone(records), Arc::clone(&board)),
                board,
            })
        })
    }

    /// The triples, or why there are none.
    pub(super) fn whole_store(&self) -> Result<&Store, MapError> {
        if self.has_board && self.requested == View::default() {
            return Ok(&self.text);
        }
        once(&self.worked.store, || {
            let triples = board_triples(&self.read()?.records, &self.seen()?.board);
            Ok(self.text.with_graph(pm::BOARD.into_owned(), triples)?)
        })
    }

    /// The records and the board without the checks of the map.
    pub(super) fn bare_position(&self) -> Result<&Position, MapError> {
        Ok(&self.seen()?.position)
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
        self.seen().map_or(&NONE, |seen| &seen.board)
    }

    /// The triples: the text, the ontology in `pm:ontology` and the board in `pm:board`; see [`Map::prepare`].
    pub fn store(&self) -> &Store {
        static NONE: LazyLock<Store> = LazyLock::new(Store::default);
        self.whole_store().unwrap_or(&NONE)
    }
}
