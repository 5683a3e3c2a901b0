//! Dates at the precision that a source gives: a day, a month, a quarter, a half, a year, or a range of these.

use crate::model::error::ModelError;
use crate::model::vocabulary::pm;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNodeRef};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// One calendar day (proleptic Gregorian).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The first day of the calendar here: 0001-01-01.
    pub const FIRST: Self = Self(Date::constant(1, 1, 1));

    /// Returns the day of a year, a month and a day of the month, if there is one.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        Date::new(year, month, day).ok().map(Self)
    }

    /// Returns the number of days from this day to a later one; negative if that one is earlier.
    pub fn days_until(self, later: Self) -> i32 {
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }

    /// Returns the day that comes this many days later, earlier for a negative number, if the calendar reaches that far.
    ///
    /// ```
    /// use powermap::model::Day;
    /// let day = Day::new(2024, 2, 28).and_then(|day| day.plus(2));
    /// assert_eq!(day, Day::new(2024, 3, 1));
    /// ```
    pub fn plus(self, days: i32) -> Option<Self> {
        let day = self.0.checked_add(days.days()).ok()?;
        // Years start with 1, as dates are written.
        (day.year() >= 1).then_some(Self(day))
    }

    /// Returns the year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Returns the month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Returns the day after, if the calendar reaches that far.
    pub fn after(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }

    /// Returns the day before, if the calendar reaches that far.
    pub fn before(self) -> Option<Self> {
        let before = self.0.checked_sub(1.day()).ok()?;
        // Years start with 1, as dates are written.
        (before.year() >= 1).then_some(Self(before))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

impl FromStr for Day {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        match TimeSpan::from_str(text)? {
            TimeSpan::At(Period::Day(day)) => Ok(day),
            _ => Err(ModelError::Date {
                text: text.to_owned(),
                expected: "a day such as 2025-10-15",
            }),
        }
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Returns the day of a moment, as written: `2022-03-15` of `2022-03-15T21:30:34.488Z`, of `2022-03-15T09:00:00` and of
/// `2022-03-15+02:00`, as `xsd:dateTime` and `xsd:date` have them. Nothing for other texts.
fn day_of(text: &str) -> Option<&str> {
    const DAY: usize = "2022-03-15".len();
    let (day, rest) = text.split_at_checked(DAY)?;
    let is_moment = match rest.strip_prefix('T') {
        Some(_) => text.parse::<DateTime>().is_ok() || text.parse::<Timestamp>().is_ok(),
        None => {
            let is_zone = rest == "Z" || rest.len() == "+02:00".len();
            is_zone && format!("{day}T00:00:00{rest}").parse::<Timestamp>().is_ok()
        }
    };
    is_moment.then_some(day)
}

/// A stretch of the calendar that has a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A day: `2025-09-22`.
    Day(Day),
    /// A month: `2025-09`.
    Month(i16, i8),
    /// A quarter: `2025-Q3`.
    Quarter(i16, i8),
    /// A half: `2026-H2`.
    Half(i16, i8),
    /// A year: `2025`.
    Year(i16),
}

impl Period {
    /// Returns the first day.
    pub fn first(self) -> Day {
        let (year, month) = match self {
            Self::Day(day) => return day,
            Self::Month(year, month) => (year, month),
            Self::Quarter(year, quarter) => (year, quarter.clamp(1, 4) * 3 - 2),
            Self::Half(year, half) => (year, half.clamp(1, 2) * 6 - 5),
            Self::Year(year) => (year, 1),
        };
        Day(first_of_month(year, month))
    }

    /// Returns the last day.
    pub fn last(self) -> Day {
        let (year, month) = match self {
            Self::Day(day) => return day,
            Self::Month(year, month) => (year, month),
            Self::Quarter(year, quarter) => (year, quarter.clamp(1, 4) * 3),
            Self::Half(year, half) => (year, half.clamp(1, 2) * 6),
            Self::Year(year) => (year, 12),
        };
        Day(first_of_month(year, month).last_of_month())
    }

    fn parse(text: &str) -> Option<Self> {
        let text = day_of(text).unwrap_or(text);
        let mut parts = text.split('-');
        let year = number(parts.next()?, 4)?;
        if year == 0 {
            return None;
        }
        let Some(second) = parts.next() else {
            return Some(Self::Year(year));
        };
        let third = parts.next();
        if parts.next().is_some() {
            return None;
        }
        if let Some(day) = third {
            let month = number(second, 2)?;
            return Day::new(
                year,
                month.try_into().ok()?,
                number(day, 2)?.try_into().ok()?,
            )
            .map(Self::Day);
        }
        if let Some(quarter) = second.strip_prefix('Q') {
            let quarter = number(quarter, 1)? as i8;
            return (1..=4)
                .contains(&quarter)
                .then_some(Self::Quarter(year, quarter));
        }
        if let Some(half) = second.strip_prefix('H') {
            let half = number(half, 1)? as i8;
            return (1..=2).contains(&half).then_some(Self::Half(year, half));
        }
        let month = number(second, 2)? as i8;
        (1..=12)
            .contains(&month)
            .then_some(Self::Month(year, month))
    }
}

/// Returns the first day of a month; a month or year that the calendar does not have becomes the nearest that it has,
/// which only a [`Period`] put together by hand can ask for.
fn first_of_month(year: i16, month: i8) -> Date {
    Date::constant(year.clamp(1, 9999), month.clamp(1, 12), 1)
}

/// Reads exactly `digits` decimal digits.
fn number(text: &str, digits: usize) -> Option<i16> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// When something was, is or will be, no more exactly than the source says.
///
/// Ranges are written as in ISO 8601-2 (EDTF): `2019/2025`, `../2029` ("by 2029"), `2026/..` ("from 2026 on").
///
/// ```
/// use powermap::model::TimeSpan;
/// let span: TimeSpan = "2026-H2".parse().unwrap();
/// assert_eq!(span.earliest().unwrap().to_string(), "2026-07-01");
/// assert_eq!(span.latest().unwrap().to_string(), "2026-12-31");
/// let by: TimeSpan = "../2029".parse().unwrap();
/// assert!(by.earliest().is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeSpan {
    /// One named stretch.
    At(Period),
    /// From the start of the first to the end of the second; a missing end is open.
    Range(Option<Period>, Option<Period>),
}

