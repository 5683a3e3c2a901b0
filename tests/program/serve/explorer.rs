//! The explorer's files, what it asks besides rows, and claims that are added and taken back.

use super::client::{Answer, Server, TOKEN, encoded};
use serde_json::{Value, json};

/// A map of two companies with a stake of one in the other.
const MAP: &str = "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> . \
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . \
    @prefix cur: <http://qudt.org/vocab/currency/> . \
    id:x a pm:Company ; rdfs:label \"X <b>&amp;</b>\"@en . id:y a pm:Company ; rdfs:label \"Y\"@en . \
    id:e a pm:Investment ; pm:kind pm:Equity ; pm:from id:x ; pm:to id:y ; pm:since \"2025-01-01\"^^xsd:date . \
    id:c a pm:Claim ; pm:about id:e ; pm:modality pm:Statement ; pm:status pm:Announced ; \
    pm:amount [ pm:lower 5 ; pm:upper 5 ; pm:unit cur:USD ] ; pm:document id:d ; pm:locator \"p1\" ; \
    pm:assertedBy id:y ; pm:said \"2025-01-01\"^^xsd:date . \
    id:d a pm:Document ; rdfs:label \"D\"@en .";

fn writable() -> Server {
    Server::writable(MAP, &[])
}

fn authorised(server: &Server, method: &str, path: &str, body: &str) -> Answer {
    let token = format!("Bearer {TOKEN}");
    let mut headers = vec![("authorization", token.as_str())];
    if method == "POST" {
        headers.push(("content-type", "application/json"));
    }
    server.send(method, path, &headers, body.as_bytes())
}

/// A further claim on the stake of X in Y.
fn claim() -> Value {
    json!({
        "about": "e", "lower": "7", "upper": "7", "unit": "USD bn", "status": "completed", "title": "A filing",
        "url": "https://filing.example/", "issued": "2025-02-01", "said": "2025-02-01", "asserted_by": "Y",
        "locator": "p2", "text": "X pays seven billion."
    })
}

