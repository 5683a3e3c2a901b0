//! Queries and data made by chance.

use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, Variable,
};
use powermap_rdf::{Call, Service, ServiceAnswer};
use std::error::Error;

/// A source of choices.
pub(crate) struct Chance(Box<dyn FnMut(usize) -> usize>);

impl Chance {
    /// `below` gives a number below a limit.
    pub(crate) fn new(below: impl FnMut(usize) -> usize + 'static) -> Self {
        Self(Box::new(below))
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.0)(limit)
    }

    /// One of some items.
    pub(crate) fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

fn iri(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

fn literal(chance: &mut Chance) -> Term {
    let typed = |value: &str, datatype: &str| {
        let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
        Literal::new_typed_literal(value, NamedNode::new(datatype).unwrap())
    };
    match chance.below(12) {
        0..4 => Literal::from(chance.below(6) as i64 - 1),
        4 => typed(chance.pick(&["1.0", "1.00", "2.5", "-1.0"]), "decimal"),
        5 => typed(
            chance.pick(&["1e0", "2.5e0", "1.0", "NaN", "INF"]),
            "double",
        ),
        6 => typed(chance.pick(&["01", "1", "+3"]), "integer"),
        7 => typed(
            chance.pick(&["2025-10-01", "2025-10-02", "2025-10-01Z"]),
            "date",
        ),
        8 => Literal::new_simple_literal(chance.pick(&["a", "b", "ab", "1"])),
        9 => Literal::new_language_tagged_literal_unchecked(chance.pick(&["a", "b"]), "en"),
        10 => typed(chance.pick(&["1", "3"]), "int"),
        _ => typed(chance.pick(&["true", "false"]), "boolean"),
    }
    .into()
}

/// Quads over few names, so that patterns meet.
pub(crate) fn data(chance: &mut Chance) -> Vec<Quad> {
    let count = 20 + chance.below(120);
    (0..count)
        .map(|_| {
            let node = |chance: &mut Chance| -> NamedOrBlankNode {
                match chance.below(12) {
                    0 => BlankNode::new(format!("b{}", chance.below(2)))
                        .unwrap()
                        .into(),
                    n => iri(&format!("n{}", n % 9)).into(),
                }
            };
            let subject = node(chance);
            let (predicate, object): (NamedNode, Term) = match chance.below(10) {
                0..3 => (iri("p"), node(chance).into()),
                3..6 => (iri("q"), node(chance).into()),
                6 => (iri("r"), node(chance).into()),
                7 => (iri("s"), literal(chance)),
                _ => (iri("v"), literal(chance)),
            };
            let graph = match chance.below(6) {
                0 => iri("g0").into(),
                1 => iri("g1").into(),
                2 => iri("g2").into(),
                _ => GraphName::DefaultGraph,
            };
            Quad::new(subject, predicate, object, graph)
        })
        .collect()
}

/// A service that gives rows with holes.
pub(crate) struct FixedRows;

impl Service for FixedRows {
    fn call(&self, _: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        let (a, m) = (
            |n| Some(iri(&format!("n{n}")).into()),
            |n: i64| Some(Literal::from(n).into()),
        );
        Ok(ServiceAnswer {
            variables: ["a", "m"].map(Variable::new_unchecked).to_vec(),
            rows: vec![
                vec![a(1), m(1)],
                vec![a(2), None],
                vec![None, m(2)],
                vec![a(1), m(1)],
                vec![a(99), m(99)],
            ],
            notices: Vec::new(),
        })
    }
}

/// A query, and how its answers can be compared.
pub(crate) struct Query {
    pub(crate) text: String,
    /// Which rows it gives is not determined, only how many.
    pub(crate) is_sliced: bool,
    /// The columns whose names start with k come in order.
    pub(crate) is_ordered: bool,
    /// The column ?f is one of several terms with the same value.
    pub(crate) is_tied: bool,
    /// The column ?f is a text whose parts, with | between them, come in any order.
    pub(crate) is_concatenated: bool,
}

const VARIABLES: [&str; 5] = ["?a", "?b", "?c", "?m", "?d"];

fn node(chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => format!(":n{}", chance.below(10)),
        _ => VARIABLES[chance.below(3)].to_owned(),
    }
}

