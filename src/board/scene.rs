//! What is drawn: players, arrows and sources, without any place on the sheet.

use crate::model::lang::Lang;
use crate::model::name::{Family, PlayerType, Status};
use crate::model::quantity::Quantity;
use crate::model::time::TimeSpan;
use crate::model::view::View;
use serde::Serialize;

/// What a picture shows, in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scene {
    /// What the picture is called.
    pub title: String,
    /// The language of all its words.
    pub lang: Lang,
    /// From where the board is looked at.
    pub view: View,
    /// For the difference of two boards, the view of the earlier one.
    pub before: Option<View>,
    /// The players, the strongest first; the folded ones, if any, last.
    pub players: Vec<ScenePlayer>,
    /// What their order and their pieces go by.
    pub ranking: Ranking,
    /// The arrows, in the order of their ends and families.
    pub arrows: Vec<Arrow>,
    /// The documents that the arrows rest on; their numbers are those of the footnotes.
    pub sources: Vec<Source>,
    /// The loops that are pointed out, as places in [`Scene::players`].
    pub loops: Vec<Vec<usize>>,
    /// How many edges are not drawn because both their ends are folded.
    pub edges_within_others: usize,
}

/// One player of a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenePlayer {
    /// The id in short form; nothing for the folded ones.
    pub id: String,
    /// The IRI; nothing for the folded ones.
    pub iri: String,
    /// What it is called.
    pub name: String,
    /// A second name that room is left for, as where a page shows either.
    #[serde(skip)]
    pub second_name: Option<String>,
    /// What it is; a group for the folded ones.
    pub player_type: PlayerType,
    /// The piece that it is drawn as.
    pub piece: Piece,
    /// The number of edges at it, among those that count.
    pub degree: usize,
    /// The ids of the players that are folded into this one.
    pub folded: Vec<String>,
}

/// What the order and the pieces of players go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ranking {
    /// Their [standing](crate::analysis::standing).
    Standing,
    /// The number of their edges, on boards too large for more.
    Edges,
}

/// A chess piece: how strong a position is, by the rule of [standing](crate::analysis::standing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Piece {
    /// The strongest.
    King,
    /// The next.
    Queen,
    /// Those behind the queens.
    Rook,
    /// Those behind the rooks.
    Bishop,
    /// Those behind the bishops.
    Knight,
    /// All others.
    Pawn,
    /// Several players in one.
    Pawns,
}

impl Piece {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::King => "king",
            Self::Queen => "queen",
            Self::Rook => "rook",
            Self::Bishop => "bishop",
            Self::Knight => "knight",
            Self::Pawn => "pawn",
            Self::Pawns => "pawns",
        }
    }
}

/// One arrow: an edge, or several of one family between the same players.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Arrow {
    /// The player that acts, as a place in [`Scene::players`].
    pub from: usize,
    /// The player acted upon.
    pub to: usize,
    /// The family of all its edges.
    pub family: Family,
    /// What the kinds of its edges are called.
    pub kinds: Vec<String>,
    /// When the first of its edges began, if that is known of all.
    pub since: Option<TimeSpan>,
    /// When the last of its edges ends, if all end.
    pub until: Option<TimeSpan>,
    /// The firmest status of its edges.
    pub status: Option<Status>,
    /// How many of its edges bind a party.
    pub firmness: Firmness,
    /// What its edges are worth together, one value for each measure and unit.
    pub values: Vec<ArrowValue>,
    /// What they were worth before, where that differs; for the difference of two boards.
    pub values_before: Vec<Quantity>,
    /// How many of its edges have no value at all, nor a total among them that has one.
    pub without_value: usize,
    /// The ids of its edges.
    pub edges: Vec<String>,
    /// The ids of the claims that it rests on.
    pub claims: Vec<String>,
    /// The numbers of the sources of these claims.
    pub sources: Vec<usize>,
    /// Whether the claims about an edge of it cannot all be right.
    pub disputed: bool,
    /// Whether it is a step of a loop that is pointed out.
    pub in_loop: bool,
    /// Whether it is a person's lead or seat: then the two stand near each other.
    pub leads: bool,
    /// What happened to it between two boards.
    pub change: Option<Change>,
}

