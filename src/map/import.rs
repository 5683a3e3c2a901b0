//! Bringing files into a map on disk.

use crate::analysis::checks::Refuted;
use crate::format::csv::without_rows;
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::map::known::editions;
use crate::map::new_file::NewFile;
use crate::map::open::open_text;
use crate::map::places::placed;
use crate::model::record::Records;
use crate::records::RecordProblem;
use indexmap::IndexMap;
use oxigraph::model::NamedOrBlankNode;
use powermap_rdf::{Format, FormatError, Loader, ReadStore, StoreError, SyntaxProblem, write_file};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::path::{Path, PathBuf};

/// The most edges of a map in which an import looks for what is told twice.
const EDGES_COMPARED_MAX: usize = 100_000;

/// How many records of each sort an import added to a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Added {
    /// Players.
    pub players: usize,
    /// Identifiers of players.
    pub identifiers: usize,
    /// Identities of two players.
    pub identities: usize,
    /// Deals.
    pub deals: usize,
    /// Edges.
    pub edges: usize,
    /// Observations.
    pub observations: usize,
    /// Claims.
    pub claims: usize,
    /// Documents.
    pub documents: usize,
}

impl Added {
    /// Counts the records of the second whose ids the first has not.
    fn ids_of(before: &Records, after: &Records) -> Self {
        fn new<K: Hash + Eq, V>(before: &IndexMap<K, V>, after: &IndexMap<K, V>) -> usize {
            let is_new = |id: &&K| !before.contains_key(*id);
            after.keys().filter(is_new).count()
        }
        Self {
            players: new(&before.players, &after.players),
            identifiers: new(&before.identifiers, &after.identifiers),
            identities: new(&before.identities, &after.identities),
            deals: new(&before.deals, &after.deals),
            edges: new(&before.edges, &after.edges),
            observations: new(&before.observations, &after.observations),
            claims: new(&before.claims, &after.claims),
            documents: new(&before.documents, &after.documents),
        }
    }

    fn between(before: &Records, after: &Records) -> Self {
        let added = |count: fn(&Records) -> usize| count(after).saturating_sub(count(before));
        Self {
            players: added(|records| records.players.len()),
            identifiers: added(|records| records.identifiers.len()),
            identities: added(|records| records.identities.len()),
            deals: added(|records| records.deals.len()),
            edges: added(|records| records.edges.len()),
            observations: added(|records| records.observations.len()),
            claims: added(|records| records.claims.len()),
            documents: added(|records| records.documents.len()),
        }
    }
}

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The map with the new files.
    pub map: Map,
    /// The map without the new files, as it was.
    pub before: Map,
    /// How many records the map has more than before; where files were replaced, how many are new in it.
    pub added: Added,
    /// How many records are gone with the files that were replaced.
    pub gone: Added,
    /// The files that were written: the name that was given, and the name in the map.
    pub files: Vec<(String, String)>,
    /// Those of the files, by the name that was given, that have a number in front since their name was taken.
    pub renamed: Vec<String>,
    /// The rows and files that were left out, and why.
    pub left_out: Vec<SyntaxProblem>,
    /// What came in but cannot be read as a record, or not wholly.
    pub problems: Vec<RecordProblem>,
    /// What was made up, such as players that occur in edges only.
    pub warnings: Vec<SyntaxProblem>,
    /// New edges that may be told twice: the players and the kind of another, about its amount, a few weeks apart. Maps of
    /// more than 100,000 edges are not looked at.
    pub told_twice: Vec<Refuted>,
}

/// A file on its way: its name in the map, and what is left of its text.
struct Candidate<'a> {
    given: &'a NewFile,
    target: String,
    bytes: Vec<u8>,
    /// Whether its name in the map has a number, since the plain one is taken.
    is_renamed: bool,
    /// The files whose place it takes.
    replaces: Vec<PathBuf>,
}

