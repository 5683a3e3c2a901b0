//! Parquet files: Arrow tables to bytes, and files to Arrow tables whose errors say where.

use crate::format::tables::{ArrowTable, SCHEMA_KEY, SCHEMA_VERSION, TABLE_KEY};
use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use powermap_rdf::{FormatError, StoreError};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// How a Parquet file begins and ends.
const MAGIC: &[u8; 4] = b"PAR1";

/// How a Parquet file ends whose footer is encrypted.
const MAGIC_ENCRYPTED: &[u8; 4] = b"PARE";

/// The least bytes that a Parquet file has.
const BYTES_MIN: u64 = 12;

/// The rows of a row group, after which a new one begins.
const GROUP_ROWS: usize = 1 << 20;

/// Returns whether a file is Parquet, by its first bytes or else its ending.
pub fn is_parquet(path: &Path) -> bool {
    let has_ending = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("parquet"));
    let begins = || {
        let mut bytes = [0; 4];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut bytes));
        read.is_ok() && (&bytes == MAGIC || &bytes == MAGIC_ENCRYPTED)
    };
    has_ending || begins()
}

/// Returns a table as a Parquet file, with further entries of its metadata; the same table gives the same bytes.
///
/// Columns are compressed with Zstandard. O(n) in the size of the table; the file is in memory as a whole.
///
/// # Errors
/// A table that Parquet cannot hold.
///
/// # Example
/// ```
/// use powermap::Map;
/// use powermap::format::tables::{parquet, write};
///
/// let map = Map::built_in()?;
/// let (table, players) = &write(map.records()?)?[0];
/// assert!(parquet(*table, players, &[])?.starts_with(b"PAR1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parquet(
    table: ArrowTable,
    batch: &RecordBatch,
    metadata: &[(&str, String)],
) -> Result<Vec<u8>, FormatError> {
    let entry = |(key, value): (&str, &str)| KeyValue::new(key.to_owned(), value.to_owned());
    let own = [(SCHEMA_KEY, SCHEMA_VERSION), (TABLE_KEY, table.name())];
    let more = metadata.iter().map(|(key, value)| (*key, value.as_str()));
    let properties = WriterProperties::builder()
        .set_created_by(format!("powermap version {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_key_value_metadata(Some(own.into_iter().chain(more).map(entry).collect()))
        .build();
    let write = || {
        let mut bytes = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
        writer.write(batch)?;
        writer.close()?;
        Ok(bytes)
    };
    write().map_err(|error: ParquetError| {
        FormatError::syntax(format!("{}.parquet", table.name()), plain(&error))
    })
}

/// Opens a file whose columns have the types of Parquet, whatever the program that wrote it had in memory.
pub(in crate::format) fn open(path: &Path, name: &str) -> Result<Opened, StoreError> {
    let failed = |error| StoreError::io("read the file", path, error);
    let mut file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let mut end = [0; 4];
    if length >= BYTES_MIN {
        file.seek(SeekFrom::End(-4)).map_err(failed)?;
        file.read_exact(&mut end).map_err(failed)?;
    }
    if &end == MAGIC_ENCRYPTED {
        let error = FormatError::syntax(name, "the file is encrypted");
        return Err(error.with_hint("write it without encryption").into());
    }
    if &end != MAGIC {
        let message = "this is no whole Parquet file: it does not end in PAR1";
        let error = FormatError::syntax(name, message);
        return Err(error
            .with_hint("was it cut when it was copied? write or copy it again")
            .into());
    }
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&file, options).map_err(|e| damaged(name, &e))?;
    Ok(Opened { file, metadata })
}

/// A file whose footer is read.
pub(in crate::format) struct Opened {
    file: File,
    pub(in crate::format) metadata: ArrowReaderMetadata,
}

impl Opened {
    /// Returns an entry of the metadata.
    pub(in crate::format) fn entry(&self, key: &str) -> Option<&str> {
        let metadata = self.metadata.metadata().file_metadata();
        let entry = metadata
            .key_value_metadata()?
            .iter()
            .find(|e| e.key == key)?;
        entry.value.as_deref()
    }

    /// Returns a reader of the rows, with other types of columns than those of [`Self::metadata`] if they are given.
    pub(in crate::format) fn rows(
        self,
        name: &str,
        options: Option<ArrowReaderOptions>,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, FormatError> {
        let metadata = match options {
            None => self.metadata,
            Some(options) => {
                let footer = self.metadata.metadata().clone();
                ArrowReaderMetadata::try_new(footer, options).map_err(|e| damaged(name, &e))?
            }
        };
        Ok(ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.file, metadata,
        ))
    }
}

/// Returns the error of a file that cannot be read further.
pub(in crate::format) fn damaged(name: &str, error: &dyn std::error::Error) -> FormatError {
    let message = plain(error);
    let hint = match message.contains("isabled feature") || message.contains("compression") {
        true => "write it with the compression zstd, snappy or none",
        false => "the file is damaged, or was cut; write or copy it again",
    };
    FormatError::syntax(name, format!("the file cannot be read: {message}")).with_hint(hint)
}

/// Returns the message of an error without the name of the library.
fn plain(error: &dyn std::error::Error) -> String {
    let message = error.to_string();
    let beginnings = [
        "External: ",
        "Parquet argument error: ",
        "Parquet error: ",
        "EOF: ",
    ];
    let rest = beginnings.iter().fold(message.as_str(), |rest, beginning| {
        rest.strip_prefix(beginning).unwrap_or(rest)
    });
    rest.to_owned()
}