#[test]
fn amounts_are_read_as_in_tables() {
    let server = writable();
    let amount = |lower: &str| {
        let mut body = claim();
        body["lower"] = lower.into();
        body["upper"] = "".into();
        let answer = authorised(&server, "POST", "/api/claims", &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let listed = authorised(&server, "GET", "/api/claims", "").json();
        let taken = authorised(&server, "DELETE", &format!("/api/claims/{id}"), "");
        assert_eq!(taken.status, 200, "{}", taken.text());
        listed["claims"][0]["claim"]["amount"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(amount("1,500"), "≥ $1.5 tn");
    assert_eq!(amount(">1.5"), "> $1.5 bn");
}

#[test]
fn a_partnership_is_one_relation_from_either_side() {
    let server = writable();
    let add = |from: &str, to: &str, text: &str| {
        let body = json!({"from": from, "to": to, "family": "influence", "kind": "partnership", "title": "A paper",
            "said": "2025-03-01", "text": text});
        let answer = authorised(&server, "POST", "/api/claims", &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
        let id = answer.json()["id"].as_str().unwrap().to_owned();
        let query = format!("SELECT ?edge {{ id:{id} pm:about ?edge }}");
        let edge = server.get(&format!("/sparql?query={}", encoded(&query)));
        edge.text().to_owned()
    };
    assert_eq!(
        add("x", "y", "They work together."),
        add("y", "x", "They go on.")
    );
    assert_ne!(add("x", "y", "Once more."), "");
}

#[test]
fn a_claim_brings_new_players_and_figures_and_takes_them_back() {
    let server = writable();
    let before = everything(&server).0;
    let add = |body: Value| {
        let answer = authorised(&server, "POST", "/api/claims", &body.to_string());
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    };
    let refused = |body: Value, detail: &str| {
        let answer = authorised(&server, "POST", "/api/claims", &body.to_string());
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert!(answer.text().contains(detail), "{}", answer.text());
    };
    let relation = json!({"from": "Zed Chips", "from_type": "company", "to": "y", "family": "supply", "kind": "chips",
        "lower": "3", "upper": "3", "unit": "USD bn", "title": "A paper", "said": "2025-03-01"});
    let first = add(relation.clone());
    let shown = server
        .get("/api/show/Zed%20Chips?format=words")
        .text()
        .to_owned();
    assert!(shown.contains("$3 bn"), "{shown}");
    // The player is there now, so that a further claim needs no type, and a type is a mistake.
    refused(relation, "there is a player 'Zed Chips' already");
    let figure = json!({"subject": "Zed Chips", "metric": "revenue", "period": "2024", "lower": "2", "upper": "2",
        "unit": "USD bn", "title": "Another", "said": "2025-04-01"});
    let second = add(figure.clone());
    let third = add(
        json!({"subject": "zed chips", "metric": "revenue", "period": "2024", "lower": "4", "upper": "4",
        "unit": "USD bn", "title": "A third", "said": "2025-05-01"}),
    );
    let figures = server
        .get("/api/ask/figures-of?player=Zed%20Chips&format=csv")
        .text()
        .to_owned();
    assert_eq!(
        figures.lines().count(),
        2,
        "one figure with two claims: {figures}"
    );
    refused(
        json!({"subject": "y", "metric": "chips", "lower": "1", "unit": "USD", "title": "T", "said": "2025"}),
        "is no metric",
    );
    refused(
        json!({"from": "x", "to": "y", "family": "investment", "kind": "chips", "title": "T", "said": "2025", "text": "t"}),
        "is no kind of investment",
    );
    refused(
        json!({"about": "e", "lower": "120", "unit": "percent", "title": "T", "said": "2025"}),
        "more than the whole",
    );
    // The player goes with the last that speaks of it.
    for (id, is_there) in [(&first, true), (&third, true), (&second, false)] {
        let gone = authorised(&server, "DELETE", &format!("/api/claims/{id}"), "");
        assert_eq!(gone.status, 200, "{}", gone.text());
        assert_eq!(
            everything(&server).0.contains("Zed Chips"),
            is_there,
            "{id}"
        );
    }
    assert_eq!(everything(&server).0, before);
}

/// Everything that the map says in its files, and the day's board.
fn everything(server: &Server) -> (String, Vec<String>) {
    let triples = server.get("/graphs?default").text().to_owned();
    let folder = server.folder.as_ref().unwrap().path().join("map");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    (triples, files)
}

#[test]
fn the_explorer_is_a_page_with_files_and_a_strict_policy() {
    let server = Server::start(&[]);
    let page = server.get("/");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let links = page
        .text()
        .split(['"'])
        .filter(|part| part.starts_with("/explorer/"));
    let mut open: Vec<String> = links.map(str::to_owned).collect();
    let mut seen = vec!["/".to_owned()];
    while let Some(path) = open.pop() {
        if seen.contains(&path) {
            continue;
        }
        let file = server.get(&path);
        assert_eq!(file.status, 200, "{path}");
        let media = match path.ends_with(".css") {
            true => "text/css; charset=utf-8",
            false => "text/javascript; charset=utf-8",
        };
        assert_eq!(file.header("content-type"), Some(media), "{path}");
        let imports = file.text().split("\"./").skip(1);
        open.extend(imports.map(|part| format!("/explorer/{}", part.split('"').next().unwrap())));
        seen.push(path);
    }
    assert!(seen.len() > 12, "{seen:?}");
    for path in &seen {
        let file = server.get(path);
        let policy = file.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
        let tag = file.header("etag").unwrap().to_owned();
        let again = server.send("GET", path, &[("if-none-match", &tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let packed = server.send("GET", path, &[("accept-encoding", "gzip")], b"");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{path}");
    }
    assert_eq!(server.get("/explorer/").status, 404);
    assert_eq!(server.get("/explorer/page.rs").status, 404);
    assert_eq!(server.send("POST", "/", &[], b"").status, 405);
}

#[test]
fn a_page_learns_what_the_map_is_and_what_can_be_asked() {
    let server = Server::start(&[]);
    let about = server.get("/api/about?lang=zh").json();
    assert_eq!(about["title"], "硅谷棋局");
    assert_eq!(
        (&about["writable"], &about["lang"]),
        (&false.into(), &"zh".into())
    );
    let days = about["days"].as_array().unwrap();
    assert!(
        days.len() > 30 && days.contains(&about["view"]["as_of"]),
        "{days:?}"
    );
    let names = |list: &str| -> Vec<_> {
        let list = about[list].as_array().unwrap().iter();
        list.map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names("families"), ["investment", "supply", "influence"]);
    assert!(names("analyses").contains(&"loops".to_owned()));
    assert!(names("queries").len() > 60);
    assert_eq!(about["limits"]["seconds"], 30);
    let vocabulary = server.get("/api/vocabulary").json();
    let terms = vocabulary["terms"].as_array().unwrap();
    assert!(terms.iter().any(|term| term["name"] == "pm:investsIn"));
    let text = server.get("/queries/investments-in?player=openai&lang=zh");
    assert_eq!(
        text.header("content-type"),
        Some("application/sparql-query")
    );
    assert!(text.text().contains("pm:to id:openai") && text.text().contains("= \"zh\""));
    let path = format!("/sparql?query={}", encoded(text.text()));
    let rows = server.send("GET", &path, &[("accept", "text/csv")], b"");
    let asked = server
        .get("/api/ask/investments-in?player=openai&lang=zh")
        .json();
    assert_eq!(
        rows.text().lines().count() - 1,
        asked["rows"].as_array().unwrap().len()
    );
    assert_eq!(server.get("/queries/nothing").status, 404);
    assert_eq!(server.get("/api/about?as-of=never").status, 400);
}

#[test]
fn answers_in_words_say_what_the_terminal_says_with_the_claims_in_full() {
    let server = Server::start(&[]);
    let words = server
        .get("/api/control?of=openai&format=words&lang=zh")
        .json();
    let plain = server.get("/api/control?of=openai").json();
    let table = &words["tables"][0];
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), plain["rows"].as_array().unwrap().len());
    let first = &rows[0]["cells"][0];
    assert_eq!(first["players"][0]["id"], "openai-foundation");
    assert_eq!(first["text"], first["players"][0]["name"]);
    let softbank = rows
        .iter()
        .find(|row| row["cells"][0]["players"][0]["id"] == "softbank")
        .unwrap();
    let texts: Vec<_> = softbank["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| &cell["text"])
        .collect();
    assert!(texts.iter().any(|text| **text == "11–13%"), "{texts:?}");
    for row in rows {
        for id in row["evidence"].as_array().unwrap() {
            let claim = &words["claims"][id.as_str().unwrap()];
            assert!(claim["source"].is_string(), "{id}");
            assert!(
                words["documents"][claim["document"].as_str().unwrap()]["title"].is_string(),
                "{id}"
            );
        }
    }
    assert_ne!(table["columns"][0]["heading"], table["columns"][0]["name"]);
    // Rows of queries link to players, too.
    let asked = server
        .get("/api/ask/investments-in?player=openai&format=words")
        .json();
    assert!(asked["tables"][0]["rows"][0]["cells"][0]["players"][0]["id"].is_string());
    let diff = server
        .get("/api/diff?d1=2025-09-01&d2=2025-10-07&format=words")
        .json();
    let edge = diff["tables"][0]["rows"][0]["cells"][1]["edge"].clone();
    assert!(edge["from"].is_string() && edge["to"].is_string(), "{edge}");
    let some = server.get("/api/timeline?format=words&max-rows=3").json();
    assert_eq!(some["tables"][0]["rows"].as_array().unwrap().len(), 3);
    assert_eq!(some["left_out"]["next_offset"], 3);
}

#[test]
fn a_preview_says_what_would_change_and_writes_nothing() {
    let server = writable();
    let before = everything(&server);
    let hash = server.get("/health").json()["hash"].clone();
    let answer = authorised(
        &server,
        "POST",
        "/api/claims?preview=true",
        &claim().to_string(),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = answer.json();
    let rows = answer["tables"][0]["rows"].as_array().unwrap();
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| {
            row["cells"]
                .as_array()
                .unwrap()
                .iter()
                .map(|cell| cell["text"].as_str().unwrap())
                .collect()
        })
        .collect();
    assert_eq!(cells.len(), 2, "{cells:?}");
    assert!(
        cells
            .iter()
            .any(|row| row[0] == "value" && row[2].contains("$5") && row[3].contains("$7 bn")),
        "{cells:?}"
    );
    // On a day before it was said, nothing changes.
    let earlier = authorised(
        &server,
        "POST",
        "/api/claims?preview=true&as-of=2025-01-15&known-by=2025-01-15",
        &claim().to_string(),
    );
    assert_eq!(earlier.json()["tables"][0]["rows"], json!([]));
    assert_eq!(everything(&server), before);
    assert_eq!(server.get("/health").json()["hash"], hash);
}

#[test]
fn a_claim_is_saved_listed_and_taken_back() {
    let server = writable();
    let before = everything(&server);
    let saved = authorised(&server, "POST", "/api/claims", &claim().to_string());
    assert_eq!(saved.status, 201, "{}", saved.text());
    let id = saved.json()["id"].as_str().unwrap().to_owned();
    let shown = server.get("/api/show/x?format=words").json();
    let text = shown.to_string();
    assert!(
        text.contains("$7 bn")
            && text.contains("X pays seven billion.")
            && text.contains("A filing, p2"),
        "{text}"
    );
    let listed = authorised(&server, "GET", "/api/claims", "").json();
    assert_eq!(listed["claims"][0]["id"], id.as_str());
    assert_eq!(listed["claims"][0]["claim"]["amount"], "$7 bn");
    // A claim cannot be added twice.
    let again = authorised(&server, "POST", "/api/claims", &claim().to_string());
    assert_eq!(again.status, 400, "{}", again.text());
    // A claim that is taken back takes the relation and the document along that it brought, and nothing else.
    let new = json!({"from": "y", "to": "x", "family": "supply", "since": "2025-03", "title": "Another", "said": "2025-03-01", "text": "Y supplies X."});
    let other = authorised(&server, "POST", "/api/claims", &new.to_string());
    assert_eq!(other.status, 201, "{}", other.text());
    let other = other.json()["id"].as_str().unwrap().to_owned();
    assert!(server.get("/graphs?default").text().contains("added-edge-"));
    let preview = authorised(
        &server,
        "DELETE",
        &format!("/api/claims/{id}?preview=true"),
        "",
    );
    assert_eq!(preview.status, 200, "{}", preview.text());
    assert_eq!(preview.json()["inserts"], 0);
    for id in [&id, &other] {
        let gone = authorised(&server, "DELETE", &format!("/api/claims/{id}"), "");
        assert_eq!(gone.status, 200, "{}", gone.text());
        let gone = authorised(&server, "DELETE", &format!("/api/claims/{id}"), "");
        assert_eq!(gone.status, 404);
    }
    assert_eq!(
        authorised(&server, "GET", "/api/claims", "").json(),
        json!({"claims": []})
    );
    assert_eq!(everything(&server).0, before.0);
    let own = authorised(&server, "DELETE", "/api/claims/c", "");
    assert_eq!(own.status, 400);
    assert!(
        own.json()["detail"]
            .as_str()
            .unwrap()
            .contains("was not added here")
    );
    let document = server.get("/openapi.json").json();
    assert!(document["paths"]["/api/claims/{claim}"]["delete"].is_object());
}

#[test]
fn claims_need_a_server_that_writes_a_token_and_a_body_that_is_right() {
    let reading = Server::start(&[]);
    assert_eq!(reading.get("/api/claims").status, 404);
    assert_eq!(
        authorised(&reading, "POST", "/api/claims", &claim().to_string()).status,
        405
    );
    assert_eq!(
        authorised(&reading, "DELETE", "/api/claims/c", "").status,
        404
    );
    assert!(reading.get("/openapi.json").json()["paths"]["/api/claims"].is_null());
    let server = writable();
    let before = everything(&server);
    let body = claim().to_string();
    let json_body = ("content-type", "application/json");
    for headers in [
        &[json_body][..],
        &[
            json_body,
            ("authorization", "Bearer wrong-wrong-wrong-wrong"),
        ],
    ] {
        for path in ["/api/claims", "/api/claims?preview=true"] {
            let answer = server.send("POST", path, headers, body.as_bytes());
            assert_eq!(answer.status, 401, "{}", answer.text());
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer realm=\"powermap\"")
            );
        }
    }
    assert_eq!(server.send("DELETE", "/api/claims/c", &[], b"").status, 401);
    assert_eq!(server.get("/api/claims").status, 401);
    let token = format!("Bearer {TOKEN}");
    let form = [
        ("authorization", token.as_str()),
        ("content-type", "text/plain"),
    ];
    assert_eq!(
        server
            .send("POST", "/api/claims", &form, body.as_bytes())
            .status,
        415
    );
    let with = |change: Value| {
        let mut claim = claim();
        for (name, value) in change.as_object().unwrap() {
            claim[name] = value.clone();
        }
        claim.to_string()
    };
    for (body, status, detail) in [
        ("{".to_owned(), 400, "the body is no claim"),
        (
            with(json!({"colour": "red"})),
            400,
            "unknown field `colour`",
        ),
        (
            with(json!({"about": "nothing"})),
            400,
            "there is no relation 'nothing'",
        ),
        (
            with(json!({"about": "", "from": "x", "to": "nobody", "family": "supply"})),
            404,
            "there is no player 'nobody'",
        ),
        (
            with(json!({"about": "", "from": "x", "to": "x", "family": "supply"})),
            400,
            "a relation is between two players",
        ),
        (
            with(json!({"about": "", "from": "x", "to": "y"})),
            400,
            "the claim needs the field family",
        ),
        (
            with(json!({"about": "", "from": "x", "to": "y", "family": "love"})),
            400,
            "the field family",
        ),
        (
            with(json!({"about": "", "from": "x", "to": "y", "family": "supply", "kind": "magic"})),
            400,
            "there is no kind 'magic'",
        ),
        (with(json!({"lower": "many"})), 400, "the field lower"),
        (
            with(json!({"lower": "9"})),
            400,
            "the field lower: the lower bound",
        ),
        (
            with(json!({"lower": "1,5", "upper": ""})),
            400,
            "the field lower: '1,5'",
        ),
        (with(json!({"unit": "gigabucks"})), 400, "the field unit"),
        (with(json!({"status": "sure"})), 400, "the field status"),
        (
            with(json!({"said": ""})),
            400,
            "the claim needs the field said",
        ),
        (with(json!({"said": "yesterday"})), 400, "the field said"),
        (
            with(json!({"title": ""})),
            400,
            "the claim needs the field document",
        ),
        (
            with(json!({"document": "nothing"})),
            400,
            "there is no document 'nothing'",
        ),
        (with(json!({"url": "javascript:alert(1)"})), 400, "https://"),
        (with(json!({"url": "https://a/b c.pdf"})), 400, "https://"),
        (with(json!({"url": "https://[::1"})), 400, "https://"),
        (with(json!({"url": "https://a/%zz#1#2"})), 400, "https://"),
        (
            with(json!({"lower": "", "upper": "", "status": "", "text": ""})),
            400,
            "the claim says nothing",
        ),
    ] {
        for path in ["/api/claims", "/api/claims?preview=true"] {
            let answer = authorised(&server, "POST", path, &body);
            assert_eq!(answer.status, status, "{body}: {}", answer.text());
            assert_eq!(
                answer.header("content-type"),
                Some("application/problem+json")
            );
            let problem = answer.json();
            assert!(
                problem["detail"].as_str().unwrap().contains(detail),
                "{body}: {problem}"
            );
        }
    }
    for path in ["/api/claims?preview=maybe", "/api/claims?colour=red"] {
        assert_eq!(
            authorised(&server, "POST", path, &body).status,
            400,
            "{path}"
        );
    }
    assert_eq!(everything(&server), before);
}

#[test]
fn each_player_and_arrow_of_the_picture_says_which_it_is() {
    let server = Server::start(&[]);
    let svg = server.get("/board.svg?top=5");
    assert!(svg.text().contains("<g data-player=\"openai\">"));
    assert!(svg.text().contains("data-from=\"") && svg.text().contains("data-to=\""));
    // A name cannot end an attribute.
    let hostile = writable().get("/board.svg").text().to_owned();
    assert!(!hostile.contains("<b>"), "{hostile}");
}
