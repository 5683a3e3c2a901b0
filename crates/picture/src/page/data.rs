//! The data of a page: what its script draws, filters and explains.

use crate::glyph::outline;
use crate::scene::{Family, Piece, PlayerType, Ranking};
use crate::text::is_web;
use crate::theme::Theme;
use crate::words::Lang;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// A text in English and Chinese.
pub type Bilingual = [String; 2];

/// Everything that a page shows. Players, edges, claims and the like refer to each other by their places in the lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageData {
    /// The title.
    pub titles: Bilingual,
    /// The days of the slider, in order.
    pub days: Vec<String>,
    /// How far the days are apart.
    pub step: DayStep,
    /// The place of the day that the page opens on.
    pub today: usize,
    /// Whether arrows run the way the value goes, from customer to supplier, rather than as edges do.
    pub follows_value: bool,
    /// The statuses, the least firm first.
    pub statuses: Vec<PageStatus>,
    /// How each language writes quantities.
    pub figures: [PageFigures; 2],
    /// The units of all quantities.
    pub units: Vec<PageUnit>,
    /// The players, the strongest first.
    pub players: Vec<PagePlayer>,
    /// From which day on which players are on the board, unless the reader chooses others.
    pub casts: Vec<(usize, Vec<usize>)>,
    /// The edges of all days.
    pub edges: Vec<PageEdge>,
    /// The claims under edges, figures and loops.
    pub claims: Vec<PageClaim>,
    /// The documents of the claims.
    pub documents: Vec<PageDocument>,
    /// The loops of all days, each once.
    pub loops: Vec<PageLoop>,
    /// From which day on which loops are there, the greatest first.
    pub loop_days: Vec<(usize, Vec<usize>)>,
    /// Whether loops and headlines are known of every day, rather than of the first one shown only.
    pub has_all_loops: bool,
    /// From which day on the board says what.
    pub headlines: Vec<(usize, PageHeadline)>,
    /// The loops that lack one leg on the day that the page opens on.
    pub near: Vec<PageNearLoop>,
    /// The claims that contradict each other.
    pub conflicts: Vec<PageConflict>,
    /// What the order and the pieces of the players go by.
    #[serde(serialize_with = "ranking_words")]
    pub ranking: Ranking,
}

/// How far the days of a slider are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DayStep {
    /// Every day on which something changes.
    #[default]
    Day,
    /// The last such day of each month.
    Month,
    /// The last such day of each year.
    Year,
}

/// A status of edges.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageStatus {
    /// Its name in addresses.
    pub name: String,
    /// Its words.
    pub words: Bilingual,
    /// Whether it binds a party.
    pub binding: bool,
}

/// How a language writes quantities.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageFigures {
    /// The least value of each scale word, and the word with the space before it, the greatest first.
    pub scales: Vec<(f64, String)>,
    /// Whether a unit follows a scale word without a space.
    pub joined: bool,
    /// Whether US dollars have a sign before the number in place of a unit after it.
    pub dollar: bool,
}

/// A unit of quantities.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageUnit {
    /// Its code, such as `USD`.
    pub code: String,
    /// The place of what it measures: 0 for money, which comes first.
    pub measure: usize,
    /// What stands after a number.
    pub symbol: Bilingual,
}

/// A number with bounds, an open one being `None`; the place of its unit; and 1 for "about", 2 for a lower bound that is
/// excluded, 4 for an upper one, or a sum of these.
pub type PageQuantity = (Option<f64>, Option<f64>, usize, u8);

/// A player of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PagePlayer {
    /// A short id.
    pub id: String,
    /// The name.
    pub name: Bilingual,
    /// The type.
    pub r#type: PlayerType,
    /// The piece that it is drawn as.
    pub piece: Piece,
    /// Its rank among the players that have one, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// Other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// A note on the player.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What was measured or forecast of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<PageFigure>,
    /// On whom it depends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependence: Vec<PageDependence>,
}

impl PagePlayer {
    /// Returns a pawn.
    pub fn new(id: impl Into<String>, name: Bilingual, kind: PlayerType) -> Self {
        Self {
            id: id.into(),
            name,
            r#type: kind,
            piece: Piece::Pawn,
            rank: None,
            aliases: Vec::new(),
            note: None,
            figures: Vec::new(),
            dependence: Vec::new(),
        }
    }
}

/// A figure about a player.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageFigure {
    /// The metric, such as revenue.
    pub metric: Bilingual,
    /// The time that it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The values.
    pub values: Vec<PageQuantity>,
    /// The name of its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether the claims about it contradict each other.
    pub disputed: bool,
    /// The claims that it rests on.
    pub claims: Vec<usize>,
}

/// How much of one side of a player's dealings is with another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageDependence {
    /// The name of the side: supply, funding, sales or portfolio.
    pub side: String,
    /// The other player.
    pub other: usize,
    /// What the share is of, such as money.
    pub basis: Bilingual,
    /// The share in percent.
    pub share: Bilingual,
    /// The edges between the two.
    pub edges: Vec<usize>,
}

