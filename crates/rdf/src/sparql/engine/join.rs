//! Joins of triple patterns by the leapfrog triejoin of Veldhuizen (ICDT 2014), which is worst-case optimal.
//!
//! The variables of the patterns get an order. At each of them, the sorted lists that the patterns give for it are
//! intersected by galloping, and the search goes on to the next variable with each number that all of them hold
//! ([`search`](crate::sparql::engine::search)).

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Context, Flow, Sink};
use crate::sparql::engine::order::order;
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::search::Search;
use crate::sparql::engine::slots::Slots;
use crate::sparql::error::SparqlError;
use crate::store::compiled::graph::Pairs;
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;

/// One end of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Slot(usize),
    Term(u32),
}

impl End {
    /// The slot, if it is one.
    pub(crate) fn slot(self) -> Option<usize> {
        match self {
            Self::Slot(slot) => Some(slot),
            Self::Term(_) => None,
        }
    }
}

/// A triple pattern with a known predicate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub(crate) subject: End,
    /// The place of its relation in the plan.
    pub(crate) relation: usize,
    pub(crate) object: End,
}

impl Atom {
    /// The slots of its ends.
    pub(crate) fn slots(self) -> impl Iterator<Item = usize> {
        [self.subject, self.object]
            .into_iter()
            .filter_map(End::slot)
    }

    /// Whether no pair fits it, as the sizes of the graphs tell without their union.
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

/// The numbers that a slot may have: ranges, ascending and apart.
#[derive(Debug, Clone)]
pub(crate) struct Allowed {
    pub(crate) slot: usize,
    pub(crate) ranges: Vec<Range<u32>>,
}

impl Allowed {
    pub(crate) fn span(&self) -> Range<u32> {
        match (self.ranges.first(), self.ranges.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    pub(crate) fn holds(&self, number: u32) -> bool {
        self.next_from(number) == Some(number)
    }

    /// The first number from this on that is allowed.
    pub(crate) fn next_from(&self, number: u32) -> Option<u32> {
        let place = self.ranges.partition_point(|range| range.end <= number);
        let range = self.ranges.get(place)?;
        Some(range.start.max(number))
    }
}

/// Patterns to be joined with the rows that come in.
#[derive(Debug, Clone)]
pub(crate) struct Bgp {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) allowed: Vec<Allowed>,
    /// The slots that have a value in each row that comes in.
    pub(crate) bound: Vec<usize>,
    /// One result for each row is enough.
    pub(crate) first_only: bool,
    /// The slots that anyone asks for.
    pub(crate) needed: Slots,
    /// The order of the search, once it was thought about.
    pub(crate) order: RefCell<Vec<usize>>,
}

/// Where the list of a pattern at a level comes from.
pub(crate) enum Source<'a> {
    /// Always the same.
    Fixed(&'a [u32]),
    /// The same, put together from several graphs.
    Merged(Vec<u32>),
    /// What the pairs have for the value of an outer slot.
    Outer(Pairs<'a>, usize),
    /// The same where several graphs have the pairs, few of which may be looked at.
    Spread(&'a Relation<'a>, Key, usize),
    /// The keys of the pairs; the values of the one that is found go to this place.
    First(Pairs<'a>, usize),
    /// What was put at this place.
    Second(usize),
}

/// What a pattern is for a level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Its other end is known before.
    Known(End),
    /// The level of its first variable.
    First,
    /// That of its second one.
    Second,
}

/// A pattern at a level, before its pairs are asked for.
struct Unread<'a> {
    relation: &'a Relation<'a>,
    key: Key,
    role: Role,
    /// The place of the pattern.
    place: usize,
}

impl<'a> Unread<'a> {
    fn source(&self) -> Result<Source<'a>, SparqlError> {
        let pairs = || self.relation.pairs(self.key);
        Ok(match self.role {
            Role::Known(End::Term(term)) => match self.relation.merged(self.key, term)? {
                Some(list) => Source::Merged(list),
                None => Source::Fixed(self.relation.values_of(self.key, term)?),
            },
            Role::Known(End::Slot(slot)) if self.relation.is_in_one() => {
                Source::Outer(pairs()?, slot)
            }
            Role::Known(End::Slot(slot)) => Source::Spread(self.relation, self.key, slot),
            Role::First => Source::First(pairs()?, self.place),
            Role::Second => Source::Second(self.place),
        })
    }
}

/// A variable of the search.
pub(crate) struct Level<'a> {
    pub(crate) slot: usize,
    patterns: Vec<Unread<'a>>,
    sources: OnceCell<Vec<Source<'a>>>,
    pub(crate) allowed: Option<&'a Allowed>,
    pub(crate) is_needed: bool,
}

impl<'a> Level<'a> {
    /// Where its lists come from. Unions of graphs are made when the search first gets here.
    #[inline]
    pub(crate) fn sources(&self) -> Result<&[Source<'a>], SparqlError> {
        if let Some(sources) = self.sources.get() {
            return Ok(sources);
        }
        let sources = self.patterns.iter().map(Unread::source);
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        Ok(self.sources.get_or_init(|| sources))
    }
}

/// A join that is ready to run.
pub(crate) struct Join<'a> {
    pub(crate) levels: Vec<Level<'a>>,
    /// Patterns whose both ends are known before the search starts.
    pub(crate) checks: Vec<(&'a Relation<'a>, End, End)>,
    pub(crate) first_only: bool,
    /// The slots of rows that come in and are asked for.
    pub(crate) copied: Vec<usize>,
    /// The level from which on only the number of pairs is asked for: those of one pattern that is alone there.
    pub(crate) counted: Option<usize>,
}

impl Bgp {
    /// Joins the rows with the patterns.
    pub(crate) fn run(
        &self,
        context: &Context<'_>,
        relations: &[Relation<'_>],
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        if input.len == 0 || self.atoms.iter().any(|atom| atom.has_none(relations)) {
            return Ok(Flow::Go);
        }
        if self.order.borrow().is_empty() {
            let found = order(&self.atoms, &self.allowed, relations, &self.bound);
            self.order.replace(found);
        }
        let join = self.prepare(relations, &self.order.borrow());
        Search::new(context, &join, input, self.atoms.len()).run(&self.bound, sink)
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
        let is_needed = !copied.is_empty() || levels.iter().any(|level| level.is_needed);
        let counted = match &levels[..] {
            [.., first, last] => match (&first.patterns[..], &last.patterns[..]) {
                ([one], [other]) => {
                    let is_alone = one.place == other.place && one.role == Role::First;
                    is_alone && last.allowed.is_none() && !is_needed && !self.first_only
                }
                _ => false,
            },
            _ => false,
        };
        Join {
            counted: counted.then(|| levels.len() - 2),
            levels,
            checks,
            first_only: self.first_only,
            copied,
        }
    }
}
