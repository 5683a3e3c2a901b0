//! Shapes: every constraint of SHACL Core on nodes that keep to it and nodes that do not, and the errors.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::{Dataset, Quad, Term};

use powermap::model::vocabulary::{PREFIXES, compact};
use powermap_rdf::{
    Format, MemoryStore, ReadStore, Severity, Shapes, SparqlError, ValidationResult, rdf,
};

/// Turtle in which the known prefixes need no declaration and `:` is `id:`.
fn turtle(text: &str) -> Vec<Quad> {
    let mut whole = String::from("@prefix : <https://w3id.org/powermap/id/> . ");
    for (prefix, iri) in PREFIXES.iter() {
        whole.push_str(&format!("@prefix {prefix}: <{iri}> . "));
    }
    whole.push_str(text);
    rdf::parse(whole.as_bytes(), Format::Turtle, "test").unwrap()
}

fn short(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => compact(node.as_str()).replace("id:", ""),
        Term::BlankNode(_) => "_".to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
    }
}

/// A finding as `focus component` or `focus component value`.
fn line(finding: &ValidationResult) -> String {
    let mut line = format!("{} {}", short(&finding.focus), finding.component_name());
    if let Some(value) = &finding.value {
        line.push_str(&format!(" {}", short(value)));
    }
    line
}

fn validate(shapes: &str, data: &str) -> Vec<ValidationResult> {
    let shapes = Shapes::parse(turtle(shapes), PREFIXES.clone())
        .unwrap_or_else(|error| panic!("{shapes}: {error}"));
    // The store and the plain dataset of the model must agree.
    let quads = turtle(data);
    let dataset: Dataset = quads.iter().cloned().collect();
    let store = MemoryStore::from_quads(quads);
    let findings = shapes.validate(store.dataset()).unwrap();
    assert_eq!(findings, shapes.validate(&dataset).unwrap(), "{data}");
    findings
}

/// Checks what the node shape with this body, put on all nodes of type `:T`, finds.
fn check(body: &str, data: &str, expected: &[&str]) {
    let shapes = format!(":S a sh:NodeShape ; sh:targetClass :T ; {body} .");
    let found: Vec<_> = validate(&shapes, data).iter().map(line).collect();
    assert_eq!(found, expected, "{body}\n{data}");
}

/// The same for a property shape on `:p`.
fn check_property(body: &str, data: &str, expected: &[&str]) {
    check(
        &format!("sh:property [ sh:path :p ; {body} ]"),
        data,
        expected,
    );
}

#[test]
fn counts() {
    let data = ":none a :T . :one a :T ; :p 1 . :two a :T ; :p 1, 2 . :three a :T ; :p 1, 2, 3 .";
    check_property("sh:minCount 1", data, &["none MinCount"]);
    check_property("sh:minCount 2", data, &["none MinCount", "one MinCount"]);
    check_property("sh:minCount 0", data, &[]);
    check_property("sh:maxCount 1", data, &["three MaxCount", "two MaxCount"]);
    check_property("sh:maxCount 2", data, &["three MaxCount"]);
    check_property(
        "sh:maxCount 0",
        data,
        &["one MaxCount", "three MaxCount", "two MaxCount"],
    );
    // A value that two ways lead to is one value.
    check(
        "sh:property [ sh:path ( :p :q ) ; sh:minCount 2 ] , [ sh:path ( :p :q ) ; sh:maxCount 1 ]",
        ":good a :T ; :p :a, :b . :a :q 1 . :b :q 1 .  :two a :T ; :p :c . :c :q 1, 2 .",
        &["good MinCount", "two MaxCount"],
    );
}

#[test]
fn datatypes_and_their_lexical_forms() {
    check_property(
        "sh:datatype xsd:integer",
        ":good a :T ; :p 1, -5, \"007\"^^xsd:integer . :bad a :T ; :p 1.0, \"1\", \"one\"^^xsd:integer, \"1\"^^xsd:int, :x, [] .",
        &[
            "bad Datatype 1",
            "bad Datatype 1",
            "bad Datatype 1.0",
            "bad Datatype one",
            "bad Datatype x",
            "bad Datatype _",
        ],
    );
    check_property(
        "sh:datatype xsd:byte",
        ":good a :T ; :p \"127\"^^xsd:byte . :bad a :T ; :p \"128\"^^xsd:byte, 1 .",
        &["bad Datatype 1", "bad Datatype 128"],
    );
    check_property(
        "sh:datatype xsd:date",
        ":good a :T ; :p \"2024-02-29\"^^xsd:date . :bad a :T ; :p \"2025-02-29\"^^xsd:date .",
        &["bad Datatype 2025-02-29"],
    );
    check_property(
        "sh:datatype rdf:langString",
        ":good a :T ; :p \"a\"@en . :bad a :T ; :p \"a\" .",
        &["bad Datatype a"],
    );
    check_property(
        "sh:datatype pm:timeSpan",
        ":good a :T ; :p \"2025-Q3\"^^pm:timeSpan . :bad a :T ; :p \"2025\"^^xsd:gYear .",
        &["bad Datatype 2025"],
    );
}

