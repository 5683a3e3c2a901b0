//! What needs triples and SPARQL only: formats, stores, the compiled file, queries, shapes.

#[path = "../support"]
mod support {
    pub(crate) mod outside;
    pub(crate) mod seal;
}

mod compiled;
mod disk;
mod engine;
mod loading;
mod memory;
mod nesting;
mod select;
mod shapes;
mod shapes_w3c;
mod store;
mod w3c;
