//! What a reader found in a source, and what it left out.

use crate::format::field::kind::FieldFormat;
use crate::model::lang::Lang;
use crate::model::record::Records;
use crate::words::Message;
use powermap_rdf::SyntaxProblem;
use std::collections::BTreeMap;

/// How many examples of one kind are kept.
const EXAMPLES_MAX: usize = 3;

/// The most characters of a value that an example shows.
const VALUE_CHARS_MAX: usize = 80;

/// The most characters of an example: a value, and what was expected in its place.
const EXAMPLE_CHARS_MAX: usize = 200;

/// Why a value of a source is not in the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum LeftOutReason {
    /// It is no date, number, share or identifier, where one is expected.
    NotUnderstood,
    /// The record lacks what it cannot do without, such as one of its ends.
    Incomplete,
    /// The map has another value, and there can be one only.
    SaidOtherwise,
    /// The map has no place for it.
    NoPlace,
    /// The format that is written has no place for it.
    NoPlaceInFormat,
    /// The format that is written holds it in a lesser form, such as an amount as text.
    LesserForm,
}

impl LeftOutReason {
    /// Returns the reason in words.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NotUnderstood => Message::LeftOutNotUnderstood,
            Self::Incomplete => Message::LeftOutIncomplete,
            Self::SaidOtherwise => Message::LeftOutSaidOtherwise,
            Self::NoPlace => Message::LeftOutNoPlace,
            Self::NoPlaceInFormat => Message::LeftOutNoPlaceInFormat,
            Self::LesserForm => Message::LeftOutLesserForm,
        }
        .text(lang)
    }
}

/// Values of one kind that are not in the map, or not in the file that was made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// Where they stand in a record: `Company.kppCode`.
    pub kind: String,
    /// How many there are.
    pub count: u64,
    /// The first of them, each with its file and line.
    pub examples: Vec<String>,
}

impl LeftOut {
    /// Returns a line on these values: how many, where, and the first of them.
    pub fn text(&self, lang: Lang) -> String {
        let reason = self.reason.text(lang);
        let examples = self.examples.join(Message::ListSeparator.text(lang));
        Message::LeftOutKind.filled(
            lang,
            &[
                ("count", &self.count),
                ("kind", &self.kind),
                ("reason", &reason),
                ("examples", &examples),
            ],
        )
    }
}

/// What a reader found in a source.
///
/// Every value of the source (a text, number or truth value that is not empty) is either held by the map or counted as
/// left out: `values` is the sum of both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldReport {
    /// The source, as errors call it.
    pub source: String,
    /// Its format.
    pub format: FieldFormat,
    /// How many records were read, wrong ones included.
    pub records: u64,
    /// How many values they have.
    pub values: u64,
    /// The values that are not in the map, by kind.
    pub left_out: Vec<LeftOut>,
    /// How many players are only referred to: no record of the source describes them.
    pub referred: u64,
    /// The first of these.
    pub referred_examples: Vec<String>,
    /// What is wrong with records that could not be read at all.
    pub problems: Vec<SyntaxProblem>,
    /// What was made up or looks odd in records that are used.
    pub warnings: Vec<SyntaxProblem>,
}

impl FieldReport {
    /// Returns how many values are not in the map.
    pub fn values_left_out(&self) -> u64 {
        self.left_out.iter().map(|one| one.count).sum()
    }

    /// Returns a line on how much was read, and one on players that are only referred to, if there are any.
    pub fn summary(&self, lang: Lang) -> Vec<String> {
        let left_out = self.values_left_out();
        let held = self.values.saturating_sub(left_out);
        let mut lines = vec![Message::FieldSummary.filled(
            lang,
            &[
                ("source", &self.source),
                ("format", &self.format.name()),
                ("records", &self.records),
                ("values", &self.values),
                ("held", &held),
                ("left_out", &left_out),
            ],
        )];
        if self.referred > 0 {
            let examples = self
                .referred_examples
                .join(Message::ListSeparator.text(lang));
            lines.push(
                Message::FieldReferred
                    .filled(lang, &[("count", &self.referred), ("examples", &examples)]),
            );
        }
        lines
    }
}

/// What a reader made of a source.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reading {
    /// The records, sorted.
    pub records: Records,
    /// What was read and what was left out.
    pub report: FieldReport,
}

/// Counts what is left out while a source is read.
#[derive(Debug, Default)]
pub(in crate::format) struct LeftOuts(BTreeMap<(LeftOutReason, String), (u64, Vec<String>)>);

impl LeftOuts {
    /// Counts a value of a kind, with its place.
    pub(in crate::format) fn add(
        &mut self,
        reason: LeftOutReason,
        kind: &str,
        place: &str,
        value: &str,
    ) {
        self.add_many(reason, kind, place, value, 1);
    }

    /// Counts several values of a kind at one place.
    pub(in crate::format) fn add_many(
        &mut self,
        reason: LeftOutReason,
        kind: &str,
        place: &str,
        value: &str,
        many: u64,
    ) {
        let (count, examples) = self.0.entry((reason, kind.to_owned())).or_default();
        *count += many;
        if examples.len() < EXAMPLES_MAX {
            let chars_max = match reason {
                LeftOutReason::NotUnderstood => EXAMPLE_CHARS_MAX,
                _ => VALUE_CHARS_MAX,
            };
            examples.push(format!("{place}: {}", cut(value, chars_max)));
        }
    }

    pub(in crate::format) fn finish(self) -> Vec<LeftOut> {
        let all = self.0.into_iter();
        all.map(|((reason, kind), (count, examples))| LeftOut {
            reason,
            kind,
            count,
            examples,
        })
        .collect()
    }
}

/// Returns a value that fits on a line.
pub(in crate::format) fn shortened(text: &str) -> String {
    cut(text, VALUE_CHARS_MAX)
}

fn cut(text: &str, chars_max: usize) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(chars_max)
        .collect();
    match line.len() < text.len() {
        true => format!("{line}…"),
        false => line,
    }
}
