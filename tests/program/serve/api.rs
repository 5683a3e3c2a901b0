//! The analyses, players, named queries and pictures over HTTP.

use super::client::{Server, encoded};
use serde_json::Value;

/// The row of an answer that has this value in this column.
fn row<'a>(answer: &'a Value, column: &str, value: &str) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    let found = rows.iter().find(|row| row[column] == value);
    found.unwrap_or_else(|| panic!("no {column} {value}: {answer:#}"))
}

#[test]
fn a_type_or_a_kind_that_is_none_is_refused() {
    let server = Server::start(&[]);
    for (path, name) in [
        ("/api/players?q=open&type=abc", "type"),
        ("/api/search?q=open&kind=abc", "kind"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 400, "{}", answer.text());
        let detail = format!("'abc' is no value for {name}: expected one of");
        assert!(answer.text().contains(&detail), "{}", answer.text());
    }
    assert_eq!(server.get("/api/players?q=open&type=company").status, 200);
}

#[test]
fn every_figure_leads_to_its_claim_document_and_place() {
    let server = Server::start(&[]);
    let answer = server.get("/api/control?of=openai").json();
    let foundation = row(&answer, "controller", "openai-foundation");
    assert_eq!(
        (&foundation["verdict"], &foundation["basis"]),
        (&"certain".into(), &"stated".into())
    );
    assert_eq!(
        foundation["share_lower"],
        Value::Null,
        "nobody says how much"
    );
    let softbank = row(&answer, "controller", "softbank");
    assert_eq!(
        (&softbank["share_lower"], &softbank["share_upper"]),
        (&0.11.into(), &0.13.into())
    );
    for row in answer["rows"].as_array().unwrap() {
        let evidence = row["evidence"].as_array().unwrap();
        assert!(!evidence.is_empty(), "{row}");
        for one in evidence {
            let claim = &answer["claims"][one["claim"].as_str().unwrap()];
            assert_eq!(claim["document"], one["document"], "{one}");
            assert!(
                answer["documents"][one["document"].as_str().unwrap()].is_object(),
                "{one}"
            );
        }
    }
    assert_eq!(answer["view"]["policy"], "weighed");
    assert_eq!(answer["left_out"], Value::Null);
}

#[test]
fn rows_come_page_by_page() {
    let server = Server::start(&[]);
    let all = server.get("/api/timeline").json();
    let all = all["rows"].as_array().unwrap();
    let first = server.get("/api/timeline?max-rows=5").json();
    assert_eq!(first["rows"].as_array().unwrap(), &all[..5]);
    let left = &first["left_out"];
    assert_eq!(
        (&left["rows"], &left["next_offset"]),
        (&(all.len() - 5).into(), &5.into())
    );
    let next = server.get("/api/timeline?max-rows=5&offset=5").json();
    assert_eq!(next["rows"].as_array().unwrap(), &all[5..10]);
    let csv = server.get("/api/timeline?max-rows=5&offset=5&format=csv");
    assert_eq!(csv.text().lines().count(), 6);
}

#[test]
fn a_spreadsheet_gets_csv_with_sources() {
    let server = Server::start(&[]);
    for answer in [
        server.get("/api/control?of=openai&format=csv"),
        server.send(
            "GET",
            "/api/control?of=openai",
            &[("accept", "text/csv")],
            b"",
        ),
    ] {
        assert_eq!(
            answer.header("content-type"),
            Some("text/csv; charset=utf-8")
        );
        let mut lines = answer.text().lines();
        assert_eq!(
            lines.next(),
            Some(
                "controller,verdict,basis,share_lower,share_upper,direct_lower,direct_upper,votes_lower,votes_upper,company,claims,sources"
            )
        );
        assert!(
            lines
                .next()
                .unwrap()
                .starts_with("openai-foundation,certain,stated,,,,,,,openai,claim-")
        );
    }
    let show = server.get("/api/show/openai?format=csv");
    assert!(show.text().starts_with("report,"), "{}", &show.text()[..80]);
}

