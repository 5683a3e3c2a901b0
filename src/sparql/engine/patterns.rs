//! Joins: triple patterns and paths that stand side by side, and in which order they are joined with other patterns.

use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::join::{Atom, Bgp, End};
use crate::sparql::engine::order;
use crate::sparql::engine::path::{PathStep, Way};
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::scan::Pattern;
use indexmap::IndexMap;
use oxigraph::model::Term;
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

/// How many rows a pattern is taken to have that nothing is known of.
const SOME_ROWS: f64 = 1e3;
/// The same for a path without a known end.
const MANY_ROWS: f64 = 1e7;

/// A part of a join.
enum Part<'p> {
    Triples(Triples),
    Path(&'p TermPattern, &'p PropertyPathExpression, &'p TermPattern),
    Other(&'p GraphPattern),
}

/// Triple patterns side by side.
#[derive(Debug, Default)]
struct Triples {
    atoms: Vec<Atom>,
    /// Patterns whose predicate is a variable, or that have a variable twice.
    scans: Vec<[End; 3]>,
}

impl Triples {
    fn slots(&self) -> Vec<usize> {
        let atoms = self.atoms.iter().flat_map(|atom| atom.slots());
        let scans = self.scans.iter().flatten().filter_map(|end| end.slot());
        let mut slots: Vec<usize> = atoms.chain(scans).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// The patterns in groups that share no slot, in the order of their first ones. Near linear.
    fn components(self) -> Vec<Self> {
        let atoms = self.atoms.into_iter().map(|atom| Self {
            atoms: vec![atom],
            scans: Vec::new(),
        });
        let scans = self.scans.into_iter().map(|scan| Self {
            atoms: Vec::new(),
            scans: vec![scan],
        });
        let singles: Vec<Self> = atoms.chain(scans).collect();
        let (mut joined, mut first) = (UnionFind::new(singles.len()), FxHashMap::default());
        for (place, single) in singles.iter().enumerate() {
            for slot in single.slots() {
                joined.union(*first.entry(slot).or_insert(place), place);
            }
        }
        let mut components: IndexMap<usize, Self> = IndexMap::new();
        for (place, mut single) in singles.into_iter().enumerate() {
            let component = components.entry(joined.find(place)).or_default();
            component.atoms.append(&mut single.atoms);
            component.scans.append(&mut single.scans);
        }
        components.into_values().collect()
    }
}

/// A part of a join that is not joined yet.
struct Open<'p> {
    part: Part<'p>,
    slots: Vec<usize>,
    /// What it costs, unless that has to be looked at again.
    cost: Option<(bool, f64)>,
}

impl<'a> Compiler<'_, 'a> {
    /// Joins rows with a pattern that is a join of others, or a single triple or path pattern.
    pub(crate) fn join(
        &mut self,
        pattern: &GraphPattern,
        mut rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let (mut triples, mut parts) = (Triples::default(), Vec::new());
        self.take_parts(pattern, &mut triples, &mut parts)?;
        // Patterns that share nothing are joined when something joins them, not as a product.
        for (place, component) in triples.components().into_iter().enumerate() {
            parts.insert(place, Part::Triples(component));
        }
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            open.push(Open {
                slots: self.part_slots(&part)?,
                part,
                cost: None,
            });
        }
        while !open.is_empty() {
            let mut best = (0, (true, f64::INFINITY));
            // What is left alone is next, whatever it costs.
            let costs = if open.len() > 1 {
                &mut open[..]
            } else {
                &mut []
            };
            for (place, one) in costs.iter_mut().enumerate() {
                let cost = match one.cost {
                    Some(cost) => cost,
                    None => self.cost(&one.part, &one.slots, &rows)?,
                };
                one.cost = Some(cost);
                if cost < best.1 {
                    best = (place, cost);
                }
            }
            let (scope, bound) = (rows.scope.clone(), rows.bound.clone());
            rows = match open.remove(best.0).part {
                Part::Triples(triples) => self.triples(&triples, rows)?,
                Part::Path(subject, path, object) => self.path(subject, path, object, rows)?,
                Part::Other(pattern) => self.pattern(pattern, rows)?,
            };
            let is_new = |slot: &usize| {
                rows.scope.contains(slot) != scope.contains(slot)
                    || rows.bound.contains(slot) != bound.contains(slot)
            };
            for one in &mut open {
                // Where there were no rows yet, nothing was apart from them.
                if scope.is_empty() || one.slots.iter().any(is_new) {
                    one.cost = None;
                }
            }
        }
        Ok(rows)
    }

    fn take_parts<'p>(
        &mut self,
        pattern: &'p GraphPattern,
        triples: &mut Triples,
        parts: &mut Vec<Part<'p>>,
    ) -> Result<(), NoPlan> {
        match pattern {
            GraphPattern::Join { left, right } => {
                self.take_parts(left, triples, parts)?;
                self.take_parts(right, triples, parts)?;
            }
            GraphPattern::Bgp { patterns } => {
                for pattern in patterns {
                    self.take_triple(pattern, triples)?;
                }
            }
            GraphPattern::Path {
                subject,
                path,
                object,
            } => parts.push(Part::Path(subject, path, object)),
            other => parts.push(Part::Other(other)),
        }
        Ok(())
    }

    fn take_triple(&mut self, triple: &TriplePattern, to: &mut Triples) -> Result<(), NoPlan> {
        let (subject, object) = (self.end(&triple.subject)?, self.end(&triple.object)?);
        match &triple.predicate {
            NamedNodePattern::NamedNode(node) => {
                let predicate = self.context.number_of_term(node.clone().into())?;
                if subject == object && matches!(subject, End::Slot(_)) {
                    to.scans.push([subject, End::Term(predicate), object]);
                } else {
                    let relation = self.relation(predicate)?;
                    to.atoms.push(Atom {
                        subject,
                        relation,
                        object,
                    });
                }
            }
            NamedNodePattern::Variable(name) => {
                let predicate = End::Slot(self.slot(name.as_str()));
                to.scans.push([subject, predicate, object]);
            }
        }
        Ok(())
    }

    fn end(&mut self, term: &TermPattern) -> Result<End, NoPlan> {
        let term: Term = match term {
            TermPattern::Variable(name) => return Ok(End::Slot(self.slot(name.as_str()))),
            TermPattern::BlankNode(node) => {
                return Ok(End::Slot(self.slot(&format!("_:{}", node.as_str()))));
            }
            TermPattern::NamedNode(node) => node.clone().into(),
            TermPattern::Literal(literal) => literal.clone().into(),
        };
        Ok(End::Term(self.context.number_of_term(term)?))
    }

    fn part_slots(&mut self, part: &Part<'_>) -> Result<Vec<usize>, NoPlan> {
        Ok(match part {
            Part::Triples(triples) => triples.slots(),
            Part::Path(subject, _, object) => {
                let ends = [self.end(subject)?, self.end(object)?];
                ends.into_iter().filter_map(End::slot).collect()
            }
            Part::Other(pattern) => self.scope_of(pattern).iter().collect(),
        })
    }

    /// Whether a part, with these slots, has nothing in common with the rows so far, and how many rows it may make of
    /// each.
    fn cost(
        &mut self,
        part: &Part<'_>,
        slots: &[usize],
        rows: &Rows<'a>,
    ) -> Result<(bool, f64), NoPlan> {
        let cost = match part {
            Part::Triples(triples) => self.triples_cost(triples, rows),
            Part::Path(subject, _, object) => {
                let (subject, object) = (self.end(subject)?, self.end(object)?);
                let ends = [subject, object].into_iter();
                let is_known = |end: End| match end {
                    End::Term(_) => true,
                    End::Slot(slot) => rows.bound.contains(&slot),
                };
                match ends.filter(|end| is_known(*end)).count() {
                    0 => MANY_ROWS,
                    1 => SOME_ROWS,
                    _ => 1.0,
                }
            }
            Part::Other(pattern) => self.pattern_cost(pattern, rows)?,
        };
        let is_shared = slots.iter().any(|slot| rows.scope.contains(slot));
        let is_apart = !rows.scope.is_empty() && !is_shared;
        Ok((is_apart, cost))
    }

    fn triples_cost(&self, triples: &Triples, rows: &Rows<'a>) -> f64 {
        let is_bound = |slot: &usize| rows.bound.contains(slot);
        let slots = triples.slots().into_iter();
        let bound: Vec<usize> = slots.filter(is_bound).collect();
        let scanned = |ends: &[End; 3]| match (ends[0], ends[2]) {
            (End::Term(_), _) | (_, End::Term(_)) => 10.0,
            (End::Slot(subject), _) if bound.contains(&subject) => 10.0,
            _ => SOME_ROWS,
        };
        let atoms = order::rows(&triples.atoms, &self.hints, &self.relations, &bound);
        triples
            .scans
            .iter()
            .map(scanned)
            .fold(atoms, |cost, more| cost * more)
    }

    /// Roughly how many rows a pattern makes of each of the rows so far.
    fn pattern_cost(&mut self, pattern: &GraphPattern, rows: &Rows<'a>) -> Result<f64, NoPlan> {
        Ok(match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Join { .. } => {
                let (mut triples, mut parts) = (Triples::default(), Vec::new());
                self.take_parts(pattern, &mut triples, &mut parts)?;
                let mut cost = self.triples_cost(&triples, rows);
                if triples.atoms.is_empty() && triples.scans.is_empty() && !parts.is_empty() {
                    cost = f64::INFINITY;
                }
                for part in &parts {
                    cost = cost.min(self.cost(part, &[], rows)?.1);
                }
                cost
            }
            GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => {
                self.pattern_cost(left, rows)?
            }
            GraphPattern::Union { left, right } => {
                self.pattern_cost(left, rows)? + self.pattern_cost(right, rows)?
            }
            GraphPattern::Filter { inner, .. }
            | GraphPattern::Extend { inner, .. }
            | GraphPattern::Graph { inner, .. } => self.pattern_cost(inner, rows)?,
            GraphPattern::Values { bindings, .. } => bindings.len() as f64,
            _ => SOME_ROWS,
        })
    }

    /// Joins rows with triple patterns.
    fn triples(&mut self, triples: &Triples, mut rows: Rows<'a>) -> Result<Rows<'a>, NoPlan> {
        let slots = triples.slots();
        if slots
            .iter()
            .any(|slot| rows.scope.contains(slot) && !rows.bound.contains(slot))
        {
            return Err(NoPlan::NotKnown(
                "a join on a variable that may have no value",
            ));
        }
        let is_start = |ends: &[End; 3]| matches!(ends[0], End::Term(_));
        for ends in triples.scans.iter().filter(|ends| is_start(ends)) {
            rows = self.scan(*ends, rows);
        }
        if !triples.atoms.is_empty() {
            let slots_of_atoms = || triples.atoms.iter().flat_map(|atom| atom.slots());
            let mut bound: Vec<usize> = slots_of_atoms()
                .filter(|slot| rows.bound.contains(slot))
                .collect();
            bound.sort_unstable();
            bound.dedup();
            let bgp = Bgp {
                atoms: triples.atoms.clone(),
                allowed: self.hints.clone(),
                bound,
                first_only: false,
                needed: Default::default(),
                order: Default::default(),
            };
            rows.node = Node::Join(Box::new(rows.node), bgp);
            rows.scope.extend(slots);
            rows.bound.extend(slots_of_atoms());
            rows.is_unit = false;
        }
        for ends in triples.scans.iter().filter(|ends| !is_start(ends)) {
            rows = self.scan(*ends, rows);
        }
        Ok(rows)
    }

    fn scan(&mut self, ends: [End; 3], mut rows: Rows<'a>) -> Rows<'a> {
        let pattern = Pattern {
            ends,
            known: ends.map(|end| match end {
                End::Term(_) => true,
                End::Slot(slot) => rows.bound.contains(&slot),
            }),
            graphs: self.graphs().to_vec(),
        };
        rows.node = Node::Scan(Box::new(rows.node), pattern);
        for end in ends {
            if let End::Slot(slot) = end {
                rows.scope.insert(slot);
                rows.bound.insert(slot);
            }
        }
        rows.is_unit = false;
        rows
    }

    fn path(
        &mut self,
        subject: &TermPattern,
        path: &PropertyPathExpression,
        object: &TermPattern,
        mut rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let (subject, object) = (self.end(subject)?, self.end(object)?);
        let way = self.way(path)?;
        if matches!(way, Way::Step(..) | Way::Sequence(..)) {
            // These have a solution for each way, not for each pair.
            return Err(NoPlan::NotKnown("a path of this kind"));
        }
        let mut is_known = [false; 2];
        for (known, end) in is_known.iter_mut().zip([subject, object]) {
            *known = match end {
                End::Term(_) => true,
                End::Slot(slot) if rows.bound.contains(&slot) => true,
                End::Slot(slot) if rows.scope.contains(&slot) => {
                    return Err(NoPlan::NotKnown(
                        "a join on a variable that may have no value",
                    ));
                }
                End::Slot(_) => false,
            };
        }
        let step = PathStep {
            subject,
            way,
            object,
            subject_known: is_known[0],
            object_known: is_known[1],
            graphs: self.graphs().to_vec(),
        };
        rows.node = Node::Path(Box::new(rows.node), step);
        for end in [subject, object] {
            if let End::Slot(slot) = end {
                rows.scope.insert(slot);
                rows.bound.insert(slot);
            }
        }
        rows.is_unit = false;
        Ok(rows)
    }

    fn way(&mut self, path: &PropertyPathExpression) -> Result<Way, NoPlan> {
        Ok(match path {
            PropertyPathExpression::NamedNode(node) => {
                let predicate = self.context.number_of_term(node.clone().into())?;
                Way::Step(self.relation(predicate)?, false)
            }
            PropertyPathExpression::Reverse(inner) => turned(self.way(inner)?),
            PropertyPathExpression::Sequence(first, second) => {
                Way::Sequence(Box::new(self.way(first)?), Box::new(self.way(second)?))
            }
            PropertyPathExpression::Alternative(left, right) => {
                Way::Either(Box::new(self.way(left)?), Box::new(self.way(right)?))
            }
            PropertyPathExpression::ZeroOrOne(inner) => Way::Optional(Box::new(self.way(inner)?)),
            PropertyPathExpression::ZeroOrMore(inner) => Way::Star(Box::new(self.way(inner)?)),
            PropertyPathExpression::OneOrMore(inner) => Way::Plus(Box::new(self.way(inner)?)),
            PropertyPathExpression::NegatedPropertySet(_) => {
                return Err(NoPlan::NotKnown("a negated property set"));
            }
        })
    }
}

/// The same path the other way round.
fn turned(way: Way) -> Way {
    match way {
        Way::Step(relation, against) => Way::Step(relation, !against),
        Way::Sequence(first, second) => {
            Way::Sequence(Box::new(turned(*second)), Box::new(turned(*first)))
        }
        Way::Either(left, right) => Way::Either(Box::new(turned(*left)), Box::new(turned(*right))),
        Way::Optional(inner) => Way::Optional(Box::new(turned(*inner))),
        Way::Star(inner) => Way::Star(Box::new(turned(*inner))),
        Way::Plus(inner) => Way::Plus(Box::new(turned(*inner))),
    }
}
