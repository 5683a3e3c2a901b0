//! The built-in map: every fact is there, on exactly the claims that stand for it, with its figures.

use oxigraph::model::NamedOrBlankNode;
use powermap::map::SILICON_VALLEY;
use powermap::model::vocabulary::ID;
use powermap::model::{Claim, Lang};
use powermap::{Map, View};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What a row of a fact table says.
struct Fact {
    claims: usize,
    paragraph: Option<String>,
    lower: Option<f64>,
    upper: Option<f64>,
    unit: String,
}

fn facts() -> BTreeMap<String, Fact> {
    let mut facts = BTreeMap::new();
    for file in ["article_facts.csv", "report_facts.csv"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data")
            .join(file);
        let mut reader = csv::Reader::from_path(path).unwrap();
        let headers = reader.headers().unwrap().clone();
        for record in reader.records() {
            let record = record.unwrap();
            let cell = |name: &str| {
                headers
                    .iter()
                    .position(|h| h == name)
                    .map(|i| record[i].to_owned())
            };
            let number = |name: &str| {
                cell(name)
                    .filter(|c| !c.is_empty())
                    .map(|c| c.parse().unwrap())
            };
            let fact = Fact {
                claims: cell("claims").unwrap().parse().unwrap(),
                paragraph: cell("paragraph"),
                lower: number("lower"),
                upper: number("upper"),
                unit: cell("unit").unwrap(),
            };
            assert!(facts.insert(cell("fact_id").unwrap(), fact).is_none());
        }
    }
    facts
}

fn claims_by_fact(map: &Map) -> BTreeMap<String, Vec<(&NamedOrBlankNode, &Claim)>> {
    let mut claims: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (id, claim) in &map.records().unwrap().claims {
        assert!(!claim.fact_ids.is_empty(), "{id} stands for no fact");
        for fact in &claim.fact_ids {
            claims.entry(fact.clone()).or_default().push((id, claim));
        }
    }
    claims
}

#[test]
fn the_files_of_the_folder_are_the_built_in_map() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/silicon-valley");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let built_in: Vec<_> = SILICON_VALLEY.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, built_in);
}

#[test]
fn each_fact_stands_on_exactly_its_claims() {
    let map = Map::built_in().unwrap();
    let facts = facts();
    let claims = claims_by_fact(&map);
    let article = facts.keys().filter(|id| id.starts_with('S')).count();
    assert_eq!(article, 143, "every fact of the article");
    let wanted: BTreeMap<_, _> = facts
        .iter()
        .map(|(id, fact)| (id.clone(), fact.claims))
        .collect();
    let found: BTreeMap<_, _> = claims
        .iter()
        .map(|(id, list)| (id.clone(), list.len()))
        .collect();
    assert_eq!(wanted, found);
    for (fact, list) in &claims {
        for (id, _) in list {
            let NamedOrBlankNode::NamedNode(id) = id else {
                panic!("{id} has no IRI");
            };
            let name = id.as_str().strip_prefix(ID).unwrap();
            let stem = format!("claim-{}", fact.to_lowercase());
            assert!(
                name == stem || name.starts_with(&format!("{stem}-")),
                "{name} stands for {fact}"
            );
        }
    }
}

#[test]
fn each_figure_is_carried_over() {
    let map = Map::built_in().unwrap();
    let claims = claims_by_fact(&map);
    for (id, fact) in facts() {
        let quantity = claims[&id].iter().find_map(|(_, claim)| claim.quantity);
        let found = quantity.map(|q| (q.lower, q.upper, q.unit.code().to_owned()));
        let wanted = (!fact.unit.is_empty()).then(|| (fact.lower, fact.upper, fact.unit.clone()));
        assert_eq!(found, wanted, "{id}");
    }
}

#[test]
fn each_claim_says_what_where_and_by_whom_in_both_languages() {
    let map = Map::built_in().unwrap();
    assert_eq!(map.problems().unwrap(), []);
    let records = map.records().unwrap();
    let facts = facts();
    for (id, claim) in &records.claims {
        let document = claim
            .document
            .as_ref()
            .unwrap_or_else(|| panic!("{id} has no document"));
        assert!(records.documents.contains_key(document), "{id}: {document}");
        let speaker = claim
            .asserted_by
            .as_ref()
            .unwrap_or_else(|| panic!("{id} has no speaker"));
        assert!(
            records.players.contains_key(speaker) || records.documents.contains_key(speaker),
            "{id}: {speaker}"
        );
        for lang in [Lang::En, Lang::Zh] {
            assert!(
                claim.text.exact(lang.tag()).is_some(),
                "{id} has no text in {lang:?}"
            );
        }
        if let Some(paragraph) = facts[&claim.fact_ids[0]].paragraph.as_deref() {
            // The first paragraph of the article is its headline.
            let paragraph = if paragraph == "p1" {
                "headline"
            } else {
                paragraph
            };
            assert_eq!(claim.locator.as_deref(), Some(paragraph), "{id}");
        }
        assert!(
            records.edges.contains_key(&claim.about)
                || records.observations.contains_key(&claim.about)
                || records.deals.contains_key(&claim.about)
                || records.players.contains_key(&claim.about)
                || records.topics.contains_key(&claim.about),
            "{id} is about {}, which is not in the map",
            claim.about
        );
    }
}

#[test]
fn the_article_is_known_in_mid_october_and_the_reports_replace_it_later() {
    let map = Map::built_in().unwrap();
    let id = |name: &str| powermap::model::vocabulary::expand(name).unwrap();
    let plan = id("nvidia-openai-2025-09-equity");
    let board_by = |day: &str| {
        map.with_view(View {
            known_by: Some(day.parse().unwrap()),
            ..View::default()
        })
    };
    let article = board_by("2025-10-15");
    let value = article.board().unwrap().edges[&plan]
        .value(powermap::model::Measure::Amount)
        .unwrap()
        .quantity;
    assert_eq!((value.lower, value.upper), (None, Some(1e11)));
    let round = id("nvidia-openai-2026-02-equity");
    assert!(!article.board().unwrap().edges.contains_key(&round));
    assert!(!map.board().unwrap().edges.contains_key(&plan), "replaced");
    let value = map.board().unwrap().edges[&round]
        .value(powermap::model::Measure::Amount)
        .unwrap()
        .quantity;
    assert_eq!(value.point(), Some(3e10));
}
