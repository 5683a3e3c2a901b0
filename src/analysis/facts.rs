//! The records and the board of a position: given, or read when first needed.

use crate::analysis::source_error::SourceError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::network::named::Network;
use oxigraph::model::NamedNode;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock, OnceLock};

/// The records and the board of them.
pub(crate) type Both = (Arc<Records>, Arc<Board>);

/// Reads the records and the board of a position; implemented by a floor that knows stores.
pub trait Unread: Send + Sync {
    /// Reads the records and the board.
    ///
    /// # Errors
    /// When they cannot be read.
    fn read(&self) -> Result<Both, SourceError>;

    /// Returns the records of some things that have a name; `None` where all have to be read for that.
    ///
    /// # Errors
    /// When they cannot be read.
    fn named(&self, ids: &[NamedNode]) -> Result<Option<Records>, SourceError>;

    /// Returns all players; `None` where all records have to be read for that.
    ///
    /// # Errors
    /// When they cannot be read.
    fn players(&self) -> Result<Option<Records>, SourceError>;

    /// Returns all observations with the claims about them, and the board of them; `None` where all records have to be read
    /// for that.
    ///
    /// # Errors
    /// When they cannot be read.
    fn observed(&self) -> Result<Option<Both>, SourceError>;

    /// Returns the network of the board, where it can be built without the records.
    ///
    /// # Errors
    /// When it cannot be read.
    fn network(&self) -> Result<Option<Network>, SourceError>;
}

/// The records and the board, now or later.
pub(super) struct Facts {
    /// The view of the board, its days filled in.
    pub(super) view: View,
    both: OnceLock<Both>,
    /// The records as the board shows them.
    seen: OnceLock<Records>,
    /// The observations alone, of a source that has them without the rest.
    observed: OnceLock<Both>,
    source: Option<Box<dyn Unread>>,
    /// The first thing that could not be read.
    problem: OnceLock<SourceError>,
}

impl Facts {
    pub(super) fn given(records: Arc<Records>, board: Arc<Board>) -> Self {
        Self {
            view: board.view,
            both: OnceLock::from((records, board)),
            seen: OnceLock::new(),
            observed: OnceLock::new(),
            source: None,
            problem: OnceLock::new(),
        }
    }

    pub(super) fn unread(view: View, source: Box<dyn Unread>) -> Self {
        Self {
            view,
            both: OnceLock::new(),
            seen: OnceLock::new(),
            observed: OnceLock::new(),
            source: Some(source),
            problem: OnceLock::new(),
        }
    }

    /// Replaces the board and keeps the records. What could not be read stays a problem.
    pub(super) fn with_board(&self, board: Arc<Board>) -> Self {
        let records = Arc::clone(&self.read().0);
        let facts = Self::given(records, board);
        if let Some(problem) = self.problem() {
            facts.note(problem.clone());
        }
        facts
    }

    /// Returns whether both are here, and cost nothing.
    pub(super) fn is_read(&self) -> bool {
        self.both.get().is_some()
    }

    /// Returns both; empty where they cannot be read.
    pub(super) fn read(&self) -> &Both {
        static NONE: LazyLock<Both> = LazyLock::new(Both::default);
        if let Some(both) = self.both.get() {
            return both;
        }
        match self.source.as_ref().map(|source| source.read()) {
            Some(Ok(both)) => self.both.get_or_init(|| both),
            Some(Err(error)) => {
                self.note(error);
                &NONE
            }
            None => &NONE,
        }
    }

    /// Returns the records in which each player that the board joins is one.
    pub(super) fn seen(&self) -> &Records {
        let (records, board) = self.read();
        if board.joined.is_empty() {
            return records;
        }
        self.seen.get_or_init(|| board.seen(records))
    }

    /// Returns what a source has without reading everything, where nothing was read yet.
    fn part<T>(&self, of: impl FnOnce(&dyn Unread) -> Result<Option<T>, SourceError>) -> Option<T> {
        let source = self.source.as_ref().filter(|_| !self.is_read())?;
        of(&**source).unwrap_or_else(|error| {
            self.note(error);
            None
        })
    }

    /// Returns records in which some things have their names.
    pub(super) fn named(&self, ids: &[NamedNode]) -> Cow<'_, Records> {
        if ids.is_empty() {
            return Cow::Owned(Records::default());
        }
        match self.part(|source| source.named(ids)) {
            Some(records) => Cow::Owned(records),
            None => Cow::Borrowed(self.seen()),
        }
    }

    /// Returns records with all players, none of whom is joined into another one; `None` where all have to be read.
    pub(super) fn players(&self) -> Option<Records> {
        self.part(|source| source.players())
    }

    /// Returns records and a board with all observations.
    pub(super) fn observed(&self) -> (&Records, &Board) {
        if self.observed.get().is_none()
            && let Some(both) = self.part(|source| source.observed())
        {
            let _ = self.observed.set(both);
        }
        match self.observed.get() {
            Some((records, board)) if !self.is_read() => (records, board),
            _ => (self.seen(), &self.read().1),
        }
    }

    /// Returns the network, if it does not have to come from the records.
    pub(super) fn network(&self) -> Option<Network> {
        match self.source.as_ref()?.network() {
            Ok(network) => network,
            Err(error) => {
                self.note(error);
                None
            }
        }
    }

    pub(super) fn problem(&self) -> Option<&SourceError> {
        self.problem.get()
    }

    fn note(&self, error: SourceError) {
        // The first problem is the one that is reported.
        let _ = self.problem.set(error);
    }
}
