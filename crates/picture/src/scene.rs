//! What is drawn: players, arrows and sources, without any place on the sheet.

pub use crate::amount::{Amount, ArrowValue};
use crate::error::PictureError;
pub use crate::names::{Change, Family, Firmness, Piece, PlayerType, Ranking, Sheet};
use crate::words::{Lang, Message};
use serde::Serialize;
use std::collections::BTreeSet;

/// The rule of a [`Stamp`] that is not worth printing.
const USUAL_POLICY: &str = "weighed";

/// What a picture shows, in one language.
///
/// Players and arrows are added through methods, so that every arrow runs between two players of the scene.
///
/// ```
/// use powermap_picture::{Arrow, Family, Lang, PictureError, Player, PlayerType, Scene};
///
/// let mut scene = Scene::new("Suppliers", Lang::En);
/// let mill = scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// let baker = scene.add_player(Player::new("baker", "The Baker", PlayerType::Company));
/// scene.add_arrow(Arrow::new(mill, baker, Family::Supply))?;
/// assert_eq!((scene.players().len(), scene.arrows().len()), (2, 1));
///
/// let error = scene.add_arrow(Arrow::new(mill, 7, Family::Supply)).unwrap_err();
/// assert_eq!(error, PictureError::Ends { from: mill, to: 7, players: 2 });
/// # Ok::<(), PictureError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Scene {
    /// The title.
    pub title: String,
    /// What the picture says, in one sentence; it stands above the picture as its headline, and the title small above it.
    pub finding: Option<String>,
    /// More of what it says, in a few sentences under the headline.
    pub standfirst: Option<String>,
    /// The language of the words around the players and arrows.
    pub lang: Lang,
    /// The days that the picture is of.
    pub view: Stamp,
    /// The days of the earlier picture, where the scene shows what changed between two.
    pub before: Option<Stamp>,
    pub(crate) players: Vec<Player>,
    /// What the order and the pieces of the players go by.
    pub ranking: Ranking,
    pub(crate) arrows: Vec<Arrow>,
    /// The documents that the arrows rest on, as footnotes; the first has number 1.
    pub sources: Vec<Source>,
    /// The loops that are pointed out, each with a colour by its place.
    pub loops: Vec<SceneLoop>,
    /// The players and edges left out.
    pub left_out: LeftOut,
    /// Whether arrows run the way the value goes, from customer to supplier, rather than as edges do.
    pub follows_value: bool,
    /// Whether the area of a piece is the money on its arrows, rather than the same for each rank.
    #[serde(skip)]
    pub(crate) area_is_money: bool,
    /// The sheet that it is drawn on.
    #[serde(skip)]
    pub sheet: Sheet,
    /// The magnitudes that the legend shows a line for.
    #[serde(skip)]
    pub widths: Vec<WidthSample>,
}

/// A loop that is pointed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SceneLoop {
    /// The number that is printed at its arrows.
    pub number: usize,
    /// Its players in order, as places in [`Scene::players`].
    pub players: Vec<usize>,
    /// Its way and its amount in words.
    pub text: String,
    /// The numbers of the sources of its amounts.
    pub sources: Vec<usize>,
}

impl SceneLoop {
    /// Returns a loop with a number along some players, without sources.
    pub fn new(number: usize, players: Vec<usize>, text: impl Into<String>) -> Self {
        Self {
            number,
            players,
            text: text.into(),
            sources: Vec::new(),
        }
    }
}

/// How much of what there is a picture does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The number of players.
    pub players: usize,
    /// The number of edges.
    pub edges: usize,
}

impl LeftOut {
    /// Returns a number of players and one of edges.
    pub fn new(players: usize, edges: usize) -> Self {
        Self { players, edges }
    }
}

/// The days that a picture is of, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stamp {
    /// The day that the picture is of.
    pub as_of: Option<String>,
    /// The last day whose knowledge counts.
    pub known_by: Option<String>,
    /// The rule that picks one of several values; printed unless it is the usual one.
    pub policy: String,
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            as_of: None,
            known_by: None,
            policy: USUAL_POLICY.to_owned(),
        }
    }
}

impl Stamp {
    /// Returns the rule, unless it is the usual one.
    pub(crate) fn unusual_policy(&self) -> Option<&str> {
        (self.policy != USUAL_POLICY).then_some(self.policy.as_str())
    }
}

/// One player of a picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Player {
    /// A short id; empty for folded players.
    pub id: String,
    /// The IRI; empty where there is none.
    pub iri: String,
    /// The name.
    pub name: String,
    /// A second name that room is kept for, as on a page that shows either.
    #[serde(skip)]
    pub second_name: Option<String>,
    /// The type, which decides how the piece is filled.
    pub player_type: PlayerType,
    /// The piece that the player is drawn as.
    pub piece: Piece,
    /// The number of edges at the player.
    pub degree: usize,
    /// The ids of the players that are folded into this one.
    pub folded: Vec<String>,
}

