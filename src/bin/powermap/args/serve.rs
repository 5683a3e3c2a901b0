//! The arguments of `serve`.

use crate::number::{self, whole};
use clap::Args as ClapArgs;
use std::path::PathBuf;

/// `serve`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Serve {
    /// Where to listen; an address that others reach needs a reverse proxy with TLS before it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7878")]
    pub(crate) bind: String,
    /// Take updates and writes to graphs from whoever has the token
    #[arg(long)]
    pub(crate) writable: bool,
    /// The file with the token that writing needs, 16 characters or more
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A name that the server is reached by, besides addresses and localhost; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Let the pages of this origin read answers (CORS), such as https://example.org; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
    /// The largest body of a request
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = number::bytes)]
    pub(crate) max_body: usize,
    /// The most connections at once; more wait
    #[arg(long, value_name = "N", default_value_t = 2048, value_parser = whole::<usize>(1, 1_000_000, "2048"))]
    pub(crate) max_connections: usize,
}
