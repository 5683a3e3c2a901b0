//! The laws that quantities, times, units and resolved boards keep to, on inputs of any shape.

#![allow(clippy::unwrap_used, reason = "a test that fails is meant to panic")]

use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::analysis::StandingOptions;
use powermap::model::vocabulary::{ID, PM, expand};
use powermap::model::{
    Board, Candidate, Claim, Day, Document, Edge, Family, Lang, Measure, Modality, Observation,
    Period, Policy, Quantity, Records, Resolution, Stance, Status, Tier, TimeSpan, Unit,
    plain_number, resolve,
};
use powermap::{Map, Results, View};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn unit(code: &str) -> Unit {
    code.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn id(local: &str) -> NamedNode {
    expand(local).unwrap()
}

// --- Quantities ---

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-1000i32..1000).prop_map(f64::from),
        2 => -1e12..1e12f64,
        1 => any::<f64>().prop_filter("finite", |n| n.is_finite()),
        1 => select(vec![0.0, -0.0, 0.1, f64::MAX, f64::MIN, f64::MIN_POSITIVE]),
    ]
}

fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}

/// Bounds that may be open, and a number within them.
fn interval() -> impl Strategy<Value = (Option<f64>, Option<f64>, f64)> {
    (number(), number(), number(), 0..5).prop_map(|(a, b, c, open)| {
        let mut sorted = [a, b, c];
        sorted.sort_by(f64::total_cmp);
        let [low, middle, high] = sorted;
        match open {
            0 => (None, Some(high), middle),
            1 => (Some(low), None, middle),
            2 => (Some(middle), Some(middle), middle),
            _ => (Some(low), Some(high), middle),
        }
    })
}

/// A quantity and a number within it, in a unit of power or in dollars.
fn power() -> impl Strategy<Value = (Quantity, f64)> {
    (
        interval(),
        select(vec!["GW", "MW", "kW", "W"]),
        any::<bool>(),
    )
        .prop_map(|((lower, upper, point), code, about)| {
            (
                Quantity::new(lower, upper, unit(code), about).unwrap(),
                point,
            )
        })
}

fn any_unit() -> impl Strategy<Value = Unit> {
    let mut units: Vec<_> = Unit::named().collect();
    units.extend([Unit::USD, unit("EUR"), unit("CNY")]);
    select(units)
}

fn any_quantity() -> impl Strategy<Value = Quantity> {
    (interval(), any_unit(), any::<bool>()).prop_map(|((lower, upper, _), unit, about)| {
        Quantity::new(lower, upper, unit, about).unwrap()
    })
}

