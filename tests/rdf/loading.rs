//! Text in every format to quads and back: what is read, what is refused and where.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::outside;
use oxigraph::model::{Dataset, Quad};
use powermap_rdf::{Format, FormatError, Loader, MemoryStore, Phase, ReadStore, StoreError, rdf};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::Mutex;

const FORMATS: &[Format] = &[
    Format::Turtle,
    Format::TriG,
    Format::NTriples,
    Format::NQuads,
    Format::JsonLd,
    Format::RdfXml,
];

const SAMPLE: &str = r#"
@prefix id: <https://w3id.org/powermap/id/> .
@prefix pm: <https://w3id.org/powermap/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:claim-1 a pm:Claim ; pm:about id:edge-1 ;
    pm:amount [ pm:upper 1e11 ; pm:lower 010 ; pm:approximate true ] ;
    pm:said "2025-Q3"^^pm:timeSpan ;
    pm:text "Up to 100 billion \"dollars\"\n"@en , "一千亿"@zh .
_:x pm:about _:x , [ pm:about [] ] .
"#;

fn sample() -> Vec<Quad> {
    rdf::parse(SAMPLE.as_bytes(), Format::Turtle, "sample.ttl").unwrap()
}

fn canonical(quads: &[Quad]) -> BTreeSet<String> {
    use oxigraph::model::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
    let mut dataset: Dataset = quads.iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 {
        hash_algorithm: CanonicalizationHashAlgorithm::Sha256,
    });
    dataset.iter().map(|quad| quad.to_string()).collect()
}

#[test]
fn every_format_goes_out_and_comes_back() {
    let quads = sample();
    assert_eq!(quads.len(), 12);
    for format in FORMATS {
        let bytes = rdf::serialise(
            quads.clone(),
            *format,
            &powermap::model::vocabulary::PREFIXES,
        )
        .unwrap();
        let mut reversed = quads.clone();
        reversed.reverse();
        reversed.extend(quads.clone());
        let again =
            rdf::serialise(reversed, *format, &powermap::model::vocabulary::PREFIXES).unwrap();
        assert_eq!(bytes, again, "{format:?} depends on the order");
        let back = rdf::parse(&bytes, *format, "back").unwrap();
        assert_eq!(back, rdf::parse(&bytes, *format, "back").unwrap());
        assert_eq!(canonical(&back), canonical(&quads), "{format:?}");
    }
}

#[test]
fn named_graphs_stay_where_the_format_can_hold_them() {
    let text = b"<x:s> <x:p> <x:o> <x:g> .\n_:b <x:p> _:b _:b .";
    let quads = rdf::parse(text, Format::NQuads, "g.nq").unwrap();
    for format in FORMATS {
        match rdf::serialise(
            quads.clone(),
            *format,
            &powermap::model::vocabulary::PREFIXES,
        ) {
            Ok(bytes) => {
                assert!(format.holds_named_graphs());
                let back = rdf::parse(&bytes, *format, "g").unwrap();
                assert_eq!(canonical(&back), canonical(&quads));
            }
            Err(error) => {
                assert!(!format.holds_named_graphs());
                let hint = error.hint().unwrap().to_string();
                let error = error.to_string();
                assert!(
                    error.contains("named graph") && hint.contains("TriG"),
                    "{error} ({hint})"
                );
            }
        }
    }
}

#[test]
fn errors_tell_the_line_and_column() {
    let xml = "<?xml version=\"1.0\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
        <rdf:Description rdf:about=\"x:a\" rdf:ID=\"b c\"/>\n</rdf:RDF>\n";
    for (format, text, line, column, word) in [
        (
            Format::Turtle,
            "@prefix id: <x:> .\nid:a id:b pm:c .",
            2,
            Some(11),
            "pm",
        ),
        (
            Format::Turtle,
            "<x:a> <x:b> <relative> .",
            1,
            Some(13),
            "scheme",
        ),
        (Format::Turtle, "<x:a> <x:b> \"open .\n\n", 1, None, ""),
        (Format::TriG, "<x:g> {\n <x:a> <x:b> } }\n", 2, None, ""),
        (
            Format::NTriples,
            "<x:a> <x:b> <x:c> .\n<x:a> <x:b> .\n",
            2,
            None,
            "",
        ),
        (
            Format::NQuads,
            "<x:a> <x:b> <x:c> .\n<x:a> <x:b> <x:c> <x:g>\n",
            3,
            None,
            "dot",
        ),
        (
            Format::JsonLd,
            "{\"@id\": \"x:a\",\n \"x:b\": }",
            2,
            None,
            "",
        ),
        (Format::RdfXml, xml, 3, None, ""),
        (
            Format::RdfXml,
            "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<r:Description>\n</r:RDF>",
            3,
            None,
            "",
        ),
    ] {
        let error = rdf::parse(text.as_bytes(), format, "bad").unwrap_err();
        let problem = error.problem().unwrap();
        assert_eq!(problem.source_name, "bad");
        assert_eq!(problem.line, Some(line), "{format:?}: {error}");
        assert!(problem.column.is_some(), "{format:?}: {error}");
        if column.is_some() {
            assert_eq!(problem.column, column, "{format:?}: {error}");
        }
        assert!(problem.message.contains(word), "{format:?}: {error}");
        assert!(!problem.message.contains(" at line"), "{error}");
    }
}

