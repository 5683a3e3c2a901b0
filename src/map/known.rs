//! What a map says already, for files that are read on their way into it.

use crate::map::error::MapError;
use crate::map::open::open_text;
use crate::model::record::Records;
use powermap_rdf::Loader;
use std::path::{Path, PathBuf};

/// What a map in a folder says already, for files that are read on their way into it. The folder is read when it is first
/// asked for.
#[derive(Debug, Clone, Default)]
pub struct Known {
    folder: PathBuf,
    /// The files of the folder that do not count.
    left_out: Vec<PathBuf>,
    read: Option<Records>,
}

impl Known {
    /// Looks at the map in a folder for files that are to come into it, without their earlier editions: those of the same
    /// names, and those that `earlier` names.
    pub fn new(folder: &Path, files: &[PathBuf], earlier: &[String]) -> Self {
        let stems = files.iter().filter_map(|file| file.file_stem());
        let same =
            stems.map(|stem| format!("{}.ttl", stem.to_string_lossy().trim_start_matches('.')));
        let same = same.flat_map(|name| editions(folder, &name));
        Self {
            folder: folder.to_owned(),
            left_out: same
                .chain(earlier.iter().cloned())
                .map(|name| folder.join(name))
                .collect(),
            read: None,
        }
    }

    /// Returns the records. What is read for the same map afterwards is added to them.
    ///
    /// # Errors
    /// Those of opening the map in the folder.
    pub(super) fn records(&mut self) -> Result<&mut Records, MapError> {
        if self.read.is_none() {
            let loader = self.left_out.iter().fold(Loader::new(), Loader::leave_out);
            self.read = Some(match self.folder.is_dir() {
                true => open_text(&self.folder, loader)?.records()?.clone(),
                false => Records::default(),
            });
        }
        Ok(self.read.get_or_insert_default())
    }

    /// Adds the edges of a file, so that the next one is read as what says more of them.
    pub(super) fn add(&mut self, records: &Records) -> Result<(), MapError> {
        let edges = &mut self.records()?.edges;
        for (id, edge) in &records.edges {
            let known = edges.entry(id.clone()).or_insert_with(|| edge.clone());
            known.since = known.since.or(edge.since);
            known.until = known.until.or(edge.until);
        }
        Ok(())
    }
}

/// Returns the files of a folder that were written for a name: that of the name, and those with a number in front, in the
/// order of the numbers.
pub(super) fn editions(folder: &Path, name: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let numbered = names.filter_map(|file| {
        let number = match file.strip_suffix(name)? {
            "" => 1,
            front => front
                .strip_suffix('-')?
                .parse::<usize>()
                .ok()
                .filter(|number| *number > 1)?,
        };
        Some((number, file))
    });
    let mut numbered: Vec<_> = numbered.collect();
    numbered.sort();
    numbered.into_iter().map(|(_, file)| file).collect()
}
