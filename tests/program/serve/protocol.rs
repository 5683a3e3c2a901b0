//! Queries, updates and graphs, beyond the suites of the W3C.

use super::client::{Server, TOKEN, encoded};

/// Who invests in OpenAI, as a query.
const INVESTORS: &str = "SELECT ?who { ?who pm:investsIn id:openai } ORDER BY ?who";

#[test]
fn a_query_is_answered_in_the_form_that_is_wanted() {
    let server = Server::start(&[]);
    let path = format!("/sparql?query={}", encoded(INVESTORS));
    let answer = server.get(&path);
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/sparql-results+json")
    );
    let json = answer.json();
    let rows = json["results"]["bindings"].as_array().unwrap();
    let investors: Vec<_> = rows
        .iter()
        .map(|row| row["who"]["value"].as_str().unwrap())
        .collect();
    assert!(investors.contains(&"https://w3id.org/powermap/id/nvidia"));
    assert!(!investors.contains(&"https://w3id.org/powermap/id/amd"));
    for (accept, media, start) in [
        ("text/csv", "text/csv; charset=utf-8", "who\r\n"),
        (
            "text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8",
            "?who\n",
        ),
        (
            "application/sparql-results+xml",
            "application/sparql-results+xml",
            "<?xml",
        ),
        ("application/json", "application/json", "{"),
    ] {
        let answer = server.send("GET", &path, &[("accept", accept)], b"");
        assert_eq!(answer.header("content-type"), Some(media));
        assert!(answer.text().starts_with(start), "{}", answer.text());
    }
    let refused = server.send("GET", &path, &[("accept", "image/png")], b"");
    assert_eq!(refused.status, 406);
    assert_eq!(
        refused.header("content-type"),
        Some("application/problem+json")
    );
    assert!(
        refused.json()["detail"]
            .as_str()
            .unwrap()
            .contains("text/csv")
    );
}

