//! Where in the files of a map something stands.

use crate::map::new_file::NewFile;
use crate::model::record::Records;
use crate::model::vocabulary::pm;
use crate::records::RecordProblem;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use powermap_rdf::{Format, LoadedSource, SourceMap, each_with_line};
use std::ops::ControlFlow;
use std::path::Path;

/// The number of bytes of text that are read again for places: places are a help, and large maps are to open fast.
const BYTES_MAX: u64 = 64 << 20;

/// Returns whether all files of a map together may be read again for places.
pub(super) fn are_small(source: Option<&SourceMap>) -> bool {
    let paths = source.map_or(&[][..], SourceMap::sources).iter();
    let paths = paths.filter_map(|source| source.path.as_ref());
    let sizes = paths.filter_map(|path| std::fs::metadata(path).ok());
    sizes.map(|file| file.len()).sum::<u64>() <= BYTES_MAX
}

/// Reads the files of a map again.
pub(super) struct Places<'m> {
    sources: &'m [LoadedSource],
    left: u64,
}

impl<'m> Places<'m> {
    pub(super) fn new(source: Option<&'m SourceMap>) -> Self {
        Self {
            sources: source.map_or(&[], SourceMap::sources),
            left: BYTES_MAX,
        }
    }

    /// Returns the bytes of a source, while there are some left to read.
    fn bytes(&mut self, source: &LoadedSource) -> Option<Vec<u8>> {
        let path = source.path.as_ref()?;
        let size = std::fs::metadata(path).ok()?.len();
        self.left = self.left.checked_sub(size)?;
        std::fs::read(path).ok()
    }

    /// Returns where statements stand: those of the property where there are some, else of the amount, else the first one
    /// of the subject.
    pub(super) fn of_statements(
        &mut self,
        wanted: &[(&Term, Option<&NamedNode>)],
    ) -> Vec<Option<String>> {
        let rank = |quad: &Quad, (subject, property): (&Term, Option<&NamedNode>)| {
            if Term::from(quad.subject.clone()) != *subject {
                return None;
            }
            Some(match property {
                Some(property) if quad.predicate == *property => 0,
                _ if quad.predicate == pm::AMOUNT => 1,
                _ => 2,
            })
        };
        self.best(wanted.len(), |quad, index| rank(quad, wanted[index]))
    }

    /// Returns where terms stand first as the value of a triple.
    pub(super) fn of_values(&mut self, wanted: &[&NamedNode]) -> Vec<Option<String>> {
        let is_it = |quad: &Quad, index: usize| {
            let is_value = |term: &Term| *term == Term::from(wanted[index].clone());
            is_value(&quad.object).then_some(0)
        };
        self.best(wanted.len(), is_it)
    }

    /// Returns the first place of the best rank (0) for each of the wanted.
    fn best(
        &mut self,
        count: usize,
        rank: impl Fn(&Quad, usize) -> Option<u8>,
    ) -> Vec<Option<String>> {
        let mut best: Vec<Option<(u8, String)>> = vec![None; count];
        for source in self.sources {
            let is_done = |best: &[Option<(u8, String)>]| {
                best.iter()
                    .all(|best| best.as_ref().is_some_and(|(rank, _)| *rank == 0))
            };
            if matches!(source.format, Format::Csv | Format::Foreign) || is_done(&best) {
                continue;
            }
            let Some(bytes) = self.bytes(source) else {
                continue;
            };
            // The text was read before: what is wrong with it was an error then.
            let _ = each_with_line(&bytes, source.format, &source.name, |quad, line| {
                for (index, best) in best.iter_mut().enumerate() {
                    if let Some(rank) = rank(&quad, index)
                        && best.as_ref().is_none_or(|(known, _)| rank < *known)
                    {
                        *best = Some((rank, format!("{}:{line}", source.name)));
                    }
                }
                match is_done(&best) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            });
        }
        best.into_iter()
            .map(|best| best.map(|(_, place)| place))
            .collect()
    }

    /// Returns whether a source says anything about a record; a file that is not read again may do so.
    pub(super) fn speaks_of(&mut self, records: &Records, source: &LoadedSource) -> bool {
        if source.quads == 0 {
            return false;
        }
        let Some(bytes) = self.bytes(source) else {
            return true;
        };
        let mut found = false;
        // As above.
        let _ = each_with_line(&bytes, source.format, &source.name, |quad, _| {
            found = is_record(records, &quad.subject);
            match found {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        found
    }
}

fn is_record(records: &Records, subject: &NamedOrBlankNode) -> bool {
    if records.claims.contains_key(subject) {
        return true;
    }
    let NamedOrBlankNode::NamedNode(id) = subject else {
        return false;
    };
    records.players.contains_key(id)
        || records.topics.contains_key(id)
        || records.descriptions.contains_key(id)
        || records.deals.contains_key(id)
        || records.edges.contains_key(id)
        || records.observations.contains_key(id)
        || records.documents.contains_key(id)
        || records.concepts.contains_key(id)
}

/// Returns the problems as lines, each with the new file that it comes from and, where that goes into the map as it was given,
/// the line.
pub(super) fn placed<'f>(
    problems: &[RecordProblem],
    files: impl Iterator<Item = (&'f NewFile, &'f [u8])>,
) -> Vec<String> {
    let mut places: Vec<Option<String>> = vec![None; problems.len()];
    for (file, bytes) in files.filter(|(file, _)| file.format != Format::Csv) {
        let name = &file.name;
        let is_as_given = Format::from_path(Path::new(name)).ok() == Some(file.format);
        // The text was read before: what is wrong with it was an error then.
        let _ = each_with_line(bytes, file.format, name, |quad, line| {
            let is_it = |problem: &RecordProblem| {
                let property = problem.property.as_ref();
                property.is_none_or(|property| *property == quad.predicate)
                    && problem.subject == Term::from(quad.subject.clone())
            };
            for (problem, place) in problems.iter().zip(&mut places) {
                if place.is_none() && is_it(problem) {
                    *place = Some(match is_as_given {
                        true => format!("{name}:{line}"),
                        false => name.clone(),
                    });
                }
            }
            match places.iter().all(Option::is_some) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
    }
    let lines = problems.iter().zip(places);
    let lines = lines.map(|(problem, place)| match place {
        Some(place) => format!("{place}: {problem}"),
        None => problem.to_string(),
    });
    lines.collect()
}
