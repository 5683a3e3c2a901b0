//! The labels of the page: on every day of the built-in map and under every filter, each arrow says what the tables say.
//!
//! The parts of the page's script that know no browser run in Node.js; what is drawn from them is tested in
//! `tests/html/run`.

use crate::support::outside;
use powermap::Map;
use powermap::model::{Day, Family, Lang, Measure, Status, View};
use powermap::network::Filter;
use powermap::picture::{SceneOptions, write_page};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::process::Command;

const FAMILIES: [&[Family]; 5] = [
    &[],
    &[Family::Investment],
    &[Family::Supply],
    &[Family::Influence],
    &[Family::Investment, Family::Supply],
];
const AMOUNTS: [f64; 5] = [1e6, 1e8, 1e9, 1e10, 1e11];

/// Prints for each day and filter, on a line, the edges of each arrow and what stands at it in both languages.
const HARNESS: &str = r#"
const filters = JSON.parse(process.argv[2]);
const lines = [];
for (const [day] of data.days.entries()) {
  for (const filter of filters) {
    Object.assign(view, { day, families: new Set(filter.families), status: filter.status, amount: filter.amount });
    const arrows = arrowsOn();
    const texts = [0, 1].map((lang) => {
      tongue = lang;
      return arrows.map((arrow) => arrow.values.map((value) => display(value.quantity)));
    });
    lines.push(JSON.stringify(arrows.map((arrow, place) => [arrow.edges.map((edge) => data.edges[edge].id), texts[0][place], texts[1][place]])));
  }
}
process.stdout.write(lines.join("\n"));
"#;

/// Returns the data of the page of a map.
fn data(map: &Map) -> Value {
    let titles = ["Board".to_owned(), "棋局".to_owned()];
    let options = SceneOptions {
        money: true,
        ..SceneOptions::default()
    };
    let page = write_page(&map.position().unwrap(), &options, &titles, None).unwrap();
    let (_, rest) = page.split_once("id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Returns the filters, each with what the page calls it.
fn filters() -> Vec<(Filter, Value)> {
    let of = |families: &[Family], status: Option<Status>, amount: Option<f64>| {
        let names: Vec<&str> = match families {
            [] => vec!["investment", "supply", "control", "influence"],
            some => some
                .iter()
                .flat_map(|family| match family {
                    Family::Influence => vec!["control", "influence"],
                    other => vec![other.name()],
                })
                .collect(),
        };
        let filter = Filter {
            families: families.to_vec(),
            status_min: status,
            amount_min: amount,
            ..Filter::default()
        };
        let status = status.map_or("", Status::name);
        let page = serde_json::json!({
            "families": names, "status": status, "amount": amount.unwrap_or(0.0),
        });
        (filter, page)
    };
    let families = FAMILIES.iter().map(|families| of(families, None, None));
    let statuses = Status::ALL
        .iter()
        .map(|status| of(&[], Some(*status), None));
    let amounts = AMOUNTS.iter().map(|amount| of(&[], None, Some(*amount)));
    let all = [Family::Investment];
    let together = of(&all, Some(Status::Announced), Some(1e9));
    families
        .chain(statuses)
        .chain(amounts)
        .chain([together])
        .collect()
}

/// Runs the script on the data; returns one line for each day and filter.
fn run(data: &Value, filters: &[(Filter, Value)]) -> Option<Vec<String>> {
    let node = outside::find("node", "the labels of the page against the tables")?;
    let folder = tempfile::tempdir().unwrap();
    let script = ["words", "quantity", "sums", "view"].map(|part| {
        let path = format!("crates/picture/src/page/script/{part}.js");
        std::fs::read_to_string(path).unwrap()
    });
    let stub = format!(
        "const document = {{ getElementById: () => ({{ textContent: {} }}) }};\n",
        Value::from(data.to_string())
    );
    let path = folder.path().join("labels.cjs");
    std::fs::write(&path, [stub, script.concat(), HARNESS.to_owned()].concat()).unwrap();
    let wanted: Vec<&Value> = filters.iter().map(|(_, page)| page).collect();
    let found = folder.path().join("found");
    let status = Command::new(node)
        .arg(&path)
        .arg(serde_json::to_string(&wanted).unwrap())
        .stdout(File::create(&found).unwrap())
        .status()
        .unwrap();
    assert!(status.success());
    let text = std::fs::read_to_string(found).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

#[test]
fn every_arrow_says_what_the_tables_say_on_every_day_and_under_every_filter() {
    let map = Map::built_in().unwrap();
    let data = data(&map);
    let filters = filters();
    let Some(lines) = run(&data, &filters) else {
        return;
    };
    let days: Vec<Day> = data["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day.as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(lines.len(), days.len() * filters.len());
    let mut lines = lines.iter();
    let (mut with_value, mut arrows) = (0, 0);
    for day in days {
        let view = View {
            as_of: Some(day),
            ..View::default()
        };
        let position = map.position().unwrap().at(view);
        for (filter, page) in &filters {
            let place = format!("{day} {page}");
            let position = position.filtered(filter.clone());
            let lens = position.network().unwrap();
            let graph = &lens.network.graph;
            // The edges that count, but for those from a player to itself, by their short ids.
            let mut edges: BTreeMap<String, u32> = lens
                .edges()
                .filter(|edge| graph.source(*edge) != graph.target(*edge))
                .map(|edge| {
                    let id = lens.network.id(edge);
                    (
                        powermap::model::vocabulary::short_name(id.as_str()).to_owned(),
                        edge,
                    )
                })
                .collect();
            let found: Vec<(Vec<String>, Vec<String>, Vec<String>)> =
                serde_json::from_str(lines.next().unwrap()).unwrap();
            for (ids, english, chinese) in found {
                let own: Vec<u32> = ids
                    .iter()
                    .map(|id| edges.remove(id).unwrap_or_else(|| panic!("{place}: {id}")))
                    .collect();
                let sums = Measure::ALL.iter().flat_map(|measure| {
                    lens.sums(&own, *measure)
                        .by_unit
                        .into_values()
                        .map(|sum| sum.quantity)
                });
                let sums: Vec<_> = sums.collect();
                let texts = |lang| sums.iter().map(|sum| sum.display(lang)).collect::<Vec<_>>();
                assert_eq!(english, texts(Lang::En), "{place}: {ids:?}");
                assert_eq!(chinese, texts(Lang::Zh), "{place}: {ids:?}");
                arrows += 1;
                with_value += usize::from(!sums.is_empty());
            }
            assert!(edges.is_empty(), "{place}: no arrow has {edges:?}");
        }
    }
    assert!(
        with_value > 10_000 && arrows > with_value,
        "{with_value} of {arrows}"
    );
}