impl Player {
    /// Returns a player that is drawn as a pawn.
    pub fn new(id: impl Into<String>, name: impl Into<String>, player_type: PlayerType) -> Self {
        Self {
            id: id.into(),
            iri: String::new(),
            name: name.into(),
            second_name: None,
            player_type,
            piece: Piece::Pawn,
            degree: 0,
            folded: Vec::new(),
        }
    }

    /// Returns one player that stands for several, whose ids are given.
    ///
    /// ```
    /// use powermap_picture::{Lang, Player};
    ///
    /// let ids = vec!["a".to_owned(), "b".to_owned()];
    /// assert_eq!(Player::others(ids, Lang::En).name, "2 others");
    /// ```
    pub fn others(folded: Vec<String>, lang: Lang) -> Self {
        let name = lang.counted(folded.len(), Message::OneOther, Message::Others);
        Self {
            piece: Piece::Pawns,
            folded,
            ..Self::new("", name, PlayerType::Group)
        }
    }
}

/// One arrow: an edge, or several of one family between the same two players.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Arrow {
    /// The player that acts, as a place in [`Scene::players`].
    pub from: usize,
    /// The player acted upon.
    pub to: usize,
    /// The family of all its edges.
    pub family: Family,
    /// The names of the kinds of its edges.
    pub kinds: Vec<String>,
    /// When the first of its edges began, in words of any precision.
    pub since: Option<String>,
    /// When the last of its edges ends, in words of any precision.
    pub until: Option<String>,
    /// The first day on which it may have held (`YYYY-MM-DD`).
    #[serde(skip)]
    pub first_day: Option<String>,
    /// The last day on which it may have held (`YYYY-MM-DD`).
    #[serde(skip)]
    pub last_day: Option<String>,
    /// The name of its status.
    pub status: Option<String>,
    /// How many of its edges bind a party.
    pub firmness: Firmness,
    /// What its edges are worth together, one value for each unit; the first is printed at the arrow.
    pub values: Vec<ArrowValue>,
    /// The words in place of a value that the parts at other arrows have all of.
    #[serde(skip)]
    pub in_parts: Option<String>,
    /// What they were worth in the earlier picture, where that differs.
    pub values_before: Vec<Amount>,
    /// The number of its edges that have no value.
    pub without_value: usize,
    /// The ids of its edges.
    pub edges: Vec<String>,
    /// The ids of the claims that it rests on.
    pub claims: Vec<String>,
    /// The numbers of the sources of these claims.
    pub sources: Vec<usize>,
    /// Whether the claims about one of its edges contradict each other.
    pub disputed: bool,
    /// The loops that it is a step of, as places in [`Scene::loops`].
    pub loops: Vec<usize>,
    /// Whether its edges run from its end to its start, as a supply does where the arrow shows who is paid.
    pub is_backward: bool,
    /// Whether its edges hold as much the other way, so that it has no head.
    pub is_mutual: bool,
    /// Whether a person leads or belongs to the player at its end; the two stand near each other then.
    pub leads: bool,
    /// What happened to it between two pictures.
    pub change: Option<Change>,
    /// What its thickness shows, on a scale that all arrows share: 10⁸ and less is thinnest, ten times as much is
    /// 1.75 times as thick, up to some 10¹².
    #[serde(skip)]
    pub magnitude: Option<f64>,
}

impl Arrow {
    /// Returns an arrow of firm edges, without ids, values or sources.
    pub fn new(from: usize, to: usize, family: Family) -> Self {
        Self {
            from,
            to,
            family,
            kinds: Vec::new(),
            since: None,
            until: None,
            first_day: None,
            last_day: None,
            status: None,
            firmness: Firmness::Firm,
            values: Vec::new(),
            in_parts: None,
            values_before: Vec::new(),
            without_value: 0,
            edges: Vec::new(),
            claims: Vec::new(),
            sources: Vec::new(),
            disputed: false,
            loops: Vec::new(),
            is_backward: false,
            is_mutual: false,
            leads: false,
            change: None,
            magnitude: None,
        }
    }

    /// Returns the player that acts and the one acted upon, whichever way the arrow is drawn.
    pub(crate) fn ends_of_edges(&self) -> [usize; 2] {
        match self.is_backward {
            true => [self.to, self.from],
            false => [self.from, self.to],
        }
    }