impl TimeSpan {
    /// Returns the first day it can mean; `None` if its start is open.
    pub fn earliest(self) -> Option<Day> {
        match self {
            Self::At(period) => Some(period.first()),
            Self::Range(from, _) => from.map(Period::first),
        }
    }

    /// Returns the last day it can mean; `None` if its end is open.
    pub fn latest(self) -> Option<Day> {
        match self {
            Self::At(period) => Some(period.last()),
            Self::Range(_, to) => to.map(Period::last),
        }
    }

    /// Returns whether two spans have a day in common.
    pub fn overlaps(self, other: Self) -> bool {
        let starts_by_end = |a: Self, b: Self| match (a.earliest(), b.latest()) {
            (Some(start), Some(end)) => start <= end,
            _ => true,
        };
        starts_by_end(self, other) && starts_by_end(other, self)
    }

    /// Returns the RDF literal: `xsd:date`, `xsd:gYearMonth` or `xsd:gYear` where they fit, else `pm:timeSpan`.
    pub fn to_literal(self) -> Literal {
        let datatype: NamedNodeRef<'_> = match self {
            Self::At(Period::Day(_)) => xsd::DATE,
            Self::At(Period::Month(..)) => xsd::G_YEAR_MONTH,
            Self::At(Period::Year(_)) => xsd::G_YEAR,
            _ => pm::TIME_SPAN,
        };
        Literal::new_typed_literal(self.to_string(), datatype)
    }
}

impl FromStr for TimeSpan {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        let error = || ModelError::Date {
            text: text.to_owned(),
            expected: "a date such as 2025-10-15, 2025-10, 2025-Q4, 2025-H2, 2025, or a range such as 2019/2025 or ../2029",
        };
        let trimmed = text.trim();
        let Some((from, to)) = trimmed.split_once('/') else {
            return Period::parse(trimmed).map(Self::At).ok_or_else(error);
        };
        let end = |text: &str| match text {
            ".." | "" => Ok(None),
            _ => Period::parse(text).map(Some).ok_or_else(error),
        };
        let (from, to) = (end(from)?, end(to)?);
        let backwards = matches!((from, to), (Some(a), Some(b)) if a.first() > b.last());
        if backwards || (from.is_none() && to.is_none()) {
            return Err(error());
        }
        Ok(Self::Range(from, to))
    }
}

impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |period: Option<Period>| period.map_or("..".to_owned(), |p| p.to_string());
        match self {
            Self::At(period) => period.fmt(f),
            Self::Range(from, to) => write!(f, "{}/{}", end(*from), end(*to)),
        }
    }
}

impl Serialize for TimeSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_put_together_by_hand_never_panics() {
        for number in [i8::MIN, -1, 0, 5, 13, i8::MAX] {
            for year in [i16::MIN, 0, 2025, i16::MAX] {
                for period in [
                    Period::Month(year, number),
                    Period::Quarter(year, number),
                    Period::Half(year, number),
                    Period::Year(year),
                ] {
                    assert!(period.first() <= period.last());
                }
            }
        }
    }
}
