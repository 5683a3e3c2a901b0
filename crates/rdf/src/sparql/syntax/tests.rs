use super::*;
use crate::prefixes::Prefixes;
use crate::prefixes::tests::prefixes;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluator::Evaluator;
use crate::sparql::syntax::messages::{HINTS, NOT_AN_IRI, UNKNOWN_PREFIX, is_sentence, position};
use proptest::prelude::*;
use spargebra::SparqlParser;

fn slip(error: SparqlError) -> SyntaxError {
    match error {
        SparqlError::Syntax(error) => *error,
        error => panic!("not a syntax error: {error}"),
    }
}

#[test]
fn the_usual_slips_have_a_place_and_a_hint() {
    for (text, place, message, hint) in [
        (
            "ASK { ?x foo:bar ?y }",
            10,
            "unknown prefix foo:",
            "declare it by PREFIX foo: <http://…>; known without declaring: call, foaf",
        ),
        (
            "ASK { ?x pma:bar ?y }",
            10,
            "unknown prefix pma:",
            "did you mean pm:bar?",
        ),
        (
            "ASK { ?x pm:a ?y ?z pm:b ?c }",
            18,
            "unexpected `?z`",
            "put `.` before it",
        ),
        (
            "ASK { ?x pm:a ?y",
            17,
            "the text ends too early",
            "close the `{` of line 1 with `}`",
        ),
        (
            "ASK { ?x pm:a ?y FILTER ?y > 3 }",
            25,
            "unexpected `?y`",
            "put the expression of FILTER in parentheses",
        ),
        (
            "SELEC ?x { ?x ?y ?z }",
            1,
            "unexpected `SELEC`",
            "did you mean SELECT?",
        ),
        (
            "ASK { OPTIONL { ?s ?p ?o } }",
            7,
            "unexpected `OPTIONL`",
            "did you mean OPTIONAL?",
        ),
        (
            "ASK { FILTER(containz(?x, 1)) }",
            14,
            "unexpected `containz`",
            "did you mean CONTAINS?",
        ),
        (
            "ASK { FILTER(unknown(?x)) }",
            14,
            "unexpected `unknown`",
            "no function has this name",
        ),
        (
            "ASK { ?x rdfs:label \"芯片 }\n}",
            21,
            "the string that begins here never ends",
            "close it with \"",
        ),
        (
            "ASK { ?x rdfs:label '芯片' ?y }",
            26,
            "unexpected `?y`",
            "leave it out",
        ),
        (
            "SELECT ?x, ?y { ?x ?p ?y }",
            10,
            "unexpected `,`",
            "leave it out",
        ),
        (
            "SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }",
            41,
            "the SELECT contains a variable that is unbound",
            "GROUP BY",
        ),
        (
            "SELECT (COUNT(*) ?n) { ?s ?p ?o }",
            18,
            "unexpected `?n`",
            "put `AS` before it",
        ),
        (
            "SELECT * { ?s ?p ?o } LIMIT ten",
            29,
            "unexpected `ten`",
            "LIMIT takes a whole number",
        ),
        (
            "SELECT * { ?s ?p ?o } GROUP ?s",
            29,
            "unexpected `?s`",
            "put `BY` before it",
        ),
        (
            "PREFIX foo <http://x/> ASK { ?s foo:x ?y }",
            8,
            "unexpected `foo`",
            "write PREFIX foo: <http://…>",
        ),
        (
            "ASK { ?s <a b> ?o }",
            14,
            "what stands between < and > is not an IRI",
            "an IRI has no spaces",
        ),
        (
            "ASK { ?s <rel> ?o }",
            10,
            "<rel> is not a full IRI",
            "write the whole IRI, a prefixed name (known prefixes: call, ",
        ),
        (
            "ASK { ?s ?p }",
            13,
            "unexpected `}`",
            "something is missing before it",
        ),
        (
            "ASK { ?x pm:from nvidia }",
            18,
            "unexpected `nvidia`",
            "prefix:nvidia for a name (known prefixes: call, foaf, id, ",
        ),
        (
            "ASK { ?x pm:a (1 2 }",
            20,
            "unexpected `}`",
            "put `)` before it",
        ),
        (
            "INSERT DATA { pm:a pm:b pm:c }",
            1,
            "this is an update, not a query",
            "run it by Evaluator::update",
        ),
    ] {
        let slip = slip(
            Evaluator::new()
                .with_prefixes(prefixes())
                .parse_query(text)
                .unwrap_err(),
        );
        assert_eq!((slip.line, slip.column), (1, place), "{text}\n{slip}");
        assert_eq!(slip.message, message, "{text}");
        let found = slip.hint.map_or(String::new(), |hint| hint.to_string());
        assert!(found.contains(hint), "{text}\n{found}");
    }
    assert_eq!(
        slip(
            Evaluator::new()
                .with_prefixes(prefixes())
                .parse_query(" ")
                .unwrap_err()
        )
        .message,
        "there is no text"
    );
}

