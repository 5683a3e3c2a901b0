//! The parameters of an analysis, and reading their values from text.

use crate::analysis::error::AnalysisError;
use crate::analysis::position::Position;
use crate::model::name::{Family, Flow, Status};
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Measure;
use crate::model::vocabulary::{expand, short_name, to_camel};
use oxigraph::model::NamedNode;
use powermap_rdf::{Hint, nearest};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A parameter of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in kebab case: the option of the program and, in camel case, the property in SPARQL.
    pub name: &'static str,
    /// What a value is.
    pub kind: ParameterKind,
    /// How often it may and has to be given.
    pub presence: Presence,
    /// Whether the program takes it without its name, in the order of the parameters.
    pub is_positional: bool,
    /// What it does, in English.
    pub help: &'static str,
}

/// What a value of a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// A player, by any of its names.
    Player,
    /// An edge, by its id.
    Edge,
    /// A concept of the ontology, such as a kind of edge.
    Concept,
    /// A family of edges.
    Family,
    /// What flows.
    Flow,
    /// A status.
    Status,
    /// A day.
    Day,
    /// A day, a month, a quarter or a year.
    Time,
    /// A day on the board and, after an @, the day of what is known.
    Moment,
    /// A whole number, from the first to the second.
    Integer(u64, u64),
    /// A number with a decimal point, of any size.
    Number,
    /// A part of a whole: a number from 0 to below 1, a percentage, or one of these names for some percent.
    Fraction(&'static [(&'static str, u8)]),
    /// One of some words.
    Word(&'static [&'static str]),
    /// Any text.
    Text,
    /// Yes if it is given.
    Flag,
}

/// How often a parameter may and has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Once.
    Required,
    /// Once or not at all.
    Optional,
    /// Any number of times.
    Repeatable,
    /// Once; otherwise it has this value.
    Default(&'static str),
}

/// A default: as the options of a function have it, and as it stands in the table of analyses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usual<T> {
    pub(crate) value: T,
    pub(crate) text: &'static str,
}

/// The default of a number, written once.
macro_rules! usual {
    ($value:literal) => {
        crate::analysis::parameter::Usual {
            value: $value,
            text: stringify!($value),
        }
    };
}

pub(crate) use usual;

/// The name of the parameter that ends a search after a number of results.
pub(crate) const LIMIT: &str = "limit";

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A player, an edge or a concept.
    Id(NamedNode),
    /// A family.
    Family(Family),
    /// What flows.
    Flow(Flow),
    /// A status.
    Status(Status),
    /// A day.
    Day(Day),
    /// A time.
    Time(TimeSpan),
    /// A day on the board and, if given, the day of what is known.
    Moment(Day, Option<Day>),
    /// A whole number.
    Integer(u64),
    /// A number.
    Number(f64),
    /// A word or any text.
    Text(String),
}

/// Returns an optional parameter for the table of analyses.
pub(crate) const fn parameter(
    name: &'static str,
    kind: ParameterKind,
    help: &'static str,
) -> Parameter {
    Parameter {
        name,
        kind,
        presence: Presence::Optional,
        is_positional: false,
        help,
    }
}

/// Reads a part of a whole: by its name, as a percentage, or as a number from 0 to below 1.
fn fraction(text: &str, names: &[(&str, u8)]) -> Option<f64> {
    if let Some((_, percent)) = names.iter().find(|(name, _)| *name == text) {
        return Some(f64::from(*percent) / 100.0);
    }
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim_end().parse::<f64>().ok()? / 100.0,
        None => text.parse().ok()?,
    };
    (0.0..1.0).contains(&number).then_some(number)
}

impl Parameter {
    /// Returns the name in SPARQL, after `call:`.
    pub fn property(&self) -> String {
        let camel = to_camel(self.name);
        let mut chars = camel.chars();
        let first = chars.next().map(|c| c.to_ascii_lowercase());
        first.into_iter().chain(chars).collect()
    }

