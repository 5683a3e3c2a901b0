//! Amounts as people write them: `$5bn`, `1.234,5 Mio. €`, `ca. 25–50 %`.

use crate::format::mapping::lexicon::lexicon;
use crate::model::name_key::folded;
use unicode_normalization::UnicodeNormalization;

/// Which sign stands before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// Why a cell has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unread {
    /// It says that there is nothing to say: `n/a`.
    Nothing,
    /// It can be read in two ways.
    Ambiguous(String, String),
    /// It cannot be read.
    Wrong,
}

/// One end of an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// The number in digits with a point.
    pub(super) digits: String,
    /// Whether the number itself is outside.
    pub(super) is_exclusive: bool,
}

/// An amount as it stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Amount {
    pub(super) lower: Option<End>,
    pub(super) upper: Option<End>,
    /// The power of ten of a scale that stands with it, such as `bn`.
    pub(super) power: Option<i32>,
    /// The code of a unit that stands with it; `?` for a sign of several currencies.
    pub(super) unit: Option<&'static str>,
    /// Whether the unit is a word of a script without spaces, as in `5元`, where a scale would stand with it.
    pub(super) is_word: bool,
    pub(super) is_approximate: bool,
}

/// A number with its unit and scale.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Single {
    digits: String,
    power: Option<i32>,
    unit: Option<&'static str>,
    is_word: bool,
}

/// Reads an amount; without `marks`, only numbers that can be read in one way.
pub(super) fn amount(text: &str, marks: Option<Marks>) -> Result<Amount, Unread> {
    if text.chars().any(is_raised) {
        return Err(Unread::Wrong);
    }
    let text = folded(text);
    if text.is_empty() || lexicon().find("nothing", &text).is_some() {
        return Err(Unread::Nothing);
    }
    let (text, signs) = without_signs(&text);
    let is_approximate = signs.contains(&"about");
    let mut bounds = signs.iter().copied().filter(|sign| *sign != "about");
    let sign = bounds.next();
    if bounds.next().is_some() {
        return Err(Unread::Wrong);
    }
    let mut amount = Amount {
        is_approximate,
        ..Amount::default()
    };
    if let (None, Some((lower, upper))) = (sign, range(text)) {
        let (lower, upper) = (single(lower, marks)?, single(upper, marks)?);
        if lower.unit.is_some() && upper.unit.is_some() && lower.unit != upper.unit {
            return Err(Unread::Wrong);
        }
        // "500m-1bn": each end in the scale of the upper one.
        let digits = match (lower.power, upper.power) {
            (Some(low), Some(high)) => format!("{}e{}", lower.digits, low - high),
            (Some(_), None) => return Err(Unread::Wrong),
            (None, _) => lower.digits,
        };
        amount.power = upper.power;
        amount.unit = upper.unit.or(lower.unit);
        amount.is_word = upper.is_word;
        amount.lower = Some(end(digits, false));
        amount.upper = Some(end(upper.digits, false));
        return Ok(amount);
    }
    let found = single(text, marks)?;
    (amount.power, amount.unit) = (found.power, found.unit);
    amount.is_word = found.is_word;
    let both = end(found.digits, matches!(sign, Some("<" | ">")));
    match sign {
        Some("<" | "<=") => amount.upper = Some(both),
        Some(_) => amount.lower = Some(both),
        None => (amount.lower, amount.upper) = (Some(both.clone()), Some(both)),
    }
    Ok(amount)
}

/// Returns whether a character becomes a digit only where texts are folded, as the number of a footnote does: `5²`.
fn is_raised(c: char) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    !is_digit(c) && !('０'..='９').contains(&c) && c.nfkc().any(is_digit)
}

fn end(digits: String, is_exclusive: bool) -> End {
    End {
        digits,
        is_exclusive,
    }
}