#[test]
fn a_query_looks_from_the_day_of_the_request() {
    let server = Server::start(&[]);
    let led = "SELECT ?who { ?edge pm:kind pm:Leadership ; pm:to id:openai ; pm:from ?who ; pm:restsOn ?claim }";
    for (day, leader) in [
        ("2023-11-18", "mira-murati"),
        ("2023-11-20", "emmett-shear"),
    ] {
        let path = format!("/sparql?as-of={day}&query={}", encoded(led));
        let answer = server.send("GET", &path, &[("accept", "text/csv")], b"");
        assert_eq!(
            answer.text(),
            format!("who\r\nhttps://w3id.org/powermap/id/{leader}\r\n")
        );
    }
    let wrong = server.get(&format!("/sparql?as-of=yesterday&query={}", encoded(led)));
    assert_eq!(wrong.status, 400);
    assert!(
        wrong.json()["detail"]
            .as_str()
            .unwrap()
            .contains("expected a day such as")
    );
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let server = Server::start(&[]);
    for path in [
        format!("/sparql?query={}", encoded(INVESTORS)),
        "/api/control?of=openai".to_owned(),
        "/board.svg?top=4".to_owned(),
        "/graphs?default".to_owned(),
        "/openapi.json".to_owned(),
        "/".to_owned(),
    ] {
        let first = server.get(&path);
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        let tag = first
            .header("etag")
            .unwrap_or_else(|| panic!("{path}"))
            .to_owned();
        let again = server.send("GET", &path, &[("if-none-match", &tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = server.send("GET", &path, &[("if-none-match", "\"x\"")], b"");
        assert_eq!(other.status, 200);
        let head = server.send("HEAD", &path, &[], b"");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        assert_eq!(head.header("etag"), Some(tag.as_str()));
        let packed = server.send("GET", &path, &[("accept-encoding", "gzip")], b"");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
        assert_eq!(packed.body[..2], [0x1f, 0x8b]);
        assert!(packed.body.len() < first.body.len());
    }
    // Another day is another answer.
    let tags = ["", "&as-of=2025-09-30"].map(|view| {
        let answer = server.get(&format!("/api/control?of=openai{view}"));
        answer.header("etag").unwrap().to_owned()
    });
    assert_ne!(tags[0], tags[1]);
    let volatile = server.get(&format!(
        "/sparql?query={}",
        encoded("SELECT (RAND() AS ?x) {}")
    ));
    assert_eq!(volatile.header("etag"), None);
}

#[test]
fn writing_needs_the_token_and_is_kept() {
    let mut server = Server::writable("", &[]);
    let update = b"INSERT DATA { id:ada a pm:Person ; rdfs:label 'Ada'@en }";
    let media = ("content-type", "application/sparql-update");
    let none = server.send("POST", "/sparql", &[media], update);
    assert_eq!(none.status, 401);
    assert!(
        none.header("www-authenticate")
            .unwrap()
            .starts_with("Bearer")
    );
    for wrong in [
        "Bearer a-token-for-tests-0123456788",
        "Basic YTpi",
        "Bearer ",
    ] {
        let refused = server.send(
            "POST",
            "/sparql",
            &[media, ("authorization", wrong)],
            update,
        );
        assert_eq!(refused.status, 401, "{wrong}");
    }
    let before = server.get("/api/players");
    let bearer = format!("Bearer {TOKEN}");
    let token = ("authorization", bearer.as_str());
    let done = server.send("POST", "/sparql", &[media, token], update);
    assert_eq!(
        done.json(),
        serde_json::json!({"inserts": 2, "deletes": 0}),
        "{}",
        done.text()
    );
    let after = server.get("/api/players");
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(after.json()["rows"][0]["id"], "ada");
    let derived = server.send(
        "POST",
        "/sparql",
        &[media, token],
        b"INSERT DATA { GRAPH pm:board { id:a pm:investsIn id:b } }",
    );
    assert_eq!(derived.status, 400);
    assert!(
        derived.json()["detail"]
            .as_str()
            .unwrap()
            .contains("pm:board")
    );
    assert!(
        derived.json()["hint"]
            .as_str()
            .unwrap()
            .contains("write claims")
    );
    // What was answered is on the disk, however the process ends.
    server.kill();
    let folder = server.folder.take().unwrap();
    let map = folder.path().join("map").display().to_string();
    let again = Server::start(&["--map", &map]);
    assert_eq!(again.get("/api/players").json()["rows"][0]["name"], "Ada");
    // A server that only reads says so.
    let refused = again.send("POST", "/sparql", &[media, token], update);
    assert_eq!(refused.status, 403);
    assert!(
        refused.json()["hint"]
            .as_str()
            .unwrap()
            .contains("--writable")
    );
    assert_eq!(
        again.stop(),
        Some(0),
        "a server that is asked to stop ends well"
    );
}

#[test]
fn a_large_answer_comes_in_chunks_and_whole() {
    let server = Server::start(&[]);
    let query = "SELECT ?a ?b { ?a a pm:Claim . ?b a pm:Claim } LIMIT 60000";
    let path = format!("/sparql?query={}", encoded(query));
    let answer = server.send("GET", &path, &[("accept", "text/csv")], b"");
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert_eq!(answer.text().lines().count(), 60_001);
    let limited = Server::start(&["--limit-rows", "10"]);
    let answer = limited.send("GET", &path, &[("accept", "text/csv")], b"");
    assert_eq!(answer.text().lines().count(), 11);
    assert_eq!(answer.header("powermap-cut"), Some("rows"));
}

#[test]
fn a_query_that_takes_too_long_is_stopped() {
    let server = Server::start(&["--timeout", "0.2"]);
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(CONCAT(STR(?c), STR(?f)) < STR(?d)) }";
    let answer = server.get(&format!("/sparql?query={}", encoded(query)));
    assert_eq!(answer.status, 503, "{}", answer.text());
    let problem = answer.json();
    assert!(problem["detail"].as_str().unwrap().contains("200ms"));
    let hint = problem["hint"].as_str().unwrap();
    assert!(
        hint.contains("ask for less") && !hint.contains("--"),
        "{hint}"
    );
    assert_eq!(server.get("/health").status, 200);
}
