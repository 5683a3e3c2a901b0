//! Walks over the edges that a pattern defines: what can be asked of them, and their rows.

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{LIMIT, Parameter, ParameterKind, parameter};
use crate::analysis::{loops, paths};
use crate::callable::edges::Edges;
use crate::callable::error::CallError;
use crate::callable::request::{Given, ROWS_MAX, Sink, Table};
use crate::callable::signature::{PARTIAL, Signature, Slot, Taken, Takes};
use crate::callable::values::{integer, text, wrong};
use crate::model::lang::Lang;
use crate::model::vocabulary::CALL;
use crate::words::Message;
use oxigraph::model::Term;
use powermap_graph::{Cycles, Ending, Paths};
use powermap_rdf::{Call, Notice};
use std::ops::ControlFlow;

/// What walks over the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kernel {
    Loops,
    Paths,
}

impl Kernel {
    /// Returns the kernel of an analysis that takes a pattern.
    pub(crate) fn of(analysis: &str) -> Option<Self> {
        match analysis {
            "loops" => Some(Self::Loops),
            "paths" => Some(Self::Paths),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Loops => "loops",
            Self::Paths => "paths",
        }
    }

    /// The parameter of the greatest length, and its default.
    fn length(self) -> (Parameter, u32) {
        match self {
            Self::Loops => (loops::MAX_LENGTH, loops::LENGTH_USUAL.value),
            Self::Paths => (paths::MAX_HOPS, paths::HOPS_USUAL.value),
        }
    }

    /// Returns what the call takes and gives over a pattern.
    pub(crate) fn signature(self) -> Signature {
        // Nodes of a pattern are any terms.
        let node = |parameter: Parameter, help| Taken {
            takes: Takes::Term,
            ..Taken::of(&Parameter { help, ..parameter })
        };
        let length = |help| {
            Taken::of(&Parameter {
                help,
                ..self.length().0
            })
        };
        let (walk, mut parameters) = match self {
            Self::Loops => (
                "loop",
                vec![
                    node(
                        loops::THROUGH,
                        "Only loops through this node; several: through all of them",
                    ),
                    length("The most edges of a loop"),
                ],
            ),
            Self::Paths => (
                "path",
                vec![
                    node(paths::SOURCE, "The node that the paths begin at"),
                    node(paths::TARGET, "The node that the paths end at"),
                    length("The most edges of a path"),
                ],
            ),
        };
        parameters.push(Taken::of(&parameter(
            LIMIT,
            ParameterKind::Integer(1, ROWS_MAX as u64),
            "The most walks; the search ends there",
        )));
        parameters.push(Taken::of(&PARTIAL));
        let columns = [walk, "step", "from", "to", "edge"];
        let columns = columns.iter().enumerate();
        let columns = columns.map(|(place, name)| ((*name).to_owned(), Slot::Whole(place)));
        Signature {
            parameters,
            columns: columns.chain([("row".to_owned(), Slot::Row)]).collect(),
        }
    }
}

/// What is looked for in one run.
pub(crate) struct Walks {
    kernel: Kernel,
    terms: Vec<Term>,
    ends: [Option<Term>; 2],
    length_max: u32,
    limit: usize,
}

impl Walks {
    pub(crate) fn read(
        kernel: Kernel,
        signature: &Signature,
        given: &Given,
    ) -> Result<Self, CallError> {
        let mut walks = Self {
            kernel,
            terms: Vec::new(),
            ends: [None, None],
            length_max: kernel.length().1,
            limit: usize::MAX,
        };
        for (place, term) in given {
            let parameter = &signature.parameters[*place];
            let number = || {
                let Takes::Kind(ParameterKind::Integer(least, most)) = parameter.takes else {
                    return Err(wrong(parameter, term));
                };
                let number = text(parameter, term)?
                    .parse()
                    .ok()
                    .filter(|n| (least..=most).contains(n));
                number.ok_or_else(|| wrong(parameter, term))
            };
            match parameter.name {
                name if name == loops::THROUGH.name => walks.terms.push(term.clone()),
                name if name == paths::SOURCE.name => walks.ends[0] = Some(term.clone()),
                name if name == paths::TARGET.name => walks.ends[1] = Some(term.clone()),
                LIMIT => walks.limit = number()? as usize,
                name if name == PARTIAL.name => {
                    text(parameter, term)?;
                }
                _ => walks.length_max = number()? as u32,
            }
        }
        Ok(walks)
    }
}

