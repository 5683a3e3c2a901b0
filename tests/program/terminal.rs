//! What fits a terminal: lines of every verb, the tour on one page.

use crate::support::analyses::required;
use powermap::analysis::all;
use powermap_rdf::table::width;
use std::process::Command;

/// Returns what the program prints, as lines.
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
        .args(arguments)
        .arg("--quiet")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() != Some(2), "{arguments:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Every verb that prints rows, on the built-in map.
fn verbs() -> Vec<Vec<&'static str>> {
    let mut verbs: Vec<Vec<&str>> = all()
        .iter()
        .map(|analysis| {
            let mut words = vec![analysis.name];
            for (name, value) in required(analysis) {
                let is_positional = analysis.parameter(name).unwrap().is_positional;
                if !is_positional {
                    words.push(Box::leak(format!("--{name}").into_boxed_str()));
                }
                words.push(value);
            }
            words
        })
        .collect();
    verbs.extend([
        vec!["tour"],
        vec!["tour", "--all"],
        vec!["show", "openai"],
        vec!["brief", "openai"],
        vec!["check"],
        vec!["ask"],
        vec!["ask", "investments-in", "--player", "openai"],
        vec![
            "query",
            "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50",
        ],
        vec!["loops", "--explain"],
    ]);
    verbs
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for verb in verbs() {
        for (columns, lang) in [("100", "en"), ("100", "zh"), ("60", "en")] {
            let mut words = verb.clone();
            words.extend(["--width", columns, "--lang", lang]);
            let limit: usize = columns.parse().unwrap();
            for line in lines(&words) {
                assert!(
                    width(&line) <= limit,
                    "{words:?}: {} columns: {line}",
                    width(&line)
                );
            }
        }
    }
}

#[test]
fn narrow_and_wide_terminals_lose_no_cell() {
    let words = |columns: &str| -> Vec<String> {
        let lines = lines(&["standing", "--width", columns]);
        let text: String = lines.concat();
        let mut parts: Vec<String> = text
            .chars()
            .filter(|c| c.is_ascii_digit())
            .map(String::from)
            .collect();
        parts.sort_unstable();
        parts
    };
    // The digits of all cells are there, however narrow; headings have none.
    assert_eq!(words("400"), words("100"));
    assert_eq!(words("400"), words("20"));
}

#[test]
fn the_tour_is_a_page_and_every_figure_has_a_source() {
    for lang in ["en", "zh"] {
        let lines = lines(&["tour", "--width", "100", "--lang", lang]);
        assert!(lines.len() <= 40, "{} lines", lines.len());
        let text = lines.join(" ");
        assert!(text.matches('[').count() >= 30, "{text}");
    }
}

#[test]
fn a_player_in_place_of_a_verb_is_shown() {
    assert_eq!(lines(&["openai"]), lines(&["show", "openai"]));
    assert_eq!(lines(&["sam", "altman"]), lines(&["show", "altman"]));
}

#[test]
fn the_map_of_the_readme_has_its_loop() {
    for readme in [
        include_str!("../../README.md"),
        include_str!("../../README.zh.md"),
    ] {
        let rows = readme
            .split("```csv\n")
            .nth(1)
            .unwrap()
            .split("```")
            .next()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("edges.csv"), rows).unwrap();
        let map = folder.path().to_str().unwrap();
        // The headings alone.
        assert_eq!(lines(&["--map", map, "check"]).len(), 2);
        let tour = lines(&["--map", map, "tour"]);
        let loops =
            "The circle of money: chipmaker → lab → cloud → chipmaker: $10 bn [1–3] can go round.";
        assert!(tour.iter().any(|line| line == loops), "{tour:?}");
        assert!(
            tour.iter()
                .any(|line| line.ends_with("lab buys from cloud: $30 bn [3]")),
            "{tour:?}"
        );
        let picture = folder.path().join("deals.svg");
        lines(&["--map", map, "board", "--output", picture.to_str().unwrap()]);
        let svg = std::fs::read_to_string(picture).unwrap();
        assert!(svg.contains("chipmaker") && svg.contains("$10 bn"));
    }
}