/// None of the formats of the samples is RDF, save for JSON: they are text that readers have not met before.
#[test]
fn public_files_are_read_or_refused_with_their_name() {
    let Some(folder) = outside::find("samples", "readers of RDF on public files") else {
        return;
    };
    let mut count = 0;
    for publisher in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if !publisher.is_dir() {
            continue;
        }
        for file in fs::read_dir(publisher)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            let (name, bytes) = (file.display().to_string(), fs::read(&file).unwrap());
            for format in FORMATS {
                if let Err(error) = rdf::parse(&bytes, *format, &name) {
                    assert!(error.to_string().starts_with(&name), "{format:?}: {error}");
                }
            }
            count += 1;
        }
    }
    assert!(count > 20, "only {count} files were found");
}

#[test]
fn no_bytes_make_a_reader_panic() {
    for format in FORMATS {
        for bytes in [
            &b""[..],
            b"\xEF\xBB\xBF",
            b"\xFF\xFE\x00",
            b"<",
            b"{\"@graph\": [",
            b"<x:a> <x:b> \"\xC3\" .",
            b"\0\0\0",
        ] {
            let _ = rdf::parse(bytes, *format, "odd");
        }
    }
}

#[test]
fn blank_nodes_of_two_sources_never_meet() {
    let text = "_:a <x:p> _:a .";
    let load = |names: [&'static str; 3]| {
        let mut loader = Loader::new();
        for name in names {
            loader = loader.add_bytes(name, Format::Turtle, text.as_bytes());
        }
        loader.load().unwrap().store
    };
    for names in [
        ["a.ttl", "b.ttl", "c.ttl"],
        ["a-b", "a_b", "a b"],
        ["x", "x", "x"],
    ] {
        let store = load(names);
        assert_eq!(store.quad_count(), 3, "{names:?}");
        let lines = |store: &MemoryStore| -> Vec<String> {
            store.quads().map(|quad| quad.to_string()).collect()
        };
        assert_eq!(lines(&store), lines(&load(names)));
    }
}

/// A text of lines that is large enough to be read in parts, with blank nodes and many graphs.
fn many_lines() -> String {
    let mut text = String::new();
    for n in 0..40_000u64 {
        let graph = match n % 5 {
            0 => format!("<http://g.example/{}>", n % 3),
            1 => "_:g".to_owned(),
            _ => String::new(),
        };
        writeln!(
            text,
            "_:edge{} <http://p.example/{}> \"{}\"^^<http://www.w3.org/2001/XMLSchema#integer> {graph} .",
            n.wrapping_mul(7919) % 9_000,
            n % 11,
            n % 1_000
        )
        .unwrap();
    }
    text
}

#[test]
fn reading_in_parts_gives_what_reading_at_once_gives() {
    let text = many_lines();
    assert!(text.len() > 2 << 20);
    let quads = rdf::parse(text.as_bytes(), Format::NQuads, "many.nq").unwrap();
    let expected: Vec<Quad> = MemoryStore::from_quads(quads).quads().collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.nq");
    fs::write(&path, &text).unwrap();
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let counted = Mutex::new((0, Vec::new()));
        let from_file = pool.install(|| {
            Loader::new()
                .with_progress(|progress| {
                    let mut counted = counted.lock().unwrap();
                    counted.0 = progress.quads.max(counted.0);
                    counted.1.push(progress.phase);
                })
                .add_path(&path)
                .unwrap()
                .load()
                .unwrap()
        });
        let from_bytes = pool.install(|| {
            let bytes = text.as_bytes();
            Loader::new()
                .add_bytes("many.nq", Format::NQuads, bytes)
                .load()
                .unwrap()
        });
        assert_eq!(from_file.sources[0].quads, 40_000);
        let (most, phases) = counted.into_inner().unwrap();
        assert_eq!(most, 40_000);
        assert_eq!(phases.last(), Some(&Phase::Sorting));
        assert!(
            from_file.store.quads().eq(expected.iter().cloned()),
            "{threads} threads"
        );
        assert!(
            from_bytes.store.quads().eq(expected.iter().cloned()),
            "{threads} threads"
        );
    }
}

