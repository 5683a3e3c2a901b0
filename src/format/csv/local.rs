//! Numbers, amounts and days as spreadsheets write them in one country or another, where there is one way to read them.

use crate::format::csv::sheet::Fault;
use crate::model::time::{Day, Period, TimeSpan};

/// How the numbers of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// `1,500.25`: as where commas separate the cells.
    WithPoint,
    /// `1.500,25`: as where semicolons separate the cells, since commas are in the numbers.
    WithComma,
}

/// The signs of currencies that stand for one currency.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₹", "INR"),
    ("₽", "RUB"),
];

/// The words after an amount, in lower case, and the scales that they stand for.
const SCALES: &[(&str, &str)] = &[
    ("billion", "bn"),
    ("million", "mn"),
    ("trillion", "tn"),
    ("thousand", "k"),
    ("bn", "bn"),
    ("mn", "mn"),
    ("tn", "tn"),
    ("b", "bn"),
    ("m", "mn"),
    ("k", "k"),
];

/// Returns a number in digits with a point, where its separators can be read in one way; the text itself otherwise.
///
/// Of `1,500`, only the other numbers of a table tell what it is; the separator between its cells stands for them.
pub(super) fn number(text: &str, numbers: Numbers) -> Result<String, Fault> {
    let (decimal, thousands) = match numbers {
        Numbers::WithPoint => ('.', ','),
        Numbers::WithComma => (',', '.'),
    };
    if !text.contains([',', ' ', '\u{a0}', '\u{202f}', '\'']) {
        let is_group = text.split_once('.').is_some_and(|(whole, rest)| {
            rest.len() == 3 && matches!(whole.trim_start_matches('-').len(), 1..=3) && whole != "0"
        });
        if numbers == Numbers::WithComma && is_group {
            let plain = text.replace('.', "");
            let fault = Fault::new(format!(
                "'{text}' is {plain}, or a number with a decimal point"
            ));
            return Err(fault.with_hint(format!("write {plain}, or {}", text.replace('.', ","))));
        }
        return Ok(text.to_owned());
    }
    let (whole, fraction) = match text.rsplit_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let is_separator = |c: char| c == thousands || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'');
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = whole.split(is_separator);
    let first = groups.next().unwrap_or_default();
    let first_digits = first.strip_prefix('-').unwrap_or(first);
    let groups: Vec<_> = groups.collect();
    let is_grouped = groups
        .iter()
        .all(|group| group.len() == 3 && are_digits(group));
    // `0,125` is no hundred and twenty-five.
    let is_first_group = first_digits.len() <= 3 && !first_digits.starts_with('0');
    let has_right_first = are_digits(first_digits) && (groups.is_empty() || is_first_group);
    if !is_grouped || !has_right_first || !fraction.is_none_or(are_digits) {
        return Ok(text.to_owned());
    }
    let mut plain = first.to_owned();
    plain.extend(groups);
    if let Some(fraction) = fraction {
        plain.push('.');
        plain.push_str(fraction);
    }
    Ok(plain)
}

/// Returns the number and the unit of an amount that has both in one cell: `$5bn` is 5 in `USD_bn`. Nothing for others.
pub(super) fn amount(text: &str) -> Option<(String, String)> {
    let (sign, rest) = ["<=", ">=", "≤", "≥", "<", ">"]
        .into_iter()
        .find_map(|sign| Some((sign, text.strip_prefix(sign)?)))
        .unwrap_or(("", text));
    let rest = rest.trim();
    let before = SIGNS
        .iter()
        .find_map(|(sign, code)| Some((rest.strip_prefix(sign)?, *code)));
    let after = || {
        SIGNS
            .iter()
            .find_map(|(sign, code)| Some((rest.strip_suffix(sign)?, *code)))
    };
    let (rest, code) = before.or_else(after)?;
    let rest = rest.trim();
    let digits = rest.trim_end_matches(|c: char| c.is_alphabetic());
    let word = rest[digits.len()..].to_lowercase();
    let unit = match word.as_str() {
        "" => code.to_owned(),
        word => {
            let (_, scale) = SCALES.iter().find(|(known, _)| *known == word)?;
            format!("{code}_{scale}")
        }
    };
    let digits = digits.trim();
    digits
        .starts_with(|c: char| c.is_ascii_digit() || c == '-')
        .then(|| (format!("{sign}{digits}"), unit))
}

