//! `powermap serve`, over the wire.

mod api;
mod bad;
mod client;
mod explorer;
mod protocol;
mod w3c;
