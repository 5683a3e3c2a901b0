//! Named queries: `queries/<topic>/<name>.rq` with a header that declares what they answer and take.
//!
//! A query reads its parameters as variables; written `$name` a parameter stands out, and must then be declared.

pub(crate) mod built_in;
pub(crate) mod header;
pub(crate) mod page;
pub(crate) mod parameter;

pub use crate::catalogue::built_in::QUERIES;
pub use crate::catalogue::header::Header;
pub use crate::catalogue::parameter::{QueryParameter, QueryParameterType, QueryPresence};

use crate::catalogue::header::is_name;
use crate::model::vocabulary::PREFIXES;
use oxigraph::model::Term;
use powermap_rdf::algebra::{TokenKind, free_variables, tokens};
use powermap_rdf::{Evaluator, SparqlError, nearest};
use spargebra::Query;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The letters of the shortest word of a question that names are compared with.
const WORD_MIN: usize = 4;
/// How many names are suggested at most for the words of a question.
const SIMILAR_MAX: usize = 5;

/// Terms for the variables of a query, by name.
pub type Terms = Vec<(String, Term)>;

/// The files of queries that were left out, each with the error in it.
pub type LeftOutFiles = Vec<(PathBuf, SparqlError)>;

/// A named query.
#[derive(Clone, Debug)]
pub struct NamedQuery {
    /// The stem of its file.
    pub name: String,
    /// The folder of its file.
    pub topic: String,
    /// Where it was read from.
    pub path: String,
    /// What its header says.
    pub header: Header,
    /// The whole text, header included.
    pub text: String,
    /// The query, with the known prefixes resolved.
    pub query: Query,
}

/// The named queries, by name.
///
/// ```
/// use powermap::catalogue::Catalogue;
///
/// let text = "#+ summary: Whom does a player fund?\n#+ param: player player required\n\
///             SELECT ?to { $player pm:investsIn ?to }";
/// let catalogue = Catalogue::from_sources([("money/funds.rq", text)])?;
/// let given = [("player".to_owned(), "amd".to_owned())];
/// let (entry, parameters) = catalogue.prepare("funds", &given)?;
/// assert_eq!(entry.topic, "money");
/// assert_eq!(parameters[0].1.to_string(), "<https://w3id.org/powermap/id/amd>");
/// let hint = catalogue.get("fund").unwrap_err().hint().unwrap().to_string();
/// assert_eq!(hint, "did you mean funds?");
/// # Ok::<(), powermap_rdf::SparqlError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, NamedQuery>,
}

impl Catalogue {
    /// Returns the queries that are part of the program.
    ///
    /// # Errors
    /// As [`Catalogue::from_sources`]; a test holds that there are none.
    pub fn built_in() -> Result<Self, SparqlError> {
        Self::from_sources(built_in::QUERIES.iter().copied())
    }

    /// Reads queries from pairs of path and text.
    ///
    /// # Errors
    /// [`SparqlError::Catalogue`] with file, line and column for a slip in a header, for a parameter that the query
    /// does not read, a `$name` that is not declared, and a name that is taken; [`SparqlError::Syntax`] with the file
    /// for a query that does not parse.
    pub fn from_sources(
        sources: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Result<Self, SparqlError> {
        let mut catalogue = Self::default();
        for (path, text) in sources {
            catalogue.add(path.as_ref(), text.as_ref())?;
        }
        Ok(catalogue)
    }

    /// Adds all `.rq` files of a folder and the folders in it, in the order of their paths. Files that cannot be read, or
    /// with the errors of [`Catalogue::from_sources`], are left out; returns them as well, each with its error.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn with_folder(mut self, folder: &Path) -> Result<(Self, LeftOutFiles), SparqlError> {
        let mut files = Vec::new();
        let read_error = |path: &Path, source| SparqlError::Read {
            path: path.to_owned(),
            source,
        };
        query_files(folder, &mut files).map_err(|source| read_error(folder, source))?;
        files.sort();
        let mut left_out = Vec::new();
        for path in files {
            let text = fs::read_to_string(&path).map_err(|source| read_error(&path, source));
            let added = text.and_then(|text| self.add(&path.to_string_lossy(), &text));
            left_out.extend(added.err().map(|error| (path, error)));
        }
        Ok((self, left_out))
    }