impl Map {
    /// Reads files as a part of the map in a folder and, if all is well, writes them there as they are.
    ///
    /// Reads the map twice, with and without the files, at the same time.
    ///
    /// The folder is made if it is not there. A file whose name is taken gets a number in front. Without
    /// `keep_going`, anything that is wrong stops the import, and nothing is written. With it, rows and files that are
    /// wrong are left out and reported.
    ///
    /// # Errors
    /// What is wrong with the files, with the names as given; a target that is no folder or may not be written; what
    /// is wrong with the map as it is.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::map::NewFile;
    /// use powermap_rdf::Format;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let file = NewFile {
    ///     name: "edges.csv".to_owned(),
    ///     bytes: b"from,to,family\nada,babbage,influence\n".to_vec(),
    ///     format: Format::Csv,
    ///     table: None,
    /// };
    /// let imported = Map::import(folder.path(), &[file], false)?;
    /// assert_eq!(imported.map.records()?.edges.len(), 1);
    /// assert!(folder.path().join("edges.csv").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn import(
        folder: impl AsRef<Path>,
        files: &[NewFile],
        keep_going: bool,
    ) -> Result<Imported, MapError> {
        let folder = folder.as_ref();
        if folder.exists() && !folder.is_dir() {
            return Err(MapError::NoFolder(folder.to_owned()));
        }
        let is_new = !folder.exists();
        if is_new {
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::io("make the folder", folder, error))?;
        }
        let imported = import(folder, candidates(folder, files), keep_going);
        if is_new && imported.is_err() {
            // It is empty; where it cannot be removed it does no harm.
            let _ = std::fs::remove_dir(folder);
        }
        imported
    }

    /// Reads files as a part of the map in a folder in the place of earlier editions of them and, if all is well, puts them
    /// there: what the earlier editions said is gone, and what these say is in. Nothing is written where anything is wrong.
    ///
    /// The earlier edition is the file that an import of the new one would have been written to or, of one file, those
    /// that `earlier` names as they are called in the folder. Where several were written for the name, they have to be named.
    ///
    /// # Errors
    /// [`MapError::NothingToReplace`], [`MapError::SeveralEditions`]; those of [`Map::import`].
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::map::NewFile;
    /// use powermap_rdf::Format;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let edition = |whom: &str| NewFile {
    ///     name: "edges.csv".to_owned(),
    ///     bytes: format!("from,to,family\nada,{whom},influence\n").into_bytes(),
    ///     format: Format::Csv,
    ///     table: None,
    /// };
    /// Map::import(folder.path(), &[edition("babbage")], false)?;
    /// let replaced = Map::replace(folder.path(), &[edition("byron")], &[], false)?;
    /// assert_eq!((replaced.added.edges, replaced.gone.edges), (1, 1));
    /// assert_eq!(replaced.map.records()?.edges.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace(
        folder: impl AsRef<Path>,
        files: &[NewFile],
        earlier: &[String],
        keep_going: bool,
    ) -> Result<Imported, MapError> {
        let folder = folder.as_ref();
        if folder.exists() && !folder.is_dir() {
            return Err(MapError::NoFolder(folder.to_owned()));
        }
        let mut candidates = candidates(folder, files);
        for candidate in &mut candidates {
            let plain = candidate.given.target(1);
            let written = editions(folder, &plain);
            let replaced = match (earlier, written.as_slice()) {
                ([], [_, _, ..]) => {
                    let names = written;
                    return Err(MapError::SeveralEditions { names });
                }
                ([], _) => vec![plain],
                (earlier, _) => earlier.to_vec(),
            };
            for name in &replaced {
                // A name with a folder in it could lead out of the map.
                let is_name = Path::new(name).file_name() == Some(name.as_ref());
                if !is_name || !folder.join(name).is_file() {
                    return Err(MapError::NothingToReplace(folder.join(name)));
                }
            }
            if let Some(name) = written.iter().find(|name| replaced.contains(name)) {
                candidate.target.clone_from(name);
                candidate.is_renamed = false;
            }
            candidate.replaces = replaced.iter().map(|name| folder.join(name)).collect();
        }
        import(folder, candidates, keep_going)
    }
}