#[test]
fn updates_are_explained_too() {
    for (text, message, hint) in [
        (
            "INSERT DATA { ?x pm:b pm:c }",
            "variables are not allowed in INSERT DATA",
            "use INSERT { … } WHERE",
        ),
        (
            "DELETE DATA { _:a pm:b 1 }",
            "variables and blank nodes are not allowed in DELETE DATA",
            "use DELETE { … }",
        ),
        (
            "ASK {}",
            "this is a query, not an update",
            "Evaluator::query",
        ),
        (
            "INSERT DATA { _:a pm:b 1 }; INSERT DATA { _:a pm:b 2 }",
            "the blank node _:a cannot be shared by multiple blocks",
            "",
        ),
    ] {
        let slip = slip(
            Evaluator::new()
                .with_prefixes(prefixes())
                .parse_update(text)
                .unwrap_err(),
        );
        assert_eq!(slip.message, message);
        let found = slip.hint.map_or(String::new(), |hint| hint.to_string());
        assert!(found.contains(hint), "{text}");
    }
}

#[test]
fn the_caret_counts_wide_characters_and_long_lines_are_cut() {
    let text = format!(
        "ASK {{\n ?x rdfs:label '芯片'@zh ?y . # {} }}",
        "长".repeat(100)
    );
    let shown = Evaluator::new()
        .with_prefixes(prefixes())
        .parse_query(&text)
        .unwrap_err()
        .in_file("a.rq")
        .to_string();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines[0], "a.rq:2:24: unexpected `?y`");
    assert!(
        lines[1].ends_with("长…") && lines[1].chars().count() < 100,
        "{shown}"
    );
    assert_eq!(lines[2], format!("{}^", " ".repeat(27)));
    let text = format!("ASK {{ {} ?y }}", "?a ?b ?c . ".repeat(20));
    let shown = Evaluator::new()
        .with_prefixes(prefixes())
        .parse_query(&text)
        .unwrap_err()
        .to_string();
    let lines: Vec<_> = shown.lines().collect();
    assert!(lines[1].trim_start().starts_with('…'), "{shown}");
    let caret = lines[2].find('^').unwrap();
    assert_eq!(lines[1].chars().nth(caret), Some('}'), "{shown}");
}

/// What the parser itself says of a text.
fn said(text: &str) -> String {
    let parser = SparqlParser::new();
    let message = match text.contains("DATA") {
        true => parser.parse_update(text).map(|_| ()).err(),
        false => parser.parse_query(text).map(|_| ()).err(),
    };
    message.map_or(String::new(), |error| error.to_string())
}

/// What the parser expects in a text, with its tokens as they are or set apart.
fn expected(text: &str) -> Vec<String> {
    let reader = Reader {
        tokens: tokens(text).collect(),
        prefixes: &Prefixes::default(),
        parse: &|text| Some(said(text)),
    };
    let (_, mut found) = reader.failure(&reader.texts()).unwrap_or_default();
    let first = position(&said(text));
    found.extend(first.into_iter().flat_map(|(_, _, expected)| expected));
    found
}

