//! Days as people write them: `31/12/2024`, `31. Dezember 2024`, `2024年12月31日`, `Q3 2024`.

use crate::format::mapping::amounts::Unread;
use crate::format::mapping::lexicon::lexicon;
use crate::model::name_key::folded;
use crate::model::time::{Day, TimeSpan};

/// What stands first in a day such as `03/04/2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Day,
    Month,
}

/// Returns a day, month, quarter or year as our tables write it; without an order, only where it can be one day only.
pub(super) fn day(text: &str, order: Option<Order>) -> Result<String, Unread> {
    let folded = folded(text);
    if folded.is_empty() || lexicon().find("nothing", &folded).is_some() {
        return Err(Unread::Nothing);
    }
    let day = without_time(&folded);
    let trimmed = if day.len() < folded.len() {
        day
    } else {
        text.trim()
    };
    if trimmed.parse::<TimeSpan>().is_ok() {
        return Ok(trimmed.to_owned());
    }
    let text = day;
    let parts = Parts::of(text);
    parts
        .by_words()
        .or_else(|| parts.by_numbers(text, order))
        .unwrap_or(Err(Unread::Wrong))
}

/// Returns a day that a workbook keeps as a number.
pub(super) fn day_of_number(number: f64) -> Option<String> {
    const YEARS: std::ops::RangeInclusive<f64> = 1800.0..=2200.0;
    /// From 1900 to 2199.
    const SERIALS: std::ops::RangeInclusive<f64> = 2201.0..=109_574.0;
    if YEARS.contains(&number) && number.fract() == 0.0 {
        return Some(format!("{number}"));
    }
    let serial = SERIALS.contains(&number).then_some(number.floor() as i64)?;
    // Day 0 is 1899-12-30; 25,569 days later it is 1970.
    let date = jiff::civil::date(1970, 1, 1);
    let day = date
        .checked_add(jiff::Span::new().try_days(serial - 25_569).ok()?)
        .ok()?;
    Some(day.to_string())
}

/// Returns a text without a time of day at its end.
fn without_time(text: &str) -> &str {
    let is_time = |rest: &str| rest.contains(':') && rest.starts_with(|c: char| c.is_ascii_digit());
    match text.split_once([' ', 't']) {
        Some((day, rest)) if is_time(rest) && day.len() >= 8 => day,
        _ => text,
    }
}

/// The numbers and words of a day.
struct Parts<'t> {
    numbers: Vec<&'t str>,
    words: Vec<&'t str>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (mut numbers, mut words) = (Vec::new(), Vec::new());
        for part in text.split(|c: char| !c.is_alphanumeric()) {
            let mut rest = part;
            while let Some(first) = rest.chars().next() {
                let is_number = first.is_ascii_digit();
                let end = rest
                    .find(|c: char| c.is_ascii_digit() != is_number)
                    .unwrap_or(rest.len());
                let (run, after) = rest.split_at(end);
                match is_number {
                    true => numbers.push(run),
                    false => words.push(run),
                }
                rest = after;
            }
        }
        Self { numbers, words }
    }

    /// Reads a day with words in it: of a month, of a quarter, or those that Chinese has after each number.
    fn by_words(&self) -> Option<Result<String, Unread>> {
        let known: Vec<_> = self.words.iter().map(|word| Mark::of(word)).collect();
        let marks: Vec<_> = known.iter().copied().flatten().collect();
        if marks.is_empty() || marks.len() < known.len() {
            return None;
        }
        let year_of = |text: &str| match text.len() {
            4 => text.parse::<u16>().ok(),
            2 => full_year(text),
            _ => None,
        };
        let written = |year: &str, month: u8, day: Option<&str>| {
            let year = year_of(year)?;
            Some(match day {
                Some(day) => format!("{year:04}-{month:02}-{:02}", day.parse::<u8>().ok()?),
                None => format!("{year:04}-{month:02}"),
            })
        };
        let month = marks.iter().find_map(|mark| match mark {
            Mark::Month(month) => Some(*month),
            _ => None,
        });
        let is_east_asian = marks.contains(&Mark::YearSign);
        let text = match (&self.numbers[..], month) {
            ([day, year], Some(month)) if day.len() <= 2 => written(year, month, Some(day)),
            ([year, day], Some(month)) if year.len() == 4 => written(year, month, Some(day)),
            // "15-Mar" is a day without its year as often as a month of 2015.
            ([year], Some(month)) if year.len() == 4 => written(year, month, None),
            (_, Some(_)) => None,
            ([year, month, day], None) if is_east_asian => {
                written(year, month.parse().ok()?, Some(day))
            }
            ([year, part], None) if is_east_asian => match marks.contains(&Mark::Quarter) {
                true => Some(format!("{year}-Q{part}")),
                false => written(year, part.parse().ok()?, None),
            },
            ([year], None) if is_east_asian || marks == [Mark::FiscalYear] => {
                Some((*year).to_owned())
            }
            ([one, other], None) => {
                let letter = match marks[..] {
                    [Mark::Quarter] => "Q",
                    [Mark::Half] => "H",
                    _ => return Some(Err(Unread::Wrong)),
                };
                let (year, part) = if one.len() == 4 {
                    (one, other)
                } else {
                    (other, one)
                };
                Some(format!("{year}-{letter}{part}"))
            }
            _ => None,
        };
        Some(checked(text))
    }

    /// Reads a day of numbers.
    fn by_numbers(&self, text: &str, order: Option<Order>) -> Option<Result<String, Unread>> {
        if !self.words.is_empty() {
            return None;
        }
        let written = |year: &str, month: &str, day: &str| {
            let year = match year.len() {
                2 => full_year(year)?.to_string(),
                _ => year.to_owned(),
            };
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            let day = Day::new(year.parse().ok()?, month, day)?;
            Some(day.to_string())
        };
        Some(match self.numbers[..] {
            [year, month, day] if year.len() == 4 => checked(written(year, month, day)),
            [first, second, year] if matches!(year.len(), 2 | 4) => {
                let (day_first, month_first) =
                    (written(year, second, first), written(year, first, second));
                match (order, day_first, month_first) {
                    (Some(Order::Day), day, _) | (Some(Order::Month), _, day) => checked(day),
                    (None, Some(one), Some(other)) if one != other && !text.contains('.') => {
                        Err(Unread::Ambiguous(one, other))
                    }
                    (None, Some(one), _) => Ok(one),
                    (None, None, other) => checked(other.filter(|_| !text.contains('.'))),
                }
            }
            [year, month] if year.len() == 4 => checked(month_of(year, month)),
            [month, year] if year.len() == 4 => checked(month_of(year, month)),
            _ => Err(Unread::Wrong),
        })
    }
}

