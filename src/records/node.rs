//! One subject and its properties, and what can be read from them.

use crate::model::lang::Labels;
use crate::model::name::Tier;
use crate::model::quantity::Quantity;
use crate::model::time::TimeSpan;
use crate::model::unit::Unit;
use crate::model::vocabulary::{common, compact, pm};
use crate::records::RecordProblem;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term};
use std::fmt::Display;

/// A subject with all its properties, and the list of what is wrong with it.
pub(super) struct Node {
    pub(super) id: Term,
    pub(super) properties: Vec<(NamedNode, Term)>,
    pub(super) problems: Vec<RecordProblem>,
}

impl Node {
    /// Notes that a property cannot be used, and why.
    pub(super) fn reject(&mut self, property: NamedNodeRef<'_>, why: impl Display) {
        self.problems.push(RecordProblem {
            subject: self.id.clone(),
            property: Some(property.into_owned()),
            message: why.to_string(),
        });
    }

    /// Returns all values of a property, sorted, so that the order of reading never matters.
    pub(super) fn values(&self, property: NamedNodeRef<'_>) -> Vec<Term> {
        let mut values: Vec<_> = self
            .properties
            .iter()
            .filter(|(p, _)| *p == property)
            .map(|(_, value)| value.clone())
            .collect();
        values.sort_by_cached_key(ToString::to_string);
        values
    }

    /// Returns the first value of a property; a second one is noted.
    pub(super) fn value(&mut self, property: NamedNodeRef<'_>) -> Option<Term> {
        let mut values = self.values(property).into_iter();
        let first = values.next();
        if let Some(second) = values.next() {
            self.reject_second(property, &second);
        }
        first
    }

    /// Notes that a property has a second value, and should have one.
    pub(super) fn reject_second(&mut self, property: NamedNodeRef<'_>, second: &Term) {
        let why = format!(
            "one value is expected, and there is a second one, {second}, which does not count"
        );
        self.reject(property, why);
    }

    pub(super) fn iri(&mut self, property: NamedNodeRef<'_>) -> Option<NamedNode> {
        match self.value(property)? {
            Term::NamedNode(iri) => Some(iri),
            other => {
                self.reject(property, format!("an IRI is expected, not {other}"));
                None
            }
        }
    }

    fn literal(&mut self, property: NamedNodeRef<'_>) -> Option<Literal> {
        match self.value(property)? {
            Term::Literal(literal) => Some(literal),
            other => {
                self.reject(property, format!("a literal is expected, not {other}"));
                None
            }
        }
    }

    pub(super) fn text(&mut self, property: NamedNodeRef<'_>) -> Option<String> {
        self.literal(property).map(|l| l.value().to_owned())
    }

    /// Returns the text of a property in one language or none, for properties that may be given in several.
    pub(super) fn note(&self, property: NamedNodeRef<'_>) -> Option<String> {
        let labels = self.labels(property);
        labels.get(crate::model::lang::Lang::En).map(str::to_owned)
    }

    pub(super) fn time(&mut self, property: NamedNodeRef<'_>) -> Option<TimeSpan> {
        let text = self.text(property)?;
        match text.parse() {
            Ok(span) => Some(span),
            Err(error) => {
                self.reject(property, error);
                None
            }
        }
    }

    pub(super) fn labels(&self, property: NamedNodeRef<'_>) -> Labels {
        let mut labels = Labels::default();
        for value in self.values(property) {
            if let Term::Literal(literal) = value {
                labels.insert(literal.language().unwrap_or(""), literal.value());
            }
        }
        labels
    }

    pub(super) fn texts(&self, property: NamedNodeRef<'_>) -> Vec<String> {
        self.values(property)
            .into_iter()
            .filter_map(|value| match value {
                Term::Literal(literal) => Some(literal.value().to_owned()),
                _ => None,
            })
            .collect()
    }

