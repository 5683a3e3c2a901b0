//! Answers: the rows of an analysis, each with what it rests on.

use crate::analysis::column::Column;
use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::Records;
use crate::model::time::{Day, Period, TimeSpan};
use crate::model::unit::{Measure, Unit};
use crate::model::vocabulary::short_name;
use crate::words::{Message, Texts};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Display;

/// A value in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A player, an edge, a deal, an observation or a concept.
    Id(NamedNode),
    /// Several of them.
    Ids(Vec<NamedNode>),
    /// Claims.
    Claims(Vec<NamedOrBlankNode>),
    /// A whole number.
    Integer(i64),
    /// A number without a unit.
    Number(f64),
    /// A word or a sentence.
    Text(Cow<'static, str>),
    /// Words for people in each language, and what stands for them where programs read.
    Words {
        /// For programs.
        data: String,
        /// For people.
        people: Texts,
    },
    /// A time.
    Time(TimeSpan),
    /// A quantity with bounds and a unit.
    Quantity(Quantity),
    /// A number between two bounds.
    Range {
        /// The least it can be.
        lower: f64,
        /// The most it can be.
        upper: f64,
    },
    /// A part of a whole, from 0 to 1, with bounds; an open one is `None`.
    Share {
        /// The least it can be.
        lower: Option<f64>,
        /// The most it can be.
        upper: Option<f64>,
        /// Whether it is more than the lower and less than the upper bound.
        excluded: [bool; 2],
    },
}

impl Cell {
    /// Returns words for programs, and for people in each language.
    pub fn words(data: impl Into<String>, people: impl FnMut(Lang) -> String) -> Self {
        Self::Words {
            data: data.into(),
            people: Texts::new(people),
        }
    }

    /// Returns a word for programs, and the message that people read.
    pub(crate) fn message(data: impl Into<String>, message: Message) -> Self {
        Self::words(data, |lang| message.text(lang).to_owned())
    }

    /// Returns what programs read, as text.
    pub fn data(&self) -> String {
        let short = |iri: &str| short_name(iri).to_owned();
        let bounds = |lower: Option<f64>, upper: Option<f64>| {
            let bound = |bound: Option<f64>| bound.map_or_else(String::new, |b| b.to_string());
            format!("{}..{}", bound(lower), bound(upper))
        };
        match self {
            Self::Empty => String::new(),
            Self::Id(id) => short(id.as_str()),
            Self::Ids(ids) => {
                let ids: Vec<_> = ids.iter().map(|id| short(id.as_str())).collect();
                ids.join(";")
            }
            Self::Claims(ids) => {
                let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
                ids.join(";")
            }
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone().into_owned(),
            Self::Words { data, .. } => data.clone(),
            Self::Time(time) => time.to_string(),
            Self::Quantity(q) => format!("{} {}", bounds(q.lower, q.upper), q.unit.code()),
            Self::Range { lower, upper } => bounds(Some(*lower), Some(*upper)),
            Self::Share { lower, upper, .. } => bounds(*lower, *upper),
        }
    }

    /// Returns whether its lower and its upper bound are excluded, as with "more than" and "less than".
    pub fn excluded(&self) -> [bool; 2] {
        match self {
            Self::Quantity(quantity) => [quantity.lower_exclusive, quantity.upper_exclusive],
            Self::Share { excluded, .. } => *excluded,
            _ => [false; 2],
        }
    }

    /// Returns a quantity as words: for people in both languages, and for programs.
    #[must_use]
    pub fn as_words(&self) -> Self {
        match self {
            Self::Words { .. } => self.clone(),
            Self::Quantity(quantity) => Self::words(self.data(), |lang| quantity.display(lang)),
            Self::Share {
                lower,
                upper,
                excluded,
            } => Self::words(self.data(), |lang| percent(*lower, *upper, *excluded, lang)),
            Self::Number(number) => {
                Self::words(self.data(), |_| three_decimals(*number).to_string())
            }
            other => Self::words(other.data(), |_| other.data()),
        }
    }

    /// Returns several quantities as words: as people read them, and for programs as `lower..upper unit` without
    /// rounding.
    pub fn quantities(quantities: impl IntoIterator<Item = Quantity>) -> Self {
        let quantities: Vec<_> = quantities.into_iter().collect();
        let data: Vec<_> = quantities
            .iter()
            .map(|q| Self::Quantity(*q).data())
            .collect();
        Self::words(data.join(";"), |lang| {
            let shown: Vec<_> = quantities.iter().map(|q| q.display(lang)).collect();
            shown.join(Message::Semicolon.text(lang))
        })
    }

    /// Returns a term of a closed list as words, named as the records name its concept.
    pub fn term(records: &Records, name: &str, iri: &NamedNode) -> Self {
        Self::words(name, |lang| records.label(iri, lang).to_owned())
    }

