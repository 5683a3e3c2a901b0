//! `serve`: the map over HTTP: the explorer, SPARQL 1.1 Protocol, the graph store, the analyses as JSON and CSV, claims that are
//! added and taken back, pictures, and the Model Context Protocol.

mod api;
mod app;
mod cache;
mod claims;
mod description;
mod explorer;
mod graphs;
mod guard;
mod listen;
mod lookup;
mod metrics;
mod negotiate;
mod openapi;
mod params;
mod picture;
mod policy;
mod problem;
mod router;
mod sparql;
mod stream;
mod tables;
mod update;

use crate::args::Serve;
use crate::door::atlas::Atlas;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::serve::app::{App, Settings};
use anyhow::{Context, Result};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How long a request may take where no option says so.
const TIME_USUAL: Duration = Duration::from_secs(30);
/// The fewest bytes of a token: fewer could be guessed.
const TOKEN_MIN: usize = 16;

/// Serves until the process is asked to stop.
pub(crate) fn run(args: &Serve, options: &Options, output: &Output) -> Result<Exit> {
    let token = args.token_file.as_deref().map(token).transpose()?;
    if args.writable && options.map.is_none() {
        fail!(
            "the built-in map cannot be changed";
            "powermap export --output my-map/, then powermap serve --map my-map/ --writable …"
        );
    }
    if args.writable && token.is_none() {
        fail!(
            "--writable needs a token, so that not everybody can write";
            "write 16 or more random characters into a file and give it with --token-file"
        );
    }
    let limits = options.limits();
    let limits = limits.with_time(options.timeout.unwrap_or(TIME_USUAL));
    // A map that can be changed is read as text.
    let map = match args.writable {
        true => input::text(options.map.as_deref(), options)?,
        false => input::map(options, output)?,
    };
    if args.writable && map.source().is_none() {
        fail!(
            "a compiled map cannot be changed";
            "update the text that it was compiled from, and compile that again"
        );
    }
    let name = options.map.as_ref().and_then(|path| path.file_name());
    let name = name.map_or_else(|| "built-in".into(), |name| name.to_string_lossy());
    let atlas = Arc::new(Atlas::new(map.with_limits(limits), &name)?);
    let settings = Settings::new(args, options, token);
    log(output.is_quiet());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(settings.at_once() + 4)
        .build()
        .context("could not start the threads that answer")?;
    let app = Arc::new(App::new(atlas, settings));
    let served = runtime.block_on(listen::serve(app, output));
    // Requests that are still running have had their time.
    runtime.shutdown_background();
    served?;
    Ok(Exit::Done)
}

/// Reads the token that writing needs.
fn token(path: &Path) -> Result<String> {
    let bytes = input::bytes(path)?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    let token = text.trim();
    let is_plain = token.chars().all(|c| c.is_ascii_graphic());
    if token.len() < TOKEN_MIN || !is_plain {
        fail!(
            "{}: the token has to be 16 or more letters, digits and signs without spaces", path.display();
            "write 16 or more random characters into a file and give it with --token-file"
        );
    }
    Ok(token.to_owned())
}

/// Sends log lines to stderr: one for each request, or only errors.
fn log(is_quiet: bool) {
    let level = if is_quiet { Level::ERROR } else { Level::INFO };
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false);
    let own = Targets::new()
        .with_target("powermap", level)
        .with_default(Level::ERROR);
    // It can be there already where several servers run in one process.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(own)
        .try_init();
}
