//! Networks out of frames: loops, ranks and components of edges that any library holds.

use crate::capsule::reader_of;
use crate::failure::Failure;
use crate::map::{analysis_of, answer};
use crate::run::run;
use crate::table::Table;
use crate::terms::short;
use arrow_array::builder::{Int64Builder, ListBuilder, StringBuilder};
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema};
use indexmap::IndexMap;
use powermap::Map;
use powermap::analysis::Position;
use powermap::format::edge_list::EdgeListReader;
use powermap::network::Network;
use powermap_graph::{Cycles, Ending, PageRankOptions, strong_components, weak_components};
use powermap_rdf::Cancellation;
use pyo3::prelude::*;
use std::ops::ControlFlow;
use std::sync::Arc;

/// How far the ranks may be from the exact ones.
const TOLERANCE: f64 = 1e-12;

/// A frame, and which of its columns have the ends of the edges.
struct Frame {
    parts: RecordBatchStreamReader,
    from: String,
    to: String,
}

impl Frame {
    fn of(frame: &Bound<'_, PyAny>, from: &str, to: &str) -> PyResult<Self> {
        Ok(Self {
            parts: reader_of(frame)?,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }

    /// Returns the edges; with `is_plain`, their ends only.
    fn network(self, is_plain: bool, cancellation: &Cancellation) -> Result<Network, Failure> {
        // Ends alone have no kinds to look up.
        let map = (!is_plain).then(Map::built_in).transpose()?;
        let none = IndexMap::new();
        let concepts = match &map {
            Some(map) => &map.records()?.concepts,
            None => &none,
        };
        let mut reader = EdgeListReader::new("frame", concepts);
        let schema = self.parts_schema();
        let mut is_read = false;
        for part in self.parts {
            if cancellation.is_cancelled() {
                break;
            }
            reader.read_table(&named(&part?, &self.from, &self.to, is_plain)?)?;
            is_read = true;
        }
        if !is_read {
            let empty = RecordBatch::new_empty(schema);
            reader.read_table(&named(&empty, &self.from, &self.to, is_plain)?)?;
        }
        Ok(Network::from_edges(reader.finish()?, concepts)?)
    }

    fn parts_schema(&self) -> Arc<Schema> {
        arrow_array::RecordBatchReader::schema(&self.parts)
    }
}

/// Returns a part of a frame with the names of columns that edge lists have.
fn named(part: &RecordBatch, from: &str, to: &str, is_plain: bool) -> Result<RecordBatch, Failure> {
    let schema = part.schema();
    let mut fields: Vec<Field> = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (field, column) in schema.fields().iter().zip(part.columns()) {
        let name = match field.name() {
            name if name == from => "from",
            name if name == to => "to",
            // Another column of this name is none of the edges.
            name if is_plain || name == "from" || name == "to" => continue,
            name => name,
        };
        fields.push(field.as_ref().clone().with_name(name));
        columns.push(Arc::clone(column));
    }
    for (wanted, name) in [(from, "from"), (to, "to")] {
        if !fields.iter().any(|field| field.name() == name) {
            let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            let hint = format!("there are the columns {}", names.join(", "));
            return Err(Failure::argument(
                format!("the frame has no column '{wanted}'"),
                &hint,
            ));
        }
    }
    Ok(RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns,
    )?)
}

/// Finds the loops of the edges in a frame, of at most this many nodes.
#[pyfunction]
#[pyo3(signature = (frame, *, source = "from", target = "to", max_length = 3, limit = None, timeout = None))]
pub(crate) fn loops(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    source: &str,
    target: &str,
    max_length: u32,
    limit: Option<u64>,
    timeout: Option<f64>,
) -> PyResult<Table> {
    let frame = Frame::of(frame, source, target)?;
    run(py, timeout, |cancellation| {
        let network = frame.network(true, cancellation)?;
        let names = names(&network);
        let cycles = Cycles::new(&network.graph, |_| true, None);
        let mut lengths = Int64Builder::new();
        let item = Field::new("item", arrow_schema::DataType::Utf8, false);
        let mut nodes = ListBuilder::new(StringBuilder::new()).with_field(item);
        let mut left = limit.unwrap_or(u64::MAX);
        let ending = cycles.for_each(max_length, cancellation.flag(), |cycle| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            lengths.append_value(cycle.len() as i64);
            for node in cycle {
                nodes.values().append_value(names.value(*node as usize));
            }
            nodes.append(true);
            ControlFlow::Continue(())
        });
        let columns: [(&str, ArrayRef); 2] = [
            ("length", Arc::new(lengths.finish())),
            ("nodes", Arc::new(nodes.finish())),
        ];
        Ok(Table {
            is_partial: ending != Ending::Complete,
            ..Table::of(RecordBatch::try_from_iter(columns)?)
        })
    })
}