/// A point in the unit that both quantities share.
fn shared(point: f64, own: Unit, other: Unit) -> f64 {
    if own == other {
        point
    } else {
        point * own.base().1
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_contain_what_the_operands_contain(
        (one, x) in power(),
        (two, y) in power(),
    ) {
        let (x, y) = (shared(x, one.unit, two.unit), shared(y, two.unit, one.unit));
        let (sum, difference) = (one.add(&two).unwrap(), one.subtract(&two).unwrap());
        if (x + y).is_finite() {
            prop_assert!(sum.contains(x + y), "{x} + {y} is not in {sum:?}");
        }
        if (x - y).is_finite() {
            prop_assert!(difference.contains(x - y), "{x} - {y} is not in {difference:?}");
        }
        prop_assert!(one.minimum(&two).unwrap().contains(x.min(y)));
        prop_assert!(one.maximum(&two).unwrap().contains(x.max(y)));
        prop_assert!(x != y || !one.is_disjoint(&two).unwrap());
        if let Some((lower, upper)) = one.ratio(&two).unwrap()
            && x >= 0.0
        {
            prop_assert!(lower <= x / y, "{x} / {y} is below {lower}");
            prop_assert!(upper.is_none_or(|upper| x / y <= upper), "{x} / {y} is above {upper:?}");
        }
    }

    #[test]
    fn open_ends_stay_open((one, _) in power(), (two, _) in power()) {
        let sum = one.add(&two).unwrap();
        if one.lower.is_none() || two.lower.is_none() {
            prop_assert_eq!(sum.lower, None);
            prop_assert_eq!(one.minimum(&two).unwrap().lower, None);
        }
        if one.upper.is_none() || two.upper.is_none() {
            prop_assert_eq!(sum.upper, None);
            prop_assert_eq!(one.maximum(&two).unwrap().upper, None);
        }
        if one.lower.is_none() || two.upper.is_none() {
            prop_assert_eq!(one.subtract(&two).unwrap().lower, None);
        }
        if two.lower.is_some_and(|lower| lower > 0.0) && one.upper.is_none() {
            let ratio = one.ratio(&two).unwrap();
            prop_assert!(ratio.is_none_or(|(_, upper)| upper.is_none()));
        }
    }

    #[test]
    fn operations_do_not_care_which_comes_first(one in any_quantity(), two in any_quantity()) {
        prop_assert_eq!(one.add(&two).ok(), two.add(&one).ok());
        prop_assert_eq!(one.minimum(&two).ok(), two.minimum(&one).ok());
        prop_assert_eq!(one.maximum(&two).ok(), two.maximum(&one).ok());
        prop_assert_eq!(one.is_disjoint(&two).ok(), two.is_disjoint(&one).ok());
        let convertible = one.unit.base().0 == two.unit.base().0;
        prop_assert_eq!(one.add(&two).is_ok(), convertible);
        prop_assert_eq!(one.subtract(&two).is_ok(), convertible);
        prop_assert_eq!(one.ratio(&two).is_ok(), convertible);
    }

    #[test]
    fn whole_numbers_are_added_exactly(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000) {
        let sum = Quantity::exact(a as f64, Unit::USD).add(&Quantity::exact(b as f64, Unit::USD)).unwrap();
        prop_assert_eq!(sum.point(), Some((a + b) as f64));
    }

    #[test]
    fn the_base_unit_keeps_what_is_within((one, x) in power()) {
        let base = one.in_base_unit();
        prop_assert_eq!(base.unit, unit("GW"));
        prop_assert!(base.contains(x * one.unit.base().1));
        prop_assert_eq!(base.in_base_unit(), base);
        prop_assert_eq!(base.approximate, one.approximate);
        prop_assert_eq!((base.lower.is_none(), base.upper.is_none()), (one.lower.is_none(), one.upper.is_none()));
    }

    #[test]
    fn every_quantity_can_be_shown(one in any_quantity()) {
        for lang in [Lang::En, Lang::Zh] {
            let text = one.display(lang);
            prop_assert!(text.chars().any(|c| c.is_ascii_digit()), "{text}");
            prop_assert_eq!(one.lower.is_none(), text.contains('≤'));
            prop_assert_eq!(one.upper.is_none(), text.contains('≥'));
        }
    }

    #[test]
    fn plain_numbers_keep_ten_digits(value in number()) {
        let read: f64 = plain_number(value).replace(',', "").parse().unwrap();
        // Below 1e-15 nothing is left to print.
        prop_assert!((read - value).abs() <= value.abs() * 1e-9 + 1e-15, "{value} is printed as {read}");
    }

    #[test]
    fn bounds_in_the_wrong_order_are_refused(a in number(), b in number()) {
        let (low, high) = ordered(a, b);
        prop_assert!(Quantity::new(Some(low), Some(high), Unit::USD, false).is_ok());
        prop_assert_eq!(Quantity::new(Some(high), Some(low), Unit::USD, false).is_ok(), low == high);
    }
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(Quantity::new(Some(value), None, Unit::USD, false).is_err());
        assert!(Quantity::new(None, Some(value), Unit::USD, false).is_err());
    }
}

// --- Times ---