#[test]
fn classes_count_with_their_subclasses() {
    let classes = ":B rdfs:subClassOf :A . :C rdfs:subClassOf :B .";
    let data = ":good a :T ; :p :a, :b, :c . :a a :A . :b a :B . :c a :X, :C .
                :bad a :T ; :p :d, \"a\" . :d a :X .";
    check_property(
        "sh:class :A",
        &format!("{classes} {data}"),
        &["bad Class a", "bad Class d"],
    );
    check(
        "sh:class :A",
        ":good a :T, :A . :bad a :T .",
        &["bad Class bad"],
    );
    // Each class is a constraint of its own.
    check(
        "sh:class :A, :B",
        ":good a :T, :A, :B . :one a :T, :A . :none a :T .",
        &["none Class none", "none Class none", "one Class one"],
    );
}

#[test]
fn kinds_of_nodes() {
    let data = ":x a :T ; :p :iri, [], \"text\", 5 .";
    for (kind, expected) in [
        (
            "IRI",
            &["x NodeKind 5", "x NodeKind text", "x NodeKind _"][..],
        ),
        (
            "BlankNode",
            &["x NodeKind 5", "x NodeKind text", "x NodeKind iri"],
        ),
        ("Literal", &["x NodeKind iri", "x NodeKind _"]),
        ("BlankNodeOrIRI", &["x NodeKind 5", "x NodeKind text"]),
        ("BlankNodeOrLiteral", &["x NodeKind iri"]),
        ("IRIOrLiteral", &["x NodeKind _"]),
    ] {
        check_property(&format!("sh:nodeKind sh:{kind}"), data, expected);
    }
}

#[test]
fn lists_and_single_values() {
    check_property(
        "sh:in ( :a \"b\" 3 )",
        ":good a :T ; :p :a, \"b\", 3 . :bad a :T ; :p :b, \"b\"@en, 3.0 .",
        &["bad In 3.0", "bad In b", "bad In b"],
    );
    check_property("sh:in ()", ":good a :T . :bad a :T ; :p 1 .", &["bad In 1"]);
    check_property(
        "sh:hasValue :a",
        ":good a :T ; :p :b, :a . :bad a :T ; :p :b . :none a :T .",
        &["bad HasValue", "none HasValue"],
    );
    check(
        "sh:hasValue :good",
        ":good a :T . :bad a :T .",
        &["bad HasValue"],
    );
    check(
        "sh:property [ sh:path ( :p [ sh:zeroOrMorePath :q ] ) ; sh:hasValue :c ]",
        ":good a :T ; :p :a . :a :q :b . :b :q :c . :c :q :a . :bad a :T ; :p :d .",
        &["bad HasValue"],
    );
}

#[test]
fn text() {
    check_property(
        "sh:pattern \"^a+$\"",
        ":good a :T ; :p \"a\", \"aa\"@en . :bad a :T ; :p \"ab\", \"A\", [] .",
        &["bad Pattern A", "bad Pattern ab", "bad Pattern _"],
    );
    check_property(
        "sh:pattern \"^a+$\" ; sh:flags \"i\"",
        ":good a :T ; :p \"A\" . :bad a :T ; :p \"b\" .",
        &["bad Pattern b"],
    );
    check_property(
        "sh:pattern \"a.c\" ; sh:flags \"q\"",
        ":good a :T ; :p \"a.c\" . :bad a :T ; :p \"abc\" .",
        &["bad Pattern abc"],
    );
    // The text of an IRI is the IRI, that of a number what is written.
    check_property(
        "sh:pattern \"/id/a$\"",
        ":good a :T ; :p :a . :bad a :T ; :p :b .",
        &["bad Pattern b"],
    );
    check_property(
        "sh:pattern \"^0\"",
        ":good a :T ; :p \"01\"^^xsd:integer . :bad a :T ; :p 1 .",
        &["bad Pattern 1"],
    );
    check_property(
        "sh:minLength 2",
        ":good a :T ; :p \"ab\", \"棋盘\", 10 . :bad a :T ; :p \"a\", \"棋\", 1, [] .",
        &[
            "bad MinLength 1",
            "bad MinLength a",
            "bad MinLength 棋",
            "bad MinLength _",
        ],
    );
    check_property(
        "sh:maxLength 2",
        ":good a :T ; :p \"\", \"棋盘\" . :bad a :T ; :p \"abc\", :a, [] .",
        &["bad MaxLength abc", "bad MaxLength a", "bad MaxLength _"],
    );
}

