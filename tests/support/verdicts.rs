//! Who controls a company, as rows that tests compare.

use powermap::Map;
use powermap::analysis::{ControlBasis, ControlOptions, ControlReport, Verdict};
use powermap::model::vocabulary::short_name;

/// Controller, verdict, basis, share of the capital.
pub(crate) type Row = (String, Verdict, ControlBasis, Option<(f64, f64)>);

pub(crate) fn report(map: &Map, company: &str) -> ControlReport {
    let player = map.player(company).unwrap();
    map.control(&ControlOptions::of(player)).unwrap()
}

pub(crate) fn control(map: &Map, company: &str) -> Vec<Row> {
    let rows = report(map, company).rows.into_iter();
    rows.map(|row| {
        let name = short_name(row.controller.as_str()).to_owned();
        let round = |share: f64| (share * 1e6).round() / 1e6;
        let share = row
            .share
            .map(|share| (round(share.lower), round(share.upper)));
        (name, row.verdict, row.basis, share)
    })
    .collect()
}

pub(crate) fn row(
    name: &str,
    verdict: Verdict,
    basis: ControlBasis,
    share: impl Into<Option<(f64, f64)>>,
) -> Row {
    (name.to_owned(), verdict, basis, share.into())
}
