//! Refuses an output that is what the verb reads.

use crate::args::{Args, Command};
use crate::failure::fail;
use anyhow::Result;
use powermap_rdf::Format;
use std::fs::canonicalize;
use std::path::{Path, PathBuf};

/// Checks that the file of `--output` is none that the verb reads, and would not be read as a part of the map's folder
/// from then on.
///
/// # Errors
/// Says which input it is.
pub(crate) fn check(args: &Args) -> Result<()> {
    let Some(output) = &args.options.output else {
        return Ok(());
    };
    // A file that is not there yet is in its folder all the same.
    let Some(target) = resolved(output) else {
        return Ok(());
    };
    for input in inputs(args) {
        let Ok(source) = canonicalize(input) else {
            continue;
        };
        if source == target && target.is_file() {
            fail!(
                "{}: is read by this command, and would be overwritten", output.display();
                "write to another file with --output"
            );
        }
        if source.is_dir() && target.starts_with(&source) && is_read(&target) {
            fail!(
                "{}: would become a part of the map in {}, which reads every file with this ending",
                output.display(), input.display();
                "write to another folder with --output; powermap import brings a file into a map"
            );
        }
    }
    Ok(())
}

/// Returns a path without links, if its folder is there.
fn resolved(path: &Path) -> Option<PathBuf> {
    if let Ok(path) = canonicalize(path) {
        return Some(path);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Some(canonicalize(folder).ok()?.join(path.file_name()?))
}

/// Whether a map reads files with this ending.
fn is_read(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        let ending = ending.to_ascii_lowercase();
        ["csv", "parquet"].contains(&ending.as_str()) || Format::from_extension(&ending).is_some()
    })
}

/// Returns the files and folders that the verb reads.
fn inputs(args: &Args) -> Vec<&Path> {
    let options = &args.options;
    let of_verb: Vec<&PathBuf> = match &args.command {
        Command::Query(query) => query.file.iter().collect(),
        Command::Update(update) => update.file.iter().collect(),
        Command::Compile(compile) => compile.path.iter().collect(),
        Command::Import(import) => import.files.iter().collect(),
        Command::Ask(ask) => ask.queries.iter().collect(),
        _ => Vec::new(),
    };
    let given = [
        options.map.as_ref(),
        options.edge_list.as_ref(),
        options.mapping.as_ref(),
    ];
    let given = given.into_iter().flatten().chain(of_verb);
    given.map(PathBuf::as_path).collect()
}