/// One edge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PageEdge {
    /// A short id.
    pub id: String,
    /// The player that acts.
    pub from: usize,
    /// The player acted upon.
    pub to: usize,
    /// The family.
    pub family: Family,
    /// The name of its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Bilingual>,
    /// Which way the value goes along it.
    pub way: PageWay,
    /// Whether it is of money, goods or control, or says who leads or belongs to whom; other influence is drawn where it is
    /// asked for.
    pub core: bool,
    /// Whether a person leads or belongs to the player at its end; the two stand near each other then.
    pub leads: bool,
    /// The name of the deal that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Bilingual>,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The edge whose amount already counts this one's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<usize>,
    /// The days on which it changes, and its state from then on; `None` where it is not there.
    pub states: Vec<(usize, Option<EdgeState>)>,
    /// The claims about it.
    pub claims: Vec<usize>,
}

impl PageEdge {
    /// Returns an edge that is never there.
    pub fn new(id: impl Into<String>, from: usize, to: usize, family: Family) -> Self {
        Self {
            id: id.into(),
            from,
            to,
            family,
            kind: None,
            way: PageWay::Forward,
            core: true,
            leads: false,
            deal: None,
            since: None,
            until: None,
            total: None,
            states: Vec::new(),
            claims: Vec::new(),
        }
    }
}

/// Which way the value goes along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PageWay {
    /// From its start to its end.
    #[default]
    Forward,
    /// From its end to its start, as cash for a supply.
    Backward,
    /// From its end to its start, as the shares that a warrant gives.
    Right,
    /// Nothing moves along a stake that is held; it goes with a right between the same two players, where there is one.
    Held,
    /// Both ways alike, as a partnership.
    Mutual,
}

/// What an edge is on a day.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct EdgeState {
    /// The name of its status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What it is worth: one quantity a unit, in base units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<PageQuantity>,
    /// Whether the claims about it contradict each other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageClaim {
    /// The id.
    pub id: String,
    /// What is claimed.
    pub text: Bilingual,
    /// The value as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Bilingual>,
    /// The name of the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Bilingual>,
    /// Whom the words are attributed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Bilingual>,
    /// When it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// Where it stands in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
}

/// A document under a claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageDocument {
    /// The title.
    pub name: Bilingual,
    /// Where it can be read; only addresses of the web become links.
    #[serde(serialize_with = "web_address")]
    pub url: Option<String>,
    /// When it came out.
    pub issued: Option<String>,
}

/// A loop.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageLoop {
    /// Its players in order.
    pub players: Vec<usize>,
    /// The edges of each step; the first leaves the first player.
    pub steps: Vec<Vec<usize>>,
    /// Its way and its amount in words.
    pub text: Bilingual,
    /// The claims of its amounts.
    pub claims: Vec<usize>,
}

/// A loop that lacks one leg, from its last player to the first.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageNearLoop {
    /// Its players in order.
    pub players: Vec<usize>,
    /// The edges of each step.
    pub steps: Vec<Vec<usize>>,
    /// The edges that tie the last player to the first otherwise.
    pub ties: Vec<usize>,
    /// What could go round.
    pub amount: Option<PageQuantity>,
}

/// What a board says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageHeadline {
    /// The finding.
    pub finding: Bilingual,
    /// What stands below it.
    pub standfirst: Bilingual,
    /// The claims of its figures.
    pub claims: Vec<usize>,
    /// The loops that the finding names.
    pub loops: Vec<usize>,
}

/// Two claims that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageConflict {
    /// What they are about.
    pub about: Bilingual,
    /// Why they cannot both be right.
    pub reason: Bilingual,
    /// The players that it concerns.
    pub players: Vec<usize>,
    /// The claims.
    pub claims: [usize; 2],
}

/// A script has no business in a page.
fn web_address<S: Serializer>(url: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_deref()
        .filter(|url| is_web(url))
        .serialize(serializer)
}

fn ranking_words<S: Serializer>(ranking: &Ranking, serializer: S) -> Result<S::Ok, S::Error> {
    Lang::ALL
        .map(|lang| lang.text(ranking.word()))
        .serialize(serializer)
}

/// Everything that the script of a page reads, in the order in which it is written.
#[derive(Serialize)]
pub(crate) struct Script<'a> {
    lang: Lang,
    theme: Option<Theme>,
    types: IndexMap<&'static str, PageType>,
    outlines: IndexMap<&'static str, &'static str>,
    #[serde(flatten)]
    data: &'a PageData,
}

/// A type of player.
#[derive(Serialize)]
struct PageType {
    words: [&'static str; 2],
    /// Whether it stands for several, or for nobody by name.
    group: bool,
}

impl<'a> Script<'a> {
    pub(crate) fn new(data: &'a PageData, lang: Lang, theme: Option<Theme>) -> Self {
        let types = PlayerType::ALL.iter().map(|kind| {
            let words = Lang::ALL.map(|lang| lang.text(kind.word()));
            let group = kind.is_group();
            (kind.name(), PageType { words, group })
        });
        let outlines = Piece::ALL
            .iter()
            .map(|piece| (piece.name(), outline(*piece)));
        Self {
            lang,
            theme,
            types: types.collect(),
            outlines: outlines.collect(),
            data,
        }
    }

    /// Returns JSON that can stand in a script element: without `<`, `&` and the line ends of JavaScript.
    pub(crate) fn to_json(&self) -> String {
        // All keys are text, so that nothing can fail to be written.
        let text = serde_json::to_string(self).unwrap_or_default();
        text.replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    }
}