fn import(
    folder: &Path,
    mut candidates: Vec<Candidate<'_>>,
    keep_going: bool,
) -> Result<Imported, MapError> {
    let (before, first) = rayon::join(|| read(folder, &[]), || read(folder, &candidates));
    let before = before?;
    let names: HashMap<_, _> = candidates
        .iter()
        .map(|file| (file.target.clone(), file.given.name.clone()))
        .collect();
    let mut left_out = Vec::new();
    let mut read_now = first;
    let map = loop {
        match read_now {
            Ok(map) => break map,
            Err(error) => {
                let mut problems = problems(&error);
                let is_progress = keep_going && leave_out(&mut candidates, &problems);
                rename(&mut problems, &names);
                if !is_progress {
                    return Err(with_problems(error, problems));
                }
                left_out.extend(problems);
                read_now = read(folder, &candidates);
            }
        }
    };
    let known: HashSet<_> = before.problems()?.iter().map(ToString::to_string).collect();
    let mut new_problems = map.problems()?.to_vec();
    new_problems.retain(|problem| !known.contains(&problem.to_string()));
    if !keep_going && !new_problems.is_empty() {
        let texts = candidates.iter().map(|file| (file.given, &*file.bytes));
        let problems = placed(&new_problems, texts);
        let is_taken = |file: &&Candidate<'_>| file.is_renamed && file.replaces.is_empty();
        return Err(match candidates.iter().find(is_taken) {
            Some(file) => MapError::EarlierEdition {
                path: folder.join(file.given.target(1)),
                problems,
            },
            None => MapError::Records(problems),
        });
    }
    let is_replacing = candidates.iter().any(|file| !file.replaces.is_empty());
    if !is_replacing {
        check_news(folder, &candidates, &before, &map, keep_going)?;
    }
    write(folder, &candidates)?;
    let known = before.warnings();
    let mut warnings = map.warnings().to_vec();
    warnings.retain(|warning| !known.contains(warning));
    rename(&mut warnings, &names);
    let told_twice = told_twice(&before, &map)?;
    Ok(Imported {
        told_twice,
        renamed: candidates
            .iter()
            .filter(|file| file.is_renamed)
            .map(|file| file.given.name.clone())
            .collect(),
        files: candidates
            .iter()
            .map(|file| (file.given.name.clone(), file.target.clone()))
            .collect(),
        added: match is_replacing {
            true => Added::ids_of(before.records()?, map.records()?),
            false => Added::between(before.records()?, map.records()?),
        },
        gone: match is_replacing {
            true => Added::ids_of(map.records()?, before.records()?),
            false => Added::default(),
        },
        before,
        map,
        left_out,
        problems: new_problems,
        warnings,
    })
}

/// Checks that files say something that is not in the map, so that neither those of the same content nor, unless what is
/// wrong was left out of them, empty ones are written once more.
fn check_news(
    folder: &Path,
    candidates: &[Candidate<'_>],
    before: &Map,
    map: &Map,
    keep_going: bool,
) -> Result<(), MapError> {
    let Some(first) = candidates.first() else {
        return Ok(());
    };
    let are_renamed = candidates.iter().all(|file| file.is_renamed);
    if are_renamed && before.records()? == map.records()? {
        return Err(MapError::NothingNew(folder.join(first.given.target(1))));
    }
    if !keep_going && before.text.quad_count() == map.text.quad_count() {
        return Err(MapError::NothingHeld(first.given.name.clone()));
    }
    Ok(())
}

/// Returns what a map has that may be told twice and that was not there before.
fn told_twice(before: &Map, map: &Map) -> Result<Vec<Refuted>, MapError> {
    let (old, new) = (before.records()?, map.records()?);
    let is_new = |claim: &NamedOrBlankNode| !old.claims.contains_key(claim);
    let edges = new.edges.keys();
    let has_new = edges.clone().any(|edge| !old.edges.contains_key(edge));
    if !has_new || new.edges.len() > EDGES_COMPARED_MAX {
        return Ok(Vec::new());
    }
    let mut found = map.refuted_by_check("told-twice")?;
    found.retain(|one| one.claims.iter().any(is_new));
    Ok(found)
}

/// Reads the map in a folder, and its records, with files that are not written yet.
fn read(folder: &Path, candidates: &[Candidate<'_>]) -> Result<Map, MapError> {
    let loader = candidates.iter().fold(Loader::new(), |loader, file| {
        loader.add_bytes(&file.target, file.given.format, file.bytes.clone())
    });
    let replaced = candidates.iter().flat_map(|file| &file.replaces);
    let loader = replaced.fold(loader, |loader, path| loader.leave_out(path));
    let map = open_text(folder, loader)?;
    map.records()?;
    Ok(map)
}

/// Gives each file a name that is free in the folder and says what is in it.
fn candidates<'a>(folder: &Path, files: &'a [NewFile]) -> Vec<Candidate<'a>> {
    let mut taken = BTreeSet::new();
    let mut candidates = Vec::with_capacity(files.len());
    for file in files {
        let mut number = 1;
        let mut name = file.target(number);
        while folder.join(&name).exists() || !taken.insert(name.clone()) {
            number += 1;
            name = file.target(number);
        }
        candidates.push(Candidate {
            given: file,
            target: name,
            is_renamed: number > 1,
            bytes: file.bytes.clone(),
            replaces: Vec::new(),
        });
    }
    candidates
}

