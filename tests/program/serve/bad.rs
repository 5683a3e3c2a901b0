//! Requests that mean harm, or are broken.

use super::client::{Server, TOKEN, encoded, read};
use std::io::Write;
use std::time::{Duration, Instant};

#[test]
fn other_hosts_and_origins_are_turned_away() {
    let server = Server::start(&["--allow-origin", "https://notebook.example"]);
    let rebound = server.send("GET", "/health", &[("host", "evil.example")], b"");
    assert_eq!(rebound.status, 421);
    assert!(
        rebound.json()["hint"]
            .as_str()
            .unwrap()
            .contains("--allow-host")
    );
    let crossed = server.send("GET", "/health", &[("origin", "http://evil.example")], b"");
    assert_eq!(crossed.status, 403);
    assert_eq!(crossed.header("access-control-allow-origin"), None);
    let named = server.send(
        "GET",
        "/health",
        &[("origin", "https://notebook.example")],
        b"",
    );
    assert_eq!(named.status, 200);
    assert_eq!(
        named.header("access-control-allow-origin"),
        Some("https://notebook.example")
    );
    let asked = [
        ("origin", "https://notebook.example"),
        ("access-control-request-method", "POST"),
    ];
    let preflight = server.send("OPTIONS", "/sparql", &asked, b"");
    assert_eq!(preflight.status, 204);
    assert!(
        preflight
            .header("access-control-allow-methods")
            .unwrap()
            .contains("POST")
    );
    // Nothing is allowed that was not named.
    let closed = Server::start(&[]);
    let preflight = closed.send("OPTIONS", "/sparql", &asked, b"");
    assert_eq!(preflight.status, 403);
}

#[test]
fn bodies_are_bounded_and_have_to_be_text() {
    let server = Server::start(&["--max-body", "1KiB"]);
    let query = ("content-type", "application/sparql-query");
    let long = format!("ASK {{}} #{}", "x".repeat(2_000));
    let answer = server.send("POST", "/sparql", &[query], long.as_bytes());
    assert_eq!(answer.status, 413);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("1024 bytes")
    );
    let answer = server.send("POST", "/sparql", &[query], b"ASK { \xff }");
    assert_eq!(answer.status, 400);
    assert_eq!(server.get("/sparql?query=%ff").status, 400);
    // A body that ends before it is whole.
    let mut stream = server.connect();
    let head = format!(
        "POST /sparql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    drop(stream);
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn a_long_body_is_refused_before_it_is_sent() {
    let server = Server::start(&["--max-body", "1KiB"]);
    for expect in ["", "Expect: 100-continue\r\n"] {
        let mut stream = server.connect();
        let head = format!(
            "POST /sparql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/sparql-query\r\n{expect}Content-Length: 5000000\r\n\r\n",
            server.address
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut found = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut found).unwrap();
        assert_eq!(String::from_utf8_lossy(&found), "HTTP/1.1 413", "{expect}");
    }
}

#[test]
fn what_a_request_has_wrong_is_a_problem_of_the_request() {
    let server = Server::start(&[]);
    for address in [
        "/api/show/%ff%fe",
        "/%C3%28",
        "/board.png?scale=30000",
        "/board.png?scale=1e308",
    ] {
        let answer = server.get(address);
        assert_eq!(answer.status, 400, "{address}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{address}"
        );
    }
    assert_eq!(server.get("/api/show/%E6%A3%8B").status, 404);
    let long = "x".repeat(70_000);
    let answer = server.send("GET", "/health", &[("x-long", &long)], b"");
    assert_eq!(answer.status, 431);
    let fits = "x".repeat(60_000);
    let answer = server.send("GET", "/health", &[("x-long", &fits)], b"");
    assert_eq!(answer.status, 200);
}

#[test]
fn garbage_is_answered_or_dropped_and_others_are_served() {
    let server = Server::start(&[]);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x0d b\r\n\r\n",
    ] {
        let mut stream = server.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut found = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stream, &mut found);
        let text = String::from_utf8_lossy(&found);
        assert!(
            found.is_empty() || text.starts_with("HTTP/1.1 4"),
            "{bytes:?}: {text}"
        );
    }
    let long = format!("/health?{}", "x".repeat(100_000));
    assert!([414, 431].contains(&server.get(&long).status));
    // What would end a header stays inside of its value.
    let answer = server.get(&format!("/api/show/{}", encoded("a\r\nSet-Cookie: x=1")));
    assert_eq!((answer.status, answer.header("set-cookie")), (404, None));
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn names_with_markup_stay_names() {
    let markup = "<script>alert(1)</script>\\\"'&";
    let map = format!(
        "id:x a pm:Company ; rdfs:label \"{markup}\"@en . \
        id:y a pm:Company ; rdfs:label \"Y\"@en . \
        id:e a pm:Investment ; pm:kind pm:Equity ; pm:from id:x ; pm:to id:y ; pm:since \"2025-01-01\"^^xsd:date . \
        id:c a pm:Claim ; pm:about id:e ; pm:modality pm:Statement ; pm:document id:d ; pm:locator \"p1\" ; pm:assertedBy id:y ; pm:said \"2025-01-01\"^^xsd:date . \
        id:d a pm:Document ; dcterms:title \"D\" ."
    );
    let prefixes = "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> . \
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . \
        @prefix dcterms: <http://purl.org/dc/terms/> . ";
    let server = Server::writable(&format!("{prefixes}{map}"), &[]);
    for path in ["/", "/board.html", "/board.svg"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        assert!(!page.text().contains("<script>alert(1)"), "{path}");
    }
}

