//! What tests use that is not in the repository: where they look for it, and what happens where it is missing.
//!
//! Where something is missing, a test says on one line what it skips, and passes. `POWERMAP_REQUIRE` lists the names of
//! what has to be there, with commas between them: where one of these is missing, the test fails.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The variable that lists what has to be there.
pub(crate) const REQUIRE: &str = "POWERMAP_REQUIRE";

/// Something that is not in the repository.
struct Outside {
    name: &'static str,
    place: Place,
    /// What to do to have it.
    advice: &'static str,
}

/// Where something is looked for.
enum Place {
    /// A folder which has one of these in it: the one that the variable names or, where it is not set, this one, from
    /// the root of the repository.
    Folder {
        variable: Option<&'static str>,
        default: Option<&'static str>,
        holds: &'static [&'static str],
    },
    /// A program, in the folders of `PATH`.
    Program(&'static str),
    /// No path: the test itself finds out whether the system has it.
    System,
}

/// Everything that tests use from outside, by name.
const KNOWN: &[Outside] = &[
    Outside {
        name: "data-shapes",
        place: Place::Folder {
            variable: Some("W3C_DATA_SHAPES"),
            default: None,
            holds: &["data-shapes-test-suite/tests/core"],
        },
        advice: "set W3C_DATA_SHAPES to a clone of https://github.com/w3c/data-shapes",
    },
    Outside {
        name: "fonts",
        place: Place::System,
        advice: "install a font, such as the package fonts-liberation",
    },
    Outside {
        name: "graphviz",
        place: Place::Program("dot"),
        advice: "install Graphviz",
    },
    Outside {
        name: "node",
        place: Place::Program("node"),
        advice: "install Node.js",
    },
    Outside {
        name: "samples",
        place: Place::Folder {
            variable: Some("POWERMAP_SAMPLES"),
            default: Some("../shared/samples"),
            holds: &["gleif", "psc", "wikidata"],
        },
        advice: "set POWERMAP_SAMPLES to a folder of public sample files, with a folder for each publisher",
    },
    Outside {
        name: "schemas",
        place: Place::Folder {
            variable: None,
            default: Some("tests/schemas"),
            holds: &["graphml.xsd"],
        },
        advice: "run tests/schemas/fetch",
    },
    Outside {
        name: "w3c",
        place: Place::Folder {
            variable: Some("W3C_RDF_TESTS"),
            default: Some("../shared/w3c"),
            holds: &[
                "sparql11/manifest-all.ttl",
                "sparql/sparql11/manifest-all.ttl",
            ],
        },
        advice: "set W3C_RDF_TESTS to a clone of https://github.com/w3c/rdf-tests",
    },
    Outside {
        name: "xmllint",
        place: Place::Program("xmllint"),
        advice: "install xmllint, which is in the package libxml2-utils",
    },
];

/// The lines that were written: each once, however often something is looked for.
static WRITTEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Returns the path of something from outside or, where it is missing, `None` after a line that says what is skipped.
///
/// # Panics
///
/// Panics where it is missing and required, where its variable names a folder that does not have it, and where
/// `POWERMAP_REQUIRE` lists an unknown name.
#[allow(dead_code, reason = "some tests find out in another way")]
pub(crate) fn find(name: &str, skipped: &str) -> Option<PathBuf> {
    let found = look(known(name)).unwrap_or_else(|error| panic!("{error}"));
    skip_unless(found.is_some(), name, skipped);
    found
}

/// Writes a line that says what is skipped, unless something from outside is there.
///
/// # Panics
///
/// Panics where it is missing and required, and where `POWERMAP_REQUIRE` lists an unknown name.
pub(crate) fn skip_unless(is_there: bool, name: &str, skipped: &str) {
    let list = env::var(REQUIRE).unwrap_or_default();
    let required = required(&list).unwrap_or_else(|error| panic!("{error}"));
    if is_there {
        return;
    }
    let line = missing(name, skipped, &required).unwrap_or_else(|error| panic!("{error}"));
    let mut written = WRITTEN
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    if written.insert(line.clone()) {
        // Not `eprintln!`, which the harness holds back for tests that pass.
        io::stderr()
            .write_all(line.as_bytes())
            .expect("stderr takes a line");
    }
}

/// Returns the line on what is skipped where something is missing.
///
/// # Errors
///
/// Returns the reason for a failure where it is required.
pub(crate) fn missing(
    name: &str,
    skipped: &str,
    required: &BTreeSet<&str>,
) -> Result<String, String> {
    let advice = known(name).advice;
    if required.contains(name) {
        Err(format!(
            "{REQUIRE} lists {name}, which is missing: {advice}"
        ))
    } else {
        Ok(format!(
            "skipped, as {name} is missing: {skipped} ({advice})\n"
        ))
    }
}

/// Returns the names in a list with commas between them.
///
/// # Errors
///
/// Returns a message with the known names where one is unknown.
pub(crate) fn required(list: &str) -> Result<BTreeSet<&str>, String> {
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let names: BTreeSet<&str> = names.collect();
    let is_known = |name: &str| KNOWN.iter().any(|outside| outside.name == name);
    match names.iter().find(|name| !is_known(name)) {
        None => Ok(names),
        Some(name) => {
            let known: Vec<_> = KNOWN.iter().map(|outside| outside.name).collect();
            let known = known.join(", ");
            Err(format!(
                "{REQUIRE} lists '{name}'; expected some of {known}"
            ))
        }
    }
}

fn known(name: &str) -> &'static Outside {
    KNOWN
        .iter()
        .find(|outside| outside.name == name)
        .unwrap_or_else(|| panic!("{name} is not in the table of tests/support/outside.rs"))
}

fn look(outside: &Outside) -> Result<Option<PathBuf>, String> {
    match &outside.place {
        Place::Folder {
            variable,
            default,
            holds,
        } => {
            let has_it = |folder: &Path| holds.iter().any(|held| folder.join(held).exists());
            let given = variable.and_then(|variable| Some((variable, env::var_os(variable)?)));
            if let Some((variable, folder)) = given.filter(|(_, folder)| !folder.is_empty()) {
                let folder = PathBuf::from(folder);
                return if has_it(&folder) {
                    Ok(Some(folder))
                } else {
                    let (folder, held) = (folder.display(), holds.join(" or "));
                    Err(format!("{variable} is {folder}, which has no {held} in it"))
                };
            }
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let folder = default.map(|folder| root.join(folder));
            Ok(folder.filter(|folder| has_it(folder)))
        }
        Place::Program(program) => {
            let path = env::var_os("PATH").unwrap_or_default();
            let mut files = env::split_paths(&path).map(|folder| folder.join(program));
            Ok(files.find(|file| file.is_file()))
        }
        Place::System => panic!("{} has no path", outside.name),
    }
}