#[test]
fn an_error_in_a_late_part_tells_its_line_in_the_whole() {
    let mut text = many_lines();
    text.push_str("<x:a> <x:b> .\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.nq");
    fs::write(&path, &text).unwrap();
    let from_file = Loader::new().add_path(&path).unwrap().load();
    let from_bytes = Loader::new()
        .add_bytes("many.nq", Format::NQuads, text.as_bytes())
        .load();
    for result in [from_file, from_bytes] {
        let error = result.unwrap_err().to_string();
        assert!(error.starts_with("many.nq:40001:"), "{error}");
    }
}

#[test]
fn a_folder_is_read_in_order_and_says_what_it_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("more")).unwrap();
    fs::create_dir(root.join(".git")).unwrap();
    for (name, text) in [
        ("b.ttl", "<x:b> <x:p> <x:o> ."),
        ("a.nt", "<x:a> <x:p> <x:o> ."),
        ("more/c.jsonld", r#"{"@id": "x:c", "x:p": {"@id": "x:o"}}"#),
        ("players.csv", "id,type\nopenai,company\n"),
        ("README.md", "not data"),
        (".hidden.ttl", "not even Turtle"),
        (".git/x.ttl", "not even Turtle"),
        ("updates.rdfp", "TX .\nTC .\n"),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    let loaded = Loader::new().add_path(root).unwrap().load().unwrap();
    let names: Vec<_> = loaded
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["a.nt", "b.ttl", "more/c.jsonld"]);
    let mut skipped: Vec<_> = loaded
        .skipped
        .iter()
        .map(|skipped| {
            skipped
                .path
                .strip_prefix(root)
                .unwrap()
                .display()
                .to_string()
        })
        .collect();
    skipped.sort();
    assert_eq!(
        skipped,
        [
            ".git",
            ".hidden.ttl",
            "README.md",
            "players.csv",
            "updates.rdfp"
        ]
    );
    assert_eq!(loaded.store.quad_count(), 3);

    let with_tables = Loader::new()
        .with_tables(|tables, others| {
            assert!(tables[0].name == "players.csv" && tables[0].bytes.starts_with(b"id,type"));
            assert_eq!(others.quad_count(), 3);
            Ok(sample())
        })
        .add_path(root)
        .unwrap()
        .load()
        .unwrap();
    assert_eq!(with_tables.store.quad_count(), 3 + 12);
    let refusing = Loader::new()
        .with_tables(|_, _| Err(FormatError::syntax("players.csv", "no").at(2, 1).into()))
        .add_path(root)
        .unwrap()
        .load();
    assert_eq!(refusing.unwrap_err().to_string(), "players.csv:2:1: no");
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Loader::new()
        .add_path(folder.path().join("none.ttl"))
        .err()
        .unwrap();
    assert!(matches!(&missing, StoreError::Io { path, .. } if path.ends_with("none.ttl")));
    let odd = folder.path().join("map.docx");
    fs::write(&odd, "").unwrap();
    let error = Loader::new().add_path(&odd).err().unwrap().to_string();
    assert!(
        error.contains("map.docx") && error.contains(".ttl"),
        "{error}"
    );
    let explicit = Loader::new().add_file(&odd, Format::Turtle).load().unwrap();
    assert_eq!(explicit.store.quad_count(), 0);
    let empty = Loader::new().load().unwrap();
    assert_eq!(empty.store.quad_count(), 0);
}

#[test]
fn entities_of_entities_are_refused() {
    // Ten levels, each ten times the one before: 10¹⁰ letters, if they were written out.
    let mut text = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE r [\n<!ENTITY e0 \"ha\">\n");
    for level in 1..=10 {
        let inner = format!("&e{};", level - 1).repeat(10);
        text.push_str(&format!("<!ENTITY e{level} \"{inner}\">\n"));
    }
    text.push_str(
        "]>\n<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:a=\"http://a.example/\">\
         <r:Description r:about=\"http://a.example/s\"><a:p>&e10;</a:p></r:Description></r:RDF>",
    );
    let error = rdf::parse(text.as_bytes(), Format::RdfXml, "laughs.rdf").unwrap_err();
    assert_eq!(
        error.to_string(),
        "laughs.rdf:4:1: the entity e1 refers to the entity &e0;"
    );
    // Namespaces, which entities are used for, are read as ever.
    let plain = "<!DOCTYPE r [<!ENTITY a \"http://a.example/\">]>\
         <r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:a=\"&a;\">\
         <r:Description r:about=\"&a;s\"><a:p>1 &lt; 2</a:p></r:Description></r:RDF>";
    let quads = rdf::parse(plain.as_bytes(), Format::RdfXml, "plain.rdf").unwrap();
    assert_eq!(
        quads[0].to_string(),
        "<http://a.example/s> <http://a.example/p> \"1 < 2\""
    );
}