/// Returns the day of a text such as `31/12/2024` or `31.12.2024`; nothing for a text of another form. With points, the day
/// comes first.
pub(super) fn day(text: &str) -> Option<Result<TimeSpan, Fault>> {
    let separator = ['/', '.']
        .into_iter()
        .find(|separator| text.matches(*separator).count() == 2)?;
    let parts: Vec<_> = text.split(separator).map(str::trim).collect();
    let [first, second, year] = parts[..] else {
        return None;
    };
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    let (first, second) = (number(first)?, number(second)?);
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    let day = |day, month| Day::new(year, month, day).map(|day| TimeSpan::At(Period::Day(day)));
    let (day_first, month_first) = (day(first, second), day(second, first));
    Some(match (day_first, month_first) {
        (Some(one), _) if separator == '.' => Ok(one),
        (Some(one), Some(other)) if one != other => {
            Err(Fault::new(format!("'{text}' is {one} or {other}"))
                .with_hint("write the day that is meant, year first"))
        }
        (Some(one), _) => Ok(one),
        (None, Some(one)) if separator == '/' => Ok(one),
        _ => {
            Err(Fault::new(format!("there is no day '{text}'")).with_hint("write it as 2024-12-31"))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_where_there_is_one_way() {
        use Numbers::{WithComma, WithPoint};
        for (text, numbers, expected) in [
            ("1,500", WithPoint, "1500"),
            ("1,500,000.25", WithPoint, "1500000.25"),
            ("1 500", WithPoint, "1500"),
            ("-2'000", WithPoint, "-2000"),
            ("12,5", WithPoint, "12,5"),
            ("1,50,000", WithPoint, "1,50,000"),
            ("12,5", WithComma, "12.5"),
            ("1.500,25", WithComma, "1500.25"),
            ("1,500", WithComma, "1.500"),
            ("1.5", WithComma, "1.5"),
            ("0.125", WithComma, "0.125"),
            ("1e11", WithComma, "1e11"),
        ] {
            assert_eq!(number(text, numbers).unwrap(), expected, "{text}");
        }
        assert!(number("1.500", WithComma).is_err());
    }

    #[test]
    fn an_amount_may_have_its_currency_with_it() {
        let told = |text: &str| amount(text).map(|(digits, unit)| format!("{digits} {unit}"));
        assert_eq!(told("$5bn").as_deref(), Some("5 USD_bn"));
        assert_eq!(told("€ 3.5 million").as_deref(), Some("3.5 EUR_mn"));
        assert_eq!(told("1,500 €").as_deref(), Some("1,500 EUR"));
        assert_eq!(told(">=£2k").as_deref(), Some(">=2 GBP_k"));
        for other in ["5", "¥5", "$", "$bn", "$5 apples", ""] {
            assert_eq!(told(other), None, "{other}");
        }
    }

    #[test]
    fn days_are_read_where_the_order_is_certain() {
        let told =
            |text: &str| day(text).map(|day| day.map(|day| day.to_string()).map_err(|_| "?"));
        assert_eq!(told("31/12/2024"), Some(Ok("2024-12-31".to_owned())));
        assert_eq!(told("12/31/2024"), Some(Ok("2024-12-31".to_owned())));
        assert_eq!(told("5/5/2024"), Some(Ok("2024-05-05".to_owned())));
        assert_eq!(told("3.4.2024"), Some(Ok("2024-04-03".to_owned())));
        assert_eq!(told("3/4/2024"), Some(Err("?")));
        assert_eq!(told("31/31/2024"), Some(Err("?")));
        assert_eq!(told("12.31.2024"), Some(Err("?")));
        for other in ["2024-12-31", "2019/2025", "a/b/c", "1/2/24", "../2029"] {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
