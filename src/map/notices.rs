//! What a reader of a map has to know about it: what is not read, and what the view leaves out.

use crate::catalogue::NamedQuery;
use crate::format::field::LeftOut;
use crate::map::base::Map;
use crate::map::error::MapError;
use crate::map::notice::{EXAMPLES_MAX, MapNotice, NoticeKind, at, warrant};
use crate::map::old_form::old_warrants;
use crate::map::places::{self, Places};
use crate::model::vocabulary::{PM, common, pm};
use crate::records::{self, no_such};
use oxigraph::model::{GraphNameRef, Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use powermap_rdf::algebra::{TokenKind, tokens};
use powermap_rdf::{Format, ReadStore, Store};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;

/// Endings of files that hold data in formats that are not read.
const DATA_ENDINGS: [&str; 14] = [
    "arrow", "db", "gz", "jsonl", "ndjson", "ods", "parquet", "rdfp", "sqlite", "tsv", "xls",
    "xlsx", "yaml", "zip",
];

/// Vocabularies whose terms describe other terms: a file of these has no records and needs none.
const VOCABULARIES: [&str; 4] = [
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/ns/shacl#",
];

impl Map {
    /// Returns what a reader of the map has to know about it: what stands in its text and is not read, and what the day of
    /// the view leaves out. A few notices at most, in a fixed order.
    ///
    /// A compiled map has those of its text in its file. For text, the records are read; where anything is found, so are
    /// its files, for the lines.
    ///
    /// # Errors
    /// As [`Map::records`].
    ///
    /// ```
    /// use powermap::{Lang, Map};
    /// let folder = tempfile::tempdir()?;
    /// let text = "<x:e> a <https://w3id.org/powermap/ns#Suply> .\n";
    /// std::fs::write(folder.path().join("edges.ttl"), text)?;
    /// let notices = Map::open(folder.path())?.notices()?;
    /// assert!(notices[0].text(Lang::En).contains("edges.ttl:1: "));
    /// assert!(notices[0].text(Lang::En).contains("did you mean pm:Supply?"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn notices(&self) -> Result<Vec<MapNotice>, MapError> {
        let mut notices = match &self.text {
            Store::Compiled(_) => self.kept_notices()?,
            Store::Memory(_) => self.text_notices()?,
        };
        if self.view().as_of.is_some() || self.view().known_by.is_some() {
            let count = self.board()?.unknown_starts;
            notices.extend((count > 0).then(|| MapNotice {
                kind: NoticeKind::UnknownStart,
                count,
                examples: Vec::new(),
            }));
        }
        Ok(notices)
    }

    /// The notices about the text, whatever the view.
    fn text_notices(&self) -> Result<Vec<MapNotice>, MapError> {
        let mut notices = Vec::new();
        notices.extend(self.unread()?);
        notices.extend(self.undefined_kinds()?);
        notices.extend(self.table_notices.iter().cloned());
        notices.extend(self.left_out());
        notices.extend(self.without_record()?);
        notices.extend(self.other_formats());
        notices.extend(self.perhaps_old_form()?);
        Ok(notices)
    }

    fn unread(&self) -> Result<Option<MapNotice>, MapError> {
        let problems = self.problems()?;
        let mut places = Places::new(self.source());
        let first = problems.iter().take(EXAMPLES_MAX);
        let found = places.of_statements(
            &first
                .map(|problem| (&problem.subject, problem.property.as_ref()))
                .collect::<Vec<_>>(),
        );
        let mut found = found.into_iter();
        let cases = problems
            .iter()
            .map(|problem| at(found.next().flatten(), problem));
        Ok(MapNotice::of(NoticeKind::Unread, cases))
    }

    fn undefined_kinds(&self) -> Result<Option<MapNotice>, MapError> {
        let records = self.records()?;
        let edges = records.edges.iter();
        let kinds = edges.filter_map(|(id, edge)| Some((edge.kind.as_ref()?, id)));
        let metrics = records
            .observations
            .iter()
            .map(|(id, one)| (&one.metric, id));
        // How many things are of the kind, and the first of them.
        let mut counts: BTreeMap<&NamedNode, (usize, &NamedNode)> = BTreeMap::new();
        for (concept, id) in kinds.chain(metrics) {
            if !records.concepts.contains_key(concept) {
                counts.entry(concept).or_insert((0, id)).0 += 1;
            }
        }
        if counts.is_empty() {
            return Ok(None);
        }
        let names: BTreeSet<&str> = records
            .concepts
            .keys()
            .filter_map(|concept| concept.as_str().strip_prefix(PM))
            .collect();
        let mut places = Places::new(self.source());
        let first: Vec<_> = counts.keys().take(EXAMPLES_MAX).copied().collect();
        let mut found = places.of_values(&first).into_iter();
        let things: Vec<_> = first.iter().map(|concept| counts[concept].1).collect();
        let rows = self.rows_of(&things)?;
        let examples = first.iter().zip(things).map(|(concept, thing)| {
            let text = no_such(concept.as_str(), names.iter().copied());
            let place = found.next().flatten();
            at(place.or_else(|| rows.get(thing).cloned()), &text)
        });
        Ok(Some(MapNotice {
            kind: NoticeKind::UndefinedKind,
            count: counts.values().map(|(count, _)| count).sum(),
            examples: examples.collect(),
        }))
    }

    /// The kinds of values that files in formats of the field have, and the map has not.
    fn left_out(&self) -> Option<MapNotice> {
        let kinds = self
            .field_reports
            .iter()
            .flat_map(|report| &report.left_out);
        let cases: Vec<_> = kinds.map(left_out_case).collect();
        MapNotice::of(NoticeKind::LeftOut, cases.into_iter())
    }

    fn without_record(&self) -> Result<Option<MapNotice>, MapError> {
        let Some(source) = self.source() else {
            return Ok(None);
        };
        let read: BTreeSet<NamedNode> = records::classes(&self.text.dataset())?
            .into_iter()
            .map(|(class, _)| class)
            .collect();
        let is_known = |class: &NamedNode| {
            let is_within = |space: &&str| class.as_str().starts_with(*space);
            read.contains(class) || VOCABULARIES.iter().any(is_within)
        };
        let records = self.records()?;
        let mut places = Places::new(self.source());
        let mut cases = Vec::new();
        for file in source.sources() {
            let has_report = matches!(file.format, Format::Csv | Format::Foreign);
            if !has_report && !file.classes.iter().any(is_known) && !places.speaks_of(records, file)
            {
                cases.push(file.name.clone());
            }
        }
        Ok(MapNotice::of(NoticeKind::WithoutRecord, cases.into_iter()))
    }

    fn other_formats(&self) -> Option<MapNotice> {
        let skipped = self.source()?.skipped().iter();
        let is_data = |ending: &OsStr| {
            let ending = ending.to_string_lossy().to_lowercase();
            DATA_ENDINGS.contains(&ending.as_str())
        };
        let names: Vec<_> = skipped
            .filter(|file| file.path.extension().is_some_and(is_data))
            .filter_map(|file| Some(file.path.file_name()?.to_string_lossy().into_owned()))
            .filter(|name| !name.starts_with('.'))
            .collect();
        MapNotice::of(NoticeKind::OtherFormat, names.into_iter())
    }

    /// The warrants that may be from the issuer to the holder, and are read as they stand.
    fn perhaps_old_form(&self) -> Result<Option<MapNotice>, MapError> {
        let records = self.records()?;
        let old = old_warrants(records, &records.concepts);
        let mut places = Places::new(self.source());
        let subjects: Vec<_> = old
            .iter()
            .map(|(id, _)| Term::from((*id).clone()))
            .collect();
        let from = pm::FROM.into_owned();
        let wanted: Vec<_> = subjects
            .iter()
            .take(EXAMPLES_MAX)
            .map(|subject| (subject, Some(&from)))
            .collect();
        let mut found = places.of_statements(&wanted).into_iter();
        let first: Vec<_> = old.iter().take(EXAMPLES_MAX).map(|(id, _)| *id).collect();
        let rows = self.rows_of(&first)?;
        let cases = old.iter().map(|(id, _)| {
            let edge = &records.edges[*id];
            let place = found.next().flatten();
            let place = place.or_else(|| rows.get(*id).cloned());
            at(place, &warrant(&edge.from, &edge.to, id))
        });
        Ok(MapNotice::of(NoticeKind::PerhapsOldForm, cases))
    }

    /// Returns where things stand, in tables or elsewhere; nothing where the files are too large to be read again.
    fn rows_of(&self, things: &[&NamedNode]) -> Result<BTreeMap<NamedNode, String>, MapError> {
        if things.is_empty() || !places::are_small(self.source()) {
            return Ok(BTreeMap::new());
        }
        let things: Vec<_> = things.iter().map(|id| (*id).clone()).collect();
        let lines = self.source_lines(&things)?.into_iter();
        Ok(lines
            .map(|(id, line)| (id, format!("{}:{}", line.file, line.line)))
            .collect())
    }

    /// The notices in the file of a compiled map.
    fn kept_notices(&self) -> Result<Vec<MapNotice>, MapError> {
        let graph = GraphNameRef::NamedNode(pm::NOTICES);
        let quads = self.text.matching(None, Some(common::COMMENT), None, graph);
        let mut notices = Vec::new();
        for quad in quads {
            if let Term::Literal(text) = quad?.object
                && let Ok(notice) = serde_json::from_str::<MapNotice>(text.value())
            {
                notices.push(notice);
            }
        }
        notices.sort_by_key(|notice| notice.kind);
        Ok(notices)
    }

    /// The notices about the text, as a compiled file keeps them.
    pub(super) fn notice_triples(&self) -> Result<Vec<Triple>, MapError> {
        let subject = NamedOrBlankNode::from(pm::NOTICES.into_owned());
        let triples = self.text_notices()?.into_iter().filter_map(|notice| {
            let text = Literal::from(serde_json::to_string(&notice).ok()?);
            Some(Triple::new(subject.clone(), common::COMMENT, text))
        });
        Ok(triples.collect())
    }

    /// Returns notices of what a query names and the map lacks: terms of the namespace `pm:` that are neither in the ontology
    /// nor in the map, so that a pattern with one of them matches nothing, and graphs of `FROM` and `FROM NAMED`.
    ///
    /// # Errors
    /// Those of the query's text, and of [`Map::records`].
    ///
    /// ```
    /// use powermap::{Lang, Map};
    /// let map = Map::built_in()?;
    /// let notices = map.query_notices("ASK { ?who pm:investIn id:openai }")?;
    /// assert!(notices[0].text(Lang::En).contains("did you mean pm:investsIn?"));
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    pub fn query_notices(&self, text: &str) -> Result<Vec<MapNotice>, MapError> {
        let query = self.plain_evaluator().parse_query(text)?;
        let terms = self.unknown_terms(iris(&query.to_string()))?;
        let dataset = query.dataset().into_iter();
        let graphs = dataset.flat_map(|dataset| {
            let named = dataset.named.iter().flatten();
            dataset.default.iter().chain(named)
        });
        Ok(terms
            .into_iter()
            .chain(self.unknown_graphs(graphs))
            .collect())
    }

    /// Returns a notice of the graphs that are neither in the text nor derived from it.
    fn unknown_graphs<'a>(&self, graphs: impl Iterator<Item = &'a NamedNode>) -> Option<MapNotice> {
        let known: BTreeSet<String> = (self.text.graph_names().iter())
            .map(ToString::to_string)
            .chain([pm::BOARD, pm::ONTOLOGY, pm::NOTICES].map(|graph| graph.to_string()))
            .collect();
        let unknown: BTreeSet<String> = graphs
            .map(ToString::to_string)
            .filter(|graph| !known.contains(graph))
            .collect();
        MapNotice::of(NoticeKind::UnknownGraph, unknown.into_iter())
    }

    /// Returns what [`Map::query_notices`] does, of a named query and the values that are given for its parameters.
    ///
    /// # Errors
    /// As [`Map::ask`].
    pub fn ask_notice(
        &self,
        query: &NamedQuery,
        given: &[(String, String)],
    ) -> Result<Option<MapNotice>, MapError> {
        let text = query.query.to_string();
        let values = self.terms(query, given)?.into_iter();
        let values = values.filter_map(|(_, term)| match term {
            Term::NamedNode(name) => Some(name),
            _ => None,
        });
        self.unknown_terms(iris(&text).chain(values))
    }

    fn unknown_terms(
        &self,
        names: impl Iterator<Item = NamedNode>,
    ) -> Result<Option<MapNotice>, MapError> {
        let mut unknown = BTreeSet::new();
        for name in names {
            let is_term = name
                .as_str()
                .strip_prefix(PM)
                .is_some_and(|local| !local.is_empty());
            if is_term && !self.holds(&name)? {
                unknown.insert(name);
            }
        }
        if unknown.is_empty() {
            return Ok(None);
        }
        let mut names = BTreeSet::new();
        let ontology = GraphNameRef::NamedNode(pm::ONTOLOGY);
        for quad in self.text.matching(None, None, None, ontology) {
            if let NamedOrBlankNode::NamedNode(name) = quad?.subject {
                names.extend(name.as_str().strip_prefix(PM).map(str::to_owned));
            }
        }
        // Only the first are shown, and to find the nearest of all terms takes its time.
        let compared = |at: usize| names.iter().filter(move |_| at < EXAMPLES_MAX);
        let cases: Vec<_> = unknown
            .iter()
            .enumerate()
            .map(|(at, name)| no_such(name.as_str(), compared(at).map(String::as_str)))
            .collect();
        Ok(MapNotice::of(NoticeKind::UnknownTerm, cases.into_iter()))
    }

    /// Whether a term stands anywhere in the text or the ontology.
    pub(super) fn holds(&self, name: &NamedNode) -> Result<bool, MapError> {
        let graphs = self.text.graph_names();
        let named = graphs.iter().map(|graph| graph.as_ref().into());
        for graph in std::iter::once(GraphNameRef::DefaultGraph).chain(named) {
            for (subject, predicate, object) in [
                (Some(name.as_ref().into()), None, None),
                (None, Some(name.as_ref()), None),
                (None, None, Some(name.as_ref().into())),
            ] {
                let mut quads = self.text.matching(subject, predicate, object, graph);
                if quads.next().transpose()?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// Returns a kind of values that are left out, with the first of them.
fn left_out_case(kind: &LeftOut) -> String {
    let example = kind.examples.first().map_or("", String::as_str);
    format!("{} × {}: {example}", kind.count, kind.kind)
}

/// Returns the IRIs in the text of a query.
fn iris(query: &str) -> impl Iterator<Item = NamedNode> {
    tokens(query)
        .filter(|token| token.kind == TokenKind::Iri)
        .filter_map(|token| NamedNode::new(token.text.trim_matches(['<', '>'])).ok())
}
