//! The columns of an answer.

use crate::model::lang::Lang;
use crate::words::Message;

/// A column of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name, in snake case; the heading of CSV files and, in camel case, the property in SPARQL.
    pub name: &'static str,
    /// Its heading.
    pub(crate) heading: Message,
    /// What stands in it.
    pub kind: ColumnKind,
    /// What it says, in English.
    pub help: &'static str,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A player, an edge, a deal, an observation.
    Id,
    /// Several of them. In SPARQL the property has the singular name given here and a row for each.
    Ids(&'static str),
    /// A concept of the ontology.
    Concept,
    /// Claims. In SPARQL the property has the singular name given here and a row for each.
    Claims(&'static str),
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A word or a sentence.
    Text,
    /// A time.
    Time,
    /// A quantity: for programs the columns `NAME_lower`, `NAME_upper` (`lower` and `upper` if the name is `quantity`)
    /// and `unit`.
    Quantity,
    /// A quantity in the unit that the row has in its column `unit`: for programs the columns `NAME_lower` and
    /// `NAME_upper`.
    Amount,
    /// A quantity with a unit of its own: for programs the columns `NAME_lower`, `NAME_upper` and `NAME_unit`.
    OwnQuantity,
    /// A part of a whole: for programs the columns `NAME_lower` and `NAME_upper`.
    Share,
    /// A number between two bounds: for programs the columns `NAME_lower` and `NAME_upper`, without the ending
    /// `_bounds` that a name may have.
    Range,
}

/// Returns a column for the table of analyses.
pub(crate) const fn column(
    name: &'static str,
    heading: Message,
    kind: ColumnKind,
    help: &'static str,
) -> Column {
    Column {
        name,
        heading,
        kind,
        help,
    }
}

impl Column {
    /// Returns whether its quantities have the unit of the row, in the column `unit`.
    pub(crate) fn shares_unit(&self) -> bool {
        matches!(self.kind, ColumnKind::Quantity | ColumnKind::Amount)
    }

    /// Returns the heading in a language.
    pub fn heading_in(&self, lang: Lang) -> &'static str {
        self.heading.text(lang)
    }

    /// Returns the names that programs see: one, or those of bounds and unit.
    ///
    /// ```
    /// use powermap::analysis::CONTROL;
    /// let share = CONTROL.columns.iter().find(|column| column.name == "share").unwrap();
    /// assert_eq!(share.names(), ["share_lower", "share_upper"]);
    /// ```
    pub fn names(&self) -> Vec<String> {
        let bound = |end: &str| match (self.name, self.kind) {
            ("quantity", ColumnKind::Quantity) => end.to_owned(),
            (name, _) => format!("{}_{end}", name.trim_end_matches("_bounds")),
        };
        match self.kind {
            ColumnKind::Quantity => vec![bound("lower"), bound("upper"), "unit".to_owned()],
            ColumnKind::OwnQuantity => vec![bound("lower"), bound("upper"), bound("unit")],
            ColumnKind::Amount | ColumnKind::Share | ColumnKind::Range => {
                vec![bound("lower"), bound("upper")]
            }
            _ => vec![self.name.to_owned()],
        }
    }

    /// Returns the names beside those of the bounds that say whether these are excluded; none for what has no bounds. Programs
    /// see them where a bound is.
    ///
    /// ```
    /// use powermap::analysis::CONTROL;
    /// let share = CONTROL.columns.iter().find(|column| column.name == "share").unwrap();
    /// assert_eq!(share.exclusive_names(), ["share_lower_exclusive", "share_upper_exclusive"]);
    /// ```
    pub fn exclusive_names(&self) -> Vec<String> {
        match self.kind {
            ColumnKind::Quantity
            | ColumnKind::OwnQuantity
            | ColumnKind::Amount
            | ColumnKind::Share => {
                let bounds = self.names().into_iter().take(2);
                bounds.map(|name| format!("{name}_exclusive")).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Returns the properties in SPARQL for [`Column::exclusive_names`].
    pub(crate) fn exclusive_properties(&self) -> Vec<String> {
        let names = self.exclusive_names();
        names.iter().map(|name| camel(name)).collect()
    }

    /// Returns the properties in SPARQL, after `call:`: the names in camel case, those of lists in the singular.
    ///
    /// ```
    /// use powermap::analysis::LOOPS;
    /// let edges = LOOPS.columns.iter().find(|column| column.name == "edges").unwrap();
    /// assert_eq!(edges.properties(), ["edge"]);
    /// ```
    pub fn properties(&self) -> Vec<String> {
        match self.kind {
            ColumnKind::Ids(one) | ColumnKind::Claims(one) => vec![camel(one)],
            _ => self.names().iter().map(|name| camel(name)).collect(),
        }
    }
}

/// Turns a name from snake case into camel case, the first letter small.
fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let mut chars = word.chars();
        let start = chars.next().map(|c| c.to_ascii_uppercase());
        camel + &start.into_iter().chain(chars).collect::<String>()
    })
}
