//! The whole process, from the command to the last row: median time and peak memory over many runs.
//!
//! `cargo bench --bench program`; a number after `--` sets how many runs are counted (default 40).

use nix::sys::resource::{UsageWho, getrusage};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What is run, and the most that it should take.
const CASES: &[(&str, &[&str])] = &[
    (
        "query",
        &["query", "SELECT ?who ?whom { ?who pm:investsIn ?whom }"],
    ),
    ("ask", &["ask", "players"]),
    ("show", &["show", "openai"]),
    ("conflicts", &["conflicts"]),
    ("tour", &["tour"]),
    ("board", &["board"]),
    ("board png", &["board", "--format", "png"]),
];

/// Generated maps by their numbers of players and edges, and what is drawn of them.
const BOARDS: &[(&str, &str, &str, &[&str])] = &[
    ("board 200", "200", "1000", &["board", "--top", "200"]),
    ("board 5000", "5000", "20000", &["board"]),
];

fn main() {
    let runs = std::env::args()
        .skip(1)
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(40);
    println!(
        "{:<12} {:>10} {:>10} {:>10} {:>14}",
        "", "min ms", "median ms", "max ms", "peak MB so far"
    );
    for (name, arguments) in CASES {
        measure(name, arguments, runs);
    }
    for (name, players, edges, arguments) in BOARDS {
        let folder = tempfile::tempdir().expect("there is room for a map");
        let map = folder.path().join("map.ttl");
        let map = map.to_str().expect("the path is text");
        let generate = ["generate", "--players", players, "--edges", edges];
        run(&[&generate[..], &["--output", map]].concat());
        measure(name, &[&["--map", map], *arguments].concat(), runs.min(10));
    }
}

fn measure(name: &str, arguments: &[&str], runs: usize) {
    let mut times: Vec<Duration> = (0..=runs).map(|_| run(arguments)).skip(1).collect();
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    // The peak over all children that have ended, hence the order of the cases.
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).map_or(0, |usage| usage.max_rss());
    println!(
        "{name:<12} {:>10.1} {:>10.1} {:>10.1} {:>14.1}",
        ms(times[0]),
        ms(times[times.len() / 2]),
        ms(times[times.len() - 1]),
        peak as f64 / 1024.0
    );
}

fn run(arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_powermap"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program runs");
    let time = start.elapsed();
    assert!(
        status.code().is_some_and(|code| code < 2),
        "{arguments:?} failed: {status}"
    );
    time
}
