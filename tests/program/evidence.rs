//! `--evidence` and `verify`.

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn powermap(arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_powermap"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// The built-in map in a folder, and evidence of a verb on it.
struct Kept {
    folder: TempDir,
}

impl Kept {
    fn new(verb: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kept = Self { folder };
        let exported = powermap(&["export", "--quiet", "--output", &kept.map()]);
        assert_eq!(exported.code, Some(0), "{}", exported.err);
        let (file, map) = (kept.file(), kept.map());
        let arguments = [verb, &["--map", &map, "--quiet", "--evidence", &file]].concat();
        let said = powermap(&arguments);
        assert_eq!(said.code, Some(0), "{}", said.err);
        kept
    }

    fn map(&self) -> String {
        self.folder.path().join("map").display().to_string()
    }

    fn file(&self) -> String {
        self.folder
            .path()
            .join("evidence.json")
            .display()
            .to_string()
    }

    fn bundle(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.file()).unwrap()).unwrap()
    }

    fn update(&self, text: &str) {
        let said = powermap(&["update", "--quiet", "--map", &self.map(), text]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }

    fn verify(&self) -> Said {
        powermap(&[
            "verify",
            &self.file(),
            "--map",
            &self.map(),
            "--format",
            "json",
        ])
    }
}

fn rows(said: &Said, table: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.out));
    all[table].as_array().unwrap().clone()
}

#[test]
fn evidence_of_every_verb_holds_on_the_map_that_it_is_from() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json").display().to_string();
    for verb in [
        &["control", "openai"][..],
        &["loops", "--through", "openai", "--max-length", "3"],
        &["standing"],
        &["timeline", "--from", "2025-09", "--as-of", "2025-10-31"],
        &["diff", "2025-09-01", "2025-10-15"],
        &["conflicts"],
        &["ask", "investments-in", "--player", "openai"],
        &["query", "SELECT ?who { ?who pm:investsIn id:openai }"],
        &["query", "ASK { id:nvidia pm:investsIn id:openai }"],
        &[
            "query",
            "CONSTRUCT { ?a pm:tied ?b } { ?a pm:investsIn ?b }",
        ],
        &["show", "oracle"],
        &["brief", "oracle", "--lang", "zh"],
        &["tour", "--known-by", "2025-10-31"],
    ] {
        let said = powermap(&[verb, &["--quiet", "--evidence", &file]].concat());
        assert_eq!(said.code, Some(0), "{verb:?}: {}", said.err);
        let said = powermap(&["verify", &file]);
        assert_eq!(said.code, Some(0), "{verb:?}: {}{}", said.out, said.err);
        assert!(said.err.contains("holds: all"), "{}", said.err);
    }
    let said = powermap(&["board", "--evidence", &file]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("there is no evidence of what this verb does"),
        "{}",
        said.err
    );
}

#[test]
fn a_bundle_can_be_read_without_the_map() {
    let kept = Kept::new(&["control", "openai"]);
    let bundle = kept.bundle();
    assert_eq!(bundle["format"], "powermap-evidence/1");
    assert_eq!(bundle["question"]["analysis"]["name"], "control");
    assert!(
        bundle["formula"]
            .as_str()
            .unwrap()
            .contains("integrated ownership")
    );
    assert_eq!(bundle["view"]["policy"], "weighed");
    let rows = bundle["tables"][0]["rows"].as_array().unwrap();
    assert_eq!(rows[0]["values"][0], "openai-foundation");
    for row in rows {
        for claim in row["claims"].as_array().unwrap() {
            let claim = &bundle["claims"][claim.as_str().unwrap()];
            let document = claim["document"].as_str().unwrap();
            assert!(bundle["documents"][document].is_object());
        }
        assert!(!row["claims"].as_array().unwrap().is_empty());
    }
}

#[test]
fn the_order_of_files_does_not_count() {
    let kept = Kept::new(&["control", "openai"]);
    let map = Path::new(&kept.map()).to_owned();
    let file = std::fs::read_dir(&map)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let text = std::fs::read_to_string(&file).unwrap();
    // Statements of Turtle end with a line of their own; the last ones go into a file that is read first.
    let (prefixes, rest): (Vec<&str>, Vec<&str>) = text
        .split_inclusive("\n\n")
        .partition(|part| part.starts_with("@prefix"));
    let (first, last) = rest.split_at(rest.len() / 2);
    let prefixes = prefixes.concat();
    std::fs::write(&file, format!("{prefixes}{}", first.concat())).unwrap();
    std::fs::write(map.join("a.ttl"), format!("{prefixes}{}", last.concat())).unwrap();
    let said = kept.verify();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.err.contains("the map has changed"), "{}", said.err);
}

