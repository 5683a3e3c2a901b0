//! The type `MapNotice`: something about a map that its reader has to know.

use crate::model::lang::Lang;
use crate::model::vocabulary::compact;
use crate::words::Message;
use oxigraph::model::NamedNode;
use powermap_rdf::SyntaxProblem;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// How many examples a notice has at most.
pub(super) const EXAMPLES_MAX: usize = 3;

/// Something about a map that its reader has to know: a count, and the first cases of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MapNotice {
    /// The kind of notice.
    pub kind: NoticeKind,
    /// How many cases there are.
    pub count: usize,
    /// The first cases, each with its file and line where these are known.
    pub examples: Vec<String>,
}

/// The kinds of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoticeKind {
    /// Statements that cannot be read as a record, or not wholly: dates, amounts, terms that are not in the ontology.
    Unread,
    /// Edges and observations whose kind or metric nothing defines.
    UndefinedKind,
    /// Cells of tables for which there is no use.
    UnusedCell,
    /// Kinds of values in files of the field that the map has no place for, or that cannot be read.
    LeftOut,
    /// Files without a record.
    WithoutRecord,
    /// Files of formats that are not read.
    OtherFormat,
    /// Tables that a folder of tables of Parquet lacks.
    MissingTable,
    /// Rows that give a warrant from the issuer to the holder, as older versions had it, and are read the other way round.
    TurnedRound,
    /// Warrants that may be given from the issuer to the holder.
    PerhapsOldForm,
    /// Edges without a start that the day of the view leaves out.
    UnknownStart,
    /// Terms of a query that are neither in the ontology nor in the map.
    UnknownTerm,
    /// Graphs that a query reads from, and that the map does not have.
    UnknownGraph,
}

impl MapNotice {
    /// Returns a notice of these cases, the first of which become examples; none where there is no case.
    pub(super) fn of(
        kind: NoticeKind,
        cases: impl ExactSizeIterator<Item = String>,
    ) -> Option<Self> {
        let count = cases.len();
        (count > 0).then(|| Self {
            kind,
            count,
            examples: cases.take(EXAMPLES_MAX).collect(),
        })
    }

    /// Returns what to say: a line, and one more for each example.
    pub fn text(&self, lang: Lang) -> String {
        let message = match (self.kind, self.count) {
            (NoticeKind::Unread, 1) => Message::OneUnread,
            (NoticeKind::Unread, _) => Message::Unread,
            (NoticeKind::UndefinedKind, 1) => Message::OneUndefinedKind,
            (NoticeKind::UndefinedKind, _) => Message::UndefinedKinds,
            (NoticeKind::UnusedCell, 1) => Message::OneUnusedCell,
            (NoticeKind::UnusedCell, _) => Message::UnusedCells,
            (NoticeKind::LeftOut, 1) => Message::OneLeftOut,
            (NoticeKind::LeftOut, _) => Message::LeftOut,
            (NoticeKind::WithoutRecord, 1) => Message::OneWithoutRecord,
            (NoticeKind::WithoutRecord, _) => Message::WithoutRecord,
            (NoticeKind::OtherFormat, 1) => Message::OneOtherFormat,
            (NoticeKind::OtherFormat, _) => Message::OtherFormat,
            (NoticeKind::MissingTable, 1) => Message::OneMissingTable,
            (NoticeKind::MissingTable, _) => Message::MissingTables,
            (NoticeKind::TurnedRound, 1) => Message::OneTurnedRound,
            (NoticeKind::TurnedRound, _) => Message::TurnedRound,
            (NoticeKind::PerhapsOldForm, 1) => Message::OnePerhapsOldForm,
            (NoticeKind::PerhapsOldForm, _) => Message::PerhapsOldForm,
            (NoticeKind::UnknownStart, 1) => Message::OneUnknownStart,
            (NoticeKind::UnknownStart, _) => Message::UnknownStarts,
            (NoticeKind::UnknownTerm, 1) => Message::OneUnknownTerm,
            (NoticeKind::UnknownTerm, _) => Message::UnknownTerms,
            (NoticeKind::UnknownGraph, 1) => Message::OneUnknownGraph,
            (NoticeKind::UnknownGraph, _) => Message::UnknownGraphs,
        };
        let mut text = message.filled(lang, &[("count", &self.count)]);
        for example in &self.examples {
            text.push_str("\n  ");
            text.push_str(example);
        }
        let rest = self.count.saturating_sub(self.examples.len());
        if rest > 0 && !self.examples.is_empty() {
            text.push_str("\n  ");
            text.push_str(&Message::AndMore.filled(lang, &[("count", &rest)]));
        }
        text
    }
}

/// Returns the notice of cells for which there is no use.
pub(super) fn of_cells(problems: &[SyntaxProblem]) -> Option<MapNotice> {
    let cases = problems.iter().map(ToString::to_string);
    MapNotice::of(NoticeKind::UnusedCell, cases)
}

/// Returns a text with the place before it, where that is known.
pub(super) fn at(place: Option<String>, text: &dyn Display) -> String {
    match place {
        Some(place) => format!("{place}: {text}"),
        None => text.to_string(),
    }
}

/// Returns what a warrant is called in a notice.
pub(super) fn warrant(from: &NamedNode, to: &NamedNode, edge: &NamedNode) -> String {
    let short = |id: &NamedNode| compact(id.as_str()).trim_start_matches("id:").to_owned();
    format!("{} ({} → {})", short(edge), short(from), short(to))
}