#[test]
fn silent_and_slow_clients_do_not_hold_others_up() {
    let server = Server::start(&[]);
    let silent: Vec<_> = (0..300).map(|_| server.connect()).collect();
    let mut slow = server.connect();
    slow.write_all(b"GET /health HTTP/1.1\r\nHo").unwrap();
    // One that asks for much and reads nothing.
    let query = encoded("SELECT ?a ?b { ?a a pm:Claim . ?b a pm:Claim }");
    let lazy = server.connect();
    let head = format!(
        "GET /sparql?query={query} HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.address
    );
    (&lazy).write_all(head.as_bytes()).unwrap();
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(server.get("/health").status, 200);
    }
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
    // What says nothing is dropped after a while.
    std::thread::sleep(Duration::from_secs(12));
    let answer = read_to_end(&mut slow);
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
    let mut dropped = 0;
    for mut stream in silent {
        stream
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        let mut byte = [0];
        dropped += usize::from(matches!(std::io::Read::read(&mut stream, &mut byte), Ok(0)));
    }
    assert_eq!(dropped, 300);
}

fn read_to_end(stream: &mut std::net::TcpStream) -> String {
    let mut bytes = Vec::new();
    let _ = std::io::Read::read_to_end(stream, &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_server_that_could_be_written_by_anybody_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.ttl"), "").unwrap();
    let weak = folder.path().join("token.txt");
    std::fs::write(&weak, "short").unwrap();
    let map = folder.path().display().to_string();
    let weak = weak.display().to_string();
    for (arguments, expected) in [
        (&["--writable"][..], "the built-in map cannot be changed"),
        (&["--writable", "--map", &map], "--writable needs a token"),
        (
            &["--writable", "--map", &map, "--token-file", &weak],
            "16 or more",
        ),
        (
            &["--bind", "nowhere.invalid:1"],
            "could not listen on nowhere.invalid:1",
        ),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_powermap"))
            .arg("serve")
            .args(arguments)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn writes_survive_kills() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("map.ttl"), "").unwrap();
    let token = folder.path().with_extension("token");
    std::fs::write(&token, TOKEN).unwrap();
    let (map, token_path) = (
        folder.path().display().to_string(),
        token.display().to_string(),
    );
    let bearer = format!("Bearer {TOKEN}");
    let mut kept = Vec::new();
    for round in 0..6 {
        let mut server = Server::start(&["--map", &map, "--writable", "--token-file", &token_path]);
        for number in 0..3 {
            let name = format!("p{round}-{number}");
            let update =
                format!("INSERT DATA {{ id:{name} a pm:Person ; rdfs:label '{name}'@en }}");
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/sparql-update"),
            ];
            let answer = server.send("POST", "/sparql", &headers, update.as_bytes());
            assert_eq!(answer.status, 200, "{}", answer.text());
            kept.push(name);
        }
        // Another write is cut in the middle.
        let mut stream = server.connect();
        let update = format!("INSERT DATA {{ id:half{round} a pm:Person }}");
        let head = format!(
            "POST /sparql HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\nContent-Type: application/sparql-update\r\n\
             Content-Length: {}\r\n\r\n{update}",
            server.address,
            update.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        if round % 2 == 0 {
            drop(read(&mut { stream }));
        }
        server.kill();
    }
    let opened = powermap::Map::open(folder.path()).unwrap();
    for name in kept {
        assert!(opened.player(&name).is_ok(), "{name} is lost");
    }
    std::fs::remove_file(token).unwrap();
}