    /// Joins the words of several cells, without those that are empty.
    pub fn joined(cells: impl IntoIterator<Item = Self>) -> Self {
        let (mut all_data, mut all_people) = (Vec::new(), Vec::new());
        for cell in cells {
            if let Self::Words { data, people } = cell
                && !data.is_empty()
            {
                all_data.push(data);
                all_people.push(people);
            }
        }
        Self::words(all_data.join(";"), |lang| {
            let shown: Vec<_> = all_people.iter().map(|people| people.get(lang)).collect();
            shown.join(Message::Semicolon.text(lang))
        })
    }
}

/// Returns a number as people read it in a table.
pub fn three_decimals(number: f64) -> f64 {
    // Adding zero takes the minus from a zero.
    (number * 1e3).round() / 1e3 + 0.0
}

/// Returns a part of a whole as people read it: in percent, to one decimal; an open bound as `≤` or `≥`, one that is
/// excluded as `<` or `>`.
pub fn percent(lower: Option<f64>, upper: Option<f64>, excluded: [bool; 2], lang: Lang) -> String {
    let percent = |bound: f64| (bound * 1e3).round() / 10.0;
    let is_wide = lower.map(percent) != upper.map(percent);
    let unit = Unit::named().find(|unit| unit.code() == "percent");
    unit.map_or_else(String::new, |unit| {
        let quantity = Quantity {
            lower: lower.map(percent),
            upper: upper.map(percent),
            unit,
            approximate: false,
            lower_exclusive: is_wide && excluded[0],
            upper_exclusive: is_wide && excluded[1],
        };
        quantity.display(lang)
    })
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

macro_rules! cell_from {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(impl From<$type> for Cell {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

cell_from! {
    NamedNode => Id,
    Vec<NamedNode> => Ids,
    Vec<NamedOrBlankNode> => Claims,
    u32 => Integer,
    i64 => Integer,
    f64 => Number,
    &'static str => Text,
    String => Text,
    TimeSpan => Time,
    Quantity => Quantity,
}

impl From<Day> for Cell {
    fn from(day: Day) -> Self {
        Self::Time(TimeSpan::At(Period::Day(day)))
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Self::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

/// Something that numbers rest on: an edge or an observation, and which of its values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Support {
    /// The edge or the observation.
    #[serde(serialize_with = "iri")]
    pub id: NamedNode,
    /// The value that was used; `None` where only its being there counts.
    pub measure: Option<Measure>,
}

fn iri<S: Serializer>(id: &NamedNode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(id.as_str())
}

/// A line of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// One cell for each column of the analysis.
    pub cells: Vec<Cell>,
    /// What the numbers of the row rest on.
    pub support: Vec<Support>,
}

impl Row {
    /// Returns the unit that the amounts of a row have in common, those of columns with a unit of their own left aside.
    pub fn unit(&self, columns: &[Column]) -> Option<Unit> {
        let cells = columns.iter().zip(&self.cells);
        let mut shared = cells.filter(|(column, _)| column.shares_unit());
        shared.find_map(|(_, cell)| match cell {
            Cell::Quantity(quantity) => Some(quantity.unit),
            _ => None,
        })
    }
}

/// A note on the rows, in each language: what is missing, what was left out, what was assumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Note(Texts);

impl Note {
    /// Returns the text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        self.0.get(lang)
    }
}

/// What an analysis answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The rows, in the order of the analysis.
    pub rows: Vec<Row>,
    /// The notes on them.
    pub notes: Vec<Note>,
    /// Whether something was left out, by a limit or because the caller asked to stop; a note says what.
    pub is_partial: bool,
}

impl Answer {
    /// Adds a row.
    pub fn push(&mut self, cells: impl Into<Vec<Cell>>, support: Vec<Support>) {
        self.rows.push(Row {
            cells: cells.into(),
            support,
        });
    }

    /// Adds a note that lists things by their names, those of one name with their ids; none for nothing.
    pub(crate) fn list(&mut self, records: &Records, title: &Texts, ids: &[NamedNode]) {
        if ids.is_empty() {
            return;
        }
        self.notes.push(Note(Texts::new(|lang| {
            let described: Vec<_> = ids.iter().map(|id| records.described(id, lang)).collect();
            let mut count: HashMap<&str, usize> = HashMap::new();
            for name in &described {
                *count.entry(name).or_default() += 1;
            }
            let names: Vec<_> = (described.iter().zip(ids))
                .map(|(name, id)| match count[name.as_str()] {
                    1 => name.clone(),
                    _ => format!("{name} [{}]", short_name(id.as_str())),
                })
                .collect();
            let names = names.join(Message::ListSeparator.text(lang));
            let parts: [(&str, &dyn Display); 2] = [("title", &title.get(lang)), ("names", &names)];
            Message::Listed.filled(lang, &parts)
        })));
    }

    /// Adds a note, with these parts filled in.
    pub(crate) fn note(&mut self, message: Message, parts: &[(&str, &dyn Display)]) {
        self.notes.push(Note(message.texts(parts)));
    }
}
