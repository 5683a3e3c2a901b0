//! Shares, amounts and dates as the sources write them.

use crate::model::name::Right;
use crate::model::quantity::Quantity;
use crate::model::time::{Day, Period, TimeSpan};
use crate::model::unit::Unit;

/// The words before a number, in lower case, and what they make of it.
const WORDS: &[(&str, Side)] = &[
    ("more than", Side::Above),
    ("over", Side::Above),
    ("mehr als", Side::Above),
    (">=", Side::From),
    ("≥", Side::From),
    ("at least", Side::From),
    ("from", Side::From),
    ("minimum", Side::From),
    ("min.", Side::From),
    (">", Side::Above),
    ("less than", Side::Below),
    ("under", Side::Below),
    ("below", Side::Below),
    ("<=", Side::UpTo),
    ("≤", Side::UpTo),
    ("up to", Side::UpTo),
    ("at most", Side::UpTo),
    ("maximum", Side::UpTo),
    ("max.", Side::UpTo),
    ("<", Side::Below),
    ("ca.", Side::About),
    ("ca", Side::About),
    ("circa", Side::About),
    ("approximately", Side::About),
    ("approx.", Side::About),
    ("about", Side::About),
    ("around", Side::About),
    ("~", Side::About),
    ("≈", Side::About),
    ("between", Side::Exactly),
];

/// What stands between the two ends of a range.
const BETWEEN: &[&str] = &[" to ", " and ", " up to ", "–", "—", "-"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Exactly,
    About,
    Above,
    From,
    Below,
    UpTo,
}

/// Returns the share that a text states, in percent of a right: `25`, `25.5 %`, `25-50`, `ca. 50%`, `>50`, `more than 25`.
///
/// # Errors
/// What was expected in its place.
pub(super) fn share(text: &str, right: Right) -> Result<Quantity, &'static str> {
    const EXPECTED: &str = "a share from 0 to 100 percent, such as 25, 25-50, >50 or ca. 50%";
    let percent = Unit::percent().and_then(|unit| unit.of_right(right));
    let unit = percent.ok_or(EXPECTED)?;
    let (side, text) = sided(text);
    let range = BETWEEN.iter().find_map(|between| {
        let (from, to) = text.split_once(between)?;
        Some((bounded(from)?, bounded(to)?))
    });
    let ends = match range {
        Some(((from, from_side), (to, to_side))) => {
            let starts = matches!(from_side, Side::Exactly | Side::Above | Side::From);
            let ends = matches!(to_side, Side::Exactly | Side::Below | Side::UpTo);
            let is_plain = matches!(side, Side::Exactly | Side::About | Side::Above | Side::From);
            if !starts || !ends || !is_plain {
                return Err(EXPECTED);
            }
            let excludes = [side, from_side].contains(&Side::Above);
            (Some(from), Some(to), excludes, to_side == Side::Below)
        }
        None => {
            let is_open = text.ends_with('+');
            let value = percentage(text.trim_end_matches('+')).ok_or(EXPECTED)?;
            match side {
                _ if is_open => (Some(value), None, false, false),
                Side::Exactly | Side::About => (Some(value), Some(value), false, false),
                Side::Above => (Some(value), None, true, false),
                Side::From => (Some(value), None, false, false),
                Side::Below => (None, Some(value), false, true),
                Side::UpTo => (None, Some(value), false, false),
            }
        }
    };
    let (lower, upper, excludes_lower, excludes_upper) = ends;
    Quantity::new(lower, upper, unit, side == Side::About)
        .and_then(|quantity| quantity.excluding(excludes_lower, excludes_upper))
        .map_err(|_| EXPECTED)
}

/// Returns what a text says before its number, and the rest of it.
fn sided(text: &str) -> (Side, String) {
    let text = text.trim().to_lowercase();
    for (word, side) in WORDS {
        if let Some(rest) = text.strip_prefix(word) {
            return (*side, rest.trim().to_owned());
        }
    }
    (Side::Exactly, text)
}

/// Returns one end of a range, and what stands before its number.
fn bounded(text: &str) -> Option<(f64, Side)> {
    let (side, rest) = sided(text);
    Some((percentage(&rest)?, side))
}