    /// Reads a value; players are looked up in the position.
    ///
    /// # Errors
    /// [`AnalysisError::UnknownPlayer`], or [`AnalysisError::Value`] with what was expected.
    pub fn parse(&self, text: &str, position: &Position) -> Result<Argument, AnalysisError> {
        let wrong = |expected: String| AnalysisError::Value {
            name: self.name.to_owned(),
            value: text.to_owned(),
            hint: match self.kind {
                ParameterKind::Edge => Some(Hint::from(
                    "the named query edges-of lists those of a player",
                )),
                _ => nearest_of_list(text, &expected),
            },
            expected,
        };
        let argument = match self.kind {
            ParameterKind::Player => Argument::Id(position.player(text)?),
            ParameterKind::Edge => Argument::Id(position.edge(text).map_err(|several| {
                let ids = several.iter().map(|id| short_name(id.as_str()));
                match ids.collect::<Vec<_>>().as_slice() {
                    [] => wrong("the id of an edge on the board".to_owned()),
                    ids => wrong(format!("one of {}", ids.join(", "))),
                }
            })?),
            ParameterKind::Concept => Argument::Id(self.kind_of_edges(text, position)?),
            ParameterKind::Family => Argument::Family(named(text, wrong)?),
            ParameterKind::Flow => Argument::Flow(named(text, wrong)?),
            ParameterKind::Status => Argument::Status(named(text, wrong)?),
            ParameterKind::Day => Argument::Day(
                text.parse()
                    .map_err(|_| wrong("a day such as 2025-10-15".to_owned()))?,
            ),
            ParameterKind::Time => Argument::Time(
                text.parse()
                    .map_err(|_| wrong("a date such as 2025-10-15, 2025-10 or 2025".to_owned()))?,
            ),
            ParameterKind::Moment => moment(text).ok_or_else(|| {
                wrong(
                    "a day, or a day @ the day of what is known: 2025-10-15, 2025-10-15@2025-10-31"
                        .to_owned(),
                )
            })?,
            ParameterKind::Integer(least, most) => {
                let number = whole(text, least, most);
                Argument::Integer(number.ok_or_else(|| match self.presence {
                    Presence::Default(usual) => {
                        wrong(format!("{}, such as {usual}", between(least, most)))
                    }
                    _ => wrong(between(least, most)),
                })?)
            }
            ParameterKind::Number => {
                let number = text.parse().ok().filter(|n: &f64| n.is_finite());
                Argument::Number(number.ok_or_else(|| wrong("a number such as 0.5".to_owned()))?)
            }
            ParameterKind::Fraction(names) => {
                Argument::Number(fraction(text, names).ok_or_else(|| {
                    let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
                    wrong(format!(
                        "a number from 0 to below 1, a percentage such as 25%, or one of {}",
                        names.join(", ")
                    ))
                })?)
            }
            ParameterKind::Word(words) if !words.contains(&text) => {
                return Err(wrong(format!("one of {}", words.join(", "))));
            }
            ParameterKind::Word(_) | ParameterKind::Text => Argument::Text(text.to_owned()),
            ParameterKind::Flag => match text {
                "true" | "false" => Argument::Text(text.to_owned()),
                _ => return Err(wrong("true or false".to_owned())),
            },
        };
        Ok(argument)
    }

    fn kind_of_edges(&self, text: &str, position: &Position) -> Result<NamedNode, AnalysisError> {
        let wrong = |expected: &str, hint: Option<Hint>| AnalysisError::Value {
            name: self.name.to_owned(),
            value: text.to_owned(),
            expected: expected.to_owned(),
            hint,
        };
        let kind = concept(text)
            .ok_or_else(|| wrong("the name of a concept (equity, pm:Equity) or an IRI", None))?;
        match position.check_kind(&kind) {
            Ok(()) => Ok(kind),
            Err(near) => {
                let hint = (!near.is_empty()).then_some(Hint::DidYouMean(near));
                Err(wrong(
                    "a kind of edges that the map or the ontology defines",
                    hint,
                ))
            }
        }
    }
}

/// Returns the name that may be meant, where those of a closed list are expected.
fn nearest_of_list(text: &str, expected: &str) -> Option<Hint> {
    let names = expected.strip_prefix("one of ")?.split(", ");
    let near = nearest(text, names).into_iter().next()?;
    Some(Hint::DidYouMean(vec![near.to_owned()]))
}

fn moment(text: &str) -> Option<Argument> {
    match text.split_once('@') {
        Some((day, known_by)) => Some(Argument::Moment(
            day.parse().ok()?,
            Some(known_by.parse().ok()?),
        )),
        None => Some(Argument::Moment(text.parse().ok()?, None)),
    }
}

/// Returns the measure of a name in [`ParameterKind::Word`]; `None` for what is none.
pub(crate) fn measure(name: &str) -> Option<Measure> {
    Measure::ALL
        .into_iter()
        .find(|measure| measure.name() == name)
}

/// Returns a whole number within bounds, if the text is one.
pub fn whole(text: &str, least: u64, most: u64) -> Option<u64> {
    text.parse().ok().filter(|n| (least..=most).contains(n))
}

/// Describes a whole number within bounds.
pub fn between(least: u64, most: u64) -> String {
    match most {
        u64::MAX => format!("a whole number, {least} or more"),
        _ => format!("a whole number from {least} to {most}"),
    }
}