fn triple(chance: &mut Chance) -> String {
    match chance.below(16) {
        0 => format!("{} ?x {} .", node(chance), node(chance)),
        1 => format!("{} ?x ?m .", node(chance)),
        2..6 => format!("{} {} ?m .", node(chance), chance.pick(&[":v", ":s"])),
        6 => format!("{} {} {} .", node(chance), path(chance), node(chance)),
        7 => format!("{} :v {} .", node(chance), constant(chance)),
        8 => format!(
            "{} {} [ :q {} ] .",
            node(chance),
            chance.pick(&[":p", ":q"]),
            node(chance)
        ),
        _ => format!(
            "{} {} {} .",
            node(chance),
            chance.pick(&[":p", ":q", ":r"]),
            node(chance)
        ),
    }
}

fn path(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        ":p+",
        ":p*",
        ":p?",
        "(:p|:q)+",
        ":p/:q",
        "^:p",
        "(^:p)+",
        "(:p/:q)+",
        ":p|:q",
        "^(:p/:q)",
        ":p+/:q*",
        "(:p|^:r)*",
        "(:p+|:q)",
        "!(:p|^:q)",
        "(!:p)+",
        "^(!(:p|:v))/:q?|:r",
        "(:p/!(:q|^:p|:r))?",
        "(:p?/:q?)+",
        "(:p*)?",
    ])
}

fn constant(chance: &mut Chance) -> &'static str {
    chance.pick(&[
        "1",
        "2",
        "1.0",
        "2.5e0",
        "0",
        "\"a\"",
        "\"b\"",
        "\"2025-10-01\"^^xsd:date",
        "true",
        "\"a\"@en",
        "\"1\"^^xsd:int",
        "-5",
        "1.5",
    ])
}

/// An expression with a value.
fn value(chance: &mut Chance, depth: usize) -> String {
    let variable = VARIABLES[chance.below(5)];
    if depth == 0 {
        return match chance.below(3) {
            0 => constant(chance).to_owned(),
            _ => variable.to_owned(),
        };
    }
    let inner = |chance: &mut Chance| value(chance, depth - 1);
    match chance.below(12) {
        0..3 => format!(
            "({} {} {})",
            inner(chance),
            chance.pick(&["+", "-", "*", "/"]),
            inner(chance)
        ),
        3 => format!("COALESCE({}, {})", inner(chance), inner(chance)),
        4 => format!(
            "IF({} < {}, {}, {})",
            inner(chance),
            inner(chance),
            inner(chance),
            inner(chance)
        ),
        5 => format!("CONCAT(STR({}), \"-\", {})", inner(chance), inner(chance)),
        6 => format!("STR({})", inner(chance)),
        7 => format!(
            "{}({})",
            chance.pick(&[
                "ABS",
                "ROUND",
                "CEIL",
                "FLOOR",
                "LCASE",
                "UCASE",
                "DATATYPE",
                "LANG",
                "STRLEN",
                "-",
                "xsd:integer",
                "xsd:string",
                "isNumeric",
                "isLiteral",
            ]),
            inner(chance)
        ),
        8 => format!("REPLACE(STR({}), \"[ab]\", \"x\")", inner(chance)),
        9 => format!(
            "{}({}, {})",
            chance.pick(&[
                "CONTAINS",
                "STRSTARTS",
                "STRENDS",
                "STRBEFORE",
                "sameTerm",
                "STRLANG"
            ]),
            inner(chance),
            inner(chance)
        ),
        10 => format!(
            "({} IN ({}, {}))",
            inner(chance),
            inner(chance),
            inner(chance)
        ),
        _ => inner(chance),
    }
}

fn condition(chance: &mut Chance) -> String {
    let variable = VARIABLES[chance.below(4)];
    match chance.below(27) {
        0..8 => format!(
            "{variable} {} {}",
            chance.pick(&["<", "<=", ">", ">=", "=", "!="]),
            constant(chance)
        ),
        8 => format!("{} < {variable}", constant(chance)),
        9 => format!(
            "{variable} {} :n{}",
            chance.pick(&["=", "!="]),
            chance.below(10)
        ),
        10 => format!("{variable} IN (:n1, :n3, :absent)"),
        11 => format!(
            "{variable} {} {}",
            chance.pick(&["=", "!=", "<"]),
            VARIABLES[chance.below(4)]
        ),
        12 => format!("{}BOUND({variable})", chance.pick(&["", "!"])),
        13 => format!("{}isLiteral({variable})", chance.pick(&["", "!"])),
        14 => format!("STRLEN(STR({variable})) > 1"),
        15 => format!("({} || {})", condition(chance), condition(chance)),
        16 => format!("{} && {}", condition(chance), condition(chance)),
        17 => format!("{}EXISTS {{ {} }}", chance.pick(&["", "NOT "]), {
            let depth = chance.below(2);
            group(chance, depth)
        }),
        18 => format!("{variable} + 1 > 2"),
        19 => format!(
            "LANG({variable}) {} {}",
            chance.pick(&["=", "!="]),
            chance.pick(&["\"en\"", "\"\"", "\"zh\""])
        ),
        20 => format!(
            "LANGMATCHES(LANG({variable}), {})",
            chance.pick(&["\"en\"", "\"EN\"", "\"*\"", "\"zh\""])
        ),
        21 => format!("!({})", condition(chance)),
        22 => format!("({} || {})", value(chance, 1), condition(chance)),
        23..26 => format!(
            "{} {} {}",
            value(chance, 2),
            chance.pick(&["<", ">=", "=", "!="]),
            value(chance, 2)
        ),
        _ => format!("REGEX(STR({variable}), \"[13]\")"),
    }
}

