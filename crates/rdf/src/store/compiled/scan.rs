//! Scans the triples of a graph that match a pattern.

use crate::store::compiled::graph::{GraphRef, Pairs};
use crate::store::compiled::sets::SetsView;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;

/// The triples of one graph that fit a pattern, as numbers (subject, predicate, object).
///
/// Without a predicate and an object, or with nothing at all, in the order of these three; else by predicate first.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    graph: GraphRef<'a>,
    pattern: [Option<TermId>; 3],
    runs: Runs<'a>,
    run: Run<'a>,
}

/// The part still to be read.
#[derive(Debug)]
enum Runs<'a> {
    Start,
    /// The rest of the predicates of the one subject, or of the one object.
    Predicates(std::slice::Iter<'a, u32>),
    /// All subjects from a place on, with the rest of the predicates of the current one.
    Subjects {
        sets: SetsView<'a>,
        next: usize,
        predicates: std::slice::Iter<'a, u32>,
        /// The position of the current subject in each predicate; all before it have been read.
        places: Vec<usize>,
    },
    End,
}

/// Triples that differ in one place only, or all of one predicate.
#[derive(Debug)]
enum Run<'a> {
    Objects(TermId, TermId, std::slice::Iter<'a, TermId>),
    Subjects(TermId, TermId, std::slice::Iter<'a, TermId>),
    Pairs(TermId, Pairs<'a>, usize, usize),
}

impl<'a> Scan<'a> {
    pub(crate) fn new(graph: GraphRef<'a>, pattern: [Option<TermId>; 3]) -> Self {
        Self {
            graph,
            pattern,
            runs: Runs::Start,
            run: Run::Objects(0, 0, [].iter()),
        }
    }

    /// Opens the next run; returns false when there is none.
    fn open_run(&mut self) -> Result<bool, StoreError> {
        let graph = self.graph;
        let predicates_of_graph = &graph.graph.predicates;
        if matches!(self.runs, Runs::Start) {
            self.runs = self.start()?;
            if let (Runs::End, [_, Some(_), _]) = (&self.runs, self.pattern) {
                // The one run of a predicate was opened.
                return Ok(true);
            }
        }
        loop {
            match &mut self.runs {
                Runs::Start | Runs::End => return Ok(false),
                Runs::Predicates(places) => {
                    let Some(place) = places.next() else {
                        return Ok(false);
                    };
                    let predicate = &predicates_of_graph[*place as usize];
                    match self.pattern {
                        [Some(subject), _, object] => {
                            let objects = graph.by_subject(predicate)?.values_of(subject);
                            self.run = Run::Objects(subject, predicate.id, only(objects, object));
                        }
                        [None, _, Some(object)] => {
                            let subjects = graph.by_object(predicate)?.values_of(object);
                            self.run = Run::Subjects(predicate.id, object, subjects.iter());
                        }
                        [None, _, None] => return Ok(false),
                    }
                    return Ok(true);
                }
                Runs::Subjects {
                    sets,
                    next,
                    predicates,
                    places,
                } => {
                    let Some(place) = predicates.next() else {
                        if *next == sets.keys.len() {
                            return Ok(false);
                        }
                        *predicates = sets.at(*next).iter();
                        *next += 1;
                        continue;
                    };
                    let subject = sets.keys[*next - 1];
                    let predicate = &predicates_of_graph[*place as usize];
                    let pairs = graph.by_subject(predicate)?;
                    let at = &mut places[*place as usize];
                    if pairs.keys.get(*at) != Some(&subject) {
                        return Err(graph
                            .pages
                            .damaged("the sets of predicates do not fit the triples"));
                    }
                    self.run = Run::Objects(subject, predicate.id, pairs.values_at(*at).iter());
                    *at += 1;
                    return Ok(true);
                }
            }
        }
    }

    /// Returns the runs of the pattern; those of a single predicate are one, which becomes the current one.
    fn start(&mut self) -> Result<Runs<'a>, StoreError> {
        let graph = self.graph;
        Ok(match self.pattern {
            [subject, Some(id), object] => {
                if let Some(predicate) = graph.predicate(id) {
                    self.run = match (subject, object) {
                        (Some(subject), object) => {
                            let objects = graph.by_subject(predicate)?.values_of(subject);
                            Run::Objects(subject, id, only(objects, object))
                        }
                        (None, Some(object)) => {
                            let subjects = graph.by_object(predicate)?.values_of(object);
                            Run::Subjects(id, object, subjects.iter())
                        }
                        (None, None) => Run::Pairs(id, graph.by_subject(predicate)?, 0, 0),
                    };
                }
                Runs::End
            }
            [Some(subject), None, _] => {
                let sets = graph.subjects()?;
                Runs::Predicates(sets.of(subject).iter())
            }
            [None, None, Some(object)] => {
                let sets = graph.objects()?;
                Runs::Predicates(sets.of(object).iter())
            }
            [None, None, None] => Runs::Subjects {
                sets: graph.subjects()?,
                next: 0,
                predicates: [].iter(),
                places: vec![0; graph.graph.predicates.len()],
            },
        })
    }
}

/// Returns all of the sorted numbers, or the given one only.
fn only(numbers: &[TermId], wanted: Option<TermId>) -> std::slice::Iter<'_, TermId> {
    match wanted.map(|wanted| numbers.binary_search(&wanted)) {
        None => numbers.iter(),
        Some(Ok(place)) => numbers[place..=place].iter(),
        Some(Err(_)) => [].iter(),
    }
}

impl Iterator for Scan<'_> {
    type Item = Result<[TermId; 3], StoreError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = match &mut self.run {
                Run::Objects(subject, predicate, objects) => {
                    objects.next().map(|object| [*subject, *predicate, *object])
                }
                Run::Subjects(predicate, object, subjects) => subjects
                    .next()
                    .map(|subject| [*subject, *predicate, *object]),
                Run::Pairs(predicate, pairs, place, at) => pairs.values.get(*at).map(|object| {
                    while pairs.range(*place).end <= *at {
                        *place += 1;
                    }
                    *at += 1;
                    [pairs.keys[*place], *predicate, *object]
                }),
            };
            if let Some(triple) = found {
                return Some(Ok(triple));
            }
            match self.open_run() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.runs = Runs::End;
                    return Some(Err(error));
                }
            }
        }
    }
}
