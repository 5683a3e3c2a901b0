//! What a page tells besides its drawings: the days, and the claims under every edge.

use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::Status;
use crate::model::record::{Claim, Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::time::TimeSpan;
use crate::model::unit::Measure;
use crate::model::vocabulary::short_name;
use crate::picture::merge::claim_id;
use crate::picture::page::days::Days;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{
    Bilingual, EdgeState, PageClaim, PageData, PageDocument, PageEdge, PagePlayer, Player, Scene,
    clean_text,
};

/// The longest text that is kept, in characters.
const TEXT_MAX: usize = 2000;
/// The longest name.
const NAME_MAX: usize = 160;

/// Gathers what a page tells of the players and arrows of a scene.
pub(crate) fn gather(position: &Position, days: &Days, scene: &Scene) -> PageData {
    let mut tables = Tables::new(position.records());
    let by_name: IndexMap<&str, (&NamedNode, &Edge, &Resolution)> = position
        .edges()
        .map(|found| (short_name(found.0.as_str()), found))
        .collect();
    let mut data = PageData::default();
    data.days = days.days.iter().map(ToString::to_string).collect();
    data.step = days.step;
    data.today = days.today;
    data.statuses = Status::ALL
        .iter()
        .map(|status| (status.name().to_owned(), tables.words(&status.iri())))
        .collect();
    for arrow in scene.arrows() {
        let found = arrow.edges.iter().filter_map(|id| by_name.get(id.as_str()));
        let edges = found.map(|(id, edge, drawn)| tables.edge(id, edge, drawn, days));
        data.edges.push(edges.collect());
    }
    let players = scene.players().iter();
    data.players = players.map(|player| tables.player(player)).collect();
    data.claims = tables.claims();
    data.documents = tables.documents();
    data
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

    fn words(&self, id: &NamedNode) -> Bilingual {
        [Lang::En, Lang::Zh].map(|lang| clean_text(self.records.label(id, lang), NAME_MAX))
    }

    fn player(&self, player: &Player) -> PagePlayer {
        let record = NamedNode::new(&player.iri)
            .ok()
            .and_then(|iri| self.records.players.get(&iri));
        let known: IndexMap<&str, &NamedNode> = self
            .records
            .players
            .keys()
            .filter(|_| !player.folded.is_empty())
            .map(|id| (short_name(id.as_str()), id))
            .collect();
        let words = |id: &String| match known.get(id.as_str()) {
            Some(iri) => self.words(iri),
            None => [id.clone(), id.clone()],
        };
        let mut told = PagePlayer::default();
        if let Some(record) = record {
            let aliases = record.aliases.iter();
            told.aliases = aliases.map(|alias| clean_text(alias, NAME_MAX)).collect();
            told.note = record
                .note
                .as_deref()
                .map(|note| clean_text(note, TEXT_MAX));
        }
        told.folded = player.folded.iter().map(words).collect();
        told
    }

    fn edge(&mut self, id: &NamedNode, edge: &Edge, drawn: &Resolution, days: &Days) -> PageEdge {
        let states = days.states.get(id).map_or(&[][..], Vec::as_slice);
        let mut claims: Vec<NamedOrBlankNode> = drawn.claims.clone();
        claims.sort_by_cached_key(|id| {
            let said = self.records.claims.get(id).and_then(|claim| claim.said);
            (said.and_then(TimeSpan::earliest), id.to_string())
        });
        let mut kept: Vec<(usize, Option<EdgeState>)> = Vec::new();
        for (place, resolution) in states {
            let state = resolution.as_ref().map(state);
            // What only rests on other claims looks the same.
            if kept.last().is_none_or(|(_, last)| *last != state) {
                kept.push((*place, state));
            }
        }
        let mut told = PageEdge::default();
        short_name(id.as_str()).clone_into(&mut told.id);
        told.kind = edge.kind.as_ref().map(|kind| self.words(kind));
        told.from = self.words(&edge.from);
        told.to = self.words(&edge.to);
        told.deal = edge.deal.as_ref().map(|deal| self.words(deal));
        told.since = edge.since.map(|since| since.to_string());
        told.until = edge.until.map(|until| until.to_string());
        told.states = kept;
        told.drawn = state(drawn);
        told.claims = claims
            .into_iter()
            .map(|id| self.claims.insert_full(id).0)
            .collect();
        told
    }

    fn claims(&mut self) -> Vec<PageClaim> {
        let claims = std::mem::take(&mut self.claims);
        let known = |id: &NamedOrBlankNode| Some((claim_id(id), self.records.claims.get(id)?));
        let known: Vec<_> = claims.iter().filter_map(known).collect();
        known
            .into_iter()
            .map(|(id, claim)| self.claim(id, claim))
            .collect()
    }

    fn claim(&mut self, id: String, claim: &Claim) -> PageClaim {
        let document = claim.document.as_ref();
        let mut told = PageClaim::default();
        told.id = id;
        told.text = [Lang::En, Lang::Zh]
            .map(|lang| clean_text(claim.text.get(lang).unwrap_or_default(), TEXT_MAX));
        told.value = claim
            .quantity
            .map(|quantity| [Lang::En, Lang::Zh].map(|lang| quantity.in_base_unit().display(lang)));
        told.status = claim.status.map(|status| status.name().to_owned());
        told.by = claim.asserted_by.as_ref().map(|id| self.words(id));
        told.of = claim.attributed_to.as_ref().map(|id| self.words(id));
        told.said = claim.said.map(|said| said.to_string());
        told.document = document.map(|id| self.documents.insert_full(id.clone()).0);
        told.locator = claim
            .locator
            .as_deref()
            .map(|place| clean_text(place, NAME_MAX));
        told
    }

    fn documents(&self) -> Vec<PageDocument> {
        let data = |id: &NamedNode| {
            let document = self.records.documents.get(id);
            let mut told = PageDocument::default();
            told.name = self.words(id);
            told.url = document
                .and_then(|document| document.url.as_deref())
                .map(|url| clean_text(url, TEXT_MAX));
            told.issued = document
                .and_then(|document| document.issued)
                .map(|issued| issued.to_string());
            told
        };
        self.documents.iter().map(data).collect()
    }
}

/// Returns what an edge is, as a page shows it.
fn state(resolution: &Resolution) -> EdgeState {
    let values = resolution.values.iter();
    let amounts = values
        .clone()
        .filter(|value| value.measure == Measure::Amount);
    let mut state = EdgeState::default();
    state.status = resolution.status.map(|status| status.name().to_owned());
    state.values = values
        .map(|value| [Lang::En, Lang::Zh].map(|lang| value.quantity.display(lang)))
        .collect();
    // Where there is no upper end, any amount is possible.
    state.amount = amounts
        .map(|value| value.quantity.upper.unwrap_or(f64::MAX))
        .reduce(f64::max);
    state.disputed = resolution.disputed;
    state
}
