//! All named queries on a made-up map of any size, one engine beside the other.
//!
//! `cargo bench --bench catalogue -- [SIZE…] [--engine NAME,…] [--query NAME,…] [--runs N] [--budget SECONDS]
//! [--limit SECONDS] [--apart] [--results FILE]`: sizes are numbers of triples, by default 10⁵; the large one is `6e6`.
//!
//! The map is that of `powermap generate` with a fifth as many players as edges, and holds the text, the ontology in
//! `pm:ontology` and the board in `pm:board`. The default graph of a query is the three together, as in
//! [`Map`]: for Oxigraph as the graphs of its dataset. A triple that stands in two of them is left in the first one,
//! because Oxigraph's union would give it twice. Queries are asked about the player with the most edges and its closest
//! partner, an edge, a deal and a document of the map, and otherwise take their parameters' defaults. Our engines get
//! parameters as terms, as in [`Map::ask`]; Oxigraph has them in the text. Queries that call analyses are left out: those
//! answer from the map's records, whatever the engine.
//!
//! How it is measured is said in `benches/queries.rs`; here an engine has `--limit` seconds (20) for a query. A query
//! that Oxigraph gave up counts in the geometric mean as if it had ended at the limit. Ends with 1 where results differ.
//! At 6·10⁶ triples, `--runs 2 --budget 1 --limit 10` takes some nine minutes with two engines.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod engines;

