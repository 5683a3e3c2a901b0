//! Plain edge lists: large tables of edges to typed columns, without a record for each.
//!
//! The first line names the columns, in any order, and commas, tabs or semicolons separate them, whichever of these
//! the first line has. A column that is not known is an error.
//!
//! | column | |
//! |---|---|
//! | `from`, `to` | required: the local part of an `id:` IRI, a prefixed name or a full IRI |
//! | `family` | `investment`, `supply` or `influence`; without the column, every edge is an influence, which claims least: nothing flows along it |
//! | `kind` | a kind of the ontology; may be empty |
//! | `status`, `since`, `until` | as in `edges.csv`; may be empty |
//! | `amount`, or `lower` and `upper` | a number; may be empty |
//! | `unit` | the unit of the number; without the column, numbers are US dollars |
//!
//! Quotes are those of RFC 4180, but that a cell ends on the line on which it starts: none of the columns can hold a
//! line break. Lines end with a line feed, or with a carriage return before it. Blank lines are passed over.
//!
//! Lines are read in blocks and each block on all threads of the pool; what is read does not depend on their number.

pub mod file;
mod header;
mod ids;
mod line;
mod piece;
#[cfg(feature = "parquet")]
mod table;
#[cfg(feature = "parquet")]
mod texts;

use crate::format::edge_list::header::{Header, Role};
use crate::format::edge_list::ids::Ids;
use crate::format::edge_list::piece::{Context, Piece, number_of};
use crate::model::name::{Family, Status};
use crate::model::record::Concept;
use crate::model::unit::Unit;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use powermap_rdf::{FormatError, SyntaxProblem};
use rayon::prelude::*;

/// The number that stands for "none" in the columns of kinds and units.
pub const NONE: u8 = u8::MAX;

/// The most problems that are reported.
pub const PROBLEMS_MAX: usize = 20;

/// A list that was read. Only the columns that the first line names are there.
#[derive(Debug, Default)]
pub struct EdgeList {
    /// The short forms of the ids, one after the other; see [`EdgeList::id`].
    text: String,
    ends: Vec<u64>,
    /// The source of each edge, as a number of an id.
    pub from: Vec<u32>,
    /// The target of each edge.
    pub to: Vec<u32>,
    /// The other columns.
    pub attributes: Attributes,
    /// The rows that were left out since they are wrong: their numbers from 1, blank lines not counted.
    pub skipped: Vec<u32>,
    /// What is wrong with the first [`PROBLEMS_MAX`] of them.
    pub problems: Vec<SyntaxProblem>,
}

/// The columns that a list may have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    /// The families.
    pub family: Option<Vec<Family>>,
    /// The kinds, as places in `kinds`, or [`NONE`].
    pub kind: Option<Vec<u8>>,
    /// The statuses.
    pub status: Option<Vec<Option<Status>>>,
    /// The first days, counted from 0001-01-01; `i32::MIN` where there is none.
    pub since: Option<Vec<i32>>,
    /// The last days; `i32::MAX` where there is none.
    pub until: Option<Vec<i32>>,
    /// The least values.
    pub lower: Option<Vec<f64>>,
    /// The greatest values; nothing where the list has amounts, and these are the least ones too.
    pub upper: Option<Vec<f64>>,
    /// The units, as places in `units`, or [`NONE`] where there is no value.
    pub unit: Option<Vec<u8>>,
    /// The kinds there are.
    pub kinds: Vec<NamedNode>,
    /// The units there are.
    pub units: Vec<Unit>,
}

impl EdgeList {
    /// How many different ids there are.
    pub fn id_count(&self) -> usize {
        self.ends.len()
    }

    /// The two ends of the edges, which the list then lacks.
    pub(crate) fn take_ends(&mut self) -> (Vec<u32>, Vec<u32>) {
        (std::mem::take(&mut self.from), std::mem::take(&mut self.to))
    }

    /// An id in its short form: the local part of an `id:` IRI without a colon, any other IRI whole.
    pub fn id(&self, number: u32) -> &str {
        ids::get(&self.text, &self.ends, number)
    }
}

