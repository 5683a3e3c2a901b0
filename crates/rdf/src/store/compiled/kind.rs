//! The kinds of terms that a compiled dictionary keeps apart, each in an order of its own.

use jiff::civil::Date;
use oxsdatatypes::{Decimal, Double};
use std::cmp::Ordering;

/// The sections of the dictionary, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Blank nodes, by label.
    Blank,
    /// IRIs, by code points.
    Iri,
    /// Strings, by code points.
    Text,
    /// Language-tagged strings, by the length of the tag, tag and text.
    Tagged,
    /// All other literals, by datatype and text: no order of values.
    Other,
    /// `xsd:integer` of 64 bits as XSD writes it canonically, by value.
    Integer,
    /// `xsd:date` without a time zone, of the years 1 to 9999, by value.
    Date,
    /// `xsd:decimal`, by value and then text.
    Decimal,
    /// `xsd:double` except NaN, by value and then text.
    Double,
}

impl Kind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Blank,
        Self::Iri,
        Self::Text,
        Self::Tagged,
        Self::Other,
        Self::Integer,
        Self::Date,
        Self::Decimal,
        Self::Double,
    ];

    /// Returns whether numbers that differ are terms that differ in order, as SPARQL orders them.
    pub(crate) fn is_in_order(self) -> bool {
        matches!(
            self,
            Self::Blank | Self::Iri | Self::Text | Self::Integer | Self::Date
        )
    }

    /// Returns the letter of a key that the section leaves out, where all of its keys have the same.
    pub(crate) fn letter(self) -> Option<char> {
        match self {
            Self::Blank => Some('B'),
            Self::Iri => Some('I'),
            Self::Text => Some('S'),
            Self::Tagged => Some('L'),
            Self::Other => None,
            Self::Integer => Some('i'),
            Self::Date => Some('a'),
            Self::Decimal => Some('d'),
            Self::Double => Some('e'),
        }
    }
}

/// The section that a key belongs to, and the value stored there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entry<'a> {
    /// Text in the section of this kind.
    Text(Kind, &'a str),
    Integer(i64),
    /// Days since 1970-01-01.
    Date(i32),
}

impl<'a> Entry<'a> {
    /// Returns the entry of a key as [`term_key`](crate::store::term_key) writes it.
    pub(crate) fn of(key: &'a str) -> Self {
        let rest = key.get(1..).unwrap_or_default();
        match key.as_bytes().first() {
            Some(b'B') => return Self::Text(Kind::Blank, rest),
            Some(b'I') => return Self::Text(Kind::Iri, rest),
            Some(b'S') => return Self::Text(Kind::Text, rest),
            Some(b'L') => return Self::Text(Kind::Tagged, rest),
            Some(b'i') => {
                if let Some(value) = canonical_integer(rest) {
                    return Self::Integer(value);
                }
            }
            Some(b'a') => {
                if let Some(days) = canonical_date(rest) {
                    return Self::Date(days);
                }
            }
            Some(b'd') if decimal(rest).is_some() => return Self::Text(Kind::Decimal, rest),
            Some(b'e') if double(rest).is_some() => return Self::Text(Kind::Double, rest),
            _ => {}
        }
        Self::Text(Kind::Other, key)
    }

    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Text(kind, _) => kind,
            Self::Integer(_) => Kind::Integer,
            Self::Date(_) => Kind::Date,
        }
    }
}

