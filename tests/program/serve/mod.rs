//! `powermap serve`, over the wire.

mod api;
mod bad;
mod client;
mod protocol;
mod w3c;