/// Returns a concept by its name in the lists of the model (`letter-of-intent`), a prefixed name or an IRI.
fn concept(text: &str) -> Option<NamedNode> {
    if text.contains(':') || text.starts_with('<') {
        return expand(text);
    }
    expand(&format!("pm:{}", to_camel(text)))
}

/// Returns one of a closed list, by its name or the IRI of its term.
fn named<T: FromStr<Err = crate::model::error::ModelError> + FromIri>(
    text: &str,
    wrong: impl Fn(String) -> AnalysisError,
) -> Result<T, AnalysisError> {
    let by_iri = || T::from_term(expand(text).filter(|_| text.contains(':'))?.as_str());
    text.parse().or_else(|error| match (by_iri(), error) {
        (Some(one), _) => Ok(one),
        (None, crate::model::error::ModelError::Name { expected, .. }) => Err(wrong(expected)),
        (None, error) => Err(AnalysisError::Model(error)),
    })
}

/// A member of a closed list that has a term in the ontology.
trait FromIri: Sized {
    fn from_term(iri: &str) -> Option<Self>;
}

macro_rules! from_iri {
    ($($type:ty),*) => {
        $(impl FromIri for $type {
            fn from_term(iri: &str) -> Option<Self> {
                <$type>::from_iri(iri)
            }
        })*
    };
}

from_iri!(Family, Flow, Status);

/// The values that the parameters of one call have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments {
    values: BTreeMap<&'static str, Vec<Argument>>,
}

impl Arguments {
    /// Adds a value.
    pub fn add(&mut self, parameter: &Parameter, argument: Argument) {
        self.values
            .entry(parameter.name)
            .or_default()
            .push(argument);
    }

    /// Returns how often a parameter was given.
    pub fn count(&self, name: &str) -> usize {
        self.values.get(name).map_or(0, Vec::len)
    }

    fn of<'a, T: 'a>(
        &'a self,
        name: &str,
        take: impl Fn(&'a Argument) -> Option<T> + 'a,
    ) -> impl Iterator<Item = T> + 'a {
        self.values.get(name).into_iter().flatten().filter_map(take)
    }

    /// Returns all players, edges or concepts of a parameter.
    pub fn ids(&self, name: &str) -> Vec<NamedNode> {
        self.of(name, |argument| match argument {
            Argument::Id(id) => Some(id.clone()),
            _ => None,
        })
        .collect()
    }

    /// Returns the one player, edge or concept of a parameter.
    pub fn id(&self, name: &str) -> Option<NamedNode> {
        self.ids(name).pop()
    }

    /// Returns all families of a parameter.
    pub fn families(&self, name: &str) -> Vec<Family> {
        self.of(name, |argument| match argument {
            Argument::Family(family) => Some(*family),
            _ => None,
        })
        .collect()
    }

    /// Returns all flows of a parameter.
    pub fn flows(&self, name: &str) -> Vec<Flow> {
        self.of(name, |argument| match argument {
            Argument::Flow(flow) => Some(*flow),
            _ => None,
        })
        .collect()
    }

    /// Returns the status of a parameter.
    pub fn status(&self, name: &str) -> Option<Status> {
        self.of(name, |argument| match argument {
            Argument::Status(status) => Some(*status),
            _ => None,
        })
        .next()
    }

    /// Returns the day of a parameter.
    pub fn day(&self, name: &str) -> Option<Day> {
        self.days(name).next()
    }

    /// Returns all days of a parameter.
    pub fn days(&self, name: &str) -> impl Iterator<Item = Day> + '_ {
        self.of(name, |argument| match argument {
            Argument::Day(day) => Some(*day),
            _ => None,
        })
    }

    /// Returns the time of a parameter.
    pub fn time(&self, name: &str) -> Option<TimeSpan> {
        self.of(name, |argument| match argument {
            Argument::Time(time) => Some(*time),
            _ => None,
        })
        .next()
    }

    /// Returns the moment of a parameter.
    pub fn moment(&self, name: &str) -> Option<(Day, Option<Day>)> {
        self.of(name, |argument| match argument {
            Argument::Moment(day, known_by) => Some((*day, *known_by)),
            _ => None,
        })
        .next()
    }

    /// Returns the whole number of a parameter.
    pub fn integer(&self, name: &str) -> Option<u64> {
        self.of(name, |argument| match argument {
            Argument::Integer(number) => Some(*number),
            _ => None,
        })
        .next()
    }

    /// Returns the number of a parameter.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.of(name, |argument| match argument {
            Argument::Number(number) => Some(*number),
            _ => None,
        })
        .next()
    }

    /// Returns the word or text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).next()
    }

    /// Returns all words or texts of a parameter.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.of(name, |argument| match argument {
            Argument::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Returns whether a flag was given.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }
}
