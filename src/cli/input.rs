//! Reading what the user points at: the map, and the text of a query.

use crate::cli::args::Options;
use crate::map::Map;
use crate::map::error::MapError;
use crate::store::error::StoreError;
use anyhow::{Result, bail};
use std::io::Read;
use std::path::Path;

/// The map of `--map`, seen from the view of the other options.
pub(crate) fn map(options: &Options) -> Result<Map> {
    let map = match &options.map {
        None => Map::built_in()?,
        Some(path) => {
            if path.to_str().is_some_and(is_url) {
                bail!(
                    "{}: not yet: remote endpoints\nhint: download the data and give --map a file or a folder",
                    path.display()
                );
            }
            Map::open(path)?
        }
    };
    let view = options.view();
    Ok(if view == Default::default() {
        map
    } else {
        map.with_view(view)
    })
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
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
        (None, Some(path)) => {
            let read = |error| MapError::from(StoreError::io("read the file", path, error));
            Ok(std::fs::read_to_string(path).map_err(read)?)
        }
    }
}
