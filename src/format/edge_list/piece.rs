//! Some lines of a list, read by one thread.

use crate::format::csv::cells;
use crate::format::csv::sheet::Fault;
use crate::format::edge_list::header::{Header, Role};
use crate::format::edge_list::line::{Cell, Cells, column};
use crate::format::edge_list::{Attributes, NONE, PROBLEMS_MAX};
use crate::model::name::{Family, Status};
use crate::model::quantity::Quantity;
use crate::model::record::Concept;
use crate::model::short_iri::short;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Unit;
use crate::model::vocabulary::{expand, short_name, to_kebab};
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use powermap_rdf::{SyntaxProblem, nearest};
use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

/// What all pieces have in common.
pub(super) struct Context<'a> {
    pub(super) header: &'a Header,
    pub(super) source_name: &'a str,
    pub(super) concepts: &'a IndexMap<NamedNode, Concept>,
    pub(super) hasher: &'a RandomState,
}

/// The id at an end of an edge.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct End {
    start: u32,
    length: u32,
    /// Whether it stands in `other` rather than in the lines.
    is_other: bool,
    pub(super) hash: u64,
}

/// What is in some lines.
pub(super) struct Piece<'a> {
    context: &'a Context<'a>,
    text: &'a [u8],
    /// The ids that do not stand in the text as they are held.
    other: String,
    /// The two ends of each edge that is right.
    pub(super) ends: Vec<[End; 2]>,
    pub(super) attributes: Attributes,
    /// The rows that are wrong, by their place among all rows of the piece.
    pub(super) wrong: Vec<u32>,
    pub(super) rows: u32,
    pub(super) lines: u64,
    /// What is wrong with the first of them; lines are counted from the start of the piece, from 0.
    pub(super) problems: Vec<SyntaxProblem>,
    /// The texts of kinds and units met so far.
    kind_cells: Vec<(String, u8)>,
    unit_cells: Vec<(String, (u8, i32))>,
}

/// What is wrong, and at which byte of the line.
type Wrong = (usize, Fault);