/// Returns the names of the nodes.
fn names(network: &Network) -> StringArray {
    let names = network.players.iter();
    StringArray::from_iter_values(names.map(|iri| short(iri.as_str())))
}

/// Returns a table of the nodes with another column.
fn of_nodes(network: &Network, name: &str, column: ArrayRef) -> Result<Table, Failure> {
    let names: ArrayRef = Arc::new(names(network));
    Ok(Table::of(RecordBatch::try_from_iter([
        ("node", names),
        (name, column),
    ])?))
}

/// Returns the share of time that a random walk along the edges spends at each node.
#[pyfunction]
#[pyo3(signature = (frame, *, source = "from", target = "to", damping = 0.85, timeout = None))]
pub(crate) fn pagerank(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    source: &str,
    target: &str,
    damping: f64,
    timeout: Option<f64>,
) -> PyResult<Table> {
    let frame = Frame::of(frame, source, target)?;
    run(py, timeout, |cancellation| {
        let network = frame.network(true, cancellation)?;
        let options = PageRankOptions::new(damping).with_tolerance(TOLERANCE);
        let found = powermap_graph::pagerank(&network.graph, None, &options, cancellation.flag())?;
        of_nodes(&network, "rank", Arc::new(Float64Array::from(found.ranks)))
    })
}

/// Returns the part of all pairs of others whose shortest ways go through each node.
#[pyfunction]
#[pyo3(signature = (frame, *, source = "from", target = "to", timeout = None))]
pub(crate) fn betweenness(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    source: &str,
    target: &str,
    timeout: Option<f64>,
) -> PyResult<Table> {
    let frame = Frame::of(frame, source, target)?;
    run(py, timeout, |cancellation| {
        let network = frame.network(true, cancellation)?;
        let found = powermap_graph::betweenness(&network.graph, cancellation.flag())?;
        of_nodes(&network, "betweenness", Arc::new(Float64Array::from(found)))
    })
}

/// Returns the component of each node: strongly connected ones, or weakly connected ones.
#[pyfunction]
#[pyo3(signature = (frame, *, source = "from", target = "to", strong = true, timeout = None))]
pub(crate) fn components(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    source: &str,
    target: &str,
    strong: bool,
    timeout: Option<f64>,
) -> PyResult<Table> {
    let frame = Frame::of(frame, source, target)?;
    run(py, timeout, |cancellation| {
        let network = frame.network(true, cancellation)?;
        let found = match strong {
            true => strong_components(&network.graph, cancellation.flag())?,
            false => weak_components(&network.graph, cancellation.flag())?,
        };
        let numbers =
            Int64Array::from_iter_values(found.of.iter().map(|number| i64::from(*number)));
        of_nodes(&network, "component", Arc::new(numbers))
    })
}

/// Runs an analysis on the edges in a frame, whose columns are those of an edge list.
#[pyfunction]
#[pyo3(signature = (frame, name, given, *, source = "from", target = "to", timeout = None))]
pub(crate) fn analyse(
    py: Python<'_>,
    frame: &Bound<'_, PyAny>,
    name: &str,
    given: Vec<(String, String)>,
    source: &str,
    target: &str,
    timeout: Option<f64>,
) -> PyResult<Table> {
    let frame = Frame::of(frame, source, target)?;
    run(py, timeout, |cancellation| {
        let analysis = analysis_of(name)?;
        let position = Position::of_network(frame.network(false, cancellation)?);
        answer(&position, analysis, &given, cancellation)
    })
}
