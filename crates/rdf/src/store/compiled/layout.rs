//! The directory of a compiled file: where everything is. `docs/compiled.md` says the same in words.
//!
//! All of it are numbers of 64 bits.

use crate::store::compiled::graph::{Graph, Order, Predicate};
use crate::store::compiled::kind::Kind;
use crate::store::compiled::pages::Pages;
use crate::store::compiled::sets::Sets;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::TextSection;
use crate::store::error::StoreError;
use crate::store::term_key;
use oxigraph::model::{NamedOrBlankNode, Term};
use std::sync::atomic::AtomicBool;

/// The content of the directory.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) terms: Terms,
    pub(crate) graphs: Vec<Graph>,
    pub(crate) origin: [u8; 32],
}

impl Directory {
    /// Reads the directory of a file; what is in it was checked against its checksum, and is checked here so that
    /// nothing points outside of the file or to a number that cannot be.
    pub(crate) fn read(pages: &Pages) -> Result<Self, StoreError> {
        let mut reader = Reader {
            words: pages.directory().chunks_exact(8),
        };
        reader
            .directory()
            .ok_or_else(|| pages.damaged("its directory cannot be read"))
    }

    /// Returns the bytes that [`Directory::read`] reads.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut words = Words::default();
        for part in self.origin.chunks_exact(8) {
            words.push(part.try_into().map_or(0, u64::from_le_bytes));
        }
        for kind in Kind::ALL {
            words.push(self.terms.range(kind).len() as u64);
            let (first, second) = match self.terms.section(kind) {
                Section::Text(section) => (section.index, section.bytes),
                Section::Integers(start) | Section::Dates(start) => (start, 0),
            };
            words.push(first as u64);
            words.push(second as u64);
        }
        words.push(self.graphs.len() as u64);
        for graph in &self.graphs {
            words.graph(graph);
        }
        words.bytes
    }
}

#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
}

impl Words {
    fn push(&mut self, word: u64) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    fn graph(&mut self, graph: &Graph) {
        self.push(graph.name.map_or(0, |name| u64::from(name) + 1));
        let mut label = String::new();
        if let Some(name) = &graph.label {
            term_key::write_key(name.as_ref().into(), &mut label);
        }
        self.push(label.len() as u64);
        self.bytes.extend_from_slice(label.as_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        self.push(graph.triples);
        for sets in [&graph.subjects, &graph.objects] {
            self.push(sets.keys as u64);
            self.push(u64::from(sets.key_count));
            self.push(sets.ids as u64);
            self.push(u64::from(sets.set_count));
            self.push(sets.offsets as u64);
            self.push(sets.members as u64);
            self.push(u64::from(sets.member_count));
        }
        self.push(graph.predicates.len() as u64);
        for predicate in &graph.predicates {
            self.push(u64::from(predicate.id));
            self.push(u64::from(predicate.triples));
            for order in [&predicate.by_subject, &predicate.by_object] {
                self.push(order.keys as u64);
                self.push(u64::from(order.key_count));
                // The header is there, so no column starts at 0.
                self.push(order.offsets.unwrap_or(0) as u64);
                self.push(order.values as u64);
            }
        }
    }
}

struct Reader<'a> {
    words: std::slice::ChunksExact<'a, u8>,
}

impl Reader<'_> {
    fn word(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.words.next()?.try_into().ok()?))
    }

    fn place(&mut self) -> Option<usize> {
        self.word()?.try_into().ok()
    }

    fn number(&mut self) -> Option<u32> {
        self.word()?.try_into().ok()
    }

    fn directory(&mut self) -> Option<Directory> {
        let mut origin = [0; 32];
        for part in origin.chunks_exact_mut(8) {
            part.copy_from_slice(&self.word()?.to_le_bytes());
        }
        let mut sections = [(Section::Integers(0), 0); Kind::ALL.len()];
        for kind in Kind::ALL {
            let (count, first, second) = (self.number()?, self.place()?, self.place()?);
            let section = match kind {
                Kind::Integer => Section::Integers(first),
                Kind::Date => Section::Dates(first),
                kind => Section::Text(TextSection {
                    kind,
                    count,
                    index: first,
                    bytes: second,
                }),
            };
            sections[kind as usize] = (section, count);
        }
        let terms = Terms::new(sections)?;
        let count = self.place()?;
        let mut graphs: Vec<Graph> = Vec::new();
        for place in 0..count {
            let graph = self.graph(terms.len())?;
            // The default graph comes first, the others by their names.
            let after = match (graphs.last(), graph.name) {
                (None, None) => true,
                (Some(before), Some(name)) => before.name < Some(name) && name < terms.len(),
                _ => false,
            };
            if !after || graph.name.is_some() != graph.label.is_some() || place > u32::MAX as usize
            {
                return None;
            }
            graphs.push(graph);
        }
        (!graphs.is_empty() && self.words.next().is_none()).then_some(Directory {
            terms,
            graphs,
            origin,
        })
    }

    fn graph(&mut self, terms: u32) -> Option<Graph> {
        let name = match self.word()? {
            0 => None,
            name => Some(u32::try_from(name - 1).ok()?),
        };
        let label = self.label()?;
        let triples = self.word()?;
        let (subjects, objects) = (self.sets()?, self.sets()?);
        let count = self.number()?;
        let mut predicates: Vec<Predicate> = Vec::new();
        for _ in 0..count {
            let predicate = Predicate {
                id: self.number()?,
                triples: self.number()?,
                by_subject: self.order()?,
                by_object: self.order()?,
            };
            let ascends = predicates
                .last()
                .is_none_or(|before| before.id < predicate.id);
            if !ascends || predicate.id >= terms {
                return None;
            }
            predicates.push(predicate);
        }
        Some(Graph {
            name,
            label,
            triples,
            predicates,
            subjects,
            objects,
            terms,
        })
    }

    fn label(&mut self) -> Option<Option<NamedOrBlankNode>> {
        let len = self.place()?;
        let mut bytes = Vec::new();
        while bytes.len() < len {
            bytes.extend_from_slice(self.words.next()?);
        }
        bytes.truncate(len);
        let key = String::from_utf8(bytes).ok()?;
        if key.is_empty() {
            return Some(None);
        }
        match term_key::term(&key) {
            Term::NamedNode(node) => Some(Some(node.into())),
            Term::BlankNode(node) => Some(Some(node.into())),
            Term::Literal(_) => None,
        }
    }

    fn sets(&mut self) -> Option<Sets> {
        Some(Sets {
            keys: self.place()?,
            key_count: self.number()?,
            ids: self.place()?,
            set_count: self.number()?,
            offsets: self.place()?,
            members: self.place()?,
            member_count: self.number()?,
            checked: AtomicBool::new(false),
        })
    }

    fn order(&mut self) -> Option<Order> {
        Some(Order {
            keys: self.place()?,
            key_count: self.number()?,
            offsets: match self.place()? {
                0 => None,
                place => Some(place),
            },
            values: self.place()?,
            checked: AtomicBool::new(false),
        })
    }
}