/// Returns a number from 0 to 100, with or without a sign of percent.
fn percentage(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix('%').unwrap_or(text);
    let text = text.strip_suffix("percent").unwrap_or(text).trim();
    // A share has no thousands, so that a comma is a decimal one; with three digits after it, it may be meant otherwise.
    if text
        .rsplit_once(',')
        .is_some_and(|(_, after)| after.len() == 3)
    {
        return None;
    }
    let value = plain(&text.replace(',', "."))?;
    (0.0..=100.0).contains(&value).then_some(value)
}

/// Returns a number written in digits, with at most one point.
fn plain(text: &str) -> Option<f64> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_digit = digits.contains(|c: char| c.is_ascii_digit());
    if !has_digit || !digits.chars().all(is_number) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Returns the number that a text states: `113969.15`, `1,500`, `1 500`, `2.5e6`.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(value) = plain(text) {
        return Some(value);
    }
    let separators = [',', ' ', '\u{a0}', '\u{202f}', '\'', '_'];
    if let Some(separator) = separators.into_iter().find(|c| text.contains(*c)) {
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text, None), |(a, b)| (a, Some(b)));
        let mut groups = whole.split(separator);
        let first = groups.next().unwrap_or_default();
        let is_group = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
        let first_digits = first.trim_start_matches('-');
        let is_first =
            matches!(first_digits.len(), 1..=3) && first_digits.bytes().all(|b| b.is_ascii_digit());
        if !is_first || !groups.all(is_group) {
            return None;
        }
        let digits = whole.replace(separator, "");
        return plain(&match fraction {
            Some(fraction) => format!("{digits}.{fraction}"),
            None => digits,
        });
    }
    let is_scientific = text.contains(['e', 'E']) && !text.contains(|c: char| c.is_whitespace());
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+');
    (is_scientific && text.chars().all(is_number))
        .then(|| text.parse().ok())
        .flatten()
        .filter(|value: &f64| value.is_finite())
}

/// What is expected where [`date`] finds none.
pub(super) const DATE_EXPECTED: &str = "a date such as 2025-10-15, 2025-10 or 2025";

/// How English calls the months in days such as `20-NOV-2006`.
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Returns the time that a text states; that of a moment is its day.
pub(super) fn date(text: &str) -> Option<TimeSpan> {
    let text = text.trim();
    if text.contains('/') {
        return None;
    }
    // A moment of which only the time is odd still has its day.
    let day = |text: &str| {
        text.split_at_checked(10)
            .and_then(|(day, _)| day.parse().ok())
    };
    let found = text.parse().ok().or_else(|| {
        let separator = text.as_bytes().get(10)?;
        matches!(separator, b'T' | b' ')
            .then(|| day(text))
            .flatten()
    });
    found.or_else(|| day_of_named_month(text))
}

