//! The queries that are part of the program.

macro_rules! queries {
    ($($path:literal),* $(,)?) => {
        /// Path and text of each query; a test holds the list against the folder.
        pub const QUERIES: &[(&str, &str)] = &[
            $((
                concat!("queries/", $path),
                include_str!(concat!("../../../queries/", $path)),
            )),*
        ];
    };
}

queries![
    "deals/deal-edges.rq",
    "deals/deals.rq",
    "players/backers.rq",
    "sources/claims-about.rq",
];
