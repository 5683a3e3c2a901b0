//! `call:loops` and `call:paths` over a pattern: the block says itself what an edge is, over any RDF.
//!
//! ```sparql
//! SELECT ?path ?step ?a ?b WHERE {
//!   SERVICE call:paths { [] call:source ex:ada ; call:target ex:eve ; call:maxHops 4 ;
//!       call:path ?path ; call:step ?step ; call:from ?a ; call:to ?b .
//!     ?a ex:knows ?b FILTER(?a != ex:bob) }
//! }
//! ```
//!
//! There is an edge from each `?a` to each `?b` that the pattern binds to the variables of `call:from` and `call:to`;
//! with `call:edge ?e`, `?e` names it, and parallel edges are legs of one step, a row each. The pattern is everything in
//! the block that is not the call, with the `FILTER` and `BIND` that read nothing else; it sees the default graph of
//! the query without its `FROM`. Its other variables are not seen outside of the block. Ends may be any terms.
//!
//! `call:paths` gives the simple paths from `call:source` to `call:target`; `call:loops` the simple cycles, each once,
//! from its smallest node on, with `call:through` those through all of these nodes. The shortest come first,
//! and equally long ones always in the same order.
//!
//! # Complexity
//! Besides evaluating the pattern: O(m log m) for m edges, and for each length up to the longest allowed the time of
//! [`Paths`] or [`Cycles`].

use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Parameter, ParameterKind, Presence};
use crate::callable::block::{Block, Layer};
use crate::callable::error::CallError;
use crate::callable::ground::{Ground, joined, projected};
use crate::callable::request::{Given, ROWS_MAX, Request, Sink, Table};
use crate::callable::signature::{PARTIAL, Signature, Slot, Taken, Takes};
use crate::callable::values::{check_counts, integer, text, wrong};
use crate::model::vocabulary::CALL;
use crate::network::cycles::{Cycles, Ending};
use crate::network::error::NetworkError;
use crate::network::graph::Graph;
use crate::network::hops::legs;
use crate::network::paths::Paths;
use crate::sparql::algebra::in_scope_variables;
use crate::sparql::service::{Call, Notice, ServiceAnswer};
use crate::store::read::ReadStore;
use oxigraph::model::{Term, Variable};
use rustc_hash::FxHashMap;
use spargebra::algebra::GraphPattern;
use spargebra::term::TermPattern;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The longest walk that can be asked for.
const LENGTH_MAX: u64 = 1000;

/// What walks over the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kernel {
    Loops,
    Paths,
}

impl Kernel {
    /// The kernel behind an analysis that takes a pattern.
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

