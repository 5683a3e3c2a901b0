//! The records and the board of a position: given, or read when first needed.

use crate::analysis::source_error::SourceError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::network::named::Network;
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
            source: None,
            problem: OnceLock::new(),
        }
    }

    pub(super) fn unread(view: View, source: Box<dyn Unread>) -> Self {
        Self {
            view,
            both: OnceLock::new(),
            seen: OnceLock::new(),
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
