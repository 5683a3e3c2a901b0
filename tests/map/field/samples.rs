//! Public sample files: each value of them is held or listed.

use crate::support::outside;
use powermap::format::field::read_bytes;
use powermap::model::Lang;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The folders whose files are read.
const FOLDERS: &[&str] = &[
    "bods",
    "ftm",
    "gleif",
    "littlesis",
    "psc",
    "sec",
    "wikidata",
];

/// Samples that are no file of their format any more: why.
const MANGLED: &[(&str, &str)] = &[(
    "psc/basic-company-data-1.csv",
    "its lines were wrapped, headings and cells alike",
)];

/// How the names of samples begin that are of formats which are not read.
const NOT_READ: &[&str] = &["sec/13f-", "sec/form", "sec/metlife"];

/// All sample files, by name; none where they are missing.
pub(super) fn all(skipped: &str) -> Vec<(String, Vec<u8>)> {
    let Some(samples) = outside::find("samples", skipped) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(samples.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((format!("{folder}/{name}"), fs::read(&path).unwrap()));
        }
    }
    files.sort();
    files
}

/// The number of texts, numbers and truth values in JSON that are not empty.
fn leaves(value: &serde_json::Value) -> u64 {
    use serde_json::Value;
    match value {
        Value::Null => 0,
        Value::String(text) => u64::from(!text.trim().is_empty()),
        Value::Bool(_) | Value::Number(_) => 1,
        Value::Array(list) => list.iter().map(leaves).sum(),
        Value::Object(map) => map.values().map(leaves).sum(),
    }
}

#[test]
fn every_value_of_the_samples_is_held_or_listed() {
    let mut account = String::new();
    for (name, bytes) in all("the account of sample files") {
        if NOT_READ.iter().any(|start| name.starts_with(start)) {
            let error = read_bytes(&bytes, &name, false).unwrap_err();
            let _ = writeln!(account, "{error}");
            continue;
        }
        let is_mangled = MANGLED.iter().any(|(mangled, _)| *mangled == name);
        let reading =
            read_bytes(&bytes, &name, is_mangled).unwrap_or_else(|error| panic!("{name}: {error}"));
        let report = &reading.report;
        assert_eq!(
            report.problems.is_empty(),
            !is_mangled,
            "{name}: {:?}",
            report.problems
        );
        if name.ends_with("json") {
            let values =
                serde_json::Deserializer::from_slice(&bytes).into_iter::<serde_json::Value>();
            let count: u64 = values.map(|value| leaves(&value.unwrap())).sum();
            assert_eq!(report.values, count, "{name}");
        }
        let left = report.values_left_out();
        let records = &reading.records;
        let _ = writeln!(
            account,
            "{name}: {}; {} records, {} values, {left} left out: {} players, {} topics, {} edges, {} identifiers, {} claims",
            report.format.name(),
            report.records,
            report.values,
            records.players.len(),
            records.topics.len(),
            records.edges.len(),
            records.identifiers.len(),
            records.claims.len(),
        );
        for kind in &report.left_out {
            let _ = writeln!(
                account,
                "    {} × {}: {}",
                kind.count,
                kind.kind,
                kind.reason.text(Lang::En)
            );
        }
    }
    if account.is_empty() {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/field/account.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &account).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        account, expected,
        "run with BLESS=1, and look at what changed"
    );
}
