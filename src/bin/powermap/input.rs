//! Reading what the user points at: the map, and the text of a query.

use crate::failure::fail;
use crate::options::Options;
use crate::output::Output;
use crate::progress::ProgressLine;
use anyhow::{Context, Result};
use powermap::format::edge_list::{self, EdgeListReader};
use powermap::format::mapping::Mapping;
use powermap::network::Network;
use powermap::{Map, MapError, OpenOptions};

use powermap_rdf::{Cache, StoreError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Opens the map of `--map`, or the built-in one, within the view and the limits of the other options.
pub(crate) fn map(options: &Options, output: &Output) -> Result<Map> {
    let map = open(options.map.as_deref(), cache(options).as_ref(), options)?;
    for problem in map.cache_problems() {
        output.warning(&problem.to_string());
    }
    if !output.is_quiet() {
        output.notices(map.notices()?);
    }
    Ok(map)
}

/// Opens the map at a path, or the built-in one, without the cache: for what is about the text itself.
pub(crate) fn text(path: Option<&Path>, options: &Options) -> Result<Map> {
    open(path, None, options)
}

/// Opens the map at a path to change it; waits that many seconds for others who do.
pub(crate) fn to_change(path: Option<&Path>, wait: u32, options: &Options) -> Result<Map> {
    let wait = Duration::from_secs(wait.into());
    open_with(path, options, |open| open.to_change(wait))
}

fn open(path: Option<&Path>, cache: Option<&Cache>, options: &Options) -> Result<Map> {
    open_with(path, options, |open| match cache {
        Some(cache) => open.with_cache(cache),
        None => open,
    })
}

fn open_with<'a>(
    path: Option<&Path>,
    options: &Options,
    how: impl FnOnce(OpenOptions<'a>) -> OpenOptions<'a>,
) -> Result<Map> {
    let map = match path {
        None => how(OpenOptions::new()).built_in()?,
        Some(path) => {
            check_is_path(path)?;
            let line = Arc::new(ProgressLine::new(options.quiet));
            let told = Arc::clone(&line);
            let open = OpenOptions::new().with_progress(move |progress| told.report(progress));
            let mapping = mapping(options)?;
            let mut open = how(open);
            if let Some(mapping) = &mapping {
                if !path.is_file() {
                    fail!(
                        "--mapping is for one file, and {} is none", path.display();
                        "put the mapping into the folder as mapping.toml"
                    );
                }
                open = open.with_mapping(mapping);
            }
            checked(open.open(path)?, path)?
        }
    };
    Ok(map.with_view(options.view()).with_limits(options.limits()))
}

/// Reads the mapping of `--mapping`.
pub(crate) fn mapping(options: &Options) -> Result<Option<Mapping>> {
    let mapping = options.mapping.as_deref().map(Mapping::open);
    Ok(mapping.transpose().map_err(MapError::from)?)
}

/// A folder with nothing to read in it is most likely the wrong one.
fn checked(map: Map, path: &Path) -> Result<Map> {
    if map.source().is_some_and(|s| s.sources().is_empty()) {
        let folder = path.display();
        fail!(
            "{}: there is no file of a known format in this folder", folder;
            "powermap import FILE --into {} brings files in", folder
        );
    }
    Ok(map)
}

/// The user's cache of compiled maps, unless there is none or it is not wanted.
fn cache(options: &Options) -> Option<Cache> {
    if options.no_cache {
        return None;
    }
    let folder = |name| std::env::var_os(name).map(PathBuf::from);
    let caches = folder("XDG_CACHE_HOME")
        // A relative path is none, says the specification of XDG.
        .filter(|path| path.is_absolute())
        .or_else(|| Some(folder("HOME")?.join(".cache")))
        .or_else(|| folder("LOCALAPPDATA"))?;
    // Another build of the same version may read text in another way.
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let program = program.and_then(|program| Ok((program.len(), program.modified()?)));
    let program = format!("{:?}", program.ok()?);
    Some(Cache::new(caches.join("powermap")).with_program(program))
}

/// The network of a plain edge list, whose kinds are those of the map.
pub(crate) fn edges(path: &Path, map: &Map) -> Result<Network> {
    check_is_path(path)?;
    let concepts = &map.records()?.concepts;
    let reader = EdgeListReader::new(path.display().to_string(), concepts);
    let list = edge_list::file::read_file(path, reader, |_| {})?;
    Ok(Network::from_edges(list, concepts)?)
}

/// Refuses an address of the web.
pub(crate) fn check_is_path(path: &Path) -> Result<()> {
    let text = path.to_str().unwrap_or_default();
    if text.starts_with("http://") || text.starts_with("https://") {
        fail!("{}: not yet: remote endpoints", text; "download the data and give a file or a folder");
    }
    Ok(())
}

/// The bytes of a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>> {
    let read = |error| MapError::from(StoreError::io("read the file", path, error));
    Ok(std::fs::read(path).map_err(read)?)
}

/// Text given as an argument, by a file, or on stdin where the argument is `-`.
pub(crate) fn query_text(argument: Option<&str>, file: Option<&Path>) -> Result<String> {
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
