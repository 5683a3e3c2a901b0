//! `compile`: writes a map as one file that opens at once.

use crate::args::Compile;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::progress::ProgressLine;
use crate::spoken;
use crate::words::Message;
use anyhow::Result;
use powermap::View;
use std::time::Instant;

pub(crate) fn run(args: &Compile, options: &Options, output: &Output) -> Result<Exit> {
    let Some(path) = output.file() else {
        fail!("compile needs a file to write to"; "add --output map.pmap")
    };
    if options.view() != View::default() {
        fail!(
            "a compiled map has the board of the default view";
            "give --as-of, --known-by and --policy where it is read"
        );
    }
    let start = Instant::now();
    let map = input::text(args.path.as_deref().or(options.map.as_deref()), options)?;
    for warning in map.warnings() {
        output.warning(&spoken::problem(warning, output.lang));
    }
    output.notices(map.notices()?);
    let line = ProgressLine::since(start, options.quiet);
    let compiled = map.compile(path, |progress| line.report(progress))?;
    drop(line);
    let each = compiled.bytes as f64 / compiled.triples as f64;
    output.note(&Message::Compiled.filled(
        output.lang,
        &[
            ("name", &path.display().to_string()),
            ("triples", &compiled.triples.to_string()),
            ("bytes", &compiled.bytes.to_string()),
            ("each", &format!("{each:.1}")),
        ],
    ));
    Ok(Exit::Done)
}
