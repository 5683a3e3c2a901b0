//! The program: hands the arguments on and ends with the exit code.

use powermap::cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os()).into()
}
