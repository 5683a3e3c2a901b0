//! Floor 8: the program `powermap`.
//!
//! Each verb is a file in [`command`] that asks a [`crate::map::Map`] and hands rows to `output`; nothing else
//! prints.

pub mod args;
pub mod command;
mod describe;
pub mod exit;
mod input;
mod number;
mod output;
mod parameters;
pub mod picture;
mod progress;
mod report;
pub mod verbs;

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use std::ffi::OsString;

/// Runs the program with these arguments, the first of which is its name.
///
/// Data goes to stdout (or the file of `--output`), everything else to stderr. A reader that stops reading is no
/// error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let args = match args::parse(arguments) {
        Ok(args) => args,
        Err(error) => return output::usage(&error),
    };
    let output = Output::new(&args.options);
    match command::run(&args, &output) {
        Ok(exit) => exit,
        Err(error) if output::is_broken_pipe(&error) => Exit::Done,
        Err(error) => {
            output::error(&error);
            Exit::Error
        }
    }
}
