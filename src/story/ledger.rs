//! What sentences are made of: names, sums and the claims beneath them.

use crate::analysis::error::AnalysisError;
use crate::analysis::position::{Lens, Position};
use crate::model::lang::Lang;
use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::sum::Sum;
use crate::model::unit::Measure;
use crate::story::sentence::{Filling, Sentence, spoken};
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::cmp::Ordering;

/// The most names of a list in a sentence; of more, the rest are counted.
const NAMES_MAX: usize = 4;

/// A position, read for sentences in one language.
pub(crate) struct Ledger<'a> {
    pub(crate) position: &'a Position,
    pub(crate) lens: Lens<'a>,
    pub(crate) lang: Lang,
}

/// The characters of a name in a sentence.
const NAME_MAX: usize = 80;

/// What edges are worth in one measure.
#[derive(Debug, Clone)]
pub(crate) struct Worth {
    /// The greatest of the sums.
    pub(crate) greatest: Quantity,
    /// The sum in each unit, the greatest first.
    sums: Vec<Sum<u32>>,
}

impl Worth {
    /// Returns the edges that are summed.
    pub(crate) fn edges(&self) -> Vec<u32> {
        let edges = self.sums.iter().flat_map(|sum| &sum.edges);
        edges.copied().collect()
    }
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(position: &'a Position, lang: Lang) -> Result<Self, AnalysisError> {
        Ok(Self {
            position,
            lens: position.network()?,
            lang,
        })
    }

    /// Returns what a thing is called, cut where the name alone would fill the sentence.
    pub(crate) fn label(&self, id: &NamedNode) -> String {
        let name = self.position.records().label(id, self.lang);
        match name.char_indices().nth(NAME_MAX) {
            Some((end, _)) => format!("{}…", name[..end].trim_end()),
            None => name.to_owned(),
        }
    }

    pub(crate) fn name(&self, id: &NamedNode) -> Filling {
        Filling::text(self.label(id))
    }

    /// Returns the edges that count of a family from one player to another; either may be anybody.
    pub(crate) fn edges(
        &self,
        from: Option<&NamedNode>,
        to: Option<&NamedNode>,
        family: Family,
    ) -> Vec<u32> {
        let network = self.lens.network;
        let node = |player: Option<&NamedNode>| player.map(|player| network.node(player));
        let (from, to) = (node(from), node(to));
        let is_end =
            |wanted: Option<Option<u32>>, end: u32| wanted.is_none_or(|node| node == Some(end));
        let edges = self.lens.edges().filter(|edge| {
            let (source, target) = (network.graph.source(*edge), network.graph.target(*edge));
            network.columns.family(*edge) == family
                && source != target
                && is_end(from, source)
                && is_end(to, target)
        });
        edges.collect()
    }

    /// Returns whether an edge is something bought, or money or shares put in: neither a guarantee nor a right, which cost
    /// nothing yet, nor a stake that is only held.
    pub(crate) fn is_paid(&self, edge: u32) -> bool {
        let columns = &self.lens.network.columns;
        match columns.family(edge) {
            Family::Supply => true,
            Family::Investment => {
                let carries = columns.kind_of(edge).carries;
                matches!(carries, Some(Flow::Cash | Flow::Equity))
            }
            Family::Influence => false,
        }
    }

    /// Returns whether an edge is a part of a total of the same players and family, which has its amount.
    pub(crate) fn is_in_total(&self, edge: u32) -> bool {
        let network = self.lens.network;
        let ends = |edge: u32| (network.graph.source(edge), network.graph.target(edge));
        let total = self.lens.total_of(edge);
        total.is_some_and(|total| {
            let family = |edge: u32| network.columns.family(edge);
            ends(total) == ends(edge) && family(total) == family(edge)
        })
    }

    /// Returns whether an edge is neither a rumour nor stalled, disputed or cancelled.
    pub(crate) fn is_alive(&self, edge: &NamedNode) -> bool {
        let resolution = self.position.resolution(edge);
        let status = resolution.and_then(|found| found.status);
        !matches!(
            status,
            Some(Status::Rumoured | Status::Stalled | Status::Disputed | Status::Cancelled)
        )
    }

    /// Returns whether an edge is binding, or nobody says that it is not.
    pub(crate) fn is_binding(&self, edge: &NamedNode) -> bool {
        let resolution = self.position.resolution(edge);
        let status = resolution.and_then(|found| found.status);
        status.is_none_or(Status::is_binding)
    }

    /// Returns the least firm status of edges of which some do not bind yet.
    pub(crate) fn plan(&self, edges: &[u32]) -> Option<Filling> {
        let statuses = edges.iter().filter_map(|edge| self.lens.status(*edge));
        let least = statuses.filter(|status| !status.is_binding()).min()?;
        let records = self.position.records();
        Some(Filling::text(records.label(&least.iri(), self.lang)))
    }

