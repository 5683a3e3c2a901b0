//! What tests do where something that is not in the repository is missing.

use crate::support::outside::{REQUIRE, find, missing, required, skip_unless};
use std::collections::BTreeSet;
use std::env;
use std::process::{Command, Output};

#[test]
fn the_list_of_what_is_required_has_known_names_only() {
    assert_eq!(required(""), Ok(BTreeSet::new()));
    assert_eq!(
        required("w3c, samples,,w3c"),
        Ok(BTreeSet::from(["samples", "w3c"]))
    );
    assert_eq!(
        required("w3c,w3").unwrap_err(),
        "POWERMAP_REQUIRE lists 'w3'; expected some of data-shapes, fonts, graphviz, node, samples, schemas, w3c, xmllint"
    );
    // The one of this run as well, where no test may lack anything.
    required(&env::var(REQUIRE).unwrap_or_default()).unwrap();
}

#[test]
fn what_is_missing_is_skipped_with_a_line_or_fails_where_it_is_required() {
    assert_eq!(
        missing("graphviz", "a comparison", &BTreeSet::from(["w3c"])).unwrap(),
        "skipped, as graphviz is missing: a comparison (install Graphviz)\n"
    );
    assert_eq!(
        missing("graphviz", "a comparison", &BTreeSet::from(["graphviz"])).unwrap_err(),
        "POWERMAP_REQUIRE lists graphviz, which is missing: install Graphviz"
    );
}

/// The part of a process of its own, in which nothing is installed.
#[test]
#[ignore = "run by the_line_is_seen_in_a_run_that_passes and others here"]
fn looks_for_what_may_be_missing() {
    assert_eq!(find("graphviz", "the first"), None);
    assert_eq!(find("graphviz", "the first"), None);
    skip_unless(false, "fonts", "the second");
    skip_unless(true, "fonts", "the third");
    let samples = env::var_os("POWERMAP_SAMPLES").map(Into::into);
    assert_eq!(find("samples", "the fourth"), samples);
}

/// Runs the harness as `cargo test` does, with a list of what is required and a folder of samples.
fn harness(list: &str, samples: &str) -> Output {
    Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "--ignored",
            "outside::looks_for_what_may_be_missing",
        ])
        .env("PATH", "")
        .env("POWERMAP_SAMPLES", samples)
        .env(REQUIRE, list)
        .output()
        .unwrap()
}

/// Runs it where it has to fail, and returns what it says.
fn failure(list: &str, samples: &str) -> String {
    let output = harness(list, samples);
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with what a folder of samples has in it.
fn samples() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("gleif")).unwrap();
    folder
}

#[test]
fn the_line_is_seen_in_a_run_that_passes() {
    let samples = samples();
    let output = harness("samples,w3c", samples.path().to_str().unwrap());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "skipped, as graphviz is missing: the first (install Graphviz)\n\
         skipped, as fonts is missing: the second (install a font, such as the package fonts-liberation)\n"
    );
}

#[test]
fn a_run_fails_where_something_required_is_missing_or_unknown_or_not_where_its_variable_says() {
    let folder = samples();
    let samples = folder.path().to_str().unwrap();
    let said = failure("graphviz", samples);
    assert!(
        said.contains("POWERMAP_REQUIRE lists graphviz, which is missing"),
        "{said}"
    );
    let said = failure("fonts", samples);
    assert!(
        said.contains("POWERMAP_REQUIRE lists fonts, which is missing"),
        "{said}"
    );
    let said = failure("nothing-known", samples);
    assert!(
        said.contains("POWERMAP_REQUIRE lists 'nothing-known'; expected some of "),
        "{said}"
    );
    let said = failure("", "no/such/folder");
    assert!(
        said.contains(
            "POWERMAP_SAMPLES is no/such/folder, which has no gleif or psc or wikidata in it"
        ),
        "{said}"
    );
}
