//! Boards without some of their edges.

use crate::model::board::Board;
use crate::model::resolve::Resolution;
use crate::model::sum::{Totals, without_part};
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};

impl Board {
    /// Takes edges off the board, and their amounts off the totals that they are parts of and that stay. Their own parts that
    /// stay remain parts of these totals.
    ///
    /// `stated` are the totals by part. O(n log n) for n edges, and for each edge that goes O(p + h) for its p parts and the h
    /// totals above it.
    pub(crate) fn remove(
        &mut self,
        gone: &BTreeSet<NamedNode>,
        stated: &BTreeMap<&NamedNode, &NamedNode>,
    ) {
        let totals = Totals::new(stated, |edge| self.edges.contains_key(edge));
        for part in gone {
            let above = totals.total_of(part);
            // A part of what goes as well is in the amount of that.
            let Some(total) = above.filter(|total| !gone.contains(*total)) else {
                continue;
            };
            let Some(less) = self.edges.get(part).cloned() else {
                continue;
            };
            let mut left: Vec<Resolution> = Vec::new();
            let mut ahead: Vec<&NamedNode> = vec![part];
            while let Some(one) = ahead.pop() {
                for below in totals.parts_of(one).iter().copied() {
                    match self.edges.get(below) {
                        Some(found) if !gone.contains(below) => left.push(found.clone()),
                        _ => ahead.push(below),
                    }
                }
            }
            let mut whole = Some(total);
            while let Some(id) = whole {
                if let Some(found) = self.edges.get_mut(id) {
                    take_off(found, &less, &left);
                }
                whole = totals.total_of(id);
            }
        }
        self.edges.retain(|id, _| !gone.contains(id));
    }
}

/// Takes the values of a part off those of its total, but for what the parts of that part which stay have of them.
fn take_off(total: &mut Resolution, part: &Resolution, left: &[Resolution]) {
    for value in &mut total.values {
        let of = |found: &Resolution| found.value(value.measure).map(|found| found.quantity);
        if let Some(mut less) = of(part) {
            for kept in left.iter().filter_map(of) {
                less = without_part(less, kept);
            }
            value.quantity = without_part(value.quantity, less);
        }
    }
}
