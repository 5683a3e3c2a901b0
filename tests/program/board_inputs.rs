//! What `board` says in every format where there is nothing to draw or nowhere to write: a clear message, and no file.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::outside;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SMALL: &str = "tests/fixtures/small";
const FORMATS: [&str; 8] = [
    "svg", "png", "html", "dot", "mermaid", "graphml", "gexf", "json",
];

/// Runs the program on a map with Graphviz where `path` says; gives the exit code, stdout and stderr.
fn run(map: &str, arguments: &[&str], path: Option<&Path>) -> (Option<i32>, Vec<u8>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_powermap"));
    command.args(["--map", map, "board"]).args(arguments);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), output.stdout, errors)
}

#[test]
fn a_picture_that_cannot_be_drawn_is_no_file_in_any_format() {
    let cases: [(&[&str], &str); 7] = [
        (
            &["--as-of", "1990-01-01"],
            "there is no edge on the board of this day",
        ),
        (&["--min-amount", "1e15"], "leave out too much"),
        (
            &["--family", "supply", "--min-status", "completed"],
            "there is no edge on the board",
        ),
        (&["--around", "lba"], "there is no player 'lba'"),
        (&["--players", "lab,nobody"], "there is no player 'nobody'"),
        (
            &["--loop", "bank,founder"],
            "there is no edge on the picture between",
        ),
        (
            &["--look", "dot", "--engine", "twopi"],
            "it is not installed",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for format in FORMATS {
        for (arguments, expected) in cases {
            let file = folder.path().join("picture");
            let mut all = vec!["--format", format, "--output", file.to_str().unwrap()];
            all.extend(arguments);
            let (code, out, errors) = run(SMALL, &all, Some(folder.path()));
            if format == "html" && arguments[0] == "--as-of" {
                // A page has the other days on its slider.
                assert_eq!(code, Some(0), "{errors}");
                fs::remove_file(&file).unwrap();
                continue;
            }
            // A page lists all loops, and is laid out by its script.
            let expected = match (format, arguments[0]) {
                ("html", "--loop") => "--loop and --loops are for the other formats",
                ("html", "--look") => "a page is laid out by itself",
                _ => expected,
            };
            assert_eq!(code, Some(2), "{format} {arguments:?}: {errors}");
            assert!(
                errors.contains(expected),
                "{format} {arguments:?}: {errors}"
            );
            assert!(out.is_empty() && !file.exists(), "{format} {arguments:?}");
        }
    }
}

#[test]
fn a_target_that_cannot_be_written_is_told_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("taken")).unwrap();
    for format in FORMATS {
        for target in ["none/picture", "taken"] {
            let file = folder.path().join(target);
            let all = ["--format", format, "--output", file.to_str().unwrap()];
            let (code, _, errors) = run(SMALL, &all, None);
            assert_eq!(code, Some(2), "{format} {target}: {errors}");
            assert!(
                errors.contains("could not write the file"),
                "{format} {target}: {errors}"
            );
        }
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{format}: nothing half is left behind");
    }
}

/// Graphviz that fails or hangs: without --engine the built-in layers stand in, and say so.
#[test]
#[cfg(unix)]
fn a_graphviz_that_fails_or_hangs_costs_no_format_its_file() {
    // It is there when it is asked for its version.
    for (ending, reason) in [
        ("echo broken >&2; exit 1", "broken"),
        ("exec sleep 30", "took longer than"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("dot");
        let text = format!("#!/bin/sh\n[ \"$1\" = -V ] && exit 0\nPATH=/usr/bin:/bin\n{ending}\n");
        crate::support::script::write(&program, &text);
        for format in FORMATS.into_iter().filter(|format| *format != "html") {
            let file = folder.path().join("picture");
            let all = [
                "--look",
                "dot",
                "--timeout",
                "0.2",
                "--format",
                format,
                "--output",
                file.to_str().unwrap(),
            ];
            let start = Instant::now();
            let (code, _, errors) = run(SMALL, &all, Some(folder.path()));
            assert_eq!(code, Some(0), "{format}: {errors}");
            assert!(
                errors.contains(reason) && errors.contains("laid out without it"),
                "{format}: {errors}"
            );
            assert!(start.elapsed() < Duration::from_secs(20), "{format}");
            assert!(fs::metadata(&file).unwrap().len() > 200, "{format}");
            let forced = [&all[..], &["--engine", "dot"]].concat();
            fs::remove_file(&file).unwrap();
            let (code, _, errors) = run(SMALL, &forced, Some(folder.path()));
            assert_eq!(code, Some(2), "{format}: {errors}");
            assert!(
                errors.contains(reason) && !file.exists(),
                "{format}: {errors}"
            );
        }
    }
}

/// Long, combining, right-to-left and control characters, and markup, in every format.
#[test]
fn no_name_breaks_a_file_of_any_format() {
    let folder = tempfile::tempdir().unwrap();
    let players = format!(
        "id,type,name_en\na,company,{}\nb,company,\"</script><script>alert(1)</script>\"\nc,company,\u{1}شركة \u{202e}x\u{7}\n\
         d,company,a{}\n",
        "long ".repeat(2_000),
        "\u{301}".repeat(5_000)
    );
    fs::write(folder.path().join("players.csv"), players).unwrap();
    let edges = "from,to,family\na,b,investment\nb,c,supply\nc,d,influence\n";
    fs::write(folder.path().join("edges.csv"), edges).unwrap();
    for format in FORMATS {
        let (code, out, errors) = run(folder.path().to_str().unwrap(), &["--format", format], None);
        if format == "png" && errors.contains("there is no font") {
            outside::skip_unless(false, "fonts", "names of all kinds on a PNG");
            continue;
        }
        assert_eq!(code, Some(0), "{format}: {errors}");
        assert!(out.len() < 600_000, "{format}: {} bytes", out.len());
        let Ok(text) = String::from_utf8(out) else {
            assert_eq!(format, "png");
            continue;
        };
        // Graphviz text and JSON hold names as quoted text.
        let is_quoted = ["dot", "json"].contains(&format);
        assert!(is_quoted || !text.contains("<script>alert"), "{format}");
        let is_bad = |c: char| matches!(c, '\u{1}' | '\u{7}' | '\u{202e}');
        assert!(!text.contains(is_bad), "{format}");
        assert!(!text.contains(&"\u{301}".repeat(5)), "{format}");
    }
}