    /// Returns whether edges are totals of which nothing is left beside their parts.
    pub(crate) fn is_in_parts(&self, edges: &[u32]) -> bool {
        let sums = self.lens.sums(edges, Measure::Amount).by_unit;
        !sums.is_empty()
            && sums
                .values()
                .all(|sum| sum.whole.is_some() && sum.quantity.upper == Some(0.0))
    }

    /// Returns the sum of edges in the first measure in which there is one: money, else capacity, else numbers.
    pub(crate) fn sum(&self, edges: &[u32]) -> Option<Worth> {
        [Measure::Amount, Measure::Capacity, Measure::Units]
            .into_iter()
            .find_map(|measure| self.sum_in(edges, measure))
    }

    /// Returns the sums of edges in a measure.
    pub(crate) fn sum_in(&self, edges: &[u32], measure: Measure) -> Option<Worth> {
        let sums = self.lens.sums(edges, measure).by_unit.into_values();
        // Nothing is said of what is all in its parts.
        let mut sums: Vec<_> = sums.filter(|sum| sum.quantity.upper != Some(0.0)).collect();
        sums.sort_by(|a, b| by_size(&b.quantity, &a.quantity));
        let greatest = sums.first()?.quantity;
        Some(Worth { greatest, sums })
    }

    /// Returns what edges are worth, in each currency, with the claims of the edges.
    pub(crate) fn amount(&self, worth: &Worth) -> Filling {
        let measure = worth.greatest.unit.measure();
        let used = worth
            .sums
            .iter()
            .flat_map(|sum| sum.edges.iter().chain(&sum.parts));
        let claims = used
            .flat_map(|edge| self.claims(*edge, Some(measure)))
            .collect();
        let figures: Vec<_> = worth.sums.iter().map(|sum| sum.quantity).collect();
        let texts = figures.iter().map(|figure| spoken(figure, self.lang));
        Filling::figures(self.list(texts.collect()), figures, claims)
    }

    /// Returns the claims that an edge rests on.
    pub(crate) fn claims(&self, edge: u32, measure: Option<Measure>) -> Vec<NamedOrBlankNode> {
        let id = self.lens.network.id(edge);
        self.position.claims(&id, measure)
    }

    /// Returns names as a list in a sentence.
    pub(crate) fn names<'b>(&self, players: impl IntoIterator<Item = &'b NamedNode>) -> Filling {
        let names = players.into_iter();
        let names = names.map(|id| self.label(id));
        Filling::text(self.list(names.collect()))
    }

    /// Returns texts as a list in a sentence; of many, the first few and how many more.
    pub(crate) fn list(&self, mut texts: Vec<String>) -> String {
        let more = texts.len().saturating_sub(NAMES_MAX);
        if more > 1 {
            texts.truncate(NAMES_MAX);
            texts.push(Message::StoryMore.filled(self.lang, &[("count", &more)]));
        }
        let last = texts.pop().unwrap_or_default();
        if texts.is_empty() {
            return last;
        }
        let first = texts.join(Message::StoryListSeparator.text(self.lang));
        [first, last].join(Message::StoryLastSeparator.text(self.lang))
    }

    /// Returns sentences as a list in a sentence.
    pub(crate) fn listed(&self, mut sentences: Vec<Sentence>) -> Sentence {
        let last = sentences.pop();
        let mut list = Sentence::joined(sentences, Message::StoryListSeparator.text(self.lang));
        if let Some(last) = last {
            list = Sentence::joined(
                [list, last]
                    .into_iter()
                    .filter(|part| !part.parts().is_empty()),
                Message::StoryLastSeparator.text(self.lang),
            );
        }
        list
    }

    /// Returns a sentence of a template.
    pub(crate) fn say(&self, message: Message, fillings: &[(&str, &Filling)]) -> Sentence {
        Sentence::new(message, self.lang, fillings)
    }

    /// Returns a small number as a word, as at the beginning of a sentence.
    pub(crate) fn number(&self, count: usize) -> Filling {
        let mut words = Message::StoryNumbers.text(self.lang).split(' ');
        let word = count.checked_sub(1).and_then(|place| words.nth(place));
        Filling::text(word.map_or_else(|| count.to_string(), str::to_owned))
    }
}

/// Compares quantities by the greatest figure that a source states, then by the least.
pub(crate) fn by_size(a: &Quantity, b: &Quantity) -> Ordering {
    let figure = |q: &Quantity| q.upper.or(q.lower).unwrap_or(0.0);
    let least = |q: &Quantity| q.lower.unwrap_or(0.0);
    let order = figure(a).total_cmp(&figure(b));
    order.then(least(a).total_cmp(&least(b)))
}
