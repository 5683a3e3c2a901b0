//! Reporting exceptions: why an entity names no parent.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, described};
use crate::format::field::gleif::{Reader, entity_id};
use crate::model::name::PlayerType;
use crate::model::vocabulary::pm;

/// Says in a claim about an entity why it reports no parent of a sort.
pub(super) fn read(reader: &Reader, lei: &str, fields: Fields, gather: &mut Gather<'_>) {
    let node = entity_id(lei);
    gather.refer(&node, PlayerType::Company);
    let mut nothing = Fields::default();
    let source = reader.source("reporting exceptions", lei.to_owned(), &mut nothing, gather);
    if !gather.identifier(&node, pm::LEI, lei, &source) {
        gather.not_understood("", "LEI", lei, "18 letters or digits and 2 check digits");
    }
    let mut claim = source.claim(&node);
    claim.text.insert("", &described(&fields));
    gather.claim(claim);
}
