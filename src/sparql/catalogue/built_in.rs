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
    "checks/announcement-gap.rq",
    "checks/combined-revenue.rq",
    "checks/direct-or-through.rq",
    "checks/equal-figures.rq",
    "checks/far-apart.rq",
    "checks/gpu-requirement-cost.rq",
    "checks/half-year-doubled.rq",
    "checks/headline-figure.rq",
    "checks/implied-revenue.rq",
    "checks/lead-time-against-top-up.rq",
    "checks/market-reaction-base.rq",
    "checks/price-ratio.rq",
    "checks/printed-name-of-another-player.rq",
    "checks/printed-name-unknown.rq",
    "checks/reaction-span.rq",
    "checks/saving-from-units.rq",
    "checks/shared-statement-flows.rq",
    "checks/spend-per-dollar-earned.rq",
    "checks/stake-before-closing.rq",
    "checks/supplier-share-of-revenue.rq",
    "checks/total-of-parts.rq",
    "checks/valuation-to-revenue.rq",
    "checks/warrant-share-of-equity.rq",
    "checks/weekly-token-use.rq",
    "deals/deal-edges.rq",
    "deals/deals.rq",
    "players/backers.rq",
    "sources/claims-about.rq",
];
