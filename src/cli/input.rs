//! Reading what the user points at: the map, and the text of a query.

use crate::cli::args::Options;
use crate::cli::progress::ProgressLine;
use crate::format::edge_list::EdgeListReader;
use crate::map::Map;
use crate::map::error::MapError;
use crate::network::named::Network;
use crate::store::edge_list;
use crate::store::error::StoreError;
use crate::store::load::Loader;
use anyhow::{Context, Result, bail};
use std::io::Read;
use std::path::Path;

/// The map of `--map`, seen from the view of the other options, with its records and its board.
pub(crate) fn map(options: &Options) -> Result<Map> {
    let map = unread(options)?;
    map.prepare()?;
    Ok(map)
}

/// The same without what a query needs none of: the records, and for the default view the board.
pub(crate) fn unread(options: &Options) -> Result<Map> {
    let map = match &options.map {
        None => Map::built_in()?,
        Some(path) => {
            check_is_path(path)?;
            opened(path, options.quiet)?
        }
    };
    Ok(map.with_view(options.view()))
}

/// The map in a file or folder; a folder with nothing to read in it is most likely the wrong one.
fn opened(path: &Path, is_quiet: bool) -> Result<Map> {
    let line = ProgressLine::new(is_quiet);
    let report = |progress| line.report(progress);
    let map = Map::open_with(path, Loader::new().with_progress(report))?;
    let has_no_source = |map: &Map| map.source().is_some_and(|s| s.sources().is_empty());
    if has_no_source(&map) {
        bail!(
            "{}: there is no file of a known format in this folder\nhint: powermap import FILE --into {0} brings files in",
            path.display()
        );
    }
    Ok(map)
}

/// The network of a plain edge list, whose kinds are those of the map.
pub(crate) fn edges(path: &Path, map: &Map) -> Result<Network> {
    check_is_path(path)?;
    let concepts = &map.records().concepts;
    let reader = EdgeListReader::new(path.display().to_string(), concepts);
    let list = edge_list::read_file(path, reader, |_| {})?;
    Ok(Network::from_edges(list, concepts)?)
}

/// Refuses an address of the web.
pub(crate) fn check_is_path(path: &Path) -> Result<()> {
    let text = path.to_str().unwrap_or_default();
    if text.starts_with("http://") || text.starts_with("https://") {
        bail!(
            "{text}: not yet: remote endpoints\nhint: download the data and give a file or a folder"
        );
    }
    Ok(())
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    let read = |error| MapError::from(StoreError::io("read the file", path, error));
    Ok(std::fs::read(path).map_err(read)?)
}

/// Text given as an argument, by a file, or on stdin where the argument is `-`.
pub(crate) fn text(argument: Option<&str>, file: Option<&Path>) -> Result<String> {
    match (argument, file) {
        (Some("-"), _) | (None, None) => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            Ok(text)
        }
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(path)) => String::from_utf8(bytes(path)?)
            .with_context(|| format!("{}: the file is not UTF-8", path.display())),
    }
}
