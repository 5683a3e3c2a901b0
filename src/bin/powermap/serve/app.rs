//! What all requests share.

use crate::args::Serve;
use crate::door::atlas::Atlas;
use crate::door::trouble::Trouble;
use crate::options::Options;
use crate::serve::metrics::Metrics;
use crate::serve::problem::Problem;
use anyhow::Result;
use axum::http::StatusCode;
use powermap::Lang;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most requests that wait for their turn; more are turned away.
const WAITING_MAX: usize = 512;

/// How the server was started.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Where it listens.
    pub(super) bind: String,
    /// Whether the map can be changed.
    pub(super) is_writable: bool,
    /// The hash of the token that writing needs.
    token: Option<[u8; 32]>,
    /// The names of the host besides addresses and localhost.
    pub(super) hosts: Vec<String>,
    /// The origins of pages that may read answers.
    pub(super) origins: Vec<String>,
    /// The most bytes of a request.
    pub(super) body_max: usize,
    /// The most connections.
    pub(super) connections_max: usize,
    /// How long a client may take to send a request.
    pub(super) patience: Duration,
    /// The language of words where a request does not say.
    pub(super) lang: Lang,
    /// Whether results are cut after a number of rows.
    pub(super) has_row_limit: bool,
}

impl Settings {
    pub(super) fn new(args: &Serve, options: &Options, token: Option<String>) -> Self {
        Self {
            bind: args.bind.clone(),
            is_writable: args.writable,
            token: token.map(|token| Sha256::digest(token).into()),
            hosts: args
                .allow_host
                .iter()
                .map(|host| host.to_lowercase())
                .collect(),
            origins: args.allow_origin.clone(),
            body_max: args.max_body,
            connections_max: args.max_connections,
            patience: Duration::from_secs(30),
            lang: options.lang,
            has_row_limit: options.limit_rows.is_some(),
        }
    }

    /// Returns the number of requests that are worked on at once.
    pub(super) fn at_once(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        (cores * 2).max(4)
    }

    /// Returns whether a token is the one that writing needs. Takes the same time for every token of a length.
    pub(super) fn is_token(&self, given: &str) -> bool {
        let Some(token) = self.token else {
            return false;
        };
        let given: [u8; 32] = Sha256::digest(given).into();
        let differing = token.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differing) == 0
    }
}

/// The state of the server.
pub(super) struct App {
    pub(super) atlas: Arc<Atlas>,
    pub(super) settings: Settings,
    pub(super) metrics: Metrics,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl App {
    pub(super) fn new(atlas: Arc<Atlas>, settings: Settings) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(settings.at_once())),
            waiting: AtomicUsize::new(0),
            metrics: Metrics::default(),
            atlas,
            settings,
        }
    }

    /// Waits for the turn of a request; too many are turned away.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let busy = || {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many requests wait for an answer",
            )
            .with_hint("try again in a moment")
        };
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= WAITING_MAX {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(busy());
        }
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        turn.map_err(|_| busy())
    }

    /// Does work on a thread of its own, when it is its turn.
    pub(super) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        lang: Lang,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = self.turn().await?;
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&app);
            drop(turn);
            done
        });
        match done.await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Trouble::of(&error, lang).into()),
            Err(_) => Err(Problem::internal()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{self, Command};

    fn settings(token: Option<&str>) -> Settings {
        let words = ["powermap", "serve"].map(std::ffi::OsString::from);
        let args = args::parse(args::command(), words.to_vec()).unwrap();
        let Command::Serve(serve) = &args.command else {
            unreachable!("the verb is serve");
        };
        Settings::new(serve, &args.options, token.map(str::to_owned))
    }

    #[test]
    fn only_the_token_is_the_token() {
        let guarded = settings(Some("0123456789abcdef"));
        assert!(guarded.is_token("0123456789abcdef"));
        for wrong in [
            "",
            "0123456789abcdeF",
            "0123456789abcdef ",
            "0123456789abcde",
        ] {
            assert!(!guarded.is_token(wrong), "{wrong:?}");
        }
        assert!(!settings(None).is_token(""));
    }
}
