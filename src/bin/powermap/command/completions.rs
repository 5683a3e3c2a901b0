//! `completions`: a script for a shell.

use crate::args::{self, Completions};
use crate::exit::Exit;
use crate::output::Output;
use anyhow::Result;

pub(crate) fn run(args: &Completions, output: &Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "powermap", &mut script);
    output.data(|out| Ok(out.write_all(&script)?))?;
    Ok(Exit::Done)
}
