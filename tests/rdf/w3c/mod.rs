//! The W3C test suites of SPARQL 1.0 and 1.1, through the evaluator, the store and the writers of results.
//!
//! The data are looked for where `W3C_RDF_TESTS` points, or else in `../shared/w3c`.

#![allow(clippy::print_stdout, reason = "the counts are what one runs it for")]

mod compare;
mod manifest;

use self::compare::{Answer, is_isomorphic};
use self::manifest::{Data, Suites, Test};
use crate::support::outside;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::sparql::results::QueryResultsFormat;
use powermap_rdf::results::{ResultFormat, write};
use powermap_rdf::{CompiledStore, Evaluator, MemoryStore, ReadDataset, ReadStore};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::collections::BTreeMap;
use std::time::Duration;

/// The manifests that are run.
const MANIFESTS: &[&str] = &[
    "sparql10/manifest-syntax.ttl",
    "sparql10/manifest-evaluation.ttl",
    "sparql11/manifest-all.ttl",
];

/// Suites that are not run, with the reason.
const SKIPPED_SUITES: &[(&str, &str)] = &[
    ("sparql11/entailment", "no entailment regime is supported"),
    ("sparql11/graph-store-protocol", OVER_HTTP),
    ("sparql11/protocol", OVER_HTTP),
    ("sparql11/service", "queries never reach the network"),
    ("sparql11/service-description", OVER_HTTP),
];

const OVER_HTTP: &str = "run over HTTP by tests/program/serve/w3c.rs";

/// Tests that are known to fail, with the reason. One that passes must go from this list.
const KNOWN_FAILURES: &[(&str, &str)] = &[
    (
        "sparql10/syntax-sparql3/syn-bad-26",
        "the parser does not follow the longest-token rule for `<?a&&?b>`",
    ),
    (
        "sparql10/open-world/date-2",
        "the engine finds dates with and without a time zone different; the test leaves it open",
    ),
    ("sparql10/expr-builtin/dawg-str-1", STR_OF_NUMBERS),
    ("sparql10/expr-builtin/dawg-str-2", STR_OF_NUMBERS),
    (
        "sparql10/expr-builtin/case-insensitive-booleans",
        "the parser wants `true` and `false` in lower case",
    ),
    ("sparql11/aggregates/agg-groupconcat-04", GROUP_CONCAT),
    ("sparql11/aggregates/agg-groupconcat-06", GROUP_CONCAT),
    (
        "sparql11/functions/bnode01",
        "BNODE of one string is one node in the whole result, not in each row only",
    ),
];

const STR_OF_NUMBERS: &str = "STR of a number gives its shortest form, not the one in the data";
const GROUP_CONCAT: &str = "GROUP_CONCAT keeps the language that all strings share, as SPARQL 1.2";

