use super::*;
use crate::prefixes::tests::prefixes;
use crate::sparql::evaluator::Evaluator;
use oxigraph::model::Dataset;

fn written(query: &str, format: &str) -> Result<String, SparqlError> {
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    let dataset = Dataset::new();
    let results = evaluator.query(&dataset, query, &[])?;
    let mut bytes = Vec::new();
    let format = format.parse().expect("the format is known");
    write(results, format, evaluator.prefixes(), &mut bytes)?;
    Ok(String::from_utf8(bytes).expect("all formats are UTF-8"))
}

const ROWS: &str = "SELECT ?n ?name ?who ?x { VALUES (?who ?name ?n ?x) {
        (id:nvidia '英伟达'@zh 12 1.50) (<http://example.com/a_b> 'a|b\\n\"c\"' UNDEF 1e300) } }";

#[test]
fn rows_in_all_formats() {
    for (format, expected) in [
        (
            "table",
            " n  name      who                         x\n\
                 ──  ────────  ──────────────────────  ─────\n\
                 12  英伟达    id:nvidia                 1.5\n    a|b\\n",
        ),
        (
            "csv",
            "n,name,who,x\r\n12,英伟达,https://w3id.org/powermap/id/nvidia,1.50\r\n",
        ),
        (
            "tsv",
            "?n\t?name\t?who\t?x\n12\t\"英伟达\"@zh\t<https://w3id.org/powermap/id/nvidia>\t1.50\n",
        ),
        (
            "json",
            "{\"head\":{\"vars\":[\"n\",\"name\",\"who\",\"x\"]},",
        ),
        (
            "xml",
            "<?xml version=\"1.0\"?><sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">",
        ),
        (
            "markdown",
            "| n | name | who | x |\n| ---: | --- | --- | ---: |\n| 12 | 英伟达 | id:nvidia | 1.5 |\n|  | a\\|b<br>\"c\" | http://example.com/a_b | 1e300 |\n",
        ),
    ] {
        let text = written(ROWS, format).unwrap();
        assert!(text.starts_with(expected), "{format}:\n{text}");
        assert!(text.ends_with('\n'), "{format}");
    }
}

#[test]
fn numbers_are_numbers_only_where_nothing_is_lost() {
    for (text, expected) in [
        ("007", Cell::Integer(7)),
        (
            "123456789012345678901234567890",
            Cell::Text("123456789012345678901234567890".into()),
        ),
        ("1.50", Cell::Number(1.5)),
        (
            "0.1234567890123456789",
            Cell::Text("0.1234567890123456789".into()),
        ),
        ("1e11", Cell::Number(1e11)),
        ("true", Cell::Bool(true)),
        ("'2025-09-22'^^xsd:date", Cell::Text("2025-09-22".into())),
        ("'x'^^xsd:integer", Cell::Text("x".into())),
        ("'5'^^xsd:unsignedByte", Cell::Integer(5)),
    ] {
        let dataset = Dataset::new();
        let query = format!("SELECT ?v {{ VALUES ?v {{ {text} }} }}");
        let Ok(Results::Solutions(mut rows)) =
            Evaluator::new()
                .with_prefixes(prefixes())
                .query(&dataset, &query, &[])
        else {
            panic!("SELECT gives rows");
        };
        let row = rows.next().unwrap().unwrap();
        assert_eq!(cell(row.get("v").unwrap(), &prefixes()), expected, "{text}");
    }
}

#[test]
fn answers_in_all_formats() {
    for (format, expected) in [
        ("table", "true\n"),
        ("markdown", "true\n"),
        ("csv", "true\n"),
        ("json", "{\"head\":{},\"boolean\":true}\n"),
    ] {
        assert_eq!(written("ASK {}", format).unwrap(), expected);
    }
    let error = written("ASK {}", "turtle").unwrap_err().to_string();
    assert_eq!(
        error,
        "a yes-or-no (ASK) result cannot be written as turtle: expected one of table, csv, tsv, json, xml, markdown"
    );
    assert!(
        written("SELECT * {}", "jsonld")
            .unwrap_err()
            .to_string()
            .contains("row (SELECT)")
    );
}

#[test]
fn graphs_in_all_formats() {
    let query = "CONSTRUCT { ?x pm:x [ pm:y 1 ] } WHERE { VALUES ?x { id:a id:b } }";
    for (format, expected) in [
        ("turtle", "id:a pm:x _:b1 .\n_:b1 pm:y 1 ."),
        (
            "ntriples",
            "<https://w3id.org/powermap/id/a> <https://w3id.org/powermap/ns#x> _:b1 .\n",
        ),
        ("trig", "id:b pm:x _:b2"),
        ("nquads", "_:b2 <https://w3id.org/powermap/ns#y> \"1\"^^"),
        ("rdfxml", "<rdf:RDF"),
        ("jsonld", "\"@id\":\"_:b1\""),
        ("table", "subject  predicate  object\n"),
        ("csv", "subject,predicate,object\r\n"),
        ("json", "\"vars\":[\"subject\",\"predicate\",\"object\"]"),
    ] {
        let text = written(query, format).unwrap();
        assert!(text.contains(expected), "{format}:\n{text}");
        assert_eq!(text, written(query, format).unwrap(), "{format}");
    }
}

#[test]
fn names_of_formats_go_both_ways() {
    for (name, format) in ResultFormat::NAMES {
        assert_eq!(name.parse(), Ok(format));
        assert_eq!(format.name(), name);
    }
    assert!(
        "yaml"
            .parse::<ResultFormat>()
            .unwrap_err()
            .contains("jsonld")
    );
}
