//! The parameters of a named query: their types, and values as terms.

use crate::model::lang::Lang;
use crate::model::time::Day;
use crate::model::unit::Unit;
use crate::model::vocabulary::expand;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Term};
use std::fmt;
use std::str::FromStr;

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueryParameterType {
    /// A player: the local part of its `id:` IRI, a prefixed name or a full IRI.
    Player,
    /// Any IRI, written like a player.
    Iri,
    /// A whole number.
    Integer,
    /// A decimal number, without an exponent.
    Decimal,
    /// A day, `2025-09-22`.
    Date,
    /// Any text.
    String,
    /// `true` or `false`.
    Boolean,
    /// `en` or `zh`, as a text to compare with `LANG(…)`.
    Lang,
    /// The code of a unit or a currency, as its IRI.
    Unit,
}

impl QueryParameterType {
    /// Every type with its name.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("player", Self::Player),
        ("iri", Self::Iri),
        ("integer", Self::Integer),
        ("decimal", Self::Decimal),
        ("date", Self::Date),
        ("string", Self::String),
        ("boolean", Self::Boolean),
        ("lang", Self::Lang),
        ("unit", Self::Unit),
    ];

    /// Returns what a value looks like, for messages.
    fn expected(self) -> &'static str {
        match self {
            Self::Player => "the name of a player (openai), a prefixed name (id:openai) or an IRI",
            Self::Iri => "a prefixed name (pm:Cash) or an IRI",
            Self::Integer => "a whole number (3)",
            Self::Decimal => "a number (0.5)",
            Self::Date => "a day (2025-09-22)",
            Self::String => "text",
            Self::Boolean => "true or false",
            Self::Lang => "en or zh",
            Self::Unit => "the code of a unit or a currency (USD, GW)",
        }
    }

    /// Returns the term for a value.
    ///
    /// # Errors
    /// What was expected instead.
    ///
    /// ```
    /// use powermap::catalogue::QueryParameterType;
    ///
    /// let term = QueryParameterType::Player.term("openai").unwrap();
    /// assert_eq!(term.to_string(), "<https://w3id.org/powermap/id/openai>");
    /// assert!(QueryParameterType::Integer.term("three").unwrap_err().contains("a whole number"));
    /// ```
    pub fn term(self, text: &str) -> Result<Term, String> {
        let typed = |datatype| Term::from(Literal::new_typed_literal(text, datatype));
        let term = match self {
            Self::Player | Self::Iri => expand(text).map(Into::into),
            Self::Integer => is_number(text, false).then(|| typed(xsd::INTEGER)),
            Self::Decimal => is_number(text, true).then(|| typed(xsd::DECIMAL)),
            Self::Date => is_day(text).then(|| typed(xsd::DATE)),
            Self::String => Some(Literal::from(text).into()),
            Self::Boolean => matches!(text, "true" | "false").then(|| typed(xsd::BOOLEAN)),
            Self::Lang => Lang::from_str(text)
                .ok()
                .map(|lang| Literal::from(lang.tag()).into()),
            Self::Unit => {
                let unit = Unit::from_str(text).map_err(|error| error.to_string())?;
                Some(unit.iri().into())
            }
        };
        term.ok_or_else(|| format!("expected {}", self.expected()))
    }
}

impl FromStr for QueryParameterType {
    type Err = String;

    /// Reads a type's name; the error lists the names.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
            .ok_or_else(|| {
                let names: Vec<_> = Self::NAMES.iter().map(|(name, _)| *name).collect();
                format!(
                    "unknown type {text:?}: expected one of {}",
                    names.join(", ")
                )
            })
    }
}

impl fmt::Display for QueryParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(_, kind)| kind == self);
        f.write_str(name.map_or("", |(name, _)| name))
    }
}

/// Whether a parameter must be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryPresence {
    /// It must.
    Required,
    /// Without it its variable stays free.
    Optional,
    /// Without it this value is taken.
    Default(String),
}

/// A parameter as the header of a query declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryParameter {
    /// The name, which is that of the variable.
    pub name: String,
    /// The type of its values.
    pub kind: QueryParameterType,
    /// Whether it must be given.
    pub presence: QueryPresence,
    /// What it means; may be empty.
    pub description: String,
}

fn is_number(text: &str, with_fraction: bool) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    is_digits(whole) && is_digits(fraction) && (with_fraction || !digits.contains('.'))
}

/// Returns a complete day: the format of `xsd:date`, and a day that exists.
fn is_day(text: &str) -> bool {
    text.len() == "2025-09-22".len() && Day::from_str(text).is_ok_and(|day| day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_terms_of_their_type() {
        for (kind, text, expected) in [
            (
                QueryParameterType::Player,
                "id:amd",
                "<https://w3id.org/powermap/id/amd>",
            ),
            (QueryParameterType::Iri, "<http://e/x>", "<http://e/x>"),
            (
                QueryParameterType::Iri,
                "pm:Cash",
                "<https://w3id.org/powermap/ns#Cash>",
            ),
            (
                QueryParameterType::Integer,
                "-7",
                "\"-7\"^^<http://www.w3.org/2001/XMLSchema#integer>",
            ),
            (
                QueryParameterType::Decimal,
                "0.5",
                "\"0.5\"^^<http://www.w3.org/2001/XMLSchema#decimal>",
            ),
            (
                QueryParameterType::Decimal,
                "2",
                "\"2\"^^<http://www.w3.org/2001/XMLSchema#decimal>",
            ),
            (
                QueryParameterType::Date,
                "2025-09-22",
                "\"2025-09-22\"^^<http://www.w3.org/2001/XMLSchema#date>",
            ),
            (
                QueryParameterType::String,
                "a \"b\" } #",
                "\"a \\\"b\\\" } #\"",
            ),
            (
                QueryParameterType::Boolean,
                "true",
                "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>",
            ),
            (QueryParameterType::Lang, "zh", "\"zh\""),
            (
                QueryParameterType::Unit,
                "USD",
                "<http://qudt.org/vocab/currency/USD>",
            ),
        ] {
            assert_eq!(kind.term(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn wrong_values_say_what_is_expected() {
        for (kind, text) in [
            (QueryParameterType::Player, "not an iri"),
            (QueryParameterType::Integer, "1.5"),
            (QueryParameterType::Integer, ""),
            (QueryParameterType::Decimal, "1e5"),
            (QueryParameterType::Date, "2025-09"),
            (QueryParameterType::Date, "2025-02-30"),
            (QueryParameterType::Boolean, "yes"),
            (QueryParameterType::Lang, "fr"),
            (QueryParameterType::Unit, "parsec"),
        ] {
            let error = kind.term(text).unwrap_err();
            assert!(error.contains("expected"), "{kind} {text}: {error}");
        }
        assert!(
            "number"
                .parse::<QueryParameterType>()
                .unwrap_err()
                .contains("decimal")
        );
    }
}