fn period() -> impl Strategy<Value = Period> {
    let year = prop_oneof![1..=9999i16, 2019..=2030i16];
    prop_oneof![
        (year.clone(), 1..=12i8, 1..=31i8)
            .prop_filter_map("no day", |(y, m, d)| Day::new(y, m, d).map(Period::Day)),
        (year.clone(), 1..=12i8).prop_map(|(y, m)| Period::Month(y, m)),
        (year.clone(), 1..=4i8).prop_map(|(y, q)| Period::Quarter(y, q)),
        (year.clone(), 1..=2i8).prop_map(|(y, h)| Period::Half(y, h)),
        year.prop_map(Period::Year),
    ]
}

fn span() -> impl Strategy<Value = TimeSpan> {
    prop_oneof![
        3 => period().prop_map(TimeSpan::At),
        1 => period().prop_map(|from| TimeSpan::Range(Some(from), None)),
        1 => period().prop_map(|to| TimeSpan::Range(None, Some(to))),
        1 => (period(), period()).prop_filter_map("backwards", |(from, to)| {
            (from.first() <= to.last()).then_some(TimeSpan::Range(Some(from), Some(to)))
        }),
    ]
}

/// Text that looks like a time.
fn near_time() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9QH/.-]{0,12}",
        "[0-9]{4}-[0-9QH]{1,2}(-[0-9]{2})?",
        ".{0,8}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_are_read_as_they_are_printed(span in span()) {
        prop_assert_eq!(span.to_string().parse::<TimeSpan>(), Ok(span));
        prop_assert_eq!(format!(" {span} ").parse::<TimeSpan>(), Ok(span));
        let literal = span.to_literal();
        prop_assert_eq!(literal.value(), span.to_string());
        let is_own = literal.datatype().as_str().starts_with(PM);
        let has_xsd = matches!(span, TimeSpan::At(Period::Day(_) | Period::Month(..) | Period::Year(_)));
        prop_assert_eq!(is_own, !has_xsd);
    }

    #[test]
    fn what_is_read_prints_as_a_span(text in near_time()) {
        if let Ok(span) = text.parse::<TimeSpan>() {
            prop_assert_eq!(span.to_string().parse::<TimeSpan>(), Ok(span));
        }
        let day = text.parse::<Day>();
        let is_day = matches!(text.parse(), Ok(TimeSpan::At(Period::Day(_))));
        prop_assert_eq!(day.is_ok(), is_day);
    }

    #[test]
    fn spans_start_before_they_end(one in span(), two in span()) {
        if let (Some(first), Some(last)) = (one.earliest(), one.latest()) {
            prop_assert!(first <= last);
            prop_assert!(first.days_until(last) >= 0);
            prop_assert_eq!(first.days_until(last), -last.days_until(first));
        }
        prop_assert!(one.overlaps(one));
        prop_assert_eq!(one.overlaps(two), two.overlaps(one));
        let apart = |a: TimeSpan, b: TimeSpan| matches!((a.latest(), b.earliest()), (Some(a), Some(b)) if a < b);
        prop_assert_eq!(one.overlaps(two), !apart(one, two) && !apart(two, one));
    }

    #[test]
    fn days_sort_as_their_text(one in period(), two in period()) {
        let (one, two) = (one.first(), two.last());
        prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
        prop_assert_eq!(one.days_until(two).signum(), two.cmp(&one) as i32);
    }

    #[test]
    fn the_day_before_is_one_day_away(period in period()) {
        let day = period.first();
        match day.before() {
            Some(before) => {
                prop_assert_eq!(before.days_until(day), 1);
                prop_assert_eq!(before.to_string().parse::<Day>(), Ok(before));
            }
            None => prop_assert_eq!(day.to_string(), "0001-01-01"),
        }
    }

    #[test]
    fn periods_cover_their_days(year in 1..=9999i16, month in 1..=12i8) {
        let whole = TimeSpan::At(Period::Year(year));
        for part in [
            Period::Month(year, month),
            Period::Quarter(year, (month + 2) / 3),
            Period::Half(year, (month + 5) / 6),
        ] {
            let start = Day::new(year, month, 1).unwrap();
            prop_assert!(part.first() <= start && start <= part.last());
            prop_assert!(whole.overlaps(TimeSpan::At(part)));
            prop_assert!(Some(part.first()) >= whole.earliest() && Some(part.last()) <= whole.latest());
        }
    }
}

