//! The table of analyses: complete, in order, and the same in the library and on the reference page.

use crate::support::analyses::required;
use powermap::analysis::{ColumnKind, all, markdown_page};
use powermap::{Lang, Map};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
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
                !column.help.is_empty()
                    && Lang::ALL
                        .iter()
                        .all(|lang| !column.heading_in(*lang).is_empty()),
                "{}: {}",
                analysis.name,
                column.name
            );
        }
        for parameter in analysis.all_parameters() {
            assert!(
                !parameter.help.is_empty(),
                "{}: {}",
                analysis.name,
                parameter.name
            );
        }
        for text in [
            analysis.question_in(Lang::En),
            analysis.question_in(Lang::Zh),
            analysis.definition,
            analysis.title_in(Lang::En),
            analysis.title_in(Lang::Zh),
        ] {
            assert!(!text.is_empty(), "{}", analysis.name);
        }
        assert!(!analysis.examples.is_empty(), "{}", analysis.name);
    }
}

#[test]
fn every_analysis_answers_on_the_built_in_map_with_a_cell_for_each_column() {
    let map = Map::built_in().unwrap();
    let position = map.position().unwrap();
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
    let position = map.position().unwrap();
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
    let position = map.position().unwrap();
    let error = |name: &str, given: &[(&str, &str)]| {
        let analysis = all().iter().find(|analysis| analysis.name == name).unwrap();
        let arguments = analysis.arguments(given.iter().copied(), &position);
        let error = arguments.unwrap_err();
        format!(
            "{error} {}",
            error
                .hint()
                .map_or_else(String::new, |hint| hint.to_string())
        )
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
