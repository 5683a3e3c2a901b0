//! The program `powermap`: parses the arguments, runs a verb, and ends with its exit code.
//!
//! Each verb is a file in [`command`] that asks a [`powermap::Map`] and hands rows to [`output`]; nothing else
//! prints. Data goes to stdout (or the file of `--output`), everything else to stderr.

mod args;
mod command;
mod describe;
mod exit;
mod failure;
mod help;
mod input;
mod number;
mod output;
mod parameters;
mod picture;
mod progress;
mod report;
mod spoken;
mod verbs;
mod words;

use crate::exit::Exit;
use crate::output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    run().into()
}

fn run() -> Exit {
    let arguments: Vec<_> = std::env::args_os().collect();
    let lang = parameters::lang(&arguments);
    let command = help::in_language(args::command(), lang);
    let args = match args::parse(command, arguments.clone()) {
        Ok(args) => args,
        Err(error) => return output::usage(&error, parameters::verb(&arguments).as_deref(), lang),
    };
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