impl Attributes {
    fn for_header(header: &Header) -> Self {
        fn column<T>(is_there: bool) -> Option<Vec<T>> {
            is_there.then(Vec::new)
        }
        let has = |role| header.has(role);
        let is_range = has(Role::Lower) || has(Role::Upper);
        Self {
            family: column(has(Role::Family)),
            kind: column(has(Role::Kind)),
            status: column(has(Role::Status)),
            since: column(has(Role::Since)),
            until: column(has(Role::Until)),
            lower: column(header.has_numbers()),
            upper: column(is_range),
            unit: column(header.has_numbers()),
            ..Self::default()
        }
    }

    /// Adds the rows of a piece; false when there are too many kinds or units.
    fn append(&mut self, other: Self) -> bool {
        fn extend<T: Copy>(column: &mut Option<Vec<T>>, other: Option<Vec<T>>) {
            if let (Some(column), Some(other)) = (column, other) {
                column.extend_from_slice(&other);
            }
        }
        let kinds = other.kinds.into_iter();
        let kinds: Option<Vec<_>> = kinds.map(|k| number_of(&mut self.kinds, k)).collect();
        let units = other.units.into_iter();
        let units: Option<Vec<_>> = units.map(|u| number_of(&mut self.units, u)).collect();
        let (Some(kinds), Some(units)) = (kinds, units) else {
            return false;
        };
        let renumber = |column: Option<Vec<u8>>, numbers: &[u8]| {
            let number = |old: u8| numbers.get(old as usize).copied().unwrap_or(NONE);
            column.map(|column| column.into_iter().map(number).collect())
        };
        extend(&mut self.family, other.family);
        extend(&mut self.kind, renumber(other.kind, &kinds));
        extend(&mut self.status, other.status);
        extend(&mut self.since, other.since);
        extend(&mut self.until, other.until);
        extend(&mut self.lower, other.lower);
        extend(&mut self.upper, other.upper);
        extend(&mut self.unit, renumber(other.unit, &units));
        true
    }
}

/// Reads a list that comes in blocks.
#[derive(Debug)]
pub struct EdgeListReader<'a> {
    source_name: String,
    concepts: &'a IndexMap<NamedNode, Concept>,
    skips: bool,
    header: Option<Header>,
    ids: Ids,
    list: EdgeList,
    lines: u64,
    rows: u32,
    #[cfg(feature = "parquet")]
    known: table::Known,
}

impl<'a> EdgeListReader<'a> {
    /// A reader that errors call by this name. Kinds have to be among the concepts.
    pub fn new(source_name: impl Into<String>, concepts: &'a IndexMap<NamedNode, Concept>) -> Self {
        Self {
            source_name: source_name.into(),
            concepts,
            skips: false,
            header: None,
            ids: Ids::default(),
            list: EdgeList::default(),
            lines: 0,
            rows: 0,
            #[cfg(feature = "parquet")]
            known: table::Known::default(),
        }
    }

    /// Leaves out rows that are wrong, rather than failing.
    #[must_use]
    pub fn skip_wrong_rows(self) -> Self {
        Self {
            skips: true,
            ..self
        }
    }