#[test]
fn languages() {
    check_property(
        "sh:languageIn ( \"en\" \"zh\" )",
        ":good a :T ; :p \"a\"@en, \"b\"@en-GB, \"c\"@ZH . :bad a :T ; :p \"d\"@de, \"e\", :f .",
        &["bad LanguageIn d", "bad LanguageIn e", "bad LanguageIn f"],
    );
    check_property(
        "sh:uniqueLang true",
        ":good a :T ; :p \"a\"@en, \"a\"@zh, \"b\", \"c\", 1 . :bad a :T ; :p \"a\"@en, \"b\"@EN .",
        &["bad UniqueLang"],
    );
    check_property(
        "sh:uniqueLang false",
        ":good a :T ; :p \"a\"@en, \"b\"@en .",
        &[],
    );
}

#[test]
fn ranges() {
    let data = ":x a :T ; :p 1, 2, 3.0, 4e0, \"5\", \"2025-01-01\"^^xsd:date, :y .";
    let other = ["x {} 2025-01-01", "x {} 5", "x {} y"];
    for (parameter, numbers) in [
        ("minInclusive 2", &["x {} 1"][..]),
        ("minExclusive 2", &["x {} 1", "x {} 2"]),
        ("maxInclusive 3", &["x {} 4e0"]),
        ("maxExclusive 3", &["x {} 3.0", "x {} 4e0"]),
    ] {
        let name = parameter[..1].to_uppercase() + parameter[1..].split(' ').next().unwrap();
        let mut expected: Vec<_> = numbers
            .iter()
            .chain(&other)
            .map(|line| line.replace("{}", &name))
            .collect();
        let shapes =
            format!(":S sh:targetClass :T ; sh:property [ sh:path :p ; sh:{parameter} ] .");
        let mut found: Vec<_> = validate(&shapes, data).iter().map(line).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{parameter}");
    }
    check_property(
        "sh:maxInclusive 500",
        ":good a :T ; :p \"5\"^^xsd:byte . :bad a :T ; :p \"300\"^^xsd:byte .",
        &["bad MaxInclusive 300"],
    );
    check_property(
        "sh:minInclusive \"2025-01-02\"^^xsd:date",
        ":good a :T ; :p \"2025-01-02\"^^xsd:date . :bad a :T ; :p \"2025-01-01\"^^xsd:date, 5 .",
        &["bad MinInclusive 2025-01-01", "bad MinInclusive 5"],
    );
}

#[test]
fn pairs_of_properties() {
    let data = ":good a :T ; :p 1 ; :q 2 . :same a :T ; :p 2 ; :q 2.0 . :more a :T ; :p 3 ; :q 2 .
                :mixed a :T ; :p 1 ; :q \"2\" . :iris a :T ; :p :a ; :q :a . :alone a :T ; :p 5 .";
    check_property(
        "sh:lessThan :q",
        data,
        &[
            "iris LessThan a",
            "mixed LessThan 1",
            "more LessThan 3",
            "same LessThan 2",
        ],
    );
    check_property(
        "sh:lessThanOrEquals :q",
        data,
        &[
            "iris LessThanOrEquals a",
            "mixed LessThanOrEquals 1",
            "more LessThanOrEquals 3",
        ],
    );
    let data = ":good a :T ; :p 1, 2 ; :q 2, 1 . :bad a :T ; :p 1, 2 ; :q 2, 3 . :empty a :T .";
    check_property("sh:equals :q", data, &["bad Equals 1", "bad Equals 3"]);
    check(
        "sh:equals :p",
        ":good a :T ; :p :good . :bad a :T ; :p :good .",
        &["bad Equals bad", "bad Equals good"],
    );
    let data = ":good a :T ; :p 1 ; :q 2 . :bad a :T ; :p 1, 2 ; :q 2, 3 .";
    check_property("sh:disjoint :q", data, &["bad Disjoint 2"]);
    check(
        "sh:disjoint :p",
        ":good a :T ; :p :bad . :bad a :T ; :p :bad .",
        &["bad Disjoint bad"],
    );
}