/// The cells of one row, read as far as a cell can be read by itself.
#[derive(Default)]
struct Row<'a> {
    ends: [Option<End>; 2],
    family: Option<Family>,
    kind: Option<u8>,
    status: Option<Status>,
    since: Option<Day>,
    until: Option<(usize, Day)>,
    /// The texts of the bounds, read when the unit is known.
    bounds: [Option<(usize, Cow<'a, str>)>; 2],
    unit: Option<(u8, i32)>,
}

impl<'a> Piece<'a> {
    /// Reads whole lines; `text` is shorter than 4 GiB.
    pub(super) fn read(text: &'a [u8], context: &'a Context<'a>) -> Self {
        let mut piece = Self {
            context,
            text,
            other: String::new(),
            ends: Vec::new(),
            attributes: Attributes::for_header(context.header),
            wrong: Vec::new(),
            rows: 0,
            lines: 0,
            problems: Vec::new(),
            kind_cells: Vec::new(),
            unit_cells: Vec::new(),
        };
        let mut start = 0;
        while start < text.len() {
            let rest = &text[start..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest[..length]
                .strip_suffix(b"\r")
                .unwrap_or(&rest[..length]);
            piece.line(line, start);
            piece.lines += 1;
            start += length + 1;
        }
        piece
    }

    /// The text of an end.
    pub(super) fn id(&self, end: End) -> &str {
        let range = end.start as usize..(end.start + end.length) as usize;
        match end.is_other {
            true => &self.other[range],
            // Only plain ASCII stays where it is.
            false => std::str::from_utf8(&self.text[range]).unwrap_or_default(),
        }
    }

    fn line(&mut self, line: &'a [u8], start: usize) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.rows += 1;
        let read = self.row(line, start).and_then(|row| self.push(row));
        if let Err((at, fault)) = read {
            self.wrong.push(self.rows - 1);
            if self.problems.len() < PROBLEMS_MAX {
                let (message, hint) = fault.into_parts();
                self.problems.push(SyntaxProblem {
                    source_name: self.context.source_name.to_owned(),
                    line: Some(self.lines),
                    column: Some(column(line, at)),
                    message,
                    hint,
                });
            }
        }
    }

    fn row(&mut self, line: &'a [u8], line_start: usize) -> Result<Row<'a>, Wrong> {
        let header = self.context.header;
        let mut row = Row::default();
        let mut count = 0;
        for cell in Cells::new(line, header.separator) {
            let cell = cell.map_err(|(at, message)| (at, Fault::new(message)))?;
            let Some(role) = header.roles.get(count) else {
                let message = format!("this row has more than {count} cells, unlike the header");
                return Err((cell.start, Fault::new(message)));
            };
            count += 1;
            self.cell(*role, &cell, line_start, &mut row)
                .map_err(|fault| {
                    let (message, hint) = fault.into_parts();
                    let fault = Fault::new(format!("column {count} '{}': {message}", role.name()));
                    let fault = hint.into_iter().fold(fault, Fault::with_hint);
                    (cell.start, fault)
                })?;
        }
        if count < header.roles.len() {
            let message = format!(
                "this row has {count} cells, and the header {}",
                header.roles.len()
            );
            return Err((line.len(), Fault::new(message)));
        }
        Ok(row)
    }

    fn cell(
        &mut self,
        role: Role,
        cell: &Cell<'a>,
        line_start: usize,
        row: &mut Row<'a>,
    ) -> Result<(), Fault> {
        let text = cell.trimmed().ok_or_else(|| {
            Fault::new("this cell is not UTF-8").with_hint("save the file as UTF-8")
        })?;
        match role {
            Role::From => row.ends[0] = Some(self.end(cell, &text, line_start)?),
            Role::To => row.ends[1] = Some(self.end(cell, &text, line_start)?),
            Role::Family if text.is_empty() => return Err(Fault::new("the cell is empty")),
            _ if text.is_empty() => {}
            Role::Family => row.family = Some(family(&text)?),
            Role::Kind => row.kind = Some(self.kind(&text)?),
            Role::Status => row.status = Some(status(&text)?),
            Role::Since => row.since = text.parse::<TimeSpan>()?.earliest(),
            Role::Until => {
                let last = text.parse::<TimeSpan>()?.latest();
                row.until = last.map(|day| (cell.start, day));
            }
            Role::Amount => row.bounds = [0; 2].map(|_| Some((cell.start, text.clone()))),
            Role::Lower => row.bounds[0] = Some((cell.start, text)),
            Role::Upper => row.bounds[1] = Some((cell.start, text)),
            Role::Unit => row.unit = Some(self.unit(&text)?),
        }
        Ok(())
    }

    fn end(&mut self, cell: &Cell<'_>, text: &str, line_start: usize) -> Result<End, Fault> {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if !text.is_empty() && text.len() == cell.text.len() && text.bytes().all(is_plain) {
            // A cell in quotes starts one byte before its text.
            let quote = usize::from(self.text.get(line_start + cell.start) == Some(&b'"'));
            return Ok(End {
                start: (line_start + cell.start + quote) as u32,
                length: text.len() as u32,
                is_other: false,
                hash: self.context.hasher.hash_one(text),
            });
        }
        let iri = expand(text).ok_or_else(|| {
            Fault::new(format!("'{text}' is not an id"))
                .with_hint("write letters, digits and hyphens such as 'sam-altman', or a full IRI")
        })?;
        let held = short(iri.as_str());
        let start = self.other.len() as u32;
        self.other.push_str(held);
        Ok(End {
            start,
            length: held.len() as u32,
            is_other: true,
            hash: self.context.hasher.hash_one(held),
        })
    }

    fn kind(&mut self, text: &str) -> Result<u8, Fault> {
        if let Some((_, number)) = self.kind_cells.iter().find(|(cell, _)| cell == text) {
            return Ok(*number);
        }
        let kind = kind_of(text, self.context.concepts)?;
        let number = number_of(&mut self.attributes.kinds, kind)
            .ok_or_else(|| Fault::new("there are more than 255 kinds"))?;
        self.kind_cells.push((text.to_owned(), number));
        Ok(number)
    }

    fn unit(&mut self, text: &str) -> Result<(u8, i32), Fault> {
        if let Some((_, unit)) = self.unit_cells.iter().find(|(cell, _)| cell == text) {
            return Ok(*unit);
        }
        let (unit, scale) = Unit::parse_scaled(text)?;
        let number = number_of(&mut self.attributes.units, unit)
            .ok_or_else(|| Fault::new("there are more than 255 units"))?;
        let found = (number, scale.log10().round() as i32);
        self.unit_cells.push((text.to_owned(), found));
        Ok(found)
    }

    /// Adds a row that is right, or says what about it as a whole is not.
    fn push(&mut self, row: Row<'_>) -> Result<(), Wrong> {
        let [Some(from), Some(to)] = row.ends else {
            return Err((0, Fault::new("an end is missing")));
        };
        if let (Some(since), Some((at, until))) = (row.since, row.until)
            && until < since
        {
            return Err((at, Fault::new("the edge ends before it starts")));
        }
        let (lower, upper, unit) = self.bounds(&row)?;
        let columns = &mut self.attributes;
        let day = |day: Day| Day::FIRST.days_until(day);
        add(&mut columns.family, || {
            row.family.unwrap_or(Family::Influence)
        });
        add(&mut columns.kind, || row.kind.unwrap_or(NONE));
        add(&mut columns.status, || row.status);
        add(&mut columns.since, || row.since.map_or(i32::MIN, day));
        add(&mut columns.until, || {
            row.until.map_or(i32::MAX, |(_, d)| day(d))
        });
        add(&mut columns.lower, || lower.unwrap_or(f64::NEG_INFINITY));
        add(&mut columns.upper, || upper.unwrap_or(f64::INFINITY));
        add(&mut columns.unit, || unit);
        self.ends.push([from, to]);
        Ok(())
    }

    fn bounds(&mut self, row: &Row<'_>) -> Result<(Option<f64>, Option<f64>, u8), Wrong> {
        let header = self.context.header;
        let Some((first, _)) = row.bounds.iter().flatten().next() else {
            return Ok((None, None, NONE));
        };
        let (unit, power) = match row.unit {
            Some(unit) => unit,
            None if header.has(Role::Unit) => {
                let fault = Fault::new("the number has no unit");
                return Err((
                    *first,
                    fault.with_hint("fill in the column 'unit', for example USD"),
                ));
            }
            None => self.unit("USD").map_err(|fault| (*first, fault))?,
        };
        let number = |bound: &Option<(usize, Cow<'_, str>)>| {
            let Some((at, text)) = bound else {
                return Ok(None);
            };
            let read = number(text, power).map_err(|fault| (*at, fault))?;
            Ok::<_, Wrong>(Some(read))
        };
        let lower = number(&row.bounds[0])?;
        let upper = match header.has(Role::Amount) {
            true => lower,
            false => number(&row.bounds[1])?,
        };
        if let Err(error) = Quantity::new(lower, upper, Unit::USD, false) {
            return Err((*first, error.into()));
        }
        Ok((lower, upper, unit))
    }
}

fn add<T>(column: &mut Option<Vec<T>>, value: impl FnOnce() -> T) {
    if let Some(column) = column {
        column.push(value());
    }
}

/// The number of an item in a list, which it is added to if need be.
pub(super) fn number_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> Option<u8> {
    let place = list.iter().position(|known| *known == item);
    let place = place.unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    });
    u8::try_from(place).ok().filter(|number| *number != NONE)
}