#[test]
fn the_calendar_starts_with_the_year_one() {
    assert_eq!(day("0001-01-01").before(), None);
    assert!("0000-12-31".parse::<TimeSpan>().is_err());
    assert!(Day::new(0, 12, 31).is_none());
    assert_eq!(day("9999-12-31").to_string(), "9999-12-31");
}

#[test]
fn texts_that_are_no_times() {
    for text in [
        "",
        "..",
        "../..",
        "/",
        "2025/2024",
        "2025-13",
        "2025-00",
        "2025-02-30",
        "2025-Q5",
        "2025-Q0",
        "2025-H3",
        "25",
        "20255",
        "2025-1",
        "2025-01-1",
        "2025-01-01-01",
        "-2025",
        "+2025",
        "２０２５",
        "2025-q3",
        "2025//2026",
        "2025/2026/2027",
        "today",
    ] {
        assert!(text.parse::<TimeSpan>().is_err(), "{text}");
    }
}

// --- Units ---

#[test]
fn every_unit_is_read_by_code_and_by_iri() {
    let letters = || b'A'..=b'Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [a, b, c])));
    let codes = codes.map(|code| String::from_utf8(code.to_vec()).unwrap());
    let currencies: Vec<Unit> = codes.filter_map(|code| code.parse().ok()).collect();
    assert!(currencies.len() > 150, "{}", currencies.len());
    let all: Vec<_> = Unit::named().chain(currencies).collect();
    for unit in &all {
        assert_eq!(unit.code().parse::<Unit>(), Ok(*unit));
        assert_eq!(Unit::from_iri(unit.iri().as_str()), Some(*unit));
        assert_eq!(unit.iri().as_str().parse::<Unit>(), Ok(*unit));
        for (suffix, scale) in [
            ("", 1.0),
            ("_k", 1e3),
            ("_mn", 1e6),
            ("_bn", 1e9),
            ("_tn", 1e12),
        ] {
            let scaled = format!(" {}{suffix} ", unit.code());
            assert_eq!(Unit::parse_scaled(&scaled), Ok((*unit, scale)));
            let words = scaled.trim().replace('_', " ");
            assert_eq!(Unit::parse_scaled(&words), Ok((*unit, scale)));
            if let Some(word) = suffix.strip_prefix('_') {
                let before = format!("{word} {}", unit.code());
                assert_eq!(Unit::parse_scaled(&before), Ok((*unit, scale)));
            }
            assert_eq!(scaled.trim().parse::<Unit>().is_ok(), scale == 1.0);
        }
        let (base, rate) = unit.base();
        assert_eq!(base.measure(), unit.measure());
        assert_eq!(base.base(), (base, 1.0));
        assert!(rate > 0.0 && (rate == 1.0) == (base == *unit));
    }
    let mut iris: Vec<_> = all.iter().map(|unit| unit.iri()).collect();
    iris.sort();
    iris.dedup();
    assert_eq!(iris.len(), all.len(), "two units share an IRI");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_a_unit_or_an_error(text in prop_oneof![".{0,10}", "[A-Z]{3}(_[a-z]{1,2})?", "[a-z]{2,4}:[A-Za-z]{3}"]) {
        match Unit::parse_scaled(&text) {
            Ok((unit, scale)) => {
                prop_assert!(scale >= 1.0);
                prop_assert_eq!(Unit::from_iri(unit.iri().as_str()), Some(unit));
            }
            Err(error) => prop_assert!(error.to_string().contains("expected")),
        }
    }
}

// --- Claims and boards ---

