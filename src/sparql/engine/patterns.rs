//! Joins: triple patterns and paths that stand side by side, and in which order they are joined with other patterns.

use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::graphs::union_of;
use crate::sparql::engine::join::{Atom, Bgp, End};
use crate::sparql::engine::order;
use crate::sparql::engine::path::{PathStep, Way};
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::scan::Pattern;
use crate::sparql::engine::slots::Slots;
use crate::sparql::error::SparqlError;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, Term};
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern};

/// How many rows a pattern is taken to have that nothing is known of.
const SOME_ROWS: f64 = 1e3;
/// The same for a path without a known end.
const MANY_ROWS: f64 = 1e7;

/// A part of a join.
enum Part<'p> {
    Triples(Triples),
    Path(End, &'p PropertyPathExpression, End),
    Other(&'p GraphPattern),
    /// Has no solution.
    Nothing,
}

/// Triple patterns side by side.
#[derive(Debug, Default)]
struct Triples {
    atoms: Vec<Atom>,
    /// Patterns whose predicate is a variable, or that have a variable twice.
    scans: Vec<Scanned>,
}

/// A pattern that is looked for triple by triple.
#[derive(Debug, Clone)]
struct Scanned {
    ends: [End; 3],
    /// Predicates that do not count.
    except: Vec<u32>,
}

impl Scanned {
    fn new(ends: [End; 3]) -> Self {
        Self {
            ends,
            except: Vec::new(),
        }
    }
}

impl Triples {
    fn slots(&self) -> Vec<usize> {
        let atoms = self.atoms.iter().flat_map(|atom| atom.slots());
        let scans = self.scans.iter().flat_map(|scan| scan.ends);
        let mut slots: Vec<usize> = atoms.chain(scans.filter_map(End::slot)).collect();
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
        let hints = self.hints.len();
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            if let Part::Other(GraphPattern::Values {
                variables,
                bindings,
            }) = part
            {
                self.hint(variables, bindings)?;
            }
            open.push(Open {
                slots: self.part_slots(&part),
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
            let Open { part, slots, .. } = open.remove(best.0);
            let slots: Slots = slots.into_iter().collect();
            rows = match part {
                Part::Triples(triples) => self.feed(&slots, rows, &mut |compiler, rows| {
                    Ok(compiler.triples(&triples, rows))
                })?,
                Part::Path(subject, path, object) => {
                    let way = self.way(path)?;
                    self.feed(&slots, rows, &mut |compiler, rows| {
                        Ok(compiler.path(subject, &way, object, rows))
                    })?
                }
                Part::Other(pattern) => self.pattern(pattern, rows)?,
                Part::Nothing => union_of(rows, Slots::new(), Vec::new()),
            };
            if !open.is_empty() {
                rows = self.settle(rows);
            }
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
        self.hints.truncate(hints);
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
                if !self.graphs[self.graph].is_there {
                    parts.push(Part::Nothing);
                }
                for pattern in patterns {
                    let (subject, object) =
                        (self.end(&pattern.subject)?, self.end(&pattern.object)?);
                    match &pattern.predicate {
                        NamedNodePattern::NamedNode(node) => {
                            let predicate = self.context.number_of_term(node.clone().into())?;
                            self.take_triple(subject, predicate, object, triples)?;
                        }
                        NamedNodePattern::Variable(name) => {
                            let predicate = End::Slot(self.slot(name.as_str()));
                            triples
                                .scans
                                .push(Scanned::new([subject, predicate, object]));
                        }
                    }
                }
            }
            GraphPattern::Path {
                subject,
                path,
                object,
            } => {
                let (subject, object) = (self.end(subject)?, self.end(object)?);
                self.take_path(subject, path, object, triples, parts)?;
            }
            other => parts.push(Part::Other(other)),
        }
        Ok(())
    }

    /// Sequences have a solution for each way, not for each pair of ends: so they are patterns side by side.
    fn take_path<'p>(
        &mut self,
        subject: End,
        path: &'p PropertyPathExpression,
        object: End,
        triples: &mut Triples,
        parts: &mut Vec<Part<'p>>,
    ) -> Result<(), NoPlan> {
        match path {
            PropertyPathExpression::NamedNode(node) => {
                let predicate = self.context.number_of_term(node.clone().into())?;
                self.take_triple(subject, predicate, object, triples)?;
            }
            PropertyPathExpression::Reverse(inner) => {
                self.take_path(object, inner, subject, triples, parts)?;
            }
            PropertyPathExpression::Sequence(first, second) => {
                let middle = End::Slot(self.new_slot());
                self.take_path(subject, first, middle, triples, parts)?;
                self.take_path(middle, second, object, triples, parts)?;
            }
            // One solution for each triple, but between two terms one in all.
            PropertyPathExpression::NegatedPropertySet(names)
                if subject.slot().is_some() || object.slot().is_some() =>
            {
                let predicate = End::Slot(self.new_slot());
                triples.scans.push(Scanned {
                    ends: [subject, predicate, object],
                    except: self.numbers_of(names)?,
                });
            }
            _ => parts.push(Part::Path(subject, path, object)),
        }
        Ok(())
    }

    fn take_triple(
        &mut self,
        subject: End,
        predicate: u32,
        object: End,
        to: &mut Triples,
    ) -> Result<(), NoPlan> {
        if subject == object && matches!(subject, End::Slot(_)) {
            to.scans
                .push(Scanned::new([subject, End::Term(predicate), object]));
        } else {
            let relation = self.relation(predicate)?;
            to.atoms.push(Atom {
                subject,
                relation,
                object,
            });
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

    fn part_slots(&mut self, part: &Part<'_>) -> Vec<usize> {
        match part {
            Part::Triples(triples) => triples.slots(),
            Part::Path(subject, _, object) => [*subject, *object]
                .into_iter()
                .filter_map(End::slot)
                .collect(),
            Part::Other(pattern) => self.scope_of(pattern).iter().collect(),
            Part::Nothing => Vec::new(),
        }
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
                let ends = [*subject, *object].into_iter();
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
            Part::Nothing => 0.0,
        };
        let is_shared = slots.iter().any(|slot| rows.scope.contains(slot));
        let is_apart = !rows.scope.is_empty() && !is_shared;
        Ok((is_apart, cost))
    }

    fn triples_cost(&self, triples: &Triples, rows: &Rows<'a>) -> f64 {
        let is_bound = |slot: &usize| rows.bound.contains(slot);
        let slots = triples.slots().into_iter();
        let bound: Vec<usize> = slots.filter(is_bound).collect();
        let scanned = |scan: &Scanned| match (scan.ends[0], scan.ends[2]) {
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
            GraphPattern::Service { name, .. } => match self.answer(name) {
                Some(answer) => answer.rows.len() as f64,
                None => SOME_ROWS,
            },
            _ => SOME_ROWS,
        })
    }

    /// Joins rows with triple patterns.
    fn triples(&mut self, triples: &Triples, mut rows: Rows<'a>) -> Rows<'a> {
        let slots = triples.slots();
        let is_start = |scan: &&Scanned| matches!(scan.ends[0], End::Term(_));
        for scan in triples.scans.iter().filter(is_start) {
            rows = self.scan(scan, rows);
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
        for scan in triples.scans.iter().filter(|scan| !is_start(scan)) {
            rows = self.scan(scan, rows);
        }
        rows
    }

    fn scan(&mut self, scan: &Scanned, mut rows: Rows<'a>) -> Rows<'a> {
        let ends = scan.ends;
        let pattern = Pattern {
            ends,
            except: scan.except.clone(),
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

    fn path(&mut self, subject: End, way: &Way, object: End, mut rows: Rows<'a>) -> Rows<'a> {
        let [subject_known, object_known] = [subject, object].map(|end| match end {
            End::Term(_) => true,
            End::Slot(slot) => rows.bound.contains(&slot),
        });
        let step = PathStep {
            subject,
            way: way.clone(),
            object,
            subject_known,
            object_known,
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
        rows
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
            PropertyPathExpression::NegatedPropertySet(names) => {
                Way::Except(self.numbers_of(names)?, false)
            }
        })
    }

    fn numbers_of(&self, names: &[NamedNode]) -> Result<Vec<u32>, SparqlError> {
        let names = names.iter().cloned();
        names
            .map(|name| self.context.number_of_term(name.into()))
            .collect()
    }
}

/// The same path the other way round.
fn turned(way: Way) -> Way {
    match way {
        Way::Step(relation, against) => Way::Step(relation, !against),
        Way::Except(predicates, against) => Way::Except(predicates, !against),
        Way::Sequence(first, second) => {
            Way::Sequence(Box::new(turned(*second)), Box::new(turned(*first)))
        }
        Way::Either(left, right) => Way::Either(Box::new(turned(*left)), Box::new(turned(*right))),
        Way::Optional(inner) => Way::Optional(Box::new(turned(*inner))),
        Way::Star(inner) => Way::Star(Box::new(turned(*inner))),
        Way::Plus(inner) => Way::Plus(Box::new(turned(*inner))),
    }
}
