//! The data of a page: what a click, a filter and another day need.

use crate::analysis::position::Position;
use crate::board::html::days::{Days, Step};
use crate::board::layout::Drawing;
use crate::board::layout::geometry::Rect;
use crate::board::merge::claim_id;
use crate::board::text::clean;
use crate::board::theme::Theme;
use crate::model::lang::Lang;
use crate::model::name::{Family, PlayerType, Status};
use crate::model::record::{Claim, Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Measure;
use crate::model::vocabulary::short_name;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use serde::Serialize;

/// A text in English and Chinese.
type Words = [String; 2];

/// The longest text that is kept, in characters.
const TEXT_MAX: usize = 2000;
/// The longest name.
const NAME_MAX: usize = 160;

/// Everything a page knows.
#[derive(Debug, Serialize)]
pub(crate) struct Data {
    lang: Lang,
    theme: Option<Theme>,
    titles: Words,
    days: Vec<Day>,
    step: Step,
    today: usize,
    statuses: IndexMap<&'static str, Words>,
    types: IndexMap<&'static str, Words>,
    sheets: [Sheet; 2],
    players: Vec<PlayerData>,
    arrows: Vec<ArrowData>,
    edges: Vec<EdgeData>,
    claims: Vec<ClaimData>,
    documents: Vec<DocumentData>,
    within_others: usize,
}

#[derive(Debug, Serialize)]
struct Sheet {
    width: f64,
    height: f64,
    board: Rect,
}

#[derive(Debug, Serialize)]
struct PlayerData {
    id: String,
    name: Words,
    r#type: PlayerType,
    aliases: Vec<String>,
    note: Option<String>,
    folded: Vec<Words>,
}

#[derive(Debug, Serialize)]
struct ArrowData {
    from: usize,
    to: usize,
    family: Family,
    edges: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct EdgeData {
    id: String,
    kind: Option<Words>,
    /// The names of its own ends: those of an arrow may be folded.
    from: Words,
    to: Words,
    deal: Option<Words>,
    since: Option<TimeSpan>,
    until: Option<TimeSpan>,
    states: Vec<(usize, Option<StateData>)>,
    /// What the picture shows.
    drawn: StateData,
    claims: Vec<usize>,
}

#[derive(Debug, PartialEq, Serialize)]
struct StateData {
    status: Option<Status>,
    values: Vec<Words>,
    /// The most that it may be worth; nothing where no amount is known.
    amount: Option<f64>,
    disputed: bool,
}

#[derive(Debug, Serialize)]
struct ClaimData {
    id: String,
    text: Words,
    value: Option<Words>,
    status: Option<Status>,
    by: Option<Words>,
    of: Option<Words>,
    said: Option<TimeSpan>,
    document: Option<usize>,
    locator: Option<String>,
}

#[derive(Debug, Serialize)]
struct DocumentData {
    name: Words,
    url: Option<String>,
    issued: Option<TimeSpan>,
}

impl Data {
    pub(crate) fn new(
        position: &Position,
        days: &Days,
        drawings: &[Drawing; 2],
        lang: Lang,
        theme: Option<Theme>,
    ) -> Self {
        let mut tables = Tables::new(position.records());
        let [english, chinese] = drawings;
        let by_name: IndexMap<&str, (&NamedNode, &Edge, &Resolution)> = position
            .edges()
            .map(|found| (short_name(found.0.as_str()), found))
            .collect();
        let mut edges = Vec::new();
        let mut arrows = Vec::new();
        for arrow in &english.scene.arrows {
            let found = arrow.edges.iter().filter_map(|id| by_name.get(id.as_str()));
            let first = edges.len();
            edges.extend(found.map(|(id, edge, drawn)| tables.edge(id, edge, drawn, days)));
            arrows.push(ArrowData {
                from: arrow.from,
                to: arrow.to,
                family: arrow.family,
                edges: (first..edges.len()).collect(),
            });
        }
        let players = english.scene.players.iter().zip(&chinese.scene.players);
        Self {
            lang,
            theme,
            titles: [english.scene.title.clone(), chinese.scene.title.clone()],
            days: days.days.clone(),
            step: days.step,
            today: days.today,
            statuses: Status::ALL
                .iter()
                .map(|status| (status.name(), tables.words(&status.iri())))
                .collect(),
            types: PlayerType::ALL
                .iter()
                .map(|kind| (kind.name(), type_name(*kind)))
                .collect(),
            sheets: drawings.each_ref().map(|drawing| Sheet {
                width: drawing.width,
                height: drawing.height,
                board: drawing.board,
            }),
            players: players
                .map(|(english, chinese)| {
                    let names = [english.name.clone(), chinese.name.clone()];
                    tables.player(
                        &english.iri,
                        &english.id,
                        names,
                        english.player_type,
                        &english.folded,
                    )
                })
                .collect(),
            arrows,
            edges,
            within_others: english.scene.edges_within_others,
            claims: tables.claim_data(),
            documents: tables.document_data(),
        }
    }

    /// The data as JSON that can stand in a script element: it has no `<`, no `&`, and no line ends of JavaScript.
    pub(crate) fn to_script(&self) -> String {
        let text = serde_json::to_string(self).expect("data without maps of other keys than text");
        text.replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    }
}

/// The claims and documents that are needed, numbered as they come up.
struct Tables<'a> {
    records: &'a Records,
    claims: IndexSet<NamedOrBlankNode>,
    documents: IndexSet<NamedNode>,
}

impl<'a> Tables<'a> {
    fn new(records: &'a Records) -> Self {
        Self {
            records,
            claims: IndexSet::new(),
            documents: IndexSet::new(),
        }
    }

    fn words(&self, id: &NamedNode) -> Words {
        [Lang::En, Lang::Zh].map(|lang| clean(self.records.label(id, lang), NAME_MAX))
    }

    fn player(
        &self,
        iri: &str,
        id: &str,
        name: Words,
        kind: PlayerType,
        folded: &[String],
    ) -> PlayerData {
        let record = NamedNode::new(iri)
            .ok()
            .and_then(|iri| self.records.players.get(&iri));
        let known: IndexMap<&str, &NamedNode> = self
            .records
            .players
            .keys()
            .filter(|_| !folded.is_empty())
            .map(|id| (short_name(id.as_str()), id))
            .collect();
        let words = |id: &String| match known.get(id.as_str()) {
            Some(iri) => self.words(iri),
            None => [id.clone(), id.clone()],
        };
        PlayerData {
            id: id.to_owned(),
            name,
            r#type: kind,
            aliases: record.map_or_else(Vec::new, |player| {
                let aliases = player.aliases.iter();
                aliases.map(|alias| clean(alias, NAME_MAX)).collect()
            }),
            note: record.and_then(|player| Some(clean(player.note.as_deref()?, TEXT_MAX))),
            folded: folded.iter().map(words).collect(),
        }
    }

    fn edge(&mut self, id: &NamedNode, edge: &Edge, drawn: &Resolution, days: &Days) -> EdgeData {
        let states = days.states.get(id).map_or(&[][..], Vec::as_slice);
        let mut claims: Vec<NamedOrBlankNode> = drawn.claims.clone();
        claims.sort_by_cached_key(|id| {
            let said = self.records.claims.get(id).and_then(|claim| claim.said);
            (said.and_then(TimeSpan::earliest), id.to_string())
        });
        let mut kept: Vec<(usize, Option<StateData>)> = Vec::new();
        for (place, resolution) in states {
            let state = resolution.as_ref().map(StateData::new);
            // What only rests on other claims looks the same.
            if kept.last().is_none_or(|(_, last)| *last != state) {
                kept.push((*place, state));
            }
        }
        EdgeData {
            id: short_name(id.as_str()).to_owned(),
            kind: edge.kind.as_ref().map(|kind| self.words(kind)),
            from: self.words(&edge.from),
            to: self.words(&edge.to),
            deal: edge.deal.as_ref().map(|deal| self.words(deal)),
            since: edge.since,
            until: edge.until,
            states: kept,
            drawn: StateData::new(drawn),
            claims: claims
                .into_iter()
                .map(|id| self.claims.insert_full(id).0)
                .collect(),
        }
    }

    fn claim_data(&mut self) -> Vec<ClaimData> {
        let claims = std::mem::take(&mut self.claims);
        let known = |id: &NamedOrBlankNode| Some((claim_id(id), self.records.claims.get(id)?));
        let known: Vec<_> = claims.iter().filter_map(known).collect();
        known
            .into_iter()
            .map(|(id, claim)| self.claim(id, claim))
            .collect()
    }

    fn claim(&mut self, id: String, claim: &Claim) -> ClaimData {
        let document = claim.document.as_ref();
        ClaimData {
            id,
            text: [Lang::En, Lang::Zh]
                .map(|lang| clean(claim.text.get(lang).unwrap_or_default(), TEXT_MAX)),
            value: claim.quantity.map(|quantity| {
                [Lang::En, Lang::Zh].map(|lang| quantity.in_base_unit().display(lang))
            }),
            status: claim.status,
            by: claim.asserted_by.as_ref().map(|id| self.words(id)),
            of: claim.attributed_to.as_ref().map(|id| self.words(id)),
            said: claim.said,
            document: document.map(|id| self.documents.insert_full(id.clone()).0),
            locator: claim.locator.as_deref().map(|place| clean(place, NAME_MAX)),
        }
    }

    fn document_data(&self) -> Vec<DocumentData> {
        let data = |id: &NamedNode| {
            let document = self.records.documents.get(id);
            let url = document.and_then(|document| document.url.as_deref());
            // A script has no business in a page.
            let is_web = |url: &&str| url.starts_with("https://") || url.starts_with("http://");
            DocumentData {
                name: self.words(id),
                url: url.filter(is_web).map(|url| clean(url, TEXT_MAX)),
                issued: document.and_then(|document| document.issued),
            }
        };
        self.documents.iter().map(data).collect()
    }
}

fn type_name(kind: PlayerType) -> Words {
    let chinese = match kind {
        PlayerType::Person => "人物",
        PlayerType::Company => "公司",
        PlayerType::Fund => "基金",
        PlayerType::Bank => "银行",
        PlayerType::Government => "政府",
        PlayerType::Venture => "合营项目",
        PlayerType::Group => "群体",
        PlayerType::Voice => "匿名人士",
        PlayerType::Product => "产品",
    };
    [kind.name().to_owned(), chinese.to_owned()]
}

impl StateData {
    fn new(resolution: &Resolution) -> Self {
        let values = resolution.values.iter();
        let amounts = values
            .clone()
            .filter(|value| value.measure == Measure::Amount);
        Self {
            status: resolution.status,
            values: values
                .map(|value| [Lang::En, Lang::Zh].map(|lang| value.quantity.display(lang)))
                .collect(),
            // Where there is no upper end, any amount is possible.
            amount: amounts
                .map(|value| value.quantity.upper.unwrap_or(f64::MAX))
                .reduce(f64::max),
            disputed: resolution.disputed,
        }
    }
}