#[test]
fn players_queries_and_briefs_are_there() {
    let server = Server::start(&[]);
    let found = server
        .get(&format!("/api/players?q={}", encoded("甲骨文")))
        .json();
    assert_eq!(found["rows"][0]["id"], "oracle");
    let people = server.get("/api/players?type=person").json();
    assert!(
        people["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["type"] == "person")
    );
    let queries = server.get("/api/ask").json();
    let one = row(&queries, "name", "investments-in");
    assert!(one["parameters"]["player"]["description"].is_string());
    let asked = server.get("/api/ask/compute-total?player=openai").json();
    let sum = row(&asked, "role", "sum");
    assert!(
        sum["lower"].as_f64().unwrap() >= 23.0 && sum["upper"].is_null(),
        "{sum}"
    );
    let shown = server
        .get(&format!("/api/show/{}", encoded("Oracle Corp.")))
        .json();
    assert_eq!(shown["question"]["show"]["player"], "oracle");
    let keys: Vec<_> = shown["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["key"])
        .collect();
    for key in [
        "player",
        "deals",
        "edges_out",
        "edges_in",
        "observations",
        "conflicts",
    ] {
        assert!(keys.iter().any(|found| **found == key), "{key}");
    }
    let brief = server.get("/api/brief/nvidia?lang=zh").json();
    assert!(brief["rows"][0]["evidence"].is_array());
}

#[test]
fn errors_say_what_was_wrong_and_what_to_try() {
    let server = Server::start(&[]);
    for (path, status, detail, hint) in [
        (
            "/api/control?of=nvidai",
            404,
            "there is no player 'nvidai'",
            "did you mean nvidia",
        ),
        ("/api/control", 400, "control needs the parameter 'of'", ""),
        ("/api/control?of=openai&off=1", 400, "has no parameter", ""),
        (
            "/api/loops?max-length=x",
            400,
            "'x' is no value for max-length",
            "",
        ),
        ("/api/loop", 404, "there is no analysis loop", "loops"),
        (
            "/api/diff?before=2025-09-01&after=2025-10-01&as-of=2025-10-01",
            400,
            "as-of",
            "",
        ),
        (
            "/api/ask/investment-in",
            404,
            "no query is named",
            "did you mean investments-in",
        ),
        (
            "/api/ask/investments-in",
            400,
            "needs the parameter player",
            "",
        ),
        (
            "/api/show/openai?wrong=1",
            400,
            "the argument 'wrong' is not expected",
            "as-of",
        ),
        ("/sparql?query=SELECT", 400, "1:7", ""),
        ("/board.svg?top=0", 400, "top", ""),
        (
            "/board.svg?output=elsewhere.svg",
            400,
            "the board has no parameter output",
            "around",
        ),
        (
            "/board.svg?diff=--output,elsewhere.svg",
            400,
            "two days",
            "",
        ),
        (
            "/nothing",
            404,
            "there is nothing at this address",
            "/openapi.json",
        ),
        (
            "/../../etc/passwd",
            404,
            "there is nothing at this address",
            "",
        ),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{path}"
        );
        let problem = answer.json();
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        assert!(text("detail").contains(detail), "{path}: {problem}");
        assert!(text("hint").contains(hint), "{path}: {problem}");
        assert_eq!(problem["status"], status);
    }
    let answer = server.send("DELETE", "/api/loops", &[], b"");
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, Some("GET,HEAD"))
    );
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json")
    );
}

#[test]
fn the_board_is_drawn_in_every_format() {
    let server = Server::start(&[]);
    for (path, media, start) in [
        ("/board.svg?around=nvidia&hops=1", "image/svg+xml", "<svg"),
        ("/board.html", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        (
            "/board.dot?look=dot",
            "text/vnd.graphviz; charset=utf-8",
            "digraph",
        ),
        ("/board.json?as-of=2025-09-30", "application/json", "{"),
        (
            "/board.mermaid?players=openai,nvidia",
            "text/plain; charset=utf-8",
            "---\ntitle:",
        ),
        ("/board.graphml", "application/xml", "<?xml"),
        (
            "/board.gexf?money=true&theme=dark",
            "application/xml",
            "<?xml",
        ),
    ] {
        let answer = server.get(path);
        assert_eq!(
            answer.header("content-type"),
            Some(media),
            "{path}: {}",
            answer.text()
        );
        assert!(answer.text().trim_start().starts_with(start), "{path}");
    }
    let page = server.get("/board.html");
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'sha256-"),
        "{policy}"
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn the_description_names_every_address() {
    let server = Server::start(&[]);
    let document = server.get("/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    for analysis in powermap::analysis::all() {
        let operation = &paths[&format!("/api/{}", analysis.name)]["get"];
        let parameters: Vec<_> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        for parameter in analysis.parameters {
            assert!(parameters.contains(&parameter.name), "{}", analysis.name);
        }
        assert_eq!(parameters.contains(&"as-of"), !analysis.takes_moments());
    }
    let ids: Vec<_> = paths
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap())
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    assert!(
        paths["/graphs"].get("put").is_none(),
        "the server only reads"
    );
}

#[test]
fn health_and_counts_are_told() {
    let server = Server::start(&[]);
    let health = server.get("/health").json();
    assert_eq!(
        (&health["status"], &health["writable"]),
        (&"ok".into(), &false.into())
    );
    assert_eq!(health["hash"].as_str().unwrap().len(), 64);
    server.get("/api/loops");
    server.get("/nothing");
    let counts = server.get("/metrics");
    for line in [
        "powermap_requests_total{route=\"/api/{analysis}\",status=\"200\"} 1",
        "powermap_requests_total{route=\"other\",status=\"404\"} 1",
    ] {
        assert!(
            counts.text().lines().any(|found| found == line),
            "{line}\n{}",
            counts.text()
        );
    }
}

#[test]
fn an_answer_can_be_had_with_its_evidence() {
    let server = Server::start(&[]);
    let answer = server.get("/api/control?of=openai&evidence=true");
    let bundle = powermap::evidence::Bundle::from_json(answer.text()).unwrap();
    assert!(bundle.is_sealed());
    let map = powermap::Map::built_in().unwrap();
    assert!(bundle.verify(&bundle, &map).unwrap().holds());
    assert_eq!(bundle.map.hash, map.content_hash().unwrap());
}