/// What the edges of an arrow are worth together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArrowValue {
    /// The sum, an interval; see [`sum`](crate::model::sum) for how totals and their parts count.
    pub quantity: Quantity,
    /// The sum with the parts that are drawn at other arrows, where there are any.
    pub whole: Option<Quantity>,
    /// The edges that are summed: a part is not, where its total is.
    pub edges: Vec<String>,
    /// The parts that are drawn at other arrows, and taken away here.
    pub parts_elsewhere: Vec<String>,
    /// The parts that are drawn at other arrows and still included, since they have no value in this unit.
    pub parts_included: Vec<String>,
    /// The claims that the sum rests on.
    pub claims: Vec<String>,
    /// The numbers of the sources of these claims.
    pub sources: Vec<usize>,
}

/// How firm the edges of an arrow are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Firmness {
    /// All are committed or completed.
    Firm,
    /// Some are.
    Partly,
    /// None is.
    Loose,
}

impl Firmness {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Partly => "partly",
            Self::Loose => "loose",
        }
    }
}

/// What happened to an arrow between two boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is on the later board only.
    Came,
    /// It is on the earlier board only.
    Went,
    /// It is on both, with another status or value.
    Changed,
    /// It is the same on both.
    Same,
}

impl Change {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Went => "went",
            Self::Changed => "changed",
            Self::Same => "same",
        }
    }
}

/// A document, as a footnote.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Source {
    /// Its number, from 1.
    pub number: usize,
    /// Its id in short form.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// When it came out, as exactly as is known.
    pub issued: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// The places in it that the claims stand at.
    pub places: Vec<String>,
}

impl Scene {
    /// The title and the days of the board, in one line.
    pub fn headline(&self) -> String {
        let day = |view: &View| view.as_of.map(|day| day.to_string());
        let days = [self.before.as_ref().and_then(day), day(&self.view)];
        let days: Vec<String> = days.into_iter().flatten().collect();
        let mut parts = vec![self.title.clone(), days.join(" → ")];
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }
}

impl ArrowValue {
    /// The value in words, with what it is left of: `$6 bn of $47 bn (less part-1)`.
    pub fn note(&self, lang: Lang) -> String {
        let mut note = self.quantity.display(lang);
        if let Some(whole) = &self.whole {
            let whole = whole.display(lang);
            let parts = self.parts_elsewhere.join(lang.pick(", ", "、"));
            note.push_str(&lang.pick(
                format!(" of {whole} (less {parts})"),
                format!("，共 {whole}（减去 {parts}）"),
            ));
        }
        if !self.parts_included.is_empty() {
            let parts = self.parts_included.join(lang.pick(", ", "、"));
            let unit = self.quantity.unit;
            note.push_str(&lang.pick(
                format!(" (includes {parts}: no value in {unit})"),
                format!("（含 {parts}：无 {unit} 数值）"),
            ));
        }
        note
    }
}

impl Arrow {
    /// The value that is written at the arrow: money before power, shares of a whole and counts.
    pub fn main_value(&self) -> Option<&ArrowValue> {
        self.values
            .iter()
            .min_by_key(|value| value.quantity.unit.measure())
    }

    /// The words that stand at the arrow: its value, or else the first of its kinds.
    pub fn label(&self, lang: Lang) -> String {
        let value = self.main_value().map(|value| value.quantity.display(lang));
        let before = self
            .values_before
            .first()
            .map(|before| before.display(lang));
        match (before, value) {
            (Some(before), Some(value)) => format!("{before} → {value}"),
            (_, Some(value)) => value,
            (_, None) => self.kinds.first().cloned().unwrap_or_default(),
        }
    }

    /// The numbers of the sources of what [`Arrow::label`] says.
    pub fn label_sources(&self) -> &[usize] {
        self.main_value()
            .map_or(&self.sources, |value| &value.sources)
    }
}

/// The mark before the label of something that came, went or changed.
pub(crate) fn change_mark(change: Option<Change>) -> &'static str {
    match change {
        Some(Change::Came) => "+ ",
        Some(Change::Went) => "− ",
        Some(Change::Changed) => "Δ ",
        _ => "",
    }
}

/// How many edges, in words.
pub(crate) fn counted_edges(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (Lang::En, 1) => "1 edge".to_owned(),
        (Lang::En, count) => format!("{count} edges"),
        (Lang::Zh, count) => format!("{count} 条关系"),
    }
}
