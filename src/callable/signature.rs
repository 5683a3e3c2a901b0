//! The names that may follow `call:` in the block of an analysis.

use crate::analysis::column::{Column, ColumnKind};
use crate::analysis::definition::Analysis;
use crate::analysis::parameter::{Parameter, ParameterKind, Presence};
use crate::callable::error::CallError;
use powermap_rdf::nearest;

/// The parameters and the columns of a call.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Taken>,
    pub(crate) columns: Vec<(String, Slot)>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The name after `call:`.
    pub(crate) property: String,
    /// The name in the table of analyses.
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) presence: Presence,
    pub(crate) help: &'static str,
}

/// What a value of a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    /// What a parameter of an analysis takes.
    Kind(ParameterKind),
    /// Any term.
    Term,
}

/// Where the value of a column comes from: a cell by its place, or something that belongs to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Whole(usize),
    Lower(usize),
    Upper(usize),
    /// Whether the lower or the upper bound of a cell is excluded: true, or nothing.
    LowerExclusive(usize),
    UpperExclusive(usize),
    /// The unit of any of the cells in columns that share it.
    Unit(&'static [Column]),
    /// The unit of one cell.
    UnitOf(usize),
    /// The claims that the numbers of the row rest on.
    Claims,
    /// The number of the row.
    Row,
}

/// The flag that lets an answer be less than all there is.
pub(crate) const PARTIAL: Parameter = Parameter {
    name: "partial",
    kind: ParameterKind::Flag,
    presence: Presence::Optional,
    is_positional: false,
    help: "Take an answer that is not complete",
};

impl Taken {
    /// Returns the parameter of an analysis.
    pub(crate) fn of(parameter: &Parameter) -> Self {
        Self {
            property: parameter.property(),
            name: parameter.name,
            takes: Takes::Kind(parameter.kind),
            presence: parameter.presence,
            help: parameter.help,
        }
    }
}

impl Signature {
    /// Returns the signature of an analysis.
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let own_days = analysis.takes_moments();
        let parameters = analysis.all_parameters().chain([&PARTIAL]);
        let parameters = parameters.filter(|p| !(own_days && p.name == "as-of"));
        let mut columns: Vec<(String, Slot)> = Vec::new();
        let places = analysis.columns.iter().enumerate();
        let slots = places.flat_map(|(place, column)| slots(place, column, analysis.columns));
        for (name, slot) in slots.chain([("claim".into(), Slot::Claims), ("row".into(), Slot::Row)])
        {
            if !columns.iter().any(|(known, _)| *known == name) {
                columns.push((name, slot));
            }
        }
        Self {
            parameters: parameters.map(Taken::of).collect(),
            columns,
        }
    }

    pub(crate) fn parameter(&self, property: &str) -> Option<usize> {
        self.parameters.iter().position(|p| p.property == property)
    }

    pub(crate) fn column(&self, property: &str) -> Option<Slot> {
        let found = self.columns.iter().find(|(name, _)| name == property);
        found.map(|(_, slot)| *slot)
    }

    /// Returns the error for a property that is not there.
    pub(crate) fn unknown(&self, property: &str) -> CallError {
        let parameters = self.parameters.iter().map(|p| p.property.as_str());
        let names = parameters.chain(self.columns.iter().map(|(name, _)| name.as_str()));
        let similar = nearest(property, names);
        CallError::Unknown {
            name: property.to_owned(),
            similar: similar.into_iter().map(str::to_owned).collect(),
            parameters: self.parameter_names(),
            columns: self.column_names(),
        }
    }

    pub(crate) fn parameter_names(&self) -> String {
        listed(self.parameters.iter().map(|p| &p.property))
    }

    pub(crate) fn column_names(&self) -> String {
        listed(self.columns.iter().map(|(name, _)| name))
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<_> = names.map(|name| format!("call:{name}")).collect();
    names.join(", ")
}

/// Returns the properties of a column.
fn slots(place: usize, column: &Column, columns: &'static [Column]) -> Vec<(String, Slot)> {
    let exclusive = [Slot::LowerExclusive(place), Slot::UpperExclusive(place)];
    let exclusive = column.exclusive_properties().into_iter().zip(exclusive);
    let slots = match column.kind {
        ColumnKind::Quantity => vec![Slot::Lower(place), Slot::Upper(place), Slot::Unit(columns)],
        ColumnKind::OwnQuantity => {
            vec![Slot::Lower(place), Slot::Upper(place), Slot::UnitOf(place)]
        }
        ColumnKind::Amount | ColumnKind::Share | ColumnKind::Range => {
            vec![Slot::Lower(place), Slot::Upper(place)]
        }
        _ => vec![Slot::Whole(place)],
    };
    let properties = column.properties().into_iter().zip(slots);
    properties.chain(exclusive).collect()
}