    /// How many rows were read so far.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Reads the next lines; only the last block may end within a line.
    ///
    /// # Errors
    /// A first line that is not right; the problems of this block, unless wrong rows are to be left out; more rows, ids,
    /// kinds or units than there are numbers for, or a block of 1 GiB or more.
    pub fn read(&mut self, mut block: &[u8]) -> Result<(), FormatError> {
        let too_many = |what| FormatError::syntax(&self.source_name, format!("too many {what}"));
        if block.len() >= 1 << 30 {
            return Err(too_many("bytes in one block"));
        }
        let header = match self.header.take() {
            Some(header) => header,
            None => {
                block = block.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(block);
                let end = memchr::memchr(b'\n', block).unwrap_or(block.len());
                let line = &block[..end];
                block = block.get(end + 1..).unwrap_or_default();
                self.lines = 1;
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let header = Header::read(line, &self.source_name)?;
                self.list.attributes = Attributes::for_header(&header);
                header
            }
        };
        let hasher = self.ids.hasher.clone();
        let context = Context {
            header: &header,
            source_name: &self.source_name,
            concepts: self.concepts,
            hasher: &hasher,
        };
        let texts = parts(block, rayon::current_num_threads());
        let pieces: Vec<_> = texts
            .par_iter()
            .map(|text| Piece::read(text, &context))
            .collect();
        let (mut problems, mut wrong) = (Vec::new(), 0);
        for piece in pieces {
            let rows = self.rows.checked_add(piece.rows);
            let rows = rows.ok_or_else(|| too_many("rows"))?;
            for [from, to] in &piece.ends {
                let mut number = |end| self.ids.number(piece.id(end), end.hash);
                let ends = number(*from).zip(number(*to));
                let (from, to) = ends.ok_or_else(|| too_many("ids"))?;
                self.list.from.push(from);
                self.list.to.push(to);
            }
            wrong += piece.wrong.len();
            self.list
                .skipped
                .extend(piece.wrong.iter().map(|row| self.rows + row + 1));
            problems.extend(piece.problems.into_iter().map(|problem| SyntaxProblem {
                line: problem.line.map(|line| line + self.lines + 1),
                ..problem
            }));
            if !self.list.attributes.append(piece.attributes) {
                return Err(too_many("kinds or units: at most 255 of each"));
            }
            self.rows = rows;
            self.lines += piece.lines;
        }
        self.header = Some(header);
        if !problems.is_empty() && !self.skips {
            problems.truncate(PROBLEMS_MAX);
            if wrong > problems.len() {
                problems.push(SyntaxProblem {
                    source_name: self.source_name.clone(),
                    line: None,
                    column: None,
                    message: format!("{} more rows are wrong, at least", wrong - problems.len()),
                    hint: None,
                });
            }
            return Err(FormatError::Rows(problems));
        }
        let room = PROBLEMS_MAX - self.list.problems.len();
        self.list.problems.extend(problems.into_iter().take(room));
        Ok(())
    }

    /// What was read.
    ///
    /// # Errors
    /// There was not even a first line.
    pub fn finish(mut self) -> Result<EdgeList, FormatError> {
        if self.header.is_none() {
            let error = FormatError::syntax(self.source_name, "the list is empty").at(1, 1);
            return Err(error.with_hint("a first line such as 'from,to' is expected"));
        }
        self.list.text = std::mem::take(&mut self.ids.text);
        self.list.ends = std::mem::take(&mut self.ids.ends);
        Ok(self.list)
    }
}

/// A list that is in memory.
///
/// O(n) in its length.
///
/// # Errors
/// Those of [`EdgeListReader::read`] and [`EdgeListReader::finish`].
///
/// ```
/// use indexmap::IndexMap;
/// use powermap::format::edge_list;
/// let list = edge_list::read("a.csv", b"from,to,amount\nnvidia,openai,1e11\n", &IndexMap::new())?;
/// assert_eq!((list.id(list.from[0]), list.id(list.to[0])), ("nvidia", "openai"));
/// assert_eq!(list.attributes.lower, Some(vec![1e11]));
/// let error = edge_list::read("a.csv", b"from,to,amount\na,b,c\n", &IndexMap::new()).unwrap_err();
/// assert!(error.to_string().starts_with("a.csv:2:5: 'c' is not a number"));
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn read(
    source_name: &str,
    bytes: &[u8],
    concepts: &IndexMap<NamedNode, Concept>,
) -> Result<EdgeList, FormatError> {
    let mut reader = EdgeListReader::new(source_name, concepts);
    if !bytes.is_empty() {
        reader.read(bytes)?;
    }
    reader.finish()
}

/// Cuts a text after line feeds, into at most the given number of parts.
fn parts(text: &[u8], count: usize) -> Vec<&[u8]> {
    let size = text.len().div_ceil(count.max(1)).max(1 << 12);
    let (mut parts, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let from = size.min(rest.len()) - 1;
        let end = memchr::memchr(b'\n', &rest[from..]).map_or(rest.len(), |at| from + at + 1);
        let (part, others) = rest.split_at(end);
        parts.push(part);
        rest = others;
    }
    parts
}
