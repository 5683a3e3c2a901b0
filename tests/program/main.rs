//! What runs the program.

#[path = "../support"]
mod support {
    pub(crate) mod analyses;
    pub(crate) mod outside;
    pub(crate) mod run;
    #[cfg(unix)]
    pub(crate) mod script;
}

mod analyses;
mod board_inputs;
mod chinese;
mod cli;
mod evidence;
mod formats;
mod mapping;
#[cfg(all(feature = "server", unix))]
mod mcp;
mod safety;
#[cfg(all(feature = "server", unix))]
mod serve;
mod terminal;
mod wording;
