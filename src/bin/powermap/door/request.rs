//! What every request may say: the view, the language, and which rows.

use crate::failure::fail;
use anyhow::Result;
use powermap::analysis::{AnalysisError, Parameter, ParameterKind, VIEW, find};
use powermap::model::Lang;
use powermap::{MapError, View};
use std::str::FromStr;

/// From where a request looks, in which language, and at which rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Seen {
    /// The view.
    pub(crate) view: View,
    /// Whether the request names the day.
    pub(crate) has_day: bool,
    /// The language of words.
    pub(crate) lang: Lang,
    /// The first row.
    pub(crate) offset: usize,
    /// The most rows.
    pub(crate) rows_max: Option<usize>,
}

/// The names of what every request may say, save for the view: with `-` as in addresses.
pub(crate) const LANG: &str = "lang";
pub(crate) const OFFSET: &str = "offset";
pub(crate) const ROWS_MAX: &str = "max-rows";

/// Takes what every request may say out of parameters; the rest is left. Names are written with `-` or `_`.
pub(crate) fn take(usual: View, lang: Lang, given: &mut Vec<(String, String)>) -> Result<Seen> {
    let mut seen = Seen {
        view: usual,
        has_day: false,
        lang,
        offset: 0,
        rows_max: None,
    };
    let mut rest = Vec::with_capacity(given.len());
    let mut taken: Vec<String> = Vec::new();
    for (name, value) in given.drain(..) {
        let plain = name.replace('_', "-");
        let is_known = [LANG, OFFSET, ROWS_MAX].contains(&plain.as_str())
            || VIEW.iter().any(|parameter| parameter.name == plain);
        if is_known {
            if taken.contains(&plain) {
                fail!("{} was given more than once", plain);
            }
            taken.push(plain.clone());
        }
        match plain.as_str() {
            "as-of" => {
                seen.view.as_of = Some(read(&plain, &value)?);
                seen.has_day = true;
            }
            "known-by" => seen.view.known_by = Some(read(&plain, &value)?),
            "policy" => seen.view.policy = read(&plain, &value)?,
            LANG => seen.lang = read(&plain, &value)?,
            OFFSET => seen.offset = whole(OFFSET, &value)?,
            ROWS_MAX => seen.rows_max = Some(whole(ROWS_MAX, &value)?),
            _ => rest.push((name, value)),
        }
    }
    // A day of knowledge is also the day of the board, unless another one is given.
    if !seen.has_day && taken.iter().any(|name| name == "known-by") {
        seen.view.as_of = seen.view.known_by;
    }
    *given = rest;
    Ok(seen)
}

/// Fails where a request names the day of the board for an analysis that has days of its own.
pub(crate) fn check_days(analysis: &str, seen: Seen) -> Result<()> {
    match find(analysis) {
        Some(entry) if entry.takes_moments() && seen.has_day => {
            let analysis = entry.name;
            Err(MapError::from(AnalysisError::OwnDays { analysis }).into())
        }
        _ => Ok(()),
    }
}

fn read<T: FromStr>(name: &str, value: &str) -> Result<T> {
    if let Ok(read) = value.parse() {
        return Ok(read);
    }
    let kind = VIEW.iter().find(|parameter| parameter.name == name);
    let expected = match kind.map(|parameter| parameter.kind) {
        Some(ParameterKind::Word(words)) => format!("one of {}", words.join(", ")),
        Some(_) => "a day such as 2025-10-15".to_owned(),
        None => "en or zh".to_owned(),
    };
    Err(wrong(name, value, expected))
}

fn whole(name: &str, value: &str) -> Result<usize> {
    let number = value.parse();
    number.map_err(|_| wrong(name, value, "a whole number such as 100".to_owned()))
}

fn wrong(name: &str, value: &str, expected: String) -> anyhow::Error {
    let error = AnalysisError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        expected,
        hint: None,
    };
    MapError::from(error).into()
}

/// Returns the parameters that say from where a request looks, if it does so by those of the view.
pub(crate) fn view_parameters(takes_moments: bool) -> impl Iterator<Item = &'static Parameter> {
    let parameters = VIEW.iter();
    parameters.filter(move |parameter| !takes_moments || parameter.name != "as-of")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_every_request_may_say_is_taken_and_the_rest_is_left() {
        let mut pairs = given(&[
            ("of", "openai"),
            ("known_by", "2025-10-14"),
            ("lang", "zh"),
            ("max-rows", "7"),
        ]);
        let seen = take(View::default(), Lang::En, &mut pairs).unwrap();
        assert_eq!(pairs, given(&[("of", "openai")]));
        assert_eq!(
            seen.view.as_of.map(|day| day.to_string()).as_deref(),
            Some("2025-10-14")
        );
        assert_eq!((seen.lang, seen.rows_max), (Lang::Zh, Some(7)));
        for (wrong, expected) in [
            (
                &[("as-of", "tomorrow")][..],
                "'tomorrow' is no value for as-of: expected a day",
            ),
            (&[("policy", "newest")], "expected one of weighed"),
            (&[("offset", "-1")], "expected a whole number"),
            (&[("lang", "fr")], "expected en or zh"),
            (
                &[("lang", "en"), ("lang", "zh")],
                "lang was given more than once",
            ),
        ] {
            let error = take(View::default(), Lang::En, &mut given(wrong)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