/// Takes the signs and words for bounds away that stand around a number.
fn without_signs(text: &str) -> (&str, Vec<&'static str>) {
    const SIGNS: [(&str, &str); 6] = [
        (">=", ">="),
        ("≥", ">="),
        ("<=", "<="),
        ("≤", "<="),
        (">", ">"),
        ("<", "<"),
    ];
    let (mut text, mut signs) = (text.trim(), Vec::new());
    loop {
        let sign = SIGNS
            .iter()
            .find_map(|(sign, ours)| Some((*ours, text.strip_prefix(sign)?)));
        let word = || {
            let (entry, rest) = lexicon().at_start("sign", text)?;
            Some((entry.ours, rest))
        };
        let word_after = || {
            let (entry, rest) = lexicon().at_end("sign", text)?;
            // "from" and the like stand before a number, in the languages that write them with letters.
            let is_after = !rest.is_empty() && text[rest.len()..].chars().all(|c| c >= '\u{2e80}');
            is_after.then_some((entry.ours, rest))
        };
        let plus = || Some((">=", text.strip_suffix('+')?));
        let Some((sign, rest)) = sign.or_else(word).or_else(word_after).or_else(plus) else {
            return (text, signs);
        };
        text = rest.trim();
        signs.push(sign);
    }
}

/// Returns the two ends of a range such as `25-50`.
fn range(text: &str) -> Option<(&str, &str)> {
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    // "3 and 5" are two amounts, "between 3 and 5" is one.
    let (text, joined) = match lexicon().at_start("between", text) {
        Some((_, rest)) => (rest, lexicon().entries("joined")),
        None => (text, &[][..]),
    };
    let words = lexicon().entries("range").iter().chain(joined);
    let words = words.flat_map(|entry| entry.words());
    let signs = ["–", "—", "-", "~"].into_iter().chain(words);
    for sign in signs {
        let is_word = sign.chars().all(|c| c.is_alphabetic() && c < '\u{2e80}');
        for (at, _) in text.match_indices(sign) {
            let (lower, upper) = (&text[..at], &text[at + sign.len()..]);
            let is_apart = !is_word || (lower.ends_with(' ') && upper.starts_with(' '));
            let is_exponent = lower.ends_with('e');
            if has_digit(lower) && has_digit(upper) && is_apart && !is_exponent {
                return Some((lower, upper));
            }
        }
    }
    None
}

/// Reads one number with the words around it.
fn single(text: &str, marks: Option<Marks>) -> Result<Single, Unread> {
    let text = text.trim();
    // As in accounts: `(5)`.
    let in_brackets = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .filter(|text| text.contains(|c: char| c.is_ascii_digit()));
    if let Some(text) = in_brackets {
        let found = single(text, marks)?;
        return match found.digits.strip_prefix('-') {
            Some(_) => Err(Unread::Wrong),
            None => Ok(Single {
                digits: format!("-{}", found.digits),
                ..found
            }),
        };
    }
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’' | ' ');
    let first = text
        .find(|c: char| c.is_ascii_digit())
        .ok_or(Unread::Wrong)?;
    let (before, rest) = text.split_at(first);
    const MINUS: [char; 2] = ['-', '−'];
    let before = before.trim();
    let stripped = before.strip_suffix(MINUS).or(before.strip_prefix(MINUS));
    let (before, mut is_negative) = (stripped.unwrap_or(before), stripped.is_some());
    let length = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    let (mut number, mut after) = rest.split_at(length);
    let solid = number.trim_end_matches(['.', ',', ' ', '\'', '’']);
    number = solid;
    let mut exponent = "";
    if let Some(power) = after.strip_prefix('e').filter(|_| length == solid.len()) {
        let digits = power.trim_start_matches(['-', '+']);
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        if end > 0 {
            let size = power.len() - digits.len() + end;
            (exponent, after) = (&power[..size], &power[size..]);
        }
    }
    let mut found = Single {
        digits: plain(number, marks)?,
        power: None,
        unit: None,
        is_word: false,
    };
    if !exponent.is_empty() {
        found.digits = format!("{}e{exponent}", found.digits);
    }
    if let Some(rest) = after.trim_end().strip_suffix(MINUS) {
        if is_negative {
            return Err(Unread::Wrong);
        }
        (after, is_negative) = (rest, true);
    }
    if is_negative {
        found.digits.insert(0, '-');
    }
    for words in [before, after] {
        take_words(words, marks, &mut found)?;
    }
    Ok(found)
}

