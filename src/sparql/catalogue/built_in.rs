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
    "checks/claim-without-source.rq",
    "checks/combined-revenue.rq",
    "checks/direct-or-through.rq",
    "checks/done-in-the-future.rq",
    "checks/edge-before-its-deal.rq",
    "checks/edge-to-itself.rq",
    "checks/edge-without-kind.rq",
    "checks/equal-figures.rq",
    "checks/far-apart.rq",
    "checks/firm-total-loose-part.rq",
    "checks/gpu-requirement-cost.rq",
    "checks/half-year-doubled.rq",
    "checks/headline-figure.rq",
    "checks/implied-revenue.rq",
    "checks/kind-of-part-and-total.rq",
    "checks/lead-time-against-top-up.rq",
    "checks/lower-status-later.rq",
    "checks/market-reaction-base.rq",
    "checks/negative-amount.rq",
    "checks/parts-below-total.rq",
    "checks/post-money.rq",
    "checks/price-ratio.rq",
    "checks/printed-name-of-another-player.rq",
    "checks/printed-name-unknown.rq",
    "checks/ratio-outside-operands.rq",
    "checks/reaction-span.rq",
    "checks/removal-in-words.rq",
    "checks/said-after-document.rq",
    "checks/same-name.rq",
    "checks/saving-from-units.rq",
    "checks/share-above-whole.rq",
    "checks/shared-statement-flows.rq",
    "checks/shares-times-price.rq",
    "checks/spend-per-dollar-earned.rq",
    "checks/stake-before-closing.rq",
    "checks/stake-value.rq",
    "checks/stakes-above-whole.rq",
    "checks/status-regress.rq",
    "checks/supplier-share-of-revenue.rq",
    "checks/total-below-parts.rq",
    "checks/total-in-itself.rq",
    "checks/total-of-parts.rq",
    "checks/until-before-since.rq",
    "checks/valuation-to-revenue.rq",
    "checks/warrant-share-of-equity.rq",
    "checks/weekly-token-use.rq",
    "checks/without-claim.rq",
    "deals/deal-edges.rq",
    "deals/deals.rq",
    "players/backers.rq",
    "sources/claims-about.rq",
];
