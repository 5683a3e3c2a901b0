//! A small map of what registers say: votes and capital apart, bands, interests that ended, owners whom nobody names,
//! nominees. See `tests/data/registers/README.md`.

use crate::support::verdicts::{control, report, row};
use oxigraph::model::NamedOrBlankNode;
use powermap::analysis::{ControlBasis, Verdict};
use powermap::model::Measure;
use powermap::model::vocabulary::expand;
use powermap::{Map, View};
use std::path::Path;

fn map() -> Map {
    Map::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/registers")).unwrap()
}

fn on(day: &str) -> Map {
    map().with_view(View {
        as_of: Some(day.parse().unwrap()),
        ..View::default()
    })
}

use ControlBasis::{Chain, Shares, Stated, Votes};
use Verdict::{Certain, Joint, No, Possible};

#[test]
fn all_of_it_can_be_read_and_nothing_is_wrong() {
    let map = map();
    assert!(map.problems().unwrap().is_empty() && map.warnings().is_empty());
    assert_eq!(map.check().unwrap(), []);
}

#[test]
fn votes_are_apart_from_capital() {
    // Three quarters of the shares or more, and at most half of the votes.
    assert_eq!(
        control(&map(), "gb-06452920"),
        [row("wpp-rocky", No, Votes, (0.75, 1.0))]
    );
    let stake = expand("psc-10").unwrap();
    let map = map();
    let resolution = &map.board().unwrap().edges[&stake];
    let votes = resolution.value(Measure::Votes).unwrap().quantity;
    assert!(votes.lower_exclusive && !votes.upper_exclusive);
    assert_eq!((votes.lower, votes.upper), (Some(25.0), Some(50.0)));
    let capital = resolution.value(Measure::Share).unwrap().quantity;
    assert_eq!((capital.lower, capital.upper), (Some(75.0), Some(100.0)));
    assert!(!capital.lower_exclusive);
}

#[test]
fn bands_are_as_open_as_they_are_stated() {
    assert_eq!(
        control(&map(), "gb-08209948"),
        [row("pat1-example1", Certain, Shares, (0.75, 1.0))]
    );
    assert_eq!(
        control(&map(), "gb-07731393"),
        [row("companion-care", No, Votes, (0.25, 0.5))]
    );
    // More than 25 %, and nobody says how much more.
    assert_eq!(
        control(&map(), "gb-oe031044"),
        [row("czech-republic", Possible, Shares, (0.25, 1.0))]
    );
    assert_eq!(
        control(&map(), "jenex"),
        [row("mvj", Certain, Shares, (0.75, 1.0))]
    );
    let map = map();
    let stake = &map.board().unwrap().edges[&expand("jenex-mvj").unwrap()];
    let share = stake.value(Measure::Share).unwrap().quantity;
    assert!(share.upper_exclusive && !share.lower_exclusive);
}

#[test]
fn an_interest_that_ceased_is_over() {
    let stated = [row("pat2-example2", Certain, Stated, (0.75, 1.0))];
    assert_eq!(control(&on("2018-01-01"), "gb-10308742"), stated);
    assert_eq!(control(&on("2018-02-28"), "gb-10308742"), []);
    assert_eq!(control(&map(), "gb-10308742"), []);
    // Whoever may fill the board controls by that, too.
    assert_eq!(
        control(&map(), "gb-10308743"),
        [row("stddminvest", Certain, Stated, (0.75, 1.0))]
    );
    // Nobody had control, as the company stated, until somebody did.
    assert_eq!(control(&on("2021-12-12"), "gb-08209948"), []);
    let map = map();
    let id = expand("psc-1-statement").unwrap();
    let statement = &map.records().unwrap().claims[&NamedOrBlankNode::from(id)];
    let period = statement.period.unwrap();
    assert_eq!(period.to_string(), "2016-09-11/2021-12-13");
}

#[test]
fn an_owner_of_whom_nothing_is_published_is_no_zero() {
    let report = report(&map(), "gb-02443921");
    assert!(report.rows.is_empty());
    let unknown: Vec<_> = report.unknown.iter().map(|(who, _)| who).collect();
    assert_eq!(unknown, [&expand("secured-person").unwrap()]);
}

#[test]
fn an_indirect_interest_counts_where_its_chain_is_not_known() {
    let map = map();
    assert_eq!(
        control(&map, "company-a"),
        [
            row("company-b", Certain, Shares, (0.6, 0.6)),
            row("person-1", No, Shares, (0.3, 0.3)),
        ]
    );
    let person = expand("person-1").unwrap();
    let unknown = report(&map, "company-a").unknown;
    assert!(unknown.iter().any(|(who, _)| *who == person));
}

#[test]
fn two_halves_of_an_arrangement_decide_together() {
    assert_eq!(
        control(&map(), "chrinon"),
        [
            row("joint-shareholding", Certain, Shares, (1.0, 1.0)),
            row("natalie-coleman", Joint, Chain, (0.5, 0.5)),
            row("roberto-lopez", Joint, Chain, (0.5, 0.5)),
        ]
    );
}

#[test]
fn the_nominator_controls_and_the_nominee_does_not() {
    let rows = control(&map(), "corazones");
    let verdict = |name: &str| rows.iter().find(|row| row.0 == name).map(|row| row.1);
    assert_eq!(verdict("perez-rivero"), Some(Certain));
    assert_eq!(verdict("teixeira-perez"), Some(Certain));
    assert_eq!(verdict("vanessa-rivero"), None);
}

#[test]
fn shares_that_a_manager_holds_through_a_fund_count_once() {
    // 9.9 % in all, of which the fund holds 8.5.
    assert_eq!(
        control(&map(), "aadi"),
        [
            row("bml", No, Votes, (0.085, 0.085)),
            row("leonard", No, Votes, (0.014, 0.014)),
        ]
    );
    // The parent reports the shares of its subsidiary: votes of 5.1 % each, and no more together.
    let report = report(&map(), "jushi");
    assert_eq!(report.rows.len(), 2);
    for row in &report.rows {
        assert_eq!(
            (row.verdict, row.votes.unwrap().bounds()),
            (No, (0.051, 0.051))
        );
    }
}