/// Turns walks into rows.
pub(crate) struct Walker<'a> {
    pub(crate) edges: &'a Edges,
    pub(crate) sink: Sink<'a>,
    pub(crate) table: &'a Table,
    pub(crate) row: usize,
}

impl Walker<'_> {
    /// Adds the walks of one run for some rows of the table; returns a notice if it stops before the end.
    pub(crate) fn run(
        &mut self,
        walks: &Walks,
        bases: &[usize],
        call: &Call<'_>,
    ) -> Result<Option<Notice>, CallError> {
        self.row = 0;
        let edges = self.edges;
        let cancel = call.cancellation.flag();
        let (mut count, mut failure, mut has_more) = (0, None, false);
        let mut visit = |nodes: &[u32]| {
            if count == walks.limit {
                has_more = true;
                return ControlFlow::Break(());
            }
            count += 1;
            if let Err(error) = self.add(count, nodes, walks.kernel, bases) {
                failure = Some(error);
                return ControlFlow::Break(());
            }
            if self.sink.is_full() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        let node = |term: &Term| edges.places.get(term).copied();
        let longest = walks.length_max.min(edges.graph.node_count());
        let ending = match walks.kernel {
            Kernel::Loops => {
                let through: Option<Vec<_>> = walks.terms.iter().map(node).collect();
                // A node without edges is on no loop.
                let Some(through) = through else {
                    return Ok(None);
                };
                let cycles = Cycles::new(&edges.graph, |_| true, through.get(..1));
                by_length(2..=longest, |length| {
                    cycles.for_each(length, cancel, |cycle| {
                        if cycle.len() as u32 == length
                            && through.iter().all(|node| cycle.contains(node))
                        {
                            visit(cycle)
                        } else {
                            ControlFlow::Continue(())
                        }
                    })
                })
            }
            Kernel::Paths => {
                let [Some(source), Some(target)] =
                    walks.ends.each_ref().map(|end| end.as_ref().and_then(node))
                else {
                    return Ok(None);
                };
                let paths = Paths::new(&edges.graph, |_| true);
                by_length(1..=longest, |length| {
                    paths.for_each(source, target, length, cancel, |path| {
                        match path.len() as u32 == length + 1 {
                            true => visit(path),
                            false => ControlFlow::Continue(()),
                        }
                    })
                })
            }
        };
        if let Some(error) = failure {
            return Err(error);
        }
        if ending == Ending::Cancelled {
            return Err(AnalysisError::Cancelled.into());
        }
        Ok(has_more.then(|| stopped(walks)))
    }

    fn add(
        &mut self,
        number: usize,
        nodes: &[u32],
        kernel: Kernel,
        bases: &[usize],
    ) -> Result<(), CallError> {
        let closing = (kernel == Kernel::Loops).then(|| nodes.first()).flatten();
        let next = nodes.iter().skip(1).chain(closing);
        for (step, (from, to)) in nodes.iter().zip(next).enumerate() {
            self.row += 1;
            let row = self.row;
            let cells = self.edges.step(number, step + 1, [*from, *to]);
            for base in bases {
                self.sink.add(&self.table.rows[*base], |slot| match slot {
                    Slot::Whole(place) => cells[place].clone(),
                    Slot::Row => vec![integer(row)],
                    _ => Vec::new(),
                })?;
            }
        }
        Ok(())
    }
}

/// Searches one length after the other.
fn by_length(lengths: impl Iterator<Item = u32>, mut search: impl FnMut(u32) -> Ending) -> Ending {
    for length in lengths {
        let ending = search(length);
        if ending != Ending::Complete {
            return ending;
        }
    }
    Ending::Complete
}

fn stopped(walks: &Walks) -> Notice {
    let (name, limit) = (walks.kernel.name(), walks.limit);
    let message = match walks.kernel {
        Kernel::Loops => Message::MoreLoops,
        Kernel::Paths => Message::MorePaths,
    };
    let text = |lang| message.filled(lang, &[("limit", &limit)]);
    Notice {
        service: format!("{CALL}{name}"),
        texts: Lang::ALL.map(|lang| (lang.tag(), text(lang))).to_vec(),
    }
}
