//! `export`: writes the map in another format.

use crate::args::{Export, map_format};
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::{self, Output};
use crate::spreadsheet;
use anyhow::Result;
#[cfg(feature = "workbook")]
use powermap::format::field::write_workbook;
use powermap::format::field::{write_bods, write_ftm};
use powermap::map::SILICON_VALLEY;
use powermap::model::vocabulary::PREFIXES;
use powermap::{Map, picture};
use powermap_picture::{dot, gexf, graphml};
use powermap_rdf::{Format, rdf};
#[cfg(feature = "workbook")]
use std::io::{self, IsTerminal as _};
use std::path::Path;

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The map.
    Map(Format),
    /// The map and its board as tables of Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
    /// The board of the day, every player and every edge of it, for tools that know networks.
    Board(NetworkFormat),
    /// What a format of the field holds of the map.
    Field(Written),
}

/// The formats of the field that a map is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// FollowTheMoney, as JSON lines.
    Ftm,
    /// BODS 0.4, as a JSON array.
    Bods,
    /// A workbook of Excel.
    #[cfg(feature = "workbook")]
    Workbook,
}

/// What a board is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NetworkFormat {
    /// GraphML.
    GraphMl,
    /// GEXF.
    Gexf,
    /// Graphviz.
    Dot,
}

/// What the list of names has between those of maps and of networks.
const PARQUET: &str = if cfg!(feature = "parquet") {
    ", parquet"
} else {
    ""
};

impl Target {
    /// The target of a name on the command line; the error lists the names.
    pub(crate) fn of_name(text: &str) -> Result<Self, String> {
        let network = match text {
            "ftm" => return Ok(Self::Field(Written::Ftm)),
            "bods" => return Ok(Self::Field(Written::Bods)),
            #[cfg(feature = "workbook")]
            "xlsx" => return Ok(Self::Field(Written::Workbook)),
            "graphml" => NetworkFormat::GraphMl,
            "gexf" => NetworkFormat::Gexf,
            "dot" => NetworkFormat::Dot,
            #[cfg(feature = "parquet")]
            "parquet" => return Ok(Self::Parquet),
            _ => {
                let map = map_format(text).map(Self::Map);
                return map.map_err(|expected| {
                    format!("{expected}{PARQUET}, ftm, bods, xlsx, graphml, gexf, dot")
                });
            }
        };
        Ok(Self::Board(network))
    }
}

pub(crate) fn run(args: &Export, options: &Options, output: &Output) -> Result<Exit> {
    let format = match wanted(args, options)? {
        Some(Target::Board(format)) => {
            if args.with_board {
                fail!("--with-board is for RDF: a network holds nothing but the board");
            }
            let text = board(format, options, output)?;
            output.data(|out| Ok(out.write_all(text.as_bytes())?))?;
            return Ok(Exit::Done);
        }
        Some(Target::Field(format)) => return field(format, args, options, output),
        #[cfg(feature = "parquet")]
        Some(Target::Parquet) => {
            parquet(args, options, output)?;
            return Ok(Exit::Done);
        }
        Some(Target::Map(format)) => Some(format),
        None => None,
    };
    match output.file() {
        Some(path) if is_folder(path, args) => folder(path, format, args, options, output)?,
        None if format == Some(Format::Csv) => {
            fail!("tables need a folder to be written to"; "add --output tables/")
        }
        _ => {
            let map = input::map(options, output)?;
            let bytes = bytes(&map, format.unwrap_or(Format::Turtle), args.with_board)?;
            output.data(|out| Ok(out.write_all(&bytes)?))?;
        }
    }
    Ok(Exit::Done)
}

/// The target of `--to`, of `--format`, or that the file's name ends in.
fn wanted(args: &Export, options: &Options) -> Result<Option<Target>> {
    if args.to.is_some() {
        return Ok(args.to);
    }
    if let Some(format) = options.format {
        return match Target::of_name(format.name()) {
            Ok(target) => Ok(Some(target)),
            Err(expected) => fail!("a map cannot be written as {}: {}", format.name(), expected),
        };
    }
    match &options.output {
        Some(path) if !is_folder(path, args) => {
            let ending = path.extension().and_then(|ending| ending.to_str());
            // As in `map.ftm.json`.
            let inner = path.file_stem().map(Path::new).and_then(Path::extension);
            let inner = inner.and_then(|ending| ending.to_str());
            let named = match (inner, ending) {
                (Some(inner @ ("ftm" | "bods")), Some("json" | "jsonl" | "ijson")) => Some(inner),
                _ => ending,
            };
            match named.map(Target::of_name) {
                Some(Ok(target @ (Target::Board(_) | Target::Field(_)))) => Ok(Some(target)),
                _ => Ok(Some(Target::Map(Format::from_path(path)?))),
            }
        }
        _ => Ok(None),
    }
}