fn number(text: &str, power_of_ten: i32) -> Result<f64, Fault> {
    let is_plain = power_of_ten == 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let plain = is_plain.then(|| text.parse().ok()).flatten();
    match plain.filter(|number: &f64| number.is_finite()) {
        Some(number) => Ok(number),
        None => cells::number(text, power_of_ten),
    }
}

/// The kind of a name, which is among the concepts.
pub(super) fn kind_of(
    text: &str,
    concepts: &IndexMap<NamedNode, Concept>,
) -> Result<NamedNode, Fault> {
    let kind = cells::concept(text)?;
    if concepts.contains_key(&kind) {
        return Ok(kind);
    }
    let names: Vec<_> = concepts
        .keys()
        .map(|c| to_kebab(short_name(c.as_str())))
        .collect();
    let fault = Fault::new(format!("'{text}' is not a known kind"));
    let near = nearest(text, names.iter().map(String::as_str));
    Err(match near.first() {
        Some(near) => fault.with_hint(format!("did you mean '{near}'?")),
        None => fault,
    })
}

pub(super) fn family(text: &str) -> Result<Family, Fault> {
    cells::listed(text, Family::ALL.iter().map(|f| f.name()), Family::from_iri)
}

pub(super) fn status(text: &str) -> Result<Status, Fault> {
    cells::listed(text, Status::ALL.iter().map(|s| s.name()), Status::from_iri)
}
