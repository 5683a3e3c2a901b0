//! The numbered footnotes of a picture.

use crate::model::lang::Lang;
use crate::model::record::{Claim, Records};
use crate::model::vocabulary::short_name;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{Source, clean_text};
use std::cmp::Reverse;

/// The documents under all the claims of a picture, numbered.
pub(crate) struct Sources<'a> {
    records: &'a Records,
    /// Each document and the places in it; its position is its number less one.
    documents: IndexMap<&'a NamedNode, IndexSet<&'a str>>,
}

impl<'a> Sources<'a> {
    /// Numbers the documents of claims, those with the most claims first.
    pub(crate) fn of(
        records: &'a Records,
        claims: impl IntoIterator<Item = &'a NamedOrBlankNode>,
    ) -> Self {
        let claims: IndexSet<_> = claims.into_iter().collect();
        let mut counts: IndexMap<&NamedNode, usize> = IndexMap::new();
        let mut documents: IndexMap<&NamedNode, IndexSet<&str>> = IndexMap::new();
        let mut claims: Vec<&Claim> = claims
            .into_iter()
            .filter_map(|id| records.claims.get(id))
            .collect();
        claims.sort_by_key(|claim| place_order(claim.locator.as_deref().unwrap_or_default()));
        for claim in claims {
            let Some(document) = &claim.document else {
                continue;
            };
            *counts.entry(document).or_default() += 1;
            let places = documents.entry(document).or_default();
            places.extend(claim.locator.as_deref());
        }
        documents.sort_by(|a, _, b, _| {
            let key = |document| Reverse(counts.get(document).copied());
            key(*a).cmp(&key(*b)).then_with(|| a.cmp(b))
        });
        Self { records, documents }
    }

    /// The numbers of the documents of some claims, in order.
    pub(crate) fn numbers<'b>(
        &self,
        claims: impl IntoIterator<Item = &'b NamedOrBlankNode>,
    ) -> Vec<usize> {
        let mut numbers: Vec<_> = claims
            .into_iter()
            .filter_map(|id| self.records.claims.get(id)?.document.as_ref())
            .filter_map(|document| self.documents.get_index_of(document))
            .map(|place| place + 1)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The footnotes.
    pub(crate) fn list(&self, lang: Lang) -> Vec<Source> {
        let source = |(place, (id, places)): (usize, (&&NamedNode, &IndexSet<&str>))| {
            let document = self.records.documents.get(*id);
            let url = document.and_then(|document| document.url.as_deref());
            let name = clean_text(self.records.label(id, lang), 160);
            let mut source = Source::new(place + 1, short_name(id.as_str()), name);
            source.issued = document
                .and_then(|document| document.issued)
                .map(|issued| issued.to_string());
            source.url = url
                .filter(|url| is_web(url))
                .map(|url| clean_text(url, 2000));
            // A document of one page has no places worth naming.
            source.places = places
                .iter()
                .filter(|place| **place != "page")
                .map(|place| clean_text(place, 40))
                .collect();
            source
        };
        self.documents.iter().enumerate().map(source).collect()
    }
}

/// Only addresses of the web become links; a script has no business in a picture.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Puts p9 before p10: by the letters, then by the first number.
fn place_order(place: &str) -> (&str, u64, &str) {
    let start = place
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(place.len());
    let (letters, rest) = place.split_at(start);
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    (letters, rest[..end].parse().unwrap_or_default(), place)
}
