//! How long loading N-Triples takes, and how much memory, against Oxigraph's own store.
//!
//! `cargo bench --bench load -- [SIZE…] [--all] [--runs N]`: sizes are numbers of triples, by
//! default 100000 and 1000000; `--all` adds 6000000. Both read the same generated file from disk,
//! in turns and each in a process of its own, so that neither finds the memory of the other.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, NamedNode, Triple};
use oxigraph::store::Store;
use powermap_rdf::{Format, Loader, ReadStore};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    seconds: f64,
    peak_mib: f64,
}

const WAYS: &[&str] = &[
    "powermap",
    "oxigraph-reader",
    "oxigraph-slice",
    "oxigraph-parallel-file",
];

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, way, path, size] = args.as_slice()
        && flag == "--one"
    {
        return run_one(way, Path::new(path), size.parse()?);
    }
    let mut sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let mut runs = 5;
    if let Some(place) = args.iter().position(|arg| arg == "--runs") {
        runs = args
            .get(place + 1)
            .ok_or("--runs needs a number")?
            .parse()?;
        sizes.retain(|size| *size != runs);
    }
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    if args.iter().any(|arg| arg == "--all") {
        sizes.push(6_000_000);
    }
    println!(
        "{:>9}  {:24} {:>9} {:>9} {:>7}",
        "triples", "way", "seconds", "peak MiB", "ratio"
    );
    for size in sizes {
        compare(size, runs)?;
    }
    open_a_small_map()?;
    change_a_large_map()
}

/// How long new snapshots of a store of a million triples take.
fn change_a_large_map() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("edges.nt");
    generate(&path, 1_000_000)?;
    let store = Loader::new().add_path(&path)?.load()?.store;
    let node = |n: usize| NamedNode::new_unchecked(format!("https://w3id.org/powermap/id/new-{n}"));
    let triples: Vec<Triple> = (0..1_000)
        .map(|n| Triple::new(node(n), node(0), node(n + 1)))
        .collect();
    let quad = triples[0].clone().in_graph(GraphName::DefaultGraph);
    let one_quad = median_milliseconds(|| Ok(store.apply([&quad], []).quad_count() as usize))?;
    let one_graph = median_milliseconds(|| {
        let changed = store.with_graph(node(0), triples.iter().cloned());
        Ok(changed.quad_count() as usize)
    })?;
    println!(
        "new snapshots of 1,000,000 triples: one quad more {:.2} ms, one named graph of 1,000 \
         triples more {:.2} ms",
        one_quad.1, one_graph.1
    );
    Ok(())
}

/// How long it takes to open a map of 8,000 quads from six Turtle texts in memory.
fn open_a_small_map() -> Result<(), Failure> {
    let texts: Vec<String> = (0..6).map(small_text).collect();
    let ours = median_milliseconds(|| {
        let mut loader = Loader::new();
        for (n, text) in texts.iter().enumerate() {
            loader = loader.add_bytes(format!("{n}.ttl"), Format::Turtle, text.as_bytes());
        }
        Ok(loader.load()?.store.quad_count() as usize)
    })?;
    let theirs = median_milliseconds(|| {
        let store = Store::new()?;
        for text in &texts {
            store.load_from_slice(RdfFormat::Turtle, text)?;
        }
        Ok(store.len()?)
    })?;
    println!(
        "\nsmall map, {} quads from six Turtle texts: powermap {:.2} ms, oxigraph {:.2} ms, ratio {:.2}x",
        ours.0,
        ours.1,
        theirs.1,
        theirs.1 / ours.1
    );
    Ok(())
}