    /// Returns the value that is printed at the arrow: the first of which something is left besides the parts that are
    /// drawn at other arrows.
    pub fn main_value(&self) -> Option<&ArrowValue> {
        self.values.iter().find(|value| !value.is_in_parts())
    }

    /// Returns the value that is printed at the arrow, and those beside it.
    fn printed_values(&self) -> impl Iterator<Item = &ArrowValue> {
        let beside = self.values.iter();
        let beside = beside.filter(|value| value.is_beside && !value.is_in_parts());
        self.main_value().into_iter().chain(beside)
    }

    /// Returns the words at the arrow: its values, or else that its parts have it, or the first of its kinds.
    pub fn label(&self) -> String {
        let values: Vec<_> = self.printed_values().collect();
        let texts = values.iter().map(|value| value.quantity.text.as_str());
        let value = texts.collect::<Vec<_>>().join(" · ");
        let before = self.values_before.first().map(|before| &before.text);
        match (before, values.is_empty()) {
            (Some(before), false) => format!("{before} → {value}"),
            (_, false) => value,
            (_, true) => {
                let in_parts = self.in_parts.iter().filter(|_| !self.values.is_empty());
                let words = in_parts.chain(&self.kinds).next();
                words.cloned().unwrap_or_default()
            }
        }
    }

    /// Returns [`Arrow::label`] after the mark of its change.
    pub(crate) fn marked_label(&self) -> String {
        let mark = self.change.map_or("", Change::mark);
        format!("{mark}{}", self.label())
    }

    /// Returns the numbers of the sources of what [`Arrow::label`] says.
    pub fn label_sources(&self) -> Vec<usize> {
        let values: Vec<_> = self.printed_values().collect();
        match values.is_empty() {
            true => self.sources.clone(),
            false => {
                let numbers: BTreeSet<_> = values.iter().flat_map(|value| &value.sources).collect();
                numbers.into_iter().copied().collect()
            }
        }
    }
}

/// A line of the legend that shows how thick a magnitude is.
#[derive(Debug, Clone, PartialEq)]
pub struct WidthSample {
    /// The magnitude, on the scale of [`Arrow::magnitude`].
    pub magnitude: f64,
    /// The text next to the line.
    pub text: String,
}

/// A document, as a footnote.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// The number that is printed: its place in [`Scene::sources`], from 1.
    pub number: usize,
    /// A short id.
    pub id: String,
    /// The title.
    pub name: String,
    /// When it came out, in words of any precision.
    pub issued: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// The places in it that the claims stand at, such as pages.
    pub places: Vec<String>,
}

impl Source {
    /// Returns a source without a day, an address or places.
    pub fn new(number: usize, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            number,
            id: id.into(),
            name: name.into(),
            issued: None,
            url: None,
            places: Vec::new(),
        }
    }
}

impl Scene {
    /// Returns an empty scene.
    pub fn new(title: impl Into<String>, lang: Lang) -> Self {
        Self {
            title: title.into(),
            lang,
            view: Stamp::default(),
            before: None,
            players: Vec::new(),
            ranking: Ranking::Edges,
            arrows: Vec::new(),
            sources: Vec::new(),
            finding: None,
            standfirst: None,
            loops: Vec::new(),
            left_out: LeftOut::default(),
            follows_value: false,
            area_is_money: false,
            sheet: Sheet::default(),
            widths: Vec::new(),
        }
    }

    /// Adds a player and returns its place. Add the strongest first, and folded players last.
    pub fn add_player(&mut self, player: Player) -> usize {
        self.players.push(player);
        self.players.len() - 1
    }

    /// Adds an arrow and returns its place. One from a player to itself stands in files of networks; no layout draws it.
    ///
    /// # Errors
    /// One of its ends is no player of the scene.
    pub fn add_arrow(&mut self, arrow: Arrow) -> Result<usize, PictureError> {
        let Arrow { from, to, .. } = arrow;
        let players = self.players.len();
        if from.max(to) >= players {
            return Err(PictureError::Ends { from, to, players });
        }
        self.arrows.push(arrow);
        Ok(self.arrows.len() - 1)
    }

    /// Returns the players, the strongest first.
    pub fn players(&self) -> &[Player] {
        &self.players
    }

    /// Returns the arrows, in the order in which they were added.
    pub fn arrows(&self) -> &[Arrow] {
        &self.arrows
    }

    /// Keeps room for the names that the same players have in another scene, such as one in another language.
    ///
    /// A drawing of the result can be [reworded](crate::Drawing::reworded) with either scene.
    #[must_use]
    pub fn with_room_for(mut self, other: &Self) -> Self {
        for (player, other) in self.players.iter_mut().zip(&other.players) {
            player.second_name = Some(other.name.clone());
        }
        self
    }