    /// Returns the edges that an edge is made of, sorted; itself is none of them.
    pub(super) fn components(&mut self, edge: &NamedNode) -> Vec<NamedNode> {
        let mut components = Vec::new();
        for value in self.values(pm::COMPONENT) {
            match value {
                Term::NamedNode(one) if one != *edge => components.push(one),
                Term::NamedNode(_) => self.reject(pm::COMPONENT, "an edge is no part of itself"),
                other => self.reject(pm::COMPONENT, format!("an IRI is expected, not {other}")),
            }
        }
        components.sort_unstable();
        components
    }

    /// Returns the names that a thing is also found by, misprints among them.
    pub(super) fn other_names(&self) -> Vec<String> {
        let mut names = self.texts(common::ALT_LABEL);
        names.extend(self.texts(common::HIDDEN_LABEL));
        names
    }

    /// Returns a value out of one of the closed lists of the model.
    pub(super) fn name<T>(
        &mut self,
        property: NamedNodeRef<'_>,
        from_iri: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let iri = self.iri(property)?;
        let name = from_iri(iri.as_str());
        if name.is_none() {
            self.reject(
                property,
                format!("{} is not one of the known values", compact(iri.as_str())),
            );
        }
        name
    }

    pub(super) fn truth(&mut self, property: NamedNodeRef<'_>) -> Option<bool> {
        let text = self.text(property)?;
        match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => {
                self.reject(property, format!("true or false is expected, not '{text}'"));
                None
            }
        }
    }

    pub(super) fn tier(&mut self) -> Option<Tier> {
        self.name(pm::TIER, Tier::from_iri)
    }

    /// Returns the record of a `pm:Quantity` node.
    pub(super) fn quantity(&mut self) -> Option<Quantity> {
        let (lower, is_above) = self.bound(pm::LOWER, pm::LOWER_EXCLUSIVE);
        let (upper, is_below) = self.bound(pm::UPPER, pm::UPPER_EXCLUSIVE);
        let approximate = self.truth(pm::APPROXIMATE) == Some(true);
        let unit = self.name(pm::UNIT, Unit::from_iri);
        if unit.is_none() && self.values(pm::UNIT).is_empty() {
            self.reject(pm::UNIT, "a quantity needs a unit");
        }
        if lower.is_none() && upper.is_none() {
            self.reject(pm::LOWER, "a quantity needs a lower or an upper bound");
            return None;
        }
        let quantity = Quantity::new(lower, upper, unit?, approximate);
        match quantity.and_then(|quantity| quantity.excluding(is_above, is_below)) {
            Ok(quantity) => Some(quantity),
            Err(error) => {
                // A problem of a record is a line of a list: what to try stands in it.
                match error.hint() {
                    Some(hint) => self.reject(pm::UPPER, format_args!("{error} ({hint})")),
                    None => self.reject(pm::UPPER, error),
                }
                None
            }
        }
    }

    /// Returns a bound, and whether it is exclusive.
    fn bound(
        &mut self,
        inclusive: NamedNodeRef<'_>,
        exclusive: NamedNodeRef<'_>,
    ) -> (Option<f64>, bool) {
        let found = (self.number(inclusive), self.number(exclusive));
        match found {
            (Some(_), Some(_)) => {
                self.reject(
                    exclusive,
                    "there is an inclusive bound as well: keep one of the two",
                );
                (found.1, true)
            }
            (inclusive, None) => (inclusive, false),
            (None, exclusive) => (exclusive, true),
        }
    }

    fn number(&mut self, property: NamedNodeRef<'_>) -> Option<f64> {
        let text = self.text(property)?;
        let number = text.trim().parse().ok().filter(|n: &f64| n.is_finite());
        if number.is_none() {
            self.reject(property, format!("'{text}' is not a finite number"));
        }
        number
    }

    /// Returns the names of a thing: `rdfs:label`, or `skos:prefLabel` for concepts.
    pub(super) fn names(&self) -> Labels {
        let labels = self.labels(common::LABEL);
        if labels.is_empty() {
            self.labels(common::PREF_LABEL)
        } else {
            labels
        }
    }
}
