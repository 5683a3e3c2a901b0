//! The page of the board as a file: what it may load, what it says, and that names cannot break out of it. What it
//! does is tested in a browser: `tests/html/run`.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap::Map;
use powermap::model::{Family, Lang};
use powermap::network::Filter;
use powermap::picture::{SceneError, SceneOptions, write_page};
use powermap_picture::Theme;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;

fn page(map: &Map, title: &str, filter: Filter) -> Result<String, SceneError> {
    let titles = [title.to_owned(), title.to_owned()];
    let position = map.position().unwrap().filtered(filter);
    write_page(&position, &SceneOptions::default(), &titles, None)
}

fn built_in() -> String {
    page(&Map::built_in().unwrap(), "The board", Filter::default()).unwrap()
}

/// What stands between each pair of tags.
fn elements<'a>(page: &'a str, tag: &str) -> Vec<(&'a str, &'a str)> {
    let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
    let parts = page.split(open.as_str()).skip(1);
    parts
        .map(|part| {
            let (attributes, rest) = part.split_once('>').unwrap();
            (attributes, rest.split_once(close.as_str()).unwrap().0)
        })
        .collect()
}

fn data(page: &str) -> Value {
    let scripts = elements(page, "script");
    let (_, text) = scripts.iter().find(|(a, _)| a.contains("json")).unwrap();
    serde_json::from_str(text).unwrap()
}

/// The hash in hexadecimal of base64 text, and of bytes: a second way to the same thing.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn decoded(base64: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in base64.trim_end_matches('=').chars() {
        bits = bits << 6 | letters.find(letter).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}

#[test]
fn the_policy_allows_exactly_what_is_in_the_page() {
    let page = built_in();
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"));
    let allowed = |name: &str| -> Vec<String> {
        let rule = policy
            .split("; ")
            .find(|rule| rule.starts_with(name))
            .unwrap();
        let hashes = rule.split("'sha256-").skip(1);
        hashes
            .map(|hash| hex(&decoded(hash.split_once('\'').unwrap().0)))
            .collect()
    };
    let hash = |text: &str| hex(&Sha256::digest(text.as_bytes()));
    let scripts: Vec<_> = elements(&page, "script")
        .into_iter()
        .filter(|(attributes, _)| !attributes.contains("json"))
        .map(|(attributes, text)| {
            assert_eq!(attributes, "");
            hash(text)
        })
        .collect();
    assert_eq!(allowed("script-src"), scripts);
    let styles: Vec<_> = elements(&page, "style")
        .iter()
        .map(|(_, text)| hash(text))
        .collect();
    assert_eq!(allowed("style-src"), styles);
    assert_eq!((scripts.len(), styles.len()), (1, 1));
    assert!(policy.contains("; img-src blob:;"), "for saving as PNG");
}

#[test]
fn nothing_is_loaded_and_no_attribute_is_code() {
    let page = built_in();
    let (head, rest) = page.split_once("<script").unwrap();
    for text in [
        " src=",
        "<link",
        "<iframe",
        "<img",
        "<image",
        "@import",
        "url(",
        " style=\"",
        "javascript:",
    ] {
        assert!(!head.contains(text), "{text}");
    }
    let markup = attribute_names(head);
    for attribute in markup {
        assert!(!attribute.starts_with("on"), "{attribute}");
    }
    for text in [
        "innerHTML",
        "insertAdjacentHTML",
        "eval(",
        "new Function",
        "fetch(",
        "http://",
        "import(",
    ] {
        let script = elements(&page, "script")
            .pop()
            .unwrap()
            .1
            .replace("http://www.w3.org/2000/svg", "");
        assert!(!script.contains(text), "{text}");
    }
    assert!(rest.contains("</script>"));
}

/// The names of all attributes.
fn attribute_names(markup: &str) -> Vec<&str> {
    let tags = markup
        .split('<')
        .filter_map(|tag| tag.split_once('>'))
        .map(|(tag, _)| tag);
    tags.flat_map(|tag| tag.split("=\"").filter_map(|part| part.rsplit(' ').next()))
        .collect()
}

