//! `powermap mcp`, with clients that do not behave. What it answers to one that does is tested by `tests/mcp`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

struct Session {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Session {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_powermap"))
            .arg("mcp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    fn send(&mut self, bytes: &[u8]) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(bytes).unwrap();
        stdin.write_all(b"\n").unwrap();
        stdin.flush().unwrap();
    }

    fn ask(&mut self, message: &Value) {
        self.send(message.to_string().as_bytes());
    }

    fn begin(&mut self) {
        let client = json!({"name": "test", "version": "1"});
        let params =
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client});
        self.ask(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params}));
        let answer = self.answer(0);
        assert_eq!(
            answer["result"]["serverInfo"]["name"], "powermap",
            "{answer}"
        );
        self.ask(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    }

    /// The answer to a message, whatever comes before it.
    fn answer(&mut self, id: u64) -> Value {
        loop {
            let mut line = String::new();
            assert!(
                self.out.read_line(&mut line).unwrap() > 0,
                "the process ended"
            );
            let answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == id {
                return answer;
            }
        }
    }

    fn call(&mut self, id: u64, tool: &str, arguments: &Value) -> Value {
        let params = json!({"name": tool, "arguments": arguments});
        self.ask(&json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}));
        self.answer(id)
    }

    /// Closes stdin and waits for the end.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.child.stdin.take());
        let mut rest = Vec::new();
        let _ = self.out.read_to_end(&mut rest);
        let mut err = String::new();
        let _ = self.child.stderr.take().unwrap().read_to_string(&mut err);
        (self.child.wait().unwrap().code(), err)
    }
}

#[test]
fn garbage_is_passed_over() {
    let mut session = Session::start();
    session.send(b"hello");
    session.send(b"\xff\xfe\x00");
    session.send(b"{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 7}}");
    session.send(b"[]");
    session.send(&vec![b'['; 200_000]);
    session.begin();
    session.send(b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"no/such\"}");
    session.send(b"{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"tools/call\", \"params\": 7}");
    // Longer than a message may be.
    let long = format!(
        "{{\"jsonrpc\": \"2.0\", \"id\": 3, \"method\": \"ping\", \"x\": \"{}\"}}",
        "x".repeat(3 << 20)
    );
    session.send(long.as_bytes());
    session.send(b"{");
    let answer = session.call(4, "search", &json!({"text": "甲骨文"}));
    assert_eq!(
        answer["result"]["structuredContent"]["rows"][0]["id"], "oracle",
        "{answer}"
    );
    let (code, err) = session.end();
    assert_eq!((code, err.contains("panic")), (Some(0), false), "{err}");
}

#[test]
fn what_is_wrong_with_a_call_is_said_to_the_assistant() {
    let mut session = Session::start();
    session.begin();
    for (id, tool, arguments, expected) in [
        (
            1,
            "control",
            json!({"of": "nvidai"}),
            "hint: did you mean nvidia",
        ),
        (2, "control", json!({}), "control needs the parameter 'of'"),
        (
            3,
            "control",
            json!({"of": {"a": 1}}),
            "expected a text, a number, true or false",
        ),
        (4, "query", json!({"sparql": "SELECT"}), "1:7"),
        (
            5,
            "query",
            json!({"sparql": "INSERT DATA { id:a pm:x id:b }"}),
            "hint: send it as an update",
        ),
        (
            6,
            "show",
            json!({"player": "openai", "as_of": "soon"}),
            "'soon' is no value for as-of",
        ),
        (
            7,
            "ask",
            json!({"query": "investment-in"}),
            "did you mean investments-in",
        ),
        (8, "board", json!({"top": 0}), "top"),
        (
            9,
            "diff",
            json!({"before": "2025-09-01", "after": "2025-10-01", "of": "x"}),
            "parameter",
        ),
    ] {
        let answer = session.call(id, tool, &arguments);
        let result = &answer["result"];
        assert_eq!(result["isError"], true, "{answer}");
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(expected), "{tool}: {text}");
    }
    let answer = session.call(20, "nothing", &json!({}));
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("expected one of search")
    );
    assert_eq!(session.end().0, Some(0));
}

#[test]
fn a_flood_from_a_client_that_never_reads_takes_no_more_and_no_more_memory() {
    let mut session = Session::start();
    session.begin();
    let mut stdin = session.child.stdin.take().unwrap();
    let message = json!({"jsonrpc": "2.0", "id": 9, "method": "tools/call",
        "params": {"name": "show", "arguments": {"player": "openai"}}});
    let line = format!("{message}\n");
    let writer = std::thread::spawn(move || {
        // The pipe is full at some point: then nothing more is taken, until the process ends.
        for _ in 0..200_000 {
            if stdin.write_all(line.as_bytes()).is_err() {
                break;
            }
        }
    });
    std::thread::sleep(Duration::from_secs(8));
    assert!(!writer.is_finished(), "everything was taken");
    let status = std::fs::read_to_string(format!("/proc/{}/status", session.child.id()));
    if let Ok(status) = status {
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(kilobytes < 400_000, "{line}");
    }
    assert!(
        session.child.try_wait().unwrap().is_none(),
        "the process is there"
    );
    session.child.kill().unwrap();
    session.child.wait().unwrap();
    writer.join().unwrap();
}

#[test]
fn a_client_that_goes_away_ends_it() {
    let mut session = Session::start();
    session.begin();
    let params = json!({"name": "show", "arguments": {"player": "openai"}});
    for id in 1..20 {
        session.ask(&json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}));
    }
    // Nobody reads any more, and stdin is closed.
    let start = Instant::now();
    drop(session.child.stdin.take());
    let Session { mut child, out } = session;
    drop(out);
    let code = child.wait().unwrap().code();
    assert!(
        start.elapsed() < Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
    assert!(code == Some(0) || code == Some(2), "{code:?}");
}
