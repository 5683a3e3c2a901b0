//! Floor 7: `Map`, the type that an embedder starts from.

mod analyses;
pub(crate) mod ask;
pub(crate) mod base;
pub(crate) mod built_in;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod error;
pub(crate) mod import;
pub(crate) mod known;
pub(crate) mod limits;
pub(crate) mod names;
pub(crate) mod new_file;
pub(crate) mod notice;
mod notices;
mod old_form;
pub(crate) mod open;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod place;
mod places;
pub(crate) mod quads;
pub(crate) mod refute;
mod seen;
mod tables;
pub(crate) mod update;

pub use crate::map::base::Map;
pub use crate::map::built_in::{ONTOLOGY, SHAPES, SILICON_VALLEY};
pub use crate::map::check::{Finding, FindingKind};
pub use crate::map::compile::Compiled;
pub use crate::map::error::MapError;
pub use crate::map::import::{Added, Imported};
pub use crate::map::known::Known;
pub use crate::map::limits::Limits;
pub use crate::map::new_file::NewFile;
pub use crate::map::notice::{MapNotice, NoticeKind};
pub use crate::map::open::OpenOptions;
#[cfg(feature = "parquet")]
pub use crate::map::parquet::ParquetFiles;
pub use crate::map::place::SourceLine;
pub use crate::map::update::MapChange;
