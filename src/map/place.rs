//! Where in its text a map speaks of a thing.

use crate::format::csv::places::places;
use crate::format::csv::{Source, Table};
use crate::map::base::Map;
use crate::map::built_in;
use crate::map::error::MapError;
use crate::model::vocabulary::PREFIXES;
use oxigraph::model::NamedNode;
use powermap_rdf::{Format, LoadedSource, StoreError};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// A line of a file of a map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    /// The name of the file: its path below the folder of the map.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
}

/// A file of a map: name, format and text.
type Text<'a> = (&'a str, Format, Cow<'a, [u8]>);

impl Map {
    /// Returns where things are described: in text, the first line that begins with the thing, or else speaks of it; in a
    /// table, the row that tells of it. Things of a compiled map or of a file in a format of the field, and those that an update
    /// added, have no line.
    ///
    /// Reads the text again; linear in its size.
    ///
    /// ```
    /// use powermap::Map;
    ///
    /// let map = Map::built_in()?;
    /// let nvidia = map.player("nvidia")?;
    /// let lines = map.source_lines(&[nvidia.clone()])?;
    /// assert_eq!(lines[&nvidia].file, "players.ttl");
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Map::records`], and of reading the files.
    pub fn source_lines(
        &self,
        things: &[NamedNode],
    ) -> Result<BTreeMap<NamedNode, SourceLine>, MapError> {
        let mut lines: BTreeMap<NamedNode, (bool, SourceLine)> = BTreeMap::new();
        let wanted: HashSet<&NamedNode> = things.iter().collect();
        for (file, format, bytes) in self.texts()? {
            let found: Vec<(NamedNode, bool, u64)> = if format == Format::Csv {
                let Ok(table) = Table::from_path(Path::new(file)) else {
                    continue;
                };
                let source = Source {
                    name: file,
                    table,
                    bytes: &bytes,
                };
                let rows = places(&source, self.records()?).into_iter();
                let rows = rows.filter(|(id, _)| wanted.contains(id));
                rows.map(|(id, line)| (id, true, line)).collect()
            } else {
                mentions(&String::from_utf8_lossy(&bytes), &wanted)
            };
            for (id, is_subject, line) in found {
                let file = file.to_owned();
                let told = (is_subject, SourceLine { file, line });
                match lines.get(&id) {
                    Some((was_subject, _)) if *was_subject || !is_subject => {}
                    _ => {
                        lines.insert(id, told);
                    }
                }
            }
        }
        Ok(lines
            .into_iter()
            .map(|(id, (_, line))| (id, line))
            .collect())
    }

    /// Returns the files of the map.
    fn texts(&self) -> Result<Vec<Text<'_>>, MapError> {
        let Some(source) = &self.source else {
            let files = built_in::SILICON_VALLEY.iter().filter(|_| self.is_built_in);
            let text = |(name, text): &(&'static str, &'static str)| {
                (*name, Format::Turtle, Cow::Borrowed(text.as_bytes()))
            };
            return Ok(files.map(text).collect());
        };
        let is_text = |source: &&LoadedSource| source.format != Format::Foreign;
        let files = source
            .sources()
            .iter()
            .filter(is_text)
            .filter_map(|source| {
                let path = source.path.as_ref()?;
                Some((source.name.as_str(), source.format, path))
            });
        files
            .map(|(name, format, path)| {
                let bytes = std::fs::read(path)
                    .map_err(|error| StoreError::io("read the file", path, error))?;
                Ok((name, format, Cow::Owned(bytes)))
            })
            .collect()
    }
}

/// Returns the wanted things that a text speaks of: whether a line begins with the thing, and the first such line.
fn mentions(text: &str, wanted: &HashSet<&NamedNode>) -> Vec<(NamedNode, bool, u64)> {
    let mut prefixes: HashMap<String, String> = (PREFIXES.iter())
        .map(|(name, iri)| (name.to_owned(), iri.to_owned()))
        .collect();
    let mut found: BTreeMap<&NamedNode, (bool, u64)> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let is_end = |c: char| c.is_whitespace() || "<>\"'()[]{},;".contains(c);
        let mut tokens = line.split(is_end).filter(|token| !token.is_empty());
        let keyword = tokens.clone().next().unwrap_or_default();
        if keyword.eq_ignore_ascii_case("@prefix") || keyword.eq_ignore_ascii_case("prefix") {
            if let (Some(name), Some(iri)) = (tokens.nth(1), tokens.next()) {
                prefixes.insert(name.trim_end_matches(':').to_owned(), iri.to_owned());
            }
            continue;
        }
        for (place, token) in tokens.enumerate() {
            let Some(id) = named(token, &prefixes, wanted) else {
                continue;
            };
            // In XML and JSON the name of a property comes before the subject.
            let is_subject = place == 0 || line.contains("rdf:about=") || line.contains("\"@id\"");
            let first = found.entry(id).or_insert((is_subject, number));
            if is_subject && !first.0 {
                *first = (true, number);
            }
        }
    }
    let told = |(id, (is_subject, line)): (&NamedNode, (bool, u64))| (id.clone(), is_subject, line);
    found.into_iter().map(told).collect()
}

/// Returns the wanted thing that a token of a text names, in full or with a prefix.
fn named<'w>(
    token: &str,
    prefixes: &HashMap<String, String>,
    wanted: &HashSet<&'w NamedNode>,
) -> Option<&'w NamedNode> {
    let find = |iri: &str| {
        let node = NamedNode::new_unchecked(iri);
        wanted.get(&node).copied()
    };
    if let Some(id) = find(token) {
        return Some(id);
    }
    let (prefix, local) = token.split_once(':')?;
    let base = prefixes.get(prefix)?;
    find(&format!("{base}{local}"))
        .or_else(|| find(&format!("{base}{}", local.trim_end_matches('.'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::expand;

    /// The lines of two things in a text, and whether these begin with them.
    fn lines(text: &str) -> Vec<(bool, u64)> {
        let ids = [expand("ada").unwrap(), expand("bob").unwrap()];
        let found = mentions(text, &ids.iter().collect());
        found
            .into_iter()
            .map(|(_, is_subject, line)| (is_subject, line))
            .collect()
    }

    #[test]
    fn things_are_found_in_text_of_every_format() {
        let turtle = "id:x pm:to id:ada .\n# of id:bob\nid:ada a pm:Person ;\n  rdfs:label \"Ada\" .\nid:bob a pm:Person.";
        assert_eq!(lines(turtle), [(true, 3), (true, 5)]);
        let own = "@prefix my: <https://w3id.org/powermap/id/> .\nmy:ada my:knows my:bob.";
        assert_eq!(lines(own), [(true, 2), (false, 2)]);
        let triples = "<https://w3id.org/powermap/id/bob> <http://example.org/p> <https://w3id.org/powermap/id/ada> .";
        assert_eq!(lines(triples), [(false, 1), (true, 1)]);
        let xml =
            "<rdf:RDF>\n<pm:Person rdf:about=\"https://w3id.org/powermap/id/ada\"/>\n</rdf:RDF>";
        assert_eq!(lines(xml), [(true, 2)]);
        let json = "[{\n\"@id\": \"https://w3id.org/powermap/id/bob\"}]";
        assert_eq!(lines(json), [(true, 2)]);
        assert_eq!(lines("id:adam a pm:Person ."), []);
    }
}
