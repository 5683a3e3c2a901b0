//! `mcp`: the map as tools for assistants, by the Model Context Protocol.

mod call;
mod handler;
mod prompts;
mod resources;
mod stdio;
mod tools;

pub(crate) use crate::mcp::handler::Handler;

use crate::door::atlas::Atlas;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use anyhow::{Context, Result};
use powermap::Limits;
use std::sync::Arc;
use std::time::Duration;

/// What a call may take where no option says so.
const TIME_USUAL: Duration = Duration::from_secs(20);
/// The most rows of a query, of which an answer shows those that there is room for.
const ROWS_USUAL: usize = 10_000;

/// Answers on stdin and stdout until the client is gone.
pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?.with_limits(limits(options));
    let name = options.map.as_ref().and_then(|path| path.file_name());
    let name = name.map_or_else(|| "built-in".into(), |name| name.to_string_lossy());
    let atlas = Arc::new(Atlas::new(map, &name)?);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("could not start the threads that answer")?;
    let done = runtime.block_on(stdio::serve(Handler::new(atlas, options.lang)));
    // A reader that never reads would hold up the last write for ever.
    runtime.shutdown_background();
    done?;
    Ok(Exit::Done)
}

/// Returns what a call may take: as the options say, else what a client can wait for.
pub(crate) fn limits(options: &Options) -> Limits {
    options
        .limits()
        .with_time(options.timeout.unwrap_or(TIME_USUAL))
        .with_rows(options.limit_rows.unwrap_or(ROWS_USUAL))
}