/// `EXISTS` in a group. It names no variable that only patterns around the group bind: the evaluator of the whole
/// standard takes their values in, or not, as it happens to join.
fn exists(chance: &mut Chance, group_text: &[String]) -> String {
    let depth = chance.below(2);
    let mut inner = group(chance, depth);
    for variable in VARIABLES {
        if !group_text[0].contains(variable) {
            inner = inner.replace(variable, &format!("{variable}_inside"));
        }
    }
    let inner = match chance.below(6) {
        0 => format!("SELECT ?a {{ {inner} }}"),
        1 => format!("SELECT DISTINCT ?b ?c {{ {inner} }} ORDER BY ?c"),
        _ => inner,
    };
    format!("{}EXISTS {{ {inner} }}", chance.pick(&["", "NOT "]))
}

fn group(chance: &mut Chance, depth: usize) -> String {
    let mut text: Vec<String> = (0..1 + chance.below(3)).map(|_| triple(chance)).collect();
    if depth > 0 {
        for _ in 0..chance.below(3) {
            let inner = group(chance, depth - 1);
            text.push(match chance.below(22) {
                0..3 => match chance.below(4) {
                    0 => format!("OPTIONAL {{ {inner} FILTER({}) }}", exists(chance, &text)),
                    _ => format!("OPTIONAL {{ {inner} }}"),
                },
                3 => format!("{{ {inner} }} UNION {{ {} }}", group(chance, depth - 1)),
                4 => format!("MINUS {{ {inner} }}"),
                5 => format!("{{ {inner} }}"),
                6 => "VALUES ?a { :n1 :n2 :n3 :absent }".to_owned(),
                7 => "VALUES (?a ?b) { (:n1 :n2) (:n2 UNDEF) (:n4 :n4) }".to_owned(),
                8 => format!("GRAPH :g{} {{ {inner} }}", chance.below(4)),
                9 => format!("{{ SELECT ?a (COUNT(*) AS ?n) {{ {inner} }} GROUP BY ?a }}"),
                10 => format!("{{ SELECT DISTINCT ?a ?b {{ {inner} }} }}"),
                11 => "VALUES (?a ?b ?m) { (:n1 UNDEF 1) (UNDEF :n2 UNDEF) (UNDEF UNDEF 2) }"
                    .to_owned(),
                12 => format!("{{ BIND({} AS ?m) }}", chance.pick(&["1", "1 + 1", "?a"])),
                13 => format!("GRAPH ?g {{ {inner} }}"),
                14 => format!("GRAPH {} {{ {inner} }}", chance.pick(&["?a", "?h"])),
                15 => "GRAPH ?g { }".to_owned(),
                // How often a pair comes depends on how the general evaluator joins it.
                16 => format!(
                    "{{ SELECT DISTINCT ?a ?b {{ {} {} {} }} }}",
                    node(chance),
                    chance.pick(&["!:p", "^(!:q)", "!(:p|:v)"]),
                    node(chance)
                ),
                17 => "SERVICE :rows { ?a :of ?m }".to_owned(),
                18 => format!("{{ SELECT ?b (?a AS ?c) (?m + 1 AS ?d) {{ {inner} }} }}"),
                19..21 => format!("BIND({} AS ?z{})", value(chance, 2), chance.below(9)),
                _ => format!(
                    "BIND({} AS ?z{})",
                    chance.pick(&[
                        "?m + 1",
                        "?a",
                        "7",
                        "STR(?b)",
                        "RAND() < 2",
                        "STRLEN(STRUUID())",
                        "NOW() = NOW()",
                        "isBLANK(BNODE())",
                        "BNODE(\"b0\")"
                    ]),
                    chance.below(9)
                ),
            });
        }
    }
    // Where all choices are the first one, it comes to an end.
    if chance.below(3) == 2 {
        let condition = match chance.below(12) {
            10 => exists(chance, &text),
            11 => format!("({} || {})", exists(chance, &text), condition(chance)),
            _ => condition(chance),
        };
        text.push(format!("FILTER({condition})"));
    }
    text.join(" ")
}