#[test]
fn the_page_is_small_and_always_the_same() {
    let page = built_in();
    assert!(page.len() < 1_000_000, "{}", page.len());
    assert_eq!(page, built_in());
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// What holds on a day of a list of changes.
fn on_day(changes: &Value, day: usize) -> &Value {
    let mut changes = list(changes).iter();
    let found = changes.rfind(|change| change[0].as_u64().unwrap() <= day as u64);
    found.map_or(&Value::Null, |change| &change[1])
}

#[test]
fn every_edge_has_its_days_and_its_claims() {
    let map = Map::built_in().unwrap();
    let data = data(&built_in());
    let days = list(&data["days"]);
    assert!(days.len() > 20 && days.is_sorted_by_key(|day| day.as_str().unwrap()));
    let edges = list(&data["edges"]);
    for edge in edges {
        assert!(!list(&edge["claims"]).is_empty(), "{edge}");
        let states = list(&edge["states"]);
        assert!(states.iter().any(|state| !state[1].is_null()), "{edge}");
    }
    // On each day the page shows what the board of that day has.
    for (place, day) in days.iter().enumerate().step_by(7) {
        let board = position(&map, day).board().clone();
        for edge in edges {
            let id = powermap::model::vocabulary::expand(edge["id"].as_str().unwrap()).unwrap();
            let state = on_day(&edge["states"], place);
            let known = board.edges.get(&id);
            assert_eq!(!state.is_null(), known.is_some(), "{id} {day}");
            let wanted = known.and_then(|resolution| resolution.status);
            let wanted = wanted.map(|status| status.name());
            assert_eq!(state["status"].as_str(), wanted, "{id} {day}");
        }
    }
}

fn position(map: &Map, day: &Value) -> powermap::analysis::Position {
    let view = powermap::model::View {
        as_of: Some(day.as_str().unwrap().parse().unwrap()),
        ..Default::default()
    };
    map.position().unwrap().at(view)
}

#[test]
fn the_slider_ends_when_the_map_last_learnt_anything() {
    let map = Map::built_in().unwrap();
    let last = map.position().unwrap().day().unwrap().to_string();
    let end = |data: &Value| {
        list(&data["days"])
            .last()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let usual = data(&built_in());
    assert_eq!(end(&usual), last);
    assert_eq!(
        usual["today"].as_u64().unwrap() as usize + 1,
        list(&usual["days"]).len()
    );
    // A page that opens on an earlier day goes on to the same end, and one of a later day to that.
    for (day, wanted) in [("2025-10-07", last.as_str()), ("2031-01-01", "2031-01-01")] {
        let view = powermap::model::View {
            as_of: Some(day.parse().unwrap()),
            ..Default::default()
        };
        let data = data(&page(&map.with_view(view), "Later", Filter::default()).unwrap());
        let today = data["today"].as_u64().unwrap() as usize;
        assert_eq!(
            (data["days"][today].as_str().unwrap(), end(&data).as_str()),
            (day, wanted)
        );
    }
}

#[test]
fn loops_and_findings_are_those_of_the_picture() {
    let map = Map::built_in().unwrap();
    let data = data(&built_in());
    let days = list(&data["days"]);
    assert_eq!(data["has_all_loops"], true);
    for (place, day) in days.iter().enumerate().rev().step_by(11) {
        let options = SceneOptions::default();
        for (lang, number) in [(Lang::En, 0), (Lang::Zh, 1)] {
            let options = SceneOptions {
                lang,
                ..options.clone()
            };
            let Ok(scene) = powermap::picture::scene(&position(&map, day), &options) else {
                continue;
            };
            let numbers = on_day(&data["loop_days"], place);
            let texts: Vec<&str> = list(numbers)
                .iter()
                .map(|loop_place| {
                    data["loops"][loop_place.as_u64().unwrap() as usize]["text"][number]
                        .as_str()
                        .unwrap()
                })
                .collect();
            for one in &scene.loops {
                let players = one.players.len();
                // The strongest player of the page and of the day's picture may differ, and with it where a loop begins.
                let is_it = |text: &&str| *text == one.text || text.matches('→').count() == players;
                assert!(texts.iter().any(is_it), "{day}: {} in {texts:?}", one.text);
            }
            if place + 1 == days.len() {
                assert!(
                    scene
                        .loops
                        .iter()
                        .all(|one| texts.contains(&one.text.as_str())),
                    "{texts:?}"
                );
            }
            let numbered: Vec<usize> = list(&on_day(&data["headlines"], place)["loops"])
                .iter()
                .filter_map(|named| list(numbers).iter().position(|one| one == named))
                .map(|rank| rank + 1)
                .collect();
            let marked: Vec<usize> = scene.loops.iter().map(|one| one.number).collect();
            assert_eq!(numbered, marked, "{day}");
            // Unless the reader chooses, the players are those of the day.
            let casts = list(on_day(&data["casts"], place)).iter();
            let ids = casts.map(|player| {
                data["players"][player.as_u64().unwrap() as usize]["id"]
                    .as_str()
                    .unwrap()
            });
            let drawn = scene.players().iter().map(|player| player.id.as_str());
            assert_eq!(ids.collect::<BTreeSet<_>>(), drawn.collect(), "{day}");
            let finding = &on_day(&data["headlines"], place)["finding"][number];
            assert_eq!(finding.as_str(), scene.finding.as_deref(), "{day}");
        }
    }
}

#[test]
fn players_have_their_figures_and_their_dependence_with_claims() {
    let data = data(&built_in());
    let players = list(&data["players"]);
    let openai = players
        .iter()
        .find(|player| player["id"] == "openai")
        .unwrap();
    assert_eq!(openai["rank"], 1);
    assert!(
        list(&openai["figures"])
            .iter()
            .all(|figure| !list(&figure["claims"]).is_empty())
    );
    assert!(list(&openai["figures"]).len() > 5 && list(&openai["dependence"]).len() > 3);
    for near in list(&data["near"]) {
        assert_eq!(list(&near["players"]).len(), list(&near["steps"]).len() + 1);
        assert!(!list(&near["ties"]).is_empty(), "{near}");
    }
    assert!(!list(&data["near"]).is_empty() && !list(&data["conflicts"]).is_empty());
    let claims = list(&data["claims"]);
    for conflict in list(&data["conflicts"]) {
        for claim in list(&conflict["claims"]) {
            assert!(claims[claim.as_u64().unwrap() as usize]["document"].is_number());
        }
    }
}

#[test]
fn a_filter_of_the_board_is_one_of_the_page() {
    let filter = Filter {
        families: vec![Family::Supply],
        ..Filter::default()
    };
    let data = data(&page(&Map::built_in().unwrap(), "Supply", filter).unwrap());
    let edges = list(&data["edges"]);
    assert!(!edges.is_empty() && edges.iter().all(|edge| edge["family"] == "supply"));
}

#[test]
fn names_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "</script><script>alert(1)</script>\u{2028}<!--";
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "players.csv",
        format!("id,type,name_en\na,company,{evil}\n"),
    );
    write(
        "documents.csv",
        "id,title,url\nd,Paper,javascript:alert(1)\n".to_owned(),
    );
    let header = "from,to,family,kind,lower,upper,unit,status,document,locator\n";
    write(
        "edges.csv",
        format!("{header}a,b,investment,Equity,1,1,USD,announced,d,{evil}\n"),
    );
    let page = page(&Map::open(folder.path()).unwrap(), evil, Filter::default()).unwrap();
    assert!(!page.contains("alert(1)</script>") && !page.contains('\u{2028}'));
    assert_eq!(elements(&page, "script").len(), 2);
    let data = data(&page);
    assert_eq!(data["documents"][0]["url"], Value::Null);
    let players = data["players"].as_array().unwrap();
    let mut names = players
        .iter()
        .filter_map(|player| player["name"][0].as_str());
    assert!(names.any(|name| name.contains("<script>")), "{players:?}");
}

#[test]
fn the_language_and_the_theme_are_those_asked_for() {
    let map = Map::built_in().unwrap();
    let titles = ["Board".to_owned(), "棋局".to_owned()];
    let options = SceneOptions {
        lang: Lang::Zh,
        ..SceneOptions::default()
    };
    let position = map.position().unwrap();
    let page = write_page(&position, &options, &titles, Some(Theme::Dark)).unwrap();
    assert!(page.contains("<html lang=\"zh\">") && page.contains("<title>棋局</title>"));
    assert_eq!(data(&page)["theme"], "dark");
}
