//! The table of analyses: complete, in order, and the same on every surface.

use powermap::analysis::column::ColumnKind;
use powermap::analysis::definition::Analysis;
use powermap::analysis::page::markdown_page;
use powermap::analysis::parameter::Presence;
use powermap::analysis::table::all;
use powermap::map::Map;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

/// What the design promises.
const PROMISED: &[&str] = &[
    "conflicts",
    "control",
    "dependence",
    "diff",
    "exposure",
    "loops",
    "paths",
    "standing",
    "timeline",
    "what-if",
];

fn names() -> Vec<&'static str> {
    all().iter().map(|analysis| analysis.name).collect()
}

#[test]
fn every_promised_analysis_is_there_in_alphabetical_order() {
    assert_eq!(names(), PROMISED);
}

#[test]
fn names_of_parameters_and_columns_never_mean_two_things() {
    for analysis in all() {
        let mut seen = BTreeSet::new();
        let properties = analysis
            .columns
            .iter()
            .flat_map(|column| column.properties());
        let parameters = analysis
            .all_parameters()
            .map(|parameter| parameter.property());
        for name in properties.chain(parameters).chain(["row".to_owned()]) {
            assert!(seen.insert(name.clone()), "{}: {name} twice", analysis.name);
        }
        for column in analysis.columns {
            assert!(
                !column.help.is_empty() && !column.zh.is_empty(),
                "{}: {}",
                analysis.name,
                column.name
            );
        }
        for text in [
            analysis.question,
            analysis.question_zh,
            analysis.definition,
            analysis.title,
            analysis.title_zh,
        ] {
            assert!(!text.is_empty(), "{}", analysis.name);
        }
        assert!(!analysis.examples.is_empty(), "{}", analysis.name);
    }
}

/// Values for the parameters that have to be given.
fn required(analysis: &Analysis) -> Vec<(&'static str, &'static str)> {
    let needed = analysis
        .all_parameters()
        .filter(|p| p.presence == Presence::Required);
    let mut given: Vec<_> = needed
        .map(|parameter| {
            let value = match parameter.name {
                "d1" => "2025-09-01",
                "d2" => "2025-10-31",
                "source" => "nvidia",
                _ => "openai",
            };
            (parameter.name, value)
        })
        .collect();
    if analysis.name == "what-if" {
        given.push(("without", "nvidia"));
    }
    given
}

#[test]
fn every_analysis_answers_on_the_built_in_map_with_a_cell_for_each_column() {
    let map = Map::built_in().unwrap();
    let position = map.position();
    for analysis in all() {
        let arguments = analysis.arguments(required(analysis), &position).unwrap();
        let answer = analysis
            .answer(&position, &arguments, &AtomicBool::new(false))
            .unwrap();
        assert!(!answer.rows.is_empty(), "{}", analysis.name);
        for row in &answer.rows {
            assert_eq!(row.cells.len(), analysis.columns.len(), "{}", analysis.name);
        }
        // The same again gives the same.
        let again = analysis
            .answer(&position, &arguments, &AtomicBool::new(false))
            .unwrap();
        assert_eq!(answer, again, "{}", analysis.name);
    }
}

#[test]
fn every_number_of_an_answer_leads_to_claims() {
    let map = Map::built_in().unwrap();
    let position = map.position();
    for name in ["control", "dependence", "exposure", "loops", "paths"] {
        let analysis = all().iter().find(|analysis| analysis.name == name).unwrap();
        let arguments = analysis.arguments(required(analysis), &position).unwrap();
        let answer = analysis
            .answer(&position, &arguments, &AtomicBool::new(false))
            .unwrap();
        let traced = answer.rows.iter().filter(|row| !row.support.is_empty());
        for row in traced.clone() {
            for support in &row.support {
                let claims = position.claims(&support.id, support.measure);
                assert!(!claims.is_empty(), "{name}: {} has no claims", support.id);
            }
        }
        assert!(
            traced.count() * 2 > answer.rows.len(),
            "{name}: most rows rest on nothing"
        );
    }
}

#[test]
fn every_analysis_is_a_verb_with_its_parameters_columns_and_examples() {
    let powermap = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let help = powermap(&["--help"]);
    for analysis in all() {
        assert!(
            help.contains(&format!("  {} ", analysis.name)),
            "{}",
            analysis.name
        );
        let help = powermap(&[analysis.name, "--help"]);
        for parameter in analysis.parameters {
            let option = if parameter.is_positional {
                format!("<{}>", parameter.name.to_uppercase())
            } else {
                format!("--{}", parameter.name)
            };
            assert!(help.contains(&option), "{}: {option}", analysis.name);
        }
        for example in analysis.examples {
            assert!(help.contains(example), "{}", analysis.name);
            let words: Vec<_> = example
                .split(' ')
                .skip(1)
                .chain(["--limit-rows", "1"])
                .collect();
            let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
                .args(&words)
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{example}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        let mut arguments = vec![
            analysis.name.to_owned(),
            "--format".to_owned(),
            "csv".to_owned(),
        ];
        for (name, value) in required(analysis) {
            let is_positional = analysis.parameter(name).unwrap().is_positional;
            if !is_positional {
                arguments.push(format!("--{name}"));
            }
            arguments.push(value.to_owned());
        }
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let rows = powermap(&arguments);
        let columns: Vec<_> = analysis
            .columns
            .iter()
            .flat_map(|column| column.names())
            .collect();
        assert_eq!(
            rows.lines().next(),
            Some(columns.join(",").as_str()),
            "{}",
            analysis.name
        );
    }
}

#[test]
fn the_reference_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/analyses.md");
    let page = markdown_page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        page,
        "run the tests with BLESS=1 to rewrite docs/analyses.md"
    );
    for analysis in all() {
        assert!(page.contains(&format!("\n## {}\n", analysis.name)));
        for column in analysis.columns {
            assert!(
                column.kind == ColumnKind::Quantity || page.contains(column.help),
                "{}",
                column.name
            );
        }
    }
}

#[test]
fn wrong_calls_are_refused_with_what_would_be_right() {
    let map = Map::built_in().unwrap();
    let position = map.position();
    let error = |name: &str, given: &[(&str, &str)]| {
        let analysis = all().iter().find(|analysis| analysis.name == name).unwrap();
        let arguments = analysis.arguments(given.iter().copied(), &position);
        arguments.unwrap_err().to_string()
    };
    assert!(error("control", &[]).contains("control needs the parameter 'of'"));
    assert!(error("control", &[("of", "nvidai")]).contains("did you mean nvidia"));
    assert!(error("control", &[("of", "amd"), ("of", "nvidia")]).contains("takes one of"));
    assert!(
        error("control", &[("of", "amd"), ("fo", "1")])
            .contains("expected one of of, way, threshold")
    );
    assert!(
        error("dependence", &[("on", "sale")]).contains("one of supply, funding, sales, portfolio")
    );
    assert!(
        error("dependence", &[("family", "trade")])
            .contains("one of investment, supply, influence")
    );
    assert!(error("dependence", &[("min-amount", "much")]).contains("a number such as 0.5"));
    assert!(error("diff", &[("d1", "2025"), ("d2", "2025-10-31")]).contains("2025-10-15"));
    assert!(error("diff", &[("as-of", "2025-10-31")]).contains("parameters of its own"));
}