    /// Returns the sources of the figures at arrows and in loops, by number.
    pub(crate) fn cited(&self) -> BTreeSet<usize> {
        let figures = self.arrows.iter().filter_map(Arrow::main_value);
        let figures = figures.flat_map(|value| &value.sources);
        let loops = self.loops.iter().flat_map(|one| &one.sources);
        figures.chain(loops).copied().collect()
    }

    /// Numbers the sources anew, so that those of the figures that are drawn come first.
    ///
    /// O(n log n) in the numbers of the scene.
    pub fn number_cited_first(&mut self) {
        let cited = self.cited();
        let mut order: Vec<usize> = (1..=self.sources.len()).collect();
        order.sort_by_key(|number| !cited.contains(number));
        let mut numbers = vec![0; self.sources.len() + 1];
        for (place, number) in order.iter().enumerate() {
            numbers[*number] = place + 1;
        }
        let renumber = |list: &mut Vec<usize>| {
            for number in list.iter_mut() {
                *number = numbers.get(*number).copied().unwrap_or(*number);
            }
            list.sort_unstable();
        };
        for arrow in &mut self.arrows {
            renumber(&mut arrow.sources);
            for value in &mut arrow.values {
                renumber(&mut value.sources);
            }
        }
        for one in &mut self.loops {
            renumber(&mut one.sources);
        }
        for source in &mut self.sources {
            source.number = numbers.get(source.number).copied().unwrap_or(source.number);
        }
        self.sources.sort_by_key(|source| source.number);
    }

    /// Returns the sentence that the picture stands under: its finding, or else its title.
    pub fn sentence(&self) -> &str {
        self.finding.as_deref().unwrap_or(&self.title)
    }

    /// Returns the title and the days, in one line.
    pub(crate) fn headline(&self) -> String {
        let days = [self.before.as_ref(), Some(&self.view)];
        let days: Vec<&str> = days
            .into_iter()
            .flatten()
            .filter_map(|stamp| stamp.as_of.as_deref())
            .collect();
        let mut parts = vec![self.title.clone(), days.join(" → ")];
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }

    /// Returns the source with a number.
    pub(crate) fn source(&self, number: usize) -> Option<&Source> {
        self.sources.get(number.checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> Scene {
        let mut scene = Scene::new("Title", Lang::En);
        for name in ["a", "b"] {
            scene.add_player(Player::new(name, name, PlayerType::Company));
        }
        scene
    }

    #[test]
    fn an_arrow_needs_players_of_the_scene() {
        let mut scene = pair();
        assert_eq!(scene.add_arrow(Arrow::new(1, 0, Family::Supply)), Ok(0));
        for (from, to) in [(0, 2), (2, 0), (usize::MAX, 1)] {
            let error = scene.add_arrow(Arrow::new(from, to, Family::Supply));
            assert_eq!(
                error,
                Err(PictureError::Ends {
                    from,
                    to,
                    players: 2
                })
            );
        }
        assert_eq!(scene.arrows().len(), 1);
    }

    #[test]
    fn a_label_is_the_first_value_or_else_the_first_kind() {
        let mut arrow = Arrow::new(0, 1, Family::Investment);
        assert_eq!(arrow.label(), "");
        arrow.kinds = vec!["Loan".to_owned(), "Equity".to_owned()];
        arrow.sources = vec![1, 2];
        assert_eq!(
            (arrow.label().as_str(), arrow.label_sources()),
            ("Loan", vec![1, 2])
        );
        arrow.values.push(ArrowValue {
            sources: vec![2],
            ..ArrowValue::new(Amount::exact(2e9, "USD", "$2 bn"))
        });
        arrow.values.push(ArrowValue {
            sources: vec![1],
            is_beside: true,
            ..ArrowValue::new(Amount::exact(1e6, "EUR", "1 mn EUR"))
        });
        assert_eq!(arrow.label(), "$2 bn · 1 mn EUR");
        assert_eq!(arrow.label_sources(), [1, 2]);
        arrow.values.pop();
        arrow.values_before.push(Amount::exact(1e9, "USD", "$1 bn"));
        arrow.change = Some(Change::Changed);
        assert_eq!(arrow.marked_label(), "Δ $1 bn → $2 bn");
        assert_eq!(arrow.label_sources(), [2]);
    }

    #[test]
    fn the_headline_has_the_days_of_both_pictures() {
        let mut scene = pair();
        assert_eq!(scene.headline(), "Title");
        scene.view.as_of = Some("2026-01-02".to_owned());
        scene.before = Some(Stamp {
            as_of: Some("2025-01-02".to_owned()),
            ..Stamp::default()
        });
        assert_eq!(scene.headline(), "Title, 2025-01-02 → 2026-01-02");
    }
}
