//! Files on their way into a map.

use crate::format::csv::Table;
use crate::format::field::{FieldReport, field_format, read_file};
use crate::format::mapping::{MappedReport, Mapping, mapping_near, read_mapped};
use crate::format::quads::record_quads;
use crate::map::error::MapError;
use crate::map::known::Known;
#[cfg(feature = "parquet")]
use crate::model::record::Records;
use crate::model::vocabulary::PREFIXES;
#[cfg(feature = "parquet")]
use powermap_rdf::FormatError;
use powermap_rdf::{Format, rdf};
use std::path::Path;

/// A file to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its name, which errors begin with; the last part of it becomes the name in the map.
    pub name: String,
    /// Its text.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: Format,
    /// For a table whose name does not say which one it is.
    pub table: Option<Table>,
}

impl NewFile {
    /// Reads a file in a format of the field, and returns it as the Turtle that a map can have, with the account of what was
    /// read and left out; nothing for a file in another format. With `keep_going`, records that cannot be read are left
    /// out, too.
    ///
    /// What the file says of edges that are known becomes further claims on them; it is known afterwards.
    ///
    /// # Errors
    /// A file that cannot be opened; without `keep_going`, the first record that cannot be read; what is wrong with the map
    /// that is known.
    ///
    /// ```
    /// use powermap::map::{Known, NewFile};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("people.json");
    /// std::fs::write(&path, r#"{"id":"a","schema":"Person","properties":{"name":["Ada"]}}"#)?;
    /// let file = NewFile::of_field(&path, &mut Known::default(), false)?;
    /// let (file, report) = file.ok_or("it is FollowTheMoney")?;
    /// assert!(String::from_utf8(file.bytes)?.contains("rdfs:label \"Ada\""));
    /// assert_eq!((report.records, report.values_left_out()), (1, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_field(
        path: &Path,
        known: &mut Known,
        keep_going: bool,
    ) -> Result<Option<(Self, FieldReport)>, MapError> {
        if field_format(path).is_none() {
            return Ok(None);
        }
        let name = path.to_string_lossy().into_owned();
        let reading = read_file(path, &name, known.records()?, keep_going)?;
        known.add(&reading.records)?;
        let quads = record_quads(&reading.records);
        let file = Self {
            bytes: rdf::serialise(quads, Format::Turtle, &PREFIXES)?,
            format: Format::Turtle,
            table: None,
            name,
        };
        Ok(Some((file, reading.report)))
    }

    /// Reads a table of others by a mapping, or by the one that lies beside it, and returns it as the Turtle that a map can
    /// have, with the account of what was read and of who the players are; nothing for a file without a mapping.
    ///
    /// The players are looked for among those that are known.
    ///
    /// # Errors
    /// As [`read_mapped`](crate::format::mapping::read_mapped); what is wrong with the map.
    ///
    /// ```
    /// use powermap::format::mapping::Mapping;
    /// use powermap::map::{Known, NewFile};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("deals.csv");
    /// std::fs::write(&path, "Supplier,Customer\nTSMC,Nvidia\n")?;
    /// let text = "[[sheet]]\ntable = \"edges\"\n[sheet.constants]\nfamily = \"supply\"\n\
    ///             [sheet.columns]\nSupplier = \"from\"\nCustomer = \"to\"\n";
    /// let mapping = Mapping::parse(text, "mapping.toml")?;
    /// let file = NewFile::of_mapped(&path, Some(&mapping), &mut Known::default(), false)?;
    /// let (file, report) = file.ok_or("it has a mapping")?;
    /// assert!(String::from_utf8(file.bytes)?.contains("a pm:Supply"));
    /// assert_eq!(report.made.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_mapped(
        path: &Path,
        mapping: Option<&Mapping>,
        known: &mut Known,
        keep_going: bool,
    ) -> Result<Option<(Self, MappedReport)>, MapError> {
        let near;
        let mapping = match mapping {
            Some(mapping) => mapping,
            None => {
                near = mapping_near(path)?;
                let Some(mapping) = &near else {
                    return Ok(None);
                };
                mapping
            }
        };
        let name = path.to_string_lossy().into_owned();
        let mut file = Self {
            name,
            bytes: Vec::new(),
            format: Format::Turtle,
            table: None,
        };
        let reading = read_mapped(path, &file.name, mapping, known.records()?, keep_going)?;
        file.bytes = rdf::serialise(record_quads(&reading.records), Format::Turtle, &PREFIXES)?;
        Ok(Some((file, reading.report)))
    }

    /// Reads a table of Parquet, and returns it as the Turtle that a map can have; nothing for a file in another format.
    ///
    /// # Errors
    /// As [`tables::read`](crate::format::tables::read); a table without records, such as a derived one.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::format::tables::{self, ArrowTable};
    /// use powermap::map::NewFile;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("deals.parquet");
    /// let deals = Map::built_in()?.arrow_table(ArrowTable::Deals)?;
    /// std::fs::write(&path, tables::parquet(ArrowTable::Deals, &deals, &[])?)?;
    /// let file = NewFile::of_parquet(&path)?.ok_or("it is Parquet")?;
    /// assert!(String::from_utf8(file.bytes)?.contains("a pm:Deal"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "parquet")]
    pub fn of_parquet(path: &Path) -> Result<Option<Self>, MapError> {
        if !crate::format::tables::is_parquet(path) {
            return Ok(None);
        }
        let name = path.to_string_lossy().into_owned();
        let records = crate::format::tables::read(&[(path, &name)])?;
        if records == Records::default() {
            let error = FormatError::syntax(name, "there are no records in this table");
            let hint = "the tables board and loops are derived from the others; import those";
            return Err(error.with_hint(hint).into());
        }
        Ok(Some(Self {
            bytes: rdf::serialise(record_quads(&records), Format::Turtle, &PREFIXES)?,
            format: Format::Turtle,
            table: None,
            name,
        }))
    }

    /// Returns the name that a file gets in a map: that of the file and of its table, and a number in front from 2 on.
    pub(super) fn target(&self, number: usize) -> String {
        let path = Path::new(&self.name);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy());
        let mut stem = stem.unwrap_or_default().trim_start_matches('.').to_owned();
        if let Some(table) = self.table
            && Table::from_path(path).ok() != Some(table)
        {
            stem = format!("{stem}-{}", table.name());
        }
        let kept = path.extension().and_then(|ending| ending.to_str());
        let kept = kept.filter(|ending| Format::from_extension(ending) == Some(self.format));
        let ending = kept.unwrap_or(self.format.extension());
        match number {
            1 => format!("{stem}.{ending}"),
            _ => format!("{number}-{stem}.{ending}"),
        }
    }
}
