//! The parts of a join: triple patterns and paths that stand side by side, and other patterns.

use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::{Atom, End};
use crate::sparql::engine::plan::path::PathExpr;
use crate::sparql::engine::plan::rows::NoPlan;
use crate::sparql::error::SparqlError;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, Term};
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern};

/// A part of a join.
pub(crate) enum Part<'p> {
    Triples(Triples),
    Path(End, &'p PropertyPathExpression, End),
    Other(&'p GraphPattern),
    /// Has no solution.
    Nothing,
}

/// Triple patterns side by side.
#[derive(Debug, Default)]
pub(crate) struct Triples {
    pub(crate) atoms: Vec<Atom>,
    /// Patterns whose predicate is a variable, or that have a variable twice.
    pub(crate) scans: Vec<Scanned>,
}

/// A pattern that is looked for triple by triple.
#[derive(Debug, Clone)]
pub(crate) struct Scanned {
    pub(crate) ends: [End; 3],
    /// Predicates that do not count.
    pub(crate) except: Vec<u32>,
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
    pub(crate) fn slots(&self) -> Vec<usize> {
        let atoms = self.atoms.iter().flat_map(|atom| atom.slots());
        let scans = self.scans.iter().flat_map(|scan| scan.ends);
        let mut slots: Vec<usize> = atoms.chain(scans.filter_map(End::slot)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Returns the patterns in groups that share no slot, in the order of their first ones. Near linear.
    pub(crate) fn components(self) -> Vec<Self> {
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

impl Compiler<'_, '_> {
    pub(crate) fn take_parts<'p>(
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

    pub(crate) fn end(&mut self, term: &TermPattern) -> Result<End, NoPlan> {
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

    pub(crate) fn path_expr(&mut self, path: &PropertyPathExpression) -> Result<PathExpr, NoPlan> {
        Ok(match path {
            PropertyPathExpression::NamedNode(node) => {
                let predicate = self.context.number_of_term(node.clone().into())?;
                PathExpr::Step(self.relation(predicate)?, false)
            }
            PropertyPathExpression::Reverse(inner) => turned(self.path_expr(inner)?),
            PropertyPathExpression::Sequence(first, second) => PathExpr::Sequence(
                Box::new(self.path_expr(first)?),
                Box::new(self.path_expr(second)?),
            ),
            PropertyPathExpression::Alternative(left, right) => PathExpr::Either(
                Box::new(self.path_expr(left)?),
                Box::new(self.path_expr(right)?),
            ),
            PropertyPathExpression::ZeroOrOne(inner) => {
                PathExpr::Optional(Box::new(self.path_expr(inner)?))
            }
            PropertyPathExpression::ZeroOrMore(inner) => {
                PathExpr::Star(Box::new(self.path_expr(inner)?))
            }
            PropertyPathExpression::OneOrMore(inner) => {
                PathExpr::Plus(Box::new(self.path_expr(inner)?))
            }
            PropertyPathExpression::NegatedPropertySet(names) => {
                PathExpr::Except(self.numbers_of(names)?, false)
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

/// Returns a path in the other direction.
fn turned(expr: PathExpr) -> PathExpr {
    match expr {
        PathExpr::Step(relation, against) => PathExpr::Step(relation, !against),
        PathExpr::Except(predicates, against) => PathExpr::Except(predicates, !against),
        PathExpr::Sequence(first, second) => {
            PathExpr::Sequence(Box::new(turned(*second)), Box::new(turned(*first)))
        }
        PathExpr::Either(left, right) => {
            PathExpr::Either(Box::new(turned(*left)), Box::new(turned(*right)))
        }
        PathExpr::Optional(inner) => PathExpr::Optional(Box::new(turned(*inner))),
        PathExpr::Star(inner) => PathExpr::Star(Box::new(turned(*inner))),
        PathExpr::Plus(inner) => PathExpr::Plus(Box::new(turned(*inner))),
    }
}
