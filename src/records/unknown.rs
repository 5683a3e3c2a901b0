//! Terms of the ontology's namespace that are not in the ontology: misspelt classes and properties, which nothing reads.

use crate::model::vocabulary::{PM, common, compact, pm};
use crate::records::{Reader, RecordProblem};
use oxigraph::model::{NamedNode, Term};
use powermap_rdf::nearest;
use rustc_hash::FxHashSet;
use spareval::QueryableDataset;
use std::collections::BTreeSet;

/// Returns what to say of a term that nothing defines, with the nearest of those that are defined.
pub(crate) fn no_such<'n>(term: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let local = term.strip_prefix(PM).unwrap_or(term);
    let text = format!("there is no {}", compact(term));
    // Classes and concepts begin with an upper case letter, properties with a lower case one.
    let is_upper = |name: &str| name.starts_with(char::is_uppercase);
    let (alike, others): (Vec<_>, Vec<_>) =
        (names.into_iter()).partition(|name| is_upper(name) == is_upper(local));
    let near = [alike, others].map(|names| nearest(local, names).into_iter().next());
    match near.into_iter().flatten().next() {
        Some(near) => format!("{text} (did you mean pm:{near}?)"),
        None => text,
    }
}

impl<'a, D: QueryableDataset<'a>> Reader<'_, 'a, D> {
    /// Returns whether a term is in the namespace and nothing in the data or the ontology defines it.
    fn is_undefined(&self, term: &NamedNode, internal: &D::InternalTerm) -> Result<bool, D::Error> {
        if !term.as_str().starts_with(PM) {
            return Ok(false);
        }
        let defined = |graph| {
            let mut quads =
                self.dataset
                    .internal_quads_for_pattern(Some(internal), None, None, graph);
            Ok(quads.next().transpose()?.is_some())
        };
        Ok(!(defined(Some(None))? || defined(None)?))
    }

    /// Lists what is said in terms that nothing defines. Without the ontology in the dataset nothing is known of them.
    pub(super) fn unknown_terms(&mut self) -> Result<(), D::Error> {
        let claim = pm::CLAIM.into_owned();
        let internal = self.dataset.internalize_term(claim.clone().into())?;
        if self.is_undefined(&claim, &internal)? {
            return Ok(());
        }
        self.unknown_classes()?;
        self.unknown_properties()
    }

    /// Lists the subjects of classes that nothing defines.
    fn unknown_classes(&mut self) -> Result<(), D::Error> {
        let a = common::TYPE.into_owned();
        let is_a = self.dataset.internalize_term(a.clone().into())?;
        let mut seen = FxHashSet::default();
        let mut unknown = Vec::new();
        for [_, _, class] in self.triples(None, Some(&is_a), None)? {
            if seen.insert(class.clone())
                && let Term::NamedNode(name) = self.dataset.externalize_term(class.clone())?
                && self.is_undefined(&name, &class)?
            {
                unknown.push((name, class));
            }
        }
        for (name, class) in unknown {
            let message = no_such(name.as_str(), self.terms()?.iter().map(String::as_str));
            for [subject, ..] in self.triples(None, Some(&is_a), Some(&class))? {
                self.problems.push(RecordProblem {
                    subject: self.dataset.externalize_term(subject)?,
                    property: Some(a.clone()),
                    message: message.clone(),
                });
            }
        }
        Ok(())
    }

    /// Lists the properties of subjects that nothing defines.
    fn unknown_properties(&mut self) -> Result<(), D::Error> {
        let mut unknown = Vec::new();
        let mut predicates: Vec<_> = self.predicates.iter().collect();
        predicates.sort_by_key(|(_, name)| name.as_str());
        for (internal, name) in predicates {
            if self.is_undefined(name, internal)? {
                unknown.push((internal.clone(), name.clone()));
            }
        }
        for (internal, name) in unknown {
            let message = no_such(name.as_str(), self.terms()?.iter().map(String::as_str));
            for [subject, ..] in self.triples(None, Some(&internal), None)? {
                self.problems.push(RecordProblem {
                    subject: self.dataset.externalize_term(subject)?,
                    property: Some(name.clone()),
                    message: message.clone(),
                });
            }
        }
        Ok(())
    }

    /// Returns the names of the defined terms of the namespace, without it.
    fn terms(&self) -> Result<BTreeSet<String>, D::Error> {
        let is_a = common::TYPE.into_owned();
        let is_a = self.dataset.internalize_term(is_a.into())?;
        let mut names = BTreeSet::new();
        for [subject, ..] in self.triples(None, Some(&is_a), None)? {
            if let Term::NamedNode(name) = self.dataset.externalize_term(subject)?
                && let Some(local) = name.as_str().strip_prefix(PM)
            {
                names.insert(local.to_owned());
            }
        }
        Ok(names)
    }
}
