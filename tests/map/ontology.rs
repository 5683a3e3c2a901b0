//! The vocabulary: the lists in the code agree with the ontology, and its reference page is up to date.

use oxigraph::model::{Literal, NamedNode, Term};
use powermap::Map;
use powermap::map::ONTOLOGY;
use powermap::model::vocabulary::{compact, expand, to_kebab};
use powermap::model::{
    Family, Flow, Measure, Modality, PlayerType, Policy, Stance, Status, Tier, Unit,
};
use powermap_rdf::{Format, Results, rdf};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A map with nothing in it but the ontology.
fn ontology() -> Map {
    Map::from_quads([]).unwrap()
}

/// The rows of a query, each cell as text, empty where unbound.
fn rows(map: &Map, query: &str) -> Vec<Vec<String>> {
    let Results::Solutions(rows) = map.query(query).unwrap() else {
        panic!("not a SELECT query");
    };
    rows.map(|row| {
        let text = |term: &Option<Term>| match term {
            None => String::new(),
            Some(Term::NamedNode(node)) => node.as_str().to_owned(),
            Some(Term::Literal(literal)) => literal.value().to_owned(),
            Some(other) => other.to_string(),
        };
        row.unwrap().values().iter().map(text).collect()
    })
    .collect()
}

fn scheme(map: &Map, name: &str) -> BTreeSet<String> {
    rows(
        map,
        &format!("SELECT ?c {{ ?c skos:inScheme pm:{name}Scheme }}"),
    )
    .into_iter()
    .map(|row| row[0].clone())
    .collect()
}

#[test]
fn the_closed_lists_of_the_code_are_the_schemes_of_the_ontology() {
    let map = ontology();
    let iris = |all: Vec<NamedNode>| all.into_iter().map(NamedNode::into_string).collect();
    let lists: [(&str, BTreeSet<String>); 6] = [
        ("Flow", iris(Flow::ALL.iter().map(|n| n.iri()).collect())),
        (
            "Status",
            iris(Status::ALL.iter().map(|n| n.iri()).collect()),
        ),
        (
            "Modality",
            iris(Modality::ALL.iter().map(|n| n.iri()).collect()),
        ),
        (
            "Stance",
            iris(Stance::ALL.iter().map(|n| n.iri()).collect()),
        ),
        ("Tier", iris(Tier::ALL.iter().map(|n| n.iri()).collect())),
        (
            "Policy",
            iris(Policy::ALL.iter().map(|n| n.iri()).collect()),
        ),
    ];
    for (name, list) in lists {
        assert_eq!(scheme(&map, name), list, "pm:{name}Scheme");
    }
    for class in PlayerType::ALL.iter().map(|t| t.class()) {
        let query = format!("SELECT ?x {{ {class} rdfs:subClassOf+ pm:Player . {class} a ?x }}");
        assert!(!rows(&map, &query).is_empty(), "{class}");
    }
    for family in Family::ALL {
        let query = format!(
            "SELECT ?x {{ {} rdfs:subClassOf pm:Edge ; a ?x . pm:{} a ?y }}",
            family.iri(),
            family.verb()
        );
        assert!(!rows(&map, &query).is_empty(), "{family}");
    }
}

#[test]
fn the_ladder_of_statuses_is_the_rank_of_the_ontology() {
    let map = ontology();
    let query =
        "SELECT ?s ?rank { ?s skos:inScheme pm:StatusScheme OPTIONAL { ?s pm:rank ?rank } }";
    for row in rows(&map, query) {
        let status = Status::from_iri(&row[0]).unwrap();
        assert_eq!(
            status.rank().map_or(String::new(), |r| r.to_string()),
            row[1],
            "{status}"
        );
    }
    let query = "SELECT ?t ?rank { ?t skos:inScheme pm:TierScheme ; pm:rank ?rank } ORDER BY ?rank";
    let tiers: Vec<_> = rows(&map, query)
        .iter()
        .map(|r| Tier::from_iri(&r[0]).unwrap())
        .collect();
    assert_eq!(tiers, Tier::ALL);
}

#[test]
fn every_unit_of_the_ontology_is_read_by_its_code_and_no_other() {
    let map = ontology();
    let query = "SELECT ?u ?code { ?u skos:inScheme pm:UnitScheme ; skos:notation ?code }";
    let mut known = BTreeSet::new();
    for row in rows(&map, query) {
        let unit: Unit = row[1].parse().unwrap_or_else(|e| panic!("{}: {e}", row[0]));
        assert_eq!(unit.iri().as_str(), row[0]);
        known.insert(unit);
    }
    for unit in Unit::named() {
        assert!(known.contains(&unit), "{unit} is not in the ontology");
    }
    let measures = scheme(&map, "Measure");
    for measure in Measure::ALL {
        let camel = measure.name()[..1].to_uppercase() + &measure.name()[1..];
        assert!(measures.contains(&format!("https://w3id.org/powermap/ns#{camel}")));
    }
}

