//! Any text as a time span, a day, an identifier and a unit, and any numbers as quantities.
//!
//! An input is `<time or id>;<unit>;<unit>;<lower>;<upper>;<lower>;<upper>`, where a number that cannot be read is an
//! open end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap::model::vocabulary::{compact, expand};
use powermap::model::{Day, Lang, Quantity, TimeSpan, Unit};

fuzz_target!(|text: &str| {
    let mut parts = text.split(';');
    let first = parts.next().unwrap_or("");
    time(first);
    if let Some(iri) = expand(first) {
        assert_eq!(expand(&compact(iri.as_str())), Some(iri));
    }
    let mut units = [Unit::USD; 2];
    for place in &mut units {
        *place = unit(parts.next().unwrap_or(""));
    }
    let mut bound = || parts.next().and_then(|part| part.parse().ok());
    let one = Quantity::new(bound(), bound(), units[0], text.len().is_multiple_of(2));
    let two = Quantity::new(bound(), bound(), units[1], false);
    if let (Ok(one), Ok(two)) = (one, two) {
        quantities(&one, &two);
    }
});

fn time(text: &str) {
    if let Ok(span) = text.parse::<TimeSpan>() {
        assert_eq!(span.to_string().parse::<TimeSpan>(), Ok(span));
        if let (Some(first), Some(last)) = (span.earliest(), span.latest()) {
            assert!(first <= last);
            assert!(first.days_until(last) >= 0);
        }
        assert!(span.overlaps(span));
        assert_eq!(span.to_literal().value(), span.to_string());
    }
    if let Ok(day) = text.parse::<Day>() {
        assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        if let Some(before) = day.before() {
            assert_eq!(before.days_until(day), 1);
        }
    }
}

/// The unit of a text, or else one of the usual ones.
fn unit(text: &str) -> Unit {
    match Unit::parse_scaled(text) {
        Ok((unit, scale)) => {
            assert!(scale >= 1.0);
            assert_eq!(Unit::from_iri(unit.iri().as_str()), Some(unit));
            unit
        }
        Err(_) => Unit::named().nth(text.len() % 5).unwrap_or(Unit::USD),
    }
}

fn quantities(one: &Quantity, two: &Quantity) {
    for lang in [Lang::En, Lang::Zh] {
        assert!(!one.display(lang).is_empty());
    }
    let same_measure = one.unit.base().0 == two.unit.base().0;
    let results = [
        one.add(two),
        one.subtract(two),
        one.minimum(two),
        one.maximum(two),
    ];
    for result in results {
        assert_eq!(result.is_ok(), same_measure);
        if let Ok(result) = result {
            assert!(result.lower.is_none_or(f64::is_finite));
            assert!(result.upper.is_none_or(f64::is_finite));
            if let (Some(lower), Some(upper)) = (result.lower, result.upper) {
                assert!(lower <= upper);
            }
        }
    }
    if let Ok(Some((lower, Some(upper)))) = one.ratio(two) {
        assert!(lower <= upper || one.upper.is_some_and(|upper| upper < 0.0));
    }
    assert_eq!(one.is_disjoint(two).ok(), two.is_disjoint(one).ok());
}