/// Takes the units and scales that stand before or after a number.
fn take_words(words: &str, marks: Option<Marks>, found: &mut Single) -> Result<(), Unread> {
    let mut rest = words;
    loop {
        rest = rest.trim_start_matches([' ', '.', '/', '(', ')', '_', '-']);
        if rest.is_empty() {
            return Ok(());
        }
        let Some((word, after)) = word_of(rest) else {
            return Err(Unread::Wrong);
        };
        let written = &rest[..rest.len() - after.len()];
        match word {
            // Where commas stand before decimals, most of those who write of a billion mean a million millions.
            Word::Scale(_) if written == "billion" && marks == Some(Marks::Comma) => {
                return Err(Unread::Wrong);
            }
            Word::Scale(power) => found.power = Some(found.power.unwrap_or(0) + power),
            Word::Unit(code) => {
                found.is_word = written.contains(|c: char| c >= '\u{2e80}');
                if found.unit.is_some_and(|known| known != code) {
                    return Err(Unread::Wrong);
                }
                found.unit = Some(code);
            }
        }
        rest = after;
    }
}

/// A word that stands with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// A power of ten.
    Scale(i32),
    /// The code of a unit; `?` for a sign of several currencies.
    Unit(&'static str),
}

/// Returns the unit or the scale that a folded text begins with, the longest one, and what comes after it.
pub(super) fn word_of(text: &str) -> Option<(Word, &str)> {
    let scale = lexicon().at_start("scale", text);
    let scale = scale.and_then(|(entry, rest)| Some((Word::Scale(entry.ours.parse().ok()?), rest)));
    let unit = |of| {
        let (entry, rest) = lexicon().at_start(of, text)?;
        Some((Word::Unit(entry.ours), rest))
    };
    let all = [unit("currency"), unit("unit"), scale];
    all.into_iter().flatten().min_by_key(|(_, rest)| rest.len())
}

/// Returns the code and the power of ten of a unit as people write it: `Mio. EUR`, `万元`.
pub(super) fn unit_of(text: &str) -> Option<(&'static str, i32)> {
    let text = folded(text);
    let (mut rest, mut code, mut power) = (text.as_str(), None, 0);
    loop {
        rest = rest.trim_start_matches([' ', '.', ',', '/', '(', ')', '_', '-', ':']);
        if rest.is_empty() {
            return code.filter(|code| *code != "?").map(|code| (code, power));
        }
        let (word, after) = word_of(rest).or_else(|| {
            // "in millions of US dollars"
            let after = ["in ", "of ", "s "]
                .iter()
                .find_map(|word| rest.strip_prefix(word))?;
            Some((Word::Scale(0), after))
        })?;
        match word {
            Word::Scale(scale) => power += scale,
            Word::Unit(found) if code.is_none_or(|known| known == found) => code = Some(found),
            Word::Unit(_) => return None,
        }
        rest = after;
    }
}