#[test]
fn every_property_that_the_code_names_is_defined() {
    let map = ontology();
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/model/vocabulary.rs"))
            .unwrap();
    let names = source.lines().filter_map(|line| {
        let (name, local) = line.trim().split_once(" = \"")?;
        let local = local.strip_suffix("\";")?;
        (!local.contains(':') && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .then(|| local.to_owned())
    });
    let names: Vec<_> = names.filter(|n| n != "board" && n != "ontology").collect();
    assert!(names.len() > 40, "the names were not found");
    for name in names {
        let query = format!("SELECT ?l {{ pm:{name} rdfs:label|skos:prefLabel ?l }}");
        assert!(!rows(&map, &query).is_empty(), "pm:{name} is not defined");
    }
    assert_eq!(
        expand("pm:timeSpan").unwrap().as_str(),
        "https://w3id.org/powermap/ns#timeSpan"
    );
}

/// One term of the reference page.
#[derive(Default)]
struct Entry {
    labels: BTreeMap<String, String>,
    comments: BTreeMap<String, String>,
    facts: BTreeMap<&'static str, BTreeSet<String>>,
}

/// What else a reader wants to know of a term, by the property that says it.
const FACTS: &[(&str, &str)] = &[
    (
        "subclass of",
        "http://www.w3.org/2000/01/rdf-schema#subClassOf",
    ),
    (
        "subproperty of",
        "http://www.w3.org/2000/01/rdf-schema#subPropertyOf",
    ),
    ("domain", "http://www.w3.org/2000/01/rdf-schema#domain"),
    ("range", "http://www.w3.org/2000/01/rdf-schema#range"),
    ("rank", "https://w3id.org/powermap/ns#rank"),
    ("identifies", "https://w3id.org/powermap/ns#identifies"),
    ("carries", "https://w3id.org/powermap/ns#carries"),
    ("returns", "https://w3id.org/powermap/ns#returns"),
    ("code", "http://www.w3.org/2004/02/skos/core#notation"),
    ("close to", "http://www.w3.org/2004/02/skos/core#closeMatch"),
    ("same as", "http://www.w3.org/2004/02/skos/core#exactMatch"),
];

fn reference_page() -> String {
    let quads = rdf::parse(ONTOLOGY.as_bytes(), Format::Turtle, "powermap.ttl").unwrap();
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut sections: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for quad in &quads {
        let subject = compact(&quad.subject.to_string().replace(['<', '>'], ""));
        let predicate = quad.predicate.as_str();
        let entry = entries.entry(subject.clone()).or_default();
        match (&quad.object, predicate.rsplit(['#', '/']).next().unwrap()) {
            (Term::Literal(l), "label" | "prefLabel") => insert(&mut entry.labels, l),
            (Term::Literal(l), "comment" | "definition") => insert(&mut entry.comments, l),
            (Term::NamedNode(o), "inScheme") => {
                sections
                    .entry(compact(o.as_str()))
                    .or_default()
                    .insert(subject);
            }
            (Term::NamedNode(o), "type") => {
                let section = match o.as_str().rsplit(['#', '/']).next().unwrap() {
                    "Class" => "1 Classes",
                    "ObjectProperty" => "2 Properties between things",
                    "DatatypeProperty" => "3 Properties with values",
                    "AnnotationProperty" => "3 Properties with values",
                    _ => continue,
                };
                sections
                    .entry(section.to_owned())
                    .or_default()
                    .insert(subject);
            }
            (object, _) => {
                if let Some((name, _)) = FACTS.iter().find(|(_, iri)| *iri == predicate) {
                    let text = match object {
                        Term::NamedNode(o) => compact(o.as_str()),
                        Term::Literal(l) => l.value().to_owned(),
                        _ => continue,
                    };
                    entry.facts.entry(name).or_default().insert(text);
                }
            }
        }
    }
    let mut page = String::from(
        "# The vocabulary\n\nMade from `data/ontology/powermap.ttl` by `BLESS=1 cargo test --test map`. \
         A term's name in CSV files and on the command line is its local name in kebab case: `pm:LetterOfIntent` is \
         `letter-of-intent`.\n",
    );
    for (section, terms) in &sections {
        let title = section
            .split_once(' ')
            .filter(|(n, _)| n.len() == 1)
            .map_or(section.as_str(), |(_, t)| t);
        let _ = write!(
            page,
            "\n## {title}\n\n| term | name | 名称 | meaning | 含义 |\n|---|---|---|---|---|\n"
        );
        for term in terms {
            let entry = &entries[term];
            let get = |m: &BTreeMap<String, String>, l: &str| {
                m.get(l).cloned().unwrap_or_default().replace('|', "\\|")
            };
            let facts: Vec<_> = entry
                .facts
                .iter()
                .map(|(name, values)| {
                    let values: Vec<_> = values.iter().map(|v| format!("`{v}`")).collect();
                    format!("{name} {}", values.join(", "))
                })
                .collect();
            let facts = if facts.is_empty() {
                String::new()
            } else {
                format!(" *{}.*", facts.join("; "))
            };
            let _ = writeln!(
                page,
                "| `{term}` | {} | {} | {}{facts} | {} |",
                get(&entry.labels, "en"),
                get(&entry.labels, "zh"),
                get(&entry.comments, "en"),
                get(&entry.comments, "zh"),
            );
        }
    }
    page
}

fn insert(texts: &mut BTreeMap<String, String>, literal: &Literal) {
    texts.insert(
        literal.language().unwrap_or("").to_owned(),
        literal.value().to_owned(),
    );
}

#[test]
fn the_reference_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ontology.md");
    let page = reference_page();
    assert!(page.contains("`pm:Claim`") && page.contains(&to_kebab("letter-of-intent")));
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &page).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present == page,
        "docs/ontology.md is out of date: run BLESS=1 cargo test --test map"
    );
}