    /// Adds one query.
    ///
    /// # Errors
    /// As [`Catalogue::from_sources`].
    pub fn add(&mut self, path: &str, text: &str) -> Result<(), SparqlError> {
        let entry = NamedQuery::parse(path, text)?;
        if let Some(other) = self.entries.get(&entry.name) {
            let message = format!(
                "the name {} is taken by {}: names are unique over all topics",
                entry.name, other.path
            );
            return Err(slip(path, text, 0, message));
        }
        self.entries.insert(entry.name.clone(), entry);
        Ok(())
    }

    /// Returns all queries, by name.
    pub fn entries(&self) -> impl Iterator<Item = &NamedQuery> {
        self.entries.values()
    }

    /// Returns the names that are spelt like a text, or else the first that have words like those of a question.
    fn similar(&self, text: &str) -> Vec<String> {
        let names = || self.entries.keys().map(String::as_str);
        let mut similar = nearest(text, names());
        if similar.is_empty() {
            let asked = text.split_whitespace().map(str::to_lowercase);
            let asked: Vec<String> = asked.filter(|word| word.len() >= WORD_MIN).collect();
            let begins_alike = |word: &str| {
                let is_alike = |asked: &String| {
                    let both = word.chars().zip(asked.chars());
                    let stem = both.take_while(|(one, other)| one == other).count();
                    stem + 1 >= asked.chars().count()
                };
                asked.iter().any(is_alike)
            };
            let named = names().filter(|name| name.split('-').any(begins_alike));
            similar = named.take(SIMILAR_MAX).collect();
        }
        similar.into_iter().map(str::to_owned).collect()
    }

    /// Returns the query of this name.
    ///
    /// # Errors
    /// [`SparqlError::UnknownQuery`], with the names that look alike.
    pub fn get(&self, name: &str) -> Result<&NamedQuery, SparqlError> {
        self.entries
            .get(name)
            .ok_or_else(|| SparqlError::UnknownQuery {
                name: name.to_owned(),
                similar: self.similar(name),
                known: self.entries.keys().cloned().collect(),
            })
    }

    /// Returns a query and the terms of its parameters: those given as text, and the defaults of the others.
    ///
    /// # Errors
    /// As [`Catalogue::get`] and [`NamedQuery::bind`].
    pub fn prepare(
        &self,
        name: &str,
        given: &[(String, String)],
    ) -> Result<(&NamedQuery, Terms), SparqlError> {
        let entry = self.get(name)?;
        Ok((entry, entry.bind(given)?))
    }
}

impl NamedQuery {
    fn parse(path: &str, text: &str) -> Result<Self, SparqlError> {
        let file = Path::new(path);
        let part = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let name = part(file.file_stem());
        let topic = part(file.parent().and_then(Path::file_name));
        if !is_name(&name, '-') {
            let message = format!(
                "{name:?} is no name of a query: expected a file name of a-z, 0-9 and -, a letter first"
            );
            return Err(slip(path, text, 0, message));
        }
        let header = Header::parse(text).map_err(|error| SparqlError::Catalogue {
            path: path.to_owned(),
            line: error.line,
            column: error.column,
            message: error.message,
        })?;
        let query = Evaluator::new()
            .with_prefixes(PREFIXES.clone())
            .parse_query(text)
            .map_err(|error| error.in_file(path))?;
        let entry = Self {
            name,
            topic,
            path: path.to_owned(),
            header,
            text: text.to_owned(),
            query,
        };
        entry.check_parameters()?;
        Ok(entry)
    }

    /// Holds the declared parameters and those that the query reads against each other.
    fn check_parameters(&self) -> Result<(), SparqlError> {
        let declared = |name: &str| self.parameter(name).is_some();
        for token in tokens(&self.text) {
            if token.kind == TokenKind::Variable
                && let Some(name) = token.text.strip_prefix('$')
                && !declared(name)
            {
                let message = format!(
                    "the parameter ${name} is not declared: expected a line `#+ param: {name} TYPE required`, or ?{name} for a variable"
                );
                return Err(slip(&self.path, &self.text, token.start, message));
            }
        }
        let read = free_variables(&self.query);
        for parameter in &self.header.parameters {
            if !read.contains(&parameter.name) {
                let line = format!("param: {}", parameter.name);
                let message = format!(
                    "the query does not read the parameter ${}: expected it in a pattern or a filter that is not inside a sub-select of its own",
                    parameter.name
                );
                let place = self.text.find(&line).unwrap_or(0);
                return Err(slip(&self.path, &self.text, place, message));
            }
        }
        Ok(())
    }