#[test]
fn the_parser_says_the_words_that_hints_look_for() {
    let of_prefix = ("ASK { ?s x:y ?o }", UNKNOWN_PREFIX);
    let of_iri = ("ASK { ?s <rel> ?o }", NOT_AN_IRI);
    let slips = [
        "SELECT ?x (COUNT(?y) AS ?n) { ?x ?p ?y }",
        "INSERT DATA { ?s <a:p> 1 }",
        "DELETE DATA { ?s <a:p> 1 }",
        "SELECT (1 AS ?s) { ?s ?p ?o }",
    ];
    let others = slips.into_iter().zip(HINTS.map(|(words, _)| words));
    for (text, words) in [of_prefix, of_iri].into_iter().chain(others) {
        let found = expected(text);
        assert!(
            found
                .iter()
                .any(|item| is_sentence(item) && item.contains(words)),
            "the parser has other words for {words:?} in {text:?}: {found:?}"
        );
    }
    let place = position(&said("ASK {\n ?s ?p }"));
    assert_eq!(place.map(|(line, _, _)| line), Some(2));
    // A message without a place.
    let shared = "INSERT DATA { _:a <a:b> 1 }; INSERT DATA { _:a <a:b> 2 }";
    assert_eq!(position(&said(shared)), None);
}

#[test]
fn a_message_in_unknown_words_is_passed_on() {
    let text = "ASK {\n ?s 芯 ?o }";
    let explain = |message: &str| {
        let parse = |_: &str| Some(message.to_owned());
        *SyntaxError::new(text, message, TextKind::Query, &Prefixes::default(), &parse)
    };
    for (message, place, expected) in [
        ("No idea what this is", (1, 1), "no idea what this is"),
        ("", (1, 1), ""),
        (
            "error at 0:7: expected rain",
            (1, 1),
            "error at 0:7: expected rain",
        ),
        ("Bad luck at 4:2, sorry", (2, 5), "unexpected `芯`"),
        (
            "error at 99:2: expected rain",
            (2, 11),
            "the text ends too early",
        ),
    ] {
        let slip = explain(message);
        assert_eq!((slip.line, slip.column), place, "{message:?}\n{slip}");
        assert_eq!(slip.message, expected, "{message:?}");
    }
    // The tokens set apart are right: all that is known is what was said of the text itself.
    let only = |message: &str| {
        let parse = |_: &str| None;
        *SyntaxError::new(text, message, TextKind::Query, &Prefixes::default(), &parse)
    };
    for (message, place, expected) in [
        ("Something At 2:3", (2, 3), "something At 2:3"),
        (
            "error at 9:9: expected rain",
            (2, 11),
            "the parser expected rain about here",
        ),
        (
            "error at 2:5: expected one of A, B",
            (2, 5),
            "the parser expected A, B about here",
        ),
    ] {
        let slip = only(message);
        assert_eq!((slip.line, slip.column), place, "{message:?}\n{slip}");
        assert_eq!(slip.message, expected, "{message:?}");
    }
}

proptest! {
    #[test]
    fn explaining_never_panics(text in "(SELECT|ASK|[{}().;,<>]|\\?x|pm:a|x:y|'芯|\"a\"|@en|1e5|#|\\\\u0041|[ \n\t]|[a-z]){0,14}") {
        for result in [
            Evaluator::new().with_prefixes(prefixes()).parse_query(&text).map(|_| ()),
            Evaluator::new().with_prefixes(prefixes()).parse_update(&text).map(|_| ()),
        ] {
            if let Err(error) = result {
                let slip = slip(error);
                prop_assert!(slip.line <= text.lines().count().max(1) + 1);
                prop_assert!(!slip.to_string().is_empty());
            }
        }
    }
}
