//! Plain edge lists in files, which may be larger than memory could hold as text.

use crate::format::edge_list::{EdgeList, EdgeListReader};
use powermap_rdf::{FormatError, StoreError};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much of a file is in memory at once.
const BLOCK_BYTES: u64 = 4 << 20;
/// The longest line that is read; no right one comes near.
const LINE_BYTES_MAX: usize = 1 << 20;

/// Reads a file with a reader, block by block; calls `report` with the number of rows so far after each block. A file of
/// Parquet is read a part of a row group at a time, and of its columns only those that a list has.
///
/// # Errors
/// The operating system refuses, or what [`EdgeListReader`] says.
///
/// ```no_run
/// use indexmap::IndexMap;
/// use powermap::format::edge_list::{EdgeListReader, file::read_file};
/// use std::path::Path;
/// let concepts = IndexMap::new();
/// let reader = EdgeListReader::new("edges.csv", &concepts);
/// let list = read_file(Path::new("edges.csv"), reader, |rows| eprintln!("{rows}"))?;
/// assert_eq!(list.from.len(), list.to.len());
/// # Ok::<(), powermap_rdf::StoreError>(())
/// ```
pub fn read_file(
    path: &Path,
    mut reader: EdgeListReader<'_>,
    report: impl Fn(u32),
) -> Result<EdgeList, StoreError> {
    #[cfg(feature = "parquet")]
    if crate::format::tables::is_parquet(path) {
        return reader.read_parquet(path, report);
    }
    let failed = |error| StoreError::io("read the file", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let mut block = Vec::new();
    loop {
        let length = file
            .by_ref()
            .take(BLOCK_BYTES)
            .read_to_end(&mut block)
            .map_err(failed)?;
        if length == 0 {
            if !block.is_empty() {
                reader.read(&block)?;
            }
            return Ok(reader.finish()?);
        }
        let whole = memchr::memrchr(b'\n', &block).map_or(0, |at| at + 1);
        if block.len() - whole > LINE_BYTES_MAX {
            let name = path.display().to_string();
            let message = format!("there is a line of more than {LINE_BYTES_MAX} bytes");
            return Err(FormatError::syntax(name, message)
                .with_hint("lines end with a line feed; is this a text?")
                .into());
        }
        if whole > 0 {
            reader.read(&block[..whole])?;
            block.drain(..whole);
        }
        report(reader.rows());
    }
}