fn median_milliseconds(
    mut open: impl FnMut() -> Result<usize, Failure>,
) -> Result<(usize, f64), Failure> {
    let mut times = Vec::new();
    let mut count = 0;
    for _ in 0..31 {
        let start = Instant::now();
        count = open()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok((count, times[times.len() / 2]))
}

/// Claims about edges, six quads each, a third of them about blank nodes.
fn small_text(file: usize) -> String {
    let mut text = String::from(
        "@prefix pm: <https://w3id.org/powermap/ns#> .\n\
         @prefix id: <https://w3id.org/powermap/id/> .\n",
    );
    for n in 0..222 {
        text.push_str(&format!(
            "id:claim-{file}-{n} a pm:Claim ; pm:about id:edge-{n} ; \
             pm:amount [ pm:upper {n}000000000 ; pm:unit pm:GPU ] ; \
             pm:text \"Claim number {n} of file {file}.\"@en .\n"
        ));
    }
    text
}

/// Runs every way on one file, in turns, and prints the medians.
fn compare(size: usize, runs: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("edges.nt");
    generate(&path, size)?;
    let mut costs = vec![Vec::new(); WAYS.len()];
    for _ in 0..runs {
        for (way, costs) in WAYS.iter().zip(&mut costs) {
            costs.push(spawn(way, &path, size)?);
        }
    }
    let medians: Vec<Cost> = costs.iter().map(|costs| median(costs)).collect();
    let ours = medians[0].seconds;
    for (way, cost) in WAYS.iter().zip(&medians) {
        println!(
            "{size:>9}  {way:24} {:>9.3} {:>9.0} {:>6.2}x",
            cost.seconds,
            cost.peak_mib,
            cost.seconds / ours
        );
    }
    Ok(())
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost {
        seconds: middle(costs.iter().map(|cost| cost.seconds).collect()),
        peak_mib: middle(costs.iter().map(|cost| cost.peak_mib).collect()),
    }
}

fn spawn(way: &str, path: &Path, size: usize) -> Result<Cost, Failure> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--one", way])
        .arg(path)
        .arg(size.to_string())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(seconds), Some(peak_mib)) => Ok(Cost {
            seconds: seconds?,
            peak_mib: peak_mib?,
        }),
        _ => Err(format!("{way} printed no numbers: {text}").into()),
    }
}

/// One run in this process: prints seconds and the peak of the memory in MiB.
fn run_one(way: &str, path: &Path, size: usize) -> Result<(), Failure> {
    let start = Instant::now();
    let ours;
    let theirs;
    let format = RdfFormat::NTriples;
    let count = match way {
        "powermap" => {
            ours = Loader::new().add_path(path)?.load()?.store;
            ours.quad_count() as usize
        }
        _ => {
            theirs = Store::new()?;
            let mut loader = theirs.bulk_loader();
            match way {
                "oxigraph-reader" => loader.load_from_reader(format, File::open(path)?)?,
                "oxigraph-slice" => loader.load_from_slice(format, &std::fs::read(path)?)?,
                // The loader halves the number: one half parses, the other sorts.
                _ => {
                    let threads = 2 * std::thread::available_parallelism()?.get();
                    loader = loader.with_num_threads(threads);
                    loader.parallel_load_from_file(format, path)?;
                }
            }
            loader.commit()?;
            theirs.len()?
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(count, size, "{way} lost triples");
    println!("{seconds} {}", peak_mib());
    Ok(())
}

/// The most memory this process ever held, where the system tells.
fn peak_mib() -> f64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        })
        .map_or(f64::NAN, |kib| kib / 1024.0)
}

/// Writes reified edges, four triples each: `?edge :from ?a ; :to ?b ; :amount ?m ; :date ?d`.
fn generate(path: &PathBuf, size: usize) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(path)?);
    let edges = size.div_ceil(4);
    let players = (edges / 10).max(10) as u64;
    // A linear congruential generator: the same file on every machine.
    let mut state = 1u64;
    let mut random = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut written = 0;
    for edge in 0..edges {
        let (from, to) = (random(players), random(players));
        let amount = random(1_000_000) * 1_000;
        let date = format!(
            "20{:02}-{:02}-{:02}",
            random(25),
            1 + random(12),
            1 + random(28)
        );
        let triples = [
            (
                "from",
                format!("<https://w3id.org/powermap/id/player-{from}>"),
            ),
            ("to", format!("<https://w3id.org/powermap/id/player-{to}>")),
            (
                "amount",
                format!("\"{amount}\"^^<http://www.w3.org/2001/XMLSchema#integer>"),
            ),
            (
                "date",
                format!("\"{date}\"^^<http://www.w3.org/2001/XMLSchema#date>"),
            ),
        ];
        for (property, object) in triples {
            if written < size {
                writeln!(
                    out,
                    "<https://w3id.org/powermap/id/edge-{edge}> \
                     <https://w3id.org/powermap/ns#{property}> {object} ."
                )?;
                written += 1;
            }
        }
    }
    out.flush()?;
    Ok(())
}
