//! `export`: writes the map in another format.

use crate::cli::args::{Export, Options, map_format};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::{self, Output};
use crate::format::{Format, rdf};
use crate::map::Map;
use crate::map::built_in;
use anyhow::{Result, bail};
use std::path::Path;

pub(crate) fn run(args: &Export, options: &Options, output: &Output) -> Result<Exit> {
    let format = wanted(args, options)?;
    match output.file() {
        Some(path) if is_folder(path, args) => folder(path, format, args, options, output)?,
        None if format == Some(Format::Csv) => {
            bail!("tables need a folder to be written to\nhint: add --output tables/")
        }
        _ => {
            let map = input::map(options)?;
            let bytes = bytes(&map, format.unwrap_or(Format::Turtle), args.with_board)?;
            output.data(|out| Ok(out.write_all(&bytes)?))?;
        }
    }
    Ok(Exit::Done)
}

/// The format of `--to`, of `--format`, or that the file's name ends in.
fn wanted(args: &Export, options: &Options) -> Result<Option<Format>> {
    if args.to.is_some() {
        return Ok(args.to);
    }
    if let Some(format) = options.format {
        return match map_format(format.name()) {
            Ok(format) => Ok(Some(format)),
            Err(expected) => bail!("a map cannot be written as {}: {expected}", format.name()),
        };
    }
    match &options.output {
        Some(path) if !is_folder(path, args) => Ok(Some(Format::from_path(path)?)),
        _ => Ok(None),
    }
}

/// Whether a path means a folder: it is one, ends in a slash, or has no ending while no format is given.
fn is_folder(path: &Path, args: &Export) -> bool {
    let ends_in_slash = path.as_os_str().to_string_lossy().ends_with(['/', '\\']);
    let has_no_ending = path.extension().is_none() && args.to.is_none();
    args.to == Some(Format::Csv)
        || ends_in_slash
        || path.is_dir()
        || (has_no_ending && !path.exists())
}

fn bytes(map: &Map, format: Format, with_board: bool) -> Result<Vec<u8>> {
    let board = with_board.then(|| map.board_quads());
    let quads = map.quads().chain(board.into_iter().flatten());
    Ok(rdf::serialise(quads, format)?)
}

/// Writes six tables, and says what they cannot hold.
fn tables(path: &Path, options: &Options, output: &Output) -> Result<()> {
    let written = input::map(options)?.tables();
    let files: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| (format!("{}.csv", table.name()), text.as_bytes().to_vec()))
        .collect();
    output::to_new_folder(path, &files)?;
    for sentence in &written.left_out {
        output.warning(&format!(
            "{} {sentence}",
            output.lang.pick("left out:", "略去：")
        ));
    }
    tell(path, &files, output);
    Ok(())
}

/// Says what was written where.
fn tell(path: &Path, files: &[(String, Vec<u8>)], output: &Output) {
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    output.note(&format!("{}: {}", path.display(), names.join(", ")));
}

/// Writes a folder that is a map of its own.
fn folder(
    path: &Path,
    format: Option<Format>,
    args: &Export,
    options: &Options,
    output: &Output,
) -> Result<()> {
    if format == Some(Format::Csv) {
        if args.with_board {
            bail!(
                "tables hold no board\nhint: powermap tour --format csv --output DIR writes the board as tables"
            );
        }
        return tables(path, options, output);
    }
    let is_plain = format.is_none_or(|format| format == Format::Turtle) && !args.with_board;
    let mut files = Vec::new();
    if options.map.is_none() && is_plain {
        // The author's own text, with its comments and order, is better to go on from.
        for (name, text) in built_in::SILICON_VALLEY {
            files.push(((*name).to_owned(), text.as_bytes().to_vec()));
        }
    } else {
        let map = input::map(options)?;
        let has_graphs = args.with_board || map.quads().any(|q| !q.graph_name.is_default_graph());
        let format = format.unwrap_or(if has_graphs {
            Format::TriG
        } else {
            Format::Turtle
        });
        let name = format!("map.{}", format.extension());
        files.push((name, bytes(&map, format, args.with_board)?));
    }
    output::to_new_folder(path, &files)?;
    tell(path, &files, output);
    Ok(())
}