#[test]
fn logic() {
    let data = ":none a :T . :a a :T, :A . :b a :T, :B . :both a :T, :A, :B .";
    let list = "( [ sh:class :A ] [ sh:class :B ] )";
    check(
        &format!("sh:and {list}"),
        data,
        &["a And a", "b And b", "none And none"],
    );
    check(&format!("sh:or {list}"), data, &["none Or none"]);
    check(
        &format!("sh:xone {list}"),
        data,
        &["both Xone both", "none Xone none"],
    );
    check(
        "sh:not [ sh:class :A ]",
        data,
        &["a Not a", "both Not both"],
    );
    // Equal findings count once.
    check(
        "sh:not [ sh:class :A ] , [ sh:class :B ]",
        data,
        &["a Not a", "b Not b", "both Not both"],
    );
    check("sh:and () ; sh:or ( [] )", data, &[]);
    check("sh:not []", ":x a :T .", &["x Not x"]);
    check_property(
        "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] )",
        ":good a :T ; :p \"2025\"^^xsd:gYear, \"2025-01-01\"^^xsd:date . :bad a :T ; :p 2025, \"20\"^^xsd:gYear .",
        &["bad Or 20", "bad Or 2025"],
    );
    // Shapes with paths, and shapes inside shapes inside shapes.
    check(
        "sh:or ( [ sh:path :p ; sh:minCount 1 ] [ sh:not [ sh:property [ sh:path :q ; sh:hasValue 1 ] ] ] )",
        ":p a :T ; :p 0 ; :q 1 . :q a :T ; :q 2 . :bad a :T ; :q 1 .",
        &["bad Or bad"],
    );
}

#[test]
fn shapes_for_values() {
    let shapes = ":S sh:targetClass :T ; sh:property [ sh:path :p ; sh:node :Named ] .
                  :Named a sh:NodeShape ; sh:property [ sh:path :name ; sh:minCount 1 ] .";
    let data = ":good a :T ; :p :x . :x :name 1 . :bad a :T ; :p :x, [ :other 1 ] .";
    assert_eq!(
        validate(shapes, data).iter().map(line).collect::<Vec<_>>(),
        ["bad Node _"]
    );
    // With sh:property, the finding is about the value itself.
    check_property(
        "sh:property [ sh:path :name ; sh:minCount 1 ]",
        ":good a :T ; :p :x . :x :name 1 . :bad a :T ; :p :x, :y .",
        &["y MinCount"],
    );
    // Conformance to a property shape inside a node shape goes along both paths.
    check_property(
        "sh:not [ sh:property [ sh:path :q ; sh:property [ sh:path :r ; sh:maxCount 0 ] ] ]",
        ":good a :T ; :p :x . :x :q :y . :y :r 1 . :bad a :T ; :p :z . :z :q :w .",
        &["bad Not z"],
    );
    check_property(
        "sh:qualifiedValueShape [ sh:class :A ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
        ":a a :A . :b a :A . :c a :A . :good a :T ; :p :a, :b, :x . :few a :T ; :p :x . :many a :T ; :p :a, :b, :c .",
        &["few QualifiedMinCount", "many QualifiedMaxCount"],
    );
    let hand = |finger: &str| {
        format!(
            "sh:property [ sh:path :digit ; sh:qualifiedValueShape [ sh:class :{finger} ] ;
             sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ]"
        )
    };
    check(
        &format!("{} ; {}", hand("Thumb"), hand("Finger")),
        ":t a :Thumb . :f a :Finger . :tf a :Thumb, :Finger . :good a :T ; :digit :t, :f . :bad a :T ; :digit :t, :tf .",
        &["bad QualifiedMinCount"],
    );
}

#[test]
fn closed_shapes() {
    let body = "sh:closed true ; sh:ignoredProperties ( rdf:type :q ) ;
                sh:property [ sh:path :p ] , [ sh:path [ sh:inversePath :r ] ]";
    let data = ":good a :T ; :p 1 ; :q 2 . :bad a :T ; :p 1 ; :r 3 .";
    check(body, data, &["bad Closed 3"]);
    let shapes = format!(":S sh:targetClass :T ; {body} .");
    assert_eq!(validate(&shapes, data)[0].path.as_deref(), Some("id:r"));
    check("sh:closed false", data, &[]);
}