#[test]
fn what_changed_is_named_with_its_claim() {
    let kept = Kept::new(&["control", "openai"]);
    // A claim says another share.
    kept.update(
        "DELETE { ?amount pm:lower ?lower ; pm:upper ?upper } INSERT { ?amount pm:lower 0.3 ; pm:upper 0.3 } \
         WHERE { ?claim pm:about ?edge ; pm:amount ?amount . ?amount pm:lower ?lower ; pm:upper ?upper . \
         ?edge pm:from id:microsoft ; pm:to id:openai . FILTER(?lower = 0.27 || ?lower = 27) }",
    );
    let said = kept.verify();
    assert_eq!(said.code, Some(1), "{}", said.err);
    let changes = rows(&said, "rows");
    let [change] = changes.as_slice() else {
        panic!("{}", said.out);
    };
    assert_eq!(change["change"], "changed");
    assert!(
        change["before"]
            .as_str()
            .unwrap()
            .contains("controller microsoft, share_lower 0.27"),
        "{change}"
    );
    let sources = rows(&said, "sources");
    let altered: Vec<_> = sources
        .iter()
        .filter(|row| row["change"] == "altered")
        .collect();
    assert!(
        !altered.is_empty() && altered.len() == sources.len(),
        "{sources:?}"
    );
    assert!(altered.iter().all(|row| row["fields"] == "value"));
    let because = change["because"].as_str().unwrap();
    assert!(
        altered
            .iter()
            .any(|row| because.contains(row["source"].as_str().unwrap()))
    );
}

#[test]
fn claims_that_go_and_come_are_named() {
    let kept = Kept::new(&["control", "openai"]);
    let bundle = kept.bundle();
    let row = bundle["tables"][0]["rows"][0]["claims"][0]
        .as_str()
        .unwrap()
        .to_owned();
    kept.update(&format!("DELETE WHERE {{ id:{row} ?p ?o }}"));
    let said = kept.verify();
    assert_eq!(said.code, Some(1), "{}", said.err);
    let sources = rows(&said, "sources");
    assert!(
        sources
            .iter()
            .any(|source| source["source"] == row.as_str() && source["change"] == "gone"),
        "{sources:?}"
    );
    // A new claim on a new edge.
    let kept = Kept::new(&["control", "openai"]);
    kept.update(
        "INSERT DATA { id:new-stake a pm:Investment ; pm:kind pm:Ownership ; pm:from id:oracle ; pm:to id:openai ; \
         pm:since '2025-01-01'^^xsd:date . id:claim-new a pm:Claim ; pm:about id:new-stake ; pm:modality pm:Statement ; \
         pm:status pm:Completed ; pm:document id:article ; pm:locator 'p1' ; pm:assertedBy id:oracle ; \
         pm:said '2025-01-02'^^xsd:date ; pm:amount [ pm:lower 0.05 ; pm:upper 0.05 ; pm:unit unit:UNITLESS ] }",
    );
    let said = kept.verify();
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let new: Vec<_> = rows(&said, "rows")
        .into_iter()
        .filter(|row| row["change"] == "new")
        .collect();
    assert!(
        new.iter()
            .any(|row| row["because"].as_str().unwrap().contains("claim-new")),
        "{}",
        said.out
    );
}

#[test]
fn what_does_not_bear_on_the_answer_changes_nothing() {
    let kept = Kept::new(&["control", "openai"]);
    kept.update("INSERT DATA { id:ada a pm:Person ; rdfs:label 'Ada'@en }");
    let said = kept.verify();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.err
            .contains("the map has changed since, not in what this rests on"),
        "{}",
        said.err
    );
}

#[test]
fn a_file_that_was_tampered_with_or_is_none_is_found_out() {
    let kept = Kept::new(&["control", "openai"]);
    let text = std::fs::read_to_string(kept.file()).unwrap();
    let changed = text.replacen("\"certain\"", "\"possible\"", 1);
    assert_ne!(changed, text);
    std::fs::write(kept.file(), &changed).unwrap();
    let said = kept.verify();
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("its seal does not fit"), "{}", said.err);
    assert_eq!(rows(&said, "rows").len(), 1);
    for (text, expected) in [
        ("", "this is no file of evidence"),
        ("{}", "this is no file of evidence"),
        (
            "{\"format\": \"powermap-evidence/9\"}",
            "expected \"powermap-evidence/1\"",
        ),
        (&text[..text.len() / 2], "this is no file of evidence"),
        (
            &text.replace("\"weighed\"", "\"newest\""),
            "which cannot be read",
        ),
        (
            &text.replace("\"control\"", "\"controls\""),
            "there is no analysis controls",
        ),
        (
            &text.replace("\"openai\"", "\"opnai\""),
            "there is no player 'opnai'",
        ),
    ] {
        std::fs::write(kept.file(), text).unwrap();
        let said = kept.verify();
        assert_eq!(said.code, Some(2), "{expected}: {}", said.err);
        assert!(said.err.contains(expected), "{}", said.err);
    }
}
