//! The program: transcripts of its verbs and errors, and what transcripts cannot hold.
//!
//! `TRYCMD=overwrite cargo test --test program` rewrites the transcripts; look at the diff.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const SMALL: &str = "tests/fixtures/small";

fn powermap(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_powermap"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    powermap(arguments).output().unwrap()
}

/// Runs the program, which has to end with a code, and gives stdout and stderr.
fn text(arguments: &[&str], code: i32) -> (String, String) {
    let output = run(arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    (out, err)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A path below a folder as text.
fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .case("tests/cli/*.md")
        .case("README.md");
    assert!(!Path::new("tests/never-written.csv").exists());
}

#[test]
fn the_tour_of_the_built_in_map_names_a_source_for_every_edge() {
    let (out, err) = text(&["tour", "--all"], 0);
    assert_eq!(err, "");
    for title in ["Who is who", "Deals and events", "Contradictions"] {
        assert!(out.lines().any(|line| line == title), "{title}");
    }
    let (out, _) = text(&["tour", "--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let edges = json["edges"].as_array().unwrap();
    assert!(edges.len() > 30);
    for edge in edges {
        assert!(
            edge["sources"]
                .as_str()
                .is_some_and(|sources| !sources.is_empty()),
            "{edge}"
        );
    }
    let (chinese, _) = text(&["tour", "--all", "--lang", "zh"], 0);
    assert!(chinese.lines().any(|line| line == "人物与机构"));
}

#[test]
fn the_tour_of_the_built_in_map_draws_the_board_with_its_loops() {
    let folder = folder();
    let target = path(&folder, "tour");
    text(&["tour", "--output", &target], 0);
    let picture = fs::read_to_string(format!("{target}/board.svg")).unwrap();
    let loops = picture.split("id=\"loops\"").nth(1).unwrap();
    let loops = loops.split("</g>").next().unwrap();
    assert!(loops.contains("<path"), "no loop is pointed out");
}

#[test]
fn a_tour_can_be_written_to_a_folder() {
    let folder = folder();
    let target = path(&folder, "tour");
    text(
        &[
            "--map", SMALL, "tour", "--output", &target, "--format", "csv",
        ],
        0,
    );
    let tables = [
        "conflicts",
        "deals",
        "dependence",
        "edges",
        "loops",
        "observations",
        "players",
        "sources",
        "standing",
    ];
    let mut expected: Vec<_> = tables.iter().map(|name| format!("{name}.csv")).collect();
    expected.insert(0, "board.svg".to_owned());
    expected.push("story.md".to_owned());
    assert_eq!(names(Path::new(&target)), expected);
    let picture = fs::read_to_string(format!("{target}/board.svg")).unwrap();
    assert!(picture.starts_with("<svg") || picture.starts_with("<?xml"));
    let edges = fs::read_to_string(format!("{target}/edges.csv")).unwrap();
    assert!(edges.contains("warrant,lab,chipmaker,investment,warrant,,160000000,shares,planned"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let query = "SELECT * { ?s ?p ?o }";
    let mut child = powermap(&["query", query, "--format", "csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_so() {
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for arguments in [
        &["--map", SMALL, "tour"][..],
        &["query", "ASK {}"],
        &["--help"],
    ] {
        let output = powermap(arguments).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(
            err.starts_with("error: could not write to stdout: No space left"),
            "{err}"
        );
    }
    let (_, err) = text(
        &[
            "--map",
            SMALL,
            "tour",
            "--format",
            "csv",
            "--output",
            "/dev/full",
        ],
        2,
    );
    assert!(err.contains("/dev/full"), "{err}");
    let (_, err) = text(&["conflicts", "--output", "/dev/full"], 2);
    assert!(err.contains("No space left on device"), "{err}");
}

/// A process that may write no file beyond a size stands for the disk.
#[cfg(unix)]
#[test]
fn a_tour_onto_a_full_disk_leaves_no_file() {
    let folder = folder();
    let target = path(&folder, "tour");
    let limited = |kilobytes: &str| {
        let line = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"");
        let program = env!("CARGO_BIN_EXE_powermap");
        let mut sh = std::process::Command::new("sh");
        sh.args(["-c", &line, "sh", program, "tour", "--output", &target]);
        sh.output().unwrap()
    };
    // The tables are smaller than the limit, and the picture is not.
    let output = limited("16");
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("nothing was changed"), "{err}");
    assert!(!fs::exists(&target).unwrap(), "{err}");
    // What was there stays as it was.
    fs::create_dir(&target).unwrap();
    let before = folder.path().join("tour/players.md");
    fs::write(&before, "mine").unwrap();
    assert_eq!(limited("16").status.code(), Some(2));
    assert_eq!(fs::read_to_string(&before).unwrap(), "mine");
    assert_eq!(fs::read_dir(&target).unwrap().count(), 1);
}

#[test]
fn output_is_whole_or_not_there() {
    let folder = folder();
    let file = path(&folder, "out.csv");
    fs::write(&file, "old").unwrap();
    let endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }";
    let arguments = [
        "query",
        endless,
        "--format",
        "csv",
        "--timeout",
        "0.2",
        "--output",
        &file,
    ];
    text(&arguments, 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    text(&["query", "ASK {}", "--output", &file], 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "true\n");
    assert_eq!(names(folder.path()), ["out.csv"]);
}

#[test]
fn a_query_comes_from_stdin_or_a_file() {
    let folder = folder();
    let file = path(&folder, "ask.rq");
    fs::write(&file, "ASK { id:chipmaker pm:supplies id:lab }").unwrap();
    let (out, _) = text(&["--map", SMALL, "query", "--file", &file], 0);
    assert_eq!(out, "true\n");
    let mut child = powermap(&["--map", SMALL, "query", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin
        .write_all(b"ASK { id:lab pm:supplies id:bank }")
        .unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stdout),
        (Some(1), b"false\n".to_vec())
    );
}

#[test]
fn a_copy_of_the_built_in_map_can_be_changed() {
    let folder = folder();
    let map = path(&folder, "my-map");
    text(&["export", "--output", &format!("{map}/")], 0);
    let before = names(Path::new(&map));
    assert!(before.contains(&"article.ttl".to_owned()), "{before:?}");
    let add = "INSERT DATA { id:acme a pm:Company ; rdfs:label 'Acme'@en }";
    let (_, err) = text(&["--map", &map, "update", add, "--dry-run"], 0);
    assert!(
        err.ends_with("triples: 2 would be added, 0 deleted; nothing was changed\n"),
        "{err}"
    );
    text(&["--map", &map, "show", "acme"], 2);
    let (out, err) = text(&["--map", &map, "update", add], 0);
    assert_eq!(out, "");
    assert!(
        err.starts_with("+ <https://w3id.org/powermap/id/acme> "),
        "{err}"
    );
    let (out, _) = text(&["--map", &map, "show", "Acme"], 0);
    assert!(out.starts_with("Acme\n"));
    text(
        &[
            "--map",
            &map,
            "update",
            "DELETE WHERE { id:acme ?p ?o }",
            "--quiet",
        ],
        0,
    );
    assert_eq!(
        names(Path::new(&map)),
        before,
        "changes that cancel out leave nothing behind"
    );
    text(&["export", "--output", &map], 2);
}

#[test]
fn an_export_says_the_same_as_the_map() {
    let folder = folder();
    let query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(isIRI(?s) && !isBlank(?o)) FILTER NOT EXISTS { GRAPH pm:ontology { ?s ?p ?o } } } ORDER BY ?s ?p ?o";
    let asked = |map: &str| text(&["--map", map, "query", query, "--format", "csv"], 0).0;
    let expected = asked(SMALL);
    assert!(expected.lines().count() > 100);
    for (format, name) in [
        ("turtle", "map.ttl"),
        ("trig", "map.trig"),
        ("ntriples", "map.nt"),
        ("nquads", "map.nq"),
        ("rdfxml", "map.rdf"),
        ("jsonld", "map.jsonld"),
        ("csv", "tables"),
    ] {
        let file = path(&folder, name);
        text(
            &["--map", SMALL, "export", "--to", format, "--output", &file],
            0,
        );
        assert_eq!(asked(&file), expected, "{format}");
    }
    let (board, _) = text(
        &["--map", SMALL, "export", "--to", "nquads", "--with-board"],
        0,
    );
    assert!(board.contains("<https://w3id.org/powermap/ns#board> ."));
}

#[test]
fn an_import_brings_all_rows_or_none() {
    let folder = folder();
    let (map, file) = (path(&folder, "map"), path(&folder, "loans.csv"));
    let rows = "from,to,family,kind,amount,unit\nbank,lab,investment,loan,4,USD_bn\nbank,shop,investmnt,loan,1,USD_bn\n";
    fs::write(&file, rows).unwrap();
    let import = ["import", &file, "--as", "edges", "--into", &map];
    let (_, err) = text(&import, 2);
    assert!(
        err.starts_with(&format!(
            "error: {file}:3:11: column 3 'family': 'investmnt'"
        )),
        "{err}"
    );
    assert!(
        err.ends_with("\nhint: did you mean 'investment'?\n"),
        "{err}"
    );
    assert!(!Path::new(&map).exists());

    let (_, err) = text(&[&import[..], &["--keep-going"]].concat(), 1);
    assert!(err.contains(&format!("error: {file}:3:11: ")), "{err}");
    assert!(
        err.ends_with("new: 2 players, 1 edge, 1 claim, 1 document\n"),
        "{err}"
    );
    let written = fs::read_to_string(format!("{map}/loans-edges.csv")).unwrap();
    assert_eq!(
        written,
        rows.lines()
            .take(2)
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    );

    fs::write(&file, "from,to,family,kind\nbank,shop,investment,loan\n").unwrap();
    text(&import, 0);
    assert_eq!(
        names(Path::new(&map)),
        ["2-loans-edges.csv", "loans-edges.csv"]
    );
    let (_, err) = text(&import, 2);
    assert!(
        err.starts_with(&format!("error: {file}:2:1: this row says the same as ")),
        "{err}"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_left_out_only_if_wanted() {
    let folder = folder();
    let map = path(&folder, "map");
    let (good, bad) = (
        "tests/fixtures/bad/about-nothing/map.ttl",
        "tests/fixtures/bad/broken.ttl",
    );
    let (_, err) = text(&["import", good, bad, "--into", &map], 2);
    assert!(
        err.starts_with("error: tests/fixtures/bad/broken.ttl:2:11: "),
        "{err}"
    );
    assert!(!Path::new(&map).exists());
    text(&["import", good, bad, "--into", &map, "--keep-going"], 1);
    assert_eq!(names(Path::new(&map)), ["map.ttl"]);
}

#[test]
fn a_folder_with_nothing_to_read_is_most_likely_the_wrong_one() {
    let folder = folder();
    fs::write(folder.path().join("notes.docx"), "").unwrap();
    let (_, err) = text(&["--map", folder.path().to_str().unwrap(), "conflicts"], 2);
    assert!(
        err.contains("there is no file of a known format in this folder"),
        "{err}"
    );
}

#[test]
fn colours_only_go_to_a_terminal() {
    let (out, err) = text(&["show", "nobody-at-all"], 2);
    assert!(!format!("{out}{err}").contains('\u{1b}'));
}

#[test]
fn the_ending_of_the_file_decides_what_a_picture_is() {
    let folder = folder();
    for (name, start) in [
        ("a.svg", "<svg "),
        ("a.PNG", "\u{fffd}PNG"),
        ("a.dot", "digraph"),
        ("a.gv", "digraph"),
        ("a.mmd", "---\ntitle"),
        ("a.json", "{"),
        ("a.graphml", "<?xml"),
        ("a.gexf", "<?xml"),
        ("a.html", "<!DOCTYPE html>"),
    ] {
        let file = path(&folder, name);
        text(&["--map", SMALL, "board", "--output", &file], 0);
        let written = fs::read(&file).unwrap();
        assert!(
            String::from_utf8_lossy(&written).starts_with(start),
            "{name}"
        );
    }
    let (out, err) = text(&["--map", SMALL, "board", "--quiet"], 0);
    assert!(out.starts_with("<svg ") && err.is_empty());
}

/// `export` writes every player and every edge for tools that know networks.
#[test]
fn the_whole_board_is_exported_as_a_network() {
    let folder = folder();
    for (name, start, edge) in [
        ("a.graphml", "<?xml", "<edge "),
        ("a.gexf", "<?xml", "<edge "),
        ("a.dot", "digraph", "tooltip=\"Old Bank"),
    ] {
        let file = path(&folder, name);
        text(&["--map", SMALL, "export", "--output", &file], 0);
        let written = fs::read_to_string(&file).unwrap();
        assert!(
            written.starts_with(start) && written.contains(edge),
            "{name}"
        );
        let format = name.trim_start_matches("a.");
        let (out, _) = text(&["--map", SMALL, "export", "--to", format], 0);
        assert_eq!(out, written, "{name}");
    }
    let with_board = ["--map", SMALL, "export", "--to", "gexf", "--with-board"];
    assert!(text(&with_board, 2).1.contains("--with-board is for RDF"));
    let empty = [
        "--map",
        SMALL,
        "--as-of",
        "1990-01-01",
        "export",
        "--to",
        "graphml",
    ];
    assert!(text(&empty, 2).1.contains("there is no edge"));
}

#[test]
fn a_picture_is_the_same_in_every_run() {
    let pictures: std::collections::BTreeSet<_> = (0..20)
        .map(|_| text(&["--map", SMALL, "board", "--quiet"], 0).0)
        .collect();
    assert_eq!(pictures.len(), 1);
}

#[test]
fn a_picture_that_cannot_be_drawn_leaves_the_file_as_it_was() {
    let folder = folder();
    let file = path(&folder, "a.svg");
    fs::write(&file, "old").unwrap();
    for arguments in [
        &["--around", "nobody-like-this"][..],
        &["--min-amount", "1e300"],
        &[
            "--look",
            "dot",
            "--engine",
            "twopi",
            "--timeout",
            "0.000001",
        ],
    ] {
        let fixed = ["--map", SMALL, "board", "--output", &file];
        text(&[&fixed[..], arguments].concat(), 2);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(names(folder.path()), ["a.svg"]);
}

/// The program with a cache folder of its own.
fn cached(cache: &TempDir, arguments: &[&str], code: i32) -> (String, String) {
    let output = powermap(arguments)
        .env("XDG_CACHE_HOME", cache.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    (out, err)
}

/// A text without its spaces and line ends: names of another length wrap elsewhere.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn a_compiled_map_is_a_map_for_every_verb() {
    let folder = folder();
    let file = path(&folder, "small.pmap");
    let (out, err) = text(&["compile", SMALL, "-o", &file], 0);
    assert_eq!(out, "");
    let bytes = fs::metadata(&file).unwrap().len();
    assert!(
        err.contains("small.pmap: ") && err.contains(&format!(" triples, {bytes} bytes (")),
        "{err}"
    );
    assert_eq!(names(folder.path()), ["small.pmap"]);
    for verb in [
        &["tour"][..],
        &["show", "lab"],
        &["board"],
        &["query", "SELECT * { ?s pm:investsIn ?o } ORDER BY ?s ?o"],
        &["ask", "investments-in", "--player", "lab"],
        &["loops"],
        &["standing", "--as-of", "2025-10-31"],
        &["timeline"],
        &["export", "--to", "nquads", "--with-board"],
        &["check"],
        &["diff", "2025-09-01", "2025-10-15"],
    ] {
        let run = |map: &str| {
            let output = run(&[&["--map", map], verb].concat());
            // What to try next names the map.
            let text = String::from_utf8(output.stdout).unwrap();
            (output.status.code(), unwrapped(&text).replace(map, "MAP"))
        };
        assert!(run(SMALL) == run(&file), "{verb:?}");
    }
    let again = path(&folder, "again.pmap");
    text(&["--map", SMALL, "compile", "--output", &again], 0);
    assert_eq!(fs::read(&again).unwrap(), fs::read(&file).unwrap());
}

#[test]
fn a_compiled_map_is_refused_where_it_cannot_be_right() {
    let folder = folder();
    let file = path(&folder, "small.pmap");
    let (_, err) = text(&["compile", SMALL], 2);
    assert!(err.contains("hint: add --output map.pmap"), "{err}");
    let (_, err) = text(&["compile", SMALL, "-o", &file, "--as-of", "2025-01-01"], 2);
    assert!(err.contains("hint: give --as-of"), "{err}");
    let missing = path(&folder, "none/small.pmap");
    text(&["compile", SMALL, "-o", &missing], 2);
    text(&["compile", SMALL, "-o", &path(&folder, "")], 2);
    assert_eq!(names(folder.path()), [""; 0]);
    text(&["compile", SMALL, "-o", &file], 0);
    let (_, err) = text(
        &["update", "--map", &file, "INSERT DATA { id:x a pm:Person }"],
        2,
    );
    assert!(err.contains("hint: update the text"), "{err}");
    let mut bytes = fs::read(&file).unwrap();
    bytes[5000] ^= 1;
    fs::write(&file, bytes).unwrap();
    for verb in [
        &["show", "lab"][..],
        &["query", "ASK { ?a ?b ?c }"],
        &["query", "ASK { ?a ?b ?c }", "--as-of", "2025-01-01"],
        &["loops", "--as-of", "2025-01-01"],
        &["export"],
    ] {
        let (out, err) = text(&[&["--map", &file], verb].concat(), 2);
        assert_eq!(out, "", "{verb:?}");
        assert!(err.contains("were changed"), "{verb:?}: {err}");
        assert!(err.contains("powermap compile"), "{verb:?}: {err}");
    }
}

#[test]
fn a_large_map_is_kept_in_the_cache() {
    let (folder, cache) = (folder(), self::folder());
    let map = path(&folder, "large.ttl");
    let (mut large, _) = text(&["export", "--map", SMALL, "--to", "turtle"], 0);
    large.extend(["# A comment that makes a small map a large one.\n"; 90_000]);
    fs::write(&map, &large).unwrap();
    let query = ["query", "SELECT * { ?s pm:investsIn ?o }", "--map", &map];
    let kept = cache.path().join("powermap");
    let (expected, err) = cached(&cache, &[&query[..], &["--no-cache"]].concat(), 0);
    assert!(
        expected.lines().count() > 2 && err.is_empty() && !kept.exists(),
        "{err}"
    );
    for _ in 0..2 {
        assert_eq!(cached(&cache, &query, 0), (expected.clone(), String::new()));
        assert_eq!(names(&kept).len(), 1);
    }
    let entry = kept.join(&names(&kept)[0]);
    let right = fs::read(&entry).unwrap();
    fs::write(&entry, &right[..right.len() - 1]).unwrap();
    let (out, err) = cached(&cache, &query, 0);
    assert_eq!(out, expected);
    assert!(
        err.starts_with("warning: ") && err.contains("is damaged and is made anew"),
        "{err}"
    );
    assert_eq!(fs::read(&entry).unwrap(), right);
    // An update changes the text, and what is kept of it is no longer it.
    let update = "DELETE { ?s pm:from ?f } WHERE { ?s a pm:Investment ; pm:from ?f }";
    cached(&cache, &["update", "--map", &map, update], 0);
    let (out, err) = cached(&cache, &query, 0);
    assert!(out.lines().count() < expected.lines().count(), "{out}");
    // The compiled map gives the same notices as its text.
    assert!(err.contains("large.ttl:20: id:bank-lab-loan"), "{err}");
    assert_eq!(cached(&cache, &query, 0), (out, err));
    assert_eq!(names(folder.path()), ["large.ttl", "large.ttl.rdfp"]);
}

#[test]
fn a_query_beyond_its_memory_leaves_no_file() {
    let folder = folder();
    let (map, out) = (path(&folder, "small.pmap"), path(&folder, "out.csv"));
    text(&["compile", SMALL, "--output", &map], 0);
    let query = "SELECT * { ?s ?p ?o }";
    let limited = |limit: &str, code: i32| {
        let arguments = [
            "--map", &map, "query", query, "--format", "csv", "--memory", limit, "--output", &out,
        ];
        text(&arguments, code).1
    };
    let error = limited("4KiB", 2);
    assert!(
        error.starts_with("error: the query needs more than 4 KiB of memory, "),
        "{error}"
    );
    assert!(error.contains("\n\nhint: ask for less"), "{error}");
    assert_eq!(names(folder.path()), ["small.pmap"]);
    assert_eq!(limited("64MiB", 0), "");
    assert!(fs::read_to_string(&out).unwrap().lines().count() > 100);
}

#[test]
fn analyses_say_the_same_of_a_compiled_map() {
    let folder = folder();
    let map = path(&folder, "small.pmap");
    text(&["compile", SMALL, "--output", &map], 0);
    for verb in [
        &["loops"][..],
        &["loops", "--limit-rows", "1"],
        &["standing"],
        &["dependence"],
        &["conflicts"],
        &["timeline"],
        &["paths", "lab", "chipmaker"],
        &["exposure", "lab"],
        &["control", "lab"],
        &["loops", "--explain"],
        &["standing", "--as-of", "2025-06-30"],
    ] {
        for form in [
            &["--lang", "zh"][..],
            &["--format", "csv"],
            &["--format", "json"],
        ] {
            let of = |map: &str| {
                let output = run(&[&["--map", map], verb, form].concat());
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                (
                    output.status.code(),
                    text(&output.stdout),
                    text(&output.stderr),
                )
            };
            assert_eq!(of(&map), of(SMALL), "{verb:?} {form:?}");
        }
    }
}

#[test]
fn every_verb_says_what_is_not_read() {
    let folder = folder();
    let good =
        "from,to,family,kind,amount,unit\na,b,investment,equity,5,USD\nb,a,supply,chips,5,USD\n";
    fs::write(path(&folder, "edges.csv"), good).unwrap();
    let faulty = "<http://e/x> a <https://w3id.org/powermap/ns#Suply> .\n";
    fs::write(path(&folder, "faulty.ttl"), faulty).unwrap();
    let map = folder.path().to_str().unwrap();
    for verb in [
        &["show", "a"][..],
        &["loops"],
        &["paths", "a", "b"],
        &["control", "a"],
        &["exposure", "a"],
        &["dependence"],
        &["standing"],
        &["conflicts"],
        &["timeline"],
        &["diff", "2020-01-01", "2021-01-01"],
        &["query", "SELECT * { ?a pm:supplies ?b }"],
        &["ask", "players"],
        &["board"],
        &["export"],
        &["tour"],
    ] {
        let (_, err) = text(&[&["--map", map], verb].concat(), 0);
        let expected =
            "faulty.ttl:1: <http://e/x>, rdf:type: there is no pm:Suply (did you mean pm:Supply?)";
        assert!(err.contains(expected), "{verb:?}: {err}");
        let (_, err) = text(&[&["--map", map, "--quiet"], verb].concat(), 0);
        assert_eq!(err, "", "{verb:?}");
        let (_, err) = text(&[&["--map", map, "--lang", "zh"], verb].concat(), 0);
        assert!(err.contains("不能（完整地）读作记录"), "{verb:?}: {err}");
    }
}

#[test]
fn unknown_terms_of_a_query_are_said_and_change_no_exit_code() {
    let (out, err) = text(&["query", "ASK { ?a pm:investIn ?b }"], 1);
    assert_eq!(out, "false\n");
    assert!(err.contains("did you mean pm:investsIn?"), "{err}");
    let (_, err) = text(&["ask", "players"], 0);
    assert_eq!(err, "");
}

#[test]
fn help_and_errors_are_in_chinese() {
    let (out, _) = text(&["--lang", "zh", "loops", "--help"], 0);
    for expected in [
        "钱在哪里兜圈子？",
        "用法：powermap loops",
        "[默认：3]",
        "示例：",
    ] {
        assert!(out.contains(expected), "{expected}: {out}");
    }
    for (arguments, expected) in [
        (
            &["show", "opnai"][..],
            "错误：没有参与者“opnai”\n\n提示：是否指 openai？\n",
        ),
        (&["bord"], "错误：没有命令“bord”\n\n提示：是否指 board？\n"),
        (
            &["loops", "--wrong"],
            "错误：无法识别参数“--wrong”\n\n提示：参见 `powermap loops --help`\n",
        ),
        (
            &["loops", "--kind", "equtiy"],
            "错误：“equtiy”不能用作 kind：应为 地图或本体所定义的关系种类\n\n提示：是否指 equity？\n",
        ),
        (
            &["export", "--to", "csv"],
            "错误：表格需要写入文件夹\n\n提示：请加上 --output tables/\n",
        ),
    ] {
        let (_, err) = text(&[&["--lang=zh"], arguments].concat(), 2);
        assert_eq!(err, expected);
    }
}
