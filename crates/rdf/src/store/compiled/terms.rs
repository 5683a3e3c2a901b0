//! The dictionary of a compiled file: terms in order, numbered from 0.

use crate::store::compiled::kind::{Entry, Kind, date_text};
use crate::store::compiled::pages::Pages;
use crate::store::compiled::text::TextSection;
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::term_key;
use bytemuck::AnyBitPattern;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{BlankNode, Literal, NamedNode, Term};
use std::fmt::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// The location of the terms of one kind in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Section {
    Text(TextSection),
    /// Numbers of 64 bits from this byte on.
    Integers(usize),
    /// Numbers of 32 bits from this byte on: days since 1970-01-01.
    Dates(usize),
}

/// The terms of a file. Their numbers are in the order of [`Kind`], and in its order inside of a kind.
#[derive(Debug)]
pub(crate) struct Terms {
    sections: [Section; Kind::ALL.len()],
    /// The first number of each kind, and the number of terms.
    firsts: [TermId; Kind::ALL.len() + 1],
    /// Whether all integers, and all days, were read from checked pages.
    known: [AtomicBool; 2],
}

impl Terms {
    /// From the sections and how many terms each has; `None` when they are too many.
    pub(crate) fn new(sections: [(Section, u32); Kind::ALL.len()]) -> Option<Self> {
        let mut firsts = [0; Kind::ALL.len() + 1];
        for (place, (_, count)) in sections.iter().enumerate() {
            firsts[place + 1] = u32::checked_add(firsts[place], *count)?;
        }
        Some(Self {
            sections: sections.map(|(section, _)| section),
            firsts,
            known: Default::default(),
        })
    }

    pub(crate) fn len(&self) -> u32 {
        self.firsts[Kind::ALL.len()]
    }

    /// Returns the numbers of the terms of a kind.
    #[inline]
    pub(crate) fn range(&self, kind: Kind) -> Range<TermId> {
        self.firsts[kind as usize]..self.firsts[kind as usize + 1]
    }

    /// Returns the kind of a number below [`Terms::len`].
    #[inline]
    pub(crate) fn kind(&self, id: TermId) -> Kind {
        let place = self.firsts[1..Kind::ALL.len()].partition_point(|first| *first <= id);
        Kind::ALL[place]
    }

