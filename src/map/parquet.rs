//! A map as Parquet files.

use crate::analysis::arrow::record_batch;
use crate::analysis::loops;
use crate::format::tables::{self, ArrowTable};
use crate::map::base::Map;
use crate::map::error::MapError;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use powermap_rdf::FormatError;

/// A map as Parquet files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParquetFiles {
    /// The name and the bytes of each file: those of records, then those that are derived.
    pub files: Vec<(String, Vec<u8>)>,
    /// What the files cannot hold, a sentence each.
    pub left_out: Vec<String>,
}

impl Map {
    /// Returns the table of records or of the board as an Arrow table; `docs/tables.md` describes the columns.
    ///
    /// # Errors
    /// As [`Map::records`] and [`Map::loops`].
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::format::tables::ArrowTable;
    ///
    /// let map = Map::built_in()?;
    /// let table = map.arrow_table(ArrowTable::Claims)?;
    /// assert_eq!(table.num_rows(), map.records()?.claims.len());
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn arrow_table(&self, table: ArrowTable) -> Result<RecordBatch, MapError> {
        let failed = |error| unheld(table, &error);
        match table {
            ArrowTable::Board => tables::board(self.board()?, self.records()?).map_err(failed),
            ArrowTable::Loops => {
                let answer = self.answer(&loops::ANALYSIS, [])?;
                record_batch(&loops::ANALYSIS, &answer).map_err(failed)
            }
            _ => {
                let written = tables::write(self.records()?).map_err(failed)?;
                let found = written.into_iter().find(|(of, _)| *of == table);
                Ok(found.map_or_else(
                    || RecordBatch::new_empty(arrow_schema::Schema::empty().into()),
                    |(_, batch)| batch,
                ))
            }
        }
    }

    /// Returns the map as Parquet files: its records, which [`Map::open`] reads again, and from them its board and the loops
    /// on that. The same map and view give the same bytes.
    ///
    /// What is no part of a record, such as a link to another data set, is named. Everything is in memory at once.
    ///
    /// # Errors
    /// As [`Map::arrow_table`].
    ///
    /// ```
    /// use powermap::Map;
    ///
    /// let map = Map::built_in()?;
    /// let folder = tempfile::tempdir()?;
    /// for (name, bytes) in map.parquet()?.files {
    ///     std::fs::write(folder.path().join(name), bytes)?;
    /// }
    /// assert_eq!(Map::open(folder.path())?.records()?.claims.len(), map.records()?.claims.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parquet(&self) -> Result<ParquetFiles, MapError> {
        let records = self.records()?;
        let written = tables::write(records).map_err(|error| unheld(ArrowTable::Claims, &error))?;
        let mut files = Vec::with_capacity(ArrowTable::RECORDS.len() + ArrowTable::DERIVED.len());
        for (table, batch) in &written {
            files.push((*table, tables::parquet(*table, batch, &[])?));
        }
        drop(written);
        let view = self.board()?.view;
        let day = |day: Option<crate::model::time::Day>| day.map(|day| day.to_string());
        let mut metadata = vec![("powermap.policy", view.policy.name().to_owned())];
        metadata.extend(day(view.as_of).map(|day| ("powermap.as-of", day)));
        metadata.extend(day(view.known_by).map(|day| ("powermap.known-by", day)));
        for table in ArrowTable::DERIVED {
            let batch = self.arrow_table(table)?;
            files.push((table, tables::parquet(table, &batch, &metadata)?));
        }
        let name =
            |(table, bytes): (ArrowTable, Vec<u8>)| (format!("{}.parquet", table.name()), bytes);
        Ok(ParquetFiles {
            files: files.into_iter().map(name).collect(),
            left_out: self.no_records(records)?,
        })
    }
}

fn unheld(table: ArrowTable, error: &ArrowError) -> MapError {
    FormatError::syntax(format!("{}.parquet", table.name()), error.to_string()).into()
}