    fn parameter(&self, name: &str) -> Option<&QueryParameter> {
        self.header.parameters.iter().find(|p| p.name == name)
    }

    /// Returns the terms of the parameters: those given as text, and the defaults of the others.
    ///
    /// # Errors
    /// [`SparqlError::UndeclaredParameter`], [`SparqlError::RepeatedParameter`], [`SparqlError::MissingParameter`],
    /// [`SparqlError::ParameterValue`].
    pub fn bind(&self, given: &[(String, String)]) -> Result<Terms, SparqlError> {
        for (index, (name, _)) in given.iter().enumerate() {
            if self.parameter(name).is_none() {
                return Err(SparqlError::UndeclaredParameter {
                    query: self.name.clone(),
                    name: name.clone(),
                    known: self.header.parameters.iter().map(describe).collect(),
                });
            }
            if given[..index].iter().any(|(other, _)| other == name) {
                return Err(SparqlError::RepeatedParameter { name: name.clone() });
            }
        }
        let mut terms = Vec::new();
        for parameter in &self.header.parameters {
            let given = given.iter().find(|(name, _)| *name == parameter.name);
            let text = match (given, &parameter.presence) {
                (Some((_, text)), _) => text,
                (None, QueryPresence::Default(text)) => text,
                (None, QueryPresence::Optional) => continue,
                (None, QueryPresence::Required) => {
                    return Err(SparqlError::MissingParameter {
                        query: self.name.clone(),
                        parameter: describe(parameter),
                        example: self.header.example.clone(),
                    });
                }
            };
            let term = parameter
                .kind
                .term(text)
                .map_err(|reason| SparqlError::ParameterValue {
                    name: parameter.name.clone(),
                    kind: parameter.kind.to_string(),
                    text: text.clone(),
                    reason,
                })?;
            terms.push((parameter.name.clone(), term));
        }
        Ok(terms)
    }
}

/// Returns a parameter in one line: name, type and whether it must be given.
fn describe(parameter: &QueryParameter) -> String {
    let QueryParameter { name, kind, .. } = parameter;
    match &parameter.presence {
        QueryPresence::Required => format!("{name} ({kind}, required)"),
        QueryPresence::Optional => format!("{name} ({kind})"),
        QueryPresence::Default(default) => format!("{name} ({kind}, {default} unless given)"),
    }
}

/// Returns an error at a place in a file.
fn slip(path: &str, text: &str, place: usize, message: String) -> SparqlError {
    let before = text.get(..place).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    SparqlError::Catalogue {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        message,
    }
}