/// Few values, so that claims often agree, contradict each other or tie.
fn value() -> impl Strategy<Value = Quantity> {
    let bound = option::weighted(0.8, 1..6i32);
    let code = select(vec!["USD", "EUR", "GW", "MW", "percent"]);
    (bound.clone(), bound, code, any::<bool>())
        .prop_filter("open on both sides", |(a, b, _, _)| {
            a.is_some() || b.is_some()
        })
        .prop_map(|(a, b, code, about)| {
            let scale = if code == "MW" { 1000.0 } else { 1.0 };
            let bound = |n: Option<i32>| n.map(|n| f64::from(n) * scale);
            let (lower, upper) = match (bound(a), bound(b)) {
                (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                open => open,
            };
            Quantity::new(lower, upper, unit(code), about).unwrap()
        })
}

fn moment() -> impl Strategy<Value = TimeSpan> {
    select(vec![
        "2024",
        "2025",
        "2025-03",
        "2025-Q3",
        "2025-09-22",
        "2025-09-23",
        "2026-H1",
        "../2025-06",
        "2025-10/..",
    ])
    .prop_map(|text| text.parse().unwrap())
}

fn claim() -> impl Strategy<Value = (Index, Option<Index>, Claim)> {
    let says = (
        option::weighted(0.7, value()),
        option::weighted(0.6, select(Status::ALL)),
        select(Modality::ALL),
        option::weighted(0.4, select(Stance::ALL)),
    );
    let when = (
        option::weighted(0.7, moment()),
        option::weighted(0.2, moment()),
        option::of(0..3u8),
    );
    let what = (any::<Index>(), option::weighted(0.4, any::<Index>()));
    (says, when, what).prop_map(|(says, (said, holds_from, document), (about, qualifies))| {
        let (quantity, status, modality, stance) = says;
        let claim = Claim {
            quantity,
            status,
            modality,
            stance,
            said,
            holds_from,
            document: document.map(|number| id(&format!("doc-{number}"))),
            ..Claim::about(id("unset"))
        };
        (about, qualifies, claim)
    })
}

fn edge(since: Option<TimeSpan>, until: Option<TimeSpan>) -> Edge {
    Edge {
        family: Family::Investment,
        kind: None,
        from: id("a"),
        to: id("b"),
        deal: None,
        since,
        until,
        part_of_total: None,
        components: Vec::new(),
        labels: Default::default(),
    }
}

/// Two edges, an observation, three documents, and claims of all kinds about the first three.
fn records() -> impl Strategy<Value = Records> {
    let dates = vec(
        (
            option::weighted(0.4, moment()),
            option::weighted(0.3, moment()),
        ),
        2,
    );
    let documents = vec((option::of(moment()), option::of(select(Tier::ALL))), 3);
    (dates, documents, vec(claim(), 0..10)).prop_map(|(dates, documents, claims)| {
        let mut records = Records::default();
        for (number, (since, until)) in dates.into_iter().enumerate() {
            records
                .edges
                .insert(id(&format!("edge-{number}")), edge(since, until));
        }
        let observation = Observation {
            subject: id("a"),
            metric: id("pm:Revenue"),
            period: None,
            deal: None,
            part_of_total: None,
            labels: Default::default(),
        };
        records.observations.insert(id("observation"), observation);
        for (number, (issued, tier)) in documents.into_iter().enumerate() {
            let document = Document {
                issued,
                tier,
                ..Document::default()
            };
            records
                .documents
                .insert(id(&format!("doc-{number}")), document);
        }
        let count = claims.len();
        for (number, (about, qualifies, mut claim)) in claims.into_iter().enumerate() {
            claim.about = id(["edge-0", "edge-1", "observation"][about.index(3)]);
            claim.qualifies = qualifies.map(|other| id(&format!("claim-{}", other.index(count))));
            let claim_id = match number % 4 {
                3 => NamedOrBlankNode::from(oxigraph::model::BlankNode::new_unchecked(format!(
                    "c{number}"
                ))),
                _ => id(&format!("claim-{number}")).into(),
            };
            records.claims.insert(claim_id, claim);
        }
        records
    })
}

fn known_from(records: &Records, id: &NamedOrBlankNode) -> Option<Day> {
    Candidate::new(records, id, &records.claims[id]).known_from
}

fn resolutions(board: &Board) -> impl Iterator<Item = &Resolution> {
    board.edges.values().chain(board.observations.values())
}

/// The same records with the claims in another order.
fn shuffled(records: &Records, order: &[usize]) -> Records {
    let mut claims: Vec<_> = records.claims.clone().into_iter().collect();
    for (at, other) in order.iter().enumerate() {
        if at < claims.len() {
            let other = other % claims.len();
            claims.swap(at, other);
        }
    }
    Records {
        claims: claims.into_iter().collect(),
        ..records.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_claims_does_not_matter(
        records in records(),
        order in vec(0..10usize, 10),
        as_of in option::of(moment()),
        known_by in option::of(moment()),
    ) {
        let other = shuffled(&records, &order);
        for policy in Policy::ALL {
            let as_of = as_of.and_then(TimeSpan::latest);
            let known_by = known_by.and_then(TimeSpan::latest);
            let view = View { as_of, known_by, policy: *policy };
            prop_assert_eq!(Board::resolve(&records, view), Board::resolve(&other, view));
            let all: Vec<_> = records.claims.iter().map(|(id, claim)| Candidate::new(&records, id, claim)).collect();
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(resolve(&all, as_of, *policy), resolve(&turned, as_of, *policy));
        }
    }

    #[test]
    fn later_claims_stay_out(records in records(), known_by in moment(), as_of in option::of(moment())) {
        let Some(day) = known_by.latest() else { return Ok(()) };
        let is_known = |id: &NamedOrBlankNode| known_from(&records, id).is_none_or(|from| from <= day);
        let mut past = records.clone();
        past.claims.retain(|id, _| is_known(id));
        for policy in Policy::ALL {
            let view = View { as_of: as_of.and_then(TimeSpan::latest), known_by: Some(day), policy: *policy };
            let board = Board::resolve(&records, view);
            for resolution in resolutions(&board) {
                prop_assert!(!resolution.claims.is_empty());
                prop_assert!(resolution.claims.iter().all(is_known));
                for value in &resolution.values {
                    prop_assert!(value.claims.iter().all(|claim| resolution.claims.contains(claim)));
                }
            }
            // What is said later changes nothing, except that it can show that the end of an edge was not known yet.
            let then = Board::resolve(&past, view);
            prop_assert_eq!(&then.observations, &board.observations);
            for (id, edge) in &records.edges {
                if edge.until.is_none() {
                    prop_assert_eq!(then.edges.get(id), board.edges.get(id));
                }
            }
        }
    }

    #[test]
    fn a_value_is_what_its_claims_say(records in records(), policy in select(Policy::ALL)) {
        let board = Board::resolve(&records, View { policy, ..View::default() });
        for resolution in resolutions(&board) {
            for value in &resolution.values {
                prop_assert!(!value.claims.is_empty());
                prop_assert_eq!(value.quantity.unit.measure(), value.measure);
                prop_assert_eq!(value.quantity.in_base_unit(), value.quantity);
                let said: Vec<_> = value
                    .claims
                    .iter()
                    .filter_map(|claim| Some(records.claims[claim].quantity?.in_base_unit()))
                    .collect();
                prop_assert_eq!(said.len(), value.claims.len());
                let common = said[1..].iter().try_fold(said[0], |common, one| common.intersection(one).unwrap());
                let hull = said[1..].iter().fold(said[0], |hull, one| hull.hull(one).unwrap());
                let expected = if policy == Policy::Weighed { common.unwrap_or(hull) } else { hull };
                prop_assert_eq!(value.quantity, expected);
                if policy != Policy::Weighed {
                    prop_assert!(said.iter().all(|one| *one == value.quantity));
                }
            }
            let mut units: Vec<_> = resolution.values.iter().map(|value| value.quantity.unit).collect();
            let count = units.len();
            units.dedup();
            prop_assert!(policy == Policy::All || units.len() == count, "one value for each unit");
            let said: Vec<_> = resolution.claims.iter().filter_map(|id| records.claims[id].status).collect();
            prop_assert_eq!(resolution.status.is_some(), !said.is_empty());
            prop_assert!(resolution.status.is_none_or(|status| said.contains(&status)));
        }
    }

    #[test]
    fn policies_choose_by_their_rule(values in vec(1..9i32, 1..6)) {
        let claims = values.iter().enumerate().map(|(number, value)| {
            let text = format!("2025-0{}-01", number + 1);
            amount(f64::from(*value), "USD", &text)
        });
        let records = about_one_edge(claims);
        let chosen = |policy| {
            let board = Board::resolve(&records, View { policy, ..View::default() });
            board.edges[&id("edge")].values.iter().map(|v| v.quantity.point().unwrap() as i32).collect::<Vec<_>>()
        };
        let mut sorted = values.clone();
        sorted.sort_unstable();
        sorted.dedup();
        prop_assert_eq!(chosen(Policy::Latest), vec![values[values.len() - 1]]);
        prop_assert_eq!(chosen(Policy::Lowest), vec![sorted[0]]);
        prop_assert_eq!(chosen(Policy::Highest), vec![sorted[sorted.len() - 1]]);
        prop_assert_eq!(chosen(Policy::All), sorted.clone());
        let board = Board::resolve(&records, View::default());
        prop_assert_eq!(board.edges[&id("edge")].disputed, sorted.len() > 1);
    }
}

/// A claim with one value, said on a day.
fn amount(value: f64, code: &str, said: &str) -> Claim {
    Claim {
        quantity: Some(Quantity::exact(value, unit(code))),
        said: Some(said.parse().unwrap()),
        ..Claim::about(id("edge"))
    }
}

fn about_one_edge(claims: impl IntoIterator<Item = Claim>) -> Records {
    let mut records = Records::default();
    records.edges.insert(id("edge"), edge(None, None));
    for (number, claim) in claims.into_iter().enumerate() {
        let claim_id = NamedNode::new_unchecked(format!("{ID}claim-{number}"));
        records.claims.insert(claim_id.into(), claim);
    }
    records
}

fn resolved(claims: impl IntoIterator<Item = Claim>) -> Resolution {
    let board = Board::resolve(&about_one_edge(claims), View::default());
    board.edges[&id("edge")].clone()
}

#[test]
fn an_edge_that_nothing_is_said_about_is_not_on_the_board() {
    assert!(
        Board::resolve(&about_one_edge([]), View::default())
            .edges
            .is_empty()
    );
    let bare = resolved([Claim::about(id("edge"))]);
    assert_eq!(
        (bare.status, bare.values.len(), bare.disputed),
        (None, 0, false)
    );
}

#[test]
fn an_open_bound_contradicts_only_what_lies_beyond_it() {
    let up_to = |value| Claim {
        quantity: Quantity::new(None, Some(value), Unit::USD, false).ok(),
        ..amount(0.0, "USD", "2025-02")
    };
    let ten = || amount(10.0, "USD", "2025-01");
    assert!(!resolved([ten(), up_to(10.0)]).disputed);
    assert!(resolved([ten(), up_to(9.0)]).disputed);
    let latest = resolved([ten(), up_to(12.0)]);
    let value = latest.value(Measure::Amount).unwrap();
    assert_eq!(
        (value.quantity.lower, value.quantity.upper),
        (None, Some(12.0))
    );
}

#[test]
fn currencies_stand_side_by_side() {
    let both = resolved([
        amount(10.0, "USD", "2025-01"),
        amount(9.0, "EUR", "2025-02"),
    ]);
    assert!(!both.disputed, "no rate is known, so neither is wrong");
    assert_eq!(both.value(Measure::Amount), None);
    let codes: Vec<_> = both
        .values
        .iter()
        .map(|value| value.quantity.to_string())
        .collect();
    assert_eq!(codes, ["9 EUR", "$10"]);
}

#[test]
fn megawatts_and_gigawatts_compete() {
    let same = resolved([
        amount(1000.0, "MW", "2025-01"),
        amount(1.0, "GW", "2025-02"),
    ]);
    assert!(!same.disputed);
    let value = same.value(Measure::Capacity).unwrap();
    assert_eq!(value.quantity, Quantity::exact(1.0, unit("GW")));
    assert_eq!(value.claims.len(), 2);
    let other = resolved([amount(1.0, "GW", "2025-01"), amount(500.0, "MW", "2025-02")]);
    assert!(other.disputed);
    assert_eq!(
        other.value(Measure::Capacity).unwrap().quantity,
        Quantity::exact(0.5, unit("GW"))
    );
}

#[test]
fn an_opinion_does_not_compete_with_a_plan() {
    let opinion = Claim {
        modality: Modality::Opinion,
        ..amount(99.0, "USD", "2025-03")
    };
    let with_plan = resolved([amount(10.0, "USD", "2025-01"), opinion.clone()]);
    assert_eq!(
        with_plan.value(Measure::Amount).unwrap().quantity.point(),
        Some(10.0)
    );
    assert!(!with_plan.disputed);
    assert_eq!(
        resolved([opinion])
            .value(Measure::Amount)
            .unwrap()
            .quantity
            .point(),
        Some(99.0)
    );
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects_once_it_is_known() {
    let corrects = Claim {
        stance: Some(Stance::Corrects),
        qualifies: Some(id("claim-0")),
        ..amount(7.0, "USD", "2025-03-01")
    };
    let records = about_one_edge([amount(10.0, "USD", "2025-01-01"), corrects]);
    let on = |text: &str| {
        let view = View {
            known_by: Some(day(text)),
            ..View::default()
        };
        Board::resolve(&records, view).edges[&id("edge")].clone()
    };
    assert_eq!(
        on("2025-02-28")
            .value(Measure::Amount)
            .unwrap()
            .quantity
            .point(),
        Some(10.0)
    );
    assert_eq!(
        on("2025-03-01")
            .value(Measure::Amount)
            .unwrap()
            .quantity
            .point(),
        Some(7.0)
    );
    assert_eq!(on("2025-03-01").claims.len(), 1);
    assert!(
        Board::resolve(
            &records,
            View {
                known_by: Some(day("2024-12-31")),
                ..View::default()
            }
        )
        .edges
        .is_empty()
    );
}

#[test]
fn a_mutual_kind_holds_both_ways_and_is_one_edge_from_either_side() {
    let told = |rows: &str| {
        let folder = tempfile::tempdir().unwrap();
        let header = "from,to,family,kind,document,locator\n";
        std::fs::write(folder.path().join("edges.csv"), format!("{header}{rows}")).unwrap();
        Map::open(folder.path()).unwrap()
    };
    let map = told(
        "a,b,influence,partnership,d,1\nb,a,influence,partnership,e,2\nc,a,influence,backing,d,3\n",
    );
    let records = map.records().unwrap();
    assert_eq!((records.edges.len(), records.claims.len()), (2, 3));
    let asked = |query: &str| match map.query(query).unwrap() {
        Results::Boolean(answer) => answer,
        _ => panic!("{query}"),
    };
    assert!(asked(
        "ASK { id:a pm:influences id:b . id:b pm:influences id:a }"
    ));
    assert!(!asked("ASK { id:a pm:influences id:c }"));
    // Whoever is named first does not stand higher.
    let standing = |map: &Map| {
        let report = map.standing(&StandingOptions::default()).unwrap();
        let rows = report.rows.iter();
        let rows = rows.map(|row| {
            (
                row.player.clone(),
                row.score.map(|score| format!("{score:.9}")),
            )
        });
        rows.collect::<std::collections::BTreeMap<_, _>>()
    };
    let rows = "c,a,supply,chips,d,3\nb,d,supply,cloud,d,4\n";
    let one = told(&format!("a,b,influence,partnership,d,1\n{rows}"));
    let other = told(&format!("b,a,influence,partnership,d,1\n{rows}"));
    assert_eq!(standing(&one), standing(&other));
}
