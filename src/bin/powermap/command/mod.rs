//! One file for each verb.

pub(crate) mod analysis;
mod answer;
pub(crate) mod ask;
pub(crate) mod board;
pub(crate) mod brief;
pub(crate) mod candidates;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod completions;
pub(crate) mod export;
pub(crate) mod generate;
mod identities;
pub(crate) mod import;
pub(crate) mod query;
pub(crate) mod show;
pub(crate) mod tour;
pub(crate) mod update;
pub(crate) mod verify;

use crate::args::{Args, Command};
use crate::exit::Exit;
use crate::failure::fail;
use crate::guard;
use crate::output::Output;
use crate::report::Report;
use crate::words::Message;
use anyhow::Result;

/// Does what the arguments say.
///
/// # Errors
/// Any error of the map, of the input, or of writing the output.
pub(crate) fn run(args: &Args, output: &Output) -> Result<Exit> {
    let options = &args.options;
    if let Some(format) = options.format.filter(|format| format.rows().is_none())
        && !matches!(args.command, Command::Board(_))
        && !(matches!(args.command, Command::Brief(_)) && brief::wants_html(options))
    {
        fail!("only the board can be written as {}", format.name(); "powermap board --help");
    }
    if options.edge_list.is_some() && !matches!(args.command, Command::Analysis(_)) {
        fail!(
            "an edge list has no claims, deals or sources, which this verb is about";
            "--edge-list goes with the analyses, such as loops, paths and standing; powermap import makes a map of a table"
        );
    }
    guard::check(args)?;
    if options.evidence.is_some() && !has_evidence(&args.command) {
        fail!(
            "there is no evidence of what this verb does";
            "--evidence goes with the analyses, query, ask, show, brief and tour"
        );
    }
    match &args.command {
        Command::Analysis(call) => analysis::run(call, options, output),
        Command::Query(args) => query::run(args, options, output),
        Command::Tour => tour::run(options, output),
        Command::Brief(args) => brief::run(args, options, output),
        Command::Show(args) => show::run(args, options, output),
        Command::Board(args) => board::run(args, options, output),
        Command::Ask(args) => ask::run(args, options, output),
        Command::Update(args) => update::run(args, options, output),
        Command::Import(args) => import::run(args, options, output),
        Command::Export(args) => export::run(args, options, output),
        Command::Compile(args) => compile::run(args, options, output),
        Command::Generate(args) => generate::run(args, options, output),
        Command::Check => check::run(options, output),
        Command::Identities => candidates::run(options, output),
        #[cfg(feature = "server")]
        Command::Mcp => crate::mcp::run(options, output),
        #[cfg(feature = "server")]
        Command::Serve(args) => crate::serve::run(args, options, output),
        Command::Publish(args) => crate::publish::run(args, options, output),
        Command::Verify(args) => verify::run(args, options, output),
        Command::Completions(args) => completions::run(args, output),
    }
}

/// Whether a verb answers a question with rows.
fn has_evidence(command: &Command) -> bool {
    match command {
        Command::Ask(args) => args.name.is_some() && !args.describe,
        Command::Analysis(_)
        | Command::Query(_)
        | Command::Show(_)
        | Command::Brief(_)
        | Command::Tour => true,
        _ => false,
    }
}

/// Writes a report of one table, cut to the wanted number of rows; says so where there is nothing to write.
fn finish(mut report: Report, limit: Option<usize>, output: &Output) -> Result<Exit> {
    let is_cut = report.cut(limit);
    report.write(output)?;
    if is_cut {
        output.cut(limit);
    } else if report.is_empty() {
        output.note(Message::NothingFound.text(output.lang));
    }
    Ok(Exit::Done)
}