fn query_files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // Links are not followed: they could lead round in a circle.
        if entry.file_type()?.is_dir() {
            query_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rq") {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap_rdf::Hint;

    const FUNDS: &str = "#+ summary: s\n#+ param: player player required -- who\n#+ param: least decimal 0.5\n\
                         SELECT ?to { $player pm:investsIn ?to ; pm:x ?x FILTER(?x > $least) }";

    fn refused(sources: &[(&str, &str)]) -> String {
        Catalogue::from_sources(sources.iter().copied())
            .expect_err("the sources are wrong")
            .to_string()
    }

    #[test]
    fn slips_in_files_have_a_place() {
        for (text, expected) in [
            ("#+ tags: a\nASK {}", "money/q.rq:1:1: no summary"),
            (
                "#+ summary: s\nASK { ?x pm:a $y }",
                "money/q.rq:2:15: the parameter $y is not declared",
            ),
            (
                "#+ summary: s\n#+ param: y iri optional\nASK {}",
                "money/q.rq:2:4: the query does not read the parameter $y",
            ),
            (
                "#+ summary: s\n#+ param: y iri optional\nSELECT ?x { ?x a ?z { SELECT ?x { ?x pm:a ?y } } }",
                "money/q.rq:2:4: the query does not read",
            ),
            (
                "#+ summary: s\nASK { ?x }",
                "money/q.rq:2:10: unexpected `}`",
            ),
            // A `$name` in a string or a remark is no parameter.
            (
                "#+ summary: s\nASK { ?x pm:a '$y' } # $z\n}",
                "money/q.rq:3:1: unexpected `}`",
            ),
        ] {
            let error = refused(&[("money/q.rq", text)]);
            assert!(error.starts_with(expected), "{error}");
        }
        let twice = refused(&[("a/funds.rq", FUNDS), ("b/funds.rq", FUNDS)]);
        assert!(
            twice.contains("b/funds.rq:1:1: the name funds is taken by a/funds.rq"),
            "{twice}"
        );
        assert!(refused(&[("a/Funds 1.rq", FUNDS)]).contains("no name of a query"));
    }

    #[test]
    fn values_are_bound_by_type() {
        let catalogue = Catalogue::from_sources([("money/funds.rq", FUNDS)]).unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let terms = catalogue
            .prepare("funds", &[pair("player", "amd")])
            .unwrap()
            .1;
        assert_eq!(terms[0].1.to_string(), "<https://w3id.org/powermap/id/amd>");
        assert_eq!(
            terms[1].1.to_string(),
            "\"0.5\"^^<http://www.w3.org/2001/XMLSchema#decimal>"
        );
        for (given, expected) in [
            (
                vec![],
                "the query funds needs the parameter player (player, required)",
            ),
            (
                vec![pair("player", "amd"), pair("player", "x")],
                "?player was given more than once",
            ),
            (
                vec![pair("plyer", "amd")],
                "the query funds has no parameter \"plyer\": it takes player (player, required), least (decimal, 0.5 unless given)",
            ),
            (
                vec![pair("player", "amd"), pair("least", "some")],
                "the parameter least (decimal) cannot be \"some\": expected a number (0.5)",
            ),
        ] {
            let error = catalogue.prepare("funds", &given).unwrap_err().to_string();
            assert_eq!(error, expected);
        }
        let error = catalogue.get("xyzzyxyzzy").unwrap_err();
        assert_eq!(error.to_string(), "no query is named \"xyzzyxyzzy\"");
        assert_eq!(error.hint(), Some(Hint::from("there are funds".to_owned())));
    }

    #[test]
    fn a_question_finds_queries_by_its_words() {
        let catalogue = Catalogue::built_in().unwrap();
        let hint = |name: &str| catalogue.get(name).unwrap_err().hint();
        let similar = ["chains-of-ownership", "owners"].map(str::to_owned);
        assert_eq!(
            hint("who owns openai"),
            Some(Hint::DidYouMean(similar.to_vec()))
        );
        assert_eq!(
            hint("owner"),
            Some(Hint::DidYouMean(vec!["owners".to_owned()]))
        );
        assert_eq!(hint("xyzzyxyzzy"), Some(Hint::Catalogue));
    }

    #[test]
    fn folders_are_read_in_the_order_of_their_paths() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("money")).unwrap();
        fs::write(folder.path().join("money/funds.rq"), FUNDS).unwrap();
        fs::write(folder.path().join("money/notes.txt"), "no query").unwrap();
        let read = |folder: &Path| Catalogue::default().with_folder(folder);
        let names = |catalogue: &Catalogue| -> Vec<_> {
            let entries = catalogue.entries();
            entries.map(|e| (e.topic.clone(), e.name.clone())).collect()
        };
        let (catalogue, left_out) = read(folder.path()).unwrap();
        assert_eq!(names(&catalogue), [("money".into(), "funds".into())]);
        assert!(left_out.is_empty());
        fs::write(folder.path().join("funds.rq"), FUNDS).unwrap();
        let deep = format!("#+ summary: deep\nASK{{{}", "<<".repeat(12_000));
        fs::write(folder.path().join("deep.rq"), deep).unwrap();
        fs::write(folder.path().join("no-text.rq"), [0xff, 0xfe]).unwrap();
        let (catalogue, left_out) = read(folder.path()).unwrap();
        assert_eq!(catalogue.entries().count(), 1);
        let left_out: Vec<_> = left_out
            .iter()
            .map(|(_, error)| error.to_string())
            .collect();
        let [deep, taken, no_text] = &left_out[..] else {
            panic!("{left_out:?}");
        };
        assert!(
            deep.contains("deep.rq:2:") && deep.contains("too deep"),
            "{deep}"
        );
        assert!(taken.contains("the name funds is taken"), "{taken}");
        assert!(no_text.contains("no-text.rq"), "{no_text}");
        let missing = folder.path().join("none");
        assert!(read(&missing).unwrap_err().to_string().contains("none: "));
    }
}