    /// Returns the integers, in order. The first time O(n) for a check, then O(1).
    pub(crate) fn integers<'a>(&self, pages: &'a Pages) -> Result<&'a [i64], StoreError> {
        match self.sections[Kind::Integer as usize] {
            Section::Integers(start) => {
                values(pages, start, self.range(Kind::Integer), &self.known[0])
            }
            _ => Ok(&[]),
        }
    }

    /// Returns the days, in order. The first time O(n) for a check, then O(1).
    pub(crate) fn dates<'a>(&self, pages: &'a Pages) -> Result<&'a [i32], StoreError> {
        match self.sections[Kind::Date as usize] {
            Section::Dates(start) => values(pages, start, self.range(Kind::Date), &self.known[1]),
            _ => Ok(&[]),
        }
    }

    /// Returns where the terms of a kind are.
    pub(crate) fn section(&self, kind: Kind) -> Section {
        self.sections[kind as usize]
    }

    /// Returns the section of a kind that holds text.
    pub(crate) fn text(&self, kind: Kind) -> Option<&TextSection> {
        match &self.sections[kind as usize] {
            Section::Text(section) => Some(section),
            _ => None,
        }
    }

    /// Puts the key of a term into `key`. O(1).
    pub(crate) fn write_key(
        &self,
        pages: &Pages,
        id: TermId,
        key: &mut String,
    ) -> Result<(), StoreError> {
        key.clear();
        if id >= self.len() {
            return Err(pages.damaged("it uses the number of a term that is not there"));
        }
        let kind = self.kind(id);
        let place = id - self.firsts[kind as usize];
        key.extend(kind.letter());
        match self.sections[kind as usize] {
            Section::Text(section) => {
                let (head, rest) = section.get(pages, place)?;
                key.reserve(head.len() + rest.len());
                key.push_str(head);
                key.push_str(rest);
                // A key without its letter is no key.
                if key.is_empty() {
                    return Err(pages.damaged("the text of a term cannot be read"));
                }
            }
            Section::Integers(start) => {
                let value: &[i64] = pages.column(start.saturating_add(place as usize * 8), 1)?;
                // Writing to a string cannot fail.
                let _ = write!(key, "{}", value[0]);
            }
            Section::Dates(start) => {
                let days: &[i32] = pages.column(start.saturating_add(place as usize * 4), 1)?;
                let text = date_text(days[0]).ok_or_else(|| pages.damaged("a date is none"))?;
                key.extend(text.map(char::from));
            }
        }
        Ok(())
    }

    /// Returns a term. O(1).
    pub(crate) fn term(&self, pages: &Pages, id: TermId) -> Result<Term, StoreError> {
        if id < self.len() {
            let kind = self.kind(id);
            let place = id - self.firsts[kind as usize];
            let text = |section: TextSection| {
                let (head, rest) = section.get(pages, place)?;
                let mut text = String::with_capacity(head.len() + rest.len());
                text.push_str(head);
                text.push_str(rest);
                Ok::<_, StoreError>(text)
            };
            match (kind, self.sections[kind as usize]) {
                (Kind::Iri, Section::Text(section)) => {
                    return Ok(NamedNode::new_unchecked(text(section)?).into());
                }
                (Kind::Blank, Section::Text(section)) => {
                    return Ok(BlankNode::new_unchecked(text(section)?).into());
                }
                (Kind::Text, Section::Text(section)) => {
                    return Ok(Literal::new_simple_literal(text(section)?).into());
                }
                (_, Section::Integers(start)) => {
                    let value: &[i64] =
                        pages.column(start.saturating_add(place as usize * 8), 1)?;
                    return Ok(Literal::from(value[0]).into());
                }
                (_, Section::Dates(start)) => {
                    let days: &[i32] = pages.column(start.saturating_add(place as usize * 4), 1)?;
                    let text = date_text(days[0]).ok_or_else(|| pages.damaged("a date is none"))?;
                    let text = String::from_iter(text.map(char::from));
                    return Ok(Literal::new_typed_literal(text, xsd::DATE).into());
                }
                _ => {}
            }
        }
        let mut key = String::new();
        self.write_key(pages, id, &mut key)?;
        Ok(term_key::term(&key))
    }

    /// Returns the number of the term of a key. O(log n).
    pub(crate) fn find(&self, pages: &Pages, key: &str) -> Result<Option<TermId>, StoreError> {
        let entry = Entry::of(key);
        let place = match entry {
            Entry::Text(kind, text) => match self.text(kind) {
                Some(section) => section.find(pages, text)?,
                None => None,
            },
            Entry::Integer(value) => place(self.integers(pages)?.binary_search(&value)),
            Entry::Date(days) => place(self.dates(pages)?.binary_search(&days)),
        };
        Ok(place.map(|place| self.firsts[entry.kind() as usize] + place))
    }

    /// Checks that all terms can be read and are in order.
    pub(crate) fn verify(&self, pages: &Pages) -> Result<(), StoreError> {
        for section in &self.sections {
            if let Section::Text(section) = section {
                section.verify(pages)?;
            }
        }
        let ascend = self.integers(pages)?.is_sorted_by(|a, b| a < b)
            && self.dates(pages)?.is_sorted_by(|a, b| a < b);
        if !ascend {
            return Err(pages.damaged("terms are not in order"));
        }
        Ok(())
    }
}

/// Returns a column of values, with a look at its checksums the first time only.
fn values<'a, T: AnyBitPattern>(
    pages: &'a Pages,
    start: usize,
    range: Range<TermId>,
    known: &AtomicBool,
) -> Result<&'a [T], StoreError> {
    if known.load(Ordering::Relaxed) {
        return pages.known_column(start, range.len());
    }
    let values = pages.column(start, range.len())?;
    known.store(true, Ordering::Relaxed);
    Ok(values)
}

fn place(found: Result<usize, usize>) -> Option<u32> {
    found.ok().map(|place| place as u32)
}