/// Returns the order of two texts of a section.
pub(crate) fn text_order(kind: Kind, left: &str, right: &str) -> Ordering {
    let values = match kind {
        Kind::Decimal => decimal(left).cmp(&decimal(right)),
        Kind::Double => {
            let order = double(left).partial_cmp(&double(right));
            order.unwrap_or(Ordering::Equal)
        }
        _ => Ordering::Equal,
    };
    values.then_with(|| left.cmp(right))
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

/// Returns the value, unless it is no number.
pub(crate) fn double(text: &str) -> Option<Double> {
    let value: Double = text.parse().ok()?;
    (!value.is_nan()).then_some(value)
}

fn canonical_integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let canonical = match digits {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    canonical.then(|| text.parse().ok()).flatten()
}

fn canonical_date(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| {
        let part = &bytes[from..to];
        let is_number = part.iter().all(u8::is_ascii_digit);
        is_number.then(|| part.iter().fold(0i16, |n, d| n * 10 + i16::from(d - b'0')))
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    if year == 0 {
        return None;
    }
    let date = Date::new(year, month as i8, day as i8).ok()?;
    Some(date.duration_since(Date::new(1970, 1, 1).ok()?).as_hours() as i32 / 24)
}

/// Returns the text of a day, if it is one of the years that the section holds.
///
/// Years start in March here, so that the day of a leap year is the last one of its year; 400 of them are an era.
pub(crate) fn date_text(days: i32) -> Option<[u8; 10]> {
    const ERA: i64 = 146_097;
    // Days since 1 March of the year 0.
    let days = i64::from(days) + 719_468;
    let (era, day) = (days.div_euclid(ERA), days.rem_euclid(ERA));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months have 153 days, from March on twice.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = 400 * era + year + later;
    if !(1..=9999).contains(&year) {
        return None;
    }
    let digit = |number: i64| b'0' + (number % 10) as u8;
    Some([
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_numbers_and_days_are_values() {
        for (key, expected) in [
            ("i0", Entry::Integer(0)),
            ("i-12", Entry::Integer(-12)),
            ("i9223372036854775807", Entry::Integer(i64::MAX)),
            (
                "i9223372036854775808",
                Entry::Text(Kind::Other, "i9223372036854775808"),
            ),
            ("i01", Entry::Text(Kind::Other, "i01")),
            ("i-0", Entry::Text(Kind::Other, "i-0")),
            ("i+1", Entry::Text(Kind::Other, "i+1")),
            ("i", Entry::Text(Kind::Other, "i")),
            ("a1970-01-02", Entry::Date(1)),
            ("a1969-12-31", Entry::Date(-1)),
            ("a2023-02-29", Entry::Text(Kind::Other, "a2023-02-29")),
            ("a2024-01-01Z", Entry::Text(Kind::Other, "a2024-01-01Z")),
            ("a0000-01-01", Entry::Text(Kind::Other, "a0000-01-01")),
            ("d1.50", Entry::Text(Kind::Decimal, "1.50")),
            ("dx", Entry::Text(Kind::Other, "dx")),
            ("eNaN", Entry::Text(Kind::Other, "eNaN")),
            ("e1e3", Entry::Text(Kind::Double, "1e3")),
            ("btrue", Entry::Text(Kind::Other, "btrue")),
            ("IIx", Entry::Text(Kind::Iri, "Ix")),
        ] {
            assert_eq!(Entry::of(key), expected, "{key}");
        }
    }

    #[test]
    fn days_come_back_as_they_were_written() {
        for text in [
            "0001-01-01",
            "1969-12-31",
            "1970-01-01",
            "2024-02-29",
            "9999-12-31",
        ] {
            let days = canonical_date(text).unwrap();
            assert_eq!(date_text(days), text.as_bytes().try_into().ok());
        }
        assert_eq!(canonical_date("2024-02-29"), Some(19782));
        assert_eq!(date_text(i32::MAX), None);
        assert_eq!(date_text(i32::MIN), None);
    }

    #[test]
    fn each_day_is_the_one_after_the_day_before() {
        let mut day = Date::new(1, 1, 1).unwrap();
        let first = canonical_date("0001-01-01").unwrap();
        assert_eq!(date_text(first - 1), None);
        for days in first.. {
            let text = day.to_string();
            assert_eq!(date_text(days), text.as_bytes().try_into().ok(), "{days}");
            match day.tomorrow() {
                Ok(tomorrow) => day = tomorrow,
                Err(_) => {
                    assert_eq!(date_text(days + 1), None);
                    break;
                }
            }
        }
    }
}