/// Returns the day that a text such as `20-NOV-2006` states.
fn day_of_named_month(text: &str) -> Option<TimeSpan> {
    let mut parts = text.split('-');
    let (Some(day), Some(month), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let month = month.to_ascii_lowercase();
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let year = year.parse().ok().filter(|_| year.len() == 4)?;
    let day = Day::new(year, month, day.parse().ok()?)?;
    Some(TimeSpan::At(Period::Day(day)))
}

/// Returns the time that a date with unknown parts as zeros states: `1990-00-00` is a year.
pub(super) fn partial_date(text: &str) -> Option<TimeSpan> {
    let text = text.trim();
    let text = text.strip_suffix("-00").unwrap_or(text);
    date(text.strip_suffix("-00").unwrap_or(text))
}

/// Returns the day that a text such as `12/31/2024` states, month first as in the United States.
pub(super) fn american_date(text: &str) -> Option<TimeSpan> {
    let mut parts = text.trim().split('/').map(str::parse);
    let (Some(Ok(month)), Some(Ok(day)), Some(Ok(year)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let day = Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
    Some(TimeSpan::At(Period::Day(day)))
}

/// Returns the time from a start to an end; nothing where neither is known, or they are in the wrong order.
pub(super) fn range(start: Option<TimeSpan>, end: Option<TimeSpan>) -> Option<TimeSpan> {
    let period = |time: Option<TimeSpan>| match time {
        Some(TimeSpan::At(period)) => Some(period),
        _ => None,
    };
    match (period(start), period(end)) {
        (None, None) => None,
        (Some(start), Some(end)) if start.first() > end.first() => None,
        (start, end) => Some(TimeSpan::Range(start, end)),
    }
}

/// Returns an end, unless it is before the start: then one of the two is wrong, and the thing is known to have begun.
pub(super) fn until(since: Option<TimeSpan>, until: Option<TimeSpan>) -> Option<TimeSpan> {
    until.filter(
        |until| match (since.and_then(TimeSpan::earliest), until.latest()) {
            (Some(start), Some(end)) => start <= end,
            _ => true,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        share(text, Right::Capital).map_or_else(|_| "?".to_owned(), |share| share.to_string())
    }

    #[test]
    fn shares_are_read_as_they_are_written() {
        for (text, expected) in [
            ("100", "100%"),
            ("25.5 %", "25.5%"),
            ("25,5%", "25.5%"),
            ("25-50", "25–50%"),
            ("25% – 50%", "25–50%"),
            ("more than 25 up to 50", "> 25–50%"),
            ("between 25 and 50 percent", "25–50%"),
            (">50", "> 50%"),
            ("≥ 75%", "≥ 75%"),
            ("<=10", "≤ 10%"),
            ("less than 5%", "< 5%"),
            ("75+", "≥ 75%"),
            ("0.01", "0.01%"),
            ("150", "?"),
            ("-1", "?"),
            ("50-25", "?"),
            ("majority", "?"),
            ("", "?"),
            ("1,500", "?"),
            ("1e1", "?"),
            ("NaN", "?"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        let about = share("ca. 50%", Right::Votes).unwrap();
        assert!(about.approximate && about.point() == Some(50.0));
        assert_eq!(about.unit.right(), Some(Right::Votes));
    }

    #[test]
    fn numbers_have_thousands_of_one_sort() {
        for (text, expected) in [
            ("113969.15", Some(113_969.15)),
            ("1,500", Some(1500.0)),
            ("1 500 000.5", Some(1_500_000.5)),
            ("-3'000", Some(-3000.0)),
            ("2.5e6", Some(2.5e6)),
            ("1000000000000000000000000000000", Some(1e30)),
            ("1,50", None),
            ("1,500,00", None),
            ("1.500,00", None),
            ("1e999", None),
            ("inf", None),
            ("$5", None),
            ("", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }

    #[test]
    fn a_day_that_is_none_is_no_date() {
        let told = |text: &str| date(text).map(|time| time.to_string());
        assert_eq!(
            told("2023-05-18T15:41:20.212Z").as_deref(),
            Some("2023-05-18")
        );
        assert_eq!(told("2019-04-01 10:00").as_deref(), Some("2019-04-01"));
        assert_eq!(told("2011").as_deref(), Some("2011"));
        assert_eq!(told("20-NOV-2006").as_deref(), Some("2006-11-20"));
        assert_eq!(told("1-Feb-2001").as_deref(), Some("2001-02-01"));
        for wrong in [
            "2011-00-00",
            "2023-02-30",
            "31/12/2024",
            "soon",
            "",
            "2019/2020",
            "31-FEB-2001",
            "20-NOV-06",
            "20-NOVEMBRE-2006",
        ] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
        let partial = |text: &str| partial_date(text).map(|time| time.to_string());
        assert_eq!(partial("1990-00-00").as_deref(), Some("1990"));
        assert_eq!(partial("1990-06-00").as_deref(), Some("1990-06"));
        assert_eq!(partial("0000-00-00"), None);
        let american = |text: &str| american_date(text).map(|time| time.to_string());
        assert_eq!(american("12/31/2024").as_deref(), Some("2024-12-31"));
        for wrong in ["31/12/2024", "12/31", "12/31/2024/1", "a/b/c", "300/1/2024"] {
            assert_eq!(american(wrong), None, "{wrong}");
        }
    }
}