#[test]
fn paths() {
    let data = ":t a :T ; :p :a . :a :q :b . :b :q :c . :up :r :t .";
    for (path, values) in [
        (":p", "a"),
        ("( :p :q )", "b"),
        ("[ sh:inversePath :r ]", "up"),
        (
            "[ sh:alternativePath ( :p [ sh:inversePath :r ] ) ]",
            "a up",
        ),
        ("( :p [ sh:zeroOrMorePath :q ] )", "a b c"),
        ("( :p [ sh:oneOrMorePath :q ] )", "b c"),
        ("( :p [ sh:zeroOrOnePath :q ] )", "a b"),
        ("[ sh:zeroOrMorePath :none ]", "t"),
        ("( :p :q [ sh:inversePath :q ] )", "a"),
    ] {
        let shapes = format!(":S sh:targetClass :T ; sh:property [ sh:path {path} ; sh:in () ] .");
        let found: Vec<_> = validate(&shapes, data)
            .iter()
            .map(|f| short(f.value.as_ref().unwrap()))
            .collect();
        assert_eq!(found.join(" "), values, "{path}");
    }
    // A node that the data do not hold still has itself at the end of no step.
    let shapes = ":S sh:targetNode :nowhere ; sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:minCount 1 ] .";
    assert_eq!(validate(shapes, data), []);
}

#[test]
fn targets() {
    let data = ":U rdfs:subClassOf :T . :a a :U ; :p :b . :b :q 5 . [] a :T .";
    for (target, focus) in [
        ("sh:targetClass :T", "a _"),
        ("sh:targetNode :a, :nowhere, 7", "7 a nowhere"),
        ("sh:targetSubjectsOf :p", "a"),
        ("sh:targetObjectsOf :p", "b"),
        (
            "sh:targetSubjectsOf :p ; sh:targetObjectsOf :p, :q ; sh:targetClass :U",
            "5 a b",
        ),
        ("a sh:NodeShape", ""),
    ] {
        let shapes = format!(":S {target} ; sh:in () .");
        let found: Vec<_> = validate(&shapes, data)
            .iter()
            .map(|f| short(&f.focus))
            .collect();
        assert_eq!(found.join(" "), focus, "{target}");
    }
    let class = ":T a rdfs:Class, sh:NodeShape ; sh:in () .";
    assert_eq!(validate(class, data).len(), 2);
}

#[test]
fn what_a_finding_says() {
    let shapes = ":S sh:targetClass :T ; sh:property :P .
        :P sh:path ( [ sh:inversePath :q ] :p ) ; sh:maxCount 0 ; sh:severity sh:Warning ;
            sh:message \"Too many.\"@en, \"太多。\"@zh .
        :Plain sh:targetClass :T ; sh:property [ sh:path :p ; sh:minCount 1 ; sh:datatype xsd:date ] .";
    let found = validate(shapes, ":x a :T . :y :q :x ; :p 1 .");
    assert_eq!(found.len(), 2);
    let warning = found
        .iter()
        .find(|f| f.severity == Severity::Warning)
        .unwrap();
    assert_eq!(warning.path.as_deref(), Some("^id:q/id:p"));
    assert_eq!(short(&warning.shape), "P");
    assert_eq!(warning.messages["zh"], "太多。");
    assert_eq!(
        warning.component.as_str(),
        "http://www.w3.org/ns/shacl#MaxCountConstraintComponent"
    );
    let plain = found
        .iter()
        .find(|f| f.severity == Severity::Violation)
        .unwrap();
    assert_eq!(
        plain.messages["en"],
        "sh:minCount \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> does not hold."
    );
    assert!(Severity::Info < Severity::Warning && Severity::Warning < Severity::Violation);
    assert_eq!(Severity::Info.to_string(), "info");
}

#[test]
fn a_deactivated_shape_finds_nothing_and_everything_conforms_to_it() {
    let data = ":x a :T .";
    check("sh:deactivated true ; sh:in ()", data, &[]);
    check("sh:deactivated false ; sh:in ()", data, &["x In x"]);
    check("sh:node [ sh:deactivated true ; sh:in () ]", data, &[]);
    check(
        "sh:not [ sh:deactivated true ; sh:in () ]",
        data,
        &["x Not x"],
    );
}