#[test]
fn w3c_suites() {
    let Some(root) = outside::find("w3c", "the W3C's SPARQL suites") else {
        return;
    };
    let suites = Suites::open(&root);
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut known: BTreeMap<_, _> = KNOWN_FAILURES.iter().copied().collect();
    for manifest in MANIFESTS {
        for test in suites.tests(manifest).unwrap() {
            let count = counts.entry(test.suite.clone()).or_default();
            if SKIPPED_SUITES.iter().any(|(suite, _)| *suite == test.suite) {
                count[2] += 1;
                continue;
            }
            match (run(&suites, &test), known.remove(test.id.as_str())) {
                (Ok(()), None) => count[0] += 1,
                (Err(_), Some(_)) => count[2] += 1,
                (Err(error), None) => {
                    count[1] += 1;
                    problems.push(format!("{} ({}): {error}", test.id, test.kind));
                }
                (Ok(()), Some(reason)) => {
                    count[1] += 1;
                    problems.push(format!("{} passes, but is listed: {reason}", test.id));
                }
            }
        }
    }
    problems.extend(
        known
            .keys()
            .map(|id| format!("{id} is listed, but there is no such test")),
    );
    report(&counts);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn report(counts: &BTreeMap<String, [usize; 3]>) {
    let mut total = [0; 3];
    for (suite, count) in counts {
        let [passed, failed, skipped] = count;
        println!("{suite}: {passed} passed, {failed} failed, {skipped} skipped");
        for (sum, number) in total.iter_mut().zip(count) {
            *sum += number;
        }
    }
    let [passed, failed, skipped] = total;
    println!("total: {passed} passed, {failed} failed, {skipped} skipped");
    for (suite, reason) in SKIPPED_SUITES.iter().chain(KNOWN_FAILURES) {
        println!("skipped {suite}: {reason}");
    }
}

fn run(suites: &Suites, test: &Test) -> Result<(), String> {
    let text = suites.text(&test.request)?;
    let evaluator = Evaluator::new()
        .with_base_iri(&test.request)
        .map_err(|error| error.to_string())?;
    let is_update = test.kind.contains("Update") || test.request.ends_with(".ru");
    let parsed = if is_update {
        evaluator.parse_update(&text).map(|_| ())
    } else {
        evaluator.parse_query(&text).map(|_| ())
    };
    match test.kind.as_str() {
        kind if kind.starts_with("PositiveSyntax") | kind.starts_with("PositiveUpdate") => {
            parsed.map_err(|error| error.to_string())
        }
        kind if kind.starts_with("NegativeSyntax") | kind.starts_with("NegativeUpdate") => {
            match parsed {
                Ok(()) => Err("parsed, but should not".to_owned()),
                // The message is made for people: it must at least say where.
                Err(error) if error.to_string().is_empty() => Err("says nothing".to_owned()),
                Err(_) => Ok(()),
            }
        }
        "QueryEvaluationTest" | "CSVResultFormatTest" => {
            query(suites, test, &evaluator, &text)?;
            // With a limit of time the query is rewritten; the answer must not change.
            let limited = evaluator.with_timeout(Duration::from_secs(600));
            query(suites, test, &limited, &text).map_err(|error| format!("with a limit: {error}"))
        }
        "UpdateEvaluationTest" => update(suites, test, &evaluator, &text),
        kind => Err(format!("the kind {kind} is not known")),
    }
}

fn query(suites: &Suites, test: &Test, evaluator: &Evaluator, text: &str) -> Result<(), String> {
    let query = evaluator
        .parse_query(text)
        .map_err(|error| error.to_string())?;
    let mut data = suites.quads(&test.data)?;
    if test.data.default.is_empty() && test.data.named.is_empty() {
        // The query itself names the files, by FROM.
        data.extend(suites.quads(&files_of(&query))?);
    }
    let memory = MemoryStore::from_quads(data);
    let compiled = CompiledStore::in_memory(&memory).map_err(|error| error.to_string())?;
    answer(suites, test, evaluator, query.clone(), memory.dataset())?;
    answer(suites, test, evaluator, query, compiled.dataset())
        .map_err(|error| format!("on columns: {error}"))
}

/// Whether a dataset gives the answer that is expected.
fn answer<'a>(
    suites: &Suites,
    test: &Test,
    evaluator: &Evaluator,
    query: Query,
    dataset: impl ReadDataset<'a>,
) -> Result<(), String> {
    let result = test.result.as_deref().ok_or("no result is given")?;
    let extension = result.rsplit('.').next().unwrap_or_default();
    let format = match (extension, &query) {
        (_, Query::Construct { .. } | Query::Describe { .. }) => ResultFormat::NTriples,
        ("srx", _) => ResultFormat::Xml,
        ("csv", _) => ResultFormat::Csv,
        ("tsv", _) => ResultFormat::Tsv,
        _ => ResultFormat::Json,
    };
    let is_ordered = is_ordered(&query);
    let results = evaluator
        .evaluate(dataset, query, &[])
        .map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    write(results, format, evaluator.prefixes(), &mut bytes).map_err(|error| error.to_string())?;
    let written = String::from_utf8(bytes).map_err(|error| error.to_string())?;

    let read = |text: &str| match format {
        ResultFormat::Xml => Answer::parse(text, QueryResultsFormat::Xml),
        ResultFormat::Csv => Answer::parse_csv(text),
        ResultFormat::Tsv => Answer::parse(text, QueryResultsFormat::Tsv),
        ResultFormat::Json => Answer::parse(text, QueryResultsFormat::Json),
        _ => RdfParser::from_format(RdfFormat::NTriples)
            .for_slice(text)
            .collect::<Result<_, _>>()
            .map(Answer::Graph)
            .map_err(|error| error.to_string()),
    };
    let actual = read(&written)?;
    let expected = if matches!(extension, "ttl" | "rdf" | "nt") {
        Answer::from_graph(suites.triples(result, &Default::default())?)?
    } else {
        read(&suites.text(result)?)?
    };
    if actual.is_same(&expected, is_ordered, test.is_lax) {
        Ok(())
    } else {
        Err(format!("expected {expected}\nfound {actual}"))
    }
}

/// The files that `FROM` and `FROM NAMED` name.
fn files_of(query: &Query) -> Data {
    let mut data = Data::default();
    if let Some(from) = query.dataset() {
        let names = from.default.iter().chain(from.named.iter().flatten());
        data.named = names
            .map(|name| (name.as_str().to_owned(), name.as_str().to_owned()))
            .collect();
    }
    data
}

/// Whether the order of the rows is part of the answer.
fn is_ordered(query: &Query) -> bool {
    let Query::Select { pattern, .. } = query else {
        return false;
    };
    let mut pattern = pattern;
    loop {
        pattern = match pattern {
            GraphPattern::OrderBy { .. } => return true,
            GraphPattern::Slice { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Project { inner, .. } => inner,
            _ => return false,
        };
    }
}

fn update(suites: &Suites, test: &Test, evaluator: &Evaluator, text: &str) -> Result<(), String> {
    let before = MemoryStore::from_quads(suites.quads(&test.data)?);
    let expected = suites.quads(&test.after)?;
    let updated = evaluator
        .update(&before, text, &[])
        .map_err(|error| error.to_string())?;
    let found: Vec<_> = updated.store.quads().collect();
    if !is_isomorphic(&found, &expected) {
        return Err(format!("expected {expected:#?}\nfound {found:#?}"));
    }
    // The difference is exact: nothing in it was there before, or was not.
    let redone = before.apply(&updated.inserts, &updated.deletes);
    if redone.quads().collect::<Vec<_>>() != found
        || updated
            .inserts
            .iter()
            .any(|quad| before.contains(quad.as_ref()))
        || !updated
            .deletes
            .iter()
            .all(|quad| before.contains(quad.as_ref()))
    {
        return Err(format!(
            "the difference is wrong: {:#?} {:#?}",
            updated.inserts, updated.deletes
        ));
    }
    Ok(())
}