/// Returns a number in digits with a point.
fn plain(number: &str, marks: Option<Marks>) -> Result<String, Unread> {
    let is_space = |c: char| matches!(c, ' ' | '\'' | '’');
    let number = match number.contains(is_space) {
        // Groups of three, each after a space or an apostrophe.
        true => {
            let whole = number.split(['.', ',']).next().unwrap_or_default();
            let mut groups = whole.split(is_space);
            let first = groups.next().unwrap_or_default();
            let are_groups = groups.all(|group| group.len() == 3);
            if !are_groups || first.len() > 3 || number[whole.len()..].contains(is_space) {
                return Err(Unread::Wrong);
            }
            number.replace(is_space, "")
        }
        false => number.to_owned(),
    };
    let (points, commas) = (number.matches('.').count(), number.matches(',').count());
    let decimal = match (points, commas) {
        (0, 0) => return Ok(number),
        (0, 1) | (1, 0) => {
            let sign = if points == 1 { '.' } else { ',' };
            let (whole, rest) = number.split_once(sign).unwrap_or_default();
            let may_be_group = rest.len() == 3 && matches!(whole.len(), 1..=3) && whole != "0";
            match (may_be_group, marks) {
                (false, _) => Some(sign),
                (true, Some(marks)) => (sign == sign_of(marks)).then_some(sign),
                (true, None) => {
                    let (one, other) = (format!("{whole}{rest}"), format!("{whole}.{rest}"));
                    return Err(Unread::Ambiguous(one, other));
                }
            }
        }
        (0, _) | (_, 0) => {
            let sign = if commas == 0 { '.' } else { ',' };
            if marks.is_some_and(|marks| sign == sign_of(marks)) {
                return Err(Unread::Wrong);
            }
            None
        }
        _ => number.chars().rfind(|c| matches!(c, '.' | ',')),
    };
    if let (Some(decimal), Some(marks)) = (decimal, marks)
        && decimal != sign_of(marks)
    {
        return Err(Unread::Wrong);
    }
    let (whole, fraction) = match decimal {
        Some(decimal) => number.rsplit_once(decimal).unwrap_or_default(),
        None => (number.as_str(), ""),
    };
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let groups: Vec<_> = groups.collect();
    let are_groups = groups.iter().all(|group| group.len() == 3);
    let has_both = whole.contains('.') && whole.contains(',');
    let has_decimal = decimal.is_some_and(|decimal| whole.contains(decimal));
    if first.is_empty()
        || !are_groups
        || has_both
        || has_decimal
        || (!groups.is_empty() && first.len() > 3)
    {
        return Err(Unread::Wrong);
    }
    if decimal.is_some() && fraction.is_empty() {
        return Err(Unread::Wrong);
    }
    let whole = format!("{first}{}", groups.concat());
    Ok(match fraction {
        "" => whole,
        fraction => format!("{whole}.{fraction}"),
    })
}

fn sign_of(marks: Marks) -> char {
    match marks {
        Marks::Point => '.',
        Marks::Comma => ',',
    }
}