fn error(shapes: &str) -> String {
    let error = Shapes::parse(turtle(shapes), PREFIXES.clone()).expect_err(shapes);
    assert_eq!(
        SparqlError::from(Box::new(error.clone())).to_string(),
        error.to_string()
    );
    error.to_string()
}

#[test]
fn what_cannot_be_checked_is_an_error_that_names_it() {
    for (body, named) in [
        ("sh:sparql [ sh:select \"\" ]", "sh:sparql"),
        ("sh:minCont 1", "expected sh:minCount"),
        ("sh:rule []", "sh:rule"),
        ("sh:path :p ; sh:minCount \"many\"", "sh:minCount"),
        ("sh:path :p ; sh:minCount -1", "sh:minCount"),
        ("sh:path :p ; sh:minCount 1, 2", "sh:minCount"),
        ("sh:minCount 1", "sh:minCount"),
        ("sh:uniqueLang true", "sh:uniqueLang"),
        ("sh:path :p ; sh:uniqueLang 1", "sh:uniqueLang"),
        ("sh:lessThan :q", "sh:lessThan"),
        ("sh:datatype \"integer\"", "sh:datatype"),
        ("sh:class []", "sh:class"),
        ("sh:nodeKind sh:Iri", "sh:nodeKind"),
        ("sh:in :a", "sh:in"),
        ("sh:in [ rdf:first 1 ]", "sh:in"),
        ("sh:languageIn ( :en )", "sh:languageIn"),
        ("sh:pattern \"(\"", "sh:pattern"),
        ("sh:pattern \"a\" ; sh:flags \"g\"", "sh:flags"),
        ("sh:flags \"i\"", "sh:flags"),
        ("sh:minInclusive :a", "sh:minInclusive"),
        ("sh:or :a", "sh:or"),
        ("sh:or ( 1 )", "sh:or"),
        ("sh:node :Missing", "id:Missing"),
        ("sh:node [ sh:path :p ]", "sh:node"),
        ("sh:property [ sh:minCount 1 ]", "sh:property"),
        ("sh:property 5", "sh:property"),
        ("sh:not :S", "refers to id:S"),
        ("sh:closed 1", "sh:closed"),
        (
            "sh:closed true ; sh:ignoredProperties ( \"p\" )",
            "sh:ignoredProperties",
        ),
        ("sh:ignoredProperties ( :p )", "sh:ignoredProperties"),
        ("sh:path [] ; sh:minCount 1", "sh:path"),
        (
            "sh:path :p ; sh:qualifiedMinCount 1",
            "sh:qualifiedMinCount",
        ),
        (
            "sh:path :p ; sh:qualifiedValueShape []",
            "sh:qualifiedValueShape",
        ),
        ("sh:severity :Bad", "sh:severity"),
        ("sh:message :x", "sh:message"),
        ("sh:deactivated \"yes\"", "sh:deactivated"),
        ("sh:targetClass \"T\"", "sh:targetClass"),
        ("sh:targetNode []", "sh:targetNode"),
        ("sh:target [] ; sh:in ()", "sh:target"),
        ("a sh:PropertyShape", "sh:path"),
        ("a sh:NodeShape ; sh:path :p", "sh:NodeShape"),
    ] {
        let text = error(&format!(":S {body} ."));
        assert!(text.contains(named), "{body}: {text}");
        assert!(
            text.starts_with("shape id:S") && text.contains("expected "),
            "{body}: {text}"
        );
    }
    let nested = error(":S sh:property [ sh:path :p ; sh:property [ sh:path :q ; sh:js [] ] ] .");
    assert!(
        nested.starts_with("shape id:S, path id:p, path id:q: sh:js is not supported: expected "),
        "{nested}"
    );
    let circle = error(":A sh:node :B . :B sh:property [ sh:path :p ; sh:node :A ] .");
    assert!(
        circle.contains("refers to id:A, and so to itself"),
        "{circle}"
    );
    assert!(error("<http://a.example/> sh:entailment :e .").contains("sh:entailment"));
    let deep = (0..80).fold("[ sh:in () ]".to_owned(), |inner, _| {
        format!("[ sh:not {inner} ]")
    });
    assert!(error(&format!(":S sh:not {deep} .")).contains("inside one another"));
    assert!(
        Shapes::parse(turtle(":a :b :c ."), PREFIXES.clone())
            .unwrap()
            .is_empty()
    );
}
