//! What the readers of all formats have in common.

use crate::format::field::gather::Gather;
use crate::format::field::items::Item;
use powermap_rdf::FormatError;

/// Turns the records of one format into those of a map.
pub(super) trait RecordReader {
    /// Takes what can be held of a record.
    ///
    /// # Errors
    /// What makes the record unreadable as a whole.
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError>;
}
