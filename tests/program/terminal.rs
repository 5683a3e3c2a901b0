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
                let closes = line
                    .trim_start()
                    .starts_with(['，', '。', '；', '：', '、', '）', '？']);
                assert!(!closes, "{words:?}: {line}");
            }
        }
    }
}

#[test]
fn notes_and_help_fit_the_terminal() {
    let told = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
            .args(arguments)
            .env("COLUMNS", "72")
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let helps = all().iter().map(|analysis| vec![analysis.name, "--help"]);
    let helps = helps.chain([
        vec!["--help"],
        vec!["board", "--help"],
        vec!["import", "-h"],
    ]);
    for words in verbs().into_iter().chain(helps) {
        for lang in ["en", "zh"] {
            let words = [words.as_slice(), &["--lang", lang]].concat();
            for line in told(&words).lines() {
                assert!(width(line) <= 72, "{words:?}: {line}");
            }
        }
    }
    let notes = told(&["exposure", "openai"]);
    assert!(notes.contains(
        "\nno base known (observations.csv: subject, metric market-capitalisation,\nvaluation, backlog"
    ));
    let help = told(&["board", "--help"]);
    assert!(help.contains(
        "Without --format, the ending of --output decides; stdout gets SVG.\nParallel edges of one family become one arrow"
    ));
    assert!(help.contains(
        "\n  powermap board --output board.gexf\n          (with the places, for Gephi; .graphml for yEd and others)\n"
    ));
}

#[test]
fn words_and_ids_are_whole_in_narrow_tables() {
    let of = |words: &[&str]| lines(words).join("\n");
    let standing = of(&["standing", "--width", "100"]);
    for heading in [
        "pagerank, reverse",
        "betweenness",
        "bonacich negative",
        "constraint",
    ] {
        assert!(standing.contains(heading), "{heading}: {standing}");
    }
    let loops = of(&["loops", "--width", "80", "--lang", "zh"]);
    assert!(
        loops.contains("股权 e-47rnr；股权 e-2qj1f；融资 e-mg8rn"),
        "{loops}"
    );
    let conflicts = of(&["conflicts", "--width", "100", "--lang", "zh"]);
    assert!(conflicts.contains("2025-10-06"), "{conflicts}");
}

#[test]
fn the_greatest_shares_of_all_players_come_first() {
    let rows = lines(&["dependence", "--on", "sales", "--format", "csv"]);
    let starts = ["microsoft,sales,openai,USD,1,1", "aws,sales,openai,USD,1,1"];
    for (row, start) in rows[1..].iter().zip(starts) {
        assert!(row.starts_with(start), "{row}");
    }
    // Without a share.
    let last = rows.last().unwrap();
    assert!(last.starts_with("nvidia,sales,openai,gpus,,,"), "{last}");
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
