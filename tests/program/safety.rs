//! Nothing is overwritten, left behind, obeyed or lost by accident.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn powermap(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_powermap"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    powermap(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A map of two tables in a folder.
fn map(player: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let players = format!("id,type,name_en\nada,company,{player}\nben,company,Ben\n");
    fs::write(folder.path().join("players.csv"), players).unwrap();
    let edges = "from,to,family,amount,unit\nada,ben,supply,5,USD\n";
    fs::write(folder.path().join("edges.csv"), edges).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
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
fn an_output_is_no_source() {
    let folder = map("Ada");
    let (at, players) = (folder.path(), folder.path().join("players.csv"));
    let before = fs::read(&players).unwrap();
    let (query, update) = (at.join("q.rq"), at.join("u.ru"));
    fs::write(&query, "SELECT * { ?a ?b ?c }").unwrap();
    fs::write(&update, "INSERT DATA { id:x a pm:Company }").unwrap();
    let inside = at.join("new.csv");
    let link = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&players, link.path().join("linked.csv")).unwrap();
    #[cfg(not(unix))]
    fs::write(link.path().join("linked.csv"), "").unwrap();
    let linked = link.path().join("linked.csv");
    for arguments in [
        vec!["compile", text(at), "--output", text(&players)],
        vec!["loops", "--map", text(at), "--output", text(&players)],
        vec!["loops", "--map", text(&players), "--output", text(&players)],
        vec![
            "board",
            "--map",
            text(at),
            "--format",
            "json",
            "--output",
            text(&players),
        ],
        vec![
            "export",
            "--map",
            text(at),
            "--to",
            "turtle",
            "--output",
            text(&inside),
        ],
        vec![
            "query",
            "--map",
            text(at),
            "--file",
            text(&query),
            "--output",
            text(&query),
        ],
        vec![
            "update",
            "--map",
            text(at),
            "--file",
            text(&update),
            "--output",
            text(&update),
        ],
        #[cfg(unix)]
        vec!["loops", "--map", text(at), "--output", text(&linked)],
    ] {
        let output = run(&arguments);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {error}");
        let is_said =
            error.contains("would be overwritten") || error.contains("become a part of the map");
        assert!(is_said, "{arguments:?}: {error}");
        assert_eq!(fs::read(&players).unwrap(), before, "{arguments:?}");
        assert!(!inside.exists());
    }
    // Pictures beside the tables are in nobody's way.
    assert_eq!(
        run(&[
            "board",
            "--map",
            text(at),
            "--output",
            text(&at.join("board.svg"))
        ])
        .status
        .code(),
        Some(0)
    );
    assert!(linked.exists());
}

#[test]
fn a_name_is_shown_and_not_obeyed() {
    let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}Ada";
    let folder = map(evil);
    let at = text(folder.path());
    for arguments in [
        vec!["show", "ada", "--map", at],
        vec!["brief", "ada", "--map", at],
        vec!["tour", "--map", at],
        vec!["loops", "--map", at],
        vec!["dependence", "--map", at],
        vec!["paths", "ada", "ben", "--map", at],
        vec!["control", "Adda", "--map", at],
        vec!["query", "SELECT ?l { ?p rdfs:label ?l }", "--map", at],
        vec!["show", evil, "--map", at],
        vec!["show", "\u{1b}[31mnobody", "--map", at],
        vec!["loops", "--map", "/no/\u{1b}[31m/such"],
    ] {
        let output = run(&arguments);
        for bytes in [&output.stdout, &output.stderr] {
            let shown = std::str::from_utf8(bytes).unwrap();
            let obeyed = shown.find(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']);
            assert_eq!(obeyed, None, "{arguments:?}: {shown}");
        }
    }
    // Programs get the name as it is.
    let output = run(&[
        "query",
        "SELECT ?l { id:ada rdfs:label ?l }",
        "--map",
        at,
        "--format",
        "csv",
    ]);
    assert!(String::from_utf8(output.stdout).unwrap().contains(evil));
}

#[test]
fn writers_take_turns_and_lose_nothing() {
    let folder = map("Ada");
    let at = text(folder.path());
    let writers: Vec<_> = (0..24)
        .map(|number| {
            let insert = format!("INSERT DATA {{ id:p{number} a pm:Company }}");
            let mut command = powermap(&["update", "--map", at, "--wait", "300", &insert]);
            command.stderr(Stdio::piped()).stdout(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for writer in writers {
        let output = writer.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    let count = "SELECT (COUNT(*) AS ?n) { ?p a pm:Company }";
    let output = run(&["query", count, "--map", at, "--format", "csv"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "n\r\n26\r\n");
    assert_eq!(
        names(folder.path()),
        ["edges.csv", "players.csv", "updates.rdfp"]
    );
}

/// Whoever keeps a map for longer than others want to wait makes them stop with nothing changed.
#[cfg(unix)]
#[test]
fn a_writer_waits_as_long_as_it_is_told() {
    let folder = map("Ada");
    let at = text(folder.path());
    let kept = fs::File::open(folder.path()).unwrap();
    kept.lock().unwrap();
    let insert = "INSERT DATA { id:x a pm:Company }";
    let output = run(&["update", "--map", at, "--wait", "0", insert]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("other processes have been changing the map for 0 seconds"));
    // Reading needs no turn.
    assert_eq!(
        run(&["update", "--map", at, "--dry-run", insert])
            .status
            .code(),
        Some(0)
    );
    drop(kept);
    assert_eq!(
        run(&["update", "--map", at, "--wait", "0", insert])
            .status
            .code(),
        Some(0)
    );
}

/// A process that is told to stop leaves nothing behind.
#[cfg(unix)]
#[test]
fn what_is_begun_goes_when_the_process_is_stopped() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::time::{Duration, Instant};

    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("made.nt");
        let mut command = powermap(&[
            "generate",
            "--players",
            "200000",
            "--edges",
            "2000000",
            "--output",
            text(&target),
            "--quiet",
        ]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        // Until it has begun to write.
        let start = Instant::now();
        while names(folder.path()).is_empty() && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(
            !names(folder.path()).is_empty(),
            "it has not begun to write"
        );
        kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(names(folder.path()), Vec::<String>::new());
    }
}

#[test]
fn a_pdf_holds_its_text_and_is_the_same_in_every_run() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let path = folder.path().join(name);
        let output = run(&["board", "--look", "circle", "--output", text(&path)]);
        // Without any font a PDF cannot be made, which is said.
        match output.status.code() {
            Some(0) => Some(fs::read(path).unwrap()),
            _ => {
                assert!(
                    stderr(&output).contains("no font on this system"),
                    "{}",
                    stderr(&output)
                );
                None
            }
        }
    };
    let (Some(one), Some(other)) = (write("one.pdf"), write("other.pdf")) else {
        return;
    };
    assert!(one.starts_with(b"%PDF-"));
    let has = |part: &[u8]| one.windows(part.len()).any(|window| window == part);
    assert!(
        has(b"/FontFile") && !has(b"/Subtype /Image"),
        "text stays text and lines lines"
    );
    assert_eq!(one, other);
}
