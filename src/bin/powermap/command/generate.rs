//! `generate`: makes up a map.

use crate::args::{Generate, map_format};
use crate::exit::Exit;
use crate::failure::fail;
use crate::options::Options;
use crate::output::{self, Output};
use crate::progress::ProgressLine;
use anyhow::Result;
use powermap::format::{csv, write_edges, write_rdf};
use powermap::model::generate;
use powermap_rdf::Format;
use std::path::Path;

/// What the map is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A format of `export`.
    Map(Format),
    /// One plain table of edges.
    Edges,
}

pub(crate) fn run(args: &Generate, options: &Options, output: &Output) -> Result<Exit> {
    let made = generate::GenerateOptions {
        players: args.players,
        edges: args.edges,
        seed: args.seed,
        skew: args.skew,
        from: args.from,
        to: args.until,
    };
    made.check()?;
    let line = ProgressLine::new(options.quiet);
    let tell = |edges| line.count("generating", edges, "edges");
    match wanted(args, options)? {
        Form::Map(Format::Csv) => match output.file() {
            Some(path) => tables(path, &made, output)?,
            None => {
                fail!("tables need a folder to be written to"; "add --output tables/")
            }
        },
        Form::Map(format) => {
            output.data(|out| Ok(write_rdf(generate::chunks(&made)?, format, out, tell)?))?
        }
        Form::Edges => output.data(|out| Ok(write_edges(generate::deals(&made)?, out, tell)?))?,
    }
    Ok(Exit::Done)
}

/// The form of `--to`, or that the file's name ends in.
fn wanted(args: &Generate, options: &Options) -> Result<Form> {
    if let (None, Some(format)) = (args.to, options.format) {
        return match map_format(format.name()) {
            Ok(format) => Ok(Form::Map(format)),
            Err(expected) => fail!("a map cannot be written as {}: {}", format.name(), expected),
        };
    }
    match (args.to, &options.output) {
        (Some(form), _) => Ok(form),
        (None, None) => Ok(Form::Map(Format::Turtle)),
        (None, Some(path)) if path.extension().is_none() => Ok(Form::Map(Format::Csv)),
        (None, Some(path)) => match Format::from_path(path)? {
            // One file cannot be eight tables.
            Format::Csv => Ok(Form::Edges),
            format => Ok(Form::Map(format)),
        },
    }
}

fn tables(path: &Path, made: &generate::GenerateOptions, output: &Output) -> Result<()> {
    let written = csv::write(&generate::records(made)?);
    let files: Vec<_> = written
        .tables
        .into_iter()
        .map(|(table, text)| (format!("{}.csv", table.name()), text.into_bytes()))
        .collect();
    output::to_new_folder(path, &files)?;
    for sentence in &written.left_out {
        output.left_out(sentence);
    }
    Ok(())
}