use crate::engines::comparison::compare;
use crate::engines::engine::Question;
use crate::engines::options::Options;
use crate::engines::{Failure, table, worker};
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{GraphName, NamedNode};
use powermap::Map;
use powermap::catalogue::{
    Catalogue, NamedQuery, QueryParameter, QueryParameterType, QueryPresence,
};
use powermap::format::record_quads;
use powermap::model::Records;
use powermap::model::generate::{self, GenerateOptions};
use powermap::model::vocabulary::{PM, expand};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// How many edges the maps have from which the size of the others is estimated.
const PROBE: u64 = 2_000;

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, words @ ..] = &words[..]
        && flag == "--worker"
    {
        worker::work(words)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&[100_000], Some(Duration::from_secs(20)), &[])?;
    let catalogue = Catalogue::built_in()?;
    let folder = tempfile::tempdir()?;
    let rdf = folder.path().join("map.nq");
    let mut is_same = true;
    for size in &options.sizes {
        // How many triples an edge takes depends on the claims about it, and some triples are in every map.
        let (_, few) = write_map(PROBE, &rdf)?;
        let (_, twice) = write_map(2 * PROBE, &rdf)?;
        let (for_edges, always) = (twice - few, 2 * few - twice);
        let edges = (*size as u64).saturating_sub(always) * PROBE / for_edges;
        let (givens, triples) = write_map(edges.max(20), &rdf)?;
        let (questions, left_out) = questions(&catalogue, &givens, &options)?;
        let comparison = compare(&rdf, triples, &questions, &options)?;
        is_same &= table::print(&comparison);
        println!(
            "left out, because they call analyses: {}",
            left_out.join(", ")
        );
        if let Some(path) = &options.results {
            table::write(&comparison, path)?;
        }
    }
    Ok(match is_same {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Writes a made-up map of this number of edges, and says what can be asked about and how many triples there are.
fn write_map(edges: u64, path: &Path) -> Result<(Givens, u64), Failure> {
    let options = GenerateOptions {
        players: (edges / 5).max(10) as u32,
        edges,
        seed: 1,
        skew: 1.0,
        from: "2015-01-01".parse()?,
        to: "2025-12-31".parse()?,
    };
    let records = generate::records(&options)?;
    let givens = Givens::of(&records)?;
    let map = Map::from_quads(record_quads(&records))?;
    drop(records);
    let store = map.store()?.in_memory()?;
    let out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut writer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(out);
    let mut triples = 0;
    let [text, board] = [
        GraphName::DefaultGraph,
        expand("pm:board").ok_or("no graph")?.into(),
    ];
    for quad in store.quads() {
        let mut earlier = match &quad.graph_name {
            graph if *graph == text => Vec::new(),
            graph if *graph == board => vec![&text],
            _ => vec![&text, &board],
        };
        earlier.retain(|graph| {
            let mut quad = quad.as_ref();
            quad.graph_name = graph.as_ref();
            store.contains(quad)
        });
        if earlier.is_empty() {
            writer.serialize_quad(&quad)?;
            triples += 1;
        }
    }
    writer.finish()?.flush()?;
    Ok((givens, triples))
}

/// What queries can be asked about, as it is written on the command line.
struct Givens {
    /// The player with the most edges, and the one that it has the most edges with.
    players: [String; 2],
    edge: String,
    deal: String,
    document: String,
}

impl Givens {
    fn of(records: &Records) -> Result<Self, Failure> {
        let most = |names: &mut dyn Iterator<Item = &NamedNode>| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for name in names {
                *counts.entry(name.as_str()).or_default() += 1;
            }
            let most = counts
                .into_iter()
                .max_by_key(|(name, n)| (*n, Reverse(*name)));
            most.map(|(name, _)| name.to_owned())
                .ok_or("a map without edges")
        };
        let edges = || records.edges.values();
        let first = most(&mut edges().flat_map(|edge| [&edge.from, &edge.to]))?;
        let others = edges().filter_map(|edge| {
            let ends = [&edge.from, &edge.to];
            let place = ends.iter().position(|end| end.as_str() == first)?;
            Some(ends[1 - place])
        });
        let second = most(&mut { others })?;
        let (edge, found) = records
            .edges
            .iter()
            .find(|(_, edge)| edge.from.as_str() == first && edge.deal.is_some())
            .ok_or("a player without deals")?;
        let document = records.documents.keys().next().ok_or("no document")?;
        Ok(Self {
            players: [first, second],
            edge: edge.as_str().to_owned(),
            deal: found.deal.as_ref().ok_or("no deal")?.as_str().to_owned(),
            document: document.as_str().to_owned(),
        })
    }

    /// The value of a parameter; nothing for one that has a default which fits every map.
    fn value(&self, parameter: &QueryParameter) -> Option<&str> {
        let value = match (parameter.kind, parameter.name.as_str()) {
            (QueryParameterType::Player, "target" | "b") => &self.players[1],
            (QueryParameterType::Player, _) | (QueryParameterType::Iri, "player" | "who") => {
                &self.players[0]
            }
            (QueryParameterType::Iri, "deal" | "event") => &self.deal,
            (QueryParameterType::Iri, "about") => &self.edge,
            (QueryParameterType::Iri, "document" | "source") => &self.document,
            (QueryParameterType::Date, "start") => "2020-01-01",
            (QueryParameterType::Date, "end") => "2020-03-31",
            (QueryParameterType::String, "text") => "Company 1",
            (QueryParameterType::String, "fact") => "S040",
            _ => return None,
        };
        Some(value)
    }
}

/// The queries with their parameters, and the names of those that are left out.
fn questions(
    catalogue: &Catalogue,
    givens: &Givens,
    options: &Options,
) -> Result<(Vec<Question>, Vec<String>), Failure> {
    let (mut questions, mut left_out) = (Vec::new(), Vec::new());
    for entry in catalogue.entries().filter(|e| options.wants(&e.name)) {
        if entry.query.to_string().contains("SERVICE") {
            left_out.push(entry.name.clone());
            continue;
        }
        questions.push(Question {
            name: entry.name.clone(),
            text: entry.text.clone(),
            parameters: terms(entry, givens)?,
            graphs: ["board", "ontology"]
                .map(|graph| format!("{PM}{graph}"))
                .to_vec(),
            limit: options.limit,
            is_checked: false,
        });
    }
    Ok((questions, left_out))
}

fn terms(entry: &NamedQuery, givens: &Givens) -> Result<Vec<(String, String)>, Failure> {
    let given: Vec<(String, String)> = entry
        .header
        .parameters
        .iter()
        .filter(|parameter| parameter.presence != QueryPresence::Optional)
        .filter_map(|parameter| {
            let value = givens.value(parameter)?;
            Some((parameter.name.clone(), value.to_owned()))
        })
        .collect();
    let terms = entry.bind(&given)?;
    Ok(terms
        .into_iter()
        .map(|(name, term)| (name, term.to_string()))
        .collect())
}
