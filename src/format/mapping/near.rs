//! Mappings that lie beside the file that they are for.

use crate::format::csv::Table;
use crate::format::mapping::file::Mapping;
use powermap_rdf::{FormatError, StoreError};
use std::path::{Path, PathBuf};

/// How the mapping of any table of a folder is called.
const NAME: &str = "mapping.toml";

/// How the name of the mapping of one table ends.
const ENDING: &str = ".mapping.toml";

/// The endings of tables that a mapping can be for.
const TABLES: &[&str] = &[
    "csv", "tsv", "tab", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods",
];

/// Returns whether a file is a mapping by its name: `mapping.toml`, or `deals.mapping.toml` for `deals.xlsx`.
pub(crate) fn is_mapping_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name == NAME || name.ends_with(ENDING))
}

/// Returns the mapping that lies beside a table and is for it: `deals.mapping.toml` or `mapping.toml` beside `deals.xlsx`, unless
/// the latter names another file.
///
/// # Errors
/// A mapping that cannot be read.
pub(crate) fn mapping_near(path: &Path) -> Result<Option<Mapping>, StoreError> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Ok(None);
    };
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_lowercase();
    if !TABLES.contains(&ending.as_str()) {
        return Ok(None);
    }
    let own = path.with_extension(&ENDING[1..]);
    for near in [own, path.with_file_name(NAME)] {
        if !near.is_file() {
            continue;
        }
        let mapping = Mapping::open(&near)?;
        // A mapping that names no file is not for our own tables beside it.
        let is_ours = Table::from_path(path).is_ok() && mapping.file.is_none();
        if mapping.is_for(name) && !is_ours {
            return Ok(Some(mapping));
        }
    }
    Ok(None)
}

impl Mapping {
    /// Reads the mapping in a file.
    ///
    /// # Errors
    /// A file that cannot be read; those of [`Mapping::parse`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| StoreError::io("read the file", PathBuf::from(path), error))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            let error = FormatError::syntax(name.as_str(), "the mapping is not UTF-8");
            error.with_hint("save it as UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(Self::parse(text, &name)?)
    }
}