/// Returns the year that two digits stand for: from 1950 to 2049.
fn full_year(digits: &str) -> Option<u16> {
    let year: u16 = digits.parse().ok()?;
    Some(if year < 50 { 2000 + year } else { 1900 + year })
}

fn month_of(year: &str, month: &str) -> Option<String> {
    Some(format!("{year}-{:02}", month.parse::<u8>().ok()?))
}

fn checked(text: Option<String>) -> Result<String, Unread> {
    text.filter(|text| text.parse::<TimeSpan>().is_ok())
        .ok_or(Unread::Wrong)
}

/// What a word of a day says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Month(u8),
    Quarter,
    Half,
    FiscalYear,
    YearSign,
    /// A word that says nothing more, such as the ending of "1st".
    Other,
}

impl Mark {
    fn of(word: &str) -> Option<Self> {
        if let Some(month) = lexicon().find("month", word) {
            return month.ours.parse().ok().map(Self::Month);
        }
        let entry = lexicon().find("calendar", word)?;
        Some(match entry.ours {
            "quarter" => Self::Quarter,
            "half" => Self::Half,
            "fiscal" => Self::FiscalYear,
            "year" => Self::YearSign,
            _ => Self::Other,
        })
    }
}

/// Returns what stands first in a day; nothing where it can be either, or the text is no such day.
pub(super) fn order_of(text: &str) -> Option<Order> {
    let read = |order| day(text, Some(order)).is_ok();
    match (read(Order::Day), read(Order::Month)) {
        (true, false) => Some(Order::Day),
        (false, true) => Some(Order::Month),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2024-12-31", "2024-12-31"),
            ("2024-12-31 00:00:00", "2024-12-31"),
            ("2024-12-31T08:30:00Z", "2024-12-31"),
            ("31/12/2024", "2024-12-31"),
            ("12/31/2024", "2024-12-31"),
            ("31/12/24", "2024-12-31"),
            ("31/12/98", "1998-12-31"),
            ("3-Apr-98", "1998-04-03"),
            ("15-Mar", "?"),
            ("Mar 15", "?"),
            ("31.12.2024", "2024-12-31"),
            ("3.4.2024", "2024-04-03"),
            ("2024/12/31", "2024-12-31"),
            ("2024.12.31", "2024-12-31"),
            ("31 Dec 2024", "2024-12-31"),
            ("Dec 31, 2024", "2024-12-31"),
            ("December 1st, 2024", "2024-12-01"),
            ("31. Dezember 2024", "2024-12-31"),
            ("März 2024", "2024-03"),
            ("2024年12月31日", "2024-12-31"),
            ("2024年3月", "2024-03"),
            ("2024年", "2024"),
            ("Q3 2024", "2024-Q3"),
            ("2024 Q3", "2024-Q3"),
            ("2024年第三季度", "?"),
            ("2024年3季度", "2024-Q3"),
            ("H1 2024", "2024-H1"),
            ("FY2024", "2024"),
            ("12/2024", "2024-12"),
            ("2024", "2024"),
        ] {
            let told = day(text, None);
            assert_eq!(told.as_deref().unwrap_or("?"), expected, "{text}");
        }
        for wrong in [
            "31/31/2024",
            "soon",
            "2024-13-01",
            "12.31.2024",
            "1/2/3/4",
            "99",
            "Q5 2024",
        ] {
            assert_eq!(day(wrong, None), Err(Unread::Wrong), "{wrong}");
        }
        assert_eq!(day("n/a", None), Err(Unread::Nothing));
    }

    #[test]
    fn an_order_decides_what_may_be_two_days() {
        let two = Unread::Ambiguous("2024-04-03".to_owned(), "2024-03-04".to_owned());
        assert_eq!(day("03/04/2024", None), Err(two));
        assert_eq!(
            day("03/04/2024", Some(Order::Day)).as_deref(),
            Ok("2024-04-03")
        );
        assert_eq!(
            day("03/04/2024", Some(Order::Month)).as_deref(),
            Ok("2024-03-04")
        );
        assert_eq!(order_of("31/12/2024"), Some(Order::Day));
        assert_eq!(order_of("12/31/2024"), Some(Order::Month));
        assert_eq!(order_of("03/04/2024"), None);
        assert_eq!(day_of_number(45_657.0).as_deref(), Some("2024-12-31"));
        assert_eq!(day_of_number(2024.0).as_deref(), Some("2024"));
        assert_eq!(day_of_number(-1.0), None);
    }
}