/// Whether a path means a folder: it is one, ends in a slash, or has no ending while no format is given.
fn is_folder(path: &Path, args: &Export) -> bool {
    let ends_in_slash = path.as_os_str().to_string_lossy().ends_with(['/', '\\']);
    let has_no_ending = path.extension().is_none() && args.to.is_none();
    args.to == Some(Target::Map(Format::Csv))
        || ends_in_slash
        || path.is_dir()
        || (has_no_ending && !path.exists())
}

/// Writes what a format of the field holds of the map, and says what it does not hold.
fn field(format: Written, args: &Export, options: &Options, output: &Output) -> Result<Exit> {
    if args.with_board {
        fail!("--with-board is for RDF: this format holds no board");
    }
    let map = input::map(options, output)?;
    let written = match format {
        Written::Ftm => write_ftm(map.records()?),
        Written::Bods => {
            let Some(day) = map.board()?.view.as_of else {
                fail!("a statement has a day, and nothing in the map says one"; "add --as-of DAY");
            };
            write_bods(map.records()?, day)
        }
        #[cfg(feature = "workbook")]
        Written::Workbook => {
            if output.file().is_none() && io::stdout().is_terminal() {
                fail!("a workbook is no text to be shown"; "add --output map.xlsx");
            }
            write_workbook(map.records()?)?
        }
    };
    output.data(|out| Ok(out.write_all(&written.bytes)?))?;
    for kind in &written.left_out {
        output.note(&kind.text(output.lang));
    }
    Ok(Exit::Done)
}

fn board(format: NetworkFormat, options: &Options, output: &Output) -> Result<String> {
    let position = input::map(options, output)?.position()?;
    let scene = picture::whole_scene(&position, options.lang)?;
    Ok(match format {
        NetworkFormat::GraphMl => graphml(&scene, &[]),
        NetworkFormat::Gexf => gexf(&scene, &[]),
        NetworkFormat::Dot => dot(&scene),
    })
}

fn bytes(map: &Map, format: Format, with_board: bool) -> Result<Vec<u8>> {
    let mut quads = map.quads()?;
    if with_board {
        quads.extend(map.board_quads()?);
    }
    Ok(rdf::serialise(quads, format, &PREFIXES)?)
}

/// Writes eight tables, and says what they cannot hold.
fn tables(path: &Path, options: &Options, output: &Output) -> Result<()> {
    let written = input::map(options, output)?.tables()?;
    let files: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| {
            let mut bytes = text.as_bytes().to_vec();
            if options.spreadsheet {
                bytes = spreadsheet::as_text(&bytes);
            }
            (format!("{}.csv", table.name()), bytes)
        })
        .collect();
    output::to_new_folder(path, &files)?;
    for sentence in &written.left_out {
        output.left_out(sentence);
    }
    tell(path, &files, output);
    Ok(())
}

/// Writes the tables of Parquet, and says what they cannot hold.
#[cfg(feature = "parquet")]
fn parquet(args: &Export, options: &Options, output: &Output) -> Result<()> {
    if args.with_board {
        fail!("--with-board is for RDF: the tables of Parquet hold the board in any case");
    }
    let Some(path) = output.file() else {
        fail!("tables need a folder to be written to"; "add --output tables/");
    };
    let written = input::map(options, output)?.parquet()?;
    output::to_new_folder(path, &written.files)?;
    for sentence in &written.left_out {
        output.left_out(sentence);
    }
    tell(path, &written.files, output);
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
            fail!(
                "tables hold no board";
                "powermap tour --format csv --output DIR writes the board as tables"
            );
        }
        return tables(path, options, output);
    }
    let is_plain = format.is_none_or(|format| format == Format::Turtle) && !args.with_board;
    let mut files = Vec::new();
    if options.map.is_none() && is_plain {
        // The author's own text, with its comments and order, is better to go on from.
        for (name, text) in SILICON_VALLEY {
            files.push(((*name).to_owned(), text.as_bytes().to_vec()));
        }
    } else {
        let map = input::map(options, output)?;
        let has_graphs = args.with_board
            || map
                .quads()?
                .iter()
                .any(|q| !q.graph_name.is_default_graph());
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
