//! The program `powermap`: parses the arguments, runs a verb, and ends with its exit code.
//!
//! Each verb is a file in [`command`] that asks a [`powermap::Map`] and hands rows to [`output`]; nothing else
//! prints. Data goes to stdout (or the file of `--output`), everything else to stderr.

mod args;
mod command;
mod describe;
mod differences;
#[cfg(feature = "server")]
mod door;
mod evidence;
mod exit;
mod failure;
mod fitted;
mod footnotes;
mod guard;
mod help;
mod input;
mod markup;
#[cfg(feature = "server")]
mod mcp;
mod neutral;
mod number;
mod options;
mod output;
mod parameters;
mod picture;
mod progress;
mod publish;
mod reply;
mod report;
mod screen;
#[cfg(feature = "server")]
mod serve;
mod signals;
mod spoken;
mod spreadsheet;
mod story;
mod verbs;
mod words;

use crate::exit::Exit;
use crate::output::Output;
use clap::error::ContextKind;
use powermap::MapError;
use std::process::ExitCode;

fn main() -> ExitCode {
    run().into()
}

fn run() -> Exit {
    let arguments: Vec<_> = std::env::args_os().collect();
    let lang = parameters::lang(&arguments);
    let command = help::in_language(args::command(), lang);
    let args = match args::parse(command.clone(), arguments.clone()) {
        Ok(args) => args,
        Err(error) => {
            let shown = parameters::as_player(&arguments, &error);
            let is_question = shown
                .as_deref()
                .is_some_and(parameters::is_of_several_words);
            let shown = shown.and_then(|shown| args::parse(command, shown).ok());
            // A verb that is nearly right comes before players whose names are no nearer.
            let is_verb = error.get(ContextKind::SuggestedSubcommand).is_some();
            return match shown.and_then(|args| named(&args, is_verb)) {
                Some(exit) => exit,
                None => {
                    let verb = parameters::verb(&arguments);
                    output::usage(&error, verb.as_deref(), is_question, lang)
                }
            };
        }
    };
    // A server ends in its own way, when the requests that have begun are answered.
    if !args.command.is_serve() {
        signals::watch();
    }
    let output = Output::new(&args.options);
    match command::run(&args, &output) {
        Ok(exit) => exit,
        // A reader that stops reading is no error.
        Err(error) if output::is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            output::error(&error, lang);
            Exit::Error
        }
    }
}

/// Shows the player that stands where a verb is expected: `powermap openai`. `None` where nobody is called anything like
/// it, or nobody is called so and a verb is.
fn named(args: &args::Args, is_verb: bool) -> Option<Exit> {
    let output = Output::new(&args.options);
    let error = match command::run(args, &output) {
        Ok(exit) => return Some(exit),
        Err(error) => error,
    };
    if output::is_broken_pipe(&error) {
        return Some(Exit::Done);
    }
    let unknown = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<MapError>());
    if let Some(MapError::UnknownPlayer(unknown)) = unknown
        && unknown.fits.is_empty()
        && (unknown.near.is_empty() || is_verb)
    {
        return None;
    }
    output::error(&error, args.options.lang);
    Some(Exit::Error)
}
