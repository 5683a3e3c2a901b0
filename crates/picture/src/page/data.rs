//! The data of a page: what a click, a filter and another day need.

use crate::layout::Drawing;
use crate::layout::geometry::Rect;
use crate::scene::{Family, PlayerType};
use crate::text::is_web;
use crate::theme::Theme;
use crate::words::Lang;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// A text in English and Chinese.
pub type Bilingual = [String; 2];

/// What a page shows besides its drawings.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct PageData {
    /// The days of the slider, in order.
    pub days: Vec<String>,
    /// How far the days are apart.
    pub step: DayStep,
    /// The place of the day that the page opens on.
    pub today: usize,
    /// The names of the statuses in the order of firmness, each with its words.
    pub statuses: Vec<(String, Bilingual)>,
    /// What is known of each player, in the order of the scene.
    pub players: Vec<PagePlayer>,
    /// The edges of each arrow, in the order of the scene.
    pub edges: Vec<Vec<PageEdge>>,
    /// The claims that edges refer to by their place.
    pub claims: Vec<PageClaim>,
    /// The documents that claims refer to by their place.
    pub documents: Vec<PageDocument>,
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

/// What a page shows of a player besides the scene.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PagePlayer {
    /// Other names.
    pub aliases: Vec<String>,
    /// A note on the player.
    pub note: Option<String>,
    /// The names of the players that are folded into this one.
    pub folded: Vec<Bilingual>,
}

/// One edge of an arrow.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct PageEdge {
    /// A short id.
    pub id: String,
    /// The name of its kind.
    pub kind: Option<Bilingual>,
    /// The name of the player that acts; the end of the arrow may be a folded one.
    pub from: Bilingual,
    /// The name of the player acted upon.
    pub to: Bilingual,
    /// The name of the deal that it belongs to.
    pub deal: Option<Bilingual>,
    /// When it began.
    pub since: Option<String>,
    /// When it ends.
    pub until: Option<String>,
    /// The places of the days on which it changes, and its state from then on; `None` where it is not there.
    pub states: Vec<(usize, Option<EdgeState>)>,
    /// The state that the drawing shows.
    pub drawn: EdgeState,
    /// The places of its claims in [`PageData::claims`].
    pub claims: Vec<usize>,
}

/// What an edge is on a day.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct EdgeState {
    /// The name of its status.
    pub status: Option<String>,
    /// Its values as text.
    pub values: Vec<Bilingual>,
    /// The most that it may be worth; `None` where no amount is known.
    pub amount: Option<f64>,
    /// Whether the claims about it contradict each other.
    pub disputed: bool,
}

/// A claim under an edge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageClaim {
    /// The id.
    pub id: String,
    /// What is claimed.
    pub text: Bilingual,
    /// The value as text.
    pub value: Option<Bilingual>,
    /// The name of the status.
    pub status: Option<String>,
    /// Who says so.
    pub by: Option<Bilingual>,
    /// Whom the words are attributed to.
    pub of: Option<Bilingual>,
    /// When it was said.
    pub said: Option<String>,
    /// The place of its document in [`PageData::documents`].
    pub document: Option<usize>,
    /// Where it stands in the document.
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

/// A script has no business in a page.
fn web_address<S: Serializer>(url: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_deref()
        .filter(|url| is_web(url))
        .serialize(serializer)
}

/// Everything that the script of a page reads, in the order in which it is written.
#[derive(Serialize)]
pub(crate) struct Script<'a> {
    lang: Lang,
    theme: Option<Theme>,
    titles: [&'a str; 2],
    days: &'a [String],
    step: DayStep,
    today: usize,
    statuses: IndexMap<&'a str, &'a Bilingual>,
    types: IndexMap<&'static str, [&'static str; 2]>,
    sheets: [Sheet; 2],
    players: Vec<ScriptPlayer<'a>>,
    arrows: Vec<ScriptArrow>,
    edges: Vec<&'a PageEdge>,
    claims: &'a [PageClaim],
    documents: &'a [PageDocument],
    left_out: usize,
    ranking: [&'static str; 2],
}

#[derive(Serialize)]
struct Sheet {
    width: f64,
    height: f64,
    board: Rect,
}

#[derive(Serialize)]
struct ScriptPlayer<'a> {
    id: &'a str,
    name: [&'a str; 2],
    r#type: PlayerType,
    #[serde(flatten)]
    own: PagePlayer,
}

#[derive(Serialize)]
struct ScriptArrow {
    from: usize,
    to: usize,
    family: Family,
    edges: Vec<usize>,
}

impl<'a> Script<'a> {
    pub(crate) fn new(
        drawings: &'a [Drawing; 2],
        data: &'a PageData,
        lang: Lang,
        theme: Option<Theme>,
    ) -> Self {
        let scenes = drawings.each_ref().map(|drawing| &drawing.scene);
        let [first, second] = scenes;
        let mut edges = Vec::new();
        let mut arrows = Vec::new();
        for (place, arrow) in first.arrows.iter().enumerate() {
            let start = edges.len();
            edges.extend(data.edges.get(place).into_iter().flatten());
            arrows.push(ScriptArrow {
                from: arrow.from,
                to: arrow.to,
                family: arrow.family,
                edges: (start..edges.len()).collect(),
            });
        }
        let names = first.players.iter().zip(&second.players).enumerate();
        let players = names.map(|(place, (player, other))| ScriptPlayer {
            id: &player.id,
            name: [&player.name, &other.name],
            r#type: player.player_type,
            own: data.players.get(place).cloned().unwrap_or_default(),
        });
        Self {
            lang,
            theme,
            titles: scenes.map(|scene| scene.title.as_str()),
            days: &data.days,
            step: data.step,
            today: data.today,
            statuses: data
                .statuses
                .iter()
                .map(|(name, words)| (name.as_str(), words))
                .collect(),
            types: PlayerType::ALL
                .iter()
                .map(|kind| (kind.name(), Lang::ALL.map(|lang| lang.text(kind.word()))))
                .collect(),
            sheets: drawings.each_ref().map(|drawing| Sheet {
                width: drawing.width,
                height: drawing.height,
                board: drawing.board,
            }),
            players: players.collect(),
            arrows,
            edges,
            claims: &data.claims,
            documents: &data.documents,
            left_out: first.left_out.edges,
            ranking: Lang::ALL.map(|lang| lang.text(first.ranking.word())),
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
