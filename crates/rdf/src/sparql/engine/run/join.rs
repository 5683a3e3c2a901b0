//! Joins of triple patterns by the leapfrog triejoin of Veldhuizen (ICDT 2014), which is worst-case optimal.
//!
//! The variables of the patterns get an order. At each of them, the sorted lists of the patterns for it are
//! intersected by galloping, and the search goes on to the next variable with each number that all of them hold
//! ([`search`](crate::sparql::engine::run::search)).

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::plan::join::{Atom, Bgp, End, Purpose};
use crate::sparql::engine::plan::node::StepId;
use crate::sparql::engine::plan::order::{counting_order, order};
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::run::levels::{Join, Level, Role, Unread};
use crate::sparql::engine::run::search::Search;
use crate::sparql::engine::run::shape::Shape;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::nesting;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// Number of variables up to which a join is looked at as a tree to count its solutions.
const LEVELS_COUNTED: usize = 64;
/// Number of variables from which a search needs a stack of its own.
const LEVELS_SHALLOW: usize = 64;

impl Atom {
    /// Returns whether no pair fits it, as the sizes of the graphs tell without their union.
    fn has_none(self, relations: &[Relation<'_>]) -> bool {
        let relation = &relations[self.relation];
        let fitting = match (self.subject, self.object) {
            (End::Term(subject), _) => {
                relation.estimate(Key::Subject, |pairs| pairs.values_of(subject).len())
            }
            (_, End::Term(object)) => {
                relation.estimate(Key::Object, |pairs| pairs.values_of(object).len())
            }
            _ => relation.estimate(Key::Subject, |pairs| pairs.values.len()),
        };
        fitting == 0.0
    }
}

impl Bgp {
    /// Joins the rows with the patterns.
    pub(crate) fn run(
        &self,
        id: StepId,
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let relations = run.relations;
        if input.len == 0 || self.atoms.iter().any(|atom| atom.has_none(relations)) {
            return Ok(Flow::Go);
        }
        let known = &run.state.step(id).order;
        let slots = known.get_or_init(|| match self.purpose {
            Purpose::Count | Purpose::Any if !self.first_only => counting_order(self, relations),
            _ => order(&self.atoms, &self.allowed, relations, &self.bound),
        });
        let join = self.prepare(relations, slots);
        let search = Search::new(run.context, &join, input, self.atoms.len());
        // The search goes down one level for each variable, and the steps after it from there.
        match join.levels.len() {
            0..LEVELS_SHALLOW => search.run(&self.bound, sink),
            levels => nesting::with_room(run.context.levels + levels, || {
                search.run(&self.bound, sink)
            }),
        }
    }

    fn prepare<'a>(&'a self, relations: &'a [Relation<'a>], slots: &[usize]) -> Join<'a> {
        let mut levels: Vec<Level<'a>> = slots
            .iter()
            .map(|slot| Level {
                slot: *slot,
                patterns: Vec::new(),
                sources: OnceCell::new(),
                allowed: self.allowed.iter().find(|allowed| allowed.slot == *slot),
                is_needed: self.needed.contains(slot),
            })
            .collect();
        let mut checks = Vec::new();
        let level_of: FxHashMap<usize, usize> =
            (0..).zip(slots).map(|(at, slot)| (*slot, at)).collect();
        let level = |end: End| end.slot().and_then(|slot| level_of.get(&slot).copied());
        for (place, atom) in self.atoms.iter().enumerate() {
            let relation = &relations[atom.relation];
            let unread = |key: Key, role: Role| Unread {
                relation,
                key,
                role,
                place,
            };
            match (level(atom.subject), level(atom.object)) {
                (None, None) => {
                    checks.push((relation, atom.subject, atom.object));
                }
                (None, Some(object)) => {
                    let known = unread(Key::Subject, Role::Known(atom.subject));
                    levels[object].patterns.push(known);
                }
                (Some(subject), None) => {
                    let known = unread(Key::Object, Role::Known(atom.object));
                    levels[subject].patterns.push(known);
                }
                (Some(subject), Some(object)) => {
                    let (first, second, key) = if subject < object {
                        (subject, object, Key::Subject)
                    } else {
                        (object, subject, Key::Object)
                    };
                    levels[first].patterns.push(unread(key, Role::First));
                    levels[second].patterns.push(unread(key, Role::Second));
                }
            }
        }
        let copied: Vec<usize> = self
            .needed
            .iter()
            .filter(|slot| !level_of.contains_key(slot))
            .collect();
        let is_counted = self.purpose != Purpose::Rows
            && !self.first_only
            && levels.len() <= LEVELS_COUNTED
            && levels.iter().any(|level| !level.is_needed);
        let shape = is_counted.then(|| Shape::new(&levels, &self.atoms));
        Join {
            // Where each row stands for one solution, rows are made many at a time.
            shape: shape.filter(Shape::counts),
            enough: match self.purpose {
                Purpose::Any => 1,
                Purpose::Rows | Purpose::Count => u64::MAX,
            },
            levels,
            checks,
            first_only: self.first_only,
            copied,
        }
    }
}