/// Takes the rows with problems out of tables, and files with other problems out altogether; whether any was found.
fn leave_out(candidates: &mut Vec<Candidate<'_>>, problems: &[SyntaxProblem]) -> bool {
    let mut is_progress = false;
    candidates.retain_mut(|file| {
        let own: Vec<_> = problems
            .iter()
            .filter(|problem| problem.source_name == file.target)
            .collect();
        if own.is_empty() {
            return true;
        }
        is_progress = true;
        let lines: Option<BTreeSet<u64>> = own.iter().map(|problem| problem.line).collect();
        let kept = lines
            .filter(|_| file.given.format == Format::Csv)
            .and_then(|lines| without_rows(&file.bytes, &lines))
            .filter(|kept| kept.len() < file.bytes.len());
        match kept {
            Some(kept) => {
                file.bytes = kept;
                true
            }
            None => false,
        }
    });
    is_progress
}

/// The problems in text that an error is made of.
fn problems(error: &MapError) -> Vec<SyntaxProblem> {
    let format = match error {
        MapError::Format(error) | MapError::Store(StoreError::Format(error)) => error,
        _ => return Vec::new(),
    };
    match format {
        FormatError::Rows(problems) => problems.clone(),
        error => error.problem().cloned().into_iter().collect(),
    }
}

/// The same error with these problems, where it is made of problems.
fn with_problems(error: MapError, mut problems: Vec<SyntaxProblem>) -> MapError {
    match problems.pop() {
        None => error,
        Some(only) if problems.is_empty() => FormatError::Syntax(Box::new(only)).into(),
        Some(last) => {
            problems.push(last);
            FormatError::Rows(problems).into()
        }
    }
}

/// Puts the names of the files as given in place of those in the map.
fn rename(problems: &mut [SyntaxProblem], names: &HashMap<String, String>) {
    for problem in problems {
        if let Some(given) = names.get(&problem.source_name) {
            problem.source_name.clone_from(given);
        }
    }
}

/// Writes all files, or none: what was written goes away again where one of them fails, and what was replaced comes back.
fn write(folder: &Path, candidates: &[Candidate<'_>]) -> Result<(), MapError> {
    let mut written: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    let put = |file: &Candidate<'_>| -> Result<(PathBuf, Option<Vec<u8>>), StoreError> {
        let path = folder.join(&file.target);
        let before = match file.replaces.contains(&path) {
            true => Some(read_file_whole(&path)?),
            false => None,
        };
        write_file(&path, &file.bytes)?;
        Ok((path, before))
    };
    for file in candidates {
        match put(file) {
            Ok(done) => written.push(done),
            Err(error) => {
                for (path, before) in written {
                    // The first error is the one to tell.
                    let _ = match before {
                        Some(bytes) => write_file(&path, &bytes).is_ok(),
                        None => std::fs::remove_file(path).is_ok(),
                    };
                }
                return Err(error.into());
            }
        }
    }
    for file in candidates {
        let others = file.replaces.iter();
        for path in others.filter(|path| **path != folder.join(&file.target)) {
            std::fs::remove_file(path)
                .map_err(|error| StoreError::io("remove the file", path, error))?;
        }
    }
    Ok(())
}

fn read_file_whole(path: &Path) -> Result<Vec<u8>, StoreError> {
    std::fs::read(path).map_err(|error| StoreError::io("read the file", path, error))
}
