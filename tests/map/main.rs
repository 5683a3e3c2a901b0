//! What needs a map: records and their board, analyses, pictures, tables, the built-in map.

#[path = "../support"]
mod support {
    pub(crate) mod analyses;
    pub(crate) mod built_in;
    pub(crate) mod outside;
    pub(crate) mod random_map;
    #[cfg(unix)]
    pub(crate) mod script;
    pub(crate) mod seal;
    pub(crate) mod verdicts;
}

mod analyses;
mod board;
mod board_engines;
mod board_html;
mod board_lines;
mod board_loops;
mod board_sheets;
mod built_in_answers;
mod built_in_table;
mod cache;
mod callable;
mod candidates;
mod careful;
mod cases;
mod catalogue;
mod checks;
mod compiled_map;
mod contradictions;
mod csv;
mod csv_round_trip;
mod edge_list;
mod facts;
mod field;
mod full_disk;
mod generate;
mod holdings;
mod identities;
mod map;
mod mapping;
mod model;
mod naive;
mod network;
mod network_compiled;
mod network_files;
mod notices;
mod ontology;
mod page_labels;
#[cfg(feature = "parquet")]
mod parquet;
mod queries;
mod registers;
mod replace;
mod shapes;
mod story;