/// A query by chance.
pub(crate) fn query(chance: &mut Chance) -> Query {
    let body = group(chance, 2);
    let (mut is_sliced, mut is_ordered, mut is_tied) = (false, false, false);
    let mut is_concatenated = false;
    let text = match chance.below(18) {
        0 => format!("ASK {{ {body} }}"),
        1 => format!("SELECT (COUNT(*) AS ?n) {{ {body} }}"),
        2 => format!("SELECT DISTINCT ?a ?m {{ {body} }}"),
        3 => {
            is_sliced = true;
            let offset = chance.below(3);
            format!(
                "SELECT * {{ {body} }} LIMIT {} OFFSET {offset}",
                chance.below(6)
            )
        }
        4 => {
            let function = chance.pick(&["SUM", "AVG", "MIN", "MAX", "COUNT"]);
            is_tied = matches!(function, "MIN" | "MAX");
            format!(
                "SELECT ?a ({function}(?m) AS ?f) {{ {body} FILTER(isNumeric(?m)) }} GROUP BY ?a"
            )
        }
        5 => {
            let function = chance.pick(&["SUM", "COUNT", "AVG"]);
            format!(
                "SELECT ?b ({function}(DISTINCT ?m) AS ?f) (COUNT(*) AS ?n) {{ {body} }} GROUP BY ?b"
            )
        }
        6 => format!("SELECT (SUM(?m * 2) AS ?f) (COUNT(DISTINCT ?a) AS ?n) {{ {body} }}"),
        7 => format!("SELECT ?a (COUNT(?m) AS ?f) {{ {body} }} GROUP BY ?a HAVING(COUNT(?m) > 1)"),
        8 => {
            is_ordered = true;
            let order = chance.pick(&["?k", "DESC(?k)"]);
            format!("SELECT ?a (?b AS ?k) {{ {body} FILTER(isIRI(?b)) }} ORDER BY {order}")
        }
        9 => {
            is_ordered = true;
            is_sliced = true;
            format!(
                "SELECT ?a (?m AS ?k) {{ {body} FILTER(isNumeric(?m) && DATATYPE(?m) = xsd:integer) }} ORDER BY ?k LIMIT {}",
                1 + chance.below(6)
            )
        }
        10 => format!("SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?a ?b ?c ?m {{ {body} }} }}"),
        11 => format!("SELECT ?a (?m AS ?other) {{ {body} }}"),
        12 => {
            is_concatenated = true;
            let what = chance.pick(&[
                "?m",
                "STR(?m)",
                "DISTINCT STR(?b)",
                "DISTINCT ?m",
                "STRLANG(STR(?a), \"en\")",
            ]);
            format!(
                "SELECT ?a (GROUP_CONCAT({what}; separator=\"|\") AS ?f) {{ {body} }} GROUP BY ?a"
            )
        }
        13 => format!(
            "SELECT ?a (SAMPLE(?a) AS ?s) (COUNT(?m + 1) AS ?n) (COUNT(DISTINCT COALESCE(?m, ?b)) AS ?o) {{ {body} }} GROUP BY ?a"
        ),
        14 => format!(
            "SELECT ?b (MIN(STR(?a)) AS ?s) {{ {body} }} GROUP BY ?b HAVING({} && COUNT(DISTINCT ?a) > 1)",
            chance.pick(&["COUNT(*) < 9", "isIRI(?b)", "SUM(?m) > 1 || COUNT(?c) > 2"])
        ),
        15 => format!(
            "CONSTRUCT {{ ?a :new ?b . ?b :new {} . [] :of ?c }} {{ {body} }}",
            chance.pick(&["?m", ":n1", "?c", "?absent"])
        ),
        16 => format!(
            "DESCRIBE {} {{ {body} }}",
            chance.pick(&["?a", "?a ?m", ":n1 ?b"])
        ),
        _ => format!("SELECT * {{ {body} }}"),
    };
    let text = match chance.below(8) {
        0 => {
            let from = chance.pick(&[
                "FROM :g0",
                "FROM NAMED :g1",
                "FROM :g0 FROM :g1 FROM NAMED :g2 FROM NAMED :g0",
                "FROM :absent FROM NAMED :absent FROM NAMED :g1",
            ]);
            text.replacen(" {", &format!(" {from} {{"), 1)
        }
        _ => text,
    };
    Query {
        text,
        is_sliced,
        is_ordered,
        is_tied,
        is_concatenated,
    }
}
