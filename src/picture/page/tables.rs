//! The lists that a page numbers as they come up: units, claims and documents.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Records};
use crate::model::unit::{Measure, Unit};
use crate::picture::merge::claim_id;
use indexmap::IndexSet;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{
    Bilingual, PageClaim, PageDocument, PageFigures, PageQuantity, PageUnit, clean_text,
};
use std::collections::BTreeSet;

/// The longest name and the longest text that are kept, in characters.
const NAME_MAX: usize = 80;
pub(super) const TEXT_MAX: usize = 2000;

/// What quantities, claims and documents are called by their places.
pub(super) struct Tables<'a> {
    pub(super) records: &'a Records,
    units: Vec<Unit>,
    claims: IndexSet<NamedOrBlankNode>,
}

impl<'a> Tables<'a> {
    /// Numbers the units of all claims, in their order.
    pub(super) fn new(records: &'a Records) -> Self {
        let quantities = records.claims.values().filter_map(|claim| claim.quantity);
        let units = quantities.flat_map(|quantity| [quantity.unit, quantity.unit.base().0]);
        // Ratios on investments are shown in percent.
        let units: BTreeSet<Unit> = units.chain(Unit::percent()).collect();
        Self {
            records,
            units: units.into_iter().collect(),
            claims: IndexSet::new(),
        }
    }

    /// Returns the name of anything in both languages.
    pub(super) fn words(&self, id: &NamedNode) -> Bilingual {
        both(|lang| clean_text(self.records.label(id, lang), NAME_MAX))
    }

    pub(super) fn quantity(&self, quantity: &Quantity) -> PageQuantity {
        // Every unit of a value is that of a claim.
        let unit = self.units.binary_search(&quantity.unit).unwrap_or_default();
        let flags = [
            quantity.approximate,
            quantity.lower_exclusive,
            quantity.upper_exclusive,
        ];
        let flags = flags.iter().zip([1, 2, 4]);
        let flags = flags.map(|(is_set, flag)| u8::from(*is_set) * flag).sum();
        (quantity.lower, quantity.upper, unit, flags)
    }

    /// Returns the places of some claims, each once, the earliest said first.
    pub(super) fn claims_of<'b>(
        &mut self,
        claims: impl IntoIterator<Item = &'b NamedOrBlankNode>,
    ) -> Vec<usize> {
        let known = |id: &&NamedOrBlankNode| self.records.claims.contains_key(*id);
        let claims: IndexSet<_> = claims.into_iter().filter(known).collect();
        let mut claims: Vec<_> = claims.into_iter().collect();
        claims.sort_by_cached_key(|id| {
            let said = self.records.claims.get(*id).and_then(|claim| claim.said);
            (said.and_then(|said| said.earliest()), id.to_string())
        });
        let numbered = claims.into_iter();
        numbered
            .map(|id| self.claims.insert_full(id.clone()).0)
            .collect()
    }

    pub(super) fn units(&self) -> Vec<PageUnit> {
        let measure = |unit: &Unit| Measure::ALL.iter().position(|one| *one == unit.measure());
        let units = self.units.iter().map(|unit| {
            let mut shown = PageUnit::default();
            unit.code().clone_into(&mut shown.code);
            shown.measure = measure(unit).unwrap_or_default();
            shown.symbol = both(|lang| unit.symbol(lang));
            shown
        });
        units.collect()
    }

    /// Returns the claims that were numbered, and their documents.
    pub(super) fn finish(self) -> (Vec<PageClaim>, Vec<PageDocument>) {
        let mut documents = IndexSet::new();
        let claims = self.claims.iter().filter_map(|id| {
            let claim = self.records.claims.get(id)?;
            Some(self.claim(id, claim, &mut documents))
        });
        let claims = claims.collect();
        let documents = documents.into_iter().map(|id| self.document(id));
        (claims, documents.collect())
    }

    fn claim(
        &self,
        id: &NamedOrBlankNode,
        claim: &'a Claim,
        documents: &mut IndexSet<&'a NamedNode>,
    ) -> PageClaim {
        let document = claim.document.as_ref();
        let quantity = claim.quantity.map(|quantity| quantity.in_base_unit());
        let mut shown = PageClaim::default();
        shown.id = claim_id(id);
        shown.text = both(|lang| clean_text(claim.text.get(lang).unwrap_or_default(), TEXT_MAX));
        shown.value = quantity.map(|quantity| both(|lang| quantity.display(lang)));
        shown.status = claim.status.map(|status| status.name().to_owned());
        shown.by = claim.asserted_by.as_ref().map(|id| self.words(id));
        shown.of = claim.attributed_to.as_ref().map(|id| self.words(id));
        shown.said = claim.said.map(|said| said.to_string());
        shown.document = document.map(|id| documents.insert_full(id).0);
        shown.locator = claim
            .locator
            .as_deref()
            .map(|place| clean_text(place, NAME_MAX));
        shown
    }

    fn document(&self, id: &NamedNode) -> PageDocument {
        let record = self.records.documents.get(id);
        let mut shown = PageDocument::default();
        shown.name = self.words(id);
        shown.url = record
            .and_then(|document| document.url.as_deref())
            .map(|url| clean_text(url, TEXT_MAX));
        shown.issued = record
            .and_then(|document| document.issued)
            .map(|issued| issued.to_string());
        shown
    }
}

/// Who and what has which place in the lists of a page.
pub(super) struct Places {
    pub(super) players: IndexSet<NamedNode>,
    pub(super) edges: IndexSet<NamedNode>,
}

impl Places {
    pub(super) fn player(&self, id: &NamedNode) -> Option<usize> {
        self.players.get_index_of(id)
    }

    /// Returns the places of some edges.
    pub(super) fn edges_of<'a>(&self, ids: impl IntoIterator<Item = &'a NamedNode>) -> Vec<usize> {
        let ids = ids.into_iter();
        ids.filter_map(|id| self.edges.get_index_of(id)).collect()
    }
}

/// Returns a text in both languages.
pub(super) fn both<T: Into<String>>(text: impl Fn(Lang) -> T) -> Bilingual {
    [Lang::En, Lang::Zh].map(|lang| text(lang).into())
}

/// Returns a name as a page shows it.
pub(super) fn name(text: &str) -> String {
    clean_text(text, NAME_MAX)
}

/// Returns how both languages write quantities.
pub(super) fn figures() -> [PageFigures; 2] {
    [Lang::En, Lang::Zh].map(|lang| {
        let own = lang.figures();
        let scales = own.scales.iter();
        let mut shown = PageFigures::default();
        shown.scales = scales
            .map(|(least, word)| (*least, (*word).to_owned()))
            .collect();
        shown.joined = own.is_scale_joined;
        shown.dollar = own.has_dollar_sign;
        shown
    })
}