/// Returns which marks the numbers of a cell must have; nothing where it can be either.
pub(super) fn marks_of(text: &str) -> Option<Marks> {
    let read = |marks| amount(text, Some(marks)).is_ok();
    match (read(Marks::Point), read(Marks::Comma)) {
        (true, false) => Some(Marks::Point),
        (false, true) => Some(Marks::Comma),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, marks: Option<Marks>) -> String {
        match amount(text, marks) {
            Err(unread) => format!("{unread:?}"),
            Ok(amount) => {
                let end = |end: Option<End>| {
                    let end = end.map(|end| (if end.is_exclusive { "!" } else { "" }, end.digits));
                    end.map_or("..".to_owned(), |(sign, digits)| format!("{sign}{digits}"))
                };
                let about = if amount.is_approximate { "~" } else { "" };
                let power = amount
                    .power
                    .map_or(String::new(), |power| format!(" e{power}"));
                let unit = amount.unit.map_or(String::new(), |unit| format!(" {unit}"));
                format!(
                    "{about}{}..{}{power}{unit}",
                    end(amount.lower),
                    end(amount.upper)
                )
            }
        }
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, expected) in [
            ("5", "5..5"),
            ("$5bn", "5..5 e9 USD"),
            ("US$ 1.5 billion", "1.5..1.5 e9 USD"),
            ("1.234,5 Mio. €", "1234.5..1234.5 e6 EUR"),
            ("1,234.5", "1234.5..1234.5"),
            ("3亿", "3..3 e8"),
            ("3.5亿美元", "3.5..3.5 e8 USD"),
            ("人民币1200万元", "1200..1200 e4 CNY"),
            ("25-50 %", "25..50 percent"),
            ("25–50%", "25..50 percent"),
            ("$500m-1bn", "500e-3..1 e9 USD"),
            ("ca. 50%", "~50..50 percent"),
            ("约3亿元", "~3..3 e8 CNY"),
            ("up to $100bn", "....100 e9 USD"),
            ("不超过5000万元", "....5000 e4 CNY"),
            ("5000万元以上", "5000.... e4 CNY"),
            (">50%", "!50.... percent"),
            ("10+", "10...."),
            ("1e11", "1e11..1e11"),
            ("-12.5", "-12.5..-12.5"),
            ("-$5m", "-5..-5 e6 USD"),
            ("-€ 1.5", "-1.5..-1.5 EUR"),
            ("$-5m", "-5..-5 e6 USD"),
            ("(5)", "-5..-5"),
            ("($5m)", "-5..-5 e6 USD"),
            ("5-", "-5..-5"),
            ("5,000.00-", "-5000.00..-5000.00"),
            ("(-5)", "Wrong"),
            ("-5-", "Wrong"),
            ("12.5¹", "Wrong"),
            ("100²", "Wrong"),
            ("①5", "Wrong"),
            ("５00", "500..500"),
            ("$3m and $5m", "Wrong"),
            ("between $3m and $5m", "3e0..5 e6 USD"),
            ("zwischen 3 und 5 Mio. €", "3..5 e6 EUR"),
            ("介于3和5亿元", "3..5 e8 CNY"),
            ("1 234 567,89", "1234567.89..1234567.89"),
            ("1'500.25", "1500.25..1500.25"),
            ("¥5", "5..5 ?"),
            ("USD 5m", "5..5 e6 USD"),
            ("5m USD", "5..5 e6 USD"),
            ("n/a", "Nothing"),
            ("未披露", "Nothing"),
            ("lots", "Wrong"),
            ("5 apples", "Wrong"),
            ("1,50,000", "Wrong"),
            ("1.2.3,4,5", "Wrong"),
            ("$5 €", "Wrong"),
            ("1,234", "Ambiguous(\"1234\", \"1.234\")"),
        ] {
            assert_eq!(told(text, None), expected, "{text}");
        }
    }

    #[test]
    fn units_are_read_as_headings_have_them() {
        for (text, expected) in [
            ("USD m", Some(("USD", 6))),
            ("Mio. EUR", Some(("EUR", 6))),
            ("in Mrd. €", Some(("EUR", 9))),
            ("万元", Some(("CNY", 4))),
            ("亿美元", Some(("USD", 8))),
            ("US$ millions", Some(("USD", 6))),
            ("in thousands of euros", Some(("EUR", 3))),
            ("%", Some(("percent", 0))),
            ("m", None),
            ("¥", None),
            ("apples", None),
        ] {
            assert_eq!(unit_of(text), expected, "{text}");
        }
    }

    #[test]
    fn marks_decide_what_may_be_two_numbers() {
        assert_eq!(told("1,234", Some(Marks::Point)), "1234..1234");
        assert_eq!(told("1,234", Some(Marks::Comma)), "1.234..1.234");
        assert_eq!(told("1.234", Some(Marks::Comma)), "1234..1234");
        assert_eq!(told("12,5", Some(Marks::Point)), "Wrong");
        assert_eq!(told("1 Billion Euro", Some(Marks::Comma)), "Wrong");
        assert_eq!(told("1 billion euro", Some(Marks::Point)), "1..1 e9 EUR");
        assert_eq!(marks_of("12,5"), Some(Marks::Comma));
        assert_eq!(marks_of("1.234.567"), Some(Marks::Comma));
        assert_eq!(marks_of("0.75"), Some(Marks::Point));
        assert_eq!(marks_of("1,234"), None);
        assert_eq!(marks_of("1234"), None);
    }
}