    /// What the call takes and gives over a pattern.
    fn signature(self) -> Signature {
        let parameter = |name, kind, presence, help| Taken {
            takes: kind,
            ..Taken::of(&Parameter {
                name,
                kind: ParameterKind::Text,
                presence,
                is_positional: false,
                help,
            })
        };
        let whole = |least, most| Takes::Kind(ParameterKind::Integer(least, most));
        let (walk, mut parameters) = match self {
            Self::Loops => (
                "loop",
                vec![
                    parameter(
                        "through",
                        Takes::Term,
                        Presence::Repeatable,
                        "Only loops through this node; several: through all of them",
                    ),
                    parameter(
                        "max-length",
                        whole(2, LENGTH_MAX),
                        Presence::Default("3"),
                        "The most edges of a loop",
                    ),
                ],
            ),
            Self::Paths => (
                "path",
                vec![
                    parameter(
                        "source",
                        Takes::Term,
                        Presence::Required,
                        "The node that the paths begin at",
                    ),
                    parameter(
                        "target",
                        Takes::Term,
                        Presence::Required,
                        "The node that the paths end at",
                    ),
                    parameter(
                        "max-hops",
                        whole(1, LENGTH_MAX),
                        Presence::Default("4"),
                        "The most edges of a path",
                    ),
                ],
            ),
        };
        parameters.push(parameter(
            "limit",
            whole(1, ROWS_MAX as u64),
            Presence::Optional,
            "Stop after so many",
        ));
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

/// Answers a call with a pattern.
pub(crate) fn answer<S: ReadStore>(
    kernel: Kernel,
    mut block: Block,
    ground: &Ground<S>,
    call: &Call<'_>,
) -> Result<ServiceAnswer, CallError> {
    let signature = kernel.signature();
    let (pattern, scope) = take_pattern(&mut block, &signature);
    let variables = block.table_variables();
    let request = Request::read(&block, &variables, &signature)?;
    let from = end(&block, "from", &scope)?;
    let to = end(&block, "to", &scope)?;
    let is_named = block.properties.iter().any(|(name, _)| name == "edge");
    let edge = is_named.then(|| end(&block, "edge", &scope)).transpose()?;
    let ends: BTreeSet<_> = [&from, &to].into_iter().chain(&edge).cloned().collect();
    let edges = ground.rows(
        projected(pattern, ends.into_iter().collect()),
        call.cancellation,
    )?;
    let edges = Edges::new(&edges, &from, &to, edge.as_ref())?;
    let table = ground.table(&block, call.cancellation)?;
    let is_filtered = block.layers.iter().any(|l| matches!(l, Layer::Filter(_)));
    let wanted = call.rows_wanted.filter(|_| !is_filtered);
    let mut walker = Walker {
        edges: &edges,
        sink: Sink::new(&request, &table, wanted),
        table: &table,
        row: 0,
    };
    let mut notices = Vec::new();
    for (given, rows) in request.runs(&table) {
        check_counts(&signature.parameters, &given)?;
        let walks = Walks::read(kernel, &signature, &given)?;
        if let Some(notice) = walker.run(&walks, &rows, call)? {
            notices.push(notice);
        }
    }
    let table = ground.finish(walker.sink, block.layers, call.cancellation)?;
    Ok(ServiceAnswer {
        variables: table.variables,
        rows: table.rows,
        notices,
    })
}

/// Takes the pattern that says what an edge is out of a block, and gives it with its variables.
fn take_pattern(block: &mut Block, signature: &Signature) -> (GraphPattern, BTreeSet<Variable>) {
    let mut parts = std::mem::take(&mut block.patterns);
    let mut scope: BTreeSet<_> = parts.iter().flat_map(in_scope_variables).collect();
    let is_parameter = |variable: &Variable| {
        block.properties.iter().any(|(name, object)| {
            signature.parameter(name).is_some() && *object == TermPattern::from(variable.clone())
        })
    };
    // VALUES that give no parameter a value are part of the pattern if they share a variable with it.
    let (inner, tables) = block.tables.drain(..).partition(|table| {
        let variables = in_scope_variables(table);
        !variables.iter().any(is_parameter) && !variables.is_disjoint(&scope)
    });
    block.tables = tables;
    for table in inner {
        scope.extend(in_scope_variables(&table));
        parts.push(table);
    }
    let mut pattern = joined(parts).unwrap_or_default();
    // What stands in the block besides the pattern, and what is made of that.
    let mut others = block.table_variables();
    others.extend(
        block
            .properties
            .iter()
            .filter_map(|(_, object)| match object {
                TermPattern::Variable(variable) => Some(variable.clone()),
                _ => None,
            }),
    );
    let mut outer = Vec::new();
    for layer in block.layers.drain(..) {
        let read = layer.variables();
        let is_inner = read.iter().any(|variable| scope.contains(variable))
            && !read
                .iter()
                .any(|v| others.contains(v) && !scope.contains(v));
        if !is_inner {
            if let Layer::Bind(variable, _) = &layer {
                others.insert(variable.clone());
            }
            outer.push(layer);
            continue;
        }
        match &layer {
            Layer::Bind(variable, _) => {
                scope.insert(variable.clone());
            }
            Layer::Optional(right, _) => scope.extend(in_scope_variables(right)),
            Layer::Filter(_) | Layer::Minus(_) => {}
        }
        pattern = layer.over(pattern);
    }
    block.layers = outer;
    (pattern, scope)
}

/// The variable of the pattern that a property names.
fn end(
    block: &Block,
    name: &'static str,
    scope: &BTreeSet<Variable>,
) -> Result<Variable, CallError> {
    let mut objects = block.properties.iter().filter(|(other, _)| other == name);
    let found = match objects.next() {
        Some((_, TermPattern::Variable(variable))) if scope.contains(variable) => {
            return Ok(variable.clone());
        }
        Some((_, TermPattern::Variable(variable))) => format!("{variable} does not occur in it"),
        Some((_, object)) => format!("found {object}"),
        None => "there is none".to_owned(),
    };
    Err(CallError::NoEnd { name, found })
}

/// The edges that a pattern defines.
struct Edges {
    nodes: Vec<Term>,
    places: FxHashMap<Term, u32>,
    graph: Graph,
    /// The name of each edge of the graph, if they have names.
    names: Vec<Option<Term>>,
}

impl Edges {
    fn new(
        table: &Table,
        from: &Variable,
        to: &Variable,
        edge: Option<&Variable>,
    ) -> Result<Self, CallError> {
        let place = |variable: &Variable| table.variables.iter().position(|v| v == variable);
        let value = |row: &[Option<Term>], variable| row[place(variable)?].clone();
        let mut found: Vec<(Term, Term, Option<Term>)> = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            // What has no end is no edge.
            if let (Some(from), Some(to)) = (value(row, from), value(row, to)) {
                found.push((from, to, edge.and_then(|edge| value(row, edge))));
            }
        }
        let mut nodes: Vec<_> = found.iter().flat_map(|(f, t, _)| [f, t]).cloned().collect();
        nodes.sort_by_cached_key(ToString::to_string);
        nodes.dedup();
        let numbers = nodes.iter().cloned().zip(0..);
        let places: FxHashMap<_, _> = numbers.collect();
        found.sort_by_cached_key(|(from, to, name)| {
            let name = name.as_ref().map(ToString::to_string);
            (places[from], places[to], name)
        });
        found.dedup();
        let end = |term: &Term| places[term];
        let sources: Vec<u32> = found.iter().map(|(from, _, _)| end(from)).collect();
        let targets: Vec<u32> = found.iter().map(|(_, to, _)| end(to)).collect();
        let node_count = u32::try_from(nodes.len()).map_err(|_| NetworkError::TooManyEdges)?;
        let (graph, order) = Graph::from_edges(node_count, &sources, &targets)?;
        let names = order.iter().map(|edge| found[*edge as usize].2.clone());
        let names = names.collect();
        Ok(Self {
            nodes,
            places,
            graph,
            names,
        })
    }

    /// The values of the columns of one step.
    fn step(&self, walk: usize, step: usize, ends: [u32; 2]) -> [Vec<Term>; 5] {
        let [from, to] = ends;
        let legs = legs(&self.graph, from, to);
        [
            vec![integer(walk)],
            vec![integer(step)],
            vec![self.nodes[from as usize].clone()],
            vec![self.nodes[to as usize].clone()],
            legs.filter_map(|edge| self.names[edge as usize].clone())
                .collect(),
        ]
    }
}

/// What is looked for in one run.
struct Walks {
    kernel: Kernel,
    terms: Vec<Term>,
    ends: [Option<Term>; 2],
    length_max: u32,
    limit: usize,
}

impl Walks {
    fn read(kernel: Kernel, signature: &Signature, given: &Given) -> Result<Self, CallError> {
        let mut walks = Self {
            kernel,
            terms: Vec::new(),
            ends: [None, None],
            length_max: match kernel {
                Kernel::Loops => 3,
                Kernel::Paths => 4,
            },
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
                "through" => walks.terms.push(term.clone()),
                "source" => walks.ends[0] = Some(term.clone()),
                "target" => walks.ends[1] = Some(term.clone()),
                "limit" => walks.limit = number()? as usize,
                "partial" => {
                    text(parameter, term)?;
                }
                _ => walks.length_max = number()? as u32,
            }
        }
        Ok(walks)
    }
}

/// Turns walks into rows.
struct Walker<'a> {
    edges: &'a Edges,
    sink: Sink<'a>,
    table: &'a Table,
    row: usize,
}

impl Walker<'_> {
    /// Finds the walks of one run for some rows of the table; what has to be said if it stops before the end.
    fn run(
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
    Notice {
        service: format!("{CALL}{name}"),
        en: format!("there are more {name} than the first {limit}"),
        zh: match walks.kernel {
            Kernel::Loops => format!("回路不止前 {limit} 条"),
            Kernel::Paths => format!("路径不止前 {limit} 条"),
        },
    }
}
